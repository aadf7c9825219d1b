#include "support/test.h"

#include "cli/notice.h"
#include "cli/trace.h"

#include <stdlib.h>
#include <string.h>

struct indent_case {
    const char *label;
    const char *xml;
    const char *text;
};

static const struct indent_case cases[] = {
    {"nothing", "", ""},
    {"no XML", "hello", "hello"},
    {"one element", "<a/>", "<a/>"},
    {"text stays in its line", "<a><b>x y</b><c/></a>",
     "<a>\n  <b>x y</b>\n  <c/>\n</a>"},
    {"empty element", "<a><b></b></a>", "<a>\n  <b></b>\n</a>"},
    {"declaration", "<?xml version=\"1.0\"?><a><b/></a>",
     "<?xml version=\"1.0\"?>\n<a>\n  <b/>\n</a>"},
    {"blanks between tags", "<a>\n   <b/>\n</a>\n", "<a>\n  <b/>\n</a>\n"},
    {"blanks in text", "<a>  x </a>", "<a>  x </a>"},
    {"more ends than starts", "</a></b>", "</a>\n</b>"},
    {"cut off", "<a><b", "<a>\n  <b"},
    {"a lone <", "<", "<"},
};

static void test_indent(void **state)
{
    const struct indent_case *row = *state;
    struct hvs_buf out = HVS_BUF_INIT(1000);

    trace_indent(&out, row->xml);
    assert_string_equal(hvs_buf_str(&out), row->text);
    hvs_buf_clear(&out);
}

/* Lines are marked, and what a host sends is escaped. */
static void test_told(void **state)
{
    struct notice notice = {0};
    char *text = NULL;
    size_t size;

    (void)state;
    notice.to = open_memstream(&text, &size);
    assert_non_null(notice.to);
    trace_told(&notice, HVS_TRACE_NOTE, "a new \033connection");
    trace_told(&notice, HVS_TRACE_REQUEST, "<a><b/></a>");
    trace_told(&notice, HVS_TRACE_REPLY, "<a>\033[2J</a>");
    fclose(notice.to);
    assert_string_equal(text, "* a new \\x1Bconnection\n"
                              "> <a>\n>   <b/>\n> </a>\n"
                              "< <a>\\x1B[2J</a>\n");
    free(text);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    const struct CMUnitTest others[] = {cmocka_unit_test(test_told)};
    int failed;

    CASES(tests, cases, test_indent);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
