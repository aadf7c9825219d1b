#include "support/feed.h"

#include "base/err.h"
#include "hyperv/result.h"
#include "hyperv/why_not.h"

#include <stdio.h>
#include <string.h>

/* A VM with so many snapshots, of which so many are a backup program's. */
struct why_case {
    const char *name;
    unsigned count, recovery;
    enum hvs_class class_;
    const char *hint;
};

static const struct why_case cases[] = {
    {"as many as there may be", 50, 0, HVS_CLASS_REFUSED,
     "the VM has 50 snapshots, and Hyper-V takes 50: delete some"},
    {"more than that", 51, 0, HVS_CLASS_REFUSED, "the VM has 51 snapshots"},
    {"one less", 49, 0, HVS_CLASS_JOB, "the host's event log"},
    {"a backup program's do not count", 50, 1, HVS_CLASS_JOB, "the host's event log"},
};

/* The VM and its snapshots, ten to a page. */
static void page(char *out, size_t size, unsigned count, unsigned recovery)
{
    size_t used = (size_t)snprintf(out, size, "[vm|web1|3");
    unsigned i;

    for (i = 0; i < count; i++)
        used += (size_t)snprintf(out + used, size - used,
                                 i < recovery ? "%skind|%u|x|Snapshot:Recovery|false"
                                              : "%smany|%u|x|10:01",
                                 i % 10 == 9 ? "> [" : ",", i < recovery ? i : 10 + i);
    snprintf(out + used, size - used, "]");
}

static void failed(struct hvs_error *err, const char *text)
{
    *err = (struct hvs_error){0};
    hvs_err_set_hint(err, HVS_JOB, 32768, hvs_result_hint(32768, text),
                     "the host's job failed: %s", text);
}

static void test_why(void **state)
{
    const struct why_case *row = *state;
    struct hvs_why_not why;
    struct hvs_error err;
    struct hvs_run run = {0};
    struct feed feed = {0};
    char script[4000];

    page(script, sizeof(script), row->count, row->recovery);
    failed(&err, "Failed.");
    hvs_why_not_init(&why, "11111111-0000-4000-8000-000000000001", &err);
    feed_op(&feed, &run, &why.op, script);
    assert_string_equal(run.err.message, "the host's job failed: Failed.");
    assert_non_null(strstr(run.err.hint, row->hint));
    assert_string_equal(hvs_class_name(run.err.class_), hvs_class_name(row->class_));
    hvs_why_not_clear(&why);
    feed_clear(&feed);
}

/* A cause that is known, no rights, or another reporter: no more is asked. */
static void test_asks(void **state)
{
    struct hvs_error err;

    (void)state;
    failed(&err, "Failed.");
    assert_true(hvs_why_not_asks(&err));
    failed(&err, "The disk is full (0x80070070).");
    assert_false(hvs_why_not_asks(&err));
    failed(&err, "Failed.");
    err.class_ = HVS_CLASS_AUTH;
    assert_false(hvs_why_not_asks(&err));
    failed(&err, "Failed.");
    err.domain = HVS_NET;
    assert_false(hvs_why_not_asks(&err));
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];

    CASES(tests, cases, test_why);
    tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(test_asks);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
