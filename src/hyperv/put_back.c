#include "hyperv/put_back.h"

#include "base/err.h"

#include <stdio.h>

enum { WAITING = 1, LOOKING, CHANGING, PAUSING };

/* A VM is busy for as long as others are at it. */
enum { MOST_TRIES = 30, PAUSE_MS = 2000 };

/* As Set-VM's -CheckpointType spells them. */
static const char *spelt(uint32_t type)
{
    switch (type) {
    case HVS_CHECKPOINT_DISABLED: return "Disabled";
    case HVS_CHECKPOINT_PRODUCTION: return "Production";
    case HVS_CHECKPOINT_PRODUCTION_ONLY: return "ProductionOnly";
    default: return "Standard";
    }
}

static enum hvs_want look(struct hvs_put_back *self, struct hvs_run *run,
                          struct hvs_error *err)
{
    self->op.phase = LOOKING;
    if (hvs_settings_by_id(&self->look, self->instance_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->look.query.op);
}

static enum hvs_want end(struct hvs_put_back *self, struct hvs_run *run,
                         enum hvs_put_back_end state)
{
    self->state = state;
    run->by_hand = NULL;
    return HVS_DONE;
}

/* It did not go: is it worth another look? */
static enum hvs_want failed(struct hvs_put_back *self, struct hvs_run *run,
                            const struct hvs_error *cause, struct hvs_error *err)
{
    bool never = cause->class_ == HVS_CLASS_AUTH || cause->class_ == HVS_CLASS_USAGE ||
                 cause->class_ == HVS_CLASS_NOT_FOUND;

    if (run->stop.domain || never || self->tries++ >= MOST_TRIES)
        return hvs_fail(err, cause);
    self->op.phase = PAUSING;
    run->wait_ms = PAUSE_MS;
    return HVS_WAIT;
}

/* Can it still come to have what we gave it? */
static bool unsure(const struct hvs_put_back *self, const struct hvs_run *run)
{
    return self->given->outcome == HVS_OUTCOME_UNKNOWN &&
           !hvs_change_settled(self->given, run);
}

static enum hvs_want seen(struct hvs_put_back *self, struct hvs_run *run,
                          struct hvs_error *err)
{
    const struct hvs_settings *row = self->look.set.count ? &self->look.set.rows[0]
                                                          : NULL;

    if (!row) {
        hvs_err_set(err, HVS_JOB, 0, "the VM is no longer to be seen");
        hvs_err_class(err, HVS_CLASS_NOT_FOUND);
        return HVS_FAIL;
    }
    if (row->checkpoint == self->of.before && unsure(self, run)) {
        hvs_err_set(err, HVS_JOB, 0, "a request that was lost may still change it");
        hvs_err_class(err, HVS_CLASS_UNKNOWN);
        return HVS_FAIL;
    }
    if (row->checkpoint == self->of.before)
        return end(self, run, HVS_PUT_BACK_DONE);
    if (row->checkpoint != self->of.ours)
        return end(self, run, HVS_PUT_BACK_LEFT);
    self->op.phase = CHANGING;
    hvs_change_settings_clear(&self->change);
    hvs_change_settings_init(&self->change,
                             &(struct hvs_new_settings){.instance_id = self->instance_id,
                                                        .checkpoint = self->of.before},
                             row, self->of.retries);
    return hvs_call(run, &self->change.op);
}

static enum hvs_want begin(struct hvs_put_back *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    if (!self->job[0])
        return look(self, run, err);
    self->op.phase = WAITING;
    hvs_job_wait_clear(&self->wait);
    hvs_job_wait_init(&self->wait, self->job, "");
    return hvs_call(run, &self->wait.op);
}

static enum hvs_want back_step(struct hvs_op *op, struct hvs_run *run,
                               const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_put_back *self = (struct hvs_put_back *)op;

    switch (op->phase) {
    case WAITING: /* the job is over when it failed, too */
        if (event->cause && self->wait.end != HVS_JOB_FAILED)
            return hvs_fail(err, event->cause);
        return look(self, run, err);
    case LOOKING:
        return event->cause ? failed(self, run, event->cause, err) : seen(self, run, err);
    case CHANGING:
        return event->cause ? failed(self, run, event->cause, err)
                            : end(self, run, HVS_PUT_BACK_DONE);
    case PAUSING:
        return event->cause ? hvs_fail(err, event->cause) : look(self, run, err);
    default: return begin(self, run, err);
    }
}

void hvs_put_back_init(struct hvs_put_back *self, const struct hvs_put_back_of *of,
                       const struct hvs_change *given)
{
    *self = (struct hvs_put_back){.op.step = back_step,
                                  .of = *of,
                                  .given = given,
                                  .job = "",
                                  .state = HVS_PUT_BACK_NOT};
    snprintf(self->instance_id, sizeof(self->instance_id), "Microsoft:%.40s", of->vm_id);
    snprintf(self->by_hand, sizeof(self->by_hand),
             "Get-VM -Id %.40s | Set-VM -CheckpointType %s", of->vm_id,
             spelt(of->before));
    hvs_settings_query_init(&self->look);
}

void hvs_put_back_clear(struct hvs_put_back *self)
{
    hvs_job_wait_clear(&self->wait);
    hvs_settings_query_clear(&self->look);
    hvs_change_settings_clear(&self->change);
}
