#include "hyperv/take.h"

#include "base/err.h"
#include "hyperv/job_query.h"
#include "hyperv/names.h"
#include "hyperv/result.h"
#include "wsman/envelope.h"
#include "wsman/fault.h"
#include "wsman/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TYPING = 1,
    HOLDING,
    CHANGING,
    REFUSED,
    WAITING,
    EXPLAINING,
    BACK,
    TELLING,
    MARKING
};

/* A stopped call waits for its job at most so long, to put the VM's type back. Of a
 * deadline a quarter is kept for that, or as much as it needs in a hurry. */
enum { BACK_MS = 60000, HURRY_MS = 5000 };

/* How long it holds before it holds again. */
enum { HOLD_MS = 60000 };

/* A run in hundreds needs it, and it is large. */
struct hvs_take_typing {
    struct hvs_change_settings type;
    struct hvs_put_back back;
    int64_t deadline;          /* the run's, before time was kept for putting it back */
    struct hvs_error not_back; /* why it was not */
};

static const struct hvs_request_kind create_snapshot = {.template = "create-snapshot",
                                                        .action = HVS_V2
                                                        "/" HVS_CLASS_SNAPSHOTS
                                                        "/CreateSnapshot",
                                                        .resource = HVS_V2
                                                        "/" HVS_CLASS_SNAPSHOTS,
                                                        .effect = HVS_CHANGE};

static int fill(struct hvs_take *self, struct hvs_error *err)
{
    struct hvs_buf settings = HVS_BUF_INIT(4096);
    char type[16], level[16];
    const struct hvs_param levels[] = {{"LEVEL", level}};
    struct hvs_param params[] = {{"VM_ID", self->vm_id},
                                 {"TYPE", type},
                                 {"SETTINGS", NULL}};
    int rc = -1;

    snprintf(type, sizeof(type), "%u", (unsigned)self->what->type);
    snprintf(level, sizeof(level), "%u", (unsigned)self->what->consistency);
    if (self->what->consistency &&
        hvs_template_fill(&settings, hvs_template_text("snapshot-settings"), levels, 1,
                          err) < 0)
        goto out;
    params[2].value = hvs_buf_str(&settings);
    rc = hvs_request_fill(&self->change.request, &create_snapshot, params, 3, err);
out:
    hvs_buf_clear(&settings);
    return rc;
}

static enum hvs_want ask(struct hvs_take *self, struct hvs_run *run,
                         struct hvs_error *err)
{
    const struct hvs_evidence *we = hvs_session_evidence(run->session);

    hvs_change_init(&self->change, &self->created.base, self->what->retries);
    self->change.is_open = hvs_result_is_open;
    self->change.made_param = "ResultingSnapshot";
    self->created.of = (struct hvs_census_of){.vm_id = self->vm_id,
                                              .stood_on = self->stood_on,
                                              .account = we->account,
                                              .domain = we->domain};
    if (fill(self, err) < 0)
        return HVS_FAIL;
    self->op.phase = CHANGING;
    hvs_run_note(run, HVS_PHASE_CHANGE, NULL, 0);
    return hvs_call(run, &self->change.op);
}

static enum hvs_want hold(struct hvs_take *self, struct hvs_run *run)
{
    self->op.phase = HOLDING;
    run->held = true;
    run->wait_ms = HOLD_MS;
    return HVS_WAIT;
}

/* All is ready: ask now, or when the caller says so. */
static enum hvs_want ready(struct hvs_take *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    return self->what->hold ? hold(self, run) : ask(self, run, err);
}

/* What somebody else did while it was held was before it. */
static enum hvs_want woke(struct hvs_take *self, struct hvs_run *run,
                          const struct hvs_event *event, struct hvs_error *err)
{
    if (event->cause) {
        run->held = false;
        return hvs_fail(err, event->cause);
    }
    if (run->held)
        return hold(self, run);
    run->host_time = hvs_run_host_now(run);
    run->host_seen = run->now;
    return ask(self, run, err);
}

/* Give the VM another checkpoint type. From now on its own is put back after any end. */
static enum hvs_want type_it(struct hvs_take *self, struct hvs_run *run,
                             struct hvs_error *err)
{
    struct hvs_take_typing *typing = calloc(1, sizeof(*typing));
    const struct hvs_put_back_of of = {.vm_id = self->vm_id,
                                       .ours = self->what->checkpoint,
                                       .before = self->vm->checkpoint,
                                       .retries = self->what->retries};
    struct hvs_undo undo = {.ms = BACK_MS, .deadline = run->deadline};
    int64_t left = run->deadline - run->now;

