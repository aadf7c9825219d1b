#include "support/test.h"

#include "cli/operand.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

struct lines_case {
    const char *label;
    const char *text;
    size_t len;         /* 0: up to the NUL */
    const char *wanted; /* "LINE:TEXT|..." */
    const char *error;
};

static const struct lines_case cases[] = {
    {"one a line", "h/a\nh/b\n", 0, "0:first|1:h/a|2:h/b", NULL},
    {"no end of the last line", "h/a\nh/b", 0, "0:first|1:h/a|2:h/b", NULL},
    {"blank lines and remarks", "\n# x\n \t\n#h/a\nh/b\n", 0, "0:first|5:h/b", NULL},
    {"carriage returns", "h/a\r\n\r\nh/b\r\n", 0, "0:first|1:h/a|3:h/b", NULL},
    {"whole", " a b # c \n #\n", 0, "0:first|1: a b # c |2: #", NULL},
    {"empty", "", 0, "0:first", NULL},
    {"a NUL", "h/a\nh\0/b\n", 9, "", "FILE:2: this is not text"},
    {"UTF-16", "h\0/\0a\0\n\0", 8, "", "FILE:1: this is not text"},
};

static void test_lines(void **state)
{
    const struct lines_case *row = *state;
    size_t len = row->len ? row->len : strlen(row->text), i;
    struct hvs_buf found = HVS_BUF_INIT(1000);
    struct operands operands = {0};
    struct hvs_error err = {0};
    char *text = malloc(len + 1);
    int rc;

    assert_non_null(text);
    memcpy(text, row->text, len);
    text[len] = '\0';
    assert_int_equal(operands_add(&operands, "first", 0, &err), 0);
    rc = operands_add_lines(&operands, text, len, "FILE", &err);
    assert_int_equal(rc, row->error ? -1 : 0);
    if (row->error)
        assert_err(&err, HVS_USAGE, row->error);
    for (i = 0; rc == 0 && i < operands.count; i++)
        hvs_buf_printf(&found, "%s%u:%s", i ? "|" : "", operands.items[i].line,
                       operands.items[i].text);
    assert_string_equal(hvs_buf_str(&found), row->wanted);
    hvs_buf_clear(&found);
    operands_clear(&operands);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_lines);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
