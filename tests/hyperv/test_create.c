#include "support/feed.h"

#include <hvsnap/snapshot.h>

#include <string.h>

/* The happy path's first part: found, asked, the job is over. */
#define FOUND "[vm|web1|3] "
#define ASKED FOUND "creating|1 job|7|100|0 "
#define ROW "[snapshot|1|auto|10:01] "
#define NAMED "[snapshot|1|before|10:01]"
#define POSTS "Enumerate CreateSnapshot Get Enumerate"

struct create_case {
    const char *name;
    const char *wanted; /* the snapshot's name, or NULL */
    const char *script;
    const char *posts;
    enum hvs_outcome outcome;
    enum hvs_class class_; /* 0: must succeed */
    const char *says;      /* a piece of the message, the hint or the details */
};

static const struct create_case cases[] = {
    {"a name costs six requests and the polls", "before",
     FOUND "creating|1 job|4|10|0 job|4|60|0 job|7|100|0 " ROW "modified|0 " NAMED,
     "Enumerate CreateSnapshot Get Get Get Enumerate ModifySystemSettings Enumerate",
     HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""},
    {"no name costs four", NULL, ASKED ROW, POSTS, HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""},
    {"the host named it so already", "auto", ASKED ROW, POSTS, HVS_OUTCOME_DONE,
     HVS_CLASS_DONE, ""},
    {"completed with warnings", NULL, FOUND "creating|1 job|32768|100|0 " ROW, POSTS,
     HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""},
    {"the rename makes a job", "before", ASKED ROW "modifying|2 job|7|100|0 " NAMED,
     POSTS " ModifySystemSettings Get Enumerate", HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""},
};

static void test_create(void **state)
{
    const struct create_case *row = *state;
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;
    struct hvs_client *client = feed_client(600000);
    struct hvs_create_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;
    int rc;

    opts.vm = "web1";
    opts.name = row->wanted;
    assert_int_equal(hvs_snapshot_create_start(&run, client, &opts, &err), 0);
    feed_run(&feed, run, row->script);
    rc = hvs_snapshot_create_end(run, &result, &err);
    assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    assert_string_equal(err.message, "");
    assert_int_equal(rc, 0);
    feed_clear(&feed);
    hvs_create_result_free(result);
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_create);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
