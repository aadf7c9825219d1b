#include "hyperv/change_name.h"

#include "base/err.h"
#include "hyperv/names.h"
#include "hyperv/result.h"
#include "wsman/envelope.h"

#include <string.h>

enum { CHANGING = 1, WAITING, READING };

static const struct hvs_request_kind modify = {.template = "modify-name",
                                               .action = HVS_V2 "/" HVS_CLASS_MANAGEMENT
                                                                "/ModifySystemSettings",
                                               .resource = HVS_V2
                                               "/" HVS_CLASS_MANAGEMENT,
                                               .effect = HVS_CHANGE};

static enum hvs_want read_back(struct hvs_change_name *self, struct hvs_run *run,
                               struct hvs_error *err)
{
    if (hvs_settings_by_id(&self->query, self->instance_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->query.query.op);
}

/* Which name does it bear? Sending ours again does no harm while the old one stands; that
 * nothing happened is said only when nothing can happen any more. */
static enum hvs_want judge(struct hvs_change_name *self, struct hvs_run *run)
{
    const struct hvs_settings *row = hvs_change_name_row(self);
    const char *name = row && row->name ? row->name : "";

    self->found.outcome = HVS_OUTCOME_UNKNOWN;
    if (!row ||
        (self->old && strcmp(name, self->old) != 0 && strcmp(name, self->name) != 0))
        return HVS_DONE; /* somebody deleted it, or gave it a third name */
    if (strcmp(name, self->name) == 0)
        self->found.outcome = HVS_OUTCOME_DONE;
    else if (self->change.tries || hvs_change_settled(&self->change, run))
        self->found.outcome = HVS_OUTCOME_NOT_DONE;
    else
        return hvs_find_out_pause(&self->found.op, run, 0);
    return HVS_DONE;
}

static enum hvs_want found_step(struct hvs_op *op, struct hvs_run *run,
                                const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_change_name *self =
        (struct hvs_change_name *)((char *)op -
                                   offsetof(struct hvs_change_name, found.op));

    if (event->cause && hvs_find_out_may_ask_again(run, event->cause, &self->lost))
        return hvs_find_out_pause(op, run, 0);
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why == HVS_RETURNED)
        return judge(self, run);
    return read_back(self, run, err);
}

static enum hvs_want begin(struct hvs_change_name *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    const struct hvs_param params[] = {{"INSTANCE_ID", self->instance_id},
                                       {"NAME", self->name}};

    self->op.phase = CHANGING;
    hvs_change_clear(&self->change);
    hvs_change_init(&self->change, &self->found, self->retries);
    self->change.is_open = hvs_result_is_open;
    if (hvs_request_fill(&self->change.request, &modify, params, 2, err) < 0)
        return HVS_FAIL;
    hvs_run_note(run, HVS_PHASE_CHANGE, NULL, 0);
    return hvs_call(run, &self->change.op);
}

static enum hvs_want changed(struct hvs_change_name *self, struct hvs_run *run,
                             struct hvs_error *err)
{
    const struct hvs_change *change = &self->change;

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

static enum hvs_want verify(struct hvs_change_name *self, struct hvs_error *err)
{
    const struct hvs_settings *row = hvs_change_name_row(self);
    const char *name = row && row->name ? row->name : "";

    if (row && strcmp(name, self->name) == 0)
        return HVS_DONE;
    if (row)
        hvs_err_set(err, HVS_JOB, 0,
                    "the host said yes, but the snapshot is %scalled '%s'",
                    !self->old || strcmp(name, self->old) == 0 ? "still " : "", name);
    else
        hvs_err_set(err, HVS_JOB, 0, "the snapshot is gone: somebody deleted it");
    return HVS_FAIL;
}

static enum hvs_want name_step(struct hvs_op *op, struct hvs_run *run,
                               const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_change_name *self = (struct hvs_change_name *)op;

    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why == HVS_START)
        return begin(self, run, err);
    if (op->phase == CHANGING)
        return changed(self, run, err);
    if (op->phase == WAITING) {
        op->phase = READING;
        return read_back(self, run, err);
    }
    return verify(self, err);
}

void hvs_change_name_init(struct hvs_change_name *self, const char *instance_id,
                          const char *name, unsigned retries)
{
    *self = (struct hvs_change_name){.op.step = name_step,
                                     .found.op.step = found_step,
                                     .instance_id = instance_id,
                                     .name = name,
                                     .retries = retries};
    hvs_settings_query_init(&self->query);
}

void hvs_change_name_clear(struct hvs_change_name *self)
{
    hvs_change_clear(&self->change);
    hvs_settings_query_clear(&self->query);
}

const struct hvs_settings *hvs_change_name_row(const struct hvs_change_name *self)
{
    return self->query.set.count ? &self->query.set.rows[0] : NULL;
}
