#include "support/feed.h"

#include <hvsnap/job.h>

#include <string.h>

#define ID "33333333-0000-4000-8000-000000000001"
#define IN(state) "[job-row|1|70|" #state "|40|true|09:50|] "
#define RUNS IN(4)
#define FIXED "[job-row|1|72|4|40|false|09:50|] "
#define STOPPED "[job-row|1|70|8|40|false|09:50|]"
#define KILLED "[job-row|1|70|9|40|false|09:50|]"
#define FAILED "[job-row|1|70|10|40|false|09:50|no_space]"
#define COMPLETED "[job-row|1|70|7|100|false|09:50|]"
#define GONE "fault|0x80338000|a:DestinationUnreachable"
#define NONE "[]"

#define L "Enumerate"
#define R " RequestStateChange"

#define DONE HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""
#define NOT(class_, says) HVS_OUTCOME_NOT_DONE, HVS_CLASS_##class_, says
#define UNKNOWN(class_, says) HVS_OUTCOME_UNKNOWN, HVS_CLASS_##class_, says

enum { ASKED = 1, KILL = 2, VANISHED = 4 };

struct cancel_case {
    const char *name;
    const char *script;
    const char *posts; /* NULL: whatever */
    enum hvs_outcome outcome;
    enum hvs_class class_;
    const char *says;  /* a piece of the message or the hint */
    unsigned flags;    /* what the result says */
    const char *state; /* of the job; NULL: it was never seen */
};

