#include "base/err.h"
#include "base/uuid.h"
#include "hyperv/client.h"
#include "hyperv/job.h"
#include "hyperv/job_query.h"
#include "hyperv/result.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Find the job, and what it acts on; wait for its end; ask what it has made. */
struct attach {
    struct hvs_run run;
    struct hvs_op op;
    char *id;
    struct hvs_job_query find;
    struct hvs_affected_query affected;
    struct hvs_job_wait wait;
    char resource[256];
    struct hvs_job_wait_result *result;
};

enum { FINDING = 1, RELATING, WAITING, ASKING_MADE };
enum { CREATE = 70 }; /* JobType */

static enum hvs_want relate(struct attach *self, struct hvs_run *run, int phase,
                            struct hvs_error *err)
{
    self->op.phase = phase;
    hvs_affected_clear(&self->affected);
    if (hvs_affected_init(&self->affected, self->id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->affected.query.op);
}

/* It is only told besides: where it cannot be asked, it stays unknown. */
static int take_affected(struct attach *self, const struct hvs_error *cause,
                         struct hvs_error *err)
{
    struct hvs_job *job = self->result->job;
    const char *vm = self->affected.vm_id, *made = self->affected.snapshot;
    const char *colon = strchr(made, ':');

    if (cause && hvs_err_is_memory(cause))
        return hvs_err_memory(err);
    if (cause)
        return 0;
    if (hvs_uuid_valid(vm) && hvs_job_set(&job->vm_id, vm, err) < 0)
        return -1;
    return *made ? hvs_job_set(&job->snapshot_id, colon ? colon + 1 : made, err) : 0;
}

static enum hvs_want found(struct attach *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    if (hvs_job_query_take(&self->find, &self->result->job)) {
        self->result->outcome = HVS_OUTCOME_STARTED;
        return relate(self, run, RELATING, err);
    }
    hvs_err_set_hint(err, HVS_USAGE, 0,
                     "a host forgets a job five minutes after its end, and all of them "
                     "when its service restarts; 'hvsnap jobs' lists what it knows",
                     "the host has no job '%s'", self->id);
    hvs_err_class(err, HVS_CLASS_NOT_FOUND);
    return HVS_FAIL;
}

/* It has come to its end, as it should. */
static enum hvs_want completed(struct attach *self, struct hvs_run *run,
                               struct hvs_error *err)
{
    const struct hvs_job *job = self->result->job;

    self->result->outcome = HVS_OUTCOME_DONE;
    if (job->type != CREATE || *job->snapshot_id || self->op.phase == RELATING)
        return HVS_DONE;
    return relate(self, run, ASKING_MADE, err);
}

static enum hvs_want wait_for_it(struct attach *self, struct hvs_run *run,
                                 struct hvs_error *err)
{
    const struct hvs_job *job = self->result->job;

    if (hvs_job_state_completed(job->state) && !job->error_code)
        return completed(self, run, err);
    self->op.phase = WAITING;
    hvs_job_resource(job, self->resource);
    hvs_job_wait_init(&self->wait, self->id, self->resource);
    return hvs_call(run, &self->wait.op);
}

/* The job as the last poll saw it. */
static void update(struct attach *self)
{
    struct hvs_job *job = self->result->job;

    if (!self->wait.seen)
        return;
    job->state = self->wait.state;
    job->over = hvs_job_state_over(job->state);
    job->percent = hvs_job_state_completed(job->state) ? 100 : self->wait.percent;
    job->error_code = self->wait.error_code;
}

/* The host no longer has it. What was seen before still counts. */
static enum hvs_want vanished(struct attach *self, struct hvs_error *err)
{
    const struct hvs_job *job = self->result->job;
    const char *why = *job->error       ? job->error
                      : job->error_code ? hvs_result_name(job->error_code)
                                        : "";
    char type[16], state[16];

