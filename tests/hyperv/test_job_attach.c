#include "support/feed.h"

#include <hvsnap/job.h>

#include <string.h>

#define ID "33333333-0000-4000-8000-000000000001"
#define RUNS "[job-row|1|70|4|40|true|09:50|] "
#define MERGES "[job-row|1|50|4|40|true|09:50|] "
#define ON_VM "[acts-on-vm|1] "
#define MADE "[acts-on-vm|1,creates|1|7]"
#define GONE "fault|0x80338000|a:DestinationUnreachable"
#define FOUND "Enumerate Enumerate"

struct wait_case {
    const char *name;
    const char *script;
    const char *posts;
    enum hvs_outcome outcome;
    enum hvs_class class_; /* HVS_CLASS_DONE: it must succeed */
    const char *says;      /* a piece of the message or the hint */
    const char *state;     /* of the job at the end; NULL: it was never seen */
    const char *snapshot;  /* that it made; NULL: none */
};

static const struct wait_case cases[] = {
    {"to its end, and what it made", RUNS ON_VM "job|4|50|0 job|7|100|0 " MADE,
     FOUND " Get Get Enumerate", HVS_OUTCOME_DONE, HVS_CLASS_DONE, "", "completed",
     "A0000000-0000-4000-8000-000000000007"},
    {"a job that makes nothing is not asked for it", MERGES ON_VM "job|7|100|0",
     FOUND " Get", HVS_OUTCOME_DONE, HVS_CLASS_DONE, "", "completed", NULL},
    {"with warnings", MERGES ON_VM "job|32768|100|0", FOUND " Get", HVS_OUTCOME_DONE,
     HVS_CLASS_DONE, "", "warnings", NULL},
    {"over already", "[job-row|1|70|7|100|false|09:50|] " MADE, FOUND, HVS_OUTCOME_DONE,
     HVS_CLASS_DONE, "", "completed", "A0000000-0000-4000-8000-000000000007"},
    {"over already, and what it made cannot be asked",
     "[job-row|1|70|7|100|false|09:50|] fault|5|w:AccessDenied", FOUND, HVS_OUTCOME_DONE,
     HVS_CLASS_DONE, "", "completed", NULL},
    {"failed already",
     "[job-row|1|70|10|55|false|09:50|no_space] " ON_VM
     "job|10|55|32768|no_space errors|why|",
     FOUND " Get GetErrorEx", HVS_OUTCOME_NOT_DONE, HVS_CLASS_JOB,
     "the host's job failed: no space", "failed", NULL},
    {"failed already, and gone when it is asked why",
     "[job-row|1|70|10|55|false|09:50|no_space] " ON_VM GONE, FOUND " Get",
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_JOB, "the host's job failed: no space", "failed",
     NULL},
    {"stopped already, and gone when it is asked why",
     "[job-row|1|70|8|55|false|09:50|] " ON_VM GONE, FOUND " Get", HVS_OUTCOME_NOT_DONE,
     HVS_CLASS_JOB, "the host's job was stopped", "terminated", NULL},
    {"what it made cannot be asked", RUNS ON_VM "job|7|100|0 fault|5|w:AccessDenied",
     FOUND " Get Enumerate", HVS_OUTCOME_DONE, HVS_CLASS_DONE, "", "completed", NULL},
    {"what it acts on cannot be asked", MERGES "fault|5|w:AccessDenied job|7|100|0",
     FOUND " Get", HVS_OUTCOME_DONE, HVS_CLASS_DONE, "", "completed", NULL},
    {"failed", RUNS ON_VM "job|10|55|32768|no_space errors|why|", FOUND " Get GetErrorEx",
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_JOB, "the host's job failed: no space", "failed",
     NULL},
    {"stopped by somebody", RUNS ON_VM "job|4|41|0 job|8|41|0| errors||",
     FOUND " Get Get GetErrorEx", HVS_OUTCOME_NOT_DONE, HVS_CLASS_JOB,
     "the host's job was stopped", "terminated", NULL},
    {"it vanishes", RUNS ON_VM "job|4|50|0 " GONE, FOUND " Get Get", HVS_OUTCOME_UNKNOWN,
     HVS_CLASS_UNKNOWN, "(snapshot) is gone: it was running at 50% when it was last seen",
     "running", NULL},
    {"it vanishes at once", RUNS ON_VM GONE, FOUND " Get", HVS_OUTCOME_UNKNOWN,
     HVS_CLASS_UNKNOWN, "(snapshot) is gone: it was running at 40% when it was last seen",
     "running", NULL},
    {"completed, with an error code", RUNS ON_VM "job|7|100|32768|odd", FOUND " Get",
     HVS_OUTCOME_UNKNOWN, HVS_CLASS_UNKNOWN, "is completed, and says error 32768",
     "completed", NULL},
    {"the host is away for a while",
     RUNS ON_VM "http|503 http|503 http|503 http|503 "
                "job|7|100|0 " MADE,
     FOUND " Get Get Get Get Get Enumerate", HVS_OUTCOME_DONE, HVS_CLASS_DONE, "",
     "completed", "A0000000-0000-4000-8000-000000000007"},

    {"no such job", "[]", "Enumerate", HVS_OUTCOME_UNKNOWN, HVS_CLASS_NOT_FOUND,
     "the host has no job '" ID "'", NULL, NULL},
    {"why it may be gone", "[job-row|2|70|4|40|true|09:50|]", "Enumerate",
     HVS_OUTCOME_UNKNOWN, HVS_CLASS_NOT_FOUND, "five minutes after its end", NULL, NULL},
    {"no rights to look", "fault|5|w:AccessDenied", "Enumerate", HVS_OUTCOME_UNKNOWN,
     HVS_CLASS_AUTH, "0x00000005", NULL, NULL},
    {"no rights to follow it", RUNS ON_VM "fault|5|w:AccessDenied", FOUND " Get",
     HVS_OUTCOME_STARTED, HVS_CLASS_AUTH, "0x00000005", "running", NULL},
    {"stopped while it runs", RUNS ON_VM "job|4|50|0 nap-stop", FOUND " Get",
     HVS_OUTCOME_STARTED, HVS_CLASS_INTERRUPTED, "stopped by the test", "running", NULL},
    {"the time is over", RUNS ON_VM "job|4|50|0 later|700000 job|4|60|0",
     FOUND " Get Get", HVS_OUTCOME_STARTED, HVS_CLASS_DEADLINE, "the time was over",
     "running", NULL},
};

