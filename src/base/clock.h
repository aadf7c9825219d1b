#ifndef HVS_BASE_CLOCK_H
#define HVS_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds on a clock that only runs forward. */
int64_t hvs_clock_ms(void);

/* Milliseconds since 1970 in UTC. */
int64_t hvs_clock_utc_ms(void);

/* Around `ms`, half as much more or less, each time different: hosts come back to many
 * clients at once. */
unsigned hvs_clock_jitter(unsigned ms);

#endif
