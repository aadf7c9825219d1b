#ifndef HVS_AUTH_UTF16_H
#define HVS_AUTH_UTF16_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Append UTF-8 text as UTF-16LE. False, with nothing appended, when it is not UTF-8. */
bool hvs_utf16_add(struct hvs_buf *out, const char *text);

/* The UTF-16LE text as UTF-8 in `out`, cut between characters when it is too long.
 * False, with `out` empty, when it is not UTF-16 or holds a NUL. */
bool hvs_utf16_read(char *out, size_t size, const void *bytes, size_t len);

#endif
