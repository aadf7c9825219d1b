#include "base/err.h"
#include "hyperv/choose.h"
#include "hyperv/client.h"
#include "hyperv/revert.h"
#include "hyperv/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Find the VM and the snapshot; see in which state the VM is, and bring it to rest; have
 * it go back; see what it is now, and start it. */
struct apply {
    struct hvs_run run;
    struct hvs_op op;
    char *vm, *wanted;
    struct hvs_apply_opts opts; /* without the strings */

    struct hvs_choose choose;
    struct hvs_system_query system;
    struct hvs_change_state stop, start;
    struct hvs_revert revert;
    struct hvs_apply_result *result;
};

enum { CHOOSING = 1, PREPARING, STOPPING, SETTLING, REVERTING, SEEING, STARTING };

static enum hvs_want see(struct apply *self, struct hvs_run *run, int phase,
                         struct hvs_error *err)
{
    self->op.phase = phase;
    hvs_system_query_clear(&self->system);
    if (hvs_system_query_init(&self->system, self->choose.vm_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->system.query.op);
}

static struct hvs_snapshot *stood_on(const struct apply *self, struct hvs_error *err)
{
    char id[64];
    const struct hvs_settings *row;

    snprintf(id, sizeof(id), "Microsoft:%s", self->choose.stood_on);
    row = hvs_settings_find(self->choose.set, id);
    return row ? hvs_snapshot_new(row, self->choose.find.vm, err) : NULL;
}

static enum hvs_want chosen(struct apply *self, struct hvs_run *run,
                            const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_apply_result *result = self->result;

    snprintf(result->vm_id, sizeof(result->vm_id), "%s", self->choose.vm_id);
    if (event->cause)
        return hvs_fail(err, event->cause);
    result->snapshot = hvs_snapshot_new(self->choose.row, self->choose.find.vm, err);
    if (!result->snapshot)
        return HVS_FAIL;
    result->stood_on = stood_on(self, err);
    if (err->domain ||
        hvs_choose_check_kind(self->choose.row, "restored", false, err) < 0)
        return HVS_FAIL;
    return see(self, run, PREPARING, err);
}

static enum hvs_want gone(const struct apply *self, struct hvs_error *err)
{
    hvs_err_set_hint(err, HVS_JOB, 0,
                     "a clustered VM is managed on the node that owns it: find that node "
                     "and try there",
                     "the state of the VM '%s' is not to be seen on this host",
                     hvs_choose_vm_name(&self->choose));
    hvs_err_class(err, HVS_CLASS_NOT_FOUND);
    return HVS_FAIL;
}

static enum hvs_want refuse_state(const struct apply *self, struct hvs_error *err)
{
    uint32_t state = self->result->state;
    bool passes = hvs_state_passes(state);
    char number[16];

    hvs_err_set_hint(err, HVS_JOB, 32775,
                     passes ? "try again when that is over"
                            : "--force-off turns it off first, as if its plug were "
                              "pulled; --save saves it first",
                     "the VM '%s' is %s: a snapshot is restored to a VM that is off or "
                     "saved",
                     hvs_choose_vm_name(&self->choose), hvs_vm_state_name(state, number));
    hvs_err_class(err, passes ? HVS_CLASS_BUSY : HVS_CLASS_REFUSED);
    return HVS_FAIL;
}

static enum hvs_want revert(struct apply *self, struct hvs_run *run)
{
    if (self->opts.upto == HVS_APPLY_PREPARE)
        return HVS_DONE;
    self->op.phase = REVERTING;
    hvs_revert_init(&self->revert, &self->choose, self->opts.retries);
    return hvs_call(run, &self->revert.op);
}

/* The state is known: may it go back as it is? */
static enum hvs_want prepare(struct apply *self, struct hvs_run *run,
                             struct hvs_error *err)
{
    uint32_t state = self->system.count ? self->system.rows[0].state : 0;
    bool rests = state == HVS_STATE_OFF || state == HVS_STATE_SAVED;

    self->result->state = self->result->state_before = state;
    if (!self->system.count)
        return gone(self, err);
    if (!rests &&
        (hvs_state_passes(state) || (!self->opts.force_off && !self->opts.save)))
        return refuse_state(self, err);
    if (self->opts.upto == HVS_APPLY_CHECK)
        return HVS_DONE;
    if (rests)
        return revert(self, run);
    self->op.phase = STOPPING;
    hvs_change_state_init(&self->stop, self->choose.vm_id,
                          hvs_choose_vm_name(&self->choose), state,
                          self->opts.save ? HVS_STATE_SAVED : HVS_STATE_OFF,
                          self->opts.retries);
    return hvs_call(run, &self->stop.op);
}

/* Where the reply was lost and somebody else may have stopped it, our request could come
 * late, and meet the VM started again. */
static enum hvs_want stopped(struct apply *self, struct hvs_run *run,
                             const struct hvs_event *event, struct hvs_error *err)
{
    const struct hvs_change *change = &self->stop.act.change;

    self->result->stopped = self->stop.outcome;
    if (self->stop.seen)
        self->result->state = self->stop.seen;
    if (event->cause) {
        *err = *event->cause;
        hvs_err_prefix(err, "the VM was to be stopped first");
        return HVS_FAIL;
    }
    if (!change->found || hvs_change_settled(change, run))
        return revert(self, run);
    self->op.phase = SETTLING;
    run->wait_ms = (unsigned)(change->over_at + HVS_SETTLE_MS - run->now);
    return HVS_WAIT;
}

static enum hvs_want reverted(struct apply *self, struct hvs_run *run,
                              const struct hvs_event *event, struct hvs_error *err)
{
    self->result->outcome = self->revert.outcome;
    snprintf(self->result->job, sizeof(self->result->job), "%s", self->revert.act.job);
    if (event->cause)
        return hvs_fail(err, event->cause);
    self->result->snapshot->current = true;
    return see(self, run, SEEING, err);
}

/* It went back: in which state is it now? */
static enum hvs_want saw(struct apply *self, struct hvs_run *run, struct hvs_error *err)
{
    uint32_t state = self->system.count ? self->system.rows[0].state : 0;