    if (!typing)
        return hvs_err_memory(err), HVS_FAIL;
    self->typing = typing;
    undo.op = &typing->back.op;
    hvs_put_back_init(&typing->back, &of, &typing->type.change);
    self->result->checkpoint_was = (enum hvs_checkpoint_type)of.before;
    typing->deadline = run->deadline;
    if (run->deadline)
        run->deadline -= left / 4 < HURRY_MS ? left / 4 : HURRY_MS;
    hvs_run_undo(run, &undo);
    run->by_hand = typing->back.by_hand;
    self->op.phase = TYPING;
    hvs_change_settings_init(&typing->type,
                             &(struct hvs_new_settings){.instance_id =
                                                            typing->back.instance_id,
                                                        .checkpoint = of.ours},
                             self->vm, self->what->retries);
    typing->type.patient = true;
    return hvs_call(run, &typing->type.op);
}

/* It need not be put back any more. */
static void forget_type(struct hvs_take *self, struct hvs_run *run)
{
    hvs_run_undone(run, &self->typing->back.op);
    run->deadline = self->typing->deadline;
    run->by_hand = NULL;
}

static int refuse_early(const struct hvs_take *self, const struct hvs_run *run,
                        struct hvs_error *err)
{
    const struct hvs_take_what *what = self->what;
    const char *name = self->vm->name ? self->vm->name : "";
    int64_t now = hvs_run_host_now(run);

    if (what->expires_ms != HVS_TIME_NONE && what->expires_ms <= now)
        return hvs_err_set(err, HVS_USAGE, 0,
                           "the lifetime would be over already, by the host's clock");
    if (self->vm->checkpoint == HVS_CHECKPOINT_DISABLED &&
        what->type != HVS_CREATE_RECOVERY) {
        hvs_err_set_hint(err, HVS_JOB, 0,
                         "on the host: Set-VM -CheckpointType Production",
                         "snapshots are disabled for the VM '%s'", name);
        return hvs_err_class(err, HVS_CLASS_REFUSED);
    }
    if (what->checkpoint && !self->vm->checkpoint) {
        hvs_err_set_hint(err, HVS_JOB, 0,
                         "leave the checkpoint type out: before Windows Server 2016 "
                         "there is but one",
                         "the host knows no checkpoint types of the VM '%s'", name);
        return hvs_err_class(err, HVS_CLASS_REFUSED);
    }
    return 0;
}

/* Ask the host, unless it is known to refuse. */
static enum hvs_want begin(struct hvs_take *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    snprintf(self->vm_id, sizeof(self->vm_id), "%.39s", self->vm->vm_id);
    snprintf(self->result->vm_id, sizeof(self->result->vm_id), "%s", self->vm_id);
    hvs_settings_parent(self->vm, self->stood_on);
    if (refuse_early(self, run, err) < 0)
        return HVS_FAIL;
    if (self->what->checkpoint &&
        (uint32_t)self->what->checkpoint != self->vm->checkpoint)
        return type_it(self, run, err);
    return ready(self, run, err);
}

/* The host turned it away: is it for the VM's sake? */
static enum hvs_want refused(struct hvs_take *self, struct hvs_run *run,
                             const char *method, const struct hvs_error *cause)
{
    self->op.phase = REFUSED;
    hvs_refusal_init(&self->refusal, self->vm_id, self->vm->name, method,
                     cause && cause->domain == HVS_JOB ? (uint32_t)cause->code
                                                       : self->change.return_value,
                     cause);
    return hvs_call(run, &self->refusal.op);
}

static enum hvs_want typed(struct hvs_take *self, struct hvs_run *run,
                           const struct hvs_event *event, struct hvs_error *err)
{
    if (!event->cause)
        return ready(self, run, err);
    *err = *event->cause;
    hvs_err_prefix(err, "the VM was to be given another checkpoint type first");
    if (self->typing->type.outcome != HVS_OUTCOME_NOT_DONE)
        return HVS_FAIL; /* it may have it now, or later: the undo looks */
    forget_type(self, run);
    self->typing->back.state = HVS_PUT_BACK_NONE;
    self->result->checkpoint_was = HVS_CHECKPOINT_UNKNOWN;
    if (err->domain != HVS_JOB || !hvs_result_is_state((uint32_t)err->code))
        return HVS_FAIL;
    self->typing->not_back = *err;
    *err = (struct hvs_error){0};
    return refused(self, run, "ModifySystemSettings", &self->typing->not_back);
}

