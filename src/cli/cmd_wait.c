#include "cli/json.h"
#include "cli/parts.h"

static const struct opt wait_opts[] = {OPT_END};

static void row(const struct task *task, const struct hvs_job *job)
{
    struct table *table = &task->call->out.table;
    char text[16];

    table_cell(table, task->work->host->name);
    table_cell(table, *job->vm_name ? job->vm_name : *job->vm_id ? job->vm_id : "-");
    table_cell(table, hvs_job_type_name(job, text));
    table_cell(table, hvs_job_state_name(job->state, text));
    table_cell(table, *job->snapshot_id ? job->snapshot_id : "-");
    table_cell(table, job->id);
}

static void report(const struct parts *parts, const struct part *part)
{
    const struct hvs_job_wait_result *result = part->result;
    const struct task *task = &parts->task;
    struct output *out = &task->call->out;
    json_t *item;

    if (output_is_json(out)) {
        item = json_object();
        json_put(&item, "host", json_text(task->work->host->name));
        json_put(&item, "wanted", json_text(part->wanted));
        json_put(&item, "outcome",
                 json_string(
                     hvs_outcome_name(result ? result->outcome : HVS_OUTCOME_UNKNOWN)));
        json_put(&item, "job", json_job(result ? result->job : NULL));
        json_put_error(&item, parts_error(parts, part));
        output_item(out, item);
    } else if (!result || !result->job || part->err.domain) {
        return;
    } else if (out->format == OUTPUT_NAME) {
        output_id(out,
                  *result->job->snapshot_id ? result->job->snapshot_id : result->job->id);
    } else {
        row(task, result->job);
    }
}

static int start(const struct parts *parts, const struct part *part, struct hvs_run **run,
                 struct hvs_error *err)
{
    struct hvs_job_wait_opts opts = HVS_JOB_WAIT_OPTS_INIT;

    opts.job = part->wanted;
    return hvs_job_wait_start(run, parts->task.client, &opts, err);
}

static int end(const struct parts *parts, struct part *part, struct hvs_run *run,
               struct hvs_error *err)
{
    struct hvs_job_wait_result *result;
    int rc = hvs_job_wait_end(run, &result, err);

    (void)parts;
    part->result = result;
    return rc;
}

static void free_result(void *result)
{
    hvs_job_wait_result_free(result);
}

static const struct parts_kind kind = {
    .task = PARTS_TASK,
    .start = start,
    .end = end,
    .report = report,
    .free = free_result,
};

static int run(struct call *call, struct hvs_error *err)
{
    static const char *const headings[] = {"HOST",  "VM",       "TYPE",
                                           "STATE", "SNAPSHOT", "ID"};

    if (call->out.format <= OUTPUT_WIDE)
        table_start(&call->out.table, headings, 6);
    return tasks_run(call, &kind.task, NULL, err);
}

const struct command command_wait = {
    .name = "wait",
    .operands = "HOST JOB...",
    .summary = "follow jobs of a host to their end",
    .about = "Whoever began them: a create that was interrupted, another program. With\n"
             "-H HOST all operands are jobs.\n",
    .examples = "  hvsnap wait hv01 874D3633-1BFB-496A-BFBD-CDF5261336AA\n"
                "  hvsnap wait -H hv01 874D3633-1BFB-496A-BFBD-CDF5261336AA -o json\n",
    .opts = wait_opts,
    .changes = true,
    .list = "results",
    .targets = TARGET_JOBS,
    .run = run,
};
