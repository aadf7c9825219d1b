#include "base/clock.h"
#include "base/err.h"
#include "cli/change.h"
#include "cli/json.h"
#include "cli/parts.h"
#include "cli/values.h"

#include <string.h>

struct set_args {
    const char *name, *notes;
    struct opt_list label, unlabel;
    const char *ttl, *expires;
    bool any_kind;
    int64_t wait_busy;
};

static const struct opt set_opts[] = {
    OPT(struct set_args, name, 'n', "name", "TEXT", "call it so"),
    OPT(struct set_args, notes, 0, "notes", "TEXT", "put this in the place of its notes"),
    OPT(struct set_args, label, 'l', "label", "KEY=VALUE", "give it this label"),
    OPT(struct set_args, unlabel, 0, "unlabel", "KEY", "take this label away"),
    OPT(struct set_args, ttl, 0, "ttl", "SPAN", "its lifetime, from now on: 7d, 1y6m"),
    OPT(struct set_args, expires, 0, "expires", "DATE",
        "its lifetime ends then; or never"),
    OPT(struct set_args, any_kind, 0, "any-kind", NULL,
        "those of backup programs and replicas too"),
    WAIT_BUSY_OPT(struct set_args),
    OPT_END,
};

/* The options, read. */
struct wish {
    struct labels labels;
    uint64_t ttl_ms;
    int64_t expires_ms;
};

static void report(const struct parts *parts, const struct part *part)
{
    const struct hvs_set_result *result = part->result;
    const struct hvs_snapshot *s = result ? result->snapshot : NULL;
    const struct task *task = &parts->task;
    struct output *out = &task->call->out;
    json_t *item;

    if (output_is_json(out)) {
        item = change_item(task->work, result ? result->vm_id : NULL,
                           result ? result->outcome : HVS_OUTCOME_NOT_DONE,
                           result ? result->job : NULL, s);
        json_put(&item, "changed", json_boolean(result && result->changed));
        json_put(&item, "wanted", json_text(part->wanted));
        json_put_error(&item, parts_error(parts, part));
        output_item(out, item);
    } else if (!s || part->err.domain) {
        return;
    } else if (out->format == OUTPUT_NAME) {
        output_id(out, s->id);
    } else {
        table_cell(&out->table, task->work->host->name);
        table_cell(&out->table, s->vm_name);
        table_cell(&out->table, result->changed ? "changed" : "unchanged");
        table_cell(&out->table, s->name);
        table_cell(&out->table, s->id);
    }
}

static int start(const struct parts *parts, struct part *part, struct hvs_run **run,
                 struct hvs_error *err)
{
    const struct task *task = &parts->task;
    const struct set_args *args = task->call->args;
    const struct wish *wish = task->call->view;
    struct hvs_set_opts opts = HVS_SET_OPTS_INIT;

    opts.vm = task->work->target.vm;
    opts.snapshot = part->wanted;
    opts.name = args->name;
    opts.notes = args->notes;
    opts.labels = wish->labels.items;
    opts.label_count = wish->labels.count;
    opts.drop = args->unlabel.items;
    opts.drop_count = args->unlabel.count;
    opts.ttl_ms = wish->ttl_ms;
    opts.set_expires = args->expires != NULL;
    opts.expires_ms = wish->expires_ms;
    opts.any_kind = args->any_kind;
    opts.retries = task->work->host->retries;
    return hvs_snapshot_set_start(run, task->client, &opts, err);
}

static int end(const struct parts *parts, struct part *part, struct hvs_run *run,
               struct hvs_error *err)
{
    struct hvs_set_result *result;
    int rc = hvs_snapshot_set_end(run, &result, err);

    part->result = result;
    if (rc < 0 && result)
        change_hint(parts->task.work, result->job, result->outcome, err);
    return rc;
}

static enum hvs_outcome outcome(const struct part *part)
{
    const struct hvs_set_result *result = part->result;

    return result ? result->outcome : HVS_OUTCOME_UNKNOWN;
}

static void free_result(void *result)
{
    hvs_set_result_free(result);
}

static const struct parts_kind kind = {
    .task = PARTS_TASK,
    .start = start,
    .end = end,
    .outcome = outcome,
    .report = report,
    .free = free_result,
};

static int read_wish(struct wish *wish, const struct set_args *args,
                     struct hvs_error *err)
{
    wish->expires_ms = HVS_TIME_NONE;
    if (labels_read(&wish->labels, &args->label, err) < 0)
        return -1;
    if (!args->name && !args->notes && !args->label.count && !args->unlabel.count &&
        !args->ttl && !args->expires)
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "--name, --notes, --label, --unlabel, --ttl, --expires",
                                "what shall be set?");
    if (args->ttl && args->expires)
        return hvs_err_set(err, HVS_USAGE, 0, "--ttl cannot go with --expires");
    if (args->ttl && span_read(&wish->ttl_ms, "--ttl", args->ttl, err) < 0)
        return -1;
    if (!args->expires || strcmp(args->expires, "never") == 0)
        return 0;
    if (moment_read(&wish->expires_ms, "--expires", args->expires, err) < 0)
        return -1;
    if (wish->expires_ms <= hvs_clock_utc_ms())
        return hvs_err_set_hint(err, HVS_USAGE, 0, "hvsnap delete deletes at once",
                                "--expires %.40s is in the past", args->expires);
    return 0;
}

static int run(struct call *call, struct hvs_error *err)
{
    static const char *const headings[] = {"HOST", "VM", "OUTCOME", "NAME", "ID"};
    const struct set_args *args = call->args;
    struct wish wish = {0};
    int rc;

    call->wait_busy = args->wait_busy;
    rc = read_wish(&wish, args, err);
    if (rc == 0) {
        if (call->out.format <= OUTPUT_WIDE)
            table_start(&call->out.table, headings, 5);
        rc = tasks_run(call, &kind.task, &wish, err);
    }
    labels_free(&wish.labels);
    return rc;
}

const struct command command_set = {
    .name = "set",
    .operands = "VM SNAPSHOT...",
    .summary = "change the name, notes, labels or lifetime of snapshots",
    .about = "What is so already is left alone. 'hvsnap rename' is the same.\n",
    .examples = "  hvsnap set hv01/web1 before-upgrade --name known-good\n"
                "  hvsnap set -H hv01 web1 4F2A91C0 --label keep=yes --ttl 30d\n",
    .opts = set_opts,
    .args_size = sizeof(struct set_args),
    .changes = true,
    .list = "results",
    .targets = TARGET_SNAPSHOTS,
    .run = run,
};
