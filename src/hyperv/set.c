#include "base/err.h"
#include "hyperv/change_settings.h"
#include "hyperv/choose.h"
#include "hyperv/client.h"
#include "hyperv/notes.h"
#include "hyperv/refusal.h"
#include "hyperv/result.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Find the VM and the snapshot; change what differs, and read it back. */
struct set {
    struct hvs_run run;
    struct hvs_op op;
    char *vm, *wanted, *name, *own; /* name and own NULL: as they are */
    struct hvs_label *labels;
    char **drop;
    struct hvs_set_opts opts; /* without the strings */

    struct hvs_choose choose;
    char *notes; /* to be written, or NULL */
    struct hvs_change_settings change;
    struct hvs_refusal refusal;
    struct hvs_set_result *result;
};

enum { CHOOSING = 1, CHANGING, REFUSED };

static int keep(struct set *self, const struct hvs_settings *row, struct hvs_error *err)
{
    struct hvs_snapshot *snapshot = hvs_snapshot_new(row, self->choose.find.vm, err);

    if (!snapshot)
        return -1;
    hvs_snapshot_free(self->result->snapshot);
    self->result->snapshot = snapshot;
    snapshot->current = hvs_same_guid(self->choose.stood_on, snapshot->id);
    return 0;
}

/* When shall its lifetime end? */
static int read_expires(const struct set *self, const struct hvs_run *run,
                        struct hvs_notes_edit *edit, struct hvs_error *err)
{
    int64_t now = hvs_run_host_now(run);

    edit->set_expires = self->opts.set_expires || self->opts.ttl_ms;
    edit->expires_ms = self->opts.expires_ms;
    if (self->opts.ttl_ms && !now) {
        hvs_err_set_hint(err, HVS_HTTP, 0, "say when the lifetime shall end",
                         "the host does not tell what time it is");
        return hvs_err_class(err, HVS_CLASS_FAILED);
    }
    if (self->opts.ttl_ms) /* in whole seconds, as the host's clock is known */
        edit->expires_ms = (now + (int64_t)self->opts.ttl_ms + 999) / 1000 * 1000;
    if (edit->set_expires && edit->expires_ms != HVS_TIME_NONE && edit->expires_ms <= now)
        return hvs_err_set(err, HVS_USAGE, 0,
                           "the lifetime would be over already, by the host's clock");
    return 0;
}

/* What are the Notes to be? Sets self->notes when they differ from what they are. */
static int edit_notes(struct set *self, const struct hvs_run *run, struct hvs_error *err)
{
    const struct hvs_settings *row = self->choose.row;
    struct hvs_notes_edit edit = {.own = self->own,
                                  .labels = self->labels,
                                  .label_count = self->opts.label_count,
                                  .drop = self->drop,
                                  .drop_count = self->opts.drop_count};
    bool differs;

    if (read_expires(self, run, &edit, err) < 0)
        return -1;
    self->notes = hvs_notes_edit(hvs_settings_notes(row), hvs_settings_guid(row), &edit,
                                 &differs, err);
    if (!self->notes)
        return -1;
    if (!differs) {
        free(self->notes);
        self->notes = NULL;
    }
    return 0;
}

static enum hvs_want chosen(struct set *self, struct hvs_run *run, struct hvs_error *err)
{
    const struct hvs_settings *row = self->choose.row;
    struct hvs_new_settings to = {.instance_id = row->instance_id};

    snprintf(self->result->vm_id, sizeof(self->result->vm_id), "%s", self->choose.vm_id);
    if (keep(self, row, err) < 0)
        return HVS_FAIL;
    if (!self->opts.any_kind && hvs_choose_check_kind(row, "changed", true, err) < 0)
        return HVS_FAIL;
    if (edit_notes(self, run, err) < 0)
        return HVS_FAIL;
    if (self->name && strcmp(self->name, hvs_choose_name(&self->choose)) != 0)
        to.name = self->name;
    to.notes = self->notes;
    self->result->outcome = HVS_OUTCOME_DONE;
    if (!to.name && !to.notes)
        return HVS_DONE;
    self->op.phase = CHANGING;
    hvs_change_settings_init(&self->change, &to, row, self->opts.retries);
    return hvs_call(run, &self->change.op);
}

static const char not_read[] = "the snapshot was changed, but could not be read back";

static enum hvs_want changed(struct set *self, struct hvs_run *run,
                             const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_set_result *result = self->result;

    result->outcome = self->change.outcome;
    result->changed = result->outcome != HVS_OUTCOME_NOT_DONE;
    snprintf(result->job, sizeof(result->job), "%s", self->change.change.job);
    if (!event->cause) {
        if (keep(self, hvs_change_settings_row(&self->change), err) == 0)
            return HVS_DONE;
        hvs_err_prefix(err, not_read);
        return HVS_FAIL;
    }
    if (result->outcome == HVS_OUTCOME_NOT_DONE && event->cause->domain == HVS_JOB &&
        hvs_result_is_state((uint32_t)event->cause->code)) {
        self->op.phase = REFUSED;
        hvs_refusal_init(&self->refusal, self->choose.vm_id,
                         hvs_choose_vm_name(&self->choose), "ModifySystemSettings",
                         (uint32_t)event->cause->code, event->cause);
        return hvs_call(run, &self->refusal.op);
    }
    *err = *event->cause;
    if (result->outcome == HVS_OUTCOME_DONE)
        hvs_err_prefix(err, not_read);
    return HVS_FAIL;
}

