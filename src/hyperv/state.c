#include "hyperv/state.h"

#include "base/err.h"
#include "hyperv/names.h"

#include <hvsnap/vm.h>

#include <stddef.h>
#include <stdio.h>

enum { ACTING = 1, READING, PAUSING };
enum { LOOK_MS = 1000, MOST_LOOKS = 20 };

static const struct hvs_request_kind request_state = {.template = "request-state",
                                                      .action = HVS_V2
                                                      "/" HVS_CLASS_SYSTEM
                                                      "/RequestStateChange",
                                                      .resource = HVS_V2
                                                      "/" HVS_CLASS_SYSTEM,
                                                      .effect = HVS_CHANGE};

static enum hvs_want look(struct hvs_change_state *self, struct hvs_run *run,
                          struct hvs_error *err)
{
    self->seen = 0;
    hvs_system_query_clear(&self->query);
    if (hvs_system_query_init(&self->query, self->vm_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->query.query.op);
}

/* The VM's state as just read; 0 when it is not to be seen. */
static uint32_t seen(struct hvs_change_state *self)
{
    self->seen = self->query.count ? self->query.rows[0].state : 0;
    return self->seen;
}

static enum hvs_want say(struct hvs_change_state *self, enum hvs_outcome outcome)
{
    self->found.outcome = outcome;
    return HVS_DONE;
}

/* In which state is it? That the old one stands proves nothing before the request can no
 * longer act. Nor is it sent again before that: a second "turn off" that comes late would
 * meet a VM that was started since. */
static enum hvs_want judge(struct hvs_change_state *self, struct hvs_run *run)
{
    uint32_t state = seen(self);

    if (state == self->state)
        return say(self, HVS_OUTCOME_DONE);
    if (!state)
        return say(self, HVS_OUTCOME_UNKNOWN);
    if (!hvs_change_settled(&self->act.change, run) || hvs_state_passes(state))
        return hvs_find_out_pause(&self->found.op, run, 0);
    return say(self, state == self->from ? HVS_OUTCOME_NOT_DONE : HVS_OUTCOME_UNKNOWN);
}

static enum hvs_want found_step(struct hvs_op *op, struct hvs_run *run,
                                const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_change_state *self =
        (struct hvs_change_state *)((char *)op -
                                    offsetof(struct hvs_change_state, found.op));

    if (event->cause && hvs_find_out_may_ask_again(run, event->cause, &self->lost))
        return hvs_find_out_pause(op, run, 0);
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why == HVS_RETURNED)
        return judge(self, run);
    return look(self, run, err);
}

static enum hvs_want begin(struct hvs_change_state *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    char state[16];
    const struct hvs_param params[] = {{"VM_ID", self->vm_id}, {"STATE", state}};

    snprintf(state, sizeof(state), "%u", (unsigned)self->state);
    self->op.phase = ACTING;
    return hvs_act_call(&self->act, run, &request_state, params, 2, err);
}

static enum hvs_want read_back(struct hvs_change_state *self, struct hvs_run *run,
                               struct hvs_error *err)
{
    self->op.phase = READING;
    return look(self, run, err);
}

static enum hvs_want acted(struct hvs_change_state *self, struct hvs_run *run,
                           const struct hvs_event *event, struct hvs_error *err)
{
    self->outcome = self->act.outcome;
    if (!event->cause && self->act.end == HVS_ACT_FOUND)
        return HVS_DONE;
    if (!event->cause)
        return read_back(self, run, err);
    /* it said no: because somebody else was faster? */
    if (self->outcome != HVS_OUTCOME_NOT_DONE)
        return hvs_fail(err, event->cause);
    self->seen = self->act.refusal.state;
    if (self->seen != self->state)
        return hvs_fail(err, event->cause);
    self->outcome = HVS_OUTCOME_DONE;
    return HVS_DONE;
}

static enum hvs_want verify(struct hvs_change_state *self, struct hvs_run *run,
                            struct hvs_error *err)
{
    uint32_t state = seen(self);
    char number[16], wanted[16];

    self->outcome = HVS_OUTCOME_DONE;
    if (state == self->state)
        return HVS_DONE;
    self->outcome = HVS_OUTCOME_UNKNOWN;
    if (state && self->looks++ < MOST_LOOKS) {
        self->op.phase = PAUSING; /* it shows a little after the job's end */
        run->wait_ms = LOOK_MS;
        return HVS_WAIT;
    }
    if (!state) {
        hvs_err_set_hint(err, HVS_JOB, 0, "has it moved to another node?",
                         "the VM '%s' is no longer to be seen", self->vm_name);
        hvs_err_class(err, HVS_CLASS_UNKNOWN);
        return HVS_FAIL;
    }
    hvs_err_set(err, HVS_JOB, 0, "the host said yes, but the VM '%s' is %s, not %s",
                self->vm_name, hvs_vm_state_name(state, number),
                hvs_vm_state_name(self->state, wanted));
    return HVS_FAIL;
}

static enum hvs_want state_step(struct hvs_op *op, struct hvs_run *run,
                                const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_change_state *self = (struct hvs_change_state *)op;

    if (op->phase == ACTING)
        return acted(self, run, event, err);
    if (event->cause) {
        self->outcome = HVS_OUTCOME_UNKNOWN;
        return hvs_fail(err, event->cause);
    }
    switch (op->phase) {
    case READING: return verify(self, run, err);
    case PAUSING: return read_back(self, run, err);
    default: return begin(self, run, err);
    }
}

void hvs_change_state_init(struct hvs_change_state *self, const char *vm_id,
                           const char *vm_name, uint32_t from, uint32_t state,
                           unsigned retries)
{
    *self = (struct hvs_change_state){.op.step = state_step,
                                      .found.op.step = found_step,
                                      .vm_id = vm_id,
                                      .vm_name = vm_name,
                                      .from = from,
                                      .state = state};
    hvs_act_init(&self->act, vm_id, vm_name, &self->found, retries);
}

void hvs_change_state_clear(struct hvs_change_state *self)
{
    hvs_act_clear(&self->act);
    hvs_system_query_clear(&self->query);
}
