#include "base/err.h"
#include "hyperv/change_settings.h"
#include "hyperv/client.h"
#include "hyperv/created.h"
#include "hyperv/find.h"
#include "hyperv/job.h"
#include "hyperv/names.h"
#include "hyperv/refusal.h"
#include "hyperv/result.h"
#include "hyperv/which.h"
#include "wsman/envelope.h"
#include "wsman/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Find the VM, ask, follow the job, find out which snapshot is new, name it, prove it. */
struct create {
    struct hvs_run run;
    struct hvs_op op;
    char *vm, *name; /* what was asked for; name NULL for the host's own */
    bool detach;
    unsigned retries;

    struct hvs_find_vm find;
    char vm_id[40], stood_on[40];
    struct hvs_change change;
    struct hvs_created created;
    struct hvs_refusal refusal;
    struct hvs_job_wait wait;
    struct hvs_which which;
    struct hvs_change_settings naming;
    struct hvs_create_result *result;
};

enum { FINDING = 1, CHANGING, REFUSED, WAITING, TELLING, NAMING };

static const struct hvs_request_kind create_snapshot = {.template = "create-snapshot",
                                                        .action = HVS_V2
                                                        "/" HVS_CLASS_SNAPSHOTS
                                                        "/CreateSnapshot",
                                                        .resource = HVS_V2
                                                        "/" HVS_CLASS_SNAPSHOTS,
                                                        .effect = HVS_CHANGE};

/* The VM is known: ask the host, unless it is known to refuse. */
static enum hvs_want ask(struct create *self, struct hvs_run *run, struct hvs_error *err)
{
    const struct hvs_evidence *we = hvs_session_evidence(run->session);
    const struct hvs_settings *vm = self->find.vm;
    const struct hvs_param params[] = {{"VM_ID", self->vm_id}};

    snprintf(self->vm_id, sizeof(self->vm_id), "%.39s", vm->vm_id);
    snprintf(self->result->vm_id, sizeof(self->result->vm_id), "%s", self->vm_id);
    hvs_settings_parent(vm, self->stood_on);
    if (vm->checkpoint == HVS_CHECKPOINT_DISABLED) {
        hvs_err_set_hint(err, HVS_JOB, 0,
                         "on the host: Set-VM -CheckpointType Production",
                         "snapshots are disabled for the VM '%s'", vm->name);
        hvs_err_class(err, HVS_CLASS_REFUSED);
        return HVS_FAIL;
    }
    hvs_change_init(&self->change, &self->created.base, self->retries);
    self->change.is_open = hvs_result_is_open;
    self->change.made_param = "ResultingSnapshot";
    self->created.of = (struct hvs_census_of){.vm_id = self->vm_id,
                                              .stood_on = self->stood_on,
                                              .account = we->account,
                                              .domain = we->domain};
    if (hvs_request_fill(&self->change.request, &create_snapshot, params, 1, err) < 0)
        return HVS_FAIL;
    self->op.phase = CHANGING;
    hvs_run_note(run, HVS_PHASE_CHANGE, NULL, 0);
    return hvs_call(run, &self->change.op);
}

static enum hvs_want tell(struct create *self, struct hvs_run *run, const char *known)
{
    self->op.phase = TELLING;
    hvs_run_note(run, HVS_PHASE_VERIFY, NULL, 0);
    hvs_which_init(&self->which,
                   &(struct hvs_which_of){.job = self->result->job,
                                          .known = known,
                                          .of = hvs_created_of(&self->created)});
    return hvs_call(run, &self->which.op);
}

/* The host turned it away: is it for the VM's sake? */
static enum hvs_want refused(struct create *self, struct hvs_run *run,
                             const struct hvs_error *cause)
{
    self->op.phase = REFUSED;
    hvs_refusal_init(&self->refusal, self->vm_id, self->find.vm->name, "CreateSnapshot",
                     cause && cause->domain == HVS_JOB ? (uint32_t)cause->code
                                                       : self->change.return_value,
                     cause);
    return hvs_call(run, &self->refusal.op);
}

