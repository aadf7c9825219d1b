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

void hvs_rc4_apply(struct hvs_rc4 *rc4, const void *in, void *out, size_t len)
{
    const uint8_t *from = in;
    uint8_t *to = out;

    while (len--) {
        rc4->i++;
        rc4->j = (uint8_t)(rc4->j + rc4->s[rc4->i]);
        swap(&rc4->s[rc4->i], &rc4->s[rc4->j]);
        *to++ = *from++ ^ rc4->s[(uint8_t)(rc4->s[rc4->i] + rc4->s[rc4->j])];
    }
}
