#include "support/create_case.h"

#include <string.h>

/* A create that gives the VM, which takes production snapshots, the type "standard". */
#define TYPED FOUND "modified|0 [vm|web1|5] "
#define BACK "[vm|web1|5] modified|0 [vm|web1|3] "
#define STILL "[vm|web1|5] "
#define TYPED_POSTS "Enumerate ModifySystemSettings Enumerate"
#define BACK_POSTS " Enumerate ModifySystemSettings Enumerate"
#define MADE "creating|1 job|7|100|0 "
#define RUNS "job|4|10|0 "
#define DONE HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""
#define BY_HAND \
    "on the host: Get-VM -Id 11111111-0000-4000-8000-000000000001 | Set-VM " \
    "-CheckpointType Production"

struct back_case {
    struct create_case create;
    enum hvs_put_back_end put_back;
};

static const struct back_case cases[] = {
    {{"put back when the job is over", "checkpoint=5", TYPED MADE BACK "[" NEW "]",
      TYPED_POSTS " CreateSnapshot Get" BACK_POSTS " Enumerate", DONE},
     HVS_PUT_BACK_DONE},
    {{"and named then", "checkpoint=5 name=before",
      TYPED MADE BACK "[" NEW "] modified|0 [snapshot|1|before|10:01]", NULL, DONE},
     HVS_PUT_BACK_DONE},
    {{"made at once", "checkpoint=5", TYPED "made|1 " BACK "[" NEW "]", NULL, DONE},
     HVS_PUT_BACK_DONE},
    {{"it is so already", "checkpoint=3", FOUND MADE "[" NEW "]",
      ASKED_POSTS " Enumerate", DONE},
     HVS_PUT_BACK_NONE},
    {{"disabled all the same", "checkpoint=5", "[vm|web1|2]", "Enumerate",
      HVS_OUTCOME_NOT_DONE, HVS_CLASS_REFUSED, "snapshots are disabled"},
     HVS_PUT_BACK_NONE},
    {{"a host that knows none", "checkpoint=5", "[vm|web1|0]", "Enumerate",
      HVS_OUTCOME_NOT_DONE, HVS_CLASS_REFUSED, "the host knows no checkpoint types"},
     HVS_PUT_BACK_NONE},
    {{"somebody else has changed it", "checkpoint=5", TYPED MADE "[vm|web1|4] [" NEW "]",
      TYPED_POSTS " CreateSnapshot Get Enumerate Enumerate", DONE},
     HVS_PUT_BACK_LEFT},
    {{"somebody else has put it back", "checkpoint=5", TYPED MADE "[vm|web1|3] [" NEW "]",
      TYPED_POSTS " CreateSnapshot Get Enumerate Enumerate", DONE},
     HVS_PUT_BACK_DONE},

    {{"it cannot be changed: the VM is busy", "checkpoint=5",
      FOUND "modified|32775 summary|2|2|32772",
      "Enumerate ModifySystemSettings GetSummaryInformation", HVS_OUTCOME_NOT_DONE,
      HVS_CLASS_BUSY, "under way is: merge"},
     HVS_PUT_BACK_NONE},
    {{"it cannot be changed: no rights", "checkpoint=5", FOUND "modified|32769", NULL,
      HVS_OUTCOME_NOT_DONE, HVS_CLASS_AUTH,
      "the VM was to be given another checkpoint type first: ModifySystemSettings"},
     HVS_PUT_BACK_NONE},
    {{"yes, and it has not changed", "checkpoint=5",
      FOUND "modified|0 [vm|web1|3] "
            "[vm|web1|3]",
      TYPED_POSTS " Enumerate", HVS_OUTCOME_NOT_DONE, HVS_CLASS_JOB,
      "the VM's checkpoint type is still 'production'"},
     HVS_PUT_BACK_DONE},
    {{"a lost change that happened", "checkpoint=5",
      FOUND "lost " STILL STILL MADE BACK "[" NEW "]", NULL, DONE},
     HVS_PUT_BACK_DONE},
    {{"a lost change that may still come", "checkpoint=5", FOUND "stop hang [vm|web1|3]",
      "Enumerate ModifySystemSettings Enumerate", HVS_OUTCOME_NOT_DONE,
      HVS_CLASS_INTERRUPTED, BY_HAND},
     HVS_PUT_BACK_NOT},

    {{"the create is refused", "checkpoint=5", TYPED "created|32775 summary|9|2|2 " BACK,
      TYPED_POSTS " CreateSnapshot GetSummaryInformation" BACK_POSTS,
      HVS_OUTCOME_NOT_DONE, HVS_CLASS_REFUSED, "the VM is paused"},
     HVS_PUT_BACK_DONE},
    {{"the job fails", "checkpoint=5",
      TYPED "creating|1 job|10|0|32768|no errors|a|b [vm|web1|5] " BACK, NULL,
      HVS_OUTCOME_NOT_DONE, HVS_CLASS_JOB, "the host's job failed"},
     HVS_PUT_BACK_DONE},
    {{"nobody knows what was made", "checkpoint=5",
      TYPED MADE BACK "fault|5|w:AccessDenied fault|5|w:AccessDenied "
                      "fault|5|w:AccessDenied",
      NULL, HVS_OUTCOME_DONE, HVS_CLASS_AUTH, "was taken, but could not be read back"},
     HVS_PUT_BACK_DONE},

    {{"a busy VM is asked again", "checkpoint=5",
      TYPED MADE STILL "modified|32775 " STILL "modified|32775 " BACK "[" NEW "]", NULL,
      DONE},
     HVS_PUT_BACK_DONE},
    {{"a job that fails is no end", "checkpoint=5",
      TYPED MADE STILL "modifying|2 job|10|0|32768|no errors|a|b " BACK "[" NEW "]", NULL,
      DONE},
     HVS_PUT_BACK_DONE},
    {{"no rights to put it back", "checkpoint=5 name=before",
      TYPED MADE STILL "modified|32769 [" NEW "] modified|0 [snapshot|1|before|10:01]",
      NULL, HVS_OUTCOME_DONE, HVS_CLASS_AUTH, BY_HAND},
     HVS_PUT_BACK_NOT},
    {{"the VM is gone", "checkpoint=5", TYPED MADE "[] [" NEW "]", NULL, HVS_OUTCOME_DONE,
      HVS_CLASS_NOT_FOUND, "may be 'standard' now"},
     HVS_PUT_BACK_NOT},

    {{"stopped while the job runs: it is waited for", "checkpoint=5",
      TYPED "creating|1 " RUNS "nap-stop " RUNS "job|4|70|0 job|7|100|0 " BACK,
      TYPED_POSTS " CreateSnapshot Get Get Get Get" BACK_POSTS, HVS_OUTCOME_STARTED,
      HVS_CLASS_INTERRUPTED, "stopped by the test"},
     HVS_PUT_BACK_DONE},
    {{"stopped, and the job fails then", "checkpoint=5",
      TYPED "creating|1 " RUNS "nap-stop job|10|0|32768|no errors|a|b " BACK, NULL,
      HVS_OUTCOME_STARTED, HVS_CLASS_INTERRUPTED, "stopped by the test"},
     HVS_PUT_BACK_DONE},
    {{"stopped, and the job lasts longer than a minute", "checkpoint=5",
      TYPED "creating|1 " RUNS "nap-stop " RUNS RUNS RUNS RUNS RUNS RUNS RUNS RUNS RUNS
          RUNS RUNS RUNS RUNS RUNS RUNS RUNS RUNS RUNS RUNS,
      NULL, HVS_OUTCOME_STARTED, HVS_CLASS_INTERRUPTED, BY_HAND},
     HVS_PUT_BACK_NOT},
    {{"stopped twice", "checkpoint=5",
      TYPED "creating|1 " RUNS "nap-stop " RUNS "nap-stop", NULL, HVS_OUTCOME_STARTED,
      HVS_CLASS_INTERRUPTED, BY_HAND},
     HVS_PUT_BACK_NOT},
    {{"stopped before it is put back", "checkpoint=5", TYPED MADE "stop " STILL BACK,
      NULL, HVS_OUTCOME_DONE, HVS_CLASS_INTERRUPTED,
      "was taken, but could not be read back"},
     HVS_PUT_BACK_DONE},
    {{"stopped with the create out", "checkpoint=5", TYPED "stop hang " BACK,
      TYPED_POSTS " CreateSnapshot" BACK_POSTS, HVS_OUTCOME_UNKNOWN,
      HVS_CLASS_INTERRUPTED, "whether it happened is unknown"},
     HVS_PUT_BACK_DONE},

    {{"late, and the job ends in what is kept of the time", "checkpoint=5 ms=8000",
      TYPED "creating|1 " RUNS RUNS RUNS RUNS RUNS "job|7|100|0 " BACK, NULL,
      HVS_OUTCOME_STARTED, HVS_CLASS_DEADLINE, "give it more time"},
     HVS_PUT_BACK_DONE},
    {{"late, and the job goes on", "checkpoint=5 ms=8000",
      TYPED "creating|1 " RUNS RUNS RUNS RUNS RUNS RUNS RUNS RUNS RUNS, NULL,
      HVS_OUTCOME_STARTED, HVS_CLASS_DEADLINE, BY_HAND},
     HVS_PUT_BACK_NOT},
};

