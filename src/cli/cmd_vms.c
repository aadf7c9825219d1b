#include "base/err.h"
#include "cli/json.h"
#include "cli/task.h"

#include <inttypes.h>

static const struct opt vms_opts[] = {OPT_END};

struct vms {
    struct task task;
    struct hvs_vm_list *list;
};

static json_t *vm_at(const void *arg, size_t i)
{
    return json_vm(((const struct hvs_vm_list *)arg)->items[i]);
}

static void report_json(struct task *task, const struct hvs_vm_list *list)
{
    const struct output_array arrays[] = {{"vms", list ? list->count : 0, vm_at, list},
                                          {0}};
    json_t *item = json_object();

    json_put(&item, "host", json_text(task->work->host->name));
    json_put(&item, "vm", json_text(task->work->target.vm));
    json_put(&item, "maybe_no_rights", json_boolean(list && list->maybe_no_rights));
    json_put(&item, "vms", json_array());
    json_put_error(&item, &task->err);
    output_item_of(&task->call->out, item, arrays);
}

/* "3d 04:05", "04:05:06" */
static const char *uptime(uint64_t ms, char buf[32])
{
    uint64_t s = ms / 1000;

    if (!ms)
        snprintf(buf, 32, "-");
    else if (s >= 86400)
        snprintf(buf, 32, "%" PRIu64 "d %02u:%02u", s / 86400, (unsigned)(s / 3600 % 24),
                 (unsigned)(s / 60 % 60));
    else
        snprintf(buf, 32, "%02u:%02u:%02u", (unsigned)(s / 3600), (unsigned)(s / 60 % 60),
                 (unsigned)(s % 60));
    return buf;
}

static void row(struct call *call, const struct work *work, const struct hvs_vm *vm)
{
    bool wide = call->out.format == OUTPUT_WIDE;
    struct table *table = &call->out.table;
    char text[32];

    if (wide || call_many_hosts(call))
        table_cell(table, work->host->name);
    table_cell(table, vm->name);
    table_cell(table, hvs_vm_state_name(vm->state, text));
    table_cell(table, uptime(vm->uptime_ms, text));
    snprintf(text, sizeof(text), "%" PRIu32, vm->snapshots);
    table_cell(table, text);
    table_cell(table, hvs_checkpoint_type_name(vm->checkpoint));
    table_cell(table, *vm->operation ? vm->operation : "-");
    table_cell(table, vm->id);
    if (!wide)
        return;
    snprintf(text, sizeof(text), "%" PRIu32, vm->generation);
    table_cell(table, vm->generation ? text : "-");
    table_cell(table, *vm->version ? vm->version : "-");
    table_cell(table, vm->current_id ? vm->current_id : "-");
}

static void headings(struct call *call)
{
    static const char *const all[] = {"HOST",       "VM",         "STATE",     "UPTIME",
                                      "SNAPSHOTS",  "CHECKPOINT", "OPERATION", "ID",
                                      "GENERATION", "VERSION",    "NOW"};

    if (call->out.format == OUTPUT_WIDE)
        table_start(&call->out.table, all, 11);
    else if (call->out.format == OUTPUT_TABLE && call_many_hosts(call))
        table_start(&call->out.table, all, 8);
    else if (call->out.format == OUTPUT_TABLE)
        table_start(&call->out.table, all + 1, 7);
}

static void report(struct task *task)
{
    const struct hvs_vm_list *list = ((struct vms *)task)->list;
    struct call *call = task->call;
    size_t i;

    if (list && list->maybe_no_rights)
        notice_warn(&call->notice,
                    "%s: the account may lack the rights to see VMs; hvsnap doctor tells",
                    task->work->label);
    if (output_is_json(&call->out)) {
        report_json(task, list);
        return;
    }
    for (i = 0; list && i < list->count; i++) {
        if (call->out.format == OUTPUT_NAME)
            output_id(&call->out, list->items[i]->id);
        else
            row(call, task->work, list->items[i]);
    }
}

static int begin(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    struct vms *self = (struct vms *)task;

    if (self->list)
        return 0;
    if (task_may_begin(task, err) < 0)
        return -1;
    return hvs_vm_list_start(run, task->client, task->work->target.vm, err);
}

static int ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct vms *self = (struct vms *)task;

    if (hvs_vm_list_end(run, &self->list, err) < 0)
        return -1;
    if (!task->work->target.vm || self->list->count)
        return 0;
    hvs_err_set(err, HVS_JOB, 0, "no such VM");
    return hvs_err_class(err, HVS_CLASS_NOT_FOUND);
}

static void clear(struct task *task)
{
    struct vms *self = (struct vms *)task;

    hvs_vm_list_free(self->list);
    self->list = NULL;
}

static const struct task_kind kind = {
    .size = sizeof(struct vms),
    .begin = begin,
    .ended = ended,
    .report = report,
    .clear = clear,
};

static int run(struct call *call, struct hvs_error *err)
{
    headings(call);
    return tasks_run(call, &kind, NULL, err);
}

const struct command command_vms = {
    .name = "vms",
    .operands = "[TARGET...]",
    .summary = "list VMs, their states and how many snapshots they have",
    .about = "",
    .examples = "  hvsnap vms hv01/\n"
                "  hvsnap vms -H hv01 web1 -o wide\n",
    .opts = vms_opts,
    .list = "hosts",
    .targets = TARGET_ANY,
    .run = run,
};
