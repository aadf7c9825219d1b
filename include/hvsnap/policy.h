#ifndef HVSNAP_POLICY_H
#define HVSNAP_POLICY_H

#include <hvsnap/snapshot.h>

/*
 * Retention: which snapshots of a VM stay, and which go. Nothing here speaks to a host.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** A span of time on the calendar, in UTC; all zero for none. */
struct hvs_span {
    uint32_t years, months, days;
    int64_t ms; /**< hours and what is smaller */
};

/**
 * Read a span such as "7d" or "1y5m7d2h": each number with its unit, the larger before
 * the smaller. The units are y, m, w, d, h, min and s. As in restic, m means months;
 * minutes are "min". (The program's --timeout, which is no such span, has m for
 * minutes.) "2h30m" is therefore an error, for its order, and so are a span of nothing
 * and one of more than 1000 years.
 */
HVS_API int hvs_span_parse(const char *text, struct hvs_span *out,
                           struct hvs_error *err) HVS_MUST_CHECK;

/** The moment that lies a span before, or after, another (ms since 1970, in UTC). Years
 * and months go to the same day of another month, or to its last when it has no such
 * day: a month after 31 January is the end of February. */
HVS_API int64_t hvs_span_before(const struct hvs_span *span, int64_t ms);
HVS_API int64_t hvs_span_after(const struct hvs_span *span, int64_t ms);

/** "1y5m7d2h", as hvs_span_parse() reads it; "" for none. Returns `buf`. */
HVS_API const char *hvs_span_text(const struct hvs_span *span, char buf[80]);

#ifdef __cplusplus
}
#endif

#endif