static enum hvs_want asked(struct create *self, struct hvs_run *run,
                           const struct hvs_event *event, struct hvs_error *err)
{
    const struct hvs_change *change = &self->change;

    self->result->outcome = change->outcome;
    if (event->cause && hvs_fault_flags(event->cause) & HVS_FAULT_GONE)
        return refused(self, run, event->cause);
    if (event->cause) {
        *err = *event->cause;
        if (change->outcome == HVS_OUTCOME_UNKNOWN)
            snprintf(err->hint, sizeof(err->hint),
                     "look before you repeat it: hvsnap list");
        return HVS_FAIL;
    }
    if (change->outcome == HVS_OUTCOME_NOT_DONE)
        return refused(self, run, NULL);
    snprintf(self->result->job, sizeof(self->result->job), "%s",
             change->found ? self->created.job : change->job);
    if (!self->result->job[0])
        return tell(self, run, change->found ? self->created.snapshot : change->made);
    if (self->detach)
        return HVS_DONE;
    self->op.phase = WAITING;
    hvs_job_wait_init(&self->wait, self->result->job, change->job_class);
    return hvs_call(run, &self->wait.op);
}

/* The job is over, one way or the other. */
static enum hvs_want waited(struct create *self, struct hvs_run *run,
                            const struct hvs_event *event, struct hvs_error *err)
{
    if (!event->cause)
        return tell(self, run, "");
    if (self->wait.end != HVS_JOB_FAILED)
        return hvs_fail(err, event->cause); /* it may go on without us */
    self->result->outcome = HVS_OUTCOME_NOT_DONE;
    if (event->cause->code == 32774 || event->cause->code == 32775)
        return refused(self, run, event->cause);
    return hvs_fail(err, event->cause);
}

static int keep(struct create *self, const struct hvs_settings *row,
                struct hvs_error *err)
{
    struct hvs_snapshot *snapshot = hvs_snapshot_new(row, self->find.vm, err);

    if (!snapshot)
        return -1;
    hvs_snapshot_free(self->result->snapshot);
    self->result->snapshot = snapshot;
    /* a VM stands on what was taken last: what we read of it is from before */
    snapshot->current = true;
    return 0;
}

/* The snapshot could not be read back. That it was made is known all the same when the
 * host said so: by its answer, or by its job's end. */
static enum hvs_want not_shown(struct create *self, const struct hvs_error *cause,
                               struct hvs_error *err)
{
    bool said = self->result->job[0] ? self->wait.end == HVS_JOB_COMPLETED
                                     : !self->change.found;

    *err = *cause;
    self->result->outcome = said ? HVS_OUTCOME_DONE : HVS_OUTCOME_UNKNOWN;
    if (said)
        hvs_err_prefix(err, "the snapshot was taken, but could not be read back");
    else if (err->class_ != HVS_CLASS_INTERRUPTED && err->class_ != HVS_CLASS_TERMINATED)
        hvs_err_class(err, HVS_CLASS_UNKNOWN);
    return HVS_FAIL;
}

static enum hvs_want told(struct create *self, struct hvs_run *run,
                          const struct hvs_event *event, struct hvs_error *err)
{
    if (event->cause)
        return not_shown(self, event->cause, err);
    self->result->outcome = HVS_OUTCOME_DONE;
    if (keep(self, self->which.row, err) < 0)
        return HVS_FAIL;
    if (!self->name)
        return HVS_DONE;
    if (strcmp(self->result->snapshot->name, self->name) == 0) {
        self->result->named = true;
        return HVS_DONE;
    }
    self->op.phase = NAMING;
    hvs_change_settings_init(&self->naming,
                             &(struct hvs_new_settings){.instance_id =
                                                            self->which.instance_id,
                                                        .name = self->name},
                             self->which.row, self->retries);
    return hvs_call(run, &self->naming.op);
}

static enum hvs_want named(struct create *self, const struct hvs_event *event,
                           struct hvs_error *err)
{
    char line[300];

