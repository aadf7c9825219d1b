#include "hyperv/choose.h"

#include "base/err.h"

#include <stdio.h>

enum { FINDING = 1, LISTING };

static enum hvs_want pick(struct hvs_choose *self, const struct hvs_settings_set *set,
                          struct hvs_error *err)
{
    const struct hvs_settings *vm = hvs_settings_vm(set);

    self->set = set;
    hvs_settings_parent(vm ? vm : self->find.vm, self->stood_on);
    self->row = hvs_find_snapshot(set, self->wanted, err);
    return self->row ? HVS_DONE : HVS_FAIL;
}

static enum hvs_want found(struct hvs_choose *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    snprintf(self->vm_id, sizeof(self->vm_id), "%.39s", self->find.vm->vm_id);
    /* who asks by the VM's id gets its snapshots with it */
    if (hvs_same_guid(self->vm_id, self->find.id))
        return pick(self, &self->find.query.set, err);
    self->op.phase = LISTING;
    if (hvs_settings_of_vm(&self->list, self->vm_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->list.query.op);
}

static enum hvs_want choose_step(struct hvs_op *op, struct hvs_run *run,
                                 const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_choose *self = (struct hvs_choose *)op;

    if (event->cause)
        return hvs_fail(err, event->cause);
    switch (op->phase) {
    case FINDING: return found(self, run, err);
    case LISTING: return pick(self, &self->list.set, err);
    default: break;
    }
    op->phase = FINDING;
    return hvs_call(run, &self->find.op);
}

void hvs_choose_init(struct hvs_choose *self, const char *vm, const char *wanted)
{
    *self = (struct hvs_choose){.op.step = choose_step, .vm = vm, .wanted = wanted};
    hvs_find_vm_init(&self->find, vm);
    hvs_settings_query_init(&self->list);
}

void hvs_choose_clear(struct hvs_choose *self)
{
    hvs_find_vm_clear(&self->find);
    hvs_settings_query_clear(&self->list);
}

const char *hvs_choose_vm_name(const struct hvs_choose *self)
{
    return self->find.vm->name ? self->find.vm->name : "";
}

const char *hvs_choose_name(const struct hvs_choose *self)
{
    return self->row->name ? self->row->name : "";
}

int hvs_choose_check_kind(const struct hvs_settings *row, const char *done, bool may,
                          struct hvs_error *err)
{
    const char *name = row->name ? row->name : hvs_settings_guid(row);
    const char *unless = may ? "; --any-kind does it all the same" : "";
    enum hvs_snapshot_kind kind = hvs_settings_kind(row);
    const char *why = "it belongs to the backup or replication program that made it";
    char hint[160];

    if (kind == HVS_KIND_USER || kind == HVS_KIND_AUTOMATIC)
        return 0;
    if (kind == HVS_KIND_MISSING)
        why = "its files are gone from the host";
    snprintf(hint, sizeof(hint), "%s%s", why, unless);
    if (kind == HVS_KIND_MISSING && !may)
        hvs_err_set_hint(err, HVS_USAGE, 0, hint,
                         "'%s' is a missing snapshot, which cannot be %s", name, done);
    else
        hvs_err_set_hint(err, HVS_USAGE, 0, hint,
                         "'%s' is a %s snapshot, which is not %s by hand", name,
                         hvs_snapshot_kind_name(kind), done);
    return hvs_err_class(err, HVS_CLASS_REFUSED);
}
