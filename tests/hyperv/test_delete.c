#include "support/feed.h"

#include <hvsnap/snapshot.h>

#include <string.h>

#define VM "[vm|web1|3] "
#define LIST "[vm|web1|3,old,snapshot|1|wanted|10:01,snapshot|2|other|10:02] "
#define FOUND VM LIST
#define STILL "[vm|web1|3,snapshot|1|wanted|10:01] "
#define GONE "[vm|web1|3,old]"
#define NO_JOBS "[] " STILL
#define A_JOB "[destroy-job|4|4|09:50] [acts-on-vm|4] " STILL
#define POSTS "Enumerate Enumerate DestroySnapshot"
#define LOOK " Enumerate"

#define DONE HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""
#define NOT(class_, says) HVS_OUTCOME_NOT_DONE, HVS_CLASS_##class_, says
#define UNKNOWN HVS_OUTCOME_UNKNOWN, HVS_CLASS_UNKNOWN, "whether it happened is unknown"

struct delete_case {
    const char *name;
    const char *snapshot;
    const char *script;
    const char *posts; /* NULL: whatever */
    enum hvs_outcome outcome;
    enum hvs_class class_;
    const char *says;
};

static const struct delete_case cases[] = {
    {"find, list, ask, poll, look", "wanted",
     FOUND "destroying|1 job|4|10|0 job|7|100|0 " GONE, POSTS " Get Get" LOOK, DONE},
    {"by the start of its id", "a0000000-0000-4000-8000-000000000001",
     FOUND "destroying|1 job|7|100|0 " GONE, POSTS " Get" LOOK, DONE},
    {"done at once", "wanted", FOUND "destroyed|0 " GONE, POSTS LOOK, DONE},
    {"the job is gone: it is looked for", "wanted",
     FOUND "destroying|1 fault|0x80338000|a:DestinationUnreachable " GONE,
     POSTS " Get" LOOK, DONE},
    {"said yes, and it is still there", "wanted", FOUND "destroying|1 job|7|100|0 " STILL,
     NULL, NOT(JOB, "the snapshot 'wanted' is still there")},
    {"somebody else was faster", "wanted",
     FOUND "fault|0x80338000|a:DestinationUnreachable " GONE, POSTS LOOK, DONE},

    {"no such snapshot", "nosuch", FOUND, "Enumerate Enumerate",
     NOT(NOT_FOUND, "the VM has no snapshot 'nosuch'")},
    {"two of that name are listed", "twin",
     VM "[vm|web1|3,snapshot|1|twin|10:01,snapshot|2|twin|10:02]", "Enumerate Enumerate",
     NOT(CONFLICT, "A0000000-0000-4000-8000-000000000002  2026-07-29T14:10:02Z  twin")},
    {"a backup's snapshot", "backup",
     VM "[vm|web1|3,kind|5|backup|Snapshot:Recovery|false]", "Enumerate Enumerate",
     NOT(REFUSED, "is a recovery snapshot, which is not deleted by hand")},
    {"a replica's snapshot", "replica",
     VM "[vm|web1|3,kind|5|replica|Snapshot:Replica:Standard|false]",
     "Enumerate Enumerate", NOT(REFUSED, "is a replica snapshot")},
    {"an automatic one may go", "auto",
     VM "[vm|web1|3,kind|1|auto|Snapshot:Realized|true] destroyed|0 " GONE, POSTS LOOK,
     DONE},

    {"busy", "wanted", FOUND "destroyed|32775 summary|2|2|32772",
     POSTS " GetSummaryInformation", NOT(BUSY, "under way is: merge")},
    {"a state that forbids it", "wanted", FOUND "destroyed|32775 summary|2|2|2", NULL,
     NOT(REFUSED, "DestroySnapshot: invalid state for this operation (32775)")},
    {"no rights", "wanted", FOUND "destroyed|32769 " STILL, POSTS LOOK,
     NOT(AUTH, "access denied")},
    {"no rights, and no look", "wanted", FOUND "destroyed|32769 fault|5|w:AccessDenied",
     POSTS LOOK, NOT(AUTH, "DestroySnapshot: access denied")},
    {"refused, since somebody else was faster", "wanted", FOUND "destroyed|32773 " GONE,
     POSTS LOOK, DONE},
    {"refused, and the VM is no longer to be seen", "wanted", FOUND "destroyed|32773 []",
     POSTS LOOK, NOT(NOT_FOUND, "is no longer on this host")},
    {"the job fails", "wanted", FOUND "destroying|1 job|10|0|32768|no errors|why| " STILL,
     NULL, NOT(JOB, "the host's job failed: no")},
    {"the job fails, since somebody else was faster", "wanted",
     FOUND "destroying|1 job|10|0|32768|no errors|why| " GONE, NULL, DONE},
    {"the job finds it busy", "wanted",
     FOUND "destroying|1 job|10|0|32774|no errors|why| summary|2|2|32769", NULL,
     NOT(BUSY, "under way is: restore")},

    {"lost, and gone", "wanted", FOUND "lost " GONE, POSTS LOOK, DONE},
    {"lost, and gone a little later", "wanted", FOUND "lost " STILL STILL GONE,
     POSTS LOOK LOOK LOOK, DONE},
    {"lost, still there for 65 s: sent again, its job followed", "wanted",
     FOUND "lost " STILL "later|66000 " STILL NO_JOBS
           "destroying|2 job|4|0|0 job|7|100|0 " GONE,
     POSTS LOOK LOOK LOOK LOOK " DestroySnapshot Get Get" LOOK, DONE},
    {"lost, and a job is still at it after 65 s: it is waited for", "wanted",
     FOUND "lost later|66000 " STILL A_JOB STILL A_JOB GONE,
     POSTS LOOK LOOK LOOK LOOK LOOK LOOK LOOK LOOK LOOK, DONE},
    {"lost, and then the VM itself is no longer to be seen", "wanted",
     FOUND "lost [] later|66000 []", POSTS LOOK LOOK, UNKNOWN},
    {"the job ends, and nobody answers any more", "wanted",
     FOUND "destroying|1 job|7|100|0 lost lost lost lost", NULL, HVS_OUTCOME_DONE,
     HVS_CLASS_CONNECT, "was deleted, but the host could not be asked again"},
    {"the job ends, and the VM itself is no longer to be seen", "wanted",
     FOUND "destroying|1 job|7|100|0 []", POSTS " Get" LOOK, HVS_OUTCOME_UNKNOWN,
     HVS_CLASS_UNKNOWN, "is gone is unknown"},
    {"lost, and no answer while finding out", "wanted",
     FOUND "lost unsent unsent unsent unsent unsent unsent unsent unsent " GONE, NULL,
     DONE},
    {"a time-out that the method says is in doubt", "wanted",
     FOUND "destroyed|32772 " GONE, POSTS LOOK, DONE},
    {"lost three times", "wanted",
     FOUND "lost later|66000 " STILL NO_JOBS "lost later|66000 " STILL NO_JOBS
           "lost later|66000 " STILL NO_JOBS,
     POSTS LOOK LOOK LOOK " DestroySnapshot" LOOK LOOK LOOK
                          " DestroySnapshot" LOOK LOOK LOOK,
     NOT(CONNECT, "it did not happen, and may be tried again")},
    {"lost, and no look is allowed", "wanted", FOUND "lost fault|5|w:AccessDenied",
     POSTS LOOK, UNKNOWN},
    {"stopped with the request out", "wanted", FOUND "stop hang", POSTS,
     HVS_OUTCOME_UNKNOWN, HVS_CLASS_INTERRUPTED, "whether it happened is unknown"},
    {"stopped while the job runs", "wanted", FOUND "destroying|1 job|4|0|0 nap-stop",
     NULL, HVS_OUTCOME_STARTED, HVS_CLASS_INTERRUPTED, "stopped by the test"},
};

