#include "base/err.h"
#include "hyperv/client.h"
#include "hyperv/job_query.h"
#include "hyperv/result.h"
#include "wsman/change.h"
#include "wsman/envelope.h"
#include "wsman/fault.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* RequestedState of a job's RequestStateChange. */
enum { TERMINATE = 4, KILL = 5 };

/* Its ReturnValue: not Hyper-V's numbers, though some hosts say those. */
enum { NOT_SUPPORTED = 1, UNSPECIFIED = 2, TIMEOUT = 3 };

/* How long a job may take to end before it is killed, and after the last yes. */
enum { GRACE_MS = 10000, PATIENCE_MS = 120000, FIRST_LOOK_MS = 250, LOOK_MS = 2000 };

static const struct {
    uint32_t code;
    const char *name;
    enum hvs_class class_;
} answers[] = {
    {NOT_SUPPORTED, "not supported", HVS_CLASS_REFUSED},
    {UNSPECIFIED, "unspecified error", HVS_CLASS_FAILED},
    {TIMEOUT, "timeout", HVS_CLASS_FAILED},
    {4, "failed", HVS_CLASS_FAILED},
    {5, "invalid parameter", HVS_CLASS_FAILED},
    {6, "in use", HVS_CLASS_BUSY},
    {4097, "invalid transition", HVS_CLASS_REFUSED},
    {4098, "timeout not supported", HVS_CLASS_FAILED},
    {4099, "busy", HVS_CLASS_BUSY},
};

struct cancel {
    struct hvs_run run;
    struct hvs_op op;
    char *id;
    unsigned retries;
    struct hvs_job_query look;
    struct hvs_change change;
    struct hvs_find_out ended; /* after a lost reply: does the job run? */
    char resource[256], action[280];
    bool killing;     /* what it was asked last is KILL */
    bool accepted;    /* the host has said yes */
    int64_t asked_at; /* run->now when it last answered */
    unsigned pause_ms;
    unsigned lost;            /* looks that the host did not answer */
    struct hvs_error refusal; /* why it said no; without a domain: it did not */
    struct hvs_job_cancel_result *result;
};

enum { FINDING = 1, CHANGING, LOOKING, PAUSING };

static enum hvs_want look_at_it(struct cancel *self, struct hvs_run *run)
{
    return hvs_call(run, &self->look.query.op);
}

/* Take what was just read. False when the job is no longer there. */
static bool take(struct cancel *self)
{
    self->result->gone = !hvs_job_query_take(&self->look, &self->result->job);
    return !self->result->gone;
}

static bool runs(struct cancel *self)
{
    return take(self) && !self->result->job->over;
}

/* That it still runs proves nothing while the request can act. But to ask again does no
 * harm: an id is never another job's. */
static enum hvs_want ended_step(struct hvs_op *op, struct hvs_run *run,
                                const struct hvs_event *event, struct hvs_error *err)
{
    struct cancel *self = (struct cancel *)run;

    if (event->cause && hvs_find_out_may_ask_again(run, event->cause, &self->lost))
        return hvs_find_out_pause(op, run, 0);
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why != HVS_RETURNED)
        return look_at_it(self, run);
    self->ended.outcome = HVS_OUTCOME_DONE;
    if (!runs(self))
        return HVS_DONE;
    if (!self->change.tries && !hvs_change_settled(&self->change, run))
        return hvs_find_out_pause(op, run, 0);
    self->ended.outcome = HVS_OUTCOME_NOT_DONE;
    return HVS_DONE;
}

static bool is_open(uint32_t code)
{
    return code == UNSPECIFIED || code == TIMEOUT || hvs_result_is_open(code);
}

static void say_no(struct cancel *self, uint32_t code)
{
    size_t i;

    self->refusal = (struct hvs_error){0};
    for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        if (answers[i].code != code)
            continue;
        hvs_err_set(&self->refusal, HVS_JOB, code,
                    "the host does not stop the job: %s (%u)", answers[i].name,
                    (unsigned)code);
        hvs_err_class(&self->refusal, answers[i].class_);
        return;
    }
    hvs_result_error(code, "RequestStateChange", &self->refusal);
}

static enum hvs_want ask(struct cancel *self, struct hvs_run *run, int state,
                         struct hvs_error *err)
{
    const struct hvs_request_kind kind = {.template = "request-job-state",
                                          .action = self->action,
                                          .resource = self->resource,
                                          .effect = HVS_CHANGE};
    char number[16];
    const struct hvs_param params[] = {{"INSTANCE_ID", self->id},
                                       {"RESOURCE", self->resource},
                                       {"STATE", number}};

