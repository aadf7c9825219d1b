#include "support/test.h"

#include "base/clock.h"

/* Half as much more or less, and not always the same. */
static void test_jitter(void **state)
{
    unsigned least = 1000, most = 0, i, ms;

    (void)state;
    for (i = 0; i < 200; i++) {
        ms = hvs_clock_jitter(1000);
        assert_in_range(ms, 500, 1500);
        least = ms < least ? ms : least;
        most = ms > most ? ms : most;
    }
    assert_true(least < 900 && most > 1100);
    assert_int_equal(hvs_clock_jitter(0), 0);
}

static void test_forward(void **state)
{
    int64_t then = hvs_clock_ms();

    (void)state;
    assert_true(hvs_clock_ms() >= then);
    assert_true(hvs_clock_utc_ms() > 1700000000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jitter),
        cmocka_unit_test(test_forward),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
