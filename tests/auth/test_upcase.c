#include "support/test.h"

#include "auth/upcase.h"
#include "auth/utf16.h"

#include <stdio.h>
#include <string.h>

struct upcase_case {
    const char *name, *user, *upper; /* NULL: refused */
};

/* Written out: a table made by the code under test would prove nothing. */
static const struct upcase_case cases[] = {
    {"Latin", "Administrator-01 (x) {y} ~", "ADMINISTRATOR-01 (X) {Y} ~"},
    {"an address", "user@domain.example", "USER@DOMAIN.EXAMPLE"},
    {"Latin-1", "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ", "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞŸ"},
    {"Latin-1 without a small letter", "ÀÞß×÷µªºŸ", "ÀÞß×÷µªºŸ"},
    {"Greek", "αβγδεζηθικλμνξοπρσςτυφχψωϊϋ", "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΣΤΥΦΧΨΩΪΫ"},
    {"Greek with marks", "άέήίόύώΐΰ", "ΆΈΉΊΌΎΏΐΰ"},
    {"Cyrillic", "абвгдежзийклмнопрстуфхцчшщъыьэюя", "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"},
    {"Cyrillic of the south", "ѐёђѓєѕіїјљњћќѝўџ", "ЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏ"},
    {"Cyrillic of the east", "ґҐғқңүұһѣӂӏӑәө", "ҐҐҒҚҢҮҰҺѢӁӀӐӘӨ"},
    {"Polish", "ŁÓDŹ", NULL},
    {"a dotless i", "ı", NULL},
    {"a Greek symbol", "ϑ", NULL},
    {"a Cyrillic sign", "҂", NULL},
    {"Cyrillic Supplement", "ԁ", NULL},
    {"Japanese", "田中", NULL},
    {"an emoji", "😀", NULL},
    {"a control character", "a\tb", NULL},
    {"not UTF-8", "a\xff", NULL},
};

static void test_name(void **state)
{
    const struct upcase_case *row = *state;
    struct hvs_buf out = HVS_BUF_INIT(400);
    struct hvs_error err = {0};
    char text[400];

    assert_int_equal(hvs_upcase_add(&out, row->user, &err), row->upper ? 0 : -1);
    if (row->upper) {
        assert_true(hvs_utf16_read(text, sizeof(text), hvs_buf_str(&out), out.len));
        assert_string_equal(text, row->upper);
    } else {
        assert_err(&err, HVS_USAGE, "the user name");
        assert_int_equal(out.len, 0);
    }
    hvs_buf_clear(&out);
}

static void test_too_long(void **state)
{
    struct hvs_buf out = HVS_BUF_INIT(4);
    struct hvs_error err = {0};

    (void)state;
    assert_int_equal(hvs_upcase_add(&out, "abc", &err), -1);
    assert_err(&err, HVS_USAGE, "too long");
}

static void test_says_which(void **state)
{
    struct hvs_buf out = HVS_BUF_INIT(100);
    struct hvs_error err = {0};

    (void)state;
    assert_int_equal(hvs_upcase_add(&out, "ab\xc5\x81", &err), -1);
    assert_err(&err, HVS_USAGE, "U+0141");
    assert_non_null(strstr(err.hint, "kerberos"));
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 2] = {
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_says_which),
    };

    CASES(tests + 2, cases, test_name);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
