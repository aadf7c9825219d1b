#include "support/test.h"

#include "xml/cim.h"

#include <hvsnap/policy.h>

#include <string.h>

struct span_case {
    const char *name; /* the text, too */
    uint32_t years, months, days;
    int64_t ms;
    const char *text; /* how it is written; NULL: as it was */
};

static const struct span_case cases[] = {
    {"7d", 0, 0, 7, 0, NULL},
    {"1y5m7d2h", 1, 5, 7, 7200000, NULL},
    {"1y", 1, 0, 0, 0, NULL},
    {"5m", 0, 5, 0, 0, NULL},
    {"5min", 0, 0, 0, 300000, NULL},
    {"2h30min", 0, 0, 0, 9000000, NULL},
    {"90s", 0, 0, 0, 90000, "1min30s"},
    {"36h", 0, 0, 0, 129600000, NULL},
    {"2w", 0, 0, 14, 0, "14d"},
    {"1y2m3w4d5h6min7s", 1, 2, 25, 18367000, "1y2m25d5h6min7s"},
    {"0y7d", 0, 0, 7, 0, "7d"},
    {"007d", 0, 0, 7, 0, "7d"},
    {"1000y", 1000, 0, 0, 0, NULL},
    {"12000m", 0, 12000, 0, 0, NULL},
    {"365250d", 0, 0, 365250, 0, NULL},
    {"31557600000s", 0, 0, 0, INT64_C(31557600000000), "8766000h"},
};

static void test_span(void **state)
{
    const struct span_case *row = *state;
    struct hvs_error err = {0};
    struct hvs_span span;
    char buf[80];

    assert_int_equal(hvs_span_parse(row->name, &span, &err), 0);
    assert_int_equal(span.years, row->years);
    assert_int_equal(span.months, row->months);
    assert_int_equal(span.days, row->days);
    assert_true(span.ms == row->ms);
    assert_string_equal(hvs_span_text(&span, buf), row->text ? row->text : row->name);
}

struct wrong_case {
    const char *name; /* the text, too */
    const char *says;
};

static const struct wrong_case wrong_cases[] = {
    {"", "a span of time is missing"},
    {"7", "'7' is no span of time: the last number has no unit"},
    {"1y5", "the last number has no unit"},
    {"d", "a number has to come before each unit"},
    {"-7d", "a number has to come before each unit"},
    {"+7d", "a number has to come before each unit"},
    {" 7d", "a number has to come before each unit"},
    {"7 d", "there is no such unit"},
    {"7d ", "there is no such unit"},
    {"7D", "there is no such unit"},
    {"7x", "there is no such unit"},
    {"7days", "there is no such unit"},
    {"7ms", "there is no such unit"},
    {"1.5h", "there is no such unit"},
    {"2h30m", "m means months, and comes before them; minutes are min"},
    {"1d1m", "m means months"},
    {"7d1y", "the larger unit comes first"},
    {"1d2w", "the larger unit comes first"},
    {"7d7d", "each of them once"},
    {"5m5m", "each of them once"},
    {"0d", "it is nothing"},
    {"0y0m", "it is nothing"},
    {"1001y", "it is more than 1000 years"},
    {"1000y1s", "it is more than 1000 years"},
    {"31557600001s", "it is more than 1000 years"},
    {"5000000000000000000000s", "it is more than 1000 years"},
    {"99999999999999999999y", "it is more than 1000 years"},
    {"18446744073709551617d", "it is more than 1000 years"},
};

static void test_wrong(void **state)
{
    const struct wrong_case *row = *state;
    struct hvs_span span = {1, 1, 1, 1};
    struct hvs_error err = {0};
    char buf[80];

    assert_int_equal(hvs_span_parse(row->name, &span, &err), -1);
    assert_err(&err, HVS_USAGE, row->says);
    assert_non_null(strstr(err.hint, "m (months)"));
    assert_non_null(strstr(err.hint, "min (minutes)"));
    assert_string_equal(hvs_span_text(&span, buf), "");
}

struct shift_case {
    const char *name;
    const char *span, *from, *before, *after;
};

