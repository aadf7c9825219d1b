#include "cli/json.h"
#include "cli/task.h"
#include "cli/values.h"

#include <inttypes.h>

static const struct opt jobs_opts[] = {OPT_END};

struct jobs {
    struct task task;
    struct hvs_job_list *list;
};

static json_t *job_at(const void *arg, size_t i)
{
    return json_job(((const struct hvs_job_list *)arg)->items[i]);
}

static void report_json(struct task *task, const struct hvs_job_list *list)
{
    const struct output_array arrays[] = {{"jobs", list ? list->count : 0, job_at, list},
                                          {0}};
    json_t *item = json_object();

    json_put(&item, "host", json_text(task->work->host->name));
    json_put(&item, "vm", json_text(task->work->target.vm));
    json_put(&item, "maybe_no_rights", json_boolean(list && list->maybe_no_rights));
    json_put(&item, "jobs", json_array());
    json_put_error(&item, &task->err);
    output_item_of(&task->call->out, item, arrays);
}

static void row(const struct task *task, const struct hvs_job *job)
{
    struct table *table = &task->call->out.table;
    bool wide = task->call->out.format == OUTPUT_WIDE;
    char text[32];

    if (wide || call_many_hosts(task->call))
        table_cell(table, task->work->host->name);
    table_cell(table, *job->vm_name ? job->vm_name : *job->vm_id ? job->vm_id : "-");
    table_cell(table, hvs_job_type_name(job, text));
    table_cell(table, hvs_job_state_name(job->state, text));
    snprintf(text, sizeof(text), "%u%%", job->percent);
    table_cell(table, text);
    snprintf(text, sizeof(text), "%" PRId64 ":%02" PRId64, job->elapsed_ms / 60000,
             job->elapsed_ms / 1000 % 60);
    table_cell(table, text);
    table_cell(table, *job->owner ? job->owner : "-");
    table_cell(table, job->id);
    if (!wide)
        return;
    table_cell(table, job->cancellable ? "yes" : "-");
    table_cell(table, *time_utc(job->started_ms, text) ? text : "-");
    table_cell(table, *job->snapshot_id ? job->snapshot_id : "-");
    table_cell(table, *job->error ? job->error : "-");
}

static void report(struct task *task)
{
    const struct hvs_job_list *list = ((struct jobs *)task)->list;
    struct output *out = &task->call->out;
    size_t i;

    if (list && list->maybe_no_rights)
        notice_warn(
            &task->call->notice,
            "%s: the account may lack the rights to see jobs; hvsnap doctor tells",
            task->work->label);
    if (output_is_json(out)) {
        report_json(task, list);
        return;
    }
    for (i = 0; list && i < list->count; i++) {
        if (out->format == OUTPUT_NAME)
            output_id(out, list->items[i]->id);
        else
            row(task, list->items[i]);
    }
    if (list && !list->count)
        notice_say(&task->call->notice, "%s: no jobs", task->work->label);
}

static int begin(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    if (((struct jobs *)task)->list)
        return 0;
    if (task_may_begin(task, err) < 0)
        return -1;
    return hvs_job_list_start(run, task->client, task->work->target.vm, err);
}

static int ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    return hvs_job_list_end(run, &((struct jobs *)task)->list, err);
}

static void clear(struct task *task)
{
    struct jobs *self = (struct jobs *)task;

    hvs_job_list_free(self->list);
    self->list = NULL;
}

static const struct task_kind kind = {
    .size = sizeof(struct jobs),
    .begin = begin,
    .ended = ended,
    .report = report,
    .clear = clear,
};

static int run(struct call *call, struct hvs_error *err)
{
    static const char *const all[] = {"HOST",     "VM",      "TYPE",     "STATE",
                                      "DONE",     "RAN",     "OWNER",    "ID",
                                      "CAN-STOP", "STARTED", "SNAPSHOT", "FAILURE"};

    if (call->out.format == OUTPUT_WIDE)
        table_start(&call->out.table, all, 12);
    else if (call->out.format == OUTPUT_TABLE && call_many_hosts(call))
        table_start(&call->out.table, all, 8);
    else if (call->out.format == OUTPUT_TABLE)
        table_start(&call->out.table, all + 1, 7);
    return tasks_run(call, &kind, NULL, err);
}

const struct command command_jobs = {
    .name = "jobs",
    .operands = "[TARGET...]",
    .summary = "list what a host does, or does with a VM",
    .about = "What runs, and what has ended within the last five minutes.\n",
    .examples = "  hvsnap jobs -H hv01\n"
                "  hvsnap jobs hv01/web1 -o json\n",
    .opts = jobs_opts,
    .list = "hosts",
    .targets = TARGET_ANY,
    .run = run,
};
