#include "base/err.h"
#include "wsman/change.h"
#include "wsman/op.h"
#include "wsman/session.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* The driver is needed: how the session's next step looks to it. */
static bool pending(struct hvs_run *run, enum hvs_session_next next)
{
    run->sending = next != HVS_SESSION_OVER;
    switch (next) {
    case HVS_SESSION_POST: run->todo = HVS_POST; return true;
    case HVS_SESSION_BLOCK: run->todo = HVS_BLOCK; return true;
    case HVS_SESSION_SLEEP:
        run->todo = HVS_SLEEP;
        run->wake = hvs_session_wake(run->session);
        return true;
    case HVS_SESSION_OVER: break;
    }
    return false;
}

static struct hvs_event refused(const struct hvs_run *run)
{
    return (
        struct hvs_event){.why = HVS_FAILED, .fate = HVS_NOT_BEGUN, .cause = &run->stop};
}

/* The first one: what was begun first weighs most. */
static void begin_undo(struct hvs_run *run)
{
    const struct hvs_undo first = run->undo[0];

    hvs_run_undone(run, first.op);
    run->undoing = true;
    run->stop = (struct hvs_error){0};
    run->deadline = run->now + first.ms;
    if (first.deadline && first.deadline < run->deadline)
        run->deadline = first.deadline;
    first.op->parent = NULL;
    first.op->phase = 0;
    run->top = first.op;
}

/* One turn of the operation at the top. True while it can go on without the driver. */
static bool turn(struct hvs_run *run, struct hvs_event *event, struct hvs_error *last)
{
    struct hvs_op *op = run->top;
    struct hvs_error err = {0};
    enum hvs_want want = op->step(op, run, event, &err);

    if ((want == HVS_SEND || want == HVS_WAIT) && run->stop.domain) {
        *event = refused(run);
        return true;
    }
    switch (want) {
    case HVS_SEND:
        assert(run->request.effect != HVS_CHANGE || hvs_is_change(op));
        return !pending(run, hvs_session_send(run->session, run, event));
    case HVS_WAIT:
        run->todo = HVS_SLEEP;
        run->wake = run->now + run->wait_ms;
        return false;
    case HVS_CALL:
        run->child->parent = op;
        run->child->phase = 0;
        run->top = run->child;
        *event = (struct hvs_event){.why = HVS_START};
        return true;
    case HVS_DONE:
    case HVS_FAIL:
        if (want == HVS_FAIL && !err.domain)
            hvs_err_set(&err, HVS_SYSTEM, 0, "an operation failed without saying why");
        *last = err;
        run->top = op->parent;
        *event = (struct hvs_event){.why = HVS_RETURNED,
                                    .cause = want == HVS_FAIL ? last : NULL};
        return true;
    }
    return true;
}

/* Step until the driver is needed. */
static void advance(struct hvs_run *run, struct hvs_event event)
{
    struct hvs_error last = {0};

    for (;;) {
        while (run->top)
            if (!turn(run, &event, &last))
                return;
        if (!run->undoing)
            run->err = last;
        if (!run->undo_count || run->hurry)
            break;
        begin_undo(run);
        event = (struct hvs_event){.why = HVS_START};
    }
    run->todo = HVS_END;
}

void hvs_run_start(struct hvs_run *run, struct hvs_op *op, int64_t now)
{
    enum { MOST_REQUEST = 150 * 1024 };

    run->request.header = (struct hvs_buf)HVS_BUF_INIT(MOST_REQUEST);
    run->request.body = (struct hvs_buf)HVS_BUF_INIT(MOST_REQUEST);
    run->now = run->began = now;
    run->top = op;
    op->parent = NULL;
    op->phase = 0;
    run->todo = HVS_SLEEP;
    run->wake = now;
}

int hvs_run_late(struct hvs_error *err)
{
    hvs_err_set_hint(err, HVS_NET, 28, "give it more time with --timeout",
                     "the time was over before it was done");
    return hvs_err_class(err, HVS_CLASS_DEADLINE);
}

void hvs_run_answer(struct hvs_run *run, const struct hvs_posted *posted, int64_t now)
{
    struct hvs_event event = {.why = run->started ? HVS_WOKE : HVS_START};

    run->now = now;
    if (!run->stop.domain && run->deadline && now >= run->deadline)
        hvs_run_late(&run->stop);
    if (run->sending) {
        if (pending(run, hvs_session_answer(run->session, run, posted, &event)))
            return;
    } else if (run->stop.domain && run->started) {
        event = refused(run);
    }
    run->started = true;
    advance(run, event);
    /* hundreds of runs wait for the next one at the same time */
    if (run->session)
        hvs_session_forget(run->session);
}

void hvs_run_undo(struct hvs_run *run, const struct hvs_undo *undo)
{
    hvs_run_undone(run, undo->op);
    assert(run->undo_count < HVS_MOST_UNDO);
    run->undo[run->undo_count++] = *undo;
}

void hvs_run_undone(struct hvs_run *run, const struct hvs_op *op)
{
    size_t i;

    for (i = 0; i < run->undo_count && run->undo[i].op != op; i++)
        ;
    if (i == run->undo_count)
        return;
    run->undo_count--;
    memmove(&run->undo[i], &run->undo[i + 1],
            (run->undo_count - i) * sizeof(run->undo[0]));
}

void hvs_run_clear(struct hvs_run *run)
{
    hvs_buf_clear(&run->request.header);
    hvs_buf_clear(&run->request.body);
}

void hvs_run_note(struct hvs_run *run, enum hvs_phase phase, const char *job,
                  unsigned percent)
{
    job = job ? job : "";
    if (run->noted && run->shown.phase == phase && run->shown.percent == percent &&
        strcmp(run->shown_job, job) == 0)
        return;
    run->noted = true;
    snprintf(run->shown_job, sizeof(run->shown_job), "%s", job);
    run->shown = (struct hvs_progress){.phase = phase,
                                       .job = run->shown_job,
                                       .percent = percent,
                                       .elapsed_ms = run->now - run->began};
    if (run->progress)
        run->progress(run->progress_arg, &run->shown);
}

int64_t hvs_run_host_now(const struct hvs_run *run)
{
    return run->host_time ? run->host_time + run->now - run->host_seen : 0;
}

enum hvs_want hvs_call(struct hvs_run *run, struct hvs_op *child)
{
    run->child = child;
    return HVS_CALL;
}

enum hvs_want hvs_fail(struct hvs_error *err, const struct hvs_error *cause)
{
    *err = *cause;
    return HVS_FAIL;
}
