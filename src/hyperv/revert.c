#include "hyperv/revert.h"

#include "base/err.h"
#include "hyperv/names.h"
#include "wsman/session.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { ACTING = 1, SEARCHING, LOOKING };

static const struct hvs_request_kind apply_snapshot = {.template = "apply-snapshot",
                                                       .action = HVS_V2
                                                       "/" HVS_CLASS_SNAPSHOTS
                                                       "/ApplySnapshot",
                                                       .resource = HVS_V2
                                                       "/" HVS_CLASS_SNAPSHOTS,
                                                       .effect = HVS_CHANGE};

enum place { ON_IT, AS_BEFORE, ELSEWHERE, UNSEEN };

static bool stood_on_it(const struct hvs_revert *self)
{
    return hvs_same_guid(self->from->stood_on, hvs_settings_guid(self->from->row));
}

static const struct hvs_settings *by_guid(const struct hvs_settings_set *set,
                                          const char *guid)
{
    char id[64];

    snprintf(id, sizeof(id), "Microsoft:%.40s", guid);
    return hvs_settings_find(set, id);
}

/* Where does the VM stand? Snapshots that somebody took in the meantime lie between. */
static enum place where(const struct hvs_revert *self, const struct hvs_settings_set *now)
{
    const char *wanted = hvs_settings_guid(self->from->row);
    const struct hvs_settings *at = hvs_settings_vm(now);
    size_t steps;
    char guid[40];

    if (!at)
        return UNSEEN;
    for (steps = 0; steps <= now->count; steps++) {
        hvs_settings_parent(at, guid);
        if (hvs_same_guid(guid, wanted))
            return ON_IT;
        if (hvs_same_guid(guid, self->from->stood_on))
            return AS_BEFORE;
        at = by_guid(now, guid);
        if (!at || by_guid(self->from->set, guid))
            return ELSEWHERE;
    }
    return ELSEWHERE;
}

/* Can the VM have come to stand on the snapshot without anybody's applying it? When what
 * it stood on is deleted, it stands on that one's parent. */
static bool slid(const struct hvs_revert *self, const struct hvs_settings_set *now)
{
    const struct hvs_settings_set *before = self->from->set;
    const struct hvs_settings *at = by_guid(before, self->from->stood_on);
    size_t steps;
    char guid[40];

    for (steps = 0; at && steps <= before->count; steps++) {
        if (hvs_settings_find(now, at->instance_id))
            return false;
        hvs_settings_parent(at, guid);
        if (hvs_same_guid(guid, hvs_settings_guid(self->from->row)))
            return true;
        at = by_guid(before, guid);
    }
    return false;
}

static bool went_there(const struct hvs_revert *self, const struct hvs_settings_set *now)
{
    return where(self, now) == ON_IT && !stood_on_it(self) && !slid(self, now);
}

static enum hvs_want say(struct hvs_revert *self, enum hvs_outcome outcome)
{
    self->found.outcome = outcome;
    return HVS_DONE;
}

static enum hvs_want judge(struct hvs_revert *self, struct hvs_run *run)
{
    const struct hvs_census *jobs = &self->jobs;
    const struct hvs_settings_set *now = &jobs->settings.set;
    bool more = jobs->ours && strcmp(jobs->job, self->act.job) != 0;

    if (jobs->ours > 1 || jobs->maybe_ours)
        return say(self, HVS_OUTCOME_UNKNOWN);
    if (more && !jobs->homeless && !self->act.job[0]) {
        memcpy(self->act.job, jobs->job, sizeof(self->act.job));
        return say(self, HVS_OUTCOME_STARTED);
    }
    if (went_there(self, now))
        return say(self, HVS_OUTCOME_DONE);
    if (!hvs_change_settled(&self->act.change, run) || jobs->under_way)
        return hvs_find_out_pause(&self->found.op, run, 0);
    if (stood_on_it(self) || jobs->homeless || more || where(self, now) != AS_BEFORE)
        return say(self, HVS_OUTCOME_UNKNOWN);
    return say(self, HVS_OUTCOME_NOT_DONE);
}

static enum hvs_want found_step(struct hvs_op *op, struct hvs_run *run,
                                const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_revert *self =
        (struct hvs_revert *)((char *)op - offsetof(struct hvs_revert, found.op));

    if (event->cause && hvs_find_out_may_ask_again(run, event->cause, &self->lost))
        return hvs_find_out_pause(op, run, 0);
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why == HVS_RETURNED)
        return judge(self, run);
    self->jobs.of.since = self->act.change.host_time;
    self->jobs.of.asked = self->act.change.host_seen;
    return hvs_call(run, &self->jobs.op);
}

