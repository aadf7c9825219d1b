#include "support/test.h"

#include "cli/tree.h"

#include <stdlib.h>
#include <string.h>

#define MAX_NODES 6

/* A snapshot: its id is its name as well. */
struct row {
    const char *id, *parent, *vm;
};

struct tree_case {
    const char *label;
    struct row rows[MAX_NODES];
    const char *here; /* where the VM "v" stands */
    const char *text; /* the first column and the remarks */
};

static const struct tree_case cases[] = {
    {"no snapshots", {{NULL, NULL, NULL}}, NULL, "v: no snapshots\n"},
    {"one", {{"a", NULL, "v"}}, "a", "v\n`- a\n   `- * you are here\n"},
    {"before all of them", {{"a", NULL, "v"}}, NULL, "v\n|- a\n`- * you are here\n"},
    {"a chain",
     {{"a", NULL, "v"}, {"b", "a", "v"}, {"c", "b", "v"}},
     "c",
     "v\n`- a\n   `- b\n      `- c\n         `- * you are here\n"},
    {"branches",
     {{"a", NULL, "v"},
      {"b", "a", "v"},
      {"c", "b", "v"},
      {"d", "a", "v"},
      {"e", NULL, "v"}},
     "b",
     "v\n|- a\n|  |- b\n|  |  |- c\n|  |  `- * you are here\n|  `- d\n`- e\n"},
    {"ids have no case",
     {{"a", NULL, "v"}, {"b", "A", "V"}},
     "B",
     "v\n`- a\n   `- b\n      `- * you are here\n"},
    {"a parent that is missing",
     {{"b", "a", "v"}},
     "b",
     "v\n`- b its parent is not listed\n   `- * you are here\n"},
    {"on one that is missing",
     {{"b", NULL, "v"}},
     "x",
     "v\n|- b\n`- * you are here on a snapshot that is not listed\n"},
    {"its own parent",
     {{"a", "a", "v"}},
     "a",
     "v\n`- a its parents form a circle\n   `- * you are here\n"},
    {"a circle",
     {{"a", "c", "v"}, {"b", "a", "v"}, {"c", "b", "v"}, {"d", "b", "v"}},
     "d",
     "v\n`- a its parents form a circle\n   `- b\n      |- c\n      `- d\n"
     "         `- * you are here\n"},
    {"another VM's", {{"a", NULL, "w"}}, NULL, "v: no snapshots\n"},
};

/* The library allocates its strings; a tree only reads them. */
static char *lend(const char *text)
{
    return (char *)(uintptr_t)text;
}

static void draw(struct table *table, struct hvs_snapshot *snapshots, size_t count,
                 const char *here, bool ascii)
{
    struct hvs_vm vm = {.id = lend("v"), .name = lend("v"), .current_id = lend(here)};
    struct hvs_vm *vms[] = {&vm};
    struct hvs_snapshot **items = calloc(count + 1, sizeof(struct hvs_snapshot *));
    struct hvs_snapshot_list list = {count, items, 1, vms};
    size_t i;

    assert_non_null(items);
    for (i = 0; i < count; i++)
        items[i] = &snapshots[i];
    table_start(table, NULL, TREE_COLUMNS);
    tree_add(table, &list, NULL, ascii);
    assert_false(table->failed);
    free(items);
}

static void test_tree(void **state)
{
    const struct tree_case *row = *state;
    struct hvs_snapshot snapshots[MAX_NODES] = {{0}};
    char text[1000] = "";
    struct table table;
    size_t count, i;

    for (count = 0; count < MAX_NODES && row->rows[count].id; count++) {
        snapshots[count].id = snapshots[count].name = lend(row->rows[count].id);
        snapshots[count].parent_id = lend(row->rows[count].parent);
        snapshots[count].vm_id = lend(row->rows[count].vm);
    }
    draw(&table, snapshots, count, row->here, true);
    for (i = TREE_COLUMNS; i < table.count; i += TREE_COLUMNS) {
        const char *remark = table.cells[i + TREE_COLUMNS - 1];

        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s%s\n",
                 table.cells[i], *remark ? " " : "", remark);
    }
    assert_string_equal(text, row->text);
    table_clear(&table);
}

/* A name does not drive the terminal, wherever it comes from, nor is it left out. */
static void test_names(void **state)
{
    struct hvs_snapshot s = {.id = lend("a"),
                             .name = lend("\u202ea"),
                             .vm_id = lend("v")};
    struct hvs_vm vm = {.id = lend("v"), .name = lend("\033[2Jv")};
    struct hvs_snapshot *items[] = {&s};
    struct hvs_vm *vms[] = {&vm};
    struct hvs_snapshot_list list = {1, items, 1, vms};
    struct table table;
    char name[100001];

    (void)state;
    table_start(&table, NULL, TREE_COLUMNS);
    tree_add(&table, &list, "h\xc2\x9b", true);
    assert_string_equal(table.cells[TREE_COLUMNS], "h\\u{9B}/\\x1B[2Jv");
    assert_string_equal(table.cells[2 * TREE_COLUMNS], "|- \\u{202E}a");
    table_clear(&table);

    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    vm.name = name;
    table_start(&table, NULL, TREE_COLUMNS);
    tree_add(&table, &list, NULL, true);
    name[300] = '\0';
    assert_memory_equal(table.cells[TREE_COLUMNS], name, 300);
    assert_string_equal(table.cells[TREE_COLUMNS] + 300, "...");
    table_clear(&table);
}

static void test_boxes(void **state)
{
    struct hvs_snapshot s[] = {{.id = lend("a"), .name = lend("a"), .vm_id = lend("v")},
                               {.id = lend("b"), .name = lend("b"), .vm_id = lend("v")}};
    struct table table;

    (void)state;
    draw(&table, s, 2, "a", false);
    assert_string_equal(table.cells[2 * TREE_COLUMNS], "\u251c\u2500 a");
    assert_string_equal(table.cells[3 * TREE_COLUMNS],
                        "\u2502  \u2514\u2500 \u25cf you are here");
    assert_string_equal(table.cells[4 * TREE_COLUMNS], "\u2514\u2500 b");
    table_clear(&table);
}

/* A chain far longer than Hyper-V allows is drawn, and not indented without end. */
static void test_deep(void **state)
{
    enum { DEPTH = 20000 };
    struct hvs_snapshot *s = calloc(DEPTH, sizeof(*s));
    char(*ids)[12] = calloc(DEPTH, sizeof(*ids));
    struct table table;
    size_t i;

    (void)state;
    assert_non_null(s);
    assert_non_null(ids);
    for (i = 0; i < DEPTH; i++) {
        snprintf(ids[i], sizeof(ids[i]), "%zu", i);
        s[i] = (struct hvs_snapshot){.id = ids[i], .name = ids[i], .vm_id = lend("v")};
        s[i].parent_id = i ? ids[i - 1] : NULL;
    }
    draw(&table, s, DEPTH, ids[DEPTH - 1], true);
    assert_int_equal(table_rows(&table), DEPTH + 2);
    assert_in_range(strlen(table.cells[(DEPTH + 1) * TREE_COLUMNS]), 100, 300);
    table_clear(&table);
    free(ids);
    free(s);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_boxes),
        cmocka_unit_test(test_deep),
    };
    int failed;

    CASES(tests, cases, test_tree);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
