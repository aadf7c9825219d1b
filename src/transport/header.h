#ifndef HVS_TRANSPORT_HEADER_H
#define HVS_TRANSPORT_HEADER_H

#include <stddef.h>
#include <stdint.h>

/* The value of a header line if it has this name, trimmed; NULL otherwise. Lent. */
const char *hvs_header_value(const char *line, size_t len, const char *name,
                             size_t *size);

/* The value of Date, in ms since 1970; 0 for none, and for one beyond the year 9999. */
int64_t hvs_header_date(const char *value, size_t len);

#endif
