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
    {"an emoji, as such", "\u2764\ufe0f", "\u2764\ufe0f", "\u2764\ufe0f", "\u2764\ufe0f"},
    {"another variant", "\u8fbb\ufe00", "\u8fbb\\u{FE00}", "\u8fbb\\u{FE00}",
     "\u8fbb\\uFE00"},
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

/* What cannot be seen, or drives a terminal: the first and the last of each kind; and
 * their neighbours, which can be seen. */
static void test_needed(void **state)
{
    static const uint32_t shown[] = {
        0,       0x1f,    0x7f,    0x80,    0x9f,    0xad,    0x34f,   0x61c,
        0x115f,  0x1160,  0x17b4,  0x17b5,  0x180b,  0x180f,  0x200b,  0x200e,
        0x200f,  0x2028,  0x202e,  0x2060,  0x206f,  0x2800,  0x3164,  0xfe00,
        0xfe0d,  0xfeff,  0xffa0,  0xfff9,  0xfffb,  0x1bca0, 0x1bca3, 0x1d173,
        0x1d17a, 0xe0001, 0xe0041, 0xe0100, 0xe01ef,
    };
    static const uint32_t sent[] = {
        0x20,   0x7e,   0xa0,   0xae,   0x34e,  0x350,   0x115e,  0x1161, 0x17b3,
        0x17b6, 0x1810, 0x200c, 0x200d, 0x2027, 0x2030,  0x2801,  0x3163, 0x3165,
        0xfe0e, 0xfe0f, 0xff9f, 0xfffc, 0xfffd, 0x1f680, 0xe1000,
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(shown); i++)
        assert_true(escape_needed(shown[i]));
    for (i = 0; i < COUNT(sent); i++)
        assert_false(escape_needed(sent[i]));
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
        cmocka_unit_test(test_needed),
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_every_byte),
    };
    int failed;

    CASES(tests, cases, test_escape);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
