#include "base/date.h"

#include <stdio.h>

/* Days from 0000-03-01 to 1970-01-01, and of 400 years. Years begin in March here, so
 * that a leap day is a year's last. */
enum { EPOCH = 719468, ERA_DAYS = 146097 };

int64_t hvs_floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

int64_t hvs_date_days(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t m = month <= 2 ? month + 9 : month - 3;

    return 365 * y + hvs_floor_div(y, 4) - hvs_floor_div(y, 100) + hvs_floor_div(y, 400) +
           (153 * m + 2) / 5 + day - 1 - EPOCH;
}

struct hvs_date hvs_date_of(int64_t days)
{
    int64_t era = hvs_floor_div(days + EPOCH, ERA_DAYS);
    int64_t at = days + EPOCH - era * ERA_DAYS; /* 0 to 146096 */
    int64_t y = (at - at / 1460 + at / 36524 - at / (ERA_DAYS - 1)) / 365;
    int64_t in_year = at - (365 * y + y / 4 - y / 100);
    int m = (int)((5 * in_year + 2) / 153);

    return (struct hvs_date){.year = y + era * 400 + (m >= 10),
                             .month = m < 10 ? m + 3 : m - 9,
                             .day = (int)(in_year - (153 * m + 2) / 5 + 1)};
}

int hvs_date_month_days(int64_t year, int month)
{
    return (int)(hvs_date_days(month == 12 ? year + 1 : year, month % 12 + 1, 1) -
                 hvs_date_days(year, month, 1));
}

const char *hvs_date_text(int64_t ms, char out[32])
{
    int64_t days = hvs_floor_div(ms, HVS_DAY_MS);
    int64_t second = (ms - days * HVS_DAY_MS) / 1000;
    struct hvs_date date = hvs_date_of(days);

    out[0] = '\0';
    if (date.year >= 0 && date.year <= 9999)
        snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)date.year, date.month,
                 date.day, (int)(second / 3600), (int)(second / 60 % 60),
                 (int)(second % 60));
    return out;
}