static enum hvs_want set_step(struct hvs_op *op, struct hvs_run *run,
                              const struct hvs_event *event, struct hvs_error *err)
{
    struct set *self = (struct set *)run;

    if (op->phase == CHANGING)
        return changed(self, run, event, err);
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (op->phase == CHOOSING)
        return chosen(self, run, err);
    op->phase = CHOOSING;
    return hvs_call(run, &self->choose.op);
}

static void release(struct hvs_run *run)
{
    struct set *self = (struct set *)run;
    size_t i;

    hvs_choose_clear(&self->choose);
    hvs_change_settings_clear(&self->change);
    hvs_refusal_clear(&self->refusal);
    hvs_set_result_free(self->result);
    hvs_labels_free(self->labels, self->opts.label_count);
    for (i = 0; self->drop && i < self->opts.drop_count; i++)
        free(self->drop[i]);
    free(self->drop);
    free(self->notes);
    free(self->vm);
    free(self->wanted);
    free(self->name);
    free(self->own);
    free(self);
}

static int check_labels(const struct hvs_set_opts *opts, struct hvs_error *err)
{
    size_t i;

    if (hvs_label_check(opts->labels, opts->label_count, err) < 0)
        return -1;
    for (i = 0; i < opts->drop_count; i++) {
        if (hvs_label_check_key(opts->drop[i], err) < 0)
            return -1;
        if (hvs_label_find(opts->labels, opts->label_count, opts->drop[i]))
            return hvs_err_set(err, HVS_USAGE, 0,
                               "the label '%s' is to be given and to be taken away",
                               opts->drop[i]);
    }
    return 0;
}

static int read_opts(struct hvs_set_opts *out, const struct hvs_set_opts *opts,
                     struct hvs_error *err)
{
    const size_t least = offsetof(struct hvs_set_opts, retries);

    *out = (struct hvs_set_opts)HVS_SET_OPTS_INIT;
    if (hvs_opts_copy(out, sizeof(*out), opts, least, "HVS_SET_OPTS_INIT", err) < 0)
        return -1;
    if (hvs_check_text("the VM's name", out->vm, err) < 0 ||
        hvs_check_text("the snapshot", out->snapshot, err) < 0)
        return -1;
    if ((out->name && hvs_check_name(out->name, err) < 0) ||
        (out->notes && hvs_notes_check(out->notes, err) < 0) ||
        check_labels(out, err) < 0)
        return -1;
    if (out->set_expires && out->ttl_ms)
        return hvs_err_set(err, HVS_USAGE, 0,
                           "a lifetime ends either at a moment, or so long from now");
    if (hvs_check_ttl(out->ttl_ms, err) < 0)
        return -1;
    return out->set_expires ? hvs_check_expires(out->expires_ms, err) : 0;
}

/* Copy what may be NULL; false when memory runs out. */
static bool copy(char **out, const char *text)
{
    *out = text ? strdup(text) : NULL;
    return *out || !text;
}

static bool copy_opts(struct set *self, const struct hvs_set_opts *opts)
{
    bool whole;
    size_t i;

    self->opts = *opts;
    self->labels = hvs_labels_copy(opts->labels, opts->label_count, NULL);
    self->drop = calloc(opts->drop_count + 1, sizeof(*self->drop));
    whole = (self->labels || !opts->label_count) && self->drop;
    whole = copy(&self->vm, opts->vm) && whole;
    whole = copy(&self->wanted, opts->snapshot) && whole;
    whole = copy(&self->name, opts->name) && whole;
    whole = copy(&self->own, opts->notes) && whole;
    for (i = 0; whole && i < opts->drop_count; i++)
        whole = copy(&self->drop[i], opts->drop[i]);
    return whole;
}

int hvs_snapshot_set_start(struct hvs_run **out, struct hvs_client *client,
                           const struct hvs_set_opts *given, struct hvs_error *err)
{
    struct hvs_set_opts opts;
    struct set *self;

    *out = NULL;
    if (read_opts(&opts, given, err) < 0)
        return -1;
    self = calloc(1, sizeof(*self));
    if (!self)
        return hvs_err_memory(err);
    self->op.step = set_step;
    self->result = calloc(1, sizeof(*self->result));
    if (!copy_opts(self, &opts) || !self->result) {
        release(&self->run);
        return hvs_err_memory(err);
    }
    hvs_choose_init(&self->choose, self->vm, self->wanted);
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_snapshot_set_end(struct hvs_run *run, struct hvs_set_result **out,
                         struct hvs_error *err)
{
    struct set *self = (struct set *)run;
    int rc = hvs_client_finish(run, err);

    *out = self->result;
    self->result = NULL;
    hvs_client_drop(run);
    return rc;
}

int hvs_snapshot_set(struct hvs_client *client, const struct hvs_set_opts *opts,
                     struct hvs_set_result **out, struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_snapshot_set_start(&run, client, opts, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_snapshot_set_end(run, out, err);
}

void hvs_set_result_free(struct hvs_set_result *result)
{
    if (result)
        hvs_snapshot_free(result->snapshot);
    free(result);
}
