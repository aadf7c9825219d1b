#include "support/test.h"

#include "hvsim/times.h"

#include <string.h>

struct time_case {
    const char *name; /* ISO */
    int64_t ms;
    const char *native;
};

static const struct time_case times[] = {
    {"1970-01-01T00:00:00Z", 0, "19700101000000.000000+000"},
    {"1601-01-01T00:00:00Z", SIM_NEVER, "16010101000000.000000+000"},
    {"2025-12-17T09:55:22.702914Z", INT64_C(1765965322702), "20251217095522.702000+000"},
    {"2025-12-17T09:55:22.7009Z", INT64_C(1765965322700), "20251217095522.700000+000"},
    {"2024-02-29T23:59:59Z", INT64_C(1709251199000), "20240229235959.000000+000"},
    {"2000-03-01T00:00:00Z", INT64_C(951868800000), "20000301000000.000000+000"},
    {"1969-12-31T23:59:59.999993Z", -1, "19691231235959.999000+000"},
};

static void test_time(void **state)
{
    const struct time_case *row = *state;
    struct hvs_buf text = HVS_BUF_INIT(64);
    char native[SIM_NATIVE_SIZE];
    int64_t ms;

    sim_time_iso(&text, row->ms, 0);
    assert_string_equal(hvs_buf_str(&text), row->name);
    sim_time_native(native, row->ms);
    assert_string_equal(native, row->native);
    assert_true(sim_is_native(native));
    assert_true(sim_time_parse(row->name, &ms));
    assert_int_equal(ms, row->ms);
    hvs_buf_clear(&text);
}

static void test_offset(void **state)
{
    struct hvs_buf text = HVS_BUF_INIT(64);

    (void)state;
    sim_time_iso(&text, 0, 330);
    sim_time_iso(&text, 0, -90);
    assert_string_equal(hvs_buf_str(&text),
                        "1970-01-01T05:30:00+05:301969-12-31T22:30:00-01:30");
    hvs_buf_clear(&text);
}

struct interval_case {
    const char *name; /* ISO */
    int64_t ms;
    const char *native;
};

static const struct interval_case intervals[] = {
    {"P0DT0H5M0S", 300000, "00000000000500.000000:000"},
    {"P0DT0H0M1.004028S", 1004, "00000000000001.004000:000"},
    {"P2DT3H4M5.6002S", 183845600, "00000002030405.600000:000"},
};

static void test_interval(void **state)
{
    const struct interval_case *row = *state;
    struct hvs_buf text = HVS_BUF_INIT(64);
    char native[SIM_NATIVE_SIZE];
    int64_t ms;

    sim_interval_iso(&text, row->ms);
    assert_string_equal(hvs_buf_str(&text), row->name);
    sim_interval_native(native, row->ms);
    assert_string_equal(native, row->native);
    assert_true(sim_is_native(native));
    assert_true(sim_duration_parse(row->name, &ms));
    assert_int_equal(ms, row->ms);
    hvs_buf_clear(&text);
}

/* Durations as OperationTimeout has them; -1 for what is none. */
struct duration_case {
    const char *name;
    int64_t ms;
};

static const struct duration_case durations[] = {
    {"PT60S", 60000},
    {"PT60.000S", 60000},
    {"PT60.50S", 60500},
    {"PT1M", 60000},
    {"P1D", 86400000},
    {"PT0S", 0},
    {"", -1},
    {"P", -1},
    {"PT", -1},
    {"60", -1},
    {"PT60", -1},
    {"PT-1S", -1},
    {"P1W", -1},
    {"P1S", -1},
    {"PT1D", -1},
    {"PT1S1M", -1},
    {"PT1.5M", -1},
    {"PT60S ", -1},
    {"PT99999999999S", -1},
};

static void test_duration(void **state)
{
    const struct duration_case *row = *state;
    int64_t ms;

    assert_int_equal(sim_duration_parse(row->name, &ms), row->ms >= 0);
    if (row->ms >= 0)
        assert_int_equal(ms, row->ms);
}

static void test_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "2025-12-17",
        "2025-12-17T09:55:22",
        "2025-12-17 09:55:22Z",
        "2025-13-17T09:55:22Z",
        "2025-12-17T24:00:00Z",
        "2025-12-17T09:55:22.Zx",
        "20251217095522.702000+000",
    };
    static const char *const no_native[] = {
        "",
        "20251217095522",
        "20251217095522.702000 000",
        "2025121709552x.702000+000",
        "P0DT0H5M0S",
        "20251217095522.702000+0000",
    };
    int64_t ms;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(wrong); i++)
        assert_false(sim_time_parse(wrong[i], &ms));
    for (i = 0; i < COUNT(no_native); i++)
        assert_false(sim_is_native(no_native[i]));
}

int main(void)
{
    struct CMUnitTest tests[COUNT(times) + COUNT(intervals) + COUNT(durations) + 2] = {
        cmocka_unit_test(test_offset),
        cmocka_unit_test(test_refused),
    };
    struct CMUnitTest *next = tests + 2;

    CASES(next, times, test_time);
    next += COUNT(times);
    CASES(next, intervals, test_interval);
    next += COUNT(intervals);
    CASES(next, durations, test_duration);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
