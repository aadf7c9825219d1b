#include "hyperv/mark.h"

#include "base/err.h"
#include "hyperv/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGING = 1 };

static int keep(struct hvs_mark *self, const struct hvs_settings *row,
                struct hvs_error *err)
{
    struct hvs_snapshot *snapshot = hvs_snapshot_new(row, self->vm, err);

    if (!snapshot)
        return -1;
    hvs_snapshot_free(self->result->snapshot);
    self->result->snapshot = snapshot;
    /* a VM stands on what was taken last: what we read of it is from before */
    snapshot->current = snapshot->kind == HVS_KIND_USER ||
                        snapshot->kind == HVS_KIND_AUTOMATIC;
    return 0;
}

/* What are its Notes to be? Sets self->notes when they differ from what they are. */
static int edit_notes(struct hvs_mark *self, const struct hvs_settings *row,
                      struct hvs_error *err)
{
    const struct hvs_take_what *what = self->what;
    struct hvs_notes_edit edit = {.own = what->own,
                                  .labels = what->labels,
                                  .label_count = what->label_count,
                                  .set_expires = what->ttl_ms ||
                                                 what->expires_ms != HVS_TIME_NONE,
                                  .expires_ms = what->expires_ms};
    bool differs;

    if (!edit.own && !edit.label_count && !edit.set_expires)
        return 0;
    if (what->ttl_ms && !row->created.set)
        return hvs_err_set(err, HVS_JOB, 0, "the host does not say when it was taken");
    if (what->ttl_ms) /* to a whole second, for whoever reads it */
        edit.expires_ms = (row->created.ms + (int64_t)what->ttl_ms + 999) / 1000 * 1000;
    self->notes = hvs_notes_edit(hvs_settings_notes(row), hvs_settings_guid(row), &edit,
                                 &differs, err);
    if (!self->notes)
        return -1;
    self->result->noted = !differs;
    if (!differs) {
        free(self->notes);
        self->notes = NULL;
    }
    return 0;
}

static enum hvs_want not_marked(struct hvs_mark *self, const struct hvs_error *cause,
                                struct hvs_error *err)
{
    const struct hvs_snapshot *snapshot = self->result->snapshot;
    bool said = self->change && self->change->outcome == HVS_OUTCOME_DONE;
    char line[300];

    *err = *cause;
    hvs_err_prefix(err,
                   said ? "the snapshot was taken, but could not be read back once it "
                          "was named"
                   : self->notes ? "the snapshot was taken, but has not got its "
                                   "name, notes and labels"
                                 : "the snapshot was taken, but not named");
    snprintf(line, sizeof(line), "it is %s, called '%.200s'", snapshot->id,
             snapshot->name);
    hvs_err_detail(err, line);
    return HVS_FAIL;
}

static enum hvs_want begin(struct hvs_mark *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    const struct hvs_take_what *what = self->what;
    struct hvs_new_settings to = {.instance_id = self->row->instance_id};
    struct hvs_error why = {0};

    if (keep(self, self->row, err) < 0) {
        hvs_err_prefix(err, "the snapshot was taken, but could not be read back");
        return HVS_FAIL;
    }
    if (edit_notes(self, self->row, &why) < 0)
        return not_marked(self, &why, err);
    self->result->named = what->name &&
                          strcmp(self->result->snapshot->name, what->name) == 0;
    to.name = self->result->named ? NULL : what->name;
    to.notes = self->notes;
    if (!to.name && !to.notes)
        return HVS_DONE;
    self->change = calloc(1, sizeof(*self->change));
    if (!self->change) {
        hvs_err_memory(&why);
        return not_marked(self, &why, err);
    }
    self->op.phase = CHANGING;
    hvs_change_settings_init(self->change, &to, self->row, what->retries);
    return hvs_call(run, &self->change->op);
}

static enum hvs_want changed(struct hvs_mark *self, const struct hvs_event *event,
                             struct hvs_error *err)
{
    struct hvs_error why = {0};

    if (event->cause)
        return not_marked(self, event->cause, err);
    self->result->named = self->what->name != NULL;
    self->result->noted = self->result->noted || self->notes;
    if (keep(self, hvs_change_settings_row(self->change), &why) < 0)
        return not_marked(self, &why, err);
    return HVS_DONE;
}

static enum hvs_want mark_step(struct hvs_op *op, struct hvs_run *run,
                               const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_mark *self = (struct hvs_mark *)op;

    return op->phase == CHANGING ? changed(self, event, err) : begin(self, run, err);
}

void hvs_mark_init(struct hvs_mark *self, const struct hvs_take_what *what,
                   struct hvs_create_result *result)
{
    *self = (struct hvs_mark){.op.step = mark_step, .what = what, .result = result};
}

void hvs_mark_clear(struct hvs_mark *self)
{
    if (self->change)
        hvs_change_settings_clear(self->change);
    free(self->change);
    self->change = NULL;
    free(self->notes);
    self->notes = NULL;
}
