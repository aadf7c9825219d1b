#include "auth/upcase.h"

#include "auth/bytes.h"
#include "base/err.h"
#include "base/utf8.h"

#include <string.h>

/*
 * Case as Windows has it since Vista (Microsoft's exFAT specification, 7.2.5.1, prints
 * such a table): letter by letter, so that sharp s stays as it is. The micro sign stays
 * too, which Unicode would turn into a Greek letter.
 */
static const struct row {
    uint16_t first, last;
    enum { SAME, SHIFT, PAIRS } how; /* PAIRS: small letters are the odd ones, or even */
    int by; /* SHIFT: the distance; PAIRS: the small one's bit 0 */
} rows[] = {
    {0x0020, 0x0060, SAME, 0},    {0x0061, 0x007a, SHIFT, -32},
    {0x007b, 0x007e, SAME, 0},    {0x00a0, 0x00df, SAME, 0},
    {0x00e0, 0x00f6, SHIFT, -32}, {0x00f7, 0x00f7, SAME, 0},
    {0x00f8, 0x00fe, SHIFT, -32}, {0x00ff, 0x00ff, SHIFT, 121},
    {0x0178, 0x0178, SAME, 0},    {0x0386, 0x0386, SAME, 0},
    {0x0388, 0x038a, SAME, 0},    {0x038c, 0x038c, SAME, 0},
    {0x038e, 0x03a1, SAME, 0},    {0x03a3, 0x03ab, SAME, 0},
    {0x03ac, 0x03ac, SHIFT, -38}, {0x03ad, 0x03af, SHIFT, -37},
    {0x03b0, 0x03b0, SAME, 0},    {0x03b1, 0x03c1, SHIFT, -32},
    {0x03c2, 0x03c2, SHIFT, -31}, {0x03c3, 0x03cb, SHIFT, -32},
    {0x03cc, 0x03cc, SHIFT, -64}, {0x03cd, 0x03ce, SHIFT, -63},
    {0x0400, 0x042f, SAME, 0},    {0x0430, 0x044f, SHIFT, -32},
    {0x0450, 0x045f, SHIFT, -80}, {0x0460, 0x0481, PAIRS, 1},
    {0x048a, 0x04bf, PAIRS, 1},   {0x04c0, 0x04c0, SAME, 0},
    {0x04c1, 0x04ce, PAIRS, 0},   {0x04cf, 0x04cf, SHIFT, -15},
    {0x04d0, 0x04ff, PAIRS, 1},
};

/* The upper case of `c`; 0 when it is not in the table. */
static uint16_t upper(uint32_t c)
{
    const struct row *row;

    for (row = rows; row < rows + sizeof(rows) / sizeof(rows[0]); row++) {
        if (c < row->first || c > row->last)
            continue;
        if (row->how == SHIFT)
            return (uint16_t)((int)c + row->by);
        if (row->how == PAIRS && (int)(c & 1) == row->by)
            return (uint16_t)(c - 1);
        return (uint16_t)c;
    }
    return 0;
}

int hvs_upcase_add(struct hvs_buf *out, const char *name, struct hvs_error *err)
{
    struct hvs_buf text = HVS_BUF_INIT(out->max);
    size_t left = strlen(name), n;
    uint32_t c = 0;
    int rc = -1;

    for (; left; left -= n, name += n) {
        n = hvs_utf8_next(name, left, &c);
        if (!n) {
            hvs_err_set(err, HVS_USAGE, 0, "the user name is not UTF-8");
            goto out;
        }
        if (!upper(c)) {
            hvs_err_set_hint(err, HVS_USAGE, 0,
                             "use --auth kerberos, or an account with a Latin, Greek or "
                             "Cyrillic name",
                             "NTLM cannot be used with the character U+%04X in the user "
                             "name",
                             (unsigned)c);
            goto out;
        }
        hvs_bytes_add16(&text, upper(c));
    }
    if (text.failed) {
        if (!text.full)
            hvs_err_memory(err);
        hvs_err_set(err, HVS_USAGE, 0, "the user name is too long");
        goto out;
    }
    hvs_buf_add(out, hvs_buf_str(&text), text.len);
    rc = 0;
out:
    hvs_buf_clear(&text);
    return rc;
}
