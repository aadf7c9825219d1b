#include "support/feed.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

/* An operation that does what its letters say, and notes what it was told. */
struct player {
    struct hvs_op op;
    const char *name;
    const char *at; /* 'w'ait, 'c'all, 'd'one, 'f'ail, 's'ilently fail; 'u': the next undo
                       is registered, 'x': the first is taken off again */
    struct player *child; /* who is called */
    struct player *undo;  /* two of them */
    unsigned undos;
    int64_t undo_deadline;
};

static char told[600]; /* by all of them */

static void note(const struct player *self, const struct hvs_event *event)
{
    static const char *const names[] = {"start", "reply", "failed", "woke", "returned"};
    size_t used = strlen(told);

    snprintf(told + used, sizeof(told) - used, "%s:%s%s%s ", self->name,
             names[event->why], event->cause ? "=" : "",
             event->cause ? event->cause->message : "");
}

static enum hvs_want play(struct hvs_op *op, struct hvs_run *run,
                          const struct hvs_event *event, struct hvs_error *err)
{
    struct player *self = (struct player *)op;

    note(self, event);
    if (event->why == HVS_FAILED)
        return hvs_fail(err, event->cause);
    for (; *self->at == 'u' || *self->at == 'x'; self->at++) {
        struct hvs_undo undo = {.ms = HVS_UNDO_MS, .deadline = self->undo_deadline};

        undo.op = &self->undo[*self->at == 'u' ? self->undos++ : 0].op;
        if (*self->at == 'u')
            hvs_run_undo(run, &undo);
        else
            hvs_run_undone(run, undo.op);
    }
    switch (*self->at++) {
    case 'w': run->wait_ms = 1000; return HVS_WAIT;
    case 'c': return hvs_call(run, &self->child->op);
    case 'd': return HVS_DONE;
    case 'f': hvs_err_set(err, HVS_JOB, 0, "%s failed", self->name); return HVS_FAIL;
    default: return HVS_FAIL;
    }
}

struct run_case {
    const char *name;
    const char *top, *child, *undo; /* letters */
    int64_t timeout_ms;             /* 0: none */
    const char *script;
    const char *told;
    const char *error; /* the run's; "" when it went well */
    int64_t took_ms;
};

static const struct run_case cases[] = {
    {"done at once", "d", "", "", 0, "", "top:start ", "", 0},
    {"waits", "wwd", "", "", 0, "", "top:start top:woke top:woke ", "", 2000},
    {"a child", "cd", "wd", "", 0, "", "top:start child:start child:woke top:returned ",
     "", 1000},
    {"a child that fails", "cd", "f", "", 0, "",
     "top:start child:start top:returned=child failed ", "", 0},
    {"a child, twice", "ccd", "dd", "", 0, "",
     "top:start child:start top:returned child:start top:returned ", "", 0},
    {"fails", "f", "", "", 0, "", "top:start ", "top failed", 0},
    {"fails without a word", "s", "", "", 0, "", "top:start ",
     "an operation failed without saying why", 0},

    {"stopped asleep", "wd", "", "", 0, "nap-stop",
     "top:start top:failed=stopped by the test ", "stopped by the test", 0},
    {"stopped in a child", "cd", "wd", "", 0, "nap-stop",
     "top:start child:start child:failed=stopped by the test top:returned=stopped by the "
     "test ",
     "", 0},
    {"late", "wwwd", "", "", 2500, "",
     "top:start top:woke top:woke top:failed=the time was over before it was done ",
     "the time was over before it was done", 2500},

    {"undone after it went well", "ud", "", "wd", 0, "",
     "top:start undo:start undo:woke ", "", 1000},
    {"undone after it failed", "uf", "", "d", 0, "", "top:start undo:start ",
     "top failed", 0},
    {"undone after a stop", "uwd", "", "wwd", 0, "nap-stop",
     "top:start top:failed=stopped by the test undo:start undo:woke undo:woke ",
     "stopped by the test", 2000},
    {"undone after the time was over", "uwd", "", "wd", 500, "",
     "top:start top:failed=the time was over before it was done undo:start undo:woke ",
     "the time was over before it was done", 1500},
    {"what undoing fails with is not what it ends with", "ud", "", "f", 0, "",
     "top:start undo:start ", "", 0},
    {"undoing has five seconds", "ud", "", "wwwwwwwwd", 0, "",
     "top:start undo:start undo:woke undo:woke undo:woke undo:woke "
     "undo:failed=the time was over before it was done ",
     "", 5000},
    {"undoing is not stopped", "ud", "", "wd", 0, "nap-stop",
     "top:start undo:start undo:woke ", "", 1000},
    {"unless it is said twice", "ud", "", "wwd", 0, "nap-stop nap-stop",
     "top:start undo:start undo:failed=stopped by the test ", "", 0},
    {"stopped twice", "uuwd", "", "wwd", 0, "nap-stop nap-stop",
     "top:start top:failed=stopped by the test undo:start "
     "undo:failed=stopped by the test ",
     "stopped by the test", 0},
    {"two, in the order in which they were begun", "uud", "", "wd", 0, "",
     "top:start undo:start undo:woke more:start ", "", 1000},
    {"two, and each has five seconds", "uud", "", "wwwwwwwwd", 0, "",
     "top:start undo:start undo:woke undo:woke undo:woke undo:woke "
     "undo:failed=the time was over before it was done more:start ",
     "", 5000},
    {"one was not needed any more", "uuxd", "", "wd", 0, "", "top:start more:start ", "",
     0},
};

