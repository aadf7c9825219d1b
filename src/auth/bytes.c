#include "auth/bytes.h"

uint16_t hvs_get16(const void *bytes)
{
    const uint8_t *b = bytes;

    return (uint16_t)(b[0] | b[1] << 8);
}

uint32_t hvs_get32(const void *bytes)
{
    const uint8_t *b = bytes;

    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

void hvs_put32(uint8_t out[4], uint32_t value)
{
    out[0] = (uint8_t)value;
    out[1] = (uint8_t)(value >> 8);
    out[2] = (uint8_t)(value >> 16);
    out[3] = (uint8_t)(value >> 24);
}

void hvs_bytes_add(struct hvs_buf *out, const void *bytes, size_t len)
{
    hvs_buf_add(out, bytes, len);
}

void hvs_bytes_add16(struct hvs_buf *out, uint16_t value)
{
    uint8_t two[2] = {(uint8_t)value, (uint8_t)(value >> 8)};

    hvs_bytes_add(out, two, sizeof(two));
}

void hvs_bytes_add32(struct hvs_buf *out, uint32_t value)
{
    uint8_t four[4];

    hvs_put32(four, value);
    hvs_bytes_add(out, four, sizeof(four));
}
