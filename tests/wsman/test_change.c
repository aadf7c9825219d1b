#include "support/feed.h"

#include "base/err.h"
#include "wsman/change.h"
#include "wsman/envelope.h"

#include <string.h>

/* Finding out, by heart: a letter for each time it is asked. */
struct answers {
    struct hvs_find_out base;
    const char
        *at; /* 'd'one, 's'tarted, 'n'ot done, 'u'nknown, 'f'ails, 'w'aits a second, or
                until it is 'S'ettled */
};

static enum hvs_want answers_step(struct hvs_op *op, struct hvs_run *run,
                                  const struct hvs_event *event, struct hvs_error *err)
{
    struct answers *self = (struct answers *)op;
    enum hvs_want want = HVS_DONE;

    if (event->cause)
        return hvs_fail(err, event->cause);
    switch (*self->at++) {
    case 'd': self->base.outcome = HVS_OUTCOME_DONE; break;
    case 's': self->base.outcome = HVS_OUTCOME_STARTED; break;
    case 'n': self->base.outcome = HVS_OUTCOME_NOT_DONE; break;
    case 'u': break;
    case 'S':
    case 'w':
        run->wait_ms = self->at[-1] == 'S' ? HVS_SETTLE_MS : 1000;
        want = HVS_WAIT;
        break;
    default:
        hvs_err_set(err, HVS_JOB, 0, "cannot be found out");
        want = HVS_FAIL;
        break;
    }
    return want;
}

#define C "DestroySnapshot"
#define UNKNOWN "whether it happened is unknown: "
#define NOT_DONE "it did not happen, and may be tried again: "

struct change_case {
    const char *name;
    unsigned tries;
    const char *answers;
    const char *script;
    const char *posts;
    enum hvs_outcome outcome;
    bool found;
    enum hvs_class class_; /* HVS_CLASS_DONE: it must end well */
    const char *says;
};

