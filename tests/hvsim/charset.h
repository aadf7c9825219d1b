#ifndef CHARSET_H
#define CHARSET_H

#include "base/buf.h"

/* Append UTF-8 as UTF-16, little endian with a byte order mark. What is not UTF-8 becomes
 * U+FFFD. */
void sim_to_utf16(struct hvs_buf *out, const char *text, size_t len);

#endif
