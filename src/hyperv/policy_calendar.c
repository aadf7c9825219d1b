#include "hyperv/policy_calendar.h"

#include "base/date.h"

#include <inttypes.h>
#include <stdio.h>

enum { HOUR_MS = 3600000 };

/* 1970-01-01 was a Thursday: the fourth day of its week. */
static int64_t week_of(int64_t days)
{
    return hvs_floor_div(days + 3, 7);
}

int64_t hvs_period_of(enum hvs_period period, int64_t ms)
{
    int64_t days = hvs_floor_div(ms, HVS_DAY_MS);
    struct hvs_date date;

    switch (period) {
    case HVS_PERIOD_HOUR: return hvs_floor_div(ms, HOUR_MS);
    case HVS_PERIOD_DAY: return days;
    case HVS_PERIOD_WEEK: return week_of(days);
    case HVS_PERIOD_MONTH:
    case HVS_PERIOD_YEAR: break;
    }
    date = hvs_date_of(days);
    return period == HVS_PERIOD_MONTH ? date.year * 12 + date.month : date.year;
}

const char *hvs_period_text(enum hvs_period period, int64_t ms, char buf[48])
{
    int64_t days = hvs_floor_div(ms, HVS_DAY_MS);
    struct hvs_date date = hvs_date_of(days);
    int hour = (int)((ms - days * HVS_DAY_MS) / HOUR_MS);
    int week;

    switch (period) {
    case HVS_PERIOD_HOUR:
        snprintf(buf, 48, "%04" PRId64 "-%02d-%02d %02d:00", date.year, date.month,
                 date.day, hour);
        break;
    case HVS_PERIOD_DAY:
        snprintf(buf, 48, "%04" PRId64 "-%02d-%02d", date.year, date.month, date.day);
        break;
    case HVS_PERIOD_WEEK:
        days = week_of(days) * 7; /* its Thursday */
        date = hvs_date_of(days);
        week = (int)(days - hvs_date_days(date.year, 1, 1)) / 7 + 1;
        snprintf(buf, 48, "%04" PRId64 "-W%02d", date.year, week);
        break;
    case HVS_PERIOD_MONTH:
        snprintf(buf, 48, "%04" PRId64 "-%02d", date.year, date.month);
        break;
    case HVS_PERIOD_YEAR: snprintf(buf, 48, "%04" PRId64, date.year); break;
    }
    return buf;
}