static const struct change_case cases[] = {
    {"done", 2, "", "destroyed|0", C, HVS_OUTCOME_DONE, false, HVS_CLASS_DONE, ""},
    {"started", 2, "", "destroying|1", C, HVS_OUTCOME_STARTED, false, HVS_CLASS_DONE, ""},
    {"refused: the owner's to judge", 2, "", "destroyed|32775", C, HVS_OUTCOME_NOT_DONE,
     false, HVS_CLASS_DONE, ""},

    {"nothing was sent", 2, "", "unsent unsent destroyed|0", C " " C " " C,
     HVS_OUTCOME_DONE, false, HVS_CLASS_DONE, ""},
    {"nothing was sent, too often", 1, "", "unsent unsent", C " " C, HVS_OUTCOME_NOT_DONE,
     false, HVS_CLASS_CONNECT, "nothing answers there"},
    {"nothing was sent, and once is enough", 0, "", "unsent", C, HVS_OUTCOME_NOT_DONE,
     false, HVS_CLASS_CONNECT, "nothing answers there"},
    {"404 at the door", 1, "", "http|404 destroyed|0", C " " C, HVS_OUTCOME_DONE, false,
     HVS_CLASS_DONE, ""},
    {"a quota at the door", 1, "", "fault|0x803381A7|w:QuotaLimit destroyed|0", C " " C,
     HVS_OUTCOME_DONE, false, HVS_CLASS_DONE, ""},
    {"no rights", 2, "", "fault|5|w:AccessDenied", C, HVS_OUTCOME_NOT_DONE, false,
     HVS_CLASS_AUTH, "0x00000005"},
    {"a request that the host cannot read", 2, "",
     "fault|0x80338041|w:SchemaValidationError", C, HVS_OUTCOME_NOT_DONE, false,
     HVS_CLASS_FAILED, "0x80338041"},

    {"lost, and done", 2, "d", "lost", C, HVS_OUTCOME_DONE, true, HVS_CLASS_DONE, ""},
    {"lost, and started", 2, "s", "lost", C, HVS_OUTCOME_STARTED, true, HVS_CLASS_DONE,
     ""},
    {"lost, and done after a while", 2, "wwd", "lost", C, HVS_OUTCOME_DONE, true,
     HVS_CLASS_DONE, ""},
    {"lost, and not to be told", 2, "u", "lost", C, HVS_OUTCOME_UNKNOWN, true,
     HVS_CLASS_UNKNOWN, UNKNOWN "'hv01': the connection broke"},
    {"lost, and finding out fails", 2, "f", "lost", C, HVS_OUTCOME_UNKNOWN, true,
     HVS_CLASS_UNKNOWN, UNKNOWN},
    {"lost, not done, sent again", 2, "n", "lost destroying|1", C " " C,
     HVS_OUTCOME_STARTED, false, HVS_CLASS_DONE, ""},
    {"lost, not done, once is enough", 0, "n", "lost", C, HVS_OUTCOME_NOT_DONE, true,
     HVS_CLASS_CONNECT, NOT_DONE "'hv01': the connection broke"},
    {"lost twice", 2, "nd", "lost lost", C " " C, HVS_OUTCOME_DONE, true, HVS_CLASS_DONE,
     ""},
    {"lost twice, and one try is left", 1, "nn", "lost lost", C " " C,
     HVS_OUTCOME_NOT_DONE, true, HVS_CLASS_CONNECT, NOT_DONE},
    {"lost, then nothing was sent", 2, "Sn", "lost unsent unsent", C " " C " " C,
     HVS_OUTCOME_NOT_DONE, false, HVS_CLASS_CONNECT, "nothing answers there"},
    {"lost, not done, then refused for good", 2, "Sn", "lost fault|5|w:AccessDenied",
     C " " C, HVS_OUTCOME_NOT_DONE, false, HVS_CLASS_AUTH, "0x00000005"},
    {"lost, not done yet, then refused: the first was done", 2, "nd",
     "lost destroyed|32775", C " " C, HVS_OUTCOME_DONE, true, HVS_CLASS_DONE, ""},
    {"lost, not done yet, then refused, and never done", 2, "nSn", "lost destroyed|32775",
     C " " C, HVS_OUTCOME_NOT_DONE, true, HVS_CLASS_JOB,
     NOT_DONE "the host would not do it a second time (32775)"},
    {"lost, not done yet, then no rights: the first was done", 2, "nd",
     "lost fault|5|w:AccessDenied", C " " C, HVS_OUTCOME_DONE, true, HVS_CLASS_DONE, ""},

    {"no answer", 2, "d", "hang", C, HVS_OUTCOME_DONE, true, HVS_CLASS_DONE, ""},
    {"503", 2, "d", "http|503", C, HVS_OUTCOME_DONE, true, HVS_CLASS_DONE, ""},
    {"a reply of something else", 2, "d", "modified|0", C, HVS_OUTCOME_DONE, true,
     HVS_CLASS_DONE, ""},
    {"a ReturnValue that is none", 2, "d", "destroyed|yes", C, HVS_OUTCOME_DONE, true,
     HVS_CLASS_DONE, ""},
    {"a job that is not named", 2, "d", "destroyed|4096", C, HVS_OUTCOME_DONE, true,
     HVS_CLASS_DONE, ""},
    {"a time-out on the host", 2, "d", "fault|0x80338029|w:TimedOut", C, HVS_OUTCOME_DONE,
     true, HVS_CLASS_DONE, ""},

    {"stopped, and answered", 2, "", "stop destroying|1", C, HVS_OUTCOME_STARTED, false,
     HVS_CLASS_DONE, ""},
    {"stopped, and not answered", 2, "w", "stop hang", C, HVS_OUTCOME_UNKNOWN, true,
     HVS_CLASS_INTERRUPTED, UNKNOWN "stopped by the test"},
    {"stopped, and turned away", 2, "", "stop http|404", C, HVS_OUTCOME_NOT_DONE, false,
     HVS_CLASS_INTERRUPTED, "stopped by the test"},
    {"stopped before it is sent again", 2, "", "unsent nap-stop", C, HVS_OUTCOME_NOT_DONE,
     false, HVS_CLASS_INTERRUPTED, "stopped by the test"},
    {"stopped while finding out", 2, "ww", "lost nap-stop", C, HVS_OUTCOME_UNKNOWN, true,
     HVS_CLASS_UNKNOWN, UNKNOWN},
};

