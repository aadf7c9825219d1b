#include "cli/escape.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

/* The most that one text of a host may come to. */
#define ESCAPE_MAX (64u << 20)

/* Controls of C0 and C1; those that set the direction of text (UAX #9); line separators,
 * which some terminals obey; characters that cannot be seen and so make two names look
 * alike: Unicode's Default_Ignorable_Code_Point and the blank of Braille. The joiners
 * U+200C and U+200D stay, since Persian and emoji need them, and so do U+FE0E and U+FE0F,
 * which choose between an emoji and its plain sign. */
static const struct {
    uint32_t first, last;
} unsafe[] = {
    {0x00, 0x1f},       {0x7f, 0x9f},     {0xad, 0xad},       {0x34f, 0x34f},
    {0x61c, 0x61c},     {0x115f, 0x1160}, {0x17b4, 0x17b5},   {0x180b, 0x180f},
    {0x200b, 0x200b},   {0x200e, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f},
    {0x2800, 0x2800},   {0x3164, 0x3164}, {0xfe00, 0xfe0d},   {0xfeff, 0xfeff},
    {0xffa0, 0xffa0},   {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
    {0xe0000, 0xe0fff},
};

bool escape_needed(uint32_t character)
{
    size_t i;

    for (i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++) {
        if (character >= unsafe[i].first && character <= unsafe[i].last)
            return true;
    }
    return false;
}

static void show(struct hvs_buf *out, uint32_t c, enum escape_style style)
{
    if (style == ESCAPE_JSON && c > 0xffff)
        hvs_buf_printf(out, "\\u%04" PRIX32 "\\u%04" PRIX32,
                       0xd800 + ((c - 0x10000) >> 10), 0xdc00 + ((c - 0x10000) & 0x3ff));
    else if (style == ESCAPE_JSON)
        hvs_buf_printf(out, "\\u%04" PRIX32, c);
    else if (c < 0x80)
        hvs_buf_printf(out, "\\x%02" PRIX32, c);
    else
        hvs_buf_printf(out, "\\u{%" PRIX32 "}", c);
}

static bool kept(char c, enum escape_style style)
{
    return style != ESCAPE_LINE && (c == '\n' || (c == '\t' && style == ESCAPE_TEXT));
}

void escape_add(struct hvs_buf *out, const char *text, size_t len,
                enum escape_style style)
{
    size_t n, good = 0;
    uint32_t c;

    while (good < len) {
        if (text[good] >= ' ' && text[good] <= '~') {
            good++;
            continue;
        }
        n = hvs_utf8_next(text + good, len - good, &c);
        if (n && (!escape_needed(c) || kept(text[good], style))) {
            good += n;
            continue;
        }
        hvs_buf_add(out, text, good);
        if (n)
            show(out, c, style);
        else
            hvs_buf_printf(out, "\\x%02X", (unsigned)(unsigned char)text[good]);
        text += good + (n ? n : 1);
        len -= good + (n ? n : 1);
        good = 0;
    }
    hvs_buf_add(out, text, good);
}

char *escape_line(const char *text)
{
    struct hvs_buf out = HVS_BUF_INIT(ESCAPE_MAX);

    escape_add(&out, text, strlen(text), ESCAPE_LINE);
    return hvs_buf_take(&out, NULL);
}
