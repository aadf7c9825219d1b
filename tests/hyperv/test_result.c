#include "support/test.h"

#include "hyperv/result.h"

#include <string.h>

struct result_case {
    const char *name; /* what it is called, too */
    uint32_t code;
    enum hvs_class class_;
    bool state;
};

static const struct result_case cases[] = {
    {"not supported", 1, HVS_CLASS_REFUSED, false},
    {"failed", 2, HVS_CLASS_FAILED, false},
    {"timeout", 3, HVS_CLASS_FAILED, false},
    {"invalid parameter", 4, HVS_CLASS_FAILED, false},
    {"invalid state", 5, HVS_CLASS_REFUSED, true},
    {"invalid type", 6, HVS_CLASS_FAILED, false},
    {"failed", 32768, HVS_CLASS_FAILED, false},
    {"access denied", 32769, HVS_CLASS_AUTH, false},
    {"not supported", 32770, HVS_CLASS_REFUSED, false},
    {"status is unknown", 32771, HVS_CLASS_UNKNOWN, false},
    {"timeout", 32772, HVS_CLASS_FAILED, false},
    {"invalid parameter", 32773, HVS_CLASS_FAILED, false},
    {"system is in use", 32774, HVS_CLASS_BUSY, true},
    {"invalid state for this operation", 32775, HVS_CLASS_REFUSED, true},
    {"incorrect data type", 32776, HVS_CLASS_FAILED, false},
    {"system is not available", 32777, HVS_CLASS_REFUSED, false},
    {"out of memory", 32778, HVS_CLASS_BUSY, false},
    {"file is in use", 32779, HVS_CLASS_BUSY, false},
    {"unknown result", 4711, HVS_CLASS_FAILED, false},
    {"unknown result", UINT32_MAX, HVS_CLASS_FAILED, false},
};

static void test_result(void **state)
{
    const struct result_case *row = *state;
    struct hvs_error err = {0};

    assert_string_equal(hvs_result_name(row->code), row->name);
    assert_int_equal(hvs_result_is_state(row->code), row->state);
    assert_int_equal(hvs_result_error(row->code, "CreateSnapshot", &err), -1);
    assert_err(&err, HVS_JOB, row->name);
    assert_err(&err, HVS_JOB, "CreateSnapshot: ");
    assert_true(err.code == row->code);
    assert_string_equal(hvs_class_name(err.class_), hvs_class_name(row->class_));
}

struct hint_case {
    const char *name;
    uint32_t code;
    const char *text;
    const char *hint; /* a piece of it, "" for none */
};

static const struct hint_case hint_cases[] = {
    {"a full disk", 32768, "There is not enough space on the disk. (0x80070070).",
     "is full"},
    {"rights of the host", 32768, "Zugriff verweigert (0x80070005)", "icacls"},
    {"lower case", 32768, "(0x8000ffff)", "event log"},
    {"the second number", 32768, "0x12345678, 0xC03A000E", "chain of disks is broken"},
    {"a number that nobody knows", 32777, "(0x80071234)", ""},
    {"no number, but a code", 32769, "denied", "Hyper-V Administrators"},
    {"0x and nothing behind", 4711, "0x", ""},
    {"a number that is too long", 4711, "0x8007007000000000000000000001", ""},
    {"nothing at all", 0, "", ""},
};

static void test_hint(void **state)
{
    const struct hint_case *row = *state;
    const char *hint = hvs_result_hint(row->code, row->text);

    if (!*row->hint)
        assert_string_equal(hint, "");
    else if (!strstr(hint, row->hint))
        fail_msg("'%s' does not hold '%s'", hint, row->hint);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(hint_cases)];

    CASES(tests, cases, test_result);
    CASES(tests + COUNT(cases), hint_cases, test_hint);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
