#include "hyperv/act.h"

#include "hyperv/result.h"
#include "wsman/fault.h"

#include <stdio.h>
#include <string.h>

enum { CHANGING = 1, REFUSED, WAITING };

/* The host turned it away: is it for the VM's sake? */
static enum hvs_want refused(struct hvs_act *self, struct hvs_run *run,
                             const struct hvs_error *cause)
{
    const char *method = strrchr(self->change.request.action, '/') + 1;
    uint32_t code = cause && cause->domain == HVS_JOB ? (uint32_t)cause->code
                                                      : self->change.return_value;

    self->op.phase = REFUSED;
    self->outcome = HVS_OUTCOME_NOT_DONE;
    hvs_refusal_init(&self->refusal, self->vm_id, self->vm_name, method, code, cause);
    return hvs_call(run, &self->refusal.op);
}

static enum hvs_want changed(struct hvs_act *self, struct hvs_run *run,
                             const struct hvs_event *event, struct hvs_error *err)
{
    const struct hvs_change *change = &self->change;

    self->outcome = change->outcome;
    if (event->cause && hvs_fault_flags(event->cause) & HVS_FAULT_GONE)
        return refused(self, run, event->cause);
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (change->outcome == HVS_OUTCOME_NOT_DONE)
        return refused(self, run, NULL);
    if (change->found && change->outcome == HVS_OUTCOME_DONE) {
        self->end = HVS_ACT_FOUND;
        return HVS_DONE;
    }
    if (!change->found)
        snprintf(self->job, sizeof(self->job), "%s", change->job);
    if (!self->job[0])
        return HVS_DONE;
    self->op.phase = WAITING;
    hvs_job_wait_init(&self->wait, self->job, change->job_class);
    return hvs_call(run, &self->wait.op);
}

static enum hvs_want waited(struct hvs_act *self, struct hvs_run *run,
                            const struct hvs_event *event, struct hvs_error *err)
{
    if (!event->cause) {
        if (self->wait.end != HVS_JOB_COMPLETED)
            self->end = HVS_ACT_LOST;
        return HVS_DONE;
    }
    if (self->wait.end != HVS_JOB_FAILED)
        return hvs_fail(err, event->cause); /* it may go on without us */
    self->outcome = HVS_OUTCOME_NOT_DONE;
    if (hvs_result_is_state((uint32_t)event->cause->code))
        return refused(self, run, event->cause);
    return hvs_fail(err, event->cause);
}

static enum hvs_want act_step(struct hvs_op *op, struct hvs_run *run,
                              const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_act *self = (struct hvs_act *)op;

    switch (op->phase) {
    case CHANGING: return changed(self, run, event, err);
    case WAITING: return waited(self, run, event, err);
    case REFUSED: return hvs_fail(err, event->cause);
    default: break;
    }
    op->phase = CHANGING;
    hvs_run_note(run, HVS_PHASE_CHANGE, NULL, 0);
    return hvs_call(run, &self->change.op);
}

void hvs_act_init(struct hvs_act *self, const char *vm_id, const char *vm_name,
                  struct hvs_find_out *find_out, unsigned retries)
{
    *self = (struct hvs_act){.op.step = act_step, .vm_id = vm_id, .vm_name = vm_name};
    hvs_change_init(&self->change, find_out, retries);
    self->change.is_open = hvs_result_is_open;
}

void hvs_act_clear(struct hvs_act *self)
{
    hvs_change_clear(&self->change);
    hvs_job_wait_clear(&self->wait);
    hvs_refusal_clear(&self->refusal);
}

enum hvs_want hvs_act_call(struct hvs_act *self, struct hvs_run *run,
                           const struct hvs_request_kind *kind,
                           const struct hvs_param *params, size_t count,
                           struct hvs_error *err)
{
    if (hvs_request_fill(&self->change.request, kind, params, count, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->op);
}
