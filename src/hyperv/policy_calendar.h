#ifndef HVS_HYPERV_POLICY_CALENDAR_H
#define HVS_HYPERV_POLICY_CALENDAR_H

#include <stdint.h>

/*
 * The periods that retention counts, in UTC: hours, days, ISO weeks, months and years.
 */
enum hvs_period {
    HVS_PERIOD_HOUR,
    HVS_PERIOD_DAY,
    HVS_PERIOD_WEEK, /* from Monday; of the year that its Thursday is in (ISO 8601) */
    HVS_PERIOD_MONTH,
    HVS_PERIOD_YEAR,
};

/* A number that all moments of a period share, and no other: later ones have larger. */
int64_t hvs_period_of(enum hvs_period period, int64_t ms);

/* "2026-11-28 14:00", "2026-11-28", "2026-W48", "2026-11", "2026". Returns `buf`. */
const char *hvs_period_text(enum hvs_period period, int64_t ms, char buf[48]);

#endif