    if (!event->cause) {
        self->result->named = true;
        return keep(self, hvs_change_settings_row(&self->naming), err) < 0 ? HVS_FAIL
                                                                           : HVS_DONE;
    }
    *err = *event->cause;
    hvs_err_prefix(err, "the snapshot was taken, but not named");
    snprintf(line, sizeof(line), "it is %s, called '%.200s'", self->result->snapshot->id,
             self->result->snapshot->name);
    hvs_err_detail(err, line);
    return HVS_FAIL;
}

static enum hvs_want create_step(struct hvs_op *op, struct hvs_run *run,
                                 const struct hvs_event *event, struct hvs_error *err)
{
    struct create *self = (struct create *)run;

    switch (op->phase) {
    case CHANGING: return asked(self, run, event, err);
    case WAITING: return waited(self, run, event, err);
    case TELLING: return told(self, run, event, err);
    case NAMING: return named(self, event, err);
    default: break;
    }
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (op->phase == FINDING)
        return ask(self, run, err);
    op->phase = FINDING;
    return hvs_call(run, &self->find.op);
}

static void release(struct hvs_run *run)
{
    struct create *self = (struct create *)run;

    hvs_find_vm_clear(&self->find);
    hvs_change_clear(&self->change);
    hvs_created_clear(&self->created);
    hvs_job_wait_clear(&self->wait);
    hvs_refusal_clear(&self->refusal);
    hvs_which_clear(&self->which);
    hvs_change_settings_clear(&self->naming);
    hvs_create_result_free(self->result);
    free(self->vm);
    free(self->name);
    free(self);
}

static int read_opts(struct hvs_create_opts *out, const struct hvs_create_opts *opts,
                     struct hvs_error *err)
{
    const size_t least = offsetof(struct hvs_create_opts, name);

    *out = (struct hvs_create_opts)HVS_CREATE_OPTS_INIT;
    if (hvs_opts_copy(out, sizeof(*out), opts, least, "HVS_CREATE_OPTS_INIT", err) < 0)
        return -1;
    if (hvs_check_text("the VM's name", out->vm, err) < 0)
        return -1;
    if (out->name && hvs_check_name(out->name, err) < 0)
        return -1;
    if (out->name && out->detach)
        return hvs_err_set_hint(
            err, HVS_USAGE, 0, "leave out one of them",
            "a snapshot cannot be named before its job has ended, so a "
            "name does not go with detaching");
    return 0;
}

int hvs_snapshot_create_start(struct hvs_run **out, struct hvs_client *client,
                              const struct hvs_create_opts *given, struct hvs_error *err)
{
    struct hvs_create_opts opts;
    struct create *self;

    *out = NULL;
    if (read_opts(&opts, given, err) < 0)
        return -1;
    self = calloc(1, sizeof(*self));
    if (!self)
        return hvs_err_memory(err);
    self->op.step = create_step;
    self->detach = opts.detach;
    self->retries = opts.retries;
    self->vm = strdup(opts.vm);
    self->name = opts.name ? strdup(opts.name) : NULL;
    self->result = calloc(1, sizeof(*self->result));
    hvs_find_vm_init(&self->find, self->vm);
    hvs_created_init(&self->created, &self->change);
    if (!self->vm || (opts.name && !self->name) || !self->result) {
        release(&self->run);
        return hvs_err_memory(err);
    }
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_snapshot_create_end(struct hvs_run *run, struct hvs_create_result **out,
                            struct hvs_error *err)
{
    struct create *self = (struct create *)run;
    int rc = hvs_client_finish(run, err);

    *out = self->result;
    self->result = NULL;
    hvs_client_drop(run);
    return rc;
}

int hvs_snapshot_create(struct hvs_client *client, const struct hvs_create_opts *opts,
                        struct hvs_create_result **out, struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_snapshot_create_start(&run, client, opts, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_snapshot_create_end(run, out, err);
}

void hvs_create_result_free(struct hvs_create_result *result)
{
    if (result)
        hvs_snapshot_free(result->snapshot);
    free(result);
}