    hvs_job_resource(self->result->job, self->resource);
    snprintf(self->action, sizeof(self->action), "%s/RequestStateChange", self->resource);
    snprintf(number, sizeof(number), "%d", state);
    self->op.phase = CHANGING;
    self->killing = state == KILL;
    if (!run->stop.domain) { /* else nothing is sent any more */
        self->result->asked = true;
        self->result->killed = self->killing;
    }
    hvs_change_clear(&self->change);
    hvs_change_init(&self->change, &self->ended, self->retries);
    self->change.is_open = is_open;
    self->change.jobless = true;
    if (hvs_request_fill(&self->change.request, &kind, params, 3, err) < 0)
        return HVS_FAIL;
    hvs_run_note(run, HVS_PHASE_CHANGE, self->id, self->result->job->percent);
    return hvs_call(run, &self->change.op);
}

/* It runs no longer. Did it come to its own end? */
static enum hvs_want conclude(struct cancel *self, struct hvs_error *err)
{
    const struct hvs_job *job = self->result->job;

    self->result->outcome = HVS_OUTCOME_DONE;
    if (self->result->gone || !hvs_job_state_completed(job->state))
        return HVS_DONE;
    self->result->outcome = HVS_OUTCOME_NOT_DONE;
    hvs_err_set(err, HVS_JOB, 0, "the job '%s' was completed before it could be stopped",
                self->id);
    hvs_err_class(err, HVS_CLASS_REFUSED);
    return HVS_FAIL;
}

static enum hvs_want refuse(struct cancel *self, struct hvs_error *err)
{
    const struct hvs_job *job = self->result->job;
    char type[16];

    hvs_err_set_hint(err, HVS_JOB, 0, "'hvsnap wait' follows it to its end",
                     "the host does not let the job '%s' (%s, at %u%%) be stopped",
                     self->id, hvs_job_type_name(job, type), job->percent);
    hvs_err_class(err, HVS_CLASS_REFUSED);
    return HVS_FAIL;
}

static enum hvs_want found(struct cancel *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    if (!take(self)) {
        self->result->gone = false; /* it may never have been there */
        hvs_err_set_hint(err, HVS_USAGE, 0,
                         "a host forgets a job five minutes after its end, and all of "
                         "them when its service restarts; 'hvsnap jobs' lists what it "
                         "knows",
                         "the host has no job '%s'", self->id);
        hvs_err_class(err, HVS_CLASS_NOT_FOUND);
        return HVS_FAIL;
    }
    if (self->result->job->over)
        return conclude(self, err);
    if (!self->result->job->cancellable)
        return refuse(self, err);
    return ask(self, run, TERMINATE, err);
}

/* The host has answered: what does it show? */
static enum hvs_want look_after(struct cancel *self, struct hvs_run *run)
{
    self->op.phase = LOOKING;
    self->asked_at = run->now;
    self->pause_ms = FIRST_LOOK_MS;
    hvs_run_note(run, HVS_PHASE_VERIFY, self->id, self->result->job->percent);
    return look_at_it(self, run);
}

static enum hvs_want changed(struct cancel *self, struct hvs_run *run,
                             const struct hvs_event *event, struct hvs_error *err)
{
    const struct hvs_change *change = &self->change;
    bool gone = event->cause && hvs_fault_flags(event->cause) & HVS_FAULT_GONE;

    self->result->outcome = change->outcome;
    if (!event->cause && change->found) /* the host has just shown that it has ended */
        return conclude(self, err);
    if (change->outcome == HVS_OUTCOME_NOT_DONE && !self->killing &&
        change->return_value == NOT_SUPPORTED)
        return ask(self, run, KILL, err);
    if (event->cause && !gone && !self->accepted)
        return hvs_fail(err, event->cause);
    if (event->cause)
        self->refusal = *event->cause; /* what was accepted before may end it yet */
    else if (change->outcome == HVS_OUTCOME_NOT_DONE)
        say_no(self, change->return_value);
    else
        self->accepted = true;
    if (self->accepted)
        self->result->outcome = HVS_OUTCOME_UNKNOWN;
    return look_after(self, run);
}

