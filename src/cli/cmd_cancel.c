#include "cli/json.h"
#include "cli/parts.h"

static const struct opt cancel_opts[] = {OPT_END};

/* How it ended, in a word. */
static const char *ending(const struct hvs_job_cancel_result *result, char text[16])
{
    if (result->gone || !result->job)
        return "gone";
    return hvs_job_state_name(result->job->state, text);
}

static void row(const struct task *task, const struct hvs_job_cancel_result *result,
                const char *wanted)
{
    struct table *table = &task->call->out.table;
    const struct hvs_job *job = result->job;
    char text[16], state[16];

    table_cell(table, task->work->host->name);
    table_cell(table, job && *job->vm_name ? job->vm_name
                      : job && *job->vm_id ? job->vm_id
                                           : "-");
    table_cell(table, job ? hvs_job_type_name(job, text) : "-");
    table_cell(table, ending(result, state));
    table_cell(table, wanted);
}

static void report(const struct parts *parts, const struct part *part)
{
    const struct hvs_job_cancel_result *result = part->result;
    const struct task *task = &parts->task;
    struct output *out = &task->call->out;
    json_t *item;

    if (output_is_json(out)) {
        item = json_object();
        json_put(&item, "host", json_text(task->work->host->name));
        json_put(&item, "wanted", json_text(part->wanted));
        json_put(&item, "outcome",
                 json_string(
                     hvs_outcome_name(result ? result->outcome : HVS_OUTCOME_NOT_DONE)));
        json_put(&item, "changed", json_boolean(result && result->asked));
        json_put(&item, "killed", json_boolean(result && result->killed));
        json_put(&item, "gone", json_boolean(result && result->gone));
        json_put(&item, "job", json_job(result ? result->job : NULL));
        json_put_error(&item, parts_error(parts, part));
        output_item(out, item);
    } else if (!result || part->err.domain) {
        return;
    } else if (out->format == OUTPUT_NAME) {
        output_id(out, part->wanted);
    } else {
        row(task, result, part->wanted);
    }
}

static int start(const struct parts *parts, struct part *part, struct hvs_run **run,
                 struct hvs_error *err)
{
    struct hvs_job_cancel_opts opts = HVS_JOB_CANCEL_OPTS_INIT;

    opts.job = part->wanted;
    opts.retries = parts->task.work->host->retries;
    return hvs_job_cancel_start(run, parts->task.client, &opts, err);
}

static int end(const struct parts *parts, struct part *part, struct hvs_run *run,
               struct hvs_error *err)
{
    struct hvs_job_cancel_result *result;
    int rc = hvs_job_cancel_end(run, &result, err);

    (void)parts;
    part->result = result;
    return rc;
}

static void free_result(void *result)
{
    hvs_job_cancel_result_free(result);
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
    static const char *const headings[] = {"HOST", "VM", "TYPE", "STATE", "ID"};

    if (call->out.format <= OUTPUT_WIDE)
        table_start(&call->out.table, headings, 5);
    return tasks_run(call, &kind.task, NULL, err);
}

const struct command command_cancel = {
    .name = "cancel",
    .operands = "HOST JOB...",
    .summary = "stop jobs of a host",
    .about =
        "Asks the host to stop them, and looks until they have ended. With -H HOST all\n"
        "operands are jobs.\n",
    .examples = "  hvsnap cancel hv01 874D3633-1BFB-496A-BFBD-CDF5261336AA\n",
    .opts = cancel_opts,
    .changes = true,
    .list = "results",
    .targets = TARGET_JOBS,
    .run = run,
};
