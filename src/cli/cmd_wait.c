#include "base/err.h"
#include "cli/json.h"
#include "cli/parts.h"

#include <stdlib.h>

struct wait_args {
    const char *name;
};

static const struct opt wait_opts[] = {
    OPT(struct wait_args, name, 'n', "name", "TEXT",
        "give the snapshot it makes this name"),
    OPT_END,
};

/* What came of it: of the job, and then of naming what it made. */
struct waited {
    struct hvs_job_wait_result *job;
    struct hvs_set_result *named;
};

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
    const struct waited *waited = part->result;
    const struct hvs_job_wait_result *result = waited ? waited->job : NULL;
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
        json_put(&item, "named",
                 json_snapshot(waited && waited->named ? waited->named->snapshot : NULL));
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

static int start(const struct parts *parts, struct part *part, struct hvs_run **run,
                 struct hvs_error *err)
{
    const struct wait_args *args = parts->task.call->args;
    const struct waited *waited = part->result;
    struct hvs_job_wait_opts wait = HVS_JOB_WAIT_OPTS_INIT;
    struct hvs_set_opts name = HVS_SET_OPTS_INIT;

    if (waited) {
        name.vm = waited->job->job->vm_id;
        name.snapshot = waited->job->job->snapshot_id;
        name.name = args->name;
        name.retries = parts->task.work->host->retries;
        return hvs_snapshot_set_start(run, parts->task.client, &name, err);
    }
    wait.job = part->wanted;
    return hvs_job_wait_start(run, parts->task.client, &wait, err);
}

/* The job is over, and well. */
static int job_ended(const struct parts *parts, const struct waited *waited,
                     struct hvs_error *err)
{
    const struct wait_args *args = parts->task.call->args;
    const struct hvs_job *job = waited->job->job;

    if (!args->name)
        return 0;
    if (*job->snapshot_id && *job->vm_id)
        return 1;
    return hvs_err_set_hint(err, HVS_JOB, 0, "'hvsnap set' names a snapshot",
                            "the job is done, and does not say which snapshot it has "
                            "made, if any: none was named");
}

static int end(const struct parts *parts, struct part *part, struct hvs_run *run,
               struct hvs_error *err)
{
    struct waited *waited = part->result;
    int rc;

    if (waited) {
        rc = hvs_snapshot_set_end(run, &waited->named, err);
        return rc < 0 ? hvs_err_prefix(err, "the snapshot is there, but was not named")
                      : 0;
    }
    part->result = waited = calloc(1, sizeof(*waited));
    if (!waited) {
        struct hvs_job_wait_result *lost;

        if (hvs_job_wait_end(run, &lost, err) == 0)
            hvs_err_memory(err);
        hvs_job_wait_result_free(lost);
        return -1;
    }
    rc = hvs_job_wait_end(run, &waited->job, err);
    return rc < 0 ? -1 : job_ended(parts, waited, err);
}

static void free_result(void *result)
{
    struct waited *waited = result;

    if (!waited)
        return;
    hvs_job_wait_result_free(waited->job);
    hvs_set_result_free(waited->named);
    free(waited);
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
             "-H HOST all operands are jobs. --name finishes what a create has begun.\n",
    .examples = "  hvsnap wait hv01 874D3633-1BFB-496A-BFBD-CDF5261336AA\n"
                "  hvsnap wait -H hv01 874D3633-1BFB-496A-BFBD-CDF5261336AA -o json\n",
    .opts = wait_opts,
    .args_size = sizeof(struct wait_args),
    .changes = true,
    .list = "results",
    .targets = TARGET_JOBS,
    .run = run,
};
