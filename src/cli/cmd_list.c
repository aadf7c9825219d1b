#include "base/err.h"
#include "cli/columns.h"
#include "cli/json.h"
#include "cli/pick.h"
#include "cli/task.h"
#include "cli/tree.h"

#include <langinfo.h>
#include <string.h>

struct list_args {
    bool tree;
    const char *columns, *sort;
    struct pick_args pick;
};

static const struct opt list_opts[] = {
    OPT(struct list_args, tree, 'T', "tree", NULL, "draw which one came from which"),
    OPT(struct list_args, columns, 'c', "columns", "NAME,...", "show these"),
    OPT(struct list_args, sort, 's', "sort", "NAME,...", "by these columns; -NAME: down"),
    PICK_OPTS(struct list_args),
    OPT_END,
};

struct list {
    struct task task;
    struct hvs_snapshot_list *list;
};

/* What is asked of all targets alike. */
struct view {
    struct columns columns;
    struct pick pick;
};

static json_t *vm_at(const void *arg, size_t i)
{
    const struct hvs_snapshot_list *list = arg;
    json_t *vm = json_object();

    json_put(&vm, "id", json_text(list->vms[i]->id));
    json_put(&vm, "name", json_text(list->vms[i]->name));
    json_put(&vm, "current_id", json_text_or_null(list->vms[i]->current_id));
    return vm;
}

static json_t *snapshot_at(const void *arg, size_t i)
{
    const struct hvs_snapshot_list *list = arg;

    return json_snapshot(list->items[i]);
}

static void report_json(struct task *task, const struct hvs_snapshot_list *list)
{
    const struct output_array arrays[] = {{"vms", list ? list->vm_count : 0, vm_at, list},
                                          {"snapshots", list ? list->count : 0,
                                           snapshot_at, list},
                                          {0}};
    json_t *item = json_object();

    json_put(&item, "host", json_text(task->work->host->name));
    json_put(&item, "vm", json_text(task->work->target.vm));
    json_put(&item, "vms", json_array());
    json_put(&item, "snapshots", json_array());
    json_put_error(&item, &task->err);
    output_item_of(&task->call->out, item, arrays);
}

/* Those that are meant come first, in the order that is asked for. */
static int arrange(struct call *call, struct hvs_snapshot_list *list,
                   struct hvs_error *err)
{
    const struct view *view = call->view;
    const struct list_args *args = call->args;
    struct hvs_snapshot *other;
    size_t i, kept = 0;

    for (i = 0; i < list->count; i++) {
        if (!pick_fits(&view->pick, list->items[i]))
            continue;
        other = list->items[kept];
        list->items[kept++] = list->items[i];
        list->items[i] = other;
    }
    for (i = kept; i < list->count; i++)
        hvs_snapshot_free(list->items[i]);
    list->count = kept;
    return args->sort ? columns_sort(args->sort, list->items, list->count, err) : 0;
}

static void report(struct task *task)
{
    const struct hvs_snapshot_list *list = ((struct list *)task)->list;
    struct call *call = task->call;
    const struct list_args *args = call->args;
    const struct view *view = call->view;
    size_t i;

    if (output_is_json(&call->out)) {
        report_json(task, list);
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
            columns_add(&view->columns, &call->out.table, task->work->host->name,
                        list->items[i], call->out.format == OUTPUT_WIDE);
        hvs_snapshot_free(list->items[i]); /* the table has what it needs */
        list->items[i] = NULL;
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

    if (hvs_snapshot_list_end(run, &self->list, err) < 0)
        return -1;
    return arrange(task->call, self->list, err);
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

/* The columns that are shown unless others are asked for. */
static const char *usual_columns(const struct call *call)
{
    if (call->out.format == OUTPUT_WIDE)
        return "host,vm,name,created,age,kind,memory,now,id,parent,labels,expires,notes";
    return call_many_hosts(call) ? "host,vm,name,created,kind,now,id"
                                 : "vm,name,created,kind,now,id";
}

static int look(struct call *call, struct view *view, struct hvs_error *err)
{
    const struct list_args *args = call->args;
    const char *names = args->columns ? args->columns : usual_columns(call);

    if (pick_read(&view->pick, &args->pick, err) < 0 ||
        columns_read(&view->columns, names, err) < 0)
        return -1;
    if (args->sort && columns_sort(args->sort, NULL, 0, err) < 0)
        return -1;
    if (args->tree && (args->sort || args->columns || !pick_is_any(&view->pick)))
        return hvs_err_set(err, HVS_USAGE, 0,
                           "a tree has all snapshots, and an order of its own: --tree "
                           "cannot go with --columns, --sort, --match, --label or "
                           "--kind");
    if (call->out.format > OUTPUT_WIDE)
        return 0;
    if (args->tree)
        table_start(&call->out.table, NULL, TREE_COLUMNS);
    else
        columns_start(&view->columns, &call->out.table);
    return 0;
}

static int run(struct call *call, struct hvs_error *err)
{
    struct view view = {0};
    int rc;

    rc = look(call, &view, err);
    if (rc == 0)
        rc = tasks_run(call, &kind, &view, err);
    pick_clear(&view.pick);
    return rc;
}

const struct command command_list = {
    .name = "list",
    .operands = "[TARGET...]",
    .summary = "list snapshots of VMs, or of all VMs of a host",
    .about = "",
    .examples = "  hvsnap list hv01/web1 --tree\n"
                "  hvsnap list hv01/ -o json\n"
                "  hvsnap list -H hv01 --label team=ops --sort -created\n",
    .opts = list_opts,
    .args_size = sizeof(struct list_args),
    .list = "hosts",
    .targets = TARGET_ANY,
    .run = run,
};
