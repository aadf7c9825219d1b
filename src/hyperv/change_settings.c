#include "hyperv/change_settings.h"

#include "base/err.h"
#include "hyperv/names.h"
#include "hyperv/notes.h"
#include "hyperv/result.h"
#include "wsman/envelope.h"

#include <stdio.h>
#include <string.h>

enum { CHANGING = 1, WAITING, READING, SEARCHING };
enum { ASKING_JOBS = 1 };

static const struct hvs_request_kind modify = {.template = "modify-settings",
                                               .action = HVS_V2 "/" HVS_CLASS_MANAGEMENT
                                                                "/ModifySystemSettings",
                                               .resource = HVS_V2
                                               "/" HVS_CLASS_MANAGEMENT,
                                               .effect = HVS_CHANGE};

/* What a setting is, or the worst of several. */
enum value { AS_ASKED, AS_BEFORE, OTHER };

static const char *name_of(const struct hvs_settings *row)
{
    return row->name ? row->name : "";
}

static enum value name_now(const struct hvs_change_settings *self,
                           const struct hvs_settings *row)
{
    if (!self->to.name || strcmp(name_of(row), self->to.name) == 0)
        return AS_ASKED;
    return !self->old || strcmp(name_of(row), name_of(self->old)) == 0 ? AS_BEFORE
                                                                       : OTHER;
}

static enum value notes_now(const struct hvs_change_settings *self,
                            const struct hvs_settings *row)
{
    const char *notes = hvs_settings_notes(row);

    if (!self->to.notes || hvs_notes_same(notes, self->to.notes))
        return AS_ASKED;
    return !self->old || hvs_notes_same(notes, hvs_settings_notes(self->old)) ? AS_BEFORE
                                                                              : OTHER;
}

static enum value checkpoint_now(const struct hvs_change_settings *self,
                                 const struct hvs_settings *row)
{
    if (!self->to.checkpoint || row->checkpoint == self->to.checkpoint)
        return AS_ASKED;
    return !self->old || row->checkpoint == self->old->checkpoint ? AS_BEFORE : OTHER;
}

static enum value all_now(const struct hvs_change_settings *self,
                          const struct hvs_settings *row)
{
    const enum value each[] = {name_now(self, row), notes_now(self, row),
                               checkpoint_now(self, row)};
    enum value worst = AS_ASKED;
    size_t i;

    for (i = 0; i < 3; i++)
        worst = each[i] > worst ? each[i] : worst;
    return worst;
}

static enum hvs_want read_back(struct hvs_change_settings *self, struct hvs_run *run,
                               struct hvs_error *err)
{
    if (hvs_settings_by_id(&self->query, self->to.instance_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->query.query.op);
}

static enum hvs_want say(struct hvs_change_settings *self, enum hvs_outcome outcome)
{
    self->found.op.phase = 0;
    self->found.outcome = outcome;
    return HVS_DONE;
}

static enum hvs_want ask_jobs(struct hvs_change_settings *self, struct hvs_run *run,
                              const struct hvs_settings *row)
{
    snprintf(self->vm_id, sizeof(self->vm_id), "%.39s", row->vm_id ? row->vm_id : "");
    self->jobs.of = (struct hvs_census_of){.job_type = HVS_JOB_MODIFY,
                                           .vm_id = self->vm_id,
                                           .stood_on = "",
                                           .account = "",
                                           .domain = ""};
    self->found.op.phase = ASKING_JOBS;
    return hvs_call(run, &self->jobs.op);
}

/* Which values are there? Sending ours again does no harm while the old ones stand; that
 * nothing happened is said only when nothing can happen any more. */
static enum hvs_want judge(struct hvs_change_settings *self, struct hvs_run *run)
{
    const struct hvs_settings *row = hvs_change_settings_row(self);
    enum value now = row ? all_now(self, row) : OTHER;

    if (now == AS_ASKED)
        return say(self, HVS_OUTCOME_DONE);
    if (now == OTHER) /* somebody deleted it, or gave it a third value */
        return say(self, HVS_OUTCOME_UNKNOWN);
    if (self->change.tries && !self->patient)
        return say(self, HVS_OUTCOME_NOT_DONE);
    if (!hvs_change_settled(&self->change, run))
        return hvs_find_out_pause(&self->found.op, run, 0);
    return ask_jobs(self, run, row);
}

/* No job is at it: what is there now will stay. */
static enum hvs_want judge_jobs(struct hvs_change_settings *self, struct hvs_run *run)
{
    const struct hvs_settings *row = hvs_settings_find(&self->jobs.settings.set,
                                                       self->to.instance_id);
    enum value now = row ? all_now(self, row) : OTHER;

