#include "support/test.h"

#include "base/date.h"

#include <time.h>

struct date_case {
    const char *name;
    int64_t days, year;
    int month, day;
};

static const struct date_case cases[] = {
    {"the first", 0, 1970, 1, 1},
    {"the day before", -1, 1969, 12, 31},
    {"a leap day", 19782, 2024, 2, 29},
    {"the day after it", 19783, 2024, 3, 1},
    {"a leap day of a century", 11016, 2000, 2, 29},
    {"a century without one", -25509, 1900, 2, 28},
    {"the day after that", -25508, 1900, 3, 1},
    {"the end of a year", 20818, 2026, 12, 31},
    {"the beginning of the next", 20819, 2027, 1, 1},
    {"Windows' never", -134774, 1601, 1, 1},
    {"the last with four digits", 2932896, 9999, 12, 31},
    {"the year 0", -719528, 0, 1, 1},
    {"the year before it", -719529, -1, 12, 31},
};

static void test_date(void **state)
{
    const struct date_case *row = *state;
    struct hvs_date date = hvs_date_of(row->days);

    assert_true(date.year == row->year);
    assert_int_equal(date.month, row->month);
    assert_int_equal(date.day, row->day);
    assert_true(hvs_date_days(row->year, row->month, row->day) == row->days);
}

/* Every day of six centuries, as the C library has it. */
static void test_like_gmtime(void **state)
{
    int64_t days;

    (void)state;
    if (sizeof(time_t) < 8)
        skip();
    for (days = hvs_date_days(1800, 1, 1); days < hvs_date_days(2400, 1, 1); days++) {
        time_t seconds = (time_t)(days * 86400);
        struct hvs_date date = hvs_date_of(days);
        struct tm tm;

        assert_non_null(gmtime_r(&seconds, &tm));
        assert_true(date.year == tm.tm_year + 1900 && date.month == tm.tm_mon + 1 &&
                    date.day == tm.tm_mday);
        assert_true(hvs_date_days(date.year, date.month, date.day) == days);
    }
}

static void test_month_days(void **state)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int month;

    (void)state;
    for (month = 1; month <= 12; month++)
        assert_int_equal(hvs_date_month_days(2026, month), days[month - 1]);
    assert_int_equal(hvs_date_month_days(2028, 2), 29);
    assert_int_equal(hvs_date_month_days(1900, 2), 28);
    assert_int_equal(hvs_date_month_days(2000, 2), 29);
}

static void test_floor_div(void **state)
{
    (void)state;
    assert_true(hvs_floor_div(7, 7) == 1);
    assert_true(hvs_floor_div(6, 7) == 0);
    assert_true(hvs_floor_div(0, 7) == 0);
    assert_true(hvs_floor_div(-1, 7) == -1);
    assert_true(hvs_floor_div(-7, 7) == -1);
    assert_true(hvs_floor_div(-8, 7) == -2);
    assert_true(hvs_floor_div(INT64_MIN, 1) == INT64_MIN);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_like_gmtime),
        cmocka_unit_test(test_month_days),
        cmocka_unit_test(test_floor_div),
    };
    int failed;

    CASES(tests, cases, test_date);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
