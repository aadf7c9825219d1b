#include "support/test.h"

#include "cli/escape.h"

#include <stdlib.h>
#include <string.h>

struct escape_case {
    const char *label;
    const char *text;
    const char *line, *block, *json; /* by style */
};

static const struct escape_case cases[] = {
    {"nothing", "", "", "", ""},
    {"plain", "web1", "web1", "web1", "web1"},
    {"umlauts and Japanese", "\u00fc \u65e5\u672c", "\u00fc \u65e5\u672c",
     "\u00fc \u65e5\u672c", "\u00fc \u65e5\u672c"},
    {"emoji with a joiner", "\U0001f469\u200d\U0001f680", "\U0001f469\u200d\U0001f680",
     "\U0001f469\u200d\U0001f680", "\U0001f469\u200d\U0001f680"},
    {"a backslash stays", "CORP\\bob", "CORP\\bob", "CORP\\bob", "CORP\\bob"},
    {"escape sequence", "\033[2J", "\\x1B[2J", "\\x1B[2J", "\\u001B[2J"},
    {"line break", "a\nb", "a\\x0Ab", "a\nb", "a\nb"},
    {"carriage return", "a\rb", "a\\x0Db", "a\\x0Db", "a\\u000Db"},
    {"tab", "a\tb", "a\\x09b", "a\tb", "a\\u0009b"},
    {"delete", "\x7f", "\\x7F", "\\x7F", "\\u007F"},
    {"C1",
     "\xc2\x9b"
     "1m",
     "\\u{9B}1m", "\\u{9B}1m", "\\u009B1m"},
    {"text that turns", "\u202egpj\u2066", "\\u{202E}gpj\\u{2066}",
     "\\u{202E}gpj\\u{2066}", "\\u202Egpj\\u2066"},
    {"line separator", "\u2028", "\\u{2028}", "\\u{2028}", "\\u2028"},
    {"what cannot be seen", "a\u200bb\ufeff", "a\\u{200B}b\\u{FEFF}",
     "a\\u{200B}b\\u{FEFF}", "a\\u200Bb\\uFEFF"},
    {"a tag", "\U000e0041", "\\u{E0041}", "\\u{E0041}", "\\uDB40\\uDC41"},
    {"a byte alone", "a\xff", "a\\xFF", "a\\xFF", "a\\xFF"},
    {"half a character", "\xe6\x97", "\\xE6\\x97", "\\xE6\\x97", "\\xE6\\x97"},
    {"overlong", "\xc0\x9b", "\\xC0\\x9B", "\\xC0\\x9B", "\\xC0\\x9B"},
    {"a surrogate", "\xed\xa0\x80", "\\xED\\xA0\\x80", "\\xED\\xA0\\x80",
     "\\xED\\xA0\\x80"},
};

static void check(const char *text, size_t len, enum escape_style style, const char *want)
{
    struct hvs_buf out = HVS_BUF_INIT(1000);

    escape_add(&out, text, len, style);
    assert_string_equal(hvs_buf_str(&out), want);
    hvs_buf_clear(&out);
}

static void test_escape(void **state)
{
    const struct escape_case *row = *state;
    size_t len = strlen(row->text);
    char *line = escape_line(row->text);

    check(row->text, len, ESCAPE_LINE, row->line);
    check(row->text, len, ESCAPE_TEXT, row->block);
    check(row->text, len, ESCAPE_JSON, row->json);
    assert_string_equal(line, row->line);
    free(line);
}

static void test_nul(void **state)
{
    (void)state;
    check("a\0b", 3, ESCAPE_LINE, "a\\x00b");
}

/* Whatever goes in, nothing comes out that a terminal would obey. */
static void test_every_byte(void **state)
{
    struct hvs_buf out = HVS_BUF_INIT(100);
    unsigned first, second;
    const char *c;
    char text[2];

    (void)state;
    for (first = 0; first < 256; first++) {
        for (second = 0; second < 256; second++) {
            text[0] = (char)first;
            text[1] = (char)second;
            escape_add(&out, text, 2, ESCAPE_LINE);
            for (c = hvs_buf_str(&out); *c; c++)
                assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
            assert_null(strstr(hvs_buf_str(&out), "\xc2\x9b"));
            hvs_buf_clear(&out);
        }
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_every_byte),
    };
    int failed;

    CASES(tests, cases, test_escape);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