    if (now == AS_BEFORE && self->jobs.under_way)
        return hvs_find_out_pause(&self->found.op, run, 0);
    return say(self, now == AS_ASKED    ? HVS_OUTCOME_DONE
                     : now == AS_BEFORE ? HVS_OUTCOME_NOT_DONE
                                        : HVS_OUTCOME_UNKNOWN);
}

static enum hvs_want found_step(struct hvs_op *op, struct hvs_run *run,
                                const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_change_settings *self =
        (struct hvs_change_settings *)((char *)op -
                                       offsetof(struct hvs_change_settings, found.op));

    if (event->why == HVS_START)
        self->found.outcome = HVS_OUTCOME_UNKNOWN;
    if (event->cause && hvs_find_out_may_ask_again(run, event->cause, &self->lost))
        return hvs_find_out_pause(op, run, 0);
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why != HVS_RETURNED)
        return read_back(self, run, err);
    if (op->phase != ASKING_JOBS)
        return judge(self, run);
    return judge_jobs(self, run);
}

static int add_setting(struct hvs_buf *out, const char *template, const char *param,
                       const char *value, struct hvs_error *err)
{
    const struct hvs_param params[] = {{param, value}};

    if (!value)
        return 0;
    return hvs_template_fill(out, hvs_template_text(template), params, 1, err);
}

/* What is not to be changed is not sent: settings that cannot be changed make the host
 * fail when they come back to it. */
static int add_settings(struct hvs_buf *out, const struct hvs_new_settings *to,
                        struct hvs_error *err)
{
    char type[16];

    snprintf(type, sizeof(type), "%u", (unsigned)to->checkpoint);
    if (add_setting(out, "setting-name", "NAME", to->name, err) < 0 ||
        add_setting(out, "setting-notes", "NOTES", to->notes, err) < 0)
        return -1;
    return add_setting(out, "setting-checkpoint", "TYPE", to->checkpoint ? type : NULL,
                       err);
}

static int fill(struct hvs_change_settings *self, struct hvs_error *err)
{
    struct hvs_request *request = &self->change.request;
    struct hvs_buf properties = HVS_BUF_INIT(request->body.max);
    struct hvs_param params[] = {{"INSTANCE_ID", self->to.instance_id},
                                 {"PROPERTIES", NULL}};
    int rc = -1;

    if (add_settings(&properties, &self->to, err) < 0)
        goto out;
    if (hvs_buf_no_memory(&properties)) {
        hvs_err_memory(err);
        goto out;
    }
    if (properties.failed) {
        hvs_err_set(err, HVS_USAGE, 0, "the notes are too long to be sent");
        goto out;
    }
    params[1].value = hvs_buf_str(&properties);
    rc = hvs_request_fill(request, &modify, params, 2, err);
out:
    hvs_buf_clear(&properties);
    return rc;
}

static enum hvs_want begin(struct hvs_change_settings *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    self->op.phase = CHANGING;
    self->outcome = HVS_OUTCOME_NOT_DONE;
    hvs_change_clear(&self->change);
    hvs_change_init(&self->change, &self->found, self->retries);
    self->change.is_open = hvs_result_is_open;
    if (fill(self, err) < 0)
        return HVS_FAIL;
    hvs_run_note(run, HVS_PHASE_CHANGE, NULL, 0);
    return hvs_call(run, &self->change.op);
}

static enum hvs_want changed(struct hvs_change_settings *self, struct hvs_run *run,
                             const struct hvs_event *event, struct hvs_error *err)
{
    const struct hvs_change *change = &self->change;

    self->outcome = change->outcome;
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (change->return_value && change->outcome == HVS_OUTCOME_NOT_DONE) {
        hvs_result_error(change->return_value, "ModifySystemSettings", err);
        return HVS_FAIL;
    }
    if (change->outcome == HVS_OUTCOME_STARTED && change->job[0]) {
        self->op.phase = WAITING;
        hvs_job_wait_init(&self->wait, change->job, change->job_class);
        return hvs_call(run, &self->wait.op);
    }
    self->op.phase = READING;
    return read_back(self, run, err);
}

