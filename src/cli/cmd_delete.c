#include "base/err.h"
#include "cli/change.h"
#include "cli/confirm.h"
#include "cli/json.h"
#include "cli/parts.h"

#include <stdlib.h>

struct delete_args {
    bool subtree, any_kind, wait_merge, yes;
    int64_t wait_busy;
};

static const struct opt delete_opts[] = {
    OPT(struct delete_args, subtree, 0, "subtree", NULL, "and all that came from it"),
    OPT(struct delete_args, any_kind, 0, "any-kind", NULL,
        "those of backup programs and replicas too"),
    OPT(struct delete_args, wait_merge, 0, "wait-merge", NULL,
        "until the disks are merged, too"),
    WAIT_BUSY_OPT(struct delete_args),
    OPT(struct delete_args, yes, 'y', "yes", NULL, "do not ask about a subtree"),
    OPT_END,
};

/* The snapshots of a VM, and the merge that follows. */
struct deleting {
    struct parts parts;
    struct hvs_merge_result *merge;
};

/* What came of it: one, or with --subtree a tree. */
struct deleted {
    struct hvs_delete_result *one;
    struct hvs_delete_tree_result *tree;
};

static const struct hvs_snapshot *snapshot_of(const struct deleted *of)
{
    if (of && of->tree)
        return of->tree->count ? of->tree->items[0] : NULL;
    return of && of->one ? of->one->snapshot : NULL;
}

static enum hvs_outcome outcome_of(const struct deleted *of)
{
    if (of && of->tree)
        return of->tree->outcome;
    return of && of->one ? of->one->outcome : HVS_OUTCOME_NOT_DONE;
}

static const char *job_of(const struct deleted *of)
{
    return of && of->tree ? of->tree->job : of && of->one ? of->one->job : "";
}

/* Is something of it gone, so that disks may be merged? */
static bool is_gone(const struct deleted *of)
{
    if (of && of->tree)
        return of->tree->left < of->tree->count;
    return outcome_of(of) == HVS_OUTCOME_DONE;
}

/* Those of a tree that are gone, or those that are left. */
struct share {
    const struct hvs_snapshot **items;
    size_t count;
};

static json_t *share_at(const void *arg, size_t i)
{
    return json_snapshot(((const struct share *)arg)->items[i]);
}

static bool share_out(struct share *share, const struct deleted *of, bool gone)
{
    const struct hvs_delete_tree_result *tree = of ? of->tree : NULL;
    size_t i;

    share->items = calloc(tree ? tree->count + 1 : 1, sizeof(*share->items));
    for (i = 0; share->items && tree && i < tree->count; i++)
        if (tree->gone[i] == gone)
            share->items[share->count++] = tree->items[i];
    return share->items;
}

static json_t *merged(const struct parts *parts, const struct deleted *of)
{
    const struct hvs_merge_result *merge = ((const struct deleting *)parts)->merge;

    if (!merge || !is_gone(of) || (!merge->merged && !merge->merging))
        return json_null();
    return json_boolean(merge->merged);
}

static void report_item(const struct parts *parts, const struct part *part)
{
    const struct delete_args *args = parts->task.call->args;
    const struct deleted *of = part->result;
    struct share gone = {0}, left = {0};
    struct output_array arrays[3] = {{0}};
    json_t *item = change_item(parts->task.work, NULL, outcome_of(of), job_of(of),
                               snapshot_of(of));

    json_put(&item, "wanted", json_text(part->wanted));
    json_put(&item, "merged", merged(parts, of));
    if (args->subtree) { /* those below it, too: what went along, and what is left */
        bool known = share_out(&gone, of, true) && share_out(&left, of, false);

        json_put(&item, "deleted", known ? json_array() : NULL);
        json_put(&item, "left", json_array());
        arrays[0] = (struct output_array){"deleted", gone.count, share_at, &gone};
        arrays[1] = (struct output_array){"left", left.count, share_at, &left};
    }
    json_put_error(&item, parts_error(parts, part));
    output_item_of(&parts->task.call->out, item, arrays);
    free(gone.items);
    free(left.items);
}

static void report_row(const struct task *task, const struct hvs_snapshot *s,
                       const char *outcome)
{
    struct output *out = &task->call->out;

    if (out->format == OUTPUT_NAME) {
        output_id(out, s->id);
        return;
    }
    table_cell(&out->table, task->work->host->name);
    table_cell(&out->table, s->vm_name);
    table_cell(&out->table, outcome);
    table_cell(&out->table, s->name);
    table_cell(&out->table, s->id);
}

static void report(const struct parts *parts, const struct part *part)
{
    const struct deleted *of = part->result;
    size_t i;

    if (output_is_json(&parts->task.call->out))
        report_item(parts, part);
    else if (of && of->one && of->one->outcome == HVS_OUTCOME_DONE)
        report_row(&parts->task, of->one->snapshot, hvs_outcome_name(of->one->outcome));
    else if (of && of->tree)
        for (i = 0; i < of->tree->count; i++)
            if (of->tree->gone[i])
                report_row(&parts->task, of->tree->items[i], "done");
}

static int start(const struct parts *parts, struct part *part, struct hvs_run **run,
                 struct hvs_error *err)
{
    const struct task *task = &parts->task;
    const struct delete_args *args = task->call->args;
    struct hvs_delete_tree_opts tree = HVS_DELETE_TREE_OPTS_INIT;
    struct hvs_delete_opts one = HVS_DELETE_OPTS_INIT;

