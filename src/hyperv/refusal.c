#include "hyperv/refusal.h"

#include "base/err.h"
#include "hyperv/job_query.h"
#include "hyperv/result.h"

#include <hvsnap/vm.h>

#include <stdio.h>
#include <string.h>

enum { ASKING = 1, LOOKING };

static enum hvs_want ask(struct hvs_refusal *self, struct hvs_run *run,
                         struct hvs_error *err)
{
    self->op.phase = ASKING;
    return hvs_summary_ask(run, self->vm_id, err);
}

static enum hvs_want look(struct hvs_refusal *self, struct hvs_run *run,
                          struct hvs_error *err)
{
    self->op.phase = LOOKING;
    hvs_system_query_clear(&self->query);
    if (hvs_system_query_init(&self->query, self->vm_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->query.query.op);
}

/* "the VM is running, and under way is: snapshot, 40 %" */
static void describe(const struct hvs_refusal *self, const struct hvs_system *system,
                     struct hvs_error *err)
{
    const char *operation = hvs_system_operation(system);
    char number[16], type[16], percent[24] = "", line[200];

    if (self->summary.job)
        snprintf(percent, sizeof(percent), ", %u %%", (unsigned)self->summary.percent);
    if (self->summary.job && !*operation)
        operation = hvs_job_type_text(self->summary.job_type, type);
    snprintf(line, sizeof(line), "the VM is %s%s%s%s",
             hvs_vm_state_name(system->state, number),
             *operation ? ", and under way is: " : "", operation, percent);
    hvs_err_detail(err, line);
}

void hvs_refusal_moved(const struct hvs_error *why, const char *vm_name,
                       struct hvs_error *err)
{
    hvs_err_set_hint(
        err, why->domain, why->code,
        "a clustered VM is managed on the node that owns it: find that node "
        "and try there",
        "the VM '%s' is no longer on this host; it may have moved to another "
        "node of its cluster, or been deleted",
        vm_name);
    hvs_err_class(err, HVS_CLASS_NOT_FOUND);
}

static enum hvs_want judge(struct hvs_refusal *self, const struct hvs_system *system,
                           struct hvs_error *err)
{
    bool busy;

    if (!system) {
        hvs_refusal_moved(&self->why, self->vm_name, err);
        return HVS_FAIL;
    }
    self->state = system->state;
    *err = self->why;
    if (!hvs_result_is_state(self->code))
        return HVS_FAIL;
    describe(self, system, err);
    busy = self->summary.job || hvs_system_is_busy(system);
    hvs_err_class(err, busy ? HVS_CLASS_BUSY : HVS_CLASS_REFUSED);
    return HVS_FAIL;
}

static enum hvs_want refusal_step(struct hvs_op *op, struct hvs_run *run,
                                  const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_refusal *self = (struct hvs_refusal *)op;
    struct hvs_error ignored = {0};

    if (event->why == HVS_START)
        return hvs_result_is_state(self->code) ? ask(self, run, err)
                                               : look(self, run, err);
    /* no look to be had: then what is known has to do */
    if (event->cause && (op->phase == LOOKING || run->stop.domain))
        return hvs_fail(err, &self->why);
    if (op->phase == LOOKING)
        return judge(self, self->query.count ? &self->query.rows[0] : NULL, err);
    if (event->cause || hvs_summary_read(event->body, &self->summary, &ignored) < 0 ||
        !self->summary.found) {
        self->summary = (struct hvs_summary){0};
        return look(self, run, err);
    }
    return judge(self, &self->summary.system, err);
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