static void test_change(void **state)
{
    static const struct hvs_request_kind kind = {.template = "destroy-snapshot",
                                                 .action = "urn:x/DestroySnapshot",
                                                 .resource = "urn:x",
                                                 .effect = HVS_CHANGE};
    const struct hvs_param params[] = {{"INSTANCE_ID", "x"}};
    const struct change_case *row = *state;
    struct answers answers = {.base.op.step = answers_step, .at = row->answers};
    struct hvs_error err = {0};
    struct hvs_change change;
    struct hvs_run run = {0};
    struct feed feed = {0};

    hvs_change_init(&change, &answers.base, row->tries);
    assert_true(hvs_is_change(&change.op));
    assert_false(hvs_is_change(&answers.base.op));
    assert_int_equal(hvs_request_fill(&change.request, &kind, params, 1, &err), 0);
    feed_op(&feed, &run, &change.op, row->script);
    assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    assert_int_equal(feed.changes, feed.count);
    assert_string_equal(hvs_outcome_name(change.outcome), hvs_outcome_name(row->outcome));
    assert_int_equal(change.found, row->found);
    assert_string_equal(hvs_class_name(run.err.class_), hvs_class_name(row->class_));
    assert_err(&run.err, run.err.domain, row->says);
    if (row->outcome == HVS_OUTCOME_STARTED && !row->found) {
        assert_string_equal(change.job, "33333333-0000-4000-8000-000000000001");
        assert_non_null(strstr(change.job_class, "/v2/Msvm_ConcreteJob"));
        assert_int_equal(change.return_value, 4096);
    }
    hvs_change_clear(&change);
    feed_clear(&feed);
}

/* Every post of it is a message of its own. */
static void test_fresh(void **state)
{
    struct answers answers = {.base.op.step = answers_step, .at = "n"};
    struct hvs_change change;
    struct hvs_run run = {0};
    struct feed feed = {0};

    (void)state;
    hvs_change_init(&change, &answers.base, 2);
    change.request.action = "urn:x/DestroySnapshot";
    change.request.resource = "urn:x";
    hvs_buf_puts(&change.request.body, "<s:Body/>");
    feed_op(&feed, &run, &change.op, "lost later|1000 destroyed|0");
    assert_int_equal(feed.count, 2);
    assert_string_not_equal(feed_post(&feed, 0), feed_post(&feed, 1));
    /* when it could no longer reach the host, and the host's clock before it was sent */
    assert_true(change.over_at == 1000 + 5);
    assert_true(change.host_time == 0); /* no reply had come */
    assert_true(run.host_time == FEED_UTC + 1000);
    hvs_change_clear(&change);
    feed_clear(&feed);
}

/* Where a method starts no job of its own, none is missed. */
static void test_jobless(void **state)
{
    struct answers answers = {.base.op.step = answers_step, .at = ""};
    struct hvs_change change;
    struct hvs_run run = {0};
    struct feed feed = {0};

    (void)state;
    hvs_change_init(&change, &answers.base, 2);
    change.jobless = true;
    change.request.action = "urn:x/DestroySnapshot";
    change.request.resource = "urn:x";
    hvs_buf_puts(&change.request.body, "<s:Body/>");
    feed_op(&feed, &run, &change.op, "destroyed|4096");
    assert_int_equal(change.outcome, HVS_OUTCOME_STARTED);
    assert_string_equal(change.job, "");
    assert_false(change.found);
    hvs_change_clear(&change);
    feed_clear(&feed);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 2];

    CASES(tests, cases, test_change);
    tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(test_fresh);
    tests[COUNT(cases) + 1] = (struct CMUnitTest)cmocka_unit_test(test_jobless);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
