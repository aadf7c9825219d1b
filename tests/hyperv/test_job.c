#include "support/feed.h"

#include "hyperv/job.h"
#include "hyperv/names.h"

#include <stdio.h>
#include <string.h>

#define ID "33333333-0000-4000-8000-000000000001"

struct job_case {
    const char *name;
    const char *script;
    const char *naps;
    enum hvs_job_end end;
    enum hvs_domain domain; /* HVS_OK: it must end well */
    const char *says;       /* a piece of the message */
};

static const struct job_case cases[] = {
    {"over at once", "job|7|100|0", "", HVS_JOB_COMPLETED, HVS_OK, ""},
    {"with warnings", "job|32768|100|0", "", HVS_JOB_COMPLETED, HVS_OK, ""},
    {"asked the more seldom, the longer nothing moves",
     "job|4|10|0 job|4|10|0 job|4|10|0 job|4|10|0 job|4|10|0 job|4|10|0 job|7|100|0",
     "250 500 1000 2000 4000 4000", HVS_JOB_COMPLETED, HVS_OK, ""},
    {"asked sooner when it moves",
     "job|4|10|0 job|4|10|0 job|4|10|0 job|4|20|0 job|4|20|0 job|7|100|0",
     "250 500 1000 250 500", HVS_JOB_COMPLETED, HVS_OK, ""},
    {"every state on the way",
     "job|2|0|0 job|3|0|0 job|5|0|0 job|6|0|0 job|11|0|0 job|12|0|0 job|40000|0|0 "
     "job|7|100|0",
     "250 500 1000 2000 4000 4000 4000", HVS_JOB_COMPLETED, HVS_OK, ""},
    {"completed, with an error code", "job|7|100|32768|odd", "", HVS_JOB_ODD, HVS_OK, ""},
    {"gone", "job|4|10|0 fault|0x80338000|a:DestinationUnreachable", "250", HVS_JOB_GONE,
     HVS_OK, ""},
    {"gone before it was seen", "fault|0x80041002|w:InternalError", "", HVS_JOB_GONE,
     HVS_OK, ""},
    {"gone, and no number is given", "fault|0|a:DestinationUnreachable", "", HVS_JOB_GONE,
     HVS_OK, ""},
    {"failed", "job|10|50|32768|It_did_not_work. errors|a|b", "", HVS_JOB_FAILED, HVS_JOB,
     "the host's job failed: It did not work."},
    {"terminated", "job|8|50|0| errors||", "", HVS_JOB_FAILED, HVS_JOB, ""},
    {"killed", "job|9|50|0| errors||", "", HVS_JOB_FAILED, HVS_JOB,
     "the host's job was stopped"},
    {"not even why can be asked",
     "job|10|50|32768|no fault|0x80338000|a:DestinationUnreachable", "", HVS_JOB_FAILED,
     HVS_JOB, "the host's job failed: no"},
    {"no answer for a while",
     "job|4|10|0 http|503 http|503 http|503 http|503 job|7|100|0", NULL,
     HVS_JOB_COMPLETED, HVS_OK, ""},
    {"a job without a state", "[]", "", HVS_JOB_COMPLETED, HVS_XML, "has no JobState"},
    {"no rights", "fault|5|w:AccessDenied", "", HVS_JOB_COMPLETED, HVS_SOAP,
     "0x00000005"},
};

static void test_job(void **state)
{
    const struct job_case *row = *state;
    struct hvs_job_wait wait;
    struct hvs_run run = {0};
    struct feed feed = {0};

    hvs_job_wait_init(&wait, ID, "");
    feed_op(&feed, &run, &wait.op, row->script);
    assert_string_equal(hvs_domain_name(run.err.domain), hvs_domain_name(row->domain));
    assert_err(&run.err, row->domain, row->says);
    assert_int_equal(wait.end, row->end);
    if (row->naps)
        assert_string_equal(feed_naps(&feed), row->naps);
    assert_int_equal(feed.changes, 0);
    feed_clear(&feed);
}

