#include "cli/json.h"
#include "cli/task.h"
#include "cli/tree.h"

#include <langinfo.h>
#include <string.h>

struct list_args {
    bool tree;
};

static const struct opt list_opts[] = {
    OPT(struct list_args, tree, 'T', "tree", NULL, "draw which one came from which"),
    OPT_END,
};

struct list {
    struct task task;
    struct hvs_snapshot_list *list;
};

static json_t *item(const struct work *work, const struct hvs_snapshot_list *list,
                    const struct hvs_error *err)
{
    json_t *vms = json_array(), *snapshots = json_array(), *out = json_object(), *vm;
    size_t i;

    for (i = 0; list && i < list->vm_count; i++) {
        vm = json_object();
        json_put(&vm, "id", json_text(list->vms[i]->id));
        json_put(&vm, "name", json_text(list->vms[i]->name));
        json_put(&vm, "current_id", json_text_or_null(list->vms[i]->current_id));
        json_push(&vms, vm);
    }
    for (i = 0; list && i < list->count; i++)
        json_push(&snapshots, json_snapshot(list->items[i]));
    json_put(&out, "host", json_text(work->host->name));
    json_put(&out, "vm", json_text(work->target.vm));
    json_put(&out, "vms", vms);
    json_put(&out, "snapshots", snapshots);
    json_put_error(&out, err);
    return out;
}

static void row(struct call *call, const struct work *work, const struct hvs_snapshot *s)
{
    struct table *table = &call->out.table;
    char created[32];

    if (call->out.format == OUTPUT_WIDE || call_many_hosts(call))
        table_cell(table, work->host->name);
    table_cell(table, s->vm_name);
    table_cell(table, s->name);
    if (call->out.format == OUTPUT_WIDE)
        table_cell(table, *time_utc(s->created_ms, created) ? created : "-");
    else
        table_cell(table, time_local(s->created_ms, created));
    table_cell(table, hvs_snapshot_kind_name(s->kind));
    table_cell(table, s->current ? "yes" : "-");
    table_cell(table, s->id);
    if (call->out.format == OUTPUT_WIDE) {
        table_cell(table, s->parent_id ? s->parent_id : "-");
        table_cell(table, s->saved_state ? "yes" : "-");
        table_cell(table, *s->notes ? s->notes : "-");
    }
}

static void headings(struct call *call)
{
    static const char *const all[] = {"HOST", "VM", "NAME",   "CREATED", "KIND",
                                      "NOW",  "ID", "PARENT", "MEMORY",  "NOTES"};
    const struct list_args *args = call->args;

    if (call->out.format > OUTPUT_WIDE)
        return;
    if (args->tree)
        table_start(&call->out.table, NULL, TREE_COLUMNS);
    else if (call->out.format == OUTPUT_WIDE)
        table_start(&call->out.table, all, 10);
    else if (call_many_hosts(call))
        table_start(&call->out.table, all, 7);
    else
        table_start(&call->out.table, all + 1, 6);
}

static void report(struct task *task)
{
    const struct hvs_snapshot_list *list = ((struct list *)task)->list;
    struct call *call = task->call;
    const struct list_args *args = call->args;
    size_t i;

    if (output_is_json(&call->out)) {
        output_item(&call->out, item(task->work, list, &task->err));
        return;
    }
    if (!list)
        return;
    if (args->tree && call->out.format <= OUTPUT_WIDE) {
        tree_add(&call->out.table, list,
                 call_many_hosts(call) ? task->work->host->name : NULL,
                 strcmp(nl_langinfo(CODESET), "UTF-8") != 0);
        return;
    }
    for (i = 0; i < list->count; i++) {
        if (call->out.format == OUTPUT_NAME)
            output_id(&call->out, list->items[i]->id);
        else
            row(call, task->work, list->items[i]);
    }
    if (!list->count && !task->err.domain)
        notice_say(&call->notice, "%s: no snapshots", task->work->label);
}

static int begin(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    struct list *self = (struct list *)task;

    if (self->list)
        return 0;
    if (task_may_begin(task, err) < 0)
        return -1;
    return hvs_snapshot_list_start(run, task->client, task->work->target.vm, err);
}

static int ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct list *self = (struct list *)task;

    return hvs_snapshot_list_end(run, &self->list, err);
}

static void clear(struct task *task)
{
    struct list *self = (struct list *)task;

    hvs_snapshot_list_free(self->list);
    self->list = NULL;
}

static const struct task_kind kind = {
    .size = sizeof(struct list),
    .begin = begin,
    .ended = ended,
    .report = report,
    .clear = clear,
};

static int run(struct call *call, struct hvs_error *err)
{
    headings(call);
    return tasks_run(call, &kind, err);
}

const struct command command_list = {
    .name = "list",
    .operands = "[TARGET...]",
    .summary = "list snapshots of VMs, or of all VMs of a host",
    .about = "",
    .examples = "  hvsnap list hv01/web1 --tree\n"
                "  hvsnap list hv01/ -o json\n"
                "  hvsnap list -H hv01\n",
    .opts = list_opts,
    .args_size = sizeof(struct list_args),
    .list = "hosts",
    .targets = TARGET_ANY,
    .run = run,
};
