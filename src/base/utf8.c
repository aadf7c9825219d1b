#include "base/utf8.h"

#include <string.h>

/* The length that a lead byte announces; 0 for one that cannot lead. */
static size_t announced(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead <= 0xdf)
        return 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return 3;
    if (lead >= 0xf0 && lead <= 0xf4)
        return 4;
    return 0;
}

size_t hvs_utf8_next(const char *text, size_t len, uint32_t *out)
{
    static const unsigned char lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *byte = (const unsigned char *)text;
    size_t need = len ? announced(byte[0]) : 0;
    uint32_t c;
    size_t i;

    if (!need || need > len)
        return 0;
    c = byte[0] & lead_bits[need];
    for (i = 1; i < need; i++) {
        if ((byte[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (byte[i] & 0x3f);
    }
    if (c < least[need] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *out = c;
    return need;
}

bool hvs_utf8_valid(const char *text, size_t len)
{
    uint32_t c;
    size_t n;

    while (len) {
        n = hvs_utf8_next(text, len, &c);
        if (!n)
            return false;
        text += n;
        len -= n;
    }
    return true;
}

size_t hvs_utf8_length(const char *text)
{
    size_t left = strlen(text), count = 0, n;
    uint32_t c;

    for (; left; count++) {
        n = hvs_utf8_next(text, left, &c);
        n = n ? n : 1;
        text += n;
        left -= n;
    }
    return count;
}

void hvs_utf8_trim(char *text)
{
    size_t len = strlen(text), back = 0;

    while (back < 3 && back < len && ((unsigned char)text[len - 1 - back] & 0xc0) == 0x80)
        back++;
    if (back < len && announced((unsigned char)text[len - 1 - back]) > back + 1)
        text[len - 1 - back] = '\0';
}

void hvs_utf8_mend(char *text)
{
    size_t left = strlen(text), n;
    char *to = text;
    uint32_t c;

    while (left) {
        n = hvs_utf8_next(text, left, &c);
        memmove(to, text, n);
        to += n;
        text += n ? n : 1;
        left -= n ? n : 1;
    }
    *to = '\0';
}

void hvs_utf8_one_line(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 127)
            *text = ' ';
}
