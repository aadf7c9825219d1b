#ifndef HVS_CLI_WIDTH_H
#define HVS_CLI_WIDTH_H

#include <stddef.h>
#include <stdint.h>

/* How many columns of a terminal a UTF-8 text takes, whatever the locale. Combining
 * marks take none, Chinese and Japanese characters and most emoji two, characters of
 * ambiguous width one. */
size_t width_of(const char *text);

/* How many bytes of the text fit into that many columns, whole characters only. */
size_t width_cut(const char *text, size_t columns);

/* The same question about one character without the C library's tables, for systems
 * that have no UTF-8 locale. */
int width_by_range(uint32_t character);

#endif
