#include "base/err.h"
#include "hyperv/client.h"
#include "hyperv/find.h"
#include "hyperv/job.h"
#include "hyperv/summary.h"

#include <hvsnap/vm.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Find the VM; look at it from time to time until nothing goes on on it. What the host
 * does with a VM stands in its OperationalStatus, which is what counts; how far it is
 * stands in the summary alone, which some hosts may not give. */
struct merge {
    struct hvs_run run;
    struct hvs_op op;
    char *vm;

    struct hvs_find_vm find;
    struct hvs_system_query system;
    struct hvs_summary summary;
    bool no_summary; /* it tells nothing here */
    bool shown_none; /* it has just shown no merge */
    bool moved;      /* `percent` was told */
    uint32_t percent;
    unsigned pause_ms;
    unsigned rests; /* looks in a row that showed nothing */
    unsigned lost;  /* looks that the host did not answer */
    struct hvs_merge_result *result;
};

enum { FINDING = 1, LOOKING, ASKING, PAUSING };
enum { FIRST_PAUSE_MS = 250, LONGEST_PAUSE_MS = 4000 };
/* A merge begins a moment after the job that deleted: one look is not enough. */
enum { RESTS = 2, REST_MS = 1000 };
enum { MERGE_JOB = 50 }; /* JobType */

static enum hvs_want pause_for(struct merge *self, struct hvs_run *run, unsigned ms)
{
    self->op.phase = PAUSING;
    run->wait_ms = ms;
    return HVS_WAIT;
}

static enum hvs_want look(struct merge *self, struct hvs_run *run, struct hvs_error *err)
{
    self->op.phase = LOOKING;
    hvs_system_query_clear(&self->system);
    if (hvs_system_query_init(&self->system, self->result->vm_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->system.query.op);
}

static enum hvs_want ask(struct merge *self, struct hvs_run *run, struct hvs_error *err)
{
    self->op.phase = ASKING;
    return hvs_summary_ask(run, self->result->vm_id, err);
}

static bool merges(const struct hvs_system *system)
{
    return strcmp(hvs_system_operation(system), "merge") == 0;
}

/* Look again soon when it moves. */
static enum hvs_want goes_on(struct merge *self, struct hvs_run *run, uint32_t percent)
{
    if (!self->moved || percent != self->percent)
        self->pause_ms = FIRST_PAUSE_MS;
    self->moved = true;
    self->percent = percent;
    self->rests = 0;
    if (self->result->merging)
        hvs_run_note(run, HVS_PHASE_MERGE, NULL, percent);
    return pause_for(self, run, self->pause_ms);
}

static enum hvs_want unseen(const struct merge *self, struct hvs_error *err)
{
    hvs_err_set_hint(err, HVS_JOB, 0,
                     "has it moved to another node, or has the account lost its rights? "
                     "'hvsnap vms' shows what is to be seen",
                     "whether the disks of the VM '%s' are merged is unknown: it is no "
                     "longer to be seen",
                     self->find.vm->name);
    hvs_err_class(err, HVS_CLASS_UNKNOWN);
    return HVS_FAIL;
}

static enum hvs_want looked(struct merge *self, struct hvs_run *run,
                            struct hvs_error *err)
{
    const struct hvs_system *system = self->system.rows;

    self->lost = 0;
    if (!self->system.count)
        return unseen(self, err);
    if (merges(system)) {
        self->no_summary = self->no_summary || self->shown_none;
        self->result->merging = true;
    }
    self->shown_none = false;
    if (*hvs_system_operation(system)) /* another one hides a merge behind it */
        return goes_on(self, run, self->percent);
    if (++self->rests < RESTS)
        return pause_for(self, run, REST_MS);
    self->result->merging = false;
    self->result->merged = true;
    return HVS_DONE;
}

static enum hvs_want asked(struct merge *self, struct hvs_run *run, const xmlNode *body,
                           struct hvs_error *err)
{
    const struct hvs_summary *summary = &self->summary;
    struct hvs_error ignored = {0};
    bool of_merge;

