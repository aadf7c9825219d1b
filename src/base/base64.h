#ifndef HVS_BASE_BASE64_H
#define HVS_BASE_BASE64_H

#include "base/buf.h"

/* The 64 signs, in the order of what they stand for. */
extern const char hvs_base64_signs[65];

/* Append `len` bytes in base64 (RFC 4648), in one line, padded. */
void hvs_base64_add(struct hvs_buf *out, const void *bytes, size_t len);

/* Append what the base64 text stands for. False, with nothing appended, when it is not
 * base64 to the letter: no white space, padding in full. */
bool hvs_base64_decode(struct hvs_buf *out, const char *text, size_t len);

#endif
