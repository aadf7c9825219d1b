#include "base/glob.h"

#include "base/err.h"
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* The character at *at, which moves behind it. A byte that is not UTF-8 counts as one,
 * and as none that can be written. */
static uint32_t next(const char **at)
{
    uint32_t c = (unsigned char)**at;
    size_t len = 1;

    if (c >= 0x80)
        len = hvs_utf8_next(*at, strnlen(*at, 4), &c);
    if (!len)
        c = 0x110000 + (unsigned char)**at;
    *at += len ? len : 1;
    return c;
}

/* One of a set's characters; a NUL stays where it is. */
static uint32_t member(const char **at)
{
    if (**at == '\\')
        (*at)++;
    return **at ? next(at) : 0;
}

/* Is `c` in the set that begins behind the `[` at *at? *at moves behind its `]`; *closed
 * says whether there is one. */
static bool in_set(const char **at, uint32_t c, bool *closed)
{
    bool without = **at == '!' || **at == '^', found = false, first = true;
    uint32_t low, high;

    for (*at += without; **at && (first || **at != ']'); first = false) {
        low = high = member(at);
        if ((*at)[0] == '-' && (*at)[1] && (*at)[1] != ']') {
            (*at)++;
            high = member(at);
        }
        found = found || (low <= c && c <= high);
    }
    *closed = **at == ']';
    *at += *closed;
    return found != without;
}

/* Does the pattern's next part, which is no star, fit the text's next character? Both
 * move on. */
static bool fits(const char **pattern, const char **text)
{
    uint32_t c = next(text);
    bool closed;

    switch (*(*pattern)++) {
    case '?': return true;
    case '[': return in_set(pattern, c, &closed) && closed;
    case '\\': break;
    default: (*pattern)--; break;
    }
    return **pattern && next(pattern) == c;
}

bool hvs_glob_match(const char *pattern, const char *text)
{
    const char *star = NULL,
               *mark = NULL; /* behind the last star; where it ends so far */

    for (;;) {
        if (*pattern == '*') {
            star = ++pattern;
            mark = text;
        } else if (!*text) {
            return !*pattern;
        } else if (!*pattern || !fits(&pattern, &text)) {
            if (!star)
                return false;
            /* no earlier star has to give: what lies between them fitted */
            next(&mark);
            pattern = star;
            text = mark;
        }
    }
}

/* What is wrong with the set behind the `[` at *at, or NULL; *at moves behind it. */
static const char *wrong_set(const char **at)
{
    const char *from = *at;
    bool closed;

    in_set(at, 0, &closed);
    if (!closed)
        return "a [ has no ]";
    for (; from < *at; from++)
        if (from[0] == '[' && strchr(":.=", from[1]))
            return "classes such as [:digit:] are not known";
    return NULL;
}

int hvs_glob_check(const char *pattern, struct hvs_error *err)
{
    const char *at = pattern, *wrong = NULL;

    if (!hvs_utf8_valid(pattern, strlen(pattern)))
        return hvs_err_set(err, HVS_USAGE, 0, "a pattern is not UTF-8");
    while (*at && !wrong) {
        switch (*at++) {
        case '\\':
            if (!*at)
                wrong = "nothing follows the last \\";
            else
                next(&at);
            break;
        case '[': wrong = wrong_set(&at); break;
        default: break;
        }
    }
    if (!wrong)
        return 0;
    return hvs_err_set(err, HVS_USAGE, 0, "in the pattern '%.100s' %s", pattern, wrong);
}
