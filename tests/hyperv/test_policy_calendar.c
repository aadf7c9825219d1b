#include "support/test.h"

#include "hyperv/policy_calendar.h"
#include "xml/cim.h"

#include <time.h>

/* A moment, and what each period of it is called. */
struct calendar_case {
    const char *name; /* the moment, too */
    const char *hour, *day, *week, *month, *year;
};

static const struct calendar_case cases[] = {
    {"2026-11-28T14:59:59Z", "2026-11-28 14:00", "2026-11-28", "2026-W48", "2026-11",
     "2026"},
    /* weeks that belong to another year */
    {"2027-01-01T00:00:00Z", "2027-01-01 00:00", "2027-01-01", "2026-W53", "2027-01",
     "2027"},
    {"2027-01-03T23:59:59Z", "2027-01-03 23:00", "2027-01-03", "2026-W53", "2027-01",
     "2027"},
    {"2027-01-04T00:00:00Z", "2027-01-04 00:00", "2027-01-04", "2027-W01", "2027-01",
     "2027"},
    {"2024-12-29T12:00:00Z", "2024-12-29 12:00", "2024-12-29", "2024-W52", "2024-12",
     "2024"},
    {"2024-12-30T12:00:00Z", "2024-12-30 12:00", "2024-12-30", "2025-W01", "2024-12",
     "2024"},
    {"2023-01-01T12:00:00Z", "2023-01-01 12:00", "2023-01-01", "2022-W52", "2023-01",
     "2023"},
    {"2021-01-03T12:00:00Z", "2021-01-03 12:00", "2021-01-03", "2020-W53", "2021-01",
     "2021"},
    /* leap days */
    {"2028-02-29T23:59:59.999Z", "2028-02-29 23:00", "2028-02-29", "2028-W09", "2028-02",
     "2028"},
    {"2028-03-01T00:00:00Z", "2028-03-01 00:00", "2028-03-01", "2028-W09", "2028-03",
     "2028"},
    {"2000-02-29T00:00:00Z", "2000-02-29 00:00", "2000-02-29", "2000-W09", "2000-02",
     "2000"},
    {"2100-02-28T23:00:00Z", "2100-02-28 23:00", "2100-02-28", "2100-W08", "2100-02",
     "2100"},
    {"2100-03-01T00:00:00Z", "2100-03-01 00:00", "2100-03-01", "2100-W09", "2100-03",
     "2100"},
    /* before 1970 */
    {"1969-12-31T23:59:59Z", "1969-12-31 23:00", "1969-12-31", "1970-W01", "1969-12",
     "1969"},
};

static void test_text(void **state)
{
    const struct calendar_case *row = *state;
    const char *const texts[] = {row->hour, row->day, row->week, row->month, row->year};
    struct hvs_time time;
    char buf[48];
    int period;

    assert_true(hvs_cim_time(row->name, &time) && time.set);
    for (period = HVS_PERIOD_HOUR; period <= HVS_PERIOD_YEAR; period++)
        assert_string_equal(hvs_period_text((enum hvs_period)period, time.ms, buf),
                            texts[period]);
}

/* Two moments, and the smallest period that they share. */
struct edge_case {
    const char *name;
    const char *before, *after;
    const char *shared; /* a letter for each that both lie in: hour, day, week, ... */
};

static const struct edge_case edge_cases[] = {
    {"an hour's end", "2026-11-28T14:59:59.999Z", "2026-11-28T15:00:00Z", "dwmy"},
    {"within an hour", "2026-11-28T14:00:00Z", "2026-11-28T14:59:59.999Z", "hdwmy"},
    {"a day's end", "2026-11-26T23:59:59.999Z", "2026-11-27T00:00:00Z", "wmy"},
    {"a week's end", "2026-11-29T23:59:59.999Z", "2026-11-30T00:00:00Z", "my"},
    {"a month's end in a week", "2026-11-30T23:59:59.999Z", "2026-12-01T00:00:00Z", "wy"},
    {"a month's end with a week's", "2026-05-31T23:59:59Z", "2026-06-01T00:00:00Z", "y"},
    {"February's end", "2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z", "wy"},
    {"February's end in a leap year", "2028-02-28T23:59:59Z", "2028-02-29T00:00:00Z",
     "wmy"},
    {"a leap day's end", "2028-02-29T23:59:59Z", "2028-03-01T00:00:00Z", "wy"},
    {"a year's end in a week", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", "w"},
    {"a year's end with a week's", "2028-12-31T23:59:59Z", "2029-01-01T00:00:00Z", ""},
    {"the same day a year later", "2026-11-28T14:00:00Z", "2027-11-28T14:00:00Z", ""},
    {"the same month a year later", "2027-02-01T00:00:00Z", "2028-02-01T00:00:00Z", ""},
    {"the same week's number", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", ""},
    {"1970's beginning", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z", "w"},
};

static void test_edge(void **state)
{
    static const char letters[] = "hdwmy";
    const struct edge_case *row = *state;
    struct hvs_time before, after;
    char shared[8] = "";
    int i, n = 0;

    assert_true(hvs_cim_time(row->before, &before) && hvs_cim_time(row->after, &after));
    for (i = HVS_PERIOD_HOUR; i <= HVS_PERIOD_YEAR; i++) {
        int64_t a = hvs_period_of((enum hvs_period)i, before.ms);
        int64_t b = hvs_period_of((enum hvs_period)i, after.ms);

        assert_true(a <= b);
        if (a == b)
            shared[n++] = letters[i];
    }
    assert_string_equal(shared, row->shared);
}

/* The C library's ISO weeks, of every day of two centuries. */
static void test_like_strftime(void **state)
{
    int64_t at;

    (void)state;
    if (sizeof(time_t) < 8)
        skip();
    for (at = INT64_C(-2208988800); at < INT64_C(4102444800); at += 86400) {
        char ours[48], theirs[48];
        time_t seconds = (time_t)at;
        struct tm tm;

        assert_non_null(gmtime_r(&seconds, &tm));
        strftime(theirs, sizeof(theirs), "%G-W%V", &tm);
        hvs_period_text(HVS_PERIOD_WEEK, at * 1000, ours);
        assert_string_equal(ours, theirs);
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(edge_cases)];
    const struct CMUnitTest others[] = {cmocka_unit_test(test_like_strftime)};
    int failed;

    CASES(tests, cases, test_text);
    CASES(tests + COUNT(cases), edge_cases, test_edge);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
