#include "base/buf.h"
#include "base/err.h"
#include "cli/change.h"
#include "cli/json.h"
#include "cli/task.h"

#include <stdlib.h>

struct delete_args {
    bool subtree;
};

static const struct opt delete_opts[] = {
    OPT(struct delete_args, subtree, 0, "subtree", NULL, "and all that came from it"),
    OPT_END,
};

enum { COULDNT_CONNECT = 7 };

/* What came of one of the snapshots. */
struct part {
    const char *wanted;
    struct hvs_buf label;
    struct hvs_delete_result *one;
    struct hvs_delete_tree_result *tree;
    struct hvs_error err;
};

/* Those of one VM are deleted one after the other: it does one thing at a time. */
struct delete
{
    struct task task;
    struct part *parts;
    size_t count, next;
};

static const struct hvs_snapshot *snapshot_of(const struct part *part)
{
    if (part->tree)
        return part->tree->count ? part->tree->items[0] : NULL;
    return part->one ? part->one->snapshot : NULL;
}

static enum hvs_outcome outcome_of(const struct part *part)
{
    if (part->tree)
        return part->tree->outcome;
    return part->one ? part->one->outcome : HVS_OUTCOME_NOT_DONE;
}

static const char *job_of(const struct part *part)
{
    return part->tree ? part->tree->job : part->one ? part->one->job : "";
}

/* Those below it, too: what went along, and what is left. */
static json_t *tree_item(const struct hvs_delete_tree_result *tree, bool gone)
{
    json_t *out = json_array();
    size_t i;

    for (i = 0; tree && i < tree->count; i++)
        if (tree->gone[i] == gone)
            json_push(&out, json_snapshot(tree->items[i]));
    return out;
}

static void report_item(const struct task *task, const struct part *part)
{
    const struct delete_args *args = task->call->args;
    json_t *item = change_item(task->work, NULL, outcome_of(part), job_of(part),
                               snapshot_of(part));

    json_put(&item, "wanted", json_text(part->wanted));
    if (args->subtree) {
        json_put(&item, "deleted", tree_item(part->tree, true));
        json_put(&item, "left", tree_item(part->tree, false));
    }
    json_put_error(&item, part->err.domain ? &part->err : &task->err);
    output_item(&task->call->out, item);
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

static void report(struct task *task)
{
    const struct delete *self = (const struct delete *)task;
    const struct hvs_delete_tree_result *tree;
    const struct part *part;
    size_t i, n;

    for (i = 0; i < self->count; i++) {
        part = &self->parts[i];
        tree = part->tree;
        if (output_is_json(&task->call->out))
            report_item(task, part);
        else if (part->one && part->one->snapshot && !part->err.domain)
            report_row(task, part->one->snapshot, hvs_outcome_name(part->one->outcome));
        for (n = 0; !output_is_json(&task->call->out) && tree && n < tree->count; n++)
            if (tree->gone[n])
                report_row(task, tree->items[n], "done");
    }
}

/* On its first call: a part for each snapshot. */
static int prepare(struct delete *self, struct hvs_error *err)
{
    const struct call *call = self->task.call;
    size_t i;

    self->count = call->operand_count - 1;
    self->parts = calloc(self->count, sizeof(*self->parts));
    if (!self->parts) {
        self->count = 0;
        return hvs_err_memory(err);
    }
    for (i = 0; i < self->count; i++) {
        self->parts[i].wanted = call->operands[i + 1];
        self->parts[i].label = (struct hvs_buf)HVS_BUF_INIT(16384);
        hvs_buf_printf(&self->parts[i].label, "%s: %s", self->task.work->label,
                       self->parts[i].wanted);
    }
    return 0;
}

static int start(struct task *task, const struct part *part, struct hvs_run **run,
                 struct hvs_error *err)
{
    const struct delete_args *args = task->call->args;
    struct hvs_delete_tree_opts tree = HVS_DELETE_TREE_OPTS_INIT;
    struct hvs_delete_opts one = HVS_DELETE_OPTS_INIT;

    if (task_may_begin(task, err) < 0)
        return -1;
    one.vm = tree.vm = task->work->target.vm;
    one.snapshot = tree.snapshot = part->wanted;
    one.retries = tree.retries = task->work->host->retries;
    if (args->subtree)
        return hvs_snapshot_delete_tree_start(run, task->client, &tree, err);
    return hvs_snapshot_delete_start(run, task->client, &one, err);
}

static void part_over(struct delete *self, struct part *part)
{
    self->next++;
    task_tell(&self->task, hvs_buf_str(&part->label), &part->err);
}

/* One that cannot even be begun does not keep the others from it. */
static int begin(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    struct delete *self = (struct delete *)task;
    struct part *part;

    if (!self->parts && prepare(self, err) < 0)
        return -1;
    while (self->next < self->count && !*run) {
        part = &self->parts[self->next];
        task_label(task, hvs_buf_str(&part->label));
        if (start(task, part, run, &part->err) < 0)
            part_over(self, part);
    }
    return 0;
}

static int ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct delete *self = (struct delete *)task;
    struct part *part = &self->parts[self->next];
    const struct delete_args *args = task->call->args;
    int rc;

    if (args->subtree)
        rc = hvs_snapshot_delete_tree_end(run, &part->tree, &part->err);
    else
        rc = hvs_snapshot_delete_end(run, &part->one, &part->err);
    if (rc < 0)
        change_hint(task->work, job_of(part), outcome_of(part), &part->err);
    /* nobody is there: the others would fare no better */
    if (self->next == 0 && part->err.domain == HVS_NET &&
        part->err.code == COULDNT_CONNECT) {
        *err = part->err;
        part->err = (struct hvs_error){0};
        return -1;
    }
    part_over(self, part);
    return 0;
}

static void clear(struct task *task)
{
    struct delete *self = (struct delete *)task;
    size_t i;

    for (i = 0; i < self->count; i++) {
        hvs_buf_clear(&self->parts[i].label);
        hvs_delete_result_free(self->parts[i].one);
        hvs_delete_tree_result_free(self->parts[i].tree);
    }
    free(self->parts);
    self->parts = NULL;
}

static const struct task_kind kind = {
    .size = sizeof(struct delete),
    .begin = begin,
    .ended = ended,
    .report = report,
    .clear = clear,
};

static int run(struct call *call, struct hvs_error *err)
{
    static const char *const headings[] = {"HOST", "VM", "OUTCOME", "NAME", "ID"};

    if (call->out.format <= OUTPUT_WIDE)
        table_start(&call->out.table, headings, 5);
    return tasks_run(call, &kind, err);
}

const struct command command_delete = {
    .name = "delete",
    .operands = "VM SNAPSHOT...",
    .summary = "delete snapshots of a VM",
    .about =
        "The snapshots below a deleted one stay, unless --subtree is given. A snapshot "
        "is\n"
        "named by its id, by the start of that, or by its name if no other has it.\n",
    .examples = "  hvsnap delete hv01/web1 before-upgrade\n"
                "  hvsnap delete -H hv01 web1 4F2A91C0 7B1E0D33\n",
    .opts = delete_opts,
    .args_size = sizeof(struct delete_args),
    .changes = true,
    .list = "results",
    .targets = TARGET_SNAPSHOTS,
    .run = run,
};
