#ifndef SIM_TIMES_H
#define SIM_TIMES_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Times are milliseconds since 1970 in UTC. */

/* What Windows says for "never": 1601-01-01T00:00:00Z. */
#define SIM_NEVER INT64_C(-11644473600000)

struct sim_date {
    int year, month, day, hour, minute, second, ms;
};

void sim_date_of(int64_t ms, struct sim_date *out);

/* 2025-12-17T09:55:22.702Z, the fraction without trailing zeros; or at an offset. */
void sim_time_iso(struct hvs_buf *out, int64_t ms, int offset_minutes);

/* 20251217095522.702000+000, as WQL and embedded instances write it. */
enum { SIM_NATIVE_SIZE = 32 };
void sim_time_native(char out[SIM_NATIVE_SIZE], int64_t ms);

/* P0DT0H1M1.00417S, and 00000000000101.004170:000. */
void sim_interval_iso(struct hvs_buf *out, int64_t ms);
void sim_interval_native(char out[SIM_NATIVE_SIZE], int64_t ms);

/* Read 2025-12-17T09:55:22Z. False when it is not of that form. */
bool sim_time_parse(const char *text, int64_t *ms);

/* Is it one of the two native forms? */
bool sim_is_native(const char *text);

/* An xs:duration without years and months, as OperationTimeout wants it. */
bool sim_duration_parse(const char *text, int64_t *ms);

#endif
