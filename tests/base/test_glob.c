#include "support/test.h"

#include "base/glob.h"

#include <fnmatch.h>
#include <string.h>

struct glob_case {
    const char *name;
    const char *pattern, *text;
    bool fits;
};

#define UMLAUT "\xc3\xbc" /* one character, two bytes */

static const struct glob_case cases[] = {
    {"the same", "web", "web", true},
    {"another", "web", "wek", false},
    {"another case", "web", "Web", false},
    {"a part of it", "web", "web1", false},
    {"too much", "web1", "web", false},
    {"nothing for nothing", "", "", true},
    {"nothing for something", "", "a", false},
    {"a star for nothing", "*", "", true},
    {"a star for all", "*", "anything at all", true},
    {"a star at the end", "auto-*", "auto-2026", true},
    {"a star at the end for nothing", "auto-*", "auto-", true},
    {"a star at the beginning", "*-daily", "web1-daily", true},
    {"a star that has to give", "*daily", "dailydaily", true},
    {"a star in the middle", "a*z", "abcz", true},
    {"a star in the middle, no end", "a*z", "abc", false},
    {"two stars", "*a*b", "xaxbab", true},
    {"two stars, wrong end", "*a*b", "xaxbabc", false},
    {"stars side by side", "a***b", "ab", true},
    {"a star takes a slash", "*", "12/20/2019", true},
    {"a star takes a dot in front", "*", ".hidden", true},
    {"a mark", "w?b", "web", true},
    {"a mark wants one", "web?", "web", false},
    {"a mark takes a character", "?", UMLAUT, true},
    {"a mark takes no half of one", "??", UMLAUT, false},
    {"a mark takes a stray byte", "a?b",
     "a\xff"
     "b",
     true},
    {"a set", "web[123]", "web2", true},
    {"a set without it", "web[123]", "web4", false},
    {"a range", "[a-cx]1", "b1", true},
    {"behind a range", "[a-cx]1", "x1", true},
    {"outside of a range", "[a-cx]1", "d1", false},
    {"a range backwards holds nothing", "[c-a]", "b", false},
    {"none of a set", "[!a-c]", "d", true},
    {"none of a set, but it is", "[!a-c]", "b", false},
    {"none of a set, the other sign", "[^a-c]", "d", true},
    {"none of a set is a character", "[!a]", "", false},
    {"the sign elsewhere", "[a!]", "!", true},
    {"a bracket first", "[]a]", "]", true},
    {"a bracket first, behind the sign", "[!]a]", "b", true},
    {"a dash last", "[a-]", "-", true},
    {"a dash first", "[-a]", "-", true},
    {"a star in a set is itself", "[*]", "*", true},
    {"a star in a set is no star", "[*]", "ab", false},
    {"a set of longer characters", "[" UMLAUT "x]", UMLAUT, true},
    {"no half of one is in a set", "[!" UMLAUT "]", UMLAUT, false},
    {"an escaped star", "a\\*b", "a*b", true},
    {"an escaped star is no star", "a\\*b", "axb", false},
    {"an escaped bracket", "\\[x]", "[x]", true},
    {"an escaped bracket in a set", "[\\]x]", "]", true},
    {"an escaped letter", "\\a", "a", true},
    {"a set behind a star", "*[0-9]", "web-1", true},
};

static void test_match(void **state)
{
    const struct glob_case *row = *state;
    struct hvs_error err = {0};

    assert_int_equal(hvs_glob_check(row->pattern, &err), 0);
    assert_int_equal(hvs_glob_match(row->pattern, row->text), row->fits);
}

struct wrong_case {
    const char *name;
    const char *pattern, *says;
};

static const struct wrong_case wrong_cases[] = {
    {"no end of a set", "web[12", "'web[12' a [ has no ]"},
    {"no end of an empty set", "[]", "a [ has no ]"},
    {"no end behind the sign", "[!]", "a [ has no ]"},
    {"its end escaped", "[a\\]", "a [ has no ]"},
    {"an escape in it cut", "[a\\", "a [ has no ]"},
    {"a second set", "[a][b", "a [ has no ]"},
    {"a set behind an escaped escape", "\\\\[a", "a [ has no ]"},
    {"an escape and nothing", "web\\", "nothing follows the last \\"},
    {"a class", "[[:digit:]]", "[:digit:] are not known"},
    {"an equivalence class", "[a[=b=]]", "are not known"},
    {"no UTF-8", "web\xff", "not UTF-8"},
};

/* What is no pattern is refused, and fits nothing if it comes to that. */
static void test_wrong(void **state)
{
    const struct wrong_case *row = *state;
    struct hvs_error err = {0};

    assert_int_equal(hvs_glob_check(row->pattern, &err), -1);
    assert_err(&err, HVS_USAGE, row->says);
    assert_false(hvs_glob_match(row->pattern, "web"));
}

/* A generator of its own: the same on every machine. */
static unsigned draw(uint64_t *seed, unsigned below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33) % below;
}

static void draw_text(uint64_t *seed, const char *const *parts, unsigned count, char *out)
{
    unsigned left = draw(seed, 9);

    for (*out = '\0'; left; left--)
        strncat(out, parts[draw(seed, count)], 8);
}

/* In ASCII it is what fnmatch() says. */
static void test_like_fnmatch(void **state)
{
    static const char *const parts[] = {"a",    "b",    "*",   "?",
                                        "[ab]", "[!a]", "\\*", "[a-c]"};
    static const char *const letters[] = {"a", "b", "c", "*"};
    struct hvs_error err = {0};
    char pattern[100], text[100];
    uint64_t seed = 1;
    int i;

    (void)state;
    for (i = 0; i < 200000; i++) {
        draw_text(&seed, parts, COUNT(parts), pattern);
        draw_text(&seed, letters, COUNT(letters), text);
        assert_int_equal(hvs_glob_check(pattern, &err), 0);
        if (hvs_glob_match(pattern, text) != (fnmatch(pattern, text, 0) == 0))
            fail_msg("'%s' and '%s'", pattern, text);
    }
}

/* Stars by the dozen do not make it slow: a pattern for which trying all would never end.
 */
static void test_many_stars(void **state)
{
    char pattern[200] = "", text[2000];
    int i;

    (void)state;
    for (i = 0; i < 60; i++)
        strncat(pattern, "a*", 3);
    strncat(pattern, "b", 2);
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_false(hvs_glob_match(pattern, text));
    text[sizeof(text) - 2] = 'b';
    assert_true(hvs_glob_match(pattern, text));
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(wrong_cases)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_like_fnmatch),
        cmocka_unit_test(test_many_stars),
    };
    int failed;

    CASES(tests, cases, test_match);
    CASES(tests + COUNT(cases), wrong_cases, test_wrong);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
