#include "support/test.h"

#include "auth/mech.h"

/* A mechanism that counts what is asked of it. */
struct counter {
    struct hvs_mech mech;
    int resets, frees;
};

static void count_reset(struct hvs_mech *mech)
{
    ((struct counter *)mech)->resets++;
}

static void count_free(struct hvs_mech *mech)
{
    ((struct counter *)mech)->frees++;
}

static const struct hvs_mech_ops ops = {.reset = count_reset, .free = count_free};

static void test_reset(void **state)
{
    struct counter counter = {.mech = {.ops = &ops, .complete = true}};

    (void)state;
    hvs_mech_reset(&counter.mech);
    assert_false(counter.mech.complete);
    assert_int_equal(counter.resets, 1);
}

static void test_freeing(void **state)
{
    struct counter counter = {.mech = {.ops = &ops}};

    (void)state;
    hvs_mech_free(&counter.mech);
    assert_int_equal(counter.frees, 1);
    hvs_mech_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_freeing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