static enum hvs_want tell(struct hvs_take *self, struct hvs_run *run, const char *known)
{
    self->op.phase = TELLING;
    hvs_run_note(run, HVS_PHASE_VERIFY, NULL, 0);
    hvs_which_init(&self->which,
                   &(struct hvs_which_of){.job = self->result->job,
                                          .gone = self->wait.end == HVS_JOB_GONE,
                                          .known = known,
                                          .of = hvs_created_of(&self->created)});
    return hvs_call(run, &self->which.op);
}

/* The job that must be over before the VM's own type can be put back; "" for none. */
static void note_job(struct hvs_take *self, const char *job)
{
    if (self->typing)
        self->typing->back.job = job;
}

/* The host has made it: the VM may have its own type back. */
static enum hvs_want made(struct hvs_take *self, struct hvs_run *run)
{
    if (!self->typing || self->typing->back.state != HVS_PUT_BACK_NOT)
        return tell(self, run, self->known);
    note_job(self, "");
    self->op.phase = BACK;
    return hvs_call(run, &self->typing->back.op);
}

static enum hvs_want asked(struct hvs_take *self, struct hvs_run *run,
                           const struct hvs_event *event, struct hvs_error *err)
{
    const struct hvs_change *change = &self->change;

    self->result->outcome = change->outcome;
    self->result->asked_ms = change->sent_at;
    self->result->answered_ms = run->now;
    if (event->cause && hvs_fault_flags(event->cause) & HVS_FAULT_GONE)
        return refused(self, run, "CreateSnapshot", event->cause);
    if (event->cause) {
        *err = *event->cause;
        if (change->outcome == HVS_OUTCOME_UNKNOWN)
            snprintf(err->hint, sizeof(err->hint),
                     "look before you repeat it: hvsnap list");
        return HVS_FAIL;
    }
    if (change->outcome == HVS_OUTCOME_NOT_DONE)
        return refused(self, run, "CreateSnapshot", NULL);
    snprintf(self->result->job, sizeof(self->result->job), "%s",
             change->found ? self->created.job : change->job);
    self->known = "";
    if (!self->result->job[0]) {
        self->known = change->found ? self->created.snapshot : change->made;
        return made(self, run);
    }
    if (self->what->detach)
        return HVS_DONE;
    self->op.phase = WAITING;
    note_job(self, self->result->job);
    hvs_job_wait_init(&self->wait, self->result->job, change->job_class);
    return hvs_call(run, &self->wait.op);
}

/* The job is over, one way or the other. */
static enum hvs_want waited(struct hvs_take *self, struct hvs_run *run,
                            const struct hvs_event *event, struct hvs_error *err)
{
    if (!event->cause)
        return made(self, run);
    if (self->wait.end != HVS_JOB_FAILED)
        return hvs_fail(err, event->cause); /* it may go on without us */
    note_job(self, "");
    self->result->outcome = HVS_OUTCOME_NOT_DONE;
    if (event->cause->code == 32774 || event->cause->code == 32775)
        return refused(self, run, "CreateSnapshot", event->cause);
    if (self->wait.state != HVS_JOB_STATE_EXCEPTION || !hvs_why_not_asks(event->cause))
        return hvs_fail(err, event->cause);
    self->why = calloc(1, sizeof(*self->why));
    if (!self->why)
        return hvs_fail(err, event->cause); /* without an explanation, then */
    self->op.phase = EXPLAINING;
    hvs_why_not_init(self->why, self->vm_id, event->cause);
    return hvs_call(run, &self->why->op);
}

/* All is done, but perhaps for the VM's type. */
static enum hvs_want done(struct hvs_take *self, struct hvs_error *err)
{
    if (!self->typing || !self->typing->not_back.domain)
        return hvs_take_what_check(self->what, self->result->snapshot, err) < 0
                   ? HVS_FAIL
                   : HVS_DONE;
    *err = self->typing->not_back;
    hvs_err_prefix(err, "the snapshot was taken, but the VM has not got its checkpoint "
                        "type back");
    return HVS_FAIL;
}