static const struct cancel_case cases[] = {
    {"terminated at once", RUNS "stated|0 " STOPPED, L R " " L, DONE, ASKED,
     "terminated"},
    {"it takes its time", RUNS "stated|0 " IN(6) IN(6) IN(6) STOPPED,
     L R " " L " " L " " L " " L, DONE, ASKED, "terminated"},
    {"started, and no job of its own is missed", RUNS "stated|4096 " STOPPED, L R " " L,
     DONE, ASKED, "terminated"},
    {"started without a job, and it takes its time: it is not asked again",
     RUNS "stated|4096 " IN(6) STOPPED, L R " " L " " L, DONE, ASKED, "terminated"},
    {"started, with a job of its own", RUNS "stating|9 " STOPPED, L R " " L, DONE, ASKED,
     "terminated"},
    {"it ends as failed", RUNS "stated|0 " FAILED, L R " " L, DONE, ASKED, "failed"},
    {"it is gone then", RUNS "stated|0 " NONE, L R " " L, DONE, ASKED | VANISHED,
     "running"},
    {"it is gone when it is asked", RUNS GONE " " NONE, L R " " L, DONE, ASKED | VANISHED,
     "running"},
    {"it goes on for ten seconds, and is killed",
     RUNS "stated|0 " RUNS "later|11000 " RUNS "stated|0 " KILLED,
     L R " " L " " L R " " L, DONE, ASKED | KILL, "killed"},
    {"a host that can only kill", RUNS "stated|1 stated|0 " KILLED, L R R " " L, DONE,
     ASKED | KILL, "killed"},

    {"a host that can only kill, and the first reply was lost",
     RUNS "lost " RUNS "stated|1 later|66000 " RUNS "stated|0 " KILLED,
     L R " " L R " " L R " " L, DONE, ASKED | KILL, "killed"},

    {"stopped before: nothing is asked", STOPPED, L, DONE, 0, "terminated"},
    {"killed before", KILLED, L, DONE, 0, "killed"},
    {"failed before", FAILED, L, DONE, 0, "failed"},
    {"completed before", COMPLETED, L,
     NOT(REFUSED, "was completed before it could be stopped"), 0, "completed"},
    {"completed with warnings before", "[job-row|1|70|32768|100|false|09:50|]", L,
     NOT(REFUSED, "was completed before it could be stopped"), 0, "warnings"},
    {"completed in the meantime", RUNS "stated|0 " COMPLETED, L R " " L,
     NOT(REFUSED, "was completed before it could be stopped"), ASKED, "completed"},
    {"completed in the meantime, says the host", RUNS "stated|4097 " COMPLETED, L R " " L,
     NOT(REFUSED, "was completed before it could be stopped"), ASKED, "completed"},
    {"stopped by somebody in the meantime", RUNS "stated|4097 " STOPPED, L R " " L, DONE,
     ASKED, "terminated"},

    {"no such job", NONE, L, NOT(NOT_FOUND, "the host has no job '" ID "'"), 0, NULL},
    {"why it may be gone", "[job-row|2|70|4|40|true|09:50|]", L,
     NOT(NOT_FOUND, "five minutes after its end"), 0, NULL},
    {"one that cannot be stopped", FIXED, L,
     NOT(REFUSED, "does not let the job '" ID "' (delete, at 40%) be stopped"), 0,
     "running"},
    {"no rights to look", "fault|5|w:AccessDenied", L, NOT(AUTH, "0x00000005"), 0, NULL},
    {"no rights to stop it", RUNS "fault|5|w:AccessDenied", L R, NOT(AUTH, "0x00000005"),
     ASKED, "running"},
    {"no rights, says the method", RUNS "stated|32769 " RUNS, L R " " L,
     NOT(AUTH, "RequestStateChange: access denied (32769)"), ASKED, "running"},
    {"invalid transition", RUNS "stated|4097 " RUNS, L R " " L,
     NOT(REFUSED, "the host does not stop the job: invalid transition (4097)"), ASKED,
     "running"},
    {"busy", RUNS "stated|4099 " RUNS, L R " " L,
     NOT(BUSY, "the host does not stop the job: busy (4099)"), ASKED, "running"},
    {"in use", RUNS "stated|6 " RUNS, L R " " L,
     NOT(BUSY, "the host does not stop the job: in use (6)"), ASKED, "running"},
    {"failed to stop it", RUNS "stated|4 " RUNS, L R " " L,
     NOT(FAILED, "the host does not stop the job: failed (4)"), ASKED, "running"},
    {"neither can it be terminated nor killed", RUNS "stated|1 stated|1 " RUNS,
     L R R " " L, NOT(REFUSED, "the host does not stop the job: not supported (1)"),
     ASKED | KILL, "running"},
    {"refused, and no look is to be had", RUNS "stated|4097 fault|5|w:AccessDenied",
     L R " " L, NOT(REFUSED, "invalid transition (4097)"), ASKED, "running"},
    {"gone, says the host, and it is there", RUNS GONE " " RUNS, L R " " L,
     NOT(NOT_FOUND, "0x80338000"), ASKED, "running"},

    {"lost, and it ended", RUNS "lost " STOPPED, L R " " L, DONE, ASKED, "terminated"},
    {"lost, and it is gone", RUNS "lost " NONE, L R " " L, DONE, ASKED | VANISHED,
     "running"},
    {"lost, and it was completed", RUNS "lost " COMPLETED, L R " " L,
     NOT(REFUSED, "was completed before it could be stopped"), ASKED, "completed"},
    {"lost, and it runs: it is asked again at once",
     RUNS "lost " RUNS "stated|0 " STOPPED, L R " " L R " " L, DONE, ASKED, "terminated"},
    {"lost, it runs, and does not change from stopping",
     RUNS "lost " RUNS "stated|4097 " STOPPED, L R " " L R " " L, DONE, ASKED,
     "terminated"},
    {"lost three times: not done only when it can act no more",
     RUNS "lost " RUNS "lost " RUNS "lost " RUNS "later|66000 " RUNS,
     L R " " L R " " L R " " L " " L,
     NOT(CONNECT, "it did not happen, and may be tried again"), ASKED, "running"},
    {"lost three times, and then it ends",
     RUNS "lost " RUNS "lost " RUNS "lost " RUNS STOPPED, L R " " L R " " L R " " L " " L,
     DONE, ASKED, "terminated"},
    {"a time-out that the method says", RUNS "stated|3 " STOPPED, L R " " L, DONE, ASKED,
     "terminated"},
    {"it says that it does not know", RUNS "stated|2 " STOPPED, L R " " L, DONE, ASKED,
     "terminated"},
    {"lost, and no look is allowed", RUNS "lost fault|5|w:AccessDenied", L R " " L,
     UNKNOWN(UNKNOWN, "whether it happened is unknown"), ASKED, "running"},
    {"lost, and the host is away for a while",
     RUNS "lost unsent unsent unsent unsent unsent unsent unsent unsent " STOPPED, NULL,
     DONE, ASKED, "terminated"},
    {"said yes, and away for a while",
     RUNS "stated|0 unsent unsent unsent unsent unsent unsent unsent unsent " STOPPED,
     NULL, DONE, ASKED, "terminated"},
    {"said yes, and no look is allowed", RUNS "stated|0 fault|5|w:AccessDenied",
     L R " " L, UNKNOWN(UNKNOWN, "whether it has ended is unknown"), ASKED, "running"},
    {"said yes twice, and it runs on",
     RUNS "stated|0 later|11000 " RUNS "stated|0 later|121000 " RUNS, L R " " L R " " L,
     UNKNOWN(UNKNOWN, "said yes, but the job '" ID "' still runs"), ASKED | KILL,
     "running"},
    {"it is killed, and the kill is refused: the first may end it yet",
     RUNS "stated|0 later|11000 " RUNS "stated|4097 " RUNS STOPPED,
     L R " " L R " " L " " L, DONE, ASKED | KILL, "terminated"},
    {"it is killed, and that breaks: the first may end it yet",
     RUNS "stated|0 later|11000 " RUNS "fault|5|w:AccessDenied " RUNS STOPPED,
     L R " " L R " " L " " L, DONE, ASKED | KILL, "terminated"},
    {"stopped with the request out", RUNS "stop hang", L R,
     UNKNOWN(INTERRUPTED, "whether it happened is unknown"), ASKED, "running"},
    {"stopped while it looks", RUNS "stated|0 " RUNS "nap-stop", L R " " L,
     UNKNOWN(INTERRUPTED, "whether it has ended is unknown"), ASKED, "running"},
    {"the time is over while it looks", RUNS "stated|0 later|700000 " RUNS, L R " " L,
     UNKNOWN(UNKNOWN, "whether it has ended is unknown"), ASKED, "running"},
};

