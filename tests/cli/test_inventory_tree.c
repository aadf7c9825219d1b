#include "cli/choose.h"

/* Groups in groups, to what depth, told from either end. */
struct depth_case {
    const char *label;
    int groups;
    bool outer_first;
    int rc;
};

static const struct depth_case depths[] = {
    {"33 in each other", 33, false, 0},
    {"34 in each other", 34, false, -1},
    {"33, the outer first", 33, true, 0},
    {"34, the outer first", 34, true, -1},
};

static void test_depth(void **state)
{
    const struct depth_case *row = *state;
    struct hvs_buf text = HVS_BUF_INIT(10000), found = HVS_BUF_INIT(100);
    struct inventory *inventory;
    struct hvs_error err = {0};
    int i, n;

    if (!row->outer_first)
        hvs_buf_printf(&text, "[g%d]\nh/v\n", row->groups - 1);
    for (i = 0; i < row->groups - 1; i++) {
        n = row->outer_first ? i : row->groups - 2 - i;
        hvs_buf_printf(&text, "[g%d:children]\ng%d\n", n, n + 1);
    }
    hvs_buf_printf(&text, "[g%d]\nh/w\n", row->groups - 1);
    assert_int_equal(parse(&inventory, hvs_buf_str(&text), &err), row->rc);
    if (row->rc < 0) {
        assert_err(&err, HVS_USAGE, "too deep");
    } else {
        assert_int_equal(choose(inventory, "g0", NULL, &found, &err), 0);
        assert_string_equal(hvs_buf_str(&found), row->outer_first ? "h/w" : "h/v h/w");
    }
    inventory_free(inventory);
    hvs_buf_clear(&text);
    hvs_buf_clear(&found);
}

/* Two ways at each of 30 levels: a thousand million in all. */
static void test_lattice(void **state)
{
    struct hvs_buf text = HVS_BUF_INIT(10000), found = HVS_BUF_INIT(100);
    struct inventory *inventory;
    struct hvs_error err = {0};
    int i;

    (void)state;
    hvs_buf_puts(&text, "[a30]\nh/v\n[b30]\nh/w\n");
    for (i = 0; i < 30; i++)
        hvs_buf_printf(&text, "[a%d:children]\na%d\nb%d\n[b%d:children]\na%d\nb%d\n", i,
                       i + 1, i + 1, i, i + 1, i + 1);
    assert_int_equal(parse(&inventory, hvs_buf_str(&text), &err), 0);
    assert_int_equal(choose(inventory, "b0", NULL, &found, &err), 0);
    assert_string_equal(hvs_buf_str(&found), "h/v h/w");
    inventory_free(inventory);
    hvs_buf_clear(&text);
    hvs_buf_clear(&found);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(depths)];
    const struct CMUnitTest others[] = {cmocka_unit_test(test_lattice)};
    int failed;

    CASES(tests, depths, test_depth);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
