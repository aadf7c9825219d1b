/* wcwidth() is an X/Open extension */
#define _XOPEN_SOURCE 700

#include "cli/width.h"

#include "base/utf8.h"

#include <locale.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

/* Unicode 15, EastAsianWidth.txt and the combining marks of the common scripts: rough,
 * but right for names that people give to machines. */
static const struct {
    uint32_t first, last;
    int width;
} ranges[] = {
    {0x300, 0x36f, 0},     {0x483, 0x489, 0},     {0x591, 0x5bd, 0},
    {0x610, 0x61a, 0},     {0x64b, 0x65f, 0},     {0x1ab0, 0x1aff, 0},
    {0x1dc0, 0x1dff, 0},   {0x200b, 0x200f, 0},   {0x20d0, 0x20ff, 0},
    {0xfe00, 0xfe0f, 0},   {0xfe20, 0xfe2f, 0},   {0x1100, 0x115f, 2},
    {0x2e80, 0x303e, 2},   {0x3041, 0xa4cf, 2},   {0xac00, 0xd7a3, 2},
    {0xf900, 0xfaff, 2},   {0xfe30, 0xfe6f, 2},   {0xff00, 0xff60, 2},
    {0xffe0, 0xffe6, 2},   {0x1f300, 0x1f64f, 2}, {0x1f680, 0x1f6ff, 2},
    {0x1f900, 0x1faff, 2}, {0x20000, 0x3fffd, 2},
};

int width_by_range(uint32_t character)
{
    size_t i;

    for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (character >= ranges[i].first && character <= ranges[i].last)
            return ranges[i].width;
    }
    return 1;
}

/* A locale whose wcwidth() knows Unicode, or 0: looked for once, since that means opening
 * files. wchar_t must hold code points. */
static locale_t unicode_locale(void)
{
    static const char *const names[] = {"C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8"};
    static bool looked;
    static locale_t found;
    size_t i;

#if !defined(__STDC_ISO_10646__) && !defined(__APPLE__)
    looked = true;
#endif
    for (i = 0; !looked && !found && i < sizeof(names) / sizeof(names[0]); i++)
        found = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
    looked = true;
    return found;
}

/* Bytes until `columns` are full, or all; *used gets the columns they take. */
static size_t measure(const char *text, size_t columns, size_t *used)
{
    locale_t unicode = unicode_locale(), before = (locale_t)0;
    size_t left = strlen(text), at = 0, n;
    uint32_t c;
    int width;

    if (unicode)
        before = uselocale(unicode);
    for (*used = 0; at < left; at += n, *used += (size_t)width) {
        n = hvs_utf8_next(text + at, left - at, &c);
        width = 1;
        if (n)
            width = unicode ? wcwidth((wchar_t)c) : width_by_range(c);
        else
            n = 1;
        if (width < 0)
            width = 1;
        if (*used + (size_t)width > columns)
            break;
    }
    if (unicode)
        uselocale(before);
    return at;
}

size_t width_of(const char *text)
{
    size_t used = 0;

    while (text[used] >= ' ' && text[used] <= '~')
        used++;
    if (text[used])
        measure(text, SIZE_MAX / 2, &used);
    return used;
}

size_t width_cut(const char *text, size_t columns)
{
    size_t used;

    return measure(text, columns, &used);
}
