#ifndef HEX_H
#define HEX_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

/* Append the bytes that the hexadecimal text stands for; white space is skipped. */
void hex_add(struct hvs_buf *out, const char *hex);

/* The same into memory of just that length, which is asserted. */
void hex_fill(uint8_t *out, size_t len, const char *hex);

/* Assert that the bytes are those that the text stands for. */
void assert_hex(const void *bytes, size_t len, const char *hex);

#endif
