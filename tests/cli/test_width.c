#include "support/test.h"

#include "cli/width.h"

#include <locale.h>
#include <string.h>

struct width_case {
    const char *label;
    const char *text;
    size_t width;
    size_t cut; /* bytes that fit into three columns */
};

static const struct width_case cases[] = {
    {"empty", "", 0, 0},
    {"ASCII", "abc", 3, 3},
    {"too much", "abcd", 4, 3},
    {"umlauts", "\u00e4\u00f6\u00fc\u00df", 4, 6},
    {"combining marks", "e\u0301e\u0301", 2, 6},
    {"Japanese", "\u65e5\u672c\u8a9e", 6, 3},
    {"half width", "\uff76\uff85", 2, 6},
    {"Hangul", "\ud55c", 2, 3},
    {"emoji", "\U0001f600", 2, 4},
    {"a tick", "\u2713", 1, 3},
    {"a box", "\u2502", 1, 3},
    {"mixed", "a\u65e5b", 4, 4},
    {"no UTF-8", "\xff\xfe", 2, 2},
};

static void test_width(void **state)
{
    const struct width_case *row = *state;

    assert_int_equal(width_of(row->text), row->width);
    assert_int_equal(width_cut(row->text, 3), row->cut);
}

struct range_case {
    const char *label;
    uint32_t character;
    int width;
};

static const struct range_case ranges[] = {
    {"Latin", 'a', 1},         {"combining", 0x301, 0},        {"Hiragana", 0x3042, 2},
    {"Han", 0x65e5, 2},        {"Hangul", 0xac00, 2},          {"full width", 0xff21, 2},
    {"half width", 0xff76, 1}, {"emoji", 0x1f600, 2},          {"box", 0x2502, 1},
    {"variation", 0xfe0f, 0},  {"Han of plane 2", 0x20000, 2},
};

static void test_range(void **state)
{
    const struct range_case *row = *state;

    assert_int_equal(width_by_range(row->character), row->width);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)], others[COUNT(ranges)];
    int failed;

    CASES(tests, cases, test_width);
    CASES(others, ranges, test_range);
    setlocale(LC_CTYPE, "C");
    failed = cmocka_run_group_tests_name("in the C locale", tests, NULL, NULL);
    setlocale(LC_CTYPE, "C.UTF-8");
    failed += cmocka_run_group_tests_name("in a UTF-8 locale", tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