static enum hvs_want begin(struct hvs_revert *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    const struct hvs_evidence *we = hvs_session_evidence(run->session);
    const struct hvs_param params[] = {{"INSTANCE_ID", self->from->row->instance_id}};

    hvs_act_init(&self->act, self->from->vm_id, hvs_choose_vm_name(self->from),
                 &self->found, self->retries);
    self->jobs.of = (struct hvs_census_of){.job_type = HVS_JOB_APPLY,
                                           .vm_id = self->from->vm_id,
                                           .stood_on = self->from->stood_on,
                                           .account = we->account,
                                           .domain = we->domain};
    self->op.phase = ACTING;
    return hvs_act_call(&self->act, run, &apply_snapshot, params, 1, err);
}

static enum hvs_want prove(struct hvs_revert *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    self->op.phase = LOOKING;
    hvs_run_note(run, HVS_PHASE_VERIFY, NULL, 0);
    if (hvs_settings_of_vm(&self->look, self->from->vm_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->look.query.op);
}

static enum hvs_want acted(struct hvs_revert *self, struct hvs_run *run,
                           const struct hvs_event *event, struct hvs_error *err)
{
    self->outcome = self->act.outcome;
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (self->act.end == HVS_ACT_FOUND)
        return HVS_DONE;
    if (self->act.end == HVS_ACT_SAID)
        return prove(self, run, err);
    self->op.phase = SEARCHING;
    return hvs_call(run, &self->found.op);
}

static enum hvs_want unknown(struct hvs_revert *self, const struct hvs_error *cause,
                             struct hvs_error *err)
{
    self->outcome = HVS_OUTCOME_UNKNOWN;
    if (cause)
        *err = *cause;
    else
        hvs_err_set_hint(err, HVS_JOB, 0, "'hvsnap list' shows where the VM stands",
                         "whether the VM '%s' went back to '%s' is unknown",
                         hvs_choose_vm_name(self->from), hvs_choose_name(self->from));
    if (!hvs_err_is_stop(err))
        hvs_err_class(err, HVS_CLASS_UNKNOWN);
    return HVS_FAIL;
}

/* The job is gone, or ended in an odd way: what is there counts. */
static enum hvs_want searched(struct hvs_revert *self, const struct hvs_event *event,
                              struct hvs_error *err)
{
    if (event->cause)
        return unknown(self, event->cause, err);
    self->outcome = self->found.outcome;
    if (self->outcome == HVS_OUTCOME_DONE)
        return HVS_DONE;
    if (self->outcome != HVS_OUTCOME_NOT_DONE)
        return unknown(self, NULL, err);
    hvs_err_set_hint(err, HVS_JOB, self->act.wait.error_code,
                     "it is safe to repeat: the VM stands where it did",
                     "the host's job is over, and did not restore the VM '%s'",
                     hvs_choose_vm_name(self->from));
    return HVS_FAIL;
}

/* The host said yes. */
static enum hvs_want looked(struct hvs_revert *self, const struct hvs_event *event,
                            struct hvs_error *err)
{
    const struct hvs_settings_set *now = &self->look.set;
    const struct hvs_settings *at;
    char guid[40];

    if (event->cause)
        return unknown(self, event->cause, err);
    self->outcome = HVS_OUTCOME_DONE;
    if (where(self, now) == ON_IT)
        return HVS_DONE;
    if (!hvs_settings_vm(now))
        return unknown(self, NULL, err);
    hvs_settings_parent(hvs_settings_vm(now), guid);
    at = by_guid(now, guid);
    hvs_err_set_hint(err, HVS_JOB, 0, "somebody else may have been at it",
                     "the host said yes, but the VM '%s' stands on %s%s%s, not on '%s'",
                     hvs_choose_vm_name(self->from), at ? "'" : "",
                     at && at->name ? at->name
                     : guid[0]      ? guid
                                    : "no snapshot",
                     at ? "'" : "", hvs_choose_name(self->from));
    return unknown(self, NULL, err);
}

static enum hvs_want revert_step(struct hvs_op *op, struct hvs_run *run,
                                 const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_revert *self = (struct hvs_revert *)op;

    switch (op->phase) {
    case ACTING: return acted(self, run, event, err);
    case SEARCHING: return searched(self, event, err);
    case LOOKING: return looked(self, event, err);
    default: return begin(self, run, err);
    }
}

void hvs_revert_init(struct hvs_revert *self, const struct hvs_choose *from,
                     unsigned retries)
{
    *self = (struct hvs_revert){.op.step = revert_step,
                                .found.op.step = found_step,
                                .from = from,
                                .retries = retries};
    hvs_census_init(&self->jobs);
    hvs_settings_query_init(&self->look);
}

void hvs_revert_clear(struct hvs_revert *self)
{
    hvs_act_clear(&self->act);
    hvs_census_clear(&self->jobs);
    hvs_settings_query_clear(&self->look);
}