/* The snapshot could not be read back. That it was made is known all the same when the
 * host said so: by its answer, or by its job's end. */
static enum hvs_want not_shown(struct hvs_take *self, const struct hvs_error *cause,
                               struct hvs_error *err)
{
    bool said = self->result->job[0] ? self->wait.end == HVS_JOB_COMPLETED
                                     : !self->change.found;

    *err = *cause;
    self->result->outcome = said ? HVS_OUTCOME_DONE : HVS_OUTCOME_UNKNOWN;
    if (said)
        hvs_err_prefix(err, "the snapshot was taken, but could not be read back");
    else if (!hvs_err_is_stop(err))
        hvs_err_class(err, HVS_CLASS_UNKNOWN);
    return HVS_FAIL;
}

/* When it does not go, what was made is told and named all the same; but the undo has
 * time of its own after a stop. */
static enum hvs_want put_back(struct hvs_take *self, struct hvs_run *run,
                              const struct hvs_event *event, struct hvs_error *err)
{
    if (event->cause && run->stop.domain)
        return not_shown(self, event->cause, err);
    if (event->cause)
        self->typing->not_back = *event->cause;
    forget_type(self, run);
    return tell(self, run, self->known);
}

static enum hvs_want told(struct hvs_take *self, struct hvs_run *run,
                          const struct hvs_event *event, struct hvs_error *err)
{
    if (event->cause)
        return not_shown(self, event->cause, err);
    self->result->outcome = HVS_OUTCOME_DONE;
    self->op.phase = MARKING;
    self->mark.vm = self->vm;
    self->mark.row = self->which.row;
    return hvs_call(run, &self->mark.op);
}

static enum hvs_want take_step(struct hvs_op *op, struct hvs_run *run,
                               const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_take *self = (struct hvs_take *)op;

    switch (op->phase) {
    case TYPING: return typed(self, run, event, err);
    case HOLDING: return woke(self, run, event, err);
    case CHANGING: return asked(self, run, event, err);
    case REFUSED:
    case EXPLAINING: return hvs_fail(err, event->cause);
    case WAITING: return waited(self, run, event, err);
    case BACK: return put_back(self, run, event, err);
    case TELLING: return told(self, run, event, err);
    case MARKING: return event->cause ? hvs_fail(err, event->cause) : done(self, err);
    default: return begin(self, run, err);
    }
}

void hvs_take_init(struct hvs_take *self, const struct hvs_take_what *what,
                   struct hvs_create_result *result)
{
    *self = (struct hvs_take){.op.step = take_step, .what = what, .result = result};
    hvs_created_init(&self->created, &self->change);
    hvs_mark_init(&self->mark, what, result);
}

void hvs_take_clear(struct hvs_take *self)
{
    hvs_change_clear(&self->change);
    hvs_created_clear(&self->created);
    hvs_job_wait_clear(&self->wait);
    hvs_refusal_clear(&self->refusal);
    if (self->why)
        hvs_why_not_clear(self->why);
    free(self->why);
    self->why = NULL;
    hvs_which_clear(&self->which);
    hvs_mark_clear(&self->mark);
    if (self->typing) {
        hvs_change_settings_clear(&self->typing->type);
        hvs_put_back_clear(&self->typing->back);
    }
    free(self->typing);
    self->typing = NULL;
}

int hvs_take_finish(struct hvs_take *self, int rc, struct hvs_error *err)
{
    const struct hvs_put_back *back = self->typing ? &self->typing->back : NULL;
    struct hvs_create_result *result = self->result;
    char line[200];

    result->put_back = back ? back->state : HVS_PUT_BACK_NONE;
    result->changed = result->outcome != HVS_OUTCOME_NOT_DONE ||
                      result->put_back == HVS_PUT_BACK_NOT;
    if (rc == 0 || result->put_back != HVS_PUT_BACK_NOT)
        return rc;
    snprintf(err->hint, sizeof(err->hint), "on the host: %s", back->by_hand);
    snprintf(line, sizeof(line), "the VM's checkpoint type was '%s', and may be '%s' now",
             hvs_checkpoint_type_name(result->checkpoint_was),
             hvs_checkpoint_type_name((enum hvs_checkpoint_type)back->of.ours));
    hvs_err_detail(err, line);
    return rc;
}
