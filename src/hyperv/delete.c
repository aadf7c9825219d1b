#include "base/err.h"
#include "hyperv/census.h"
#include "hyperv/choose.h"
#include "hyperv/client.h"
#include "hyperv/job.h"
#include "hyperv/names.h"
#include "hyperv/refusal.h"
#include "hyperv/result.h"
#include "wsman/change.h"
#include "wsman/envelope.h"
#include "wsman/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Find the VM and the snapshot; ask, follow the job, look again. */
struct delete
{
    struct hvs_run run;
    struct hvs_op op;
    char *vm, *wanted;
    bool any_kind;
    unsigned retries;

    struct hvs_choose choose;
    char instance_id[64];
    struct hvs_settings_query look;
    struct hvs_change change;
    struct hvs_find_out gone;
    struct hvs_census jobs;
    unsigned lost; /* looks that the host did not answer */
    struct hvs_refusal refusal;
    struct hvs_error why; /* the host said no, and not for the VM's state */
    struct hvs_job_wait wait;
    struct hvs_delete_result *result;
};

enum { CHOOSING = 1, CHANGING, REFUSED, WAITING, LOOKING };
enum { ASKING_JOBS = 1 };

static const struct hvs_request_kind destroy_snapshot = {.template = "destroy-snapshot",
                                                         .action = HVS_V2
                                                         "/" HVS_CLASS_SNAPSHOTS
                                                         "/DestroySnapshot",
                                                         .resource = HVS_V2
                                                         "/" HVS_CLASS_SNAPSHOTS,
                                                         .effect = HVS_CHANGE};

static enum hvs_want look_at_it(struct delete *self, struct hvs_run *run,
                                struct hvs_error *err)
{
    if (hvs_settings_of_vm(&self->look, self->choose.vm_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->look.query.op);
}

/* Done when it is gone; but a host shows nothing at all to who has lost the rights, and
 * where the VM has moved away. Then the VM itself is not to be seen either. */
static enum hvs_outcome seen(const struct delete *self)
{
    if (hvs_settings_find(&self->look.set, self->instance_id))
        return HVS_OUTCOME_NOT_DONE;
    return hvs_settings_vm(&self->look.set) ? HVS_OUTCOME_DONE : HVS_OUTCOME_UNKNOWN;
}

/* After a lost reply, or a lost job: gone is done, whoever did it. Still there proves
 * nothing before the request can no longer act, and while a job is at it. */
static enum hvs_want gone_step(struct hvs_op *op, struct hvs_run *run,
                               const struct hvs_event *event, struct hvs_error *err)
{
    struct delete *self = (struct delete *)run;

    if (event->cause && hvs_find_out_may_ask_again(run, event->cause, &self->lost))
        return hvs_find_out_pause(op, run, 0);
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why != HVS_RETURNED)
        return look_at_it(self, run, err);
    if (op->phase == ASKING_JOBS) {
        op->phase = 0;
        return self->jobs.under_way ? hvs_find_out_pause(op, run, 0) : HVS_DONE;
    }
    self->gone.outcome = seen(self);
    if (self->gone.outcome == HVS_OUTCOME_DONE)
        return HVS_DONE;
    if (!hvs_change_settled(&self->change, run))
        return hvs_find_out_pause(op, run, 0);
    if (self->gone.outcome == HVS_OUTCOME_UNKNOWN)
        return HVS_DONE;
    op->phase = ASKING_JOBS;
    return hvs_call(run, &self->jobs.op);
}

static enum hvs_want ask(struct delete *self, struct hvs_run *run, struct hvs_error *err)
{
    const struct hvs_evidence *we = hvs_session_evidence(run->session);
    const struct hvs_settings *row = self->choose.row;
    const struct hvs_param params[] = {{"INSTANCE_ID", self->instance_id}};

    self->result->snapshot = hvs_snapshot_new(row, self->choose.find.vm, err);
    if (!self->result->snapshot ||
        (!self->any_kind && hvs_choose_check_kind(row, "deleted", true, err) < 0))
        return HVS_FAIL;
    snprintf(self->instance_id, sizeof(self->instance_id), "%s", row->instance_id);
    hvs_change_init(&self->change, &self->gone, self->retries);
    self->change.is_open = hvs_result_is_open;
    self->jobs.of = (struct hvs_census_of){.job_type = HVS_JOB_DESTROY,
                                           .vm_id = self->choose.vm_id,
                                           .stood_on = "",
                                           .account = we->account,
                                           .domain = we->domain};
    if (hvs_request_fill(&self->change.request, &destroy_snapshot, params, 1, err) < 0)
        return HVS_FAIL;
    self->op.phase = CHANGING;
    hvs_run_note(run, HVS_PHASE_CHANGE, NULL, 0);
    return hvs_call(run, &self->change.op);
}

