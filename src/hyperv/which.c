#include "hyperv/which.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { BY_JOB = 1, BY_ROWS, PAUSING, BY_ID, BY_TREE };
enum { MOST_ASKED = 8, PAUSE_MS = 500 };

static enum hvs_want read_id(struct hvs_which *self, struct hvs_run *run,
                             struct hvs_error *err)
{
    self->op.phase = BY_ID;
    hvs_settings_query_clear(&self->query);
    hvs_settings_query_init(&self->query);
    if (hvs_settings_by_id(&self->query, self->instance_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->query.query.op);
}

static enum hvs_want ask_job(struct hvs_which *self, struct hvs_run *run,
                             struct hvs_error *err)
{
    self->op.phase = BY_JOB;
    if (hvs_settings_of_job(&self->query, self->of.job, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->query.query.op);
}

static enum hvs_want ask_rows(struct hvs_which *self, struct hvs_run *run,
                              struct hvs_error *err)
{
    self->op.phase = BY_ROWS;
    hvs_affected_clear(&self->affected);
    if (hvs_affected_init(&self->affected, self->of.job, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->affected.query.op);
}

static enum hvs_want ask_tree(struct hvs_which *self, struct hvs_run *run)
{
    self->op.phase = BY_TREE;
    self->census.of = self->of.of;
    return hvs_call(run, &self->census.op);
}

static enum hvs_want take(struct hvs_which *self, const struct hvs_settings *row)
{
    self->row = row;
    snprintf(self->instance_id, sizeof(self->instance_id), "%s", row->instance_id);
    return HVS_DONE;
}

/* The only snapshot of our VM among the rows, or NULL. */
static const struct hvs_settings *only(const struct hvs_which *self)
{
    const struct hvs_settings_set *set = &self->query.set;
    const struct hvs_settings *found = NULL;
    size_t i, count = 0;

    for (i = 0; i < set->count; i++) {
        const struct hvs_settings *row = &set->rows[i];

        if (!hvs_settings_is_snapshot(row) ||
            !hvs_same_guid(row->vm_id, self->of.of.vm_id))
            continue;
        found = row;
        count++;
    }
    return count == 1 ? found : NULL;
}

/* The one new child of the place where the VM stood, unless another's job is about. */
static enum hvs_want from_tree(struct hvs_which *self, struct hvs_run *run,
                               struct hvs_error *err)
{
    const struct hvs_census *census = &self->census;
    bool others = census->maybe_ours || census->homeless || census->nameless ||
                  census->ours > 1 ||
                  (census->ours && strcasecmp(census->job, self->of.job) != 0);

    if (self->of.gone && census->under_way) {
        hvs_err_set_hint(err, HVS_JOB, 0, "look at its jobs: hvsnap jobs",
                         "the host no longer knows its job, and is still at work on the "
                         "VM");
        hvs_err_class(err, HVS_CLASS_UNKNOWN);
        return HVS_FAIL;
    }
    if (census->children == 1 && !others)
        return take(self, census->child);
    if (self->of.gone) { /* nor does the tree tell, or not yet */
        self->of.gone = false;
        return ask_job(self, run, err);
    }
    hvs_err_set_hint(
        err, HVS_JOB, 0, "look at the VM's snapshots: hvsnap list",
        "the job has ended, but which snapshot it made cannot be told: %zu could be it%s",
        census->children, others ? ", and other jobs are about" : "");
    hvs_err_class(err, HVS_CLASS_UNKNOWN);
    return HVS_FAIL;
}

static enum hvs_want rows_told(struct hvs_which *self, struct hvs_run *run,
                               struct hvs_error *err)
{
    if (self->affected.snapshot[0]) {
        snprintf(self->instance_id, sizeof(self->instance_id), "%s",
                 self->affected.snapshot);
        return read_id(self, run, err);
    }
    if (self->asked++ >= MOST_ASKED)
        return ask_tree(self, run);
    self->op.phase = PAUSING;
    run->wait_ms = PAUSE_MS;
    return HVS_WAIT;
}

static enum hvs_want id_told(struct hvs_which *self, struct hvs_error *err)
{
    if (self->query.set.count == 1)
        return take(self, &self->query.set.rows[0]);
    hvs_err_set(err, HVS_JOB, 0,
                "the snapshot was made, but is gone: somebody deleted it");
    hvs_err_class(err, HVS_CLASS_NOT_FOUND);
    return HVS_FAIL;
}

static enum hvs_want which_step(struct hvs_op *op, struct hvs_run *run,
                                const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_which *self = (struct hvs_which *)op;
    const struct hvs_settings *row;

    if (event->cause &&
        (run->stop.domain || (op->phase != BY_JOB && op->phase != BY_ROWS)))
        return hvs_fail(err, event->cause);
    switch (op->phase) {
    case BY_JOB:
        row = event->cause ? NULL : only(self);
        return row ? take(self, row) : ask_rows(self, run, err);
    case BY_ROWS: return event->cause ? ask_tree(self, run) : rows_told(self, run, err);
    case PAUSING: return ask_rows(self, run, err);
    case BY_ID: return id_told(self, err);
    case BY_TREE: return from_tree(self, run, err);
    default: break;
    }
    if (self->of.known[0]) {
        snprintf(self->instance_id, sizeof(self->instance_id), "%s", self->of.known);
        return read_id(self, run, err);
    }
    return self->of.job[0] && !self->of.gone ? ask_job(self, run, err)
                                             : ask_tree(self, run);
}

void hvs_which_init(struct hvs_which *which, const struct hvs_which_of *of)
{
    *which = (struct hvs_which){.op.step = which_step, .of = *of};
    hvs_settings_query_init(&which->query);
    hvs_census_init(&which->census);
}

void hvs_which_clear(struct hvs_which *which)
{
    hvs_settings_query_clear(&which->query);
    hvs_affected_clear(&which->affected);
    hvs_census_clear(&which->census);
}