static void check_result(const struct cancel_case *row,
                         const struct hvs_job_cancel_result *result)
{
    char buf[16];

    assert_string_equal(hvs_outcome_name(result->outcome),
                        hvs_outcome_name(row->outcome));
    assert_int_equal(result->asked, (row->flags & ASKED) != 0);
    assert_int_equal(result->killed, (row->flags & KILL) != 0);
    assert_int_equal(result->gone, (row->flags & VANISHED) != 0);
    if (!row->state) {
        assert_null(result->job);
        return;
    }
    assert_string_equal(result->job->id, ID);
    assert_string_equal(hvs_job_state_name(result->job->state, buf), row->state);
}

static void test_cancel(void **state)
{
    const struct cancel_case *row = *state;
    struct hvs_job_cancel_opts opts = HVS_JOB_CANCEL_OPTS_INIT;
    struct hvs_client *client = feed_client(600000);
    struct hvs_job_cancel_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;
    int rc;

    opts.job = ID;
    assert_int_equal(hvs_job_cancel_start(&run, client, &opts, &err), 0);
    feed_run(&feed, run, row->script);
    rc = hvs_job_cancel_end(run, &result, &err);
    if (row->posts)
        assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    assert_int_equal(feed.changes, feed_count(&feed, "RequestStateChange"));
    if (!strstr(err.message, row->says) && !strstr(err.hint, row->says))
        fail_msg("'%s' / '%s' do not say '%s'", err.message, err.hint, row->says);
    assert_string_equal(hvs_class_name(err.class_), hvs_class_name(row->class_));
    assert_int_equal(rc, row->class_ == HVS_CLASS_DONE ? 0 : -1);
    check_result(row, result);
    hvs_job_cancel_result_free(result);
    feed_clear(&feed);
    hvs_client_close(client);
}

/* What is asked for, of a job of whatever class. */
static void test_request(void **state)
{
    struct hvs_job_cancel_opts opts = HVS_JOB_CANCEL_OPTS_INIT;
    struct hvs_client *client = feed_client(0);
    struct hvs_job_cancel_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;

    (void)state;
    opts.job = "33333333-0000-4000-8000-00000000000A";
    opts.retries = 0;
    assert_int_equal(hvs_job_cancel_start(&run, client, &opts, &err), 0);
    feed_run(&feed, run, "[storage-job|A|4|] stated|1 stated|0 [storage-job|A|9|]");
    assert_int_equal(hvs_job_cancel_end(run, &result, &err), 0);
    assert_non_null(strstr(feed_post(&feed, 1), "/v2/Msvm_StorageJob</w:ResourceURI>"));
    assert_non_null(strstr(feed_post(&feed, 1), "/v2/Msvm_StorageJob/RequestStateChange"
                                                "</a:Action>"));
    assert_non_null(strstr(feed_post(&feed, 1),
                           "<w:Selector Name=\"InstanceID\">33333333-0000-4000-8000-"
                           "00000000000A<"));
    assert_non_null(strstr(feed_post(&feed, 1), "RequestedState>4<"));
    assert_non_null(strstr(feed_post(&feed, 2), "RequestedState>5<"));
    hvs_job_cancel_result_free(result);
    feed_clear(&feed);
    hvs_client_close(client);
}

static void test_options(void **state)
{
    struct hvs_job_cancel_opts opts = HVS_JOB_CANCEL_OPTS_INIT;
    struct hvs_client *client = feed_client(0);
    struct hvs_error err = {0};
    struct hvs_run *run;

    (void)state;
    assert_int_equal(hvs_job_cancel_start(&run, client, &opts, &err), -1);
    assert_err(&err, HVS_USAGE, "the job's id is empty");
    err = (struct hvs_error){0};
    opts.size = 3;
    assert_int_equal(hvs_job_cancel_start(&run, client, &opts, &err), -1);
    assert_err(&err, HVS_USAGE, "not started from HVS_JOB_CANCEL_OPTS_INIT");
    hvs_job_cancel_result_free(NULL);
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_request),
        cmocka_unit_test(test_options),
    };
    int failed;

    CASES(tests, cases, test_cancel);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
