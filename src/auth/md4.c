#include "auth/md4.h"

#include "auth/bytes.h"
#include "base/secret.h"

#include <string.h>

static uint32_t rotate(uint32_t x, unsigned by)
{
    return x << by | x >> (32 - by);
}

static uint32_t mix(unsigned round, uint32_t x, uint32_t y, uint32_t z)
{
    switch (round) {
    case 0: return (x & y) | (~x & z);
    case 1: return ((x & y) | (x & z) | (y & z)) + 0x5a827999;
    default: return (x ^ y ^ z) + 0x6ed9eba1;
    }
}

static void block(uint32_t state[4], const uint8_t *bytes)
{
    static const uint8_t order[3][16] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15},
        {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15},
    };
    static const uint8_t turn[3][4] = {{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}};
    uint32_t s[4], next;
    unsigned round, i;

    memcpy(s, state, sizeof(s));
    for (round = 0; round < 3; round++)
        for (i = 0; i < 16; i++) {
            next = s[0] + mix(round, s[1], s[2], s[3]) +
                   hvs_get32(bytes + 4 * order[round][i]);
            s[0] = s[3];
            s[3] = s[2];
            s[2] = s[1];
            s[1] = rotate(next, turn[round][i % 4]);
        }
    for (i = 0; i < 4; i++)
        state[i] += s[i];
    hvs_wipe(s, sizeof(s));
    hvs_wipe(&next, sizeof(next));
}

void hvs_md4(uint8_t out[16], const void *data, size_t len)
{
    uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    const uint8_t *bytes = data;
    uint8_t tail[128] = {0};
    size_t left = len, size;
    unsigned i;

    for (; left >= 64; left -= 64, bytes += 64)
        block(state, bytes);
    if (left)
        memcpy(tail, bytes, left);
    tail[left] = 0x80;
    size = left < 56 ? 64 : 128;
    hvs_put32(tail + size - 8, (uint32_t)((uint64_t)len << 3));
    hvs_put32(tail + size - 4, (uint32_t)((uint64_t)len >> 29));
    block(state, tail);
    if (size == 128)
        block(state, tail + 64);

    for (i = 0; i < 4; i++)
        hvs_put32(out + 4 * i, state[i]);
    hvs_wipe(tail, sizeof(tail));
    hvs_wipe(state, sizeof(state));
}
