#include "wsman/change.h"

#include "base/clock.h"
#include "base/err.h"
#include "wsman/invoke.h"

#include <string.h>

enum { SENDING = 1, ASKING, PAUSING };
enum { MOST_REQUEST = 150 * 1024, RETRY_MS = 500, LOOK_MS = 2000, MOST_LOST = 100 };

static enum hvs_want in_doubt(struct hvs_change *self, struct hvs_run *run,
                              const struct hvs_error *cause)
{
    self->op.phase = ASKING;
    self->outcome = self->find_out->outcome = HVS_OUTCOME_UNKNOWN;
    self->lost = *cause;
    hvs_run_note(run, HVS_PHASE_DOUBT, NULL, 0);
    return hvs_call(run, &self->find_out->op);
}

/* Nobody knows what became of what was sent just now. */
static enum hvs_want doubt_it(struct hvs_change *self, struct hvs_run *run,
                              const struct hvs_error *cause)
{
    self->over_at = run->now;
    return in_doubt(self, run, cause);
}

/* The host turned this sending down; but one before it, which was in doubt, may still
 * act. Then that decides, once it can act no more. */
static bool may_act_yet(struct hvs_change *self, const struct hvs_run *run)
{
    if (!self->found_early || hvs_change_settled(self, run))
        return false;
    self->tries = 0;
    return true;
}

/* It cannot be sent, or not again. */
static enum hvs_want give_up(struct hvs_change *self, struct hvs_run *run,
                             const struct hvs_error *cause, struct hvs_error *err)
{
    return may_act_yet(self, run) ? in_doubt(self, run, cause) : hvs_fail(err, cause);
}

static enum hvs_want send_it(struct hvs_change *self, struct hvs_run *run,
                             struct hvs_error *err)
{
    const struct hvs_request *from = &self->request;
    struct hvs_error cause = {0};

    self->op.phase = SENDING;
    self->found = false; /* that was about the try before */
    self->host_time = run->host_time;
    self->host_seen = run->host_seen;
    self->sent_at = run->now;
    run->request.effect = HVS_CHANGE;
    run->request.action = from->action;
    run->request.resource = from->resource;
    run->request.anonymous = false;
    hvs_buf_clear(&run->request.header);
    hvs_buf_add(&run->request.header, hvs_buf_str(&from->header), from->header.len);
    hvs_buf_clear(&run->request.body);
    hvs_buf_add(&run->request.body, hvs_buf_str(&from->body), from->body.len);
    if (!run->request.header.failed && !run->request.body.failed)
        return HVS_SEND;
    hvs_err_memory(&cause);
    return give_up(self, run, &cause, err);
}

/* The host answered: what it said is what is so. */
static enum hvs_want read_reply(struct hvs_change *self, struct hvs_run *run,
                                const xmlNode *body)
{
    struct hvs_invoked invoked = {0};
    struct hvs_error unreadable = {0};

    if (hvs_invoke_read(body, self->request.action, self->made_param, &invoked,
                        &unreadable) < 0)
        return doubt_it(self, run, &unreadable);
    if (invoked.return_value == 4096 && !invoked.job[0] && !self->jobless) {
        hvs_err_set(&unreadable, HVS_XML, 0,
                    "the host started a job and did not name it");
        return doubt_it(self, run, &unreadable);
    }
    if (self->is_open && self->is_open(invoked.return_value)) {
        hvs_err_set(&unreadable, HVS_JOB, invoked.return_value,
                    "the host answered %u, which leaves open what it did",
                    (unsigned)invoked.return_value);
        return doubt_it(self, run, &unreadable);
    }
    self->return_value = invoked.return_value;
    memcpy(self->job, invoked.job, sizeof(self->job));
    memcpy(self->made, invoked.made, sizeof(self->made));
    memcpy(self->job_class, invoked.job_class, sizeof(self->job_class));
    if (invoked.return_value == 4096)
        self->outcome = HVS_OUTCOME_STARTED;
    else
        self->outcome = invoked.return_value ? HVS_OUTCOME_NOT_DONE : HVS_OUTCOME_DONE;
    if (self->outcome != HVS_OUTCOME_NOT_DONE || !may_act_yet(self, run))
        return HVS_DONE;
    hvs_err_set(&unreadable, HVS_JOB, invoked.return_value,
                "the host would not do it a second time (%u)",
                (unsigned)invoked.return_value);
    return in_doubt(self, run, &unreadable);
}

