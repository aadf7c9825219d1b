#include "base/err.h"
#include "hyperv/client.h"
#include "hyperv/find.h"
#include "hyperv/leftover.h"
#include "hyperv/notes.h"
#include "hyperv/take.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Find the VM; does a snapshot of it fit? If not, has a call that was cut off left one?
 * That is finished; else one is taken. */
struct ensure {
    struct hvs_run run;
    struct hvs_op op;
    struct hvs_take_what what;
    uint64_t max_age_ms;

    struct hvs_find_vm find;
    char vm_id[40];
    struct hvs_settings_query list;
    struct hvs_leftover left;
    struct hvs_job_wait wait;
    char watched[64]; /* the job whose call is left its time */
    int64_t until;    /* ... and until when */
    struct hvs_mark mark;
    struct hvs_take take;
    bool taking;
    struct hvs_create_result *result;
};

enum { FINDING = 1, LISTING, SEARCHING, WATCHING, PAUSING, MARKING, TAKING };
enum { LEAST_PAUSE_MS = 1000, MOST_PAUSE_MS = 5000 };

static bool has_labels(const struct ensure *self, const struct hvs_notes *notes)
{
    const struct hvs_label *found;
    size_t i;

    for (i = 0; i < self->what.label_count; i++) {
        found = hvs_label_find(notes->labels, notes->label_count,
                               self->what.labels[i].key);
        if (!found || strcmp(found->value, self->what.labels[i].value) != 0)
            return false;
    }
    return true;
}

/* 1 when it does, 0 when not, -1 when memory runs out. */
static int fits(const struct ensure *self, const struct hvs_settings *row, int64_t now,
                struct hvs_error *err)
{
    enum hvs_snapshot_kind kind = hvs_take_what_kind(&self->what);
    struct hvs_notes notes;
    bool yes;

    if (!hvs_settings_is_snapshot(row) || hvs_settings_kind(row) != kind ||
        (self->what.name && strcmp(row->name ? row->name : "", self->what.name) != 0) ||
        (self->max_age_ms &&
         (!row->created.set || now - row->created.ms > (int64_t)self->max_age_ms)))
        return 0;
    if (hvs_notes_parse(&notes, hvs_settings_notes(row), hvs_settings_guid(row), err) < 0)
        return -1;
    yes = has_labels(self, &notes) &&
          (notes.expires_ms == HVS_TIME_NONE || notes.expires_ms > now);
    hvs_notes_clear(&notes);
    return yes;
}

/* The youngest that fits, or NULL; *err when memory runs out. */
static const struct hvs_settings *fitting(const struct ensure *self,
                                          const struct hvs_settings_set *set, int64_t now,
                                          struct hvs_error *err)
{
    const struct hvs_settings *best = NULL;
    size_t i;
    int yes;

    for (i = 0; i < set->count; i++) {
        const struct hvs_settings *row = &set->rows[i];

        yes = fits(self, row, now, err);
        if (yes < 0)
            return NULL;
        if (yes && (!best || (row->created.set && row->created.ms > best->created.ms)))
            best = row;
    }
    return best;
}

static enum hvs_want list(struct ensure *self, struct hvs_run *run, struct hvs_error *err)
{
    self->op.phase = LISTING;
    if (hvs_settings_of_vm(&self->list, self->vm_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->list.query.op);
}

static enum hvs_want search(struct ensure *self, struct hvs_run *run)
{
    const struct hvs_evidence *we = hvs_session_evidence(run->session);
    int64_t left = self->until > run->now ? self->until - run->now : 0;