static void check_job(const struct wait_case *row, const struct hvs_job *job)
{
    char buf[16];

    if (!row->state) {
        assert_null(job);
        return;
    }
    assert_non_null(job);
    assert_string_equal(job->id, ID);
    assert_string_equal(hvs_job_state_name(job->state, buf), row->state);
    assert_string_equal(job->snapshot_id, row->snapshot ? row->snapshot : "");
    assert_int_equal(job->over, job->state >= 7);
    if (job->state == 7 || job->state == 32768)
        assert_int_equal(job->percent, 100);
}

static void test_wait(void **state)
{
    const struct wait_case *row = *state;
    struct hvs_job_wait_opts opts = HVS_JOB_WAIT_OPTS_INIT;
    struct hvs_client *client = feed_client(600000);
    struct hvs_job_wait_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;
    int rc;

    opts.job = "{33333333-0000-4000-8000-000000000001}";
    assert_int_equal(hvs_job_wait_start(&run, client, &opts, &err), 0);
    feed_run(&feed, run, row->script);
    rc = hvs_job_wait_end(run, &result, &err);
    assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    assert_int_equal(feed.changes, 0);
    assert_string_equal(hvs_class_name(err.class_), hvs_class_name(row->class_));
    if (!strstr(err.message, row->says) && !strstr(err.hint, row->says))
        fail_msg("'%s' / '%s' do not say '%s'", err.message, err.hint, row->says);
    assert_int_equal(rc, row->class_ == HVS_CLASS_DONE ? 0 : -1);
    assert_string_equal(hvs_outcome_name(result->outcome),
                        hvs_outcome_name(row->outcome));
    check_job(row, result->job);
    assert_non_null(strstr(feed_post(&feed, 0),
                           "CIM_ConcreteJob WHERE InstanceID = "
                           "'33333333-0000-4000-8000-000000000001'"));
    hvs_job_wait_result_free(result);
    feed_clear(&feed);
    hvs_client_close(client);
}

/* A job of another class is asked for by that class; and on which VM is it? */
static void test_sister(void **state)
{
    struct hvs_job_wait_opts opts = HVS_JOB_WAIT_OPTS_INIT;
    struct hvs_client *client = feed_client(0);
    struct hvs_job_wait_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;

    (void)state;
    opts.job = ID;
    assert_int_equal(hvs_job_wait_start(&run, client, &opts, &err), 0);
    feed_run(&feed, run, "[storage-job|1|4|] [acts-on-vm|1] storage-job|1|7|");
    assert_int_equal(hvs_job_wait_end(run, &result, &err), 0);
    assert_non_null(strstr(feed_post(&feed, 2), "/v2/Msvm_StorageJob</w:ResourceURI>"));
    assert_string_equal(result->job->vm_id, "11111111-0000-4000-8000-000000000001");
    hvs_job_wait_result_free(result);
    feed_clear(&feed);
    hvs_client_close(client);
}

struct opts_case {
    const char *name;
    const char *job;
    size_t size;
    const char *says;
};

static const struct opts_case opts_cases[] = {
    {"no job", NULL, sizeof(struct hvs_job_wait_opts), "the job's id is empty"},
    {"no id", "web1", sizeof(struct hvs_job_wait_opts),
     "'web1' is no id of a job: those are GUIDs"},
    {"a control character", "a\n", sizeof(struct hvs_job_wait_opts),
     "holds a control character"},
    {"not initialised", ID, 1, "not started from HVS_JOB_WAIT_OPTS_INIT"},
};

static void test_options(void **state)
{
    const struct opts_case *row = *state;
    struct hvs_job_wait_opts opts = {.size = row->size, .job = row->job};
    struct hvs_client *client = feed_client(0);
    struct hvs_error err = {0};
    struct hvs_run *run;

    assert_int_equal(hvs_job_wait_start(&run, client, &opts, &err), -1);
    assert_null(run);
    assert_err(&err, HVS_USAGE, row->says);
    hvs_job_wait_result_free(NULL);
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(opts_cases) + 1];

    CASES(tests, cases, test_wait);
    CASES(tests + COUNT(cases), opts_cases, test_options);
    tests[COUNT(cases) + COUNT(opts_cases)] =
        (struct CMUnitTest)cmocka_unit_test(test_sister);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