static enum hvs_want again(struct hvs_change *self, struct hvs_run *run)
{
    self->tries--;
    self->op.phase = PAUSING;
    run->wait_ms = hvs_clock_jitter(RETRY_MS);
    return HVS_WAIT;
}

static enum hvs_want lost(struct hvs_change *self, struct hvs_run *run,
                          const struct hvs_event *event, struct hvs_error *err)
{
    if (event->fate == HVS_IN_DOUBT)
        return doubt_it(self, run, event->cause);
    /* what a host refuses for a reason it will refuse again */
    if (run->stop.domain || !self->tries || event->cause->domain == HVS_AUTH ||
        (event->cause->domain == HVS_SOAP && event->cause->class_ != HVS_CLASS_BUSY))
        return give_up(self, run, event->cause, err);
    return again(self, run);
}

static enum hvs_want found(struct hvs_change *self, struct hvs_run *run,
                           const struct hvs_event *event, struct hvs_error *err)
{
    self->found = true;
    self->outcome = event->cause ? HVS_OUTCOME_UNKNOWN : self->find_out->outcome;
    if (self->outcome == HVS_OUTCOME_DONE || self->outcome == HVS_OUTCOME_STARTED)
        return HVS_DONE;
    if (self->outcome == HVS_OUTCOME_NOT_DONE && !run->stop.domain && self->tries) {
        self->found_early = !hvs_change_settled(self, run);
        return again(self, run);
    }
    *err = self->lost;
    if (self->outcome == HVS_OUTCOME_UNKNOWN) {
        hvs_err_prefix(err, "whether it happened is unknown");
        if (!hvs_err_is_stop(err))
            hvs_err_class(err, HVS_CLASS_UNKNOWN);
        if (event->cause && strcmp(event->cause->message, self->lost.message) != 0)
            hvs_err_detail(err, event->cause->message);
    } else {
        hvs_err_prefix(err, "it did not happen, and may be tried again");
    }
    return HVS_FAIL;
}

static enum hvs_want change_step(struct hvs_op *op, struct hvs_run *run,
                                 const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_change *self = (struct hvs_change *)op;

    switch (event->why) {
    case HVS_START: self->outcome = HVS_OUTCOME_NOT_DONE; return send_it(self, run, err);
    case HVS_REPLY: return read_reply(self, run, event->body);
    case HVS_FAILED:
        if (op->phase == PAUSING)
            return hvs_fail(err, event->cause);
        return lost(self, run, event, err);
    case HVS_RETURNED: return found(self, run, event, err);
    case HVS_WOKE: return send_it(self, run, err);
    }
    return HVS_FAIL;
}

bool hvs_change_settled(const struct hvs_change *change, const struct hvs_run *run)
{
    return run->now - change->over_at >= HVS_SETTLE_MS;
}

bool hvs_find_out_may_ask_again(const struct hvs_run *run, const struct hvs_error *cause,
                                unsigned *lost)
{
    return !run->stop.domain && (*lost)++ < MOST_LOST &&
           (cause->class_ == HVS_CLASS_CONNECT || cause->class_ == HVS_CLASS_BUSY ||
            cause->class_ == HVS_CLASS_DEADLINE);
}

enum hvs_want hvs_find_out_pause(struct hvs_op *op, struct hvs_run *run, int phase)
{
    op->phase = phase;
    run->wait_ms = LOOK_MS;
    return HVS_WAIT;
}

bool hvs_is_change(const struct hvs_op *op)
{
    return op->step == change_step;
}

void hvs_change_init(struct hvs_change *change, struct hvs_find_out *find_out,
                     unsigned tries)
{
    *change = (struct hvs_change){.op.step = change_step,
                                  .find_out = find_out,
                                  .tries = tries,
                                  .request.effect = HVS_CHANGE,
                                  .request.header = HVS_BUF_INIT(MOST_REQUEST),
                                  .request.body = HVS_BUF_INIT(MOST_REQUEST)};
}

void hvs_change_clear(struct hvs_change *change)
{
    hvs_buf_clear(&change->request.header);
    hvs_buf_clear(&change->request.body);
}