    self->op.phase = SEARCHING;
    hvs_leftover_clear(&self->left);
    hvs_leftover_init(&self->left);
    self->left.of = (struct hvs_leftover_of){.vm_id = self->vm_id,
                                             .vm_name = self->find.vm->name,
                                             .account = we->account,
                                             .domain = we->domain,
                                             .max_age_ms = self->max_age_ms,
                                             .known = self->watched,
                                             .known_left_ms = (unsigned)left};
    return hvs_call(run, &self->left.op);
}

/* The VM's snapshots are known: is there need to do anything? */
static enum hvs_want look(struct ensure *self, struct hvs_run *run,
                          const struct hvs_settings_set *set, struct hvs_error *err)
{
    const struct hvs_settings *vm = hvs_settings_vm(set), *row;
    int64_t now = hvs_run_host_now(run);

    if (self->max_age_ms && !now) {
        hvs_err_set(err, HVS_HTTP, 0, "the host does not tell what time it is");
        hvs_err_class(err, HVS_CLASS_FAILED);
        return HVS_FAIL;
    }
    row = fitting(self, set, now, err);
    if (err->domain)
        return HVS_FAIL;
    if (!row)
        return search(self, run);
    self->result->snapshot = hvs_snapshot_new(row, vm ? vm : self->find.vm, err);
    if (!self->result->snapshot)
        return HVS_FAIL;
    self->result->outcome = HVS_OUTCOME_DONE;
    self->result->named = self->what.name != NULL;
    return HVS_DONE;
}

static enum hvs_want found(struct ensure *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    snprintf(self->vm_id, sizeof(self->vm_id), "%.39s", self->find.vm->vm_id);
    snprintf(self->result->vm_id, sizeof(self->result->vm_id), "%s", self->vm_id);
    /* who asks by the VM's id gets its snapshots with it */
    if (hvs_same_guid(self->vm_id, self->find.id))
        return look(self, run, &self->find.query.set, err);
    return list(self, run, err);
}

/* What the VM stands on, if a call may have left it there: to be told, and let be. */
static int tell_unnamed(struct ensure *self, const struct hvs_settings_set *set,
                        struct hvs_error *err)
{
    const struct hvs_settings *vm = hvs_settings_vm(set), *row;
    char guid[40], id[64];

    if (!vm)
        return 0;
    hvs_settings_parent(vm, guid);
    snprintf(id, sizeof(id), "Microsoft:%s", guid);
    row = hvs_settings_find(set, id);
    if (!row || !hvs_settings_is_snapshot(row) ||
        hvs_settings_kind(row) != HVS_KIND_USER ||
        !hvs_is_default_name(row->name ? row->name : "", vm->name ? vm->name : ""))
        return 0;
    self->result->unnamed = hvs_snapshot_new(row, vm, err);
    return self->result->unnamed ? 0 : -1;
}

static enum hvs_want take(struct ensure *self, struct hvs_run *run, struct hvs_error *err)
{
    const struct hvs_settings_set *set = self->list.set.count ? &self->list.set
                                                              : &self->find.query.set;
    const struct hvs_settings *vm = hvs_settings_vm(set);

    if (tell_unnamed(self, set, err) < 0)
        return HVS_FAIL;
    self->op.phase = TAKING;
    self->taking = true;
    self->take.vm = vm ? vm : self->find.vm;
    return hvs_call(run, &self->take.op);
}

static enum hvs_want refuse(struct ensure *self, struct hvs_error *err)
{
    bool several = self->left.left == HVS_LEFT_SEVERAL;

    hvs_err_set_hint(
        err, HVS_JOB, 0,
        "'hvsnap list' shows them: name the one that is meant, or try again in five "
        "minutes",
        several ? "several calls of this account have begun snapshots of the VM '%s', "
                  "and not named them"
                : "a call has begun a snapshot of the VM '%s', and not named it; whether "
                  "it was one of this account cannot be told",
        self->find.vm->name);
    hvs_err_class(err, several ? HVS_CLASS_CONFLICT : HVS_CLASS_UNKNOWN);
    return HVS_FAIL;
}

/* The call that began a job shall have so much time, by our own clock. */
static void watch(struct ensure *self, const struct hvs_run *run, unsigned ms)
{
    memcpy(self->watched, self->left.job, sizeof(self->watched));
    self->until = run->now + ms;
}

/* Leave the call that began it time to name it, and look again. */
static enum hvs_want pause(struct ensure *self, struct hvs_run *run)
{
    unsigned ms = self->left.wait_ms;

    watch(self, run, ms);
    self->op.phase = PAUSING;
    run->wait_ms = ms < LEAST_PAUSE_MS  ? LEAST_PAUSE_MS
                   : ms < MOST_PAUSE_MS ? ms
                                        : MOST_PAUSE_MS;
    return HVS_WAIT;
}

static enum hvs_want searched(struct ensure *self, struct hvs_run *run,
                              struct hvs_error *err)
{
    struct hvs_leftover *left = &self->left;

