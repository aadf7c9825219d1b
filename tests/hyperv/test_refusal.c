#include "support/feed.h"

#include "hyperv/refusal.h"

#include <string.h>

/* What is made of a method's "no", once the VM was looked at. */
struct refusal_case {
    const char *name;
    uint32_t code;
    const char *script, *posts;
    enum hvs_class class_;
    const char *says; /* in the message or the details */
    uint32_t state;
};

#define ASKED "GetSummaryInformation"
#define LOOKED ASKED " Enumerate"

static const struct refusal_case cases[] = {
    {"busy, and how far", 32775, "summary-job|2|11|32768|4|70|40", ASKED, HVS_CLASS_BUSY,
     "the VM is running, and under way is: snapshot, 40 %", 2},
    {"busy, without a job to be seen", 32774, "summary|2|2|32772", ASKED, HVS_CLASS_BUSY,
     "the VM is running, and under way is: merge", 2},
    {"busy, and the job alone says with what", 32775, "summary-job|3|2|2|3|72|0", ASKED,
     HVS_CLASS_BUSY, "the VM is off, and under way is: delete, 0 %", 3},
    {"busy with a job that nobody knows", 5, "summary-job|3|2|2|2|777|99", ASKED,
     HVS_CLASS_BUSY, "and under way is: 777, 99 %", 3},
    {"a state that passes by itself", 32775, "summary|10|2|2", ASKED, HVS_CLASS_BUSY,
     "the VM is starting", 10},
    {"a state that forbids it", 32775, "summary|9|2|2", ASKED, HVS_CLASS_REFUSED,
     "the VM is paused", 9},
    {"a job that has ended keeps nobody", 32775, "summary-job|3|2|2|7|70|100", ASKED,
     HVS_CLASS_REFUSED, "the VM is off", 3},
    {"a job that makes no sense", 32775, "summary-job|3|2|2|x|70|40", ASKED,
     HVS_CLASS_REFUSED, "the VM is off", 3},
    {"more than all of it", 32775, "summary-job|3|2|2|4|70|140", ASKED, HVS_CLASS_REFUSED,
     "the VM is off", 3},
    {"a host that nests nothing", 32775,
     "fault|0x80338100|w:InternalError [system|2|2|32768]", LOOKED, HVS_CLASS_BUSY,
     "the VM is running, and under way is: snapshot", 2},
    {"the method says no", 32775, "created|32768 [system|9|2|2]", LOOKED,
     HVS_CLASS_REFUSED, "the VM is paused", 9},
    {"it knows no such VM, and it is there", 32775, "summary-none [system|9|2|2]", LOOKED,
     HVS_CLASS_REFUSED, "the VM is paused", 9},
    {"it knows no such VM", 32775, "summary-none []", LOOKED, HVS_CLASS_NOT_FOUND,
     "the VM 'web1' is no longer on this host", 0},
    {"no look to be had", 32775, "fault|5|w:AccessDenied fault|5|w:AccessDenied", LOOKED,
     HVS_CLASS_REFUSED, "Method: invalid state for this operation (32775)", 0},
    {"stopped", 32775, "stop summary|2|2|32772", ASKED, HVS_CLASS_BUSY,
     "under way is: merge", 2},
    {"stopped, and no answer", 32775, "stop hang", ASKED, HVS_CLASS_REFUSED,
     "Method: invalid state", 0},
    {"no rights: is it there at all?", 32769, "[system|2|2|32768]", "Enumerate",
     HVS_CLASS_AUTH, "Method: access denied (32769)", 2},
    {"no rights, and it has moved", 32769, "[]", "Enumerate", HVS_CLASS_NOT_FOUND,
     "no longer on this host", 0},
};

static void test_refusal(void **state)
{
    const struct refusal_case *row = *state;
    struct hvs_refusal refusal;
    struct hvs_run run = {0};
    struct feed feed = {0};

    hvs_refusal_init(&refusal, "11111111-0000-4000-8000-000000000001", "web1", "Method",
                     row->code, NULL);
    feed_op(&feed, &run, &refusal.op, row->script);
    assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    if (!strstr(run.err.message, row->says) && !strstr(run.err.detail, row->says))
        fail_msg("'%s' / '%s' do not say '%s'", run.err.message, run.err.detail,
                 row->says);
    assert_string_equal(hvs_class_name(run.err.class_), hvs_class_name(row->class_));
    assert_int_equal(refusal.state, row->state);
    hvs_refusal_clear(&refusal);
    feed_clear(&feed);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_refusal);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