static enum hvs_want refused(struct delete *self, struct hvs_run *run,
                             const struct hvs_error *cause)
{
    uint32_t code = cause && cause->domain == HVS_JOB ? (uint32_t)cause->code
                                                      : self->change.return_value;

    self->op.phase = REFUSED;
    hvs_refusal_init(&self->refusal, self->choose.vm_id,
                     hvs_choose_vm_name(&self->choose), "DestroySnapshot", code, cause);
    return hvs_call(run, &self->refusal.op);
}

/* Turned away, and not for the VM's state: somebody else may have been faster. */
static enum hvs_want gone_perhaps(struct delete *self, struct hvs_run *run,
                                  const struct hvs_error *cause, struct hvs_error *err)
{
    if (cause)
        self->why = *cause;
    else
        hvs_result_error(self->change.return_value, "DestroySnapshot", &self->why);
    self->op.phase = LOOKING;
    return look_at_it(self, run, err);
}

static enum hvs_want prove(struct delete *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    self->op.phase = LOOKING;
    hvs_run_note(run, HVS_PHASE_VERIFY, NULL, 0);
    return look_at_it(self, run, err);
}

static enum hvs_want asked(struct delete *self, struct hvs_run *run,
                           const struct hvs_event *event, struct hvs_error *err)
{
    const struct hvs_change *change = &self->change;

    self->result->outcome = change->outcome;
    if (event->cause && !(hvs_fault_flags(event->cause) & HVS_FAULT_GONE))
        return hvs_fail(err, event->cause);
    if (event->cause)
        return prove(self, run, err); /* it may be gone: somebody else was faster */
    if (change->found)
        return HVS_DONE; /* the host has just shown that it is gone */
    if (change->outcome == HVS_OUTCOME_NOT_DONE)
        return hvs_result_is_state(change->return_value)
                   ? refused(self, run, NULL)
                   : gone_perhaps(self, run, NULL, err);
    if (!change->job[0])
        return prove(self, run, err);
    snprintf(self->result->job, sizeof(self->result->job), "%s", change->job);
    self->op.phase = WAITING;
    hvs_job_wait_init(&self->wait, self->result->job, change->job_class);
    return hvs_call(run, &self->wait.op);
}

static enum hvs_want waited(struct delete *self, struct hvs_run *run,
                            const struct hvs_event *event, struct hvs_error *err)
{
    if (!event->cause && self->wait.end == HVS_JOB_GONE) {
        self->op.phase = LOOKING;
        return hvs_call(run, &self->gone.op);
    }
    if (!event->cause)
        return prove(self, run, err);
    if (self->wait.end != HVS_JOB_FAILED)
        return hvs_fail(err, event->cause);
    self->result->outcome = HVS_OUTCOME_NOT_DONE;
    if (event->cause->domain == HVS_JOB &&
        hvs_result_is_state((uint32_t)event->cause->code))
        return refused(self, run, event->cause);
    return gone_perhaps(self, run, event->cause, err);
}

/* The host could not be asked again. What it said before counts: its job's end, or its
 * answer. */
static enum hvs_want not_seen(struct delete *self, const struct hvs_error *cause,
                              struct hvs_error *err)
{
    const struct hvs_change *change = &self->change;
    bool said;

    if (self->why.domain)
        return hvs_fail(err, &self->why); /* and nothing was seen to the contrary */
    said = change->job[0] ? self->wait.end == HVS_JOB_COMPLETED
                          : change->outcome == HVS_OUTCOME_DONE;

    *err = *cause;
    self->result->outcome = said ? HVS_OUTCOME_DONE : HVS_OUTCOME_UNKNOWN;
    if (said)
        hvs_err_prefix(err, "the snapshot was deleted, but the host could not be asked "
                            "again");
    else if (!hvs_err_is_stop(err))
        hvs_err_class(err, HVS_CLASS_UNKNOWN);
    return HVS_FAIL;
}

