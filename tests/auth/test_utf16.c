#include "support/hex.h"
#include "support/test.h"

#include "auth/utf16.h"

#include <string.h>

struct text_case {
    const char *name, *utf8, *utf16;
};

static const struct text_case texts[] = {
    {"nothing", "", ""},
    {"Latin", "User", "5500730065007200"},
    {"an umlaut and the euro", "\xc3\xbc\xe2\x82\xac", "fc00ac20"},
    {"Japanese", "\xe7\x94\xb0", "3075"},
    {"beyond 16 bits", "\xf0\x9f\x98\x80", "3dd800de"},
};

static void test_both_ways(void **state)
{
    const struct text_case *row = *state;
    struct hvs_buf out = HVS_BUF_INIT(100);
    char text[100] = "x";

    assert_true(hvs_utf16_add(&out, row->utf8));
    assert_hex(out.data, out.len, row->utf16);
    assert_true(hvs_utf16_read(text, sizeof(text), hvs_buf_str(&out), out.len));
    assert_string_equal(text, row->utf8);
    hvs_buf_clear(&out);
}

static const struct text_case broken[] = {
    {"an odd byte", NULL, "550073"},        {"half a pair", NULL, "3dd8"},
    {"two first halves", NULL, "3dd83dd8"}, {"a second half alone", NULL, "00de5500"},
    {"a NUL", NULL, "550000007300"},
};

static void test_broken(void **state)
{
    const struct text_case *row = *state;
    struct hvs_buf in = HVS_BUF_INIT(100);
    char text[100] = "x";

    hex_add(&in, row->utf16);
    assert_false(hvs_utf16_read(text, sizeof(text), hvs_buf_str(&in), in.len));
    assert_string_equal(text, "");
    hvs_buf_clear(&in);
}

static void test_not_utf8(void **state)
{
    struct hvs_buf out = HVS_BUF_INIT(100);

    (void)state;
    assert_false(hvs_utf16_add(&out, "ab\xff"));
    assert_int_equal(out.len, 0);
}

/* Cut between characters, and not filled up with what comes later. */
static void test_too_long(void **state)
{
    struct hvs_buf in = HVS_BUF_INIT(100);
    char text[5];

    (void)state;
    assert_true(hvs_utf16_add(&in, "ab\xe2\x82\xac"
                                   "c"));
    assert_true(hvs_utf16_read(text, sizeof(text), hvs_buf_str(&in), in.len));
    assert_string_equal(text, "ab");
    hvs_buf_clear(&in);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(texts) + COUNT(broken) + 2] = {
        cmocka_unit_test(test_not_utf8),
        cmocka_unit_test(test_too_long),
    };

    CASES(tests + 2, texts, test_both_ways);
    CASES(tests + 2 + COUNT(texts), broken, test_broken);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
