#ifndef HVS_BASE_DATE_H
#define HVS_BASE_DATE_H

#include <stdint.h>

/*
 * The Gregorian calendar in UTC, of any year. Days count from 1970-01-01; milliseconds
 * from its midnight.
 */
enum { HVS_DAY_MS = 86400000 };

struct hvs_date {
    int64_t year;
    int month, day; /* from 1 */
};

/* The day of a date. A day that the month does not have runs over into the next. */
int64_t hvs_date_days(int64_t year, int month, int day);

/* The date of a day. */
struct hvs_date hvs_date_of(int64_t days);

/* How many days a month has. */
int hvs_date_month_days(int64_t year, int month);

/* value / by, rounded down below zero too; `by` is positive. */
int64_t hvs_floor_div(int64_t value, int64_t by);

/* "2026-01-31T23:59:59Z" of ms since 1970; "" for a year of more than four digits.
 * Returns `out`. */
const char *hvs_date_text(int64_t ms, char out[32]);

#endif