static void test_request(void **state)
{
    struct hvs_job_wait wait;
    struct hvs_run run = {0};
    struct feed feed = {0};

    (void)state;
    hvs_job_wait_init(&wait, ID, HVS_V2 "/Msvm_StorageJob");
    feed_op(&feed, &run, &wait.op, "job|10|0|0| errors|a|b");
    assert_string_equal(hvs_buf_str(&feed.log), "Get GetErrorEx");
    assert_non_null(
        strstr(feed_post(&feed, 0), HVS_V2 "/Msvm_StorageJob</w:ResourceURI>"));
    assert_non_null(
        strstr(feed_post(&feed, 0), "<w:Selector Name=\"InstanceID\">" ID "<"));
    feed_clear(&feed);
}

static void test_nested_errors(void **state)
{
    struct hvs_job_wait wait;
    struct hvs_run run = {0};
    struct feed feed = {0};

    (void)state;
    hvs_job_wait_init(&wait, ID, "");
    feed_op(&feed, &run, &wait.op,
            "job|10|0|32768|Outer. errors|Outer.|\xe4\xbb\xae\xe6\x83\xb3_(0x80070005)");
    assert_string_equal(run.err.detail, "Outer.\n\xe4\xbb\xae\xe6\x83\xb3 (0x80070005)");
    feed_clear(&feed);
}

struct seen {
    char text[200];
    size_t used;
};

static void see(void *arg, const struct hvs_progress *progress)
{
    struct seen *seen = arg;

    seen->used += (size_t)snprintf(seen->text + seen->used,
                                   sizeof(seen->text) - seen->used, "%u ",
                                   progress->percent);
    assert_string_equal(progress->job, ID);
}

static void test_progress(void **state)
{
    struct seen seen = {.text = ""};
    struct hvs_run run = {.progress = see, .progress_arg = &seen};
    struct hvs_job_wait wait;
    struct feed feed = {0};

    (void)state;
    hvs_job_wait_init(&wait, ID, "");
    feed_op(&feed, &run, &wait.op,
            "job|4|0|0 job|4|30|0 job|4|30|0 job|4|4000000000|0 job|7|98|0");
    /* told when it moves, and never of more than there is */
    assert_string_equal(seen.text, "0 30 100 ");
    feed_clear(&feed);
}

struct affected_case {
    const char *name;
    const char *script;
    const char *snapshot, *vm_id; /* "" for none */
};

#define VM "11111111-0000-4000-8000-000000000001"

static const struct affected_case affected_cases[] = {
    {"while it runs", "[acts-on-vm|1]", "", VM},
    {"at its end", "[acts-on-vm|1,creates|1|7]",
     "Microsoft:A0000000-0000-4000-8000-000000000007", VM},
    {"over two pages", "[creates|1|7> [acts-on-vm|1]",
     "Microsoft:A0000000-0000-4000-8000-000000000007", VM},
    {"rows of other jobs", "[acts-on-vm|2,creates|2|7]", "", ""},
    {"rows of other classes", "[old,system|2|2|2]", "", ""},
    {"what was told before a page was lost is told again",
     "[creates|1|7> lost [acts-on-vm|1]", "", VM},
    {"nothing", "[]", "", ""},
};

static void test_affected(void **state)
{
    const struct affected_case *row = *state;
    struct hvs_affected_query query;
    struct hvs_error err = {0};
    struct hvs_run run = {0};
    struct feed feed = {0};

    assert_int_equal(hvs_affected_init(&query, ID, &err), 0);
    feed_op(&feed, &run, &query.query.op, row->script);
    assert_string_equal(run.err.message, "");
    assert_string_equal(query.snapshot, row->snapshot);
    assert_string_equal(query.vm_id, row->vm_id);
    hvs_affected_clear(&query);
    feed_clear(&feed);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(affected_cases) + 3];
    struct CMUnitTest *at = tests;

    CASES(at, cases, test_job);
    CASES(at += COUNT(cases), affected_cases, test_affected);
    at += COUNT(affected_cases);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_request);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_nested_errors);
    *at = (struct CMUnitTest)cmocka_unit_test(test_progress);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