static void test_run(void **state)
{
    const struct run_case *row = *state;
    struct player undo[] = {{.op.step = play, .name = "undo", .at = row->undo},
                            {.op.step = play, .name = "more", .at = "d"}};
    struct player child = {.op.step = play, .name = "child", .at = row->child};
    struct player top = {.op.step = play,
                         .name = "top",
                         .at = row->top,
                         .child = &child,
                         .undo = undo};
    struct hvs_run run = {0};
    struct feed feed = {0};

    told[0] = '\0';
    if (row->timeout_ms)
        run.deadline = 1000 + row->timeout_ms;
    feed_op(&feed, &run, &top.op, row->script);
    assert_string_equal(told, row->told);
    assert_string_equal(run.err.message, row->error);
    assert_int_equal(feed.now - feed.began, row->took_ms);
    assert_int_equal(feed.count, 0);
    feed_clear(&feed);
}

/* Stopped before its first step: it is told of no stop, and refused what it asks. */
static void test_stopped_before(void **state)
{
    struct player top = {.op.step = play, .name = "top", .at = "wd"};
    struct hvs_run run = {.stop = {.domain = HVS_USAGE, .message = "no"}};
    struct feed feed = {0};

    (void)state;
    told[0] = '\0';
    feed_op(&feed, &run, &top.op, "");
    assert_string_equal(told, "top:start top:failed=no ");
    assert_string_equal(run.err.message, "no");
    feed_clear(&feed);
}

/* Undoing does not go beyond the moment that was set for it. */
static void test_undo_deadline(void **state)
{
    struct player undo[] = {{.op.step = play, .name = "undo", .at = "wwwd"}};
    struct player top = {.op.step = play,
                         .name = "top",
                         .at = "uwwwd",
                         .undo = undo,
                         .undo_deadline = 1000 + 2750};
    struct hvs_run run = {.deadline = 1000 + 1500};
    struct feed feed = {0};

    (void)state;
    told[0] = '\0';
    feed_op(&feed, &run, &top.op, "");
    assert_string_equal(told,
                        "top:start top:woke top:failed=the time was over before it was "
                        "done undo:start undo:woke undo:failed=the time was over before "
                        "it was done ");
    assert_int_equal(feed.now - feed.began, 2750);
    feed_clear(&feed);
}

static void see(void *arg, const struct hvs_progress *progress)
{
    char *text = arg;
    size_t used = strlen(text);

    snprintf(text + used, 200 - used, "%d/%s/%u/%lld ", (int)progress->phase,
             progress->job, progress->percent, (long long)progress->elapsed_ms);
}

/* Whoever watches is told of what is new, and of nothing twice. */
static void test_note(void **state)
{
    char text[200] = "";
    struct hvs_run run = {.progress = see,
                          .progress_arg = text,
                          .began = 1000,
                          .now = 1000};

    (void)state;
    hvs_run_note(&run, HVS_PHASE_FIND, NULL, 0);
    hvs_run_note(&run, HVS_PHASE_FIND, NULL, 0);
    run.now = 1250;
    hvs_run_note(&run, HVS_PHASE_JOB, "J", 0);
    hvs_run_note(&run, HVS_PHASE_JOB, "J", 10);
    hvs_run_note(&run, HVS_PHASE_JOB, "K", 10);
    run.now = 2000;
    hvs_run_note(&run, HVS_PHASE_JOB, "K", 10);
    assert_int_equal(HVS_PHASE_FIND, 0);
    snprintf(told, sizeof(told), "0//0/0 %d/J/0/250 %d/J/10/250 %d/K/10/250 ",
             HVS_PHASE_JOB, HVS_PHASE_JOB, HVS_PHASE_JOB);
    assert_string_equal(text, told);
    run.progress = NULL;
    hvs_run_note(&run, HVS_PHASE_FIND, NULL, 0);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 3];

    CASES(tests, cases, test_run);
    tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(test_stopped_before);
    tests[COUNT(cases) + 1] = (struct CMUnitTest)cmocka_unit_test(test_note);
    tests[COUNT(cases) + 2] = (struct CMUnitTest)cmocka_unit_test(test_undo_deadline);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
