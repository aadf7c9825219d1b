#ifndef HVS_BASE_UTF8_H
#define HVS_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing over U+10FFFF.
 */

/* Decode the character at `text`, of which `len` bytes may be read. The number of its
 * bytes, or 0 for what is not UTF-8 (*out is then untouched). */
size_t hvs_utf8_next(const char *text, size_t len, uint32_t *out);

/* Is it all UTF-8? */
bool hvs_utf8_valid(const char *text, size_t len);

/* How many characters (code points). Bytes that are not UTF-8 count one each. */
size_t hvs_utf8_length(const char *text);

/* Drop an incomplete character at the end, left by a cut at a byte count. */
void hvs_utf8_trim(char *text);

/* Drop every byte that is not UTF-8, wherever a cut has left it. */
void hvs_utf8_mend(char *text);

/* Make blanks of line feeds and other control characters of ASCII: what somebody else
 * said shall not look like a line of our own. */
void hvs_utf8_one_line(char *text);

#endif
