#include "support/test.h"

#include "hyperv/descendants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 8 };

/* A snapshot by the last digit of its id, and of its parent's. */
struct row {
    char id, parent;
};

struct descent_case {
    const char *name;
    struct row rows[MOST_ROWS]; /* the first is the one at the top */
    const char *found;          /* their places */
};

static const struct descent_case cases[] = {
    {"nobody", {{'1', 0}, {'2', 0}}, "0"},
    {"a child", {{'1', 0}, {'2', '1'}}, "01"},
    {"parents first", {{'1', 0}, {'3', '2'}, {'2', '1'}}, "021"},
    {"sisters in their order", {{'1', 0}, {'4', '1'}, {'2', '1'}, {'3', '1'}}, "0123"},
    {"not its own parent", {{'2', '1'}, {'1', 0}, {'3', '2'}}, "02"},
    {"a circle through it", {{'1', '2'}, {'2', '1'}}, "01"},
    {"its own child", {{'1', '1'}, {'2', '1'}}, "01"},
    {"a circle beside it", {{'1', 0}, {'2', '3'}, {'3', '2'}}, "0"},
    {"one id twice", {{'1', 0}, {'2', '1'}, {'2', '1'}, {'3', '2'}, {'4', '3'}}, "01234"},
    {"its own id again", {{'1', 0}, {'1', '1'}, {'1', '1'}, {'2', '1'}}, "0123"},
};

static char *text(const char *before, char digit, const char *behind)
{
    char out[128];

    snprintf(out, sizeof(out), "%s%c%s", before, digit, behind);
    return strdup(out);
}

static void add(struct hvs_settings_set *set, const struct row *row)
{
    struct hvs_settings *to = &set->rows[set->count++];

    to->instance_id = text("Microsoft:0A0B0C0D-0000-4000-8000-00000000000", row->id, "");
    to->vm_id = strdup("0F6B2C44-7D0E-4B3E-9C51-2A61D5F0A1B2");
    to->type = strdup("Microsoft:Hyper-V:Snapshot:Realized");
    to->parent = row->parent ? text("\\\\H\\root\\v2:Msvm_VirtualSystemSettingData."
                                    "InstanceID=\"Microsoft:0A0B0C0D-0000-4000-8000-"
                                    "00000000000",
                                    row->parent, "\"")
                             : NULL;
    assert_true(to->instance_id && to->vm_id && to->type);
    assert_int_equal(to->parent != NULL, row->parent != 0);
}

static void test_descend(void **state)
{
    const struct descent_case *row = *state;
    struct hvs_settings_set set = {
        .rows = calloc(MOST_ROWS, sizeof(struct hvs_settings))};
    const struct hvs_settings **rows;
    struct hvs_error err = {0};
    char found[MOST_ROWS + 1] = "";
    size_t i, count;

    assert_non_null(set.rows);
    for (i = 0; i < MOST_ROWS && row->rows[i].id; i++)
        add(&set, &row->rows[i]);
    rows = hvs_descendants(&set, set.rows, &count, &err);
    assert_non_null(rows);
    assert_true(count <= set.count);
    for (i = 0; i < count; i++)
        found[i] = (char)('0' + (rows[i] - set.rows));
    assert_string_equal(found, row->found);
    free(rows);
    hvs_settings_set_clear(&set);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_descend);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