    if (job->over && !hvs_job_state_completed(job->state)) {
        self->result->outcome = HVS_OUTCOME_NOT_DONE;
        hvs_err_set_hint(err, HVS_JOB, job->error_code,
                         hvs_result_hint(job->error_code, job->error),
                         "the host's job %s%s%.300s",
                         job->state == HVS_JOB_STATE_EXCEPTION ? "failed" : "was stopped",
                         *why ? ": " : "", why);
        return HVS_FAIL;
    }
    hvs_err_set_hint(err, HVS_JOB, 0,
                     "look at what it was to do: 'hvsnap list' shows the snapshots",
                     "the job '%s' (%s) is gone: it was %s at %u%% when it was last "
                     "seen, and how it ended is unknown",
                     self->id, hvs_job_type_name(job, type),
                     hvs_job_state_name(job->state, state), job->percent);
    hvs_err_class(err, HVS_CLASS_UNKNOWN);
    return HVS_FAIL;
}

static enum hvs_want odd(struct attach *self, struct hvs_error *err)
{
    hvs_err_set_hint(err, HVS_JOB, self->wait.error_code,
                     "look at what it was to do: 'hvsnap list' shows the snapshots",
                     "the job '%s' is completed, and says error %u all the same",
                     self->id, (unsigned)self->wait.error_code);
    hvs_err_class(err, HVS_CLASS_UNKNOWN);
    return HVS_FAIL;
}

static enum hvs_want waited(struct attach *self, struct hvs_run *run,
                            const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_job_wait_result *result = self->result;

    update(self);
    if (event->cause) {
        if (self->wait.end == HVS_JOB_FAILED)
            result->outcome = HVS_OUTCOME_NOT_DONE;
        return hvs_fail(err, event->cause);
    }
    if (self->wait.end == HVS_JOB_COMPLETED)
        return completed(self, run, err);
    result->outcome = HVS_OUTCOME_UNKNOWN;
    return self->wait.end == HVS_JOB_GONE ? vanished(self, err) : odd(self, err);
}

static enum hvs_want attach_step(struct hvs_op *op, struct hvs_run *run,
                                 const struct hvs_event *event, struct hvs_error *err)
{
    struct attach *self = (struct attach *)run;

    switch (op->phase) {
    case FINDING:
        if (event->cause)
            return hvs_fail(err, event->cause);
        return found(self, run, err);
    case RELATING:
        if (take_affected(self, event->cause, err) < 0)
            return HVS_FAIL;
        return wait_for_it(self, run, err);
    case WAITING: return waited(self, run, event, err);
    case ASKING_MADE: take_affected(self, event->cause, NULL); return HVS_DONE;
    default: break;
    }
    op->phase = FINDING;
    hvs_run_note(run, HVS_PHASE_FIND, NULL, 0);
    if (hvs_job_query_by_id(&self->find, self->id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->find.query.op);
}

static void release(struct hvs_run *run)
{
    struct attach *self = (struct attach *)run;

    hvs_job_query_clear(&self->find);
    hvs_affected_clear(&self->affected);
    hvs_job_wait_clear(&self->wait);
    hvs_job_wait_result_free(self->result);
    free(self->id);
    free(self);
}

int hvs_job_wait_start(struct hvs_run **out, struct hvs_client *client,
                       const struct hvs_job_wait_opts *given, struct hvs_error *err)
{
    struct hvs_job_wait_opts opts = HVS_JOB_WAIT_OPTS_INIT;
    struct attach *self;
    char *id;

    *out = NULL;
    if (hvs_opts_copy(&opts, sizeof(opts), given, sizeof(opts), "HVS_JOB_WAIT_OPTS_INIT",
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
    self->op.step = attach_step;
    self->id = id;
    hvs_job_query_init(&self->find);
    self->result = calloc(1, sizeof(*self->result));
    if (!self->result) {
        release(&self->run);
        return hvs_err_memory(err);
    }
    self->result->outcome = HVS_OUTCOME_UNKNOWN;
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_job_wait_end(struct hvs_run *run, struct hvs_job_wait_result **out,
                     struct hvs_error *err)
{
    struct attach *self = (struct attach *)run;
    int rc = hvs_client_finish(run, err);

    *out = self->result;
    self->result = NULL;
    hvs_client_drop(run);
    return rc;
}

int hvs_job_wait(struct hvs_client *client, const struct hvs_job_wait_opts *opts,
                 struct hvs_job_wait_result **out, struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_job_wait_start(&run, client, opts, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_job_wait_end(run, out, err);
}

void hvs_job_wait_result_free(struct hvs_job_wait_result *result)
{
    if (result)
        hvs_job_free(result->job);
    free(result);
}
