#include "hyperv/refusal.h"

#include "base/err.h"
#include "hyperv/result.h"

#include <hvsnap/vm.h>

#include <stdio.h>
#include <string.h>

static enum hvs_want judge(struct hvs_refusal *self, struct hvs_error *err)
{
    const struct hvs_system *system = self->query.count ? &self->query.rows[0] : NULL;
    const char *operation;
    char number[16], line[200];

    if (!system) {
        hvs_err_set_hint(
            err, self->why.domain, self->why.code,
            "a clustered VM is managed on the node that owns it: find that node "
            "and try there",
            "the VM '%s' is no longer on this host; it may have moved to another "
            "node of its cluster, or been deleted",
            self->vm_name);
        hvs_err_class(err, HVS_CLASS_NOT_FOUND);
        return HVS_FAIL;
    }
    *err = self->why;
    if (!hvs_result_is_state(self->code))
        return HVS_FAIL;
    operation = hvs_system_operation(system);
    snprintf(line, sizeof(line), "the VM is %s%s%s",
             hvs_vm_state_name(system->state, number),
             *operation ? ", and under way is: " : "", operation);
    hvs_err_detail(err, line);
    hvs_err_class(err, hvs_system_is_busy(system) ? HVS_CLASS_BUSY : HVS_CLASS_REFUSED);
    return HVS_FAIL;
}

static enum hvs_want refusal_step(struct hvs_op *op, struct hvs_run *run,
                                  const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_refusal *self = (struct hvs_refusal *)op;

    if (event->why == HVS_START) {
        hvs_system_query_clear(&self->query);
        if (hvs_system_query_init(&self->query, self->vm_id, err) < 0)
            return HVS_FAIL;
        return hvs_call(run, &self->query.query.op);
    }
    /* no look to be had: then what is known has to do */
    if (event->cause)
        return hvs_fail(err, &self->why);
    return judge(self, err);
}

void hvs_refusal_init(struct hvs_refusal *self, const char *vm_id, const char *vm_name,
                      const char *method, uint32_t code, const struct hvs_error *why)
{
    *self = (struct hvs_refusal){.op.step = refusal_step,
                                 .vm_id = vm_id,
                                 .vm_name = vm_name,
                                 .code = code};
    if (why)
        self->why = *why;
    else
        hvs_result_error(code, method, &self->why);
}

void hvs_refusal_clear(struct hvs_refusal *self)
{
    hvs_system_query_clear(&self->query);
}
