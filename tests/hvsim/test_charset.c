#include "support/test.h"

#include "hvsim/charset.h"

#include <string.h>

struct utf16_case {
    const char *name;
    const char *text;
    const char *units;
    size_t len;
};

#define UNITS(text) text, sizeof(text) - 1

static const struct utf16_case cases[] = {
    {"empty", "", UNITS("\xff\xfe")},
    {"ASCII", "<a", UNITS("\xff\xfe<\0a\0")},
    {"Japanese", "\xe4\xbb\xae", UNITS("\xff\xfe\xee\x4e")},
    {"beyond the first plane", "\xf0\x9f\x98\x80", UNITS("\xff\xfe\x3d\xd8\x00\xde")},
    {"not UTF-8",
     "a\xff"
     "b",
     UNITS("\xff\xfe"
           "a\0\xfd\xff"
           "b\0")},
};

static void test_utf16(void **state)
{
    const struct utf16_case *row = *state;
    struct hvs_buf out = HVS_BUF_INIT(64);

    sim_to_utf16(&out, row->text, strlen(row->text));
    assert_int_equal(out.len, row->len);
    assert_memory_equal(out.data, row->units, row->len);
    hvs_buf_clear(&out);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)] = {0};

    CASES(tests, cases, test_utf16);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
