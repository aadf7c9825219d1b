#include "hvsim/charset.h"

#include "base/utf8.h"

static void add_unit(struct hvs_buf *out, uint32_t unit)
{
    char two[2] = {(char)(unit & 255), (char)(unit >> 8 & 255)};

    hvs_buf_add(out, two, sizeof(two));
}

void sim_to_utf16(struct hvs_buf *out, const char *text, size_t len)
{
    uint32_t c;
    size_t n;

    add_unit(out, 0xfeff);
    for (; len; text += n, len -= n) {
        n = hvs_utf8_next(text, len, &c);
        if (!n) {
            n = 1;
            c = 0xfffd;
        }
        if (c < 0x10000) {
            add_unit(out, c);
        } else {
            add_unit(out, 0xd800 + ((c - 0x10000) >> 10));
            add_unit(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
        }
    }
}