static void test_back(void **state)
{
    const struct back_case *row = *state;
    const char *ms = strstr(row->create.with, "ms=");
    struct create_done done;
    int64_t took;

    create_case_do(&row->create, &done);
    assert_int_equal(done.result->put_back, row->put_back);
    assert_int_equal(done.result->checkpoint_was, row->put_back == HVS_PUT_BACK_NONE
                                                      ? HVS_CHECKPOINT_UNKNOWN
                                                      : HVS_CHECKPOINT_PRODUCTION);
    took = done.feed.now - done.feed.began;
    assert_true(took <= (ms ? 8000 : 66000));
    create_done_clear(&done);
}

/* What a person would do is told as long as it would be needed. */
static void see(void *arg, const struct hvs_progress *progress)
{
    struct hvs_run **run = arg;

    if (progress->phase == HVS_PHASE_JOB)
        assert_non_null(
            strstr(hvs_run_by_hand(*run), "Set-VM -CheckpointType Production"));
    if (progress->phase == HVS_PHASE_FIND || progress->phase == HVS_PHASE_VERIFY)
        assert_string_equal(hvs_run_by_hand(*run), "");
}

static void test_by_hand(void **state)
{
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;
    struct hvs_client *client = feed_client(0);
    struct hvs_create_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;

    (void)state;
    opts.vm = "web1";
    opts.checkpoint = HVS_CHECKPOINT_STANDARD;
    assert_int_equal(hvs_snapshot_create_start(&run, client, &opts, &err), 0);
    hvs_run_on_progress(run, see, &run);
    feed_run(&feed, run, TYPED MADE BACK "[" NEW "]");
    assert_string_equal(hvs_run_by_hand(run), "");
    assert_int_equal(hvs_snapshot_create_end(run, &result, &err), 0);
    hvs_create_result_free(result);
    feed_clear(&feed);
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];

    CASES(tests, cases, test_back);
    tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(test_by_hand);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