/* It still runs. */
static enum hvs_want go_on(struct cancel *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    if (!self->accepted)
        return hvs_fail(err, &self->refusal);
    if (!self->killing && run->now - self->asked_at >= GRACE_MS)
        return ask(self, run, KILL, err);
    if (run->now - self->asked_at >= PATIENCE_MS) {
        hvs_err_set_hint(err, HVS_JOB, 0, "it may end yet: 'hvsnap jobs' shows it",
                         "the host said yes, but the job '%s' still runs", self->id);
        hvs_err_class(err, HVS_CLASS_UNKNOWN);
        return HVS_FAIL;
    }
    self->op.phase = PAUSING;
    run->wait_ms = self->pause_ms;
    self->pause_ms = self->pause_ms * 2 > LOOK_MS ? LOOK_MS : self->pause_ms * 2;
    return HVS_WAIT;
}

/* The host cannot be asked what it shows. */
static enum hvs_want not_seen(struct cancel *self, const struct hvs_error *cause,
                              struct hvs_error *err)
{
    if (!self->accepted)
        return hvs_fail(err, &self->refusal);
    *err = *cause;
    hvs_err_prefix(err, "the host said that it stops the job, and whether it has ended "
                        "is unknown");
    if (!hvs_err_is_stop(err))
        hvs_err_class(err, HVS_CLASS_UNKNOWN);
    return HVS_FAIL;
}

static enum hvs_want looked(struct cancel *self, struct hvs_run *run,
                            const struct hvs_event *event, struct hvs_error *err)
{
    if (event->cause && hvs_find_out_may_ask_again(run, event->cause, &self->lost)) {
        self->op.phase = PAUSING;
        run->wait_ms = LOOK_MS;
        return HVS_WAIT;
    }
    if (event->cause)
        return not_seen(self, event->cause, err);
    return runs(self) ? go_on(self, run, err) : conclude(self, err);
}

static enum hvs_want cancel_step(struct hvs_op *op, struct hvs_run *run,
                                 const struct hvs_event *event, struct hvs_error *err)
{
    struct cancel *self = (struct cancel *)run;

    switch (op->phase) {
    case FINDING:
        return event->cause ? hvs_fail(err, event->cause) : found(self, run, err);
    case CHANGING: return changed(self, run, event, err);
    case LOOKING: return looked(self, run, event, err);
    case PAUSING:
        if (event->cause)
            return not_seen(self, event->cause, err);
        op->phase = LOOKING;
        return look_at_it(self, run);
    default: break;
    }
    op->phase = FINDING;
    hvs_run_note(run, HVS_PHASE_FIND, NULL, 0);
    if (hvs_job_query_by_id(&self->look, self->id, err) < 0)
        return HVS_FAIL;
    return look_at_it(self, run);
}

static void release(struct hvs_run *run)
{
    struct cancel *self = (struct cancel *)run;

    hvs_job_query_clear(&self->look);
    hvs_change_clear(&self->change);
    hvs_job_cancel_result_free(self->result);
    free(self->id);
    free(self);
}

int hvs_job_cancel_start(struct hvs_run **out, struct hvs_client *client,
                         const struct hvs_job_cancel_opts *given, struct hvs_error *err)
{
    const size_t least = offsetof(struct hvs_job_cancel_opts, retries);
    struct hvs_job_cancel_opts opts = HVS_JOB_CANCEL_OPTS_INIT;
    struct cancel *self;
    char *id;

    *out = NULL;
    if (hvs_opts_copy(&opts, sizeof(opts), given, least, "HVS_JOB_CANCEL_OPTS_INIT",
                      err) < 0)
        return -1;
    id = hvs_job_id_read(opts.job, err);
    if (!id)
        return -1;
    self = calloc(1, sizeof(*self));
    if (!self) {
        free(id);
        return hvs_err_memory(err);
    }
    self->op.step = cancel_step;
    self->ended.op.step = ended_step;
    self->id = id;
    self->retries = opts.retries;
    hvs_job_query_init(&self->look);
    self->result = calloc(1, sizeof(*self->result));
    if (!self->result) {
        release(&self->run);
        return hvs_err_memory(err);
    }
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_job_cancel_end(struct hvs_run *run, struct hvs_job_cancel_result **out,
                       struct hvs_error *err)
{
    struct cancel *self = (struct cancel *)run;
    int rc = hvs_client_finish(run, err);

    *out = self->result;
    self->result = NULL;
    hvs_client_drop(run);
    return rc;
}

int hvs_job_cancel(struct hvs_client *client, const struct hvs_job_cancel_opts *opts,
                   struct hvs_job_cancel_result **out, struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_job_cancel_start(&run, client, opts, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_job_cancel_end(run, out, err);
}

void hvs_job_cancel_result_free(struct hvs_job_cancel_result *result)
{
    if (result)
        hvs_job_free(result->job);
    free(result);
}
