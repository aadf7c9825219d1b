#include "support/test.h"

#include "cli/table.h"
#include "cli/width.h"

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

struct long_case {
    const char *name;
    const char *ours, *each; /* `each` comes `count` times */
    size_t count;
    size_t width; /* of the cell, what is ours included */
    const char *end;
};

static const struct long_case long_cases[] = {
    {"as wide as may be", "", "x", 300, 300, "xx"},
    {"one wider", "", "x", 301, 303, "xx..."},
    {"what is ours does not count", "| ", "x", 300, 302, "xx"},
    {"and stays", "| ", "x", 301, 305, "xx..."},
    {"megabytes", "", "x", 3000000, 303, "xx..."},
    {"Japanese", "", "\u672c", 150, 300, "\u672c"},
    {"Japanese, one wider", "", "\u672c", 151, 303, "\u672c..."},
    {"much of what takes no column", "", "e\u0301", 300, 300, "e\u0301"},
    {"too much of it", "", "e\u0301", 1000, 303, "e\u0301..."},
    {"nothing but that", "", "\u0301", 100000, 3, "\u0301..."},
    {"what is escaped counts so", "", "\u202e", 38, 303, "}\\u{2..."},
    {"and fits so", "", "\u202e", 37, 296, "\\u{202E}"},
    {"a million of them", "", "\u202e", 1000000, 303, "..."},
    {"no UTF-8", "", "\xe4", 100000, 303, "\\xE4..."},
    {"ends of characters alone", "", "\x80", 100000, 303, "\\x80..."},
};

static void test_long(void **state)
{
    const struct long_case *row = *state;
    size_t len = strlen(row->each), i;
    char *text = calloc(row->count * len + 1, 1);
    struct table table;
    const char *cell;

    assert_non_null(text);
    for (i = 0; i < row->count; i++)
        memcpy(text + i * len, row->each, len);
    table_start(&table, NULL, 1);
    table_cell_after(&table, row->ours, text);
    assert_false(table.failed);
    cell = table.cells[1];
    assert_int_equal(width_of(cell), row->width);
    assert_memory_equal(cell, row->ours, strlen(row->ours));
    assert_true(strlen(cell) >= strlen(row->end));
    assert_string_equal(cell + strlen(cell) - strlen(row->end), row->end);
    table_clear(&table);
    free(text);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)], longs[COUNT(long_cases)];
    const struct CMUnitTest others[] = {cmocka_unit_test(test_large)};
    int failed;

    CASES(tests, cases, test_table);
    CASES(longs, long_cases, test_long);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    failed += cmocka_run_group_tests(longs, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
