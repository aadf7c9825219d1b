#include "hyperv/why_not.h"

#include "base/err.h"
#include "hyperv/result.h"

#include <stdio.h>
#include <string.h>

enum { MOST_SNAPSHOTS = 50 }; /* of a VM, as documented up to Windows Server 2019 */

static enum hvs_want judge(struct hvs_why_not *self, struct hvs_error *err)
{
    const struct hvs_settings_set *set = &self->query.set;
    const struct hvs_settings *vm = hvs_settings_vm(set);
    enum hvs_snapshot_kind kind;
    size_t i, count = 0;

    *err = self->failed;
    for (i = 0; i < set->count; i++) {
        if (!hvs_settings_is_snapshot(&set->rows[i]))
            continue;
        kind = hvs_settings_kind(&set->rows[i]);
        count += kind == HVS_KIND_USER || kind == HVS_KIND_AUTOMATIC;
    }
    if (vm && vm->checkpoint == HVS_CHECKPOINT_DISABLED)
        snprintf(err->hint, sizeof(err->hint),
                 "snapshots are disabled for the VM; on the host: Set-VM -CheckpointType "
                 "Production");
    else if (count >= MOST_SNAPSHOTS)
        snprintf(err->hint, sizeof(err->hint),
                 "the VM has %zu snapshots, and Hyper-V takes %d: delete some", count,
                 MOST_SNAPSHOTS);
    else
        return HVS_FAIL;
    hvs_err_class(err, HVS_CLASS_REFUSED);
    return HVS_FAIL;
}

static enum hvs_want why_step(struct hvs_op *op, struct hvs_run *run,
                              const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_why_not *self = (struct hvs_why_not *)op;

    if (event->cause)
        return hvs_fail(err, &self->failed);
    if (event->why == HVS_RETURNED)
        return judge(self, err);
    if (hvs_settings_of_vm(&self->query, self->vm_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->query.query.op);
}

void hvs_why_not_init(struct hvs_why_not *self, const char *vm_id,
                      const struct hvs_error *failed)
{
    *self = (struct hvs_why_not){.op.step = why_step, .vm_id = vm_id, .failed = *failed};
    hvs_settings_query_init(&self->query);
}

void hvs_why_not_clear(struct hvs_why_not *self)
{
    hvs_settings_query_clear(&self->query);
}

bool hvs_why_not_asks(const struct hvs_error *failed)
{
    return failed->domain == HVS_JOB && failed->class_ == HVS_CLASS_JOB &&
           strcmp(failed->hint, hvs_result_hint((uint32_t)failed->code, "")) == 0;
}
