#ifndef HVS_AUTH_BYTES_H
#define HVS_AUTH_BYTES_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes that lie elsewhere. */
struct hvs_bytes {
    const void *data;
    size_t len;
};

/* Little-endian numbers, as NTLM and the encrypted frame have them. */
uint16_t hvs_get16(const void *bytes);
uint32_t hvs_get32(const void *bytes);
void hvs_put32(uint8_t out[4], uint32_t value);

/* Append bytes that are no text. */
void hvs_bytes_add(struct hvs_buf *out, const void *bytes, size_t len);
void hvs_bytes_add16(struct hvs_buf *out, uint16_t value);
void hvs_bytes_add32(struct hvs_buf *out, uint32_t value);

#endif
