#include "support/test.h"

#include "cli/table.h"

#include <stdlib.h>
#include <string.h>

/* What the table prints, yours to free. */
static char *printed(const struct table *table)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);

    assert_non_null(file);
    assert_true(table_print(table, file));
    fclose(file);
    return text;
}

struct table_case {
    const char *label;
    const char *headings[3];
    const char *cells[9];
    const char *text;
};

static const struct table_case cases[] = {
    {"headings alone", {"A", "B", "C"}, {NULL}, "A  B  C\n"},
    {"the widest decides",
     {"ID", "NAME", "X"},
     {"1", "long name", "x", "22", "n", "y"},
     "ID  NAME       X\n1   long name  x\n22  n          y\n"},
    {"no blanks at the end",
     {"A", "B", "C"},
     {"1", "", "", "2", "2", ""},
     "A  B  C\n1\n2  2\n"},
    {"an empty cell in the middle",
     {"A", "B", "C"},
     {"1", "", "3"},
     "A  B  C\n1     3\n"},
    {"Japanese takes two columns",
     {"NAME", "B", "C"},
     {"\u65e5\u672c\u8a9e", "b", "c", "abc", "b", "c"},
     "NAME    B  C\n\u65e5\u672c\u8a9e  b  c\nabc     b  c\n"},
    {"combining marks take none",
     {"N", "B", "C"},
     {"e\u0301e\u0301", "b", "c", "ab", "b", "c"},
     "N   B  C\ne\u0301e\u0301  b  c\nab  b  c\n"},
    {"escaped, then measured",
     {"N", "B", "C"},
     {"\033[m", "b", "c"},
     "N       B  C\n\\x1B[m  b  c\n"},
    {"no headings",
     {"", "", ""},
     {"1", "2", "3", "10", "2", "3"},
     "1   2  3\n10  2  3\n"},
};

static void test_table(void **state)
{
    const struct table_case *row = *state;
    struct table table;
    size_t i;
    char *text;

    table_start(&table, row->headings, 3);
    for (i = 0; i < COUNT(row->cells) && row->cells[i]; i++)
        table_cell(&table, row->cells[i]);
    assert_int_equal(table_rows(&table), i / 3);
    text = printed(&table);
    assert_string_equal(text, row->text);
    free(text);
    table_clear(&table);
}

static void test_large(void **state)
{
    struct table table;
    char *text;
    int i;

    (void)state;
    table_start(&table, NULL, 1);
    for (i = 0; i < 5000; i++)
        table_cell_after(&table, "> ", "x");
    text = printed(&table);
    assert_int_equal(strlen(text), 4 * 5000);
    free(text);
    table_clear(&table);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    const struct CMUnitTest others[] = {cmocka_unit_test(test_large)};
    int failed;

    CASES(tests, cases, test_table);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