    if (hvs_summary_read(body, &self->summary, &ignored) < 0 || !summary->found) {
        self->no_summary = true;
        return look(self, run, err);
    }
    self->lost = 0;
    of_merge = summary->job && summary->job_type == MERGE_JOB;
    if (of_merge || merges(&summary->system))
        return goes_on(self, run, of_merge ? summary->percent : self->percent);
    self->shown_none = true;
    return look(self, run, err);
}

/* A look without an answer: the host may come back, its merge does not need us. */
static enum hvs_want no_answer(struct merge *self, struct hvs_run *run,
                               const struct hvs_error *cause, struct hvs_error *err)
{
    if (hvs_job_may_poll_again(run, cause, &self->lost))
        return pause_for(self, run, LONGEST_PAUSE_MS);
    if (self->op.phase == ASKING && !run->stop.domain) {
        self->no_summary = true;
        return look(self, run, err);
    }
    *err = *cause;
    if (self->result->merging)
        hvs_err_prefix(err, "the host goes on merging disks");
    else
        hvs_err_prefix(err, "whether the disks are merged is unknown");
    if (run->stop.domain)
        hvs_err_add_hint(err, "'hvsnap vms' shows when it is over");
    return HVS_FAIL;
}

static enum hvs_want merge_step(struct hvs_op *op, struct hvs_run *run,
                                const struct hvs_event *event, struct hvs_error *err)
{
    struct merge *self = (struct merge *)run;

    if (event->cause && op->phase == FINDING)
        return hvs_fail(err, event->cause);
    if (event->cause)
        return no_answer(self, run, event->cause, err);
    switch (op->phase) {
    case FINDING:
        snprintf(self->result->vm_id, sizeof(self->result->vm_id), "%s",
                 self->find.vm->vm_id);
        return look(self, run, err);
    case LOOKING: return looked(self, run, err);
    case ASKING: return asked(self, run, event->body, err);
    case PAUSING:
        self->pause_ms *= 2;
        if (self->pause_ms > LONGEST_PAUSE_MS)
            self->pause_ms = LONGEST_PAUSE_MS;
        return self->result->merging && !self->no_summary && !self->rests
                   ? ask(self, run, err)
                   : look(self, run, err);
    default: break;
    }
    op->phase = FINDING;
    return hvs_call(run, &self->find.op);
}

static void release(struct hvs_run *run)
{
    struct merge *self = (struct merge *)run;

    hvs_find_vm_clear(&self->find);
    hvs_system_query_clear(&self->system);
    hvs_merge_result_free(self->result);
    free(self->vm);
    free(self);
}

int hvs_vm_wait_merged_start(struct hvs_run **out, struct hvs_client *client,
                             const char *vm, struct hvs_error *err)
{
    struct merge *self;

    *out = NULL;
    if (hvs_check_text("the VM's name", vm, err) < 0)
        return -1;
    self = calloc(1, sizeof(*self));
    if (!self)
        return hvs_err_memory(err);
    self->op.step = merge_step;
    self->pause_ms = FIRST_PAUSE_MS;
    self->vm = strdup(vm);
    self->result = calloc(1, sizeof(*self->result));
    hvs_find_vm_init(&self->find, self->vm);
    if (!self->vm || !self->result) {
        release(&self->run);
        return hvs_err_memory(err);
    }
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_vm_wait_merged_end(struct hvs_run *run, struct hvs_merge_result **out,
                           struct hvs_error *err)
{
    struct merge *self = (struct merge *)run;
    int rc = hvs_client_finish(run, err);

    *out = self->result;
    self->result = NULL;
    hvs_client_drop(run);
    return rc;
}

int hvs_vm_wait_merged(struct hvs_client *client, const char *vm,
                       struct hvs_merge_result **out, struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_vm_wait_merged_start(&run, client, vm, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_vm_wait_merged_end(run, out, err);
}

void hvs_merge_result_free(struct hvs_merge_result *result)
{
    free(result);
}
