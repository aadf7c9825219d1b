#include "base/base64.h"

#include "base/secret.h"

#include <stdint.h>
#include <string.h>

const char hvs_base64_signs[65] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void hvs_base64_add(struct hvs_buf *out, const void *bytes, size_t len)
{
    const unsigned char *in = bytes;
    uint32_t group;
    char four[4];

    for (; len; in += 3, len -= len < 3 ? len : 3) {
        group = (uint32_t)in[0] << 16 | (len > 1 ? (uint32_t)in[1] << 8 : 0) |
                (len > 2 ? in[2] : 0);
        four[0] = hvs_base64_signs[group >> 18];
        four[1] = hvs_base64_signs[group >> 12 & 63];
        four[2] = len > 1 ? hvs_base64_signs[group >> 6 & 63] : '=';
        four[3] = len > 2 ? hvs_base64_signs[group & 63] : '=';
        hvs_buf_add(out, four, 4);
    }
    hvs_wipe(four, sizeof(four));
}

static int value_of(char c)
{
    const char *at = c ? strchr(hvs_base64_signs, c) : NULL;

    return at ? (int)(at - hvs_base64_signs) : -1;
}

/* The 24 bits of one group with `pad` signs of padding; -1 when it is none. */
static int32_t group_of(const char *text, size_t pad)
{
    int32_t group = 0;
    size_t i;

    for (i = 0; i < 4; i++) {
        int v = i < 4 - pad ? value_of(text[i]) : 0;

        if (v < 0)
            return -1;
        group = group << 6 | v;
    }
    /* the bits that padding throws away must be zero, or two texts mean one */
    if ((pad == 1 && group & 0xff) || (pad == 2 && group & 0xffff))
        return -1;
    return group;
}

bool hvs_base64_decode(struct hvs_buf *out, const char *text, size_t len)
{
    struct hvs_buf bytes = HVS_BUF_INIT(out->max);
    bool ok = len % 4 == 0;
    size_t i, pad;
    int32_t group;
    char three[3];

    for (i = 0; ok && i < len; i += 4) {
        pad = 0;
        if (i + 4 == len && text[i + 3] == '=')
            pad = text[i + 2] == '=' ? 2 : 1;
        group = group_of(text + i, pad);
        ok = group >= 0;
        three[0] = (char)(group >> 16 & 0xff);
        three[1] = (char)(group >> 8 & 0xff);
        three[2] = (char)(group & 0xff);
        if (ok)
            hvs_buf_add(&bytes, three, 3 - pad);
    }
    if (hvs_buf_no_memory(&bytes))
        hvs_buf_fail(out);
    ok = ok && !bytes.failed;
    if (ok)
        hvs_buf_add(out, hvs_buf_str(&bytes), bytes.len);
    hvs_buf_clear(&bytes);
    return ok;
}
