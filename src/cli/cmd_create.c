#include "base/err.h"
#include "cli/change.h"
#include "cli/json.h"
#include "cli/task.h"
#include "cli/values.h"

struct create_args {
    const char *name, *notes, *ttl, *max_age;
    struct opt_list label;
    bool detach;
    int type, consistency, checkpoint; /* 0: not said */
};

/* What the snapshot is like; of create and of ensure. */
#define SNAPSHOT_OPTS \
    OPT(struct create_args, name, 'n', "name", "TEXT", "name of the snapshot"), \
        OPT(struct create_args, notes, 0, "notes", "TEXT", "notes of yours"), \
        OPT(struct create_args, label, 'l', "label", "KEY=VALUE", "give it this label"), \
        OPT(struct create_args, ttl, 0, "ttl", "SPAN", "its lifetime: 7d, 1y6m"), \
        OPT_ROW(struct create_args, type, 0, "type", "TYPE", "full|disk|recovery", 0, \
                "take"), \
        OPT_ROW(struct create_args, consistency, 0, "consistency", "WHAT", \
                "any|application|crash", 0, "of a recovery snapshot"), \
        OPT_ROW(struct create_args, checkpoint, 0, "checkpoint", "TYPE", \
                "own|standard|production|production-only", 0, "kind")

static const struct opt create_opts[] = {
    SNAPSHOT_OPTS,
    OPT(struct create_args, detach, 'd', "detach", NULL,
        "do not wait for the host's job"),
    OPT_END,
};

static const struct opt ensure_opts[] = {
    SNAPSHOT_OPTS,
    OPT(struct create_args, max_age, 0, "max-age", "SPAN",
        "one that is older does not fit: 12h, 1d"),
    OPT_END,
};

/* The options, read. */
struct wish {
    struct labels labels;
    uint64_t ttl_ms, max_age_ms;
    bool ensure; /* take one only where none fits */
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
    if (call->command == &command_ensure)
        table_cell(table, !result->changed  ? "unchanged"
                          : result->resumed ? "finished"
                                            : "taken");
    if (!args->detach) {
        table_cell(table, s ? s->name : "-");
        table_cell(table, s ? time_local(s->created_ms, created) : "-");
        table_cell(table, s ? s->id : "-");
    }
    if (args->detach ||
        (call->out.format == OUTPUT_WIDE && call->command != &command_ensure)) {
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
    struct hvs_ensure_opts ensure = HVS_ENSURE_OPTS_INIT;

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
    ensure.create = &opts;
    ensure.max_age_ms = wish->max_age_ms;
    if (task_may_begin(task, err) < 0)
        return -1;
    if (wish->ensure)
        return hvs_snapshot_ensure_start(run, task->client, &ensure, err);
    return hvs_snapshot_create_start(run, task->client, &opts, err);
}

static int ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct create *self = (struct create *)task;

    const struct wish *wish = task->call->view;
    int rc;

    rc = wish->ensure ? hvs_snapshot_ensure_end(run, &self->result, err)
                      : hvs_snapshot_create_end(run, &self->result, err);
    if (self->result && self->result->unnamed)
        notice_warn(&task->call->notice,
                    "%s: '%s' (%s) may be what a call that was cut off has left; "
                    "'hvsnap set' names it, 'hvsnap delete' deletes it",
                    task->work->label, self->result->unnamed->name,
                    self->result->unnamed->id);
    if (rc == 0)
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

static void headings(struct call *call)
{
    static const char *const all[] = {"HOST", "VM",      "NAME", "CREATED",
                                      "ID",   "OUTCOME", "JOB"};
    static const char *const detached[] = {"HOST", "VM", "OUTCOME", "JOB"};
    static const char *const ensured[] = {"HOST", "VM",      "OUTCOME",
                                          "NAME", "CREATED", "ID"};
    const struct create_args *args = call->args;

    if (call->out.format > OUTPUT_WIDE)
        return;
    if (call->command == &command_ensure)
        table_start(&call->out.table, ensured, 6);
    else if (args->detach)
        table_start(&call->out.table, detached, 4);
    else
        table_start(&call->out.table, all, call->out.format == OUTPUT_WIDE ? 7 : 5);
}

static int run(struct call *call, struct hvs_error *err)
{
    const struct create_args *args = call->args;
    struct wish wish = {.ensure = call->command == &command_ensure};
    int rc = -1;

    if (args->detach &&
        (args->name || args->notes || args->label.count || args->ttl || args->checkpoint))
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "a snapshot gets these once the host's job is done",
                                "--detach cannot go with --name, --notes, --label, --ttl "
                                "or --checkpoint");
    if (wish.ensure && !args->name && !args->label.count && !args->max_age)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "--name, --label or --max-age says it",
                                "which snapshots fit?");
    if (labels_read(&wish.labels, &args->label, err) < 0 ||
        (args->ttl && span_read(&wish.ttl_ms, "--ttl", args->ttl, err) < 0) ||
        (args->max_age &&
         span_read(&wish.max_age_ms, "--max-age", args->max_age, err) < 0))
        goto out;
    headings(call);
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

const struct command command_ensure = {
    .name = "ensure",
    .operands = "TARGET...",
    .summary = "take a snapshot of each VM that has none that fits",
    .about =
        "It fits when somebody took it, and it bears the name and the labels, and is "
        "not\n"
        "older than --max-age. What a call of this account left without a name within\n"
        "five minutes is finished instead of a second one taken.\n",
    .examples = "  hvsnap ensure hv01/web1 --name baseline\n"
                "  hvsnap ensure -H hv01 web1 --label by=nightly --max-age 1d\n",
    .opts = ensure_opts,
    .args_size = sizeof(struct create_args),
    .changes = true,
    .list = "results",
    .targets = TARGET_VMS,
    .run = run,
};
