#include "support/test.h"

#include "base/base64.h"

#include <string.h>

/* RFC 4648, 10, and a few bytes that no text holds. */
struct good_case {
    const char *name; /* the base64, too */
    const char *bytes;
    size_t len;
};

static const struct good_case good_cases[] = {
    {"", "", 0},
    {"Zg==", "f", 1},
    {"Zm8=", "fo", 2},
    {"Zm9v", "foo", 3},
    {"Zm9vYg==", "foob", 4},
    {"Zm9vYmE=", "fooba", 5},
    {"Zm9vYmFy", "foobar", 6},
    {"AAAA", "\0\0\0", 3},
    {"/////w==", "\xff\xff\xff\xff", 4},
    {"+++/", "\xfb\xef\xbf", 3},
};

static void test_good(void **state)
{
    const struct good_case *row = *state;
    struct hvs_buf out = HVS_BUF_INIT(100);

    hvs_buf_puts(&out, "-");
    hvs_base64_add(&out, row->bytes, row->len);
    assert_string_equal(hvs_buf_str(&out) + 1, row->name);
    hvs_buf_clear(&out);
    hvs_buf_puts(&out, "-");
    assert_true(hvs_base64_decode(&out, row->name, strlen(row->name)));
    assert_int_equal(out.len, row->len + 1);
    assert_memory_equal(hvs_buf_str(&out) + 1, row->bytes, row->len);
    hvs_buf_clear(&out);
}

struct bad_case {
    const char *name;
    const char *text;
};

static const struct bad_case bad_cases[] = {
    {"one sign", "Z"},
    {"no padding", "Zg"},
    {"half the padding", "Zg="},
    {"too much padding", "Z==="},
    {"nothing but padding", "===="},
    {"padding in the middle", "Zg==Zg=="},
    {"padding, then a sign", "Zm=v"},
    {"a blank", "Zm 9"},
    {"a line feed", "Zm9v\n"},
    {"the alphabet of URLs", "-__-"},
    {"a sign beyond ASCII", "Zm9\xc3"},
    {"bits behind the end, of two signs", "Zh=="},
    {"bits behind the end, of three signs", "Zm9="},
};

static void test_bad(void **state)
{
    const struct bad_case *row = *state;
    struct hvs_buf out = HVS_BUF_INIT(100);

    hvs_buf_puts(&out, "-");
    assert_false(hvs_base64_decode(&out, row->text, strlen(row->text)));
    assert_string_equal(hvs_buf_str(&out), "-"); /* nothing was appended */
    hvs_buf_clear(&out);
}

static void test_nul_and_limit(void **state)
{
    struct hvs_buf out = HVS_BUF_INIT(4);

    (void)state;
    assert_false(hvs_base64_decode(&out, "Zm\0v", 4));
    assert_false(hvs_base64_decode(&out, "Zm9vYmFy", 8)); /* six bytes into four */
    assert_int_equal(out.len, 0);
    hvs_buf_clear(&out);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(good_cases) + COUNT(bad_cases) + 1];

    CASES(tests, good_cases, test_good);
    CASES(tests + COUNT(good_cases), bad_cases, test_bad);
    tests[0].name = "nothing"; /* its base64 is no name */
    tests[COUNT(tests) - 1] = (struct CMUnitTest)cmocka_unit_test(test_nul_and_limit);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
