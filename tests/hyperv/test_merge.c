#include "support/feed.h"

#include <hvsnap/vm.h>

#include <string.h>

/* Waiting until the host merges nothing any more. */
#define VM "[vm|web1|3] "
#define MERGES "[system|2|2|32772] "
#define RESTS "[system|2|2|2] "
#define ALL_OF_IT(percent) "summary-job|2|2|32772|4|50|" percent " "
#define OVER "summary|2|2|2 "
#define FOUND "Enumerate Enumerate"
#define ASK " GetSummaryInformation"
#define LOOK " Enumerate"

struct merge_case {
    const char *name;
    const char *script, *posts, *naps;
    enum hvs_class class_; /* HVS_CLASS_DONE: it must succeed */
    bool merged, merging;
    const char *says; /* a piece of the message or the hint */
    const char *told; /* what went to the progress function: "merge 40 merge 80" */
};

static const struct merge_case cases[] = {
    {"nothing to merge", VM RESTS RESTS, FOUND LOOK, "1000", HVS_CLASS_DONE, true, false,
     "", ""},
    {"to its end",
     VM MERGES ALL_OF_IT("40") ALL_OF_IT("40") ALL_OF_IT("90") OVER RESTS RESTS,
     FOUND ASK ASK ASK ASK LOOK LOOK, "250 250 500 250 1000", HVS_CLASS_DONE, true, false,
     "", "merge 0 merge 40 merge 90 "},
    {"it begins a moment later", VM RESTS MERGES ALL_OF_IT("10") OVER RESTS RESTS,
     FOUND LOOK ASK ASK LOOK LOOK, "1000 250 250 1000", HVS_CLASS_DONE, true, false, "",
     "merge 0 merge 10 "},
    {"a second one follows", VM MERGES OVER RESTS MERGES OVER RESTS RESTS,
     FOUND ASK LOOK LOOK ASK LOOK LOOK, "250 1000 1000 1000", HVS_CLASS_DONE, true, false,
     "", "merge 0 "},
    {"the status alone tells", VM MERGES "summary|2|2|32772 " OVER RESTS RESTS,
     FOUND ASK ASK LOOK LOOK, "250 500 1000", HVS_CLASS_DONE, true, false, "",
     "merge 0 "},
    {"the summary does not show it", VM MERGES OVER MERGES MERGES RESTS RESTS,
     FOUND ASK LOOK LOOK LOOK LOOK, "250 500 1000 1000", HVS_CLASS_DONE, true, false, "",
     "merge 0 "},
    {"a host that gives no summary",
     VM MERGES "fault|0x80338100|w:InternalError " MERGES RESTS RESTS,
     FOUND ASK LOOK LOOK LOOK, "250 500 1000", HVS_CLASS_DONE, true, false, "",
     "merge 0 "},
    {"a summary of no VM", VM MERGES "summary-none " MERGES RESTS RESTS,
     FOUND ASK LOOK LOOK LOOK, "250 500 1000", HVS_CLASS_DONE, true, false, "",
     "merge 0 "},
    {"a summary that says no", VM MERGES "created|32768 " RESTS RESTS,
     FOUND ASK LOOK LOOK, "250 1000", HVS_CLASS_DONE, true, false, "", "merge 0 "},
    {"another operation hides it", VM "[system|2|11|32768] " MERGES OVER RESTS RESTS,
     FOUND LOOK ASK LOOK LOOK, "250 500 1000", HVS_CLASS_DONE, true, false, "",
     "merge 0 "},
    {"the host is away for a while",
     VM MERGES "http|503 http|503 http|503 http|503 " ALL_OF_IT("50") OVER RESTS RESTS,
     FOUND ASK ASK ASK ASK ASK ASK LOOK LOOK, NULL, HVS_CLASS_DONE, true, false, "",
     "merge 0 merge 50 "},

    {"no such VM", "[]", "Enumerate", "", HVS_CLASS_NOT_FOUND, false, false,
     "no VM is called 'web1'", ""},
    {"no rights to look", VM "fault|5|w:AccessDenied", FOUND, "", HVS_CLASS_AUTH, false,
     false, "whether the disks are merged is unknown: ", ""},
    {"no rights to look any more",
     VM MERGES "fault|5|w:AccessDenied fault|5|w:AccessDenied", FOUND ASK LOOK, "250",
     HVS_CLASS_AUTH, false, true, "the host goes on merging disks: ", "merge 0 "},
    {"it moves away", VM MERGES "summary-none []", FOUND ASK LOOK, "250",
     HVS_CLASS_UNKNOWN, false, true,
     "whether the disks of the VM 'web1' are merged is unknown: it is no longer",
     "merge 0 "},
    {"stopped while it merges", VM MERGES ALL_OF_IT("40") "nap-stop", FOUND ASK, NULL,
     HVS_CLASS_INTERRUPTED, false, true,
     "the host goes on merging disks: stopped by the test", "merge 0 merge 40 "},
    {"stopped before it was seen", VM RESTS "nap-stop", FOUND, NULL,
     HVS_CLASS_INTERRUPTED, false, false, "merged is unknown: stopped by the test", ""},
    {"the time is over", VM MERGES "later|700000 " ALL_OF_IT("40"), FOUND ASK, "250",
     HVS_CLASS_DEADLINE, false, true, "the host goes on merging disks: the time was over",
     "merge 0 merge 40 "},
    {"... and how to look", VM MERGES "later|700000 " ALL_OF_IT("40"), FOUND ASK, "250",
     HVS_CLASS_DEADLINE, false, true, "; 'hvsnap vms' shows when it is over",
     "merge 0 merge 40 "},
};

static void told(void *arg, const struct hvs_progress *now)
{
    if (now->phase == HVS_PHASE_MERGE)
        hvs_buf_printf(arg, "merge %u ", now->percent);
}

static void test_merge(void **state)
{
    const struct merge_case *row = *state;
    struct hvs_client *client = feed_client(600000);
    struct hvs_buf said = HVS_BUF_INIT(1000);
    struct hvs_merge_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;
    int rc;

    assert_int_equal(hvs_vm_wait_merged_start(&run, client, "web1", &err), 0);
    hvs_run_on_progress(run, told, &said);
    feed_run(&feed, run, row->script);
    rc = hvs_vm_wait_merged_end(run, &result, &err);
    assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    if (row->naps)
        assert_string_equal(feed_naps(&feed), row->naps);
    assert_int_equal(feed.changes, 0);
    assert_string_equal(hvs_class_name(err.class_), hvs_class_name(row->class_));
    if (!strstr(err.message, row->says) && !strstr(err.hint, row->says))
        fail_msg("'%s' / '%s' do not say '%s'", err.message, err.hint, row->says);
    assert_int_equal(rc, row->class_ == HVS_CLASS_DONE ? 0 : -1);
    assert_int_equal(result->merged, row->merged);
    assert_int_equal(result->merging, row->merging);
    assert_string_equal(hvs_buf_str(&said), row->told);
    hvs_merge_result_free(result);
    hvs_buf_clear(&said);
    feed_clear(&feed);
    hvs_client_close(client);
}

static void test_wrong(void **state)
{
    struct hvs_client *client = feed_client(0);
    struct hvs_error err = {0};
    struct hvs_run *run;

    (void)state;
    assert_int_equal(hvs_vm_wait_merged_start(&run, client, "", &err), -1);
    assert_null(run);
    assert_err(&err, HVS_USAGE, "the VM's name is empty");
    hvs_merge_result_free(NULL);
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1] = {cmocka_unit_test(test_wrong)};

    CASES(tests + 1, cases, test_merge);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
