#include "support/feed.h"

#include <hvsnap/snapshot.h>

#include <string.h>

/* `wanted` (1) has `kid` (2), which has `grandkid` (3); `other` (4) stands beside it. */
#define VM "[vm-on|web1|3] "
#define REST "vm-on|web1|3,old,snapshot|4|other|10:04"
#define ROOT ",snapshot|1|wanted|10:01"
#define KID ",snapshot-of|2|kid|10:02|1"
#define GRANDKID ",snapshot-of|3|grandkid|10:03|2"
#define ALL "[" REST GRANDKID ROOT KID "] "
#define PART "[" REST KID GRANDKID "] "
#define GONE "[" REST "] "
#define FOUND VM ALL
#define WORKED "tree-destroying|1 job|7|100|0 "
#define A_JOB "[destroy-job|4|4|09:50] [acts-on-vm|4] " ALL
#define NO_JOBS "[] " ALL
#define NO_JOB "fault|0x80338000|a:DestinationUnreachable "
#define NOBODY "lost lost lost lost"

#define POSTS "Enumerate Enumerate DestroySnapshotTree"
#define LOOK " Enumerate"

#define DONE HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""
#define NOT(class_, says) HVS_OUTCOME_NOT_DONE, HVS_CLASS_##class_, says
#define PARTLY(class_, says) HVS_OUTCOME_UNKNOWN, HVS_CLASS_##class_, says

struct tree_case {
    const char *name;
    const char *script;
    const char *posts; /* NULL: whatever */
    enum hvs_outcome outcome;
    enum hvs_class class_;
    const char *says;
    size_t left;
};

static const struct tree_case cases[] = {
    {"find, list, ask, poll, look", FOUND WORKED GONE, POSTS " Get" LOOK, DONE, 0},
    {"done at once", FOUND "tree-destroyed|0 " GONE, POSTS LOOK, DONE, 0},
    {"somebody else was faster",
     FOUND "fault|0x80338000|a:DestinationUnreachable [system|2|2|2] " GONE,
     POSTS LOOK LOOK, DONE, 0},
    {"somebody else was faster, with an invalid parameter",
     FOUND "tree-destroyed|32773 [system|2|2|2] " GONE, POSTS LOOK LOOK, DONE, 0},
    {"the job fails, and a part is gone",
     FOUND "tree-destroying|1 job|10|0|32768|no errors|why| " PART, NULL,
     PARTLY(JOB, "only a part is gone: the host's job failed: no"), 2},
    {"the job fails, and nothing is gone",
     FOUND "tree-destroying|1 job|10|0|32768|no errors|why| " ALL, NULL,
     NOT(JOB, "the host's job failed: no"), 3},
    {"the job fails, and all is gone",
     FOUND "tree-destroying|1 job|10|0|32768|no errors|why| " GONE, NULL, DONE, 0},
    {"said yes, and a part is left", FOUND WORKED PART, NULL,
     PARTLY(JOB, "2 of 3 snapshots are still there"), 2},
    {"what is left is listed", FOUND WORKED PART, NULL,
     PARTLY(JOB, "A0000000-0000-4000-8000-000000000003  grandkid"), 2},
    {"said yes, and all is left", FOUND WORKED ALL, NULL,
     NOT(JOB, "'wanted' and all below it are still there"), 3},
    {"said yes, and the VM is no longer to be seen", FOUND WORKED "[]", NULL,
     PARTLY(UNKNOWN, "whether the snapshots are gone is unknown"), 3},

    {"no such snapshot", VM "[" REST "]", "Enumerate Enumerate",
     NOT(NOT_FOUND, "the VM has no snapshot 'wanted'"), 0},
    {"a backup's snapshot below it",
     VM "[" REST ROOT ",snapshot-kind|2|backup|10:02|1|Snapshot:Recovery]",
     "Enumerate Enumerate",
     NOT(REFUSED, "below 'wanted': 'backup' is a recovery snapshot"), 1},
    {"busy", FOUND "tree-destroyed|32775 summary|2|2|32769",
     POSTS " GetSummaryInformation", NOT(BUSY, "under way is: restore"), 3},
    {"no rights", FOUND "tree-destroyed|32769 [system|2|2|2]", POSTS LOOK,
     NOT(AUTH, "access denied"), 3},

    {"lost, and gone", FOUND "lost " GONE, POSTS LOOK, DONE, 0},
    {"lost, and gone one by one", FOUND "lost " ALL PART GONE, POSTS LOOK LOOK LOOK, DONE,
     0},
    {"lost, and a part is gone for good", FOUND "lost later|66000 " PART "[] " PART, NULL,
     PARTLY(JOB, "2 of 3 snapshots are still there"), 2},
    {"lost, all there for 65 s: sent again",
     FOUND "lost later|66000 " ALL NO_JOBS WORKED GONE, NULL, DONE, 0},
    {"lost, and a job is still at it after 65 s",
     FOUND "lost later|66000 " ALL A_JOB GONE, NULL, DONE, 0},
    {"lost, and the VM is no longer to be seen", FOUND "lost later|66000 []", POSTS LOOK,
     PARTLY(UNKNOWN, "whether it happened is unknown"), 3},
    {"lost three times",
     FOUND "lost later|66000 " ALL NO_JOBS "lost later|66000 " ALL NO_JOBS
           "lost later|66000 " ALL NO_JOBS,
     NULL, NOT(CONNECT, "it did not happen, and may be tried again"), 3},
    {"the job is gone: it is looked for", FOUND "tree-destroying|1 " NO_JOB GONE,
     POSTS " Get" LOOK, DONE, 0},
    {"the job is gone, and all is there",
     FOUND "tree-destroying|1 " NO_JOB "later|66000 " ALL NO_JOBS, NULL,
     NOT(JOB, "the host is at no job any more, but the snapshot 'wanted'"), 3},
    {"the job is gone, and nobody answers any more",
     FOUND "tree-destroying|1 " NO_JOB "fault|0x80041001|w:InternalError", NULL,
     PARTLY(UNKNOWN, "WBEM_E_FAILED"), 3},
    {"the job ends, and nobody answers any more",
     FOUND "tree-destroying|1 job|7|100|0 " NOBODY, NULL, HVS_OUTCOME_DONE,
     HVS_CLASS_CONNECT, "were deleted, but the host could not be asked again", 3},
    {"done at once, and nobody answers any more", FOUND "tree-destroyed|0 " NOBODY, NULL,
     HVS_OUTCOME_DONE, HVS_CLASS_CONNECT, "could not be asked again", 3},
    {"the job fails, and nobody answers any more",
     FOUND "tree-destroying|1 job|10|0|32768|no errors|why| " NOBODY, NULL,
     PARTLY(UNKNOWN, "the host's job failed: no"), 3},
    {"the job fails, and it is stopped",
     FOUND "tree-destroying|1 job|10|0|32768|no errors|why| stop hang", NULL,
     PARTLY(INTERRUPTED, "the host's job failed: no"), 3},
    {"it was not there any more, and nobody answers",
     FOUND "tree-destroyed|32773 [system|2|2|2] " NOBODY, NULL,
     NOT(FAILED, "invalid parameter"), 3},
    {"stopped with the request out", FOUND "stop hang", POSTS,
     PARTLY(INTERRUPTED, "whether it happened is unknown"), 3},
    {"stopped while the job runs", FOUND "tree-destroying|1 job|4|0|0 nap-stop", NULL,
     HVS_OUTCOME_STARTED, HVS_CLASS_INTERRUPTED, "stopped by the test", 3},
};

