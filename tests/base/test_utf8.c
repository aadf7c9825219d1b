#include "support/test.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

struct next_case {
    const char *name;
    const char *text;
    size_t size; /* bytes of the first character; 0 when it is none */
    uint32_t character;
};

static const struct next_case next_cases[] = {
    {"ASCII", "a", 1, 'a'},
    {"DEL", "\x7f", 1, 0x7f},
    {"the first of two bytes", "\xc2\x80", 2, 0x80},
    {"the last of two bytes", "\xdf\xbf", 2, 0x7ff},
    {"the first of three bytes", "\xe0\xa0\x80", 3, 0x800},
    {"before the surrogates", "\xed\x9f\xbf", 3, 0xd7ff},
    {"after the surrogates", "\xee\x80\x80", 3, 0xe000},
    {"the last of three bytes", "\xef\xbf\xbf", 3, 0xffff},
    {"the first of four bytes", "\xf0\x90\x80\x80", 4, 0x10000},
    {"the last of all", "\xf4\x8f\xbf\xbf", 4, 0x10ffff},
    {"more behind it", "\xe4\xbb\xaexyz", 3, 0x4eee},
    {"nothing", "", 0, 0},
    {"a continuation", "\x80", 0, 0},
    {"an overlong NUL", "\xc0\x80", 0, 0},
    {"an overlong slash", "\xe0\x80\xaf", 0, 0},
    {"overlong in four", "\xf0\x8f\xbf\xbf", 0, 0},
    {"the first surrogate", "\xed\xa0\x80", 0, 0},
    {"the last surrogate", "\xed\xbf\xbf", 0, 0},
    {"beyond the last", "\xf4\x90\x80\x80", 0, 0},
    {"five bytes", "\xf8\x88\x80\x80\x80", 0, 0},
    {"0xff", "\xff", 0, 0},
    {"cut after one", "\xe4", 0, 0},
    {"cut after two", "\xe4\xbb", 0, 0},
    {"cut after three", "\xf0\x9f\x92", 0, 0},
    {"broken by a letter", "\xe4x\xae", 0, 0},
};

static void test_next(void **state)
{
    const struct next_case *row = *state;
    uint32_t character = 4711;

    assert_int_equal(hvs_utf8_next(row->text, strlen(row->text), &character), row->size);
    assert_int_equal(character, row->size ? row->character : 4711);
    assert_int_equal(hvs_utf8_valid(row->text, strlen(row->text)),
                     row->size || !*row->text);
}

struct cut_case {
    const char *name;
    const char *text;
    size_t length;
    const char *trimmed, *mended;
};

static const struct cut_case cut_cases[] = {
    {"empty", "", 0, "", ""},
    {"whole", "a\xe4\xbb\xae", 2, "a\xe4\xbb\xae", "a\xe4\xbb\xae"},
    {"one byte of three", "a\xe4", 2, "a", "a"},
    {"two bytes of three", "a\xe4\xbb", 3, "a", "a"},
    {"three bytes of four", "a\xf0\x9f\x92", 4, "a", "a"},
    {"four bytes of four", "\xf0\x9f\x92\xbe", 1, "\xf0\x9f\x92\xbe", "\xf0\x9f\x92\xbe"},
    {"cut in the middle", "a\xe4\xbb (5)", 7, "a\xe4\xbb (5)", "a (5)"},
    {"nothing but rubbish", "\x80\x80\x80\x80\x80", 5, "\x80\x80\x80\x80\x80", ""},
    {"rubbish between", "\xff\xe4\xbb\xae\xc0\xaf!", 5, "\xff\xe4\xbb\xae\xc0\xaf!",
     "\xe4\xbb\xae!"},
};

static void test_cut(void **state)
{
    const struct cut_case *row = *state;
    char text[32];

    assert_int_equal(hvs_utf8_length(row->text), row->length);
    snprintf(text, sizeof(text), "%s", row->text);
    hvs_utf8_trim(text);
    assert_string_equal(text, row->trimmed);
    snprintf(text, sizeof(text), "%s", row->text);
    hvs_utf8_mend(text);
    assert_string_equal(text, row->mended);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(next_cases) + COUNT(cut_cases)];

    CASES(tests, next_cases, test_next);
    CASES(tests + COUNT(next_cases), cut_cases, test_cut);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
