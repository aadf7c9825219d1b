#include "hyperv/created.h"

#include <stdio.h>
#include <string.h>

enum { LOOKING = 1, PAUSING };

struct hvs_census_of hvs_created_of(const struct hvs_created *self)
{
    struct hvs_census_of of = self->of;

    of.since = self->change->host_time;
    of.asked = self->change->host_seen;
    return of;
}

static enum hvs_want look(struct hvs_created *self, struct hvs_run *run)
{
    self->base.op.phase = LOOKING;
    self->job[0] = self->snapshot[0] = '\0';
    self->census.of = hvs_created_of(self);
    return hvs_call(run, &self->census.op);
}

static enum hvs_want say(struct hvs_created *self, enum hvs_outcome outcome)
{
    self->base.outcome = outcome;
    return HVS_DONE;
}

/* It can no longer act, and nothing of it was found. */
static enum hvs_outcome nothing_found(const struct hvs_census *census)
{
    bool sure = census->vm_seen && !census->strayed && !census->timeless &&
                !census->children && !census->homeless;

    return sure ? HVS_OUTCOME_NOT_DONE : HVS_OUTCOME_UNKNOWN;
}

static enum hvs_want judge(struct hvs_created *self, struct hvs_run *run)
{
    const struct hvs_census *census = &self->census;
    /* a new child may be what somebody else's job has made and does not name yet */
    bool anybodys = census->nameless || census->homeless;

    if (census->ours > 1 || census->maybe_ours)
        return say(self, HVS_OUTCOME_UNKNOWN);
    if (census->ours == 1 && !census->homeless) {
        memcpy(self->job, census->job, sizeof(self->job));
        return say(self, HVS_OUTCOME_STARTED);
    }
    if (!census->ours && census->children && !anybodys) {
        if (census->children > 1)
            return say(self, HVS_OUTCOME_UNKNOWN);
        snprintf(self->snapshot, sizeof(self->snapshot), "%s",
                 census->child->instance_id);
        return say(self, HVS_OUTCOME_DONE);
    }
    if (!hvs_change_settled(self->change, run))
        return hvs_find_out_pause(&self->base.op, run, PAUSING);
    return say(self, nothing_found(census));
}

static enum hvs_want created_step(struct hvs_op *op, struct hvs_run *run,
                                  const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_created *self = (struct hvs_created *)op;

    if (event->cause) {
        if (!hvs_find_out_may_ask_again(run, event->cause, &self->lost))
            return hvs_fail(err, event->cause);
        return hvs_find_out_pause(op, run, PAUSING);
    }
    if (event->why == HVS_RETURNED)
        return judge(self, run);
    return look(self, run);
}

void hvs_created_init(struct hvs_created *self, const struct hvs_change *change)
{
    *self = (struct hvs_created){.base.op.step = created_step, .change = change};
    hvs_census_init(&self->census);
}

void hvs_created_clear(struct hvs_created *self)
{
    hvs_census_clear(&self->census);
}