static void test_delete_tree(void **state)
{
    const struct tree_case *row = *state;
    struct hvs_delete_tree_opts opts = HVS_DELETE_TREE_OPTS_INIT;
    struct hvs_client *client = feed_client(900000);
    struct hvs_delete_tree_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;
    int rc;

    opts.vm = "web1";
    opts.snapshot = "wanted";
    assert_int_equal(hvs_snapshot_delete_tree_start(&run, client, &opts, &err), 0);
    feed_run(&feed, run, row->script);
    rc = hvs_snapshot_delete_tree_end(run, &result, &err);
    if (row->posts)
        assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    assert_int_equal(feed.changes, feed_count(&feed, "DestroySnapshotTree"));
    if (!strstr(err.message, row->says) && !strstr(err.detail, row->says))
        fail_msg("'%s' / '%s' do not say '%s'", err.message, err.detail, row->says);
    assert_string_equal(hvs_class_name(err.class_), hvs_class_name(row->class_));
    assert_int_equal(rc, row->class_ == HVS_CLASS_DONE ? 0 : -1);
    assert_string_equal(hvs_outcome_name(result->outcome),
                        hvs_outcome_name(row->outcome));
    assert_int_equal(result->left, row->left);
    if (feed.changes) {
        assert_int_equal(result->count, 3);
        assert_string_equal(result->items[0]->name, "wanted");
        assert_string_equal(result->items[2]->name, "grandkid");
        assert_non_null(strstr(feed_post(&feed, 2), "<p:SnapshotSettingData>"));
    }
    feed_clear(&feed);
    hvs_delete_tree_result_free(result);
    hvs_client_close(client);
}

static void test_check(void **state)
{
    struct hvs_delete_tree_opts opts = HVS_DELETE_TREE_OPTS_INIT;
    struct hvs_client *client = feed_client(900000);
    struct hvs_delete_tree_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;

    (void)state;
    opts.vm = "web1";
    opts.check = true;
    assert_int_equal(hvs_snapshot_delete_tree_start(&run, client, &opts, &err), -1);
    assert_err(&err, HVS_USAGE, "the snapshot is empty");
    err = (struct hvs_error){0};
    opts.snapshot = "kid";
    assert_int_equal(hvs_snapshot_delete_tree_start(&run, client, &opts, &err), 0);
    feed_run(&feed, run, FOUND);
    assert_int_equal(hvs_snapshot_delete_tree_end(run, &result, &err), 0);
    assert_int_equal(result->outcome, HVS_OUTCOME_NOT_DONE);
    assert_int_equal(result->count, 2);
    assert_string_equal(result->items[0]->name, "kid");
    feed_clear(&feed);
    hvs_delete_tree_result_free(result);
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];

    CASES(tests, cases, test_delete_tree);
    tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(test_check);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
