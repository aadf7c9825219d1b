#include "support/test.h"

#include "base/index.h"

#include <stdio.h>
#include <string.h>

struct index_case {
    const char *name;
    const char *ids[8];
    const char *wanted;
    const char *rows; /* that have it: "1 3 " */
};

static const struct index_case cases[] = {
    {"none at all", {NULL}, "a", ""},
    {"none of them", {"a", "c"}, "b", ""},
    {"before all", {"b", "c"}, "a", ""},
    {"behind all", {"a", "b"}, "c", ""},
    {"one", {"c", "a", "b"}, "a", "1 "},
    {"the last", {"c", "a", "b"}, "c", "0 "},
    {"in any case", {"C", "a", "B"}, "b", "2 "},
    {"several, in their order", {"x", "a", "X", "b", "x"}, "X", "0 2 4 "},
    {"all of them", {"a", "a", "a"}, "a", "0 1 2 "},
    {"one that begins alike", {"aa", "a", "ab"}, "a", "1 "},
    {"no name", {"", "a", ""}, "", "0 2 "},
};

static void test_find(void **state)
{
    const struct index_case *row = *state;
    const struct hvs_index_entry *at;
    struct hvs_error err = {0};
    struct hvs_index index;
    char rows[64] = "";
    size_t i, used = 0;

    assert_int_equal(hvs_index_init(&index, COUNT(row->ids), &err), 0);
    for (i = 0; i < COUNT(row->ids) && row->ids[i]; i++)
        hvs_index_add(&index, row->ids[i], i);
    hvs_index_sort(&index);
    for (at = hvs_index_find(&index, row->wanted); at; at = hvs_index_next(&index, at))
        used += (size_t)snprintf(rows + used, sizeof(rows) - used, "%zu ", at->row);
    assert_string_equal(rows, row->rows);
    hvs_index_clear(&index);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_find);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
