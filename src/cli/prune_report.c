#include "base/buf.h"
#include "cli/json.h"
#include "cli/prune.h"

static bool was_changed(const struct prune_vm *vm)
{
    size_t i;

    for (i = 0; i < vm->count; i++)
        if (vm->deleted[i] && vm->deleted[i]->outcome != HVS_OUTCOME_NOT_DONE)
            return true;
    return false;
}

/* "kept", "would go", or what came of deleting it. */
static const char *what_became(const struct prune *prune, const struct prune_vm *vm,
                               size_t i)
{
    if (!vm->plan || vm->plan->items[i].keep)
        return "kept";
    if (prune->rules->dry_run || vm->err.domain)
        return "would-go";
    if (vm->deleted[i] && vm->deleted[i]->outcome == HVS_OUTCOME_DONE)
        return "deleted";
    return vm->deleted[i] ? hvs_outcome_name(vm->deleted[i]->outcome) : "not-done";
}

struct decisions {
    const struct prune *prune;
    const struct prune_vm *vm;
};

static json_t *decision_at(const void *arg, size_t i)
{
    const struct prune *prune = ((const struct decisions *)arg)->prune;
    const struct prune_vm *vm = ((const struct decisions *)arg)->vm;
    json_t *out = json_object(), *reasons = json_array();
    size_t n;

    for (n = 0; vm->plan && n < vm->plan->items[i].reason_count; n++)
        json_push(&reasons, json_text(vm->plan->items[i].reasons[n]));
    json_put(&out, "outcome", json_string(what_became(prune, vm, i)));
    json_put(&out, "reasons", reasons);
    json_put(&out, "snapshot", json_snapshot(vm->items[i]));
    json_put_error(&out, &vm->errs[i]);
    return out;
}

static void report_item(const struct prune *prune, const struct task *task,
                        const struct prune_vm *vm)
{
    const struct decisions decisions = {prune, vm};
    const struct output_array arrays[] = {{"snapshots", vm->count, decision_at,
                                           &decisions},
                                          {0}};
    json_t *item = json_object(), *of = json_object();

    json_put(&of, "id", json_text(vm->items[0]->vm_id));
    json_put(&of, "name", json_text(vm->items[0]->vm_name));
    json_put(&item, "host", json_text(task->work->host->name));
    json_put(&item, "vm", of);
    json_put(&item, "dry_run", json_boolean(prune->rules->dry_run));
    json_put(&item, "changed", json_boolean(was_changed(vm)));
    json_put(&item, "snapshots", json_array());
    json_put_error(&item, &task->err);
    output_item_of(&task->call->out, item, arrays);
}

static void reasons_text(const struct prune_vm *vm, size_t i, struct hvs_buf *out)
{
    size_t n;

    for (n = 0; n < vm->plan->items[i].reason_count; n++)
        hvs_buf_printf(out, "%s%s", n ? ", " : "", vm->plan->items[i].reasons[n]);
}

static void report_row(const struct prune *prune, const struct task *task,
                       const struct prune_vm *vm, size_t i)
{
    struct output *out = &task->call->out;
    struct hvs_buf why = HVS_BUF_INIT(4096);
    char created[32];

    if (out->format == OUTPUT_NAME) {
        output_id(out, vm->items[i]->id);
        return;
    }
    reasons_text(vm, i, &why);
    table_cell(&out->table, task->work->host->name);
    table_cell(&out->table, vm->items[i]->vm_name);
    table_cell(&out->table, vm->items[i]->name);
    table_cell(&out->table, time_local(vm->items[i]->created_ms, created));
    table_cell(&out->table, what_became(prune, vm, i));
    table_cell(&out->table, vm->items[i]->id);
    if (hvs_buf_no_memory(&why))
        out->table.failed = true;
    table_cell(&out->table, hvs_buf_str(&why));
    hvs_buf_clear(&why);
}

/* All of them in a dry run, or in a wide table; else what goes. */
void prune_report(struct task *task)
{
    const struct prune *prune = task->call->view;
    const struct prune_vm *vm = &prune->vms[task->work - task->call->works];
    enum output_format format = task->call->out.format;
    bool all = format == OUTPUT_WIDE ||
               (format == OUTPUT_TABLE && (prune->rules->dry_run || vm->err.domain));
    size_t i;

    if (output_is_json(&task->call->out)) {
        report_item(prune, task, vm);
        return;
    }
    for (i = 0; vm->plan && i < vm->count; i++)
        if (all || !vm->plan->items[i].keep)
            report_row(prune, task, vm, i);
}