    if (!part->result) /* before it is sent: what came of it must have its place */
        part->result = calloc(1, sizeof(struct deleted));
    if (!part->result)
        return hvs_err_memory(err);
    one.vm = tree.vm = task->work->target.vm;
    one.snapshot = tree.snapshot = part->wanted;
    one.any_kind = tree.any_kind = args->any_kind;
    one.retries = tree.retries = task->work->host->retries;
    if (args->subtree)
        return hvs_snapshot_delete_tree_start(run, task->client, &tree, err);
    return hvs_snapshot_delete_start(run, task->client, &one, err);
}

static int end(const struct parts *parts, struct part *part, struct hvs_run *run,
               struct hvs_error *err)
{
    const struct delete_args *args = parts->task.call->args;
    struct deleted *of = part->result;
    int rc;

    if (args->subtree)
        rc = hvs_snapshot_delete_tree_end(run, &of->tree, err);
    else
        rc = hvs_snapshot_delete_end(run, &of->one, err);
    if (rc < 0)
        change_hint(parts->task.work, job_of(of), outcome_of(of), err);
    return rc;
}

static enum hvs_outcome outcome(const struct part *part)
{
    const struct deleted *of = part->result;

    return of->one || of->tree ? outcome_of(of) : HVS_OUTCOME_UNKNOWN;
}

static void free_result(void *result)
{
    struct deleted *of = result;

    if (!of)
        return;
    hvs_delete_result_free(of->one);
    hvs_delete_tree_result_free(of->tree);
    free(of);
}

/* One wait for all that were deleted, which the host may merge together. */
static int after(struct parts *parts, struct hvs_run **run, struct hvs_error *err)
{
    const struct delete_args *args = parts->task.call->args;
    const struct hvs_snapshot *gone = NULL;
    size_t i;

    for (i = 0; i < parts->count && args->wait_merge && !gone; i++)
        if (is_gone(parts->items[i].result))
            gone = snapshot_of(parts->items[i].result);
    if (!gone)
        return 0;
    if (task_may_begin(&parts->task, err) == 0)
        return hvs_vm_wait_merged_start(run, parts->task.client, gone->vm_id, err);
    hvs_err_prefix(err, "whether the disks are merged is unknown");
    return hvs_err_prefix(err, "deleted");
}

static void after_end(struct parts *parts, struct hvs_run *run, struct hvs_error *err)
{
    if (hvs_vm_wait_merged_end(run, &((struct deleting *)parts)->merge, err) < 0)
        hvs_err_prefix(err, "deleted");
}

static void clear(struct task *task)
{
    hvs_merge_result_free(((struct deleting *)task)->merge);
    parts_clear(task);
}

static const struct parts_kind kind = {
    .task = {.size = sizeof(struct deleting),
             .begin = parts_begin,
             .ended = parts_ended,
             .report = parts_report,
             .clear = clear},
    .start = start,
    .end = end,
    .outcome = outcome,
    .report = report,
    .free = free_result,
    .after = after,
    .after_end = after_end,
};

/* How many go is not seen from the command line. */
static int agree(struct call *call, struct hvs_error *err)
{
    const struct delete_args *args = call->args;
    struct hvs_buf text = HVS_BUF_INIT(65536);
    size_t i;
    int rc = -1;

    if (confirm_possible(call, args->yes,
                         "deleting a snapshot with all that came from it is for good",
                         err) < 0)
        return -1;
    for (i = 0; i < call->part_count; i++)
        hvs_buf_printf(&text, "%s'%s'", i ? ", " : "", call->parts[i]);
    hvs_buf_printf(&text, " of %s and all that came from %s: deleted for good",
                   call->works[0].label, call->part_count > 1 ? "them" : "it");
    if (hvs_buf_no_memory(&text))
        hvs_err_memory(err);
    else if (text.failed)
        hvs_err_set(err, HVS_USAGE, 0, "too many snapshots to ask about: give --yes");
    else
        rc = confirm(call, args->yes, hvs_buf_str(&text), err);
    hvs_buf_clear(&text);
    return rc;
}

static int run(struct call *call, struct hvs_error *err)
{
    static const char *const headings[] = {"HOST", "VM", "OUTCOME", "NAME", "ID"};
    const struct delete_args *args = call->args;

    call->wait_busy = args->wait_busy;
    if (args->subtree && agree(call, err) < 0)
        return -1;
    if (call->out.format <= OUTPUT_WIDE)
        table_start(&call->out.table, headings, 5);
    return tasks_run(call, &kind.task, NULL, err);
}

const struct command command_delete = {
    .name = "delete",
    .operands = "VM SNAPSHOT...",
    .summary = "delete snapshots of a VM",
    .about =
        "The snapshots below a deleted one stay, unless --subtree is given, which asks\n"
        "first on a terminal and needs --yes elsewhere. A snapshot is named by its id,\n"
        "by the start of that, or by its name if no other has it.\n",
    .examples = "  hvsnap delete hv01/web1 before-upgrade\n"
                "  hvsnap delete -H hv01 web1 4F2A91C0 7B1E0D33\n",
    .opts = delete_opts,
    .args_size = sizeof(struct delete_args),
    .changes = true,
    .list = "results",
    .targets = TARGET_SNAPSHOTS,
    .run = run,
};
