#include "support/test.h"

#include "wsman/template.h"

#include <string.h>

struct good_case {
    const char *name;
    const char *text;
    const char *x; /* the value of X; NULL: there is none */
    const char *filled;
};

static const struct good_case good_cases[] = {
    {"no placeholder, no value", "<a/>", NULL, "<a/>"},
    {"escaped for XML", "<a>{{X}}</a>", "a & b < c > d \" e ' f",
     "<a>a &amp; b &lt; c &gt; d &quot; e &apos; f</a>"},
    {"an entity stays text", "{{X}}", "&lt;", "&amp;lt;"},
    {"twice", "{{X}}-{{X}}", "v", "v-v"},
    {"an empty value", "<a>{{X}}</a>", "", "<a></a>"},
    {"WQL", "'{{X|wql}}'", "it's \"C:\\x\" & <b>",
     "'it\\&apos;s \\&quot;C:\\\\x\\&quot; &amp; &lt;b&gt;'"},
    {"WQL cannot be left", "'{{X|wql}}'", "' OR ''='",
     "'\\&apos; OR \\&apos;\\&apos;=\\&apos;'"},
    {"a backslash before a quote", "'{{X|wql}}'", "\\'", "'\\\\\\&apos;'"},
    {"numeric references alone", "{{X|cim}}", "a & b < c > d \" e ' f\tg\r\nh",
     "a &#38; b &#60; c &#62; d &#34; e &#39; f&#9;g&#13;&#10;h"},
    {"the end of a CDATA section", "<![CDATA[{{X|cim}}]]>", "]]><evil/>",
     "<![CDATA[]]&#62;&#60;evil/&#62;]]>"},
    {"XML as it stands", "{{X|xml}}", "<w:Filter>&amp;</w:Filter>",
     "<w:Filter>&amp;</w:Filter>"},
    {"braces in a value are text", "{{X}}", "{{X}} {{Y|xml}} }} {{",
     "{{X}} {{Y|xml}} }} {{"},
    {"beyond ASCII", "{{X}}|{{X|wql}}|{{X|cim}}",
     "\xe4\xbb\xae\xe6\x83\xb3 \xf0\x9f\x92\xbe",
     "\xe4\xbb\xae\xe6\x83\xb3 \xf0\x9f\x92\xbe|\xe4\xbb\xae\xe6\x83\xb3 "
     "\xf0\x9f\x92\xbe|"
     "\xe4\xbb\xae\xe6\x83\xb3 \xf0\x9f\x92\xbe"},
    {"blanks at the ends", "<a>{{X}}</a>", "  a ", "<a>  a </a>"},
    {"a single brace is none", "{ } {X}", NULL, "{ } {X}"},
};

static void test_fill(void **state)
{
    const struct good_case *row = *state;
    const struct hvs_param params[] = {{"UNUSED", NULL}, {"X", row->x}};
    struct hvs_buf out = HVS_BUF_INIT(4096);
    struct hvs_error err = {0};

    hvs_buf_puts(&out, "before ");
    assert_int_equal(hvs_template_fill(&out, row->text, params, 2, &err), 0);
    assert_memory_equal(hvs_buf_str(&out), "before ", 7);
    assert_string_equal(hvs_buf_str(&out) + 7, row->filled);
    hvs_buf_clear(&out);
}

struct bad_case {
    const char *name;
    const char *text;
    const char *x;
    const char *error;
};

static const struct bad_case bad_cases[] = {
    {"a placeholder without a value", "{{X}} {{Y}}", "v", "template wants Y"},
    {"a value without a placeholder", "<a/>", "v", "template has no {{X}}"},
    {"names are told apart to the letter", "{{x}}", "v", "template wants x"},
    {"not the start of a name", "{{XY}}", "v", "template wants XY"},
    {"nor a name's start", "{{}}", "v", "template wants "},
    {"not closed", "{{X}} {{X", "v", "template: unclosed {{"},
    {"an escape that there is not", "{{X|html}}", "v", "template: no escape '|html'"},
    {"two escapes", "{{X|wql|cim}}", "v", "template: no escape '|wql|cim'"},
    {"a carriage return", "{{X}}", "a\r\nb", "X holds the character U+000D"},
    {"a control character", "{{X|cim}}", "a\x01", "X holds the character U+0001"},
    {"escape", "{{X|wql}}", "\x1b[2J", "X holds the character U+001B"},
    {"even in XML", "{{X|xml}}", "<a>\x02</a>", "X holds the character U+0002"},
    {"U+FFFE", "{{X}}", "\xef\xbf\xbe", "X holds the character U+FFFE"},
    {"U+FFFF", "{{X}}", "\xef\xbf\xbf", "X holds the character U+FFFF"},
    {"a stray byte", "{{X}}", "a\xff", "X is not UTF-8"},
    {"a cut character", "{{X}}", "\xe4\xbb", "X is not UTF-8"},
    {"an overlong '<'", "{{X}}", "\xc0\xbc", "X is not UTF-8"},
    {"half a pair", "{{X}}", "\xed\xa0\x80", "X is not UTF-8"},
};

static void test_bad(void **state)
{
    const struct bad_case *row = *state;
    const struct hvs_param params[] = {{"X", row->x}};
    struct hvs_buf out = HVS_BUF_INIT(4096);
    struct hvs_error err = {0};

    assert_int_equal(hvs_template_fill(&out, row->text, params, 1, &err), -1);
    assert_err(&err, HVS_USAGE, row->error);
    hvs_buf_clear(&out);
}

/* What lies in soap-templates/ is what is compiled in, each on one line. */
static void test_embedded(void **state)
{
    const struct hvs_template *t;
    size_t count = 0;

    (void)state;
    assert_non_null(hvs_template_text("envelope"));
    assert_null(hvs_template_text("nosuch"));
    for (t = hvs_templates; t->name; t++, count++) {
        assert_null(strchr(t->text, '\n'));
        assert_int_equal(t->text[0], '<');
    }
    assert_true(count > 10);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(good_cases) + COUNT(bad_cases) + 1];

    CASES(tests, good_cases, test_fill);
    CASES(tests + COUNT(good_cases), bad_cases, test_bad);
    tests[COUNT(tests) - 1] = (struct CMUnitTest)cmocka_unit_test(test_embedded);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
