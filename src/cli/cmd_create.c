#include "base/err.h"
#include "cli/change.h"
#include "cli/json.h"
#include "cli/task.h"
#include "cli/values.h"

struct create_args {
    const char *name, *notes, *ttl;
    struct opt_list label;
    bool detach;
    int type, consistency, checkpoint; /* 0: not said */
};

static const struct opt create_opts[] = {
    OPT(struct create_args, name, 'n', "name", "TEXT", "name of the snapshot"),
    OPT(struct create_args, notes, 0, "notes", "TEXT", "notes of yours"),
    OPT(struct create_args, label, 'l', "label", "KEY=VALUE", "give it this label"),
    OPT(struct create_args, ttl, 0, "ttl", "SPAN", "its lifetime: 7d, 1y6m"),
    OPT_ROW(struct create_args, type, 0, "type", "TYPE", "full|disk|recovery", 0, "take"),
    OPT_ROW(struct create_args, consistency, 0, "consistency", "WHAT",
            "any|application|crash", 0, "of a recovery snapshot"),
    OPT_ROW(struct create_args, checkpoint, 0, "checkpoint", "TYPE",
            "own|standard|production|production-only", 0, "of the VM, for this call"),
    OPT(struct create_args, detach, 'd', "detach", NULL,
        "do not wait for the host's job"),
    OPT_END,
};

/* The options, read. */
struct wish {
    struct labels labels;
    uint64_t ttl_ms;
};

struct create {
    struct task task;
    bool begun;
    struct hvs_create_result *result;
};

static void row(struct call *call, const struct work *work,
                const struct hvs_create_result *result)
{
    const struct hvs_snapshot *s = result->snapshot;
    const struct create_args *args = call->args;
    struct table *table = &call->out.table;
    char created[32];

    table_cell(table, work->host->name);
    table_cell(table, s ? s->vm_name : work->target.vm);
    if (!args->detach) {
        table_cell(table, s ? s->name : "-");
        table_cell(table, s ? time_local(s->created_ms, created) : "-");
        table_cell(table, s ? s->id : "-");
    }
    if (args->detach || call->out.format == OUTPUT_WIDE) {
        table_cell(table, hvs_outcome_name(result->outcome));
        table_cell(table, *result->job ? result->job : "-");
    }
}

static void report(struct task *task)
{
    const struct hvs_create_result *result = ((struct create *)task)->result;
    struct output *out = &task->call->out;
    json_t *item;

    if (output_is_json(out)) {
        item = change_item(task->work, result ? result->vm_id : NULL,
                           result ? result->outcome : HVS_OUTCOME_NOT_DONE,
                           result ? result->job : NULL, result ? result->snapshot : NULL);
        if (result)
            json_put(&item, "changed", json_boolean(result->changed));
        json_put_error(&item, &task->err);
        output_item(out, item);
    } else if (!result || (task->err.domain && !result->snapshot)) {
        return;
    } else if (out->format == OUTPUT_NAME) {
        output_id(out, result->snapshot ? result->snapshot->id : result->job);
    } else {
        row(task->call, task->work, result);
    }
}

static int begin(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    struct create *self = (struct create *)task;
    static const enum hvs_create_type types[] = {HVS_CREATE_FULL, HVS_CREATE_DISK,
                                                 HVS_CREATE_RECOVERY};
    static const enum hvs_checkpoint_type checkpoints[] =
        {HVS_CHECKPOINT_UNKNOWN, HVS_CHECKPOINT_STANDARD, HVS_CHECKPOINT_PRODUCTION,
         HVS_CHECKPOINT_PRODUCTION_ONLY};
    const struct create_args *args = task->call->args;
    const struct wish *wish = task->call->view;
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;

    if (self->begun)
        return 0;
    self->begun = true;
    opts.vm = task->work->target.vm;
    opts.name = args->name;
    opts.detach = args->detach;
    opts.notes = args->notes;
    opts.labels = wish->labels.items;
    opts.label_count = wish->labels.count;
    opts.ttl_ms = wish->ttl_ms;
    opts.type = types[args->type];
    opts.consistency = (enum hvs_consistency)args->consistency;
    opts.checkpoint = checkpoints[args->checkpoint];
    opts.retries = task->work->host->retries;
    if (task_may_begin(task, err) < 0)
        return -1;
    return hvs_snapshot_create_start(run, task->client, &opts, err);
}

static int ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct create *self = (struct create *)task;

    if (hvs_snapshot_create_end(run, &self->result, err) == 0)
        return 0;
    /* how to put the VM's own type back goes before where to look */
    if (self->result && self->result->put_back != HVS_PUT_BACK_NOT)
        change_hint(task->work, self->result->job, self->result->outcome, err);
    return -1;
}

static void clear(struct task *task)
{
    hvs_create_result_free(((struct create *)task)->result);
}

static const struct task_kind kind = {
    .size = sizeof(struct create),
    .begin = begin,
    .ended = ended,
    .report = report,
    .clear = clear,
};

static int run(struct call *call, struct hvs_error *err)
{
    static const char *const headings[] = {"HOST", "VM",      "NAME", "CREATED",
                                           "ID",   "OUTCOME", "JOB"};
    static const char *const detached[] = {"HOST", "VM", "OUTCOME", "JOB"};
    const struct create_args *args = call->args;

    struct wish wish = {0};
    int rc = -1;

    if (args->detach &&
        (args->name || args->notes || args->label.count || args->ttl || args->checkpoint))
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "a snapshot gets these once the host's job is done",
                                "--detach cannot go with --name, --notes, --label, --ttl "
                                "or --checkpoint");
    if (labels_read(&wish.labels, &args->label, err) < 0 ||
        (args->ttl && span_read(&wish.ttl_ms, "--ttl", args->ttl, err) < 0))
        goto out;
    if (call->out.format <= OUTPUT_WIDE && args->detach)
        table_start(&call->out.table, detached, 4);
    else if (call->out.format <= OUTPUT_WIDE)
        table_start(&call->out.table, headings, call->out.format == OUTPUT_WIDE ? 7 : 5);
    rc = tasks_run(call, &kind, &wish, err);
out:
    labels_free(&wish.labels);
    return rc;
}

const struct command command_create = {
    .name = "create",
    .operands = "TARGET...",
    .summary = "take a snapshot of each VM",
    .about = "Waits until the host is done, and reads the snapshot back.\n",
    .examples = "  hvsnap create hv01/web1 --name before-upgrade\n"
                "  hvsnap create -H hv01 web1 web2 -o json\n",
    .opts = create_opts,
    .args_size = sizeof(struct create_args),
    .changes = true,
    .list = "results",
    .targets = TARGET_VMS,
    .run = run,
};