    switch (left->left) {
    case HVS_LEFT_NOTHING: return take(self, run, err);
    case HVS_LEFT_SEVERAL:
    case HVS_LEFT_UNSURE: return refuse(self, err);
    case HVS_LEFT_FRESH: return pause(self, run);
    case HVS_LEFT_JOB:
        self->op.phase = WATCHING;
        hvs_job_wait_clear(&self->wait);
        hvs_job_wait_init(&self->wait, left->job, "");
        return hvs_call(run, &self->wait.op);
    case HVS_LEFT_RIPE: break;
    }
    self->op.phase = MARKING;
    self->result->outcome = HVS_OUTCOME_DONE;
    self->result->resumed = true;
    snprintf(self->result->job, sizeof(self->result->job), "%s", left->job);
    self->mark.vm = left->vm;
    self->mark.row = left->row;
    return hvs_call(run, &self->mark.op);
}

/* Whatever came of it, what is there counts. */
static enum hvs_want watched(struct ensure *self, struct hvs_run *run,
                             const struct hvs_event *event, struct hvs_error *err)
{
    if (event->cause && self->wait.end != HVS_JOB_FAILED)
        return hvs_fail(err, event->cause);
    watch(self, run, HVS_LEFT_TIME_MS);
    return list(self, run, err);
}

static enum hvs_want ensure_step(struct hvs_op *op, struct hvs_run *run,
                                 const struct hvs_event *event, struct hvs_error *err)
{
    struct ensure *self = (struct ensure *)run;

    if (op->phase == WATCHING)
        return watched(self, run, event, err);
    if (event->cause)
        return hvs_fail(err, event->cause);
    switch (op->phase) {
    case FINDING: return found(self, run, err);
    case LISTING: return look(self, run, &self->list.set, err);
    case SEARCHING: return searched(self, run, err);
    case PAUSING: return list(self, run, err);
    case MARKING:
    case TAKING: return HVS_DONE;
    default: break;
    }
    op->phase = FINDING;
    return hvs_call(run, &self->find.op);
}

static void release(struct hvs_run *run)
{
    struct ensure *self = (struct ensure *)run;

    hvs_find_vm_clear(&self->find);
    hvs_settings_query_clear(&self->list);
    hvs_leftover_clear(&self->left);
    hvs_job_wait_clear(&self->wait);
    hvs_mark_clear(&self->mark);
    hvs_take_clear(&self->take);
    hvs_create_result_free(self->result);
    hvs_take_what_clear(&self->what);
    free(self);
}

static int read_opts(struct ensure *self, const struct hvs_ensure_opts *given,
                     struct hvs_error *err)
{
    const size_t least = offsetof(struct hvs_ensure_opts, max_age_ms);
    struct hvs_ensure_opts opts = HVS_ENSURE_OPTS_INIT;

    if (hvs_opts_copy(&opts, sizeof(opts), given, least, "HVS_ENSURE_OPTS_INIT", err) < 0)
        return -1;
    if (!opts.create)
        return hvs_err_set(err, HVS_USAGE, 0, "it is not said what to take");
    if (hvs_take_what_read(&self->what, opts.create, err) < 0)
        return -1;
    self->max_age_ms = opts.max_age_ms;
    if (self->what.detach)
        return hvs_err_set(err, HVS_USAGE, 0, "ensuring does not go with detaching");
    if (!self->what.name && !self->what.label_count && !self->max_age_ms)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "give a name, a label or an age",
                                "any snapshot at all would do");
    return hvs_check_ttl(self->max_age_ms, err);
}

int hvs_snapshot_ensure_start(struct hvs_run **out, struct hvs_client *client,
                              const struct hvs_ensure_opts *opts, struct hvs_error *err)
{
    struct ensure *self = calloc(1, sizeof(*self));

    *out = NULL;
    if (!self)
        return hvs_err_memory(err);
    self->op.step = ensure_step;
    if (read_opts(self, opts, err) < 0) {
        release(&self->run);
        return -1;
    }
    self->result = calloc(1, sizeof(*self->result));
    if (!self->result) {
        release(&self->run);
        return hvs_err_memory(err);
    }
    hvs_find_vm_init(&self->find, self->what.vm);
    hvs_settings_query_init(&self->list);
    hvs_leftover_init(&self->left);
    hvs_mark_init(&self->mark, &self->what, self->result);
    hvs_take_init(&self->take, &self->what, self->result);
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_snapshot_ensure_end(struct hvs_run *run, struct hvs_create_result **out,
                            struct hvs_error *err)
{
    struct ensure *self = (struct ensure *)run;
    int rc = hvs_client_finish(run, err);

    if (self->taking)
        rc = hvs_take_finish(&self->take, rc, err);
    else
        self->result->changed = self->result->resumed;
    *out = self->result;
    self->result = NULL;
    hvs_client_drop(run);
    return rc;
}

int hvs_snapshot_ensure(struct hvs_client *client, const struct hvs_ensure_opts *opts,
                        struct hvs_create_result **out, struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_snapshot_ensure_start(&run, client, opts, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_snapshot_ensure_end(run, out, err);
}
