#include "auth/utf16.h"

#include "auth/bytes.h"
#include "base/utf8.h"

#include <string.h>

bool hvs_utf16_add(struct hvs_buf *out, const char *text)
{
    size_t left = strlen(text), n;
    uint32_t c = 0;

    if (!hvs_utf8_valid(text, left))
        return false;
    for (; left; left -= n, text += n) {
        n = hvs_utf8_next(text, left, &c);
        if (c > 0xffff) {
            hvs_bytes_add16(out, (uint16_t)(0xd800 | (c - 0x10000) >> 10));
            c = 0xdc00 | (c & 0x3ff);
        }
        hvs_bytes_add16(out, (uint16_t)c);
    }
    return true;
}

/* The character at `bytes`, of which `len` may be read; 0 when there is none. */
static uint32_t next(const uint8_t *bytes, size_t len, size_t *used)
{
    uint32_t c = hvs_get16(bytes), low;

    *used = 2;
    if (c < 0xd800 || c > 0xdfff)
        return c;
    if (c > 0xdbff || len < 4)
        return 0;
    low = hvs_get16(bytes + 2);
    *used = 4;
    return low >= 0xdc00 && low <= 0xdfff ? 0x10000 + ((c & 0x3ff) << 10 | (low & 0x3ff))
                                          : 0;
}

static size_t encode(char four[4], uint32_t c)
{
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

    for (i = n; i > 1; i--, c >>= 6)
        four[i - 1] = (char)(0x80 | (c & 0x3f));
    four[0] = (char)(lead[n] | c);
    return n;
}

bool hvs_utf16_read(char *out, size_t size, const void *bytes, size_t len)
{
    const uint8_t *in = bytes;
    bool ok = len % 2 == 0, room = true;
    size_t at = 0, used, n;
    uint32_t c;
    char four[4];

    for (; ok && len; len -= used, in += used) {
        c = next(in, len, &used);
        ok = c != 0;
        n = encode(four, c);
        room = room && at + n < size;
        if (ok && room) {
            memcpy(out + at, four, n);
            at += n;
        }
    }
    out[ok ? at : 0] = '\0';
    return ok;
}