static void check_failure(const struct delete_case *row, const struct hvs_error *err)
{
    if (!strstr(err->message, row->says) && !strstr(err->detail, row->says))
        fail_msg("'%s' / '%s' do not say '%s'", err->message, err->detail, row->says);
    assert_string_equal(hvs_class_name(err->class_), hvs_class_name(row->class_));
}

static void test_delete(void **state)
{
    const struct delete_case *row = *state;
    struct hvs_delete_opts opts = HVS_DELETE_OPTS_INIT;
    struct hvs_client *client = feed_client(600000);
    struct hvs_delete_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;
    int rc;

    opts.vm = "web1";
    opts.snapshot = row->snapshot;
    assert_int_equal(hvs_snapshot_delete_start(&run, client, &opts, &err), 0);
    feed_run(&feed, run, row->script);
    rc = hvs_snapshot_delete_end(run, &result, &err);
    if (row->posts)
        assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    assert_int_equal(feed.changes, feed_count(&feed, "DestroySnapshot"));
    if (row->class_ == HVS_CLASS_DONE)
        assert_string_equal(err.message, "");
    else
        check_failure(row, &err);
    assert_int_equal(rc, row->class_ == HVS_CLASS_DONE ? 0 : -1);
    assert_string_equal(hvs_outcome_name(result->outcome),
                        hvs_outcome_name(row->outcome));
    if (rc == 0)
        assert_string_equal(result->snapshot->id, "A0000000-0000-4000-8000-000000000001");
    if (feed.changes)
        assert_non_null(strstr(feed_post(&feed, 2),
                               "<w:Selector Name=\"InstanceID\">Microsoft:"
                               "A0000000-0000-4000-8000-000000000001<"));
    feed_clear(&feed);
    hvs_delete_result_free(result);
    hvs_client_close(client);
}

static void test_options(void **state)
{
    struct hvs_delete_opts opts = HVS_DELETE_OPTS_INIT;
    struct hvs_client *client = feed_client(0);
    struct hvs_error err = {0};
    struct hvs_run *run;

    (void)state;
    opts.vm = "web1";
    assert_int_equal(hvs_snapshot_delete_start(&run, client, &opts, &err), -1);
    assert_err(&err, HVS_USAGE, "the snapshot is empty");
    err = (struct hvs_error){0};
    opts.size = 3;
    assert_int_equal(hvs_snapshot_delete_start(&run, client, &opts, &err), -1);
    assert_err(&err, HVS_USAGE, "not started from HVS_DELETE_OPTS_INIT");
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];

    CASES(tests, cases, test_delete);
    tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(test_options);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