static enum hvs_want looked(struct delete *self, const struct hvs_event *event,
                            struct hvs_error *err)
{
    if (event->cause)
        return not_seen(self, event->cause, err);
    self->result->outcome = seen(self);
    switch (self->result->outcome) {
    case HVS_OUTCOME_DONE: return HVS_DONE;
    case HVS_OUTCOME_UNKNOWN:
        if (self->why.domain) {
            self->result->outcome = HVS_OUTCOME_NOT_DONE;
            hvs_refusal_moved(&self->why, hvs_choose_vm_name(&self->choose), err);
            return HVS_FAIL;
        }
        hvs_err_set_hint(err, HVS_JOB, 0,
                         "has it moved to another node, or has the account lost its "
                         "rights? 'hvsnap vms' shows what is to be seen",
                         "whether the snapshot '%s' is gone is unknown: the VM is no "
                         "longer to be seen either",
                         self->result->snapshot->name);
        hvs_err_class(err, HVS_CLASS_UNKNOWN);
        return HVS_FAIL;
    default:
        if (self->why.domain)
            break;
        hvs_err_set(err, HVS_JOB, 0,
                    "the host said yes, but the snapshot '%s' is still there",
                    self->result->snapshot->name);
        return HVS_FAIL;
    }
    self->result->outcome = HVS_OUTCOME_NOT_DONE;
    return hvs_fail(err, &self->why);
}

static enum hvs_want delete_step(struct hvs_op *op, struct hvs_run *run,
                                 const struct hvs_event *event, struct hvs_error *err)
{
    struct delete *self = (struct delete *)run;

    switch (op->phase) {
    case CHANGING: return asked(self, run, event, err);
    case WAITING: return waited(self, run, event, err);
    case LOOKING: return looked(self, event, err);
    default: break;
    }
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (op->phase == CHOOSING)
        return ask(self, run, err);
    op->phase = CHOOSING;
    return hvs_call(run, &self->choose.op);
}

static void release(struct hvs_run *run)
{
    struct delete *self = (struct delete *)run;

    hvs_choose_clear(&self->choose);
    hvs_settings_query_clear(&self->look);
    hvs_change_clear(&self->change);
    hvs_job_wait_clear(&self->wait);
    hvs_census_clear(&self->jobs);
    hvs_refusal_clear(&self->refusal);
    hvs_delete_result_free(self->result);
    free(self->vm);
    free(self->wanted);
    free(self);
}

static int read_opts(struct hvs_delete_opts *out, const struct hvs_delete_opts *opts,
                     struct hvs_error *err)
{
    const size_t least = offsetof(struct hvs_delete_opts, retries);

    *out = (struct hvs_delete_opts)HVS_DELETE_OPTS_INIT;
    if (hvs_opts_copy(out, sizeof(*out), opts, least, "HVS_DELETE_OPTS_INIT", err) < 0)
        return -1;
    if (hvs_check_text("the VM's name", out->vm, err) < 0)
        return -1;
    return hvs_check_text("the snapshot", out->snapshot, err);
}

int hvs_snapshot_delete_start(struct hvs_run **out, struct hvs_client *client,
                              const struct hvs_delete_opts *given, struct hvs_error *err)
{
    struct hvs_delete_opts opts;
    struct delete *self;

    *out = NULL;
    if (read_opts(&opts, given, err) < 0)
        return -1;
    self = calloc(1, sizeof(*self));
    if (!self)
        return hvs_err_memory(err);
    self->op.step = delete_step;
    self->gone.op.step = gone_step;
    self->any_kind = opts.any_kind;
    self->retries = opts.retries;
    self->vm = strdup(opts.vm);
    self->wanted = strdup(opts.snapshot);
    self->result = calloc(1, sizeof(*self->result));
    hvs_choose_init(&self->choose, self->vm, self->wanted);
    hvs_settings_query_init(&self->look);
    hvs_census_init(&self->jobs);
    if (!self->vm || !self->wanted || !self->result) {
        release(&self->run);
        return hvs_err_memory(err);
    }
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_snapshot_delete_end(struct hvs_run *run, struct hvs_delete_result **out,
                            struct hvs_error *err)
{
    struct delete *self = (struct delete *)run;
    int rc = hvs_client_finish(run, err);

    *out = self->result;
    self->result = NULL;
    hvs_client_drop(run);
    return rc;
}

int hvs_snapshot_delete(struct hvs_client *client, const struct hvs_delete_opts *opts,
                        struct hvs_delete_result **out, struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_snapshot_delete_start(&run, client, opts, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_snapshot_delete_end(run, out, err);
}

void hvs_delete_result_free(struct hvs_delete_result *result)
{
    if (result)
        hvs_snapshot_free(result->snapshot);
    free(result);
}