static enum hvs_want waited(struct hvs_change_settings *self, struct hvs_run *run,
                            const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_change *change = &self->change;

    if (event->cause && self->wait.end != HVS_JOB_FAILED)
        return hvs_fail(err, event->cause); /* it may go on without us */
    if (event->cause && change->found_early && !hvs_change_settled(change, run)) {
        self->failed = *event->cause;
        change->tries = 0;
        self->op.phase = SEARCHING;
        return hvs_call(run, &self->found.op);
    }
    if (event->cause) {
        self->outcome = HVS_OUTCOME_NOT_DONE;
        return hvs_fail(err, event->cause);
    }
    self->outcome = self->wait.end == HVS_JOB_COMPLETED ? HVS_OUTCOME_DONE
                                                        : HVS_OUTCOME_UNKNOWN;
    self->op.phase = READING;
    return read_back(self, run, err);
}

/* The job failed; but a try before it, whose reply was lost, may have done it. */
static enum hvs_want searched(struct hvs_change_settings *self,
                              const struct hvs_event *event, struct hvs_error *err)
{
    self->outcome = event->cause ? HVS_OUTCOME_UNKNOWN : self->found.outcome;
    if (self->outcome == HVS_OUTCOME_DONE)
        return HVS_DONE;
    *err = self->failed;
    if (self->outcome == HVS_OUTCOME_UNKNOWN) {
        hvs_err_prefix(err, "whether it happened is unknown");
        hvs_err_class(err, HVS_CLASS_UNKNOWN);
    }
    return HVS_FAIL;
}

/* It is gone, or a value is not what was asked for. */
static enum hvs_want differs(struct hvs_change_settings *self, struct hvs_error *err)
{
    const struct hvs_settings *row = hvs_change_settings_row(self);
    const char *what = self->to.checkpoint ? "VM" : "snapshot";
    const char *still = row && all_now(self, row) == AS_BEFORE ? "still " : "";

    if (!row) {
        hvs_err_set(err, HVS_JOB, 0, "the %s is gone: somebody deleted it", what);
        hvs_err_class(err, HVS_CLASS_NOT_FOUND);
    } else if (name_now(self, row) != AS_ASKED) {
        hvs_err_set(err, HVS_JOB, 0, "the host said yes, but the %s is %scalled '%s'",
                    what, still, name_of(row));
    } else if (notes_now(self, row) != AS_ASKED) {
        hvs_err_set(err, HVS_JOB, 0, "the host said yes, but the %s %shas other notes",
                    what, still);
    } else {
        hvs_err_set(err, HVS_JOB, 0,
                    "the host said yes, but the %s's checkpoint type is %s'%s'", what,
                    still,
                    hvs_checkpoint_type_name((enum hvs_checkpoint_type)row->checkpoint));
    }
    return HVS_FAIL;
}

static enum hvs_want looked(struct hvs_change_settings *self,
                            const struct hvs_event *event, struct hvs_error *err)
{
    const struct hvs_settings *row = hvs_change_settings_row(self);

    if (event->cause)
        return hvs_fail(err, event->cause);
    self->outcome = row && all_now(self, row) == AS_ASKED ? HVS_OUTCOME_DONE
                                                          : HVS_OUTCOME_UNKNOWN;
    return self->outcome == HVS_OUTCOME_DONE ? HVS_DONE : differs(self, err);
}

static enum hvs_want settings_step(struct hvs_op *op, struct hvs_run *run,
                                   const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_change_settings *self = (struct hvs_change_settings *)op;

    switch (op->phase) {
    case CHANGING: return changed(self, run, event, err);
    case WAITING: return waited(self, run, event, err);
    case READING: return looked(self, event, err);
    case SEARCHING: return searched(self, event, err);
    default: return begin(self, run, err);
    }
}

void hvs_change_settings_init(struct hvs_change_settings *self,
                              const struct hvs_new_settings *to,
                              const struct hvs_settings *old, unsigned retries)
{
    *self = (struct hvs_change_settings){.op.step = settings_step,
                                         .found.op.step = found_step,
                                         .to = *to,
                                         .old = old,
                                         .retries = retries};
    hvs_settings_query_init(&self->query);
    hvs_census_init(&self->jobs);
}

void hvs_change_settings_clear(struct hvs_change_settings *self)
{
    hvs_job_wait_clear(&self->wait);
    hvs_change_clear(&self->change);
    hvs_settings_query_clear(&self->query);
    hvs_census_clear(&self->jobs);
}

const struct hvs_settings *hvs_change_settings_row(const struct hvs_change_settings *self)
{
    return self->query.set.count ? &self->query.set.rows[0] : NULL;
}
