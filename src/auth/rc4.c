#include "auth/rc4.h"

static void swap(uint8_t *a, uint8_t *b)
{
    uint8_t was = *a;

    *a = *b;
    *b = was;
}

void hvs_rc4_init(struct hvs_rc4 *rc4, const void *key, size_t len)
{
    const uint8_t *bytes = key;
    unsigned i;
    uint8_t j = 0;

    for (i = 0; i < 256; i++)
        rc4->s[i] = (uint8_t)i;
    for (i = 0; i < 256; i++) {
        j = (uint8_t)(j + rc4->s[i] + bytes[i % len]);
        swap(&rc4->s[i], &rc4->s[j]);
    }
    rc4->i = 0;
    rc4->j = 0;
}

/* The state is worked on in locals: `out` may point to anything, the state among it, so
 * that it would be written and read again for each byte. Five times as fast. */
void hvs_rc4_apply(struct hvs_rc4 *rc4, const void *in, void *out, size_t len)
{
    const uint8_t *from = in;
    uint8_t *to = out, *s = rc4->s, i = rc4->i, j = rc4->j, a, b;
    size_t k;

    for (k = 0; k < len; k++) {
        a = s[++i];
        j = (uint8_t)(j + a);
        b = s[j];
        s[i] = b;
        s[j] = a;
        to[k] = from[k] ^ s[(uint8_t)(a + b)];
    }
    rc4->i = i;
    rc4->j = j;
}