static const struct shift_case shift_cases[] = {
    {"a day", "1d", "2026-11-28T14:00:00Z", "2026-11-27T14:00:00Z",
     "2026-11-29T14:00:00Z"},
    {"over the end of a month", "7d", "2026-12-03T00:00:00Z", "2026-11-26T00:00:00Z",
     "2026-12-10T00:00:00Z"},
    {"over the end of a year", "2w", "2026-12-31T23:59:59Z", "2026-12-17T23:59:59Z",
     "2027-01-14T23:59:59Z"},
    {"hours over midnight", "2h", "2026-01-01T01:30:00Z", "2025-12-31T23:30:00Z",
     "2026-01-01T03:30:00Z"},
    {"a month from a day that others lack", "1m", "2026-03-31T12:00:00Z",
     "2026-02-28T12:00:00Z", "2026-04-30T12:00:00Z"},
    {"the same in a leap year", "1m", "2028-03-31T12:00:00Z", "2028-02-29T12:00:00Z",
     "2028-04-30T12:00:00Z"},
    {"a month over a year's end", "1m", "2026-12-31T12:00:00Z", "2026-11-30T12:00:00Z",
     "2027-01-31T12:00:00Z"},
    {"a month back over it", "1m", "2026-01-15T12:00:00Z", "2025-12-15T12:00:00Z",
     "2026-02-15T12:00:00Z"},
    {"twelve months", "12m", "2026-01-15T12:00:00Z", "2025-01-15T12:00:00Z",
     "2027-01-15T12:00:00Z"},
    {"a year from a leap day", "1y", "2028-02-29T00:00:00Z", "2027-02-28T00:00:00Z",
     "2029-02-28T00:00:00Z"},
    {"four years from a leap day", "4y", "2028-02-29T00:00:00Z", "2024-02-29T00:00:00Z",
     "2032-02-29T00:00:00Z"},
    {"months before days", "1m1d", "2026-03-31T00:00:00Z", "2026-02-27T00:00:00Z",
     "2026-05-01T00:00:00Z"},
    {"all of it", "1y5m7d2h", "2026-11-28T14:00:00Z", "2025-06-21T12:00:00Z",
     "2028-05-05T16:00:00Z"},
    {"before 1970", "1d", "1970-01-01T00:00:00Z", "1969-12-31T00:00:00Z",
     "1970-01-02T00:00:00Z"},
};

static int64_t moment(const char *text)
{
    struct hvs_time time;

    assert_true(hvs_cim_time(text, &time) && time.set);
    return time.ms;
}

static void test_shift(void **state)
{
    const struct shift_case *row = *state;
    struct hvs_error err = {0};
    struct hvs_span span;
    int64_t from = moment(row->from);

    assert_int_equal(hvs_span_parse(row->span, &span, &err), 0);
    assert_true(hvs_span_before(&span, from) == moment(row->before));
    assert_true(hvs_span_after(&span, from) == moment(row->after));
}

/* Neither the ends of numbers nor a span that nobody has read overflow. */
static void test_ends(void **state)
{
    const struct hvs_span huge = {UINT32_MAX, UINT32_MAX, UINT32_MAX, INT64_MAX};
    const struct hvs_span back = {0, 0, 0, INT64_MIN};
    const struct hvs_span none = {0};

    (void)state;
    assert_true(hvs_span_before(&huge, INT64_MIN) == INT64_MIN);
    assert_true(hvs_span_after(&huge, INT64_MAX) == INT64_MAX);
    assert_true(hvs_span_before(&huge, 0) < moment("1602-01-01T00:00:00Z"));
    assert_true(hvs_span_after(&huge, 0) > moment("2970-01-01T00:00:00Z"));
    assert_true(hvs_span_after(&back, 0) < 0);
    assert_true(hvs_span_before(&back, 0) > 0);
    assert_true(hvs_span_before(&none, 12345) == 12345);
    assert_true(hvs_span_after(&none, -12345) == -12345);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(wrong_cases) + COUNT(shift_cases)];
    const struct CMUnitTest others[] = {cmocka_unit_test(test_ends)};
    int failed;

    CASES(tests, cases, test_span);
    CASES(tests + COUNT(cases), wrong_cases, test_wrong);
    CASES(tests + COUNT(cases) + COUNT(wrong_cases), shift_cases, test_shift);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