    self->result->state = state;
    if (!self->system.count)
        return gone(self, err);
    if (!self->opts.start)
        return HVS_DONE;
    self->op.phase = STARTING;
    self->result->started = HVS_OUTCOME_DONE;
    if (state == HVS_STATE_RUNNING)
        return HVS_DONE;
    hvs_change_state_init(&self->start, self->choose.vm_id,
                          hvs_choose_vm_name(&self->choose), state, HVS_STATE_RUNNING,
                          self->opts.retries);
    return hvs_call(run, &self->start.op);
}

static enum hvs_want started(struct apply *self, const struct hvs_event *event,
                             struct hvs_error *err)
{
    self->result->started = self->start.outcome;
    if (self->start.seen)
        self->result->state = self->start.seen;
    if (!event->cause)
        return HVS_DONE;
    *err = *event->cause;
    hvs_err_prefix(err, "the snapshot was restored, but the VM was not started");
    return HVS_FAIL;
}

static enum hvs_want apply_step(struct hvs_op *op, struct hvs_run *run,
                                const struct hvs_event *event, struct hvs_error *err)
{
    struct apply *self = (struct apply *)run;

    switch (op->phase) {
    case CHOOSING: return chosen(self, run, event, err);
    case STOPPING: return stopped(self, run, event, err);
    case REVERTING: return reverted(self, run, event, err);
    case STARTING: return started(self, event, err);
    default: break;
    }
    if (event->cause)
        return hvs_fail(err, event->cause);
    switch (op->phase) {
    case PREPARING: return prepare(self, run, err);
    case SETTLING: return revert(self, run);
    case SEEING: return saw(self, run, err);
    default: break;
    }
    op->phase = CHOOSING;
    return hvs_call(run, &self->choose.op);
}

static void release(struct hvs_run *run)
{
    struct apply *self = (struct apply *)run;

    hvs_choose_clear(&self->choose);
    hvs_system_query_clear(&self->system);
    hvs_change_state_clear(&self->stop);
    hvs_change_state_clear(&self->start);
    hvs_revert_clear(&self->revert);
    hvs_apply_result_free(self->result);
    free(self->vm);
    free(self->wanted);
    free(self);
}

static int read_opts(struct hvs_apply_opts *out, const struct hvs_apply_opts *opts,
                     struct hvs_error *err)
{
    const size_t least = offsetof(struct hvs_apply_opts, retries);

    *out = (struct hvs_apply_opts)HVS_APPLY_OPTS_INIT;
    if (hvs_opts_copy(out, sizeof(*out), opts, least, "HVS_APPLY_OPTS_INIT", err) < 0)
        return -1;
    if (hvs_check_text("the VM's name", out->vm, err) < 0)
        return -1;
    if (out->force_off && out->save)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "leave out one of them",
                                "a VM is either turned off or saved");
    return hvs_check_text("the snapshot", out->snapshot, err);
}

int hvs_snapshot_apply_start(struct hvs_run **out, struct hvs_client *client,
                             const struct hvs_apply_opts *given, struct hvs_error *err)
{
    struct hvs_apply_opts opts;
    struct apply *self;

    *out = NULL;
    if (read_opts(&opts, given, err) < 0)
        return -1;
    self = calloc(1, sizeof(*self));
    if (!self)
        return hvs_err_memory(err);
    self->op.step = apply_step;
    self->opts = opts;
    self->vm = strdup(opts.vm);
    self->wanted = strdup(opts.snapshot);
    self->result = calloc(1, sizeof(*self->result));
    hvs_choose_init(&self->choose, self->vm, self->wanted);
    if (!self->vm || !self->wanted || !self->result) {
        release(&self->run);
        return hvs_err_memory(err);
    }
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_snapshot_apply_end(struct hvs_run *run, struct hvs_apply_result **out,
                           struct hvs_error *err)
{
    struct apply *self = (struct apply *)run;
    int rc = hvs_client_finish(run, err);

    *out = self->result;
    self->result = NULL;
    hvs_client_drop(run);
    return rc;
}

int hvs_snapshot_apply(struct hvs_client *client, const struct hvs_apply_opts *opts,
                       struct hvs_apply_result **out, struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_snapshot_apply_start(&run, client, opts, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_snapshot_apply_end(run, out, err);
}

void hvs_apply_result_free(struct hvs_apply_result *result)
{
    if (result) {
        hvs_snapshot_free(result->snapshot);
        hvs_snapshot_free(result->stood_on);
    }
    free(result);
}
