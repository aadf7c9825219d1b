/* delete --wait-merge: one wait at the end, and what it means for what was deleted. */
#include "cli/run_program.h"

struct merge_case {
    const char *label;
    const char *args[MAX_ARGS];
    const char *fate; /* of the merge, as fake_lib.c has them */
    int status;
    const char *out; /* a part of it */
    const char *err; /* a part of it */
    size_t waits;    /* how often it was waited for */
};

static const struct merge_case cases[] = {
    {"merged",
     {"delete", "h/v", "one", "--wait-merge", "-ojson"},
     "FAKE_MERGE=merge",
     0,
     "\"merged\": true",
     "h/v: the host merges disks: 30%",
     1},
    {"one wait for several",
     {"delete", "h/v", "one", "two", "three", "--wait-merge", "-ondjson"},
     "FAKE_MERGE=merge",
     0,
     "\"phase\":\"merge\",\"percent\":30,",
     "h/v: three: reading back",
     1},
    {"of a tree",
     {"delete", "h/v", "one", "--subtree", "-y", "--wait-merge", "-ojson"},
     "FAKE_MERGE=merge",
     0,
     "\"merged\": true",
     "the host merges disks",
     1},
    {"not asked for",
     {"delete", "h/v", "one", "-ojson"},
     "FAKE_MERGE=late",
     0,
     "\"merged\": null",
     "reading back",
     0},
    {"nothing was deleted",
     {"delete", "h/v", "gone", "--wait-merge", "-ojson"},
     "FAKE_MERGE=late",
     5,
     "\"merged\": null",
     "no VM",
     0},
    {"some were",
     {"delete", "h/v", "gone", "one", "--wait-merge", "-ojson"},
     "FAKE_MERGE=merge",
     3,
     "\"merged\": true",
     "h/v: gone: no VM",
     1},
    {"the time is over in it",
     {"delete", "h/v", "one", "--wait-merge", "-ojson"},
     "FAKE_MERGE=late",
     8,
     "\"merged\": false",
     "hvsnap: h/v: deleted: the time is over",
     1},
    {"the same, as a table",
     {"delete", "h/v", "one", "--wait-merge"},
     "FAKE_MERGE=late",
     8,
     "web1  done",
     "hvsnap: h/v: deleted: the time is over",
     1},
    {"it is deleted all the same",
     {"delete", "h/v", "one", "two", "--wait-merge", "-oname"},
     "FAKE_MERGE=late",
     8,
     ID_TWO "\n" ID_TWO,
     "hvsnap: 2 of 2 failed",
     1},
    {"it cannot be told",
     {"delete", "h/v", "one", "--wait-merge", "-ojson"},
     "FAKE_MERGE=denied",
     4,
     "\"merged\": null",
     "hvsnap: h/v: deleted: access denied",
     1},
    {"not of prune",
     {"prune", "h/v", "--wait-merge"},
     "FAKE_MERGE=merge",
     2,
     "",
     "no option",
     0},
};

static void test_merge(void **state)
{
    const struct merge_case *row = *state;
    struct result result;
    const char *at = result.err;
    size_t waits;

    run_program(row->args, row->fate, &result);
    if (result.status != row->status)
        fail_msg("status %d, not %d: %s", result.status, row->status, result.err);
    if (!strstr(result.out, row->out))
        fail_msg("'%s' is not in '%s'", row->out, result.out);
    if (!strstr(result.err, row->err))
        fail_msg("'%s' is not in '%s'", row->err, result.err);
    for (waits = 0; (at = strstr(at, "the host merges disks")); at++)
        waits++;
    assert_int_equal(waits, row->waits);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_merge);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
