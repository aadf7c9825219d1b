#include "hvsim/ntlmfix.h"

#include <stdint.h>
#include <string.h>

/* MS-NLMP 2.2.1: offsets in the messages, and a flag of 2.2.2.5 */
#define TYPE_AT 8
#define TYPE3_FLAGS_AT 60
#define TYPE1_BARE 32
#define TYPE3_BARE 64
#define NEGOTIATE_VERSION 0x02000000u

static uint32_t le32(const char *at)
{
    const unsigned char *p = (const unsigned char *)at;

    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

bool sim_ntlm_is(const char *token, size_t len)
{
    return len >= 12 && memcmp(token, "NTLMSSP", 8) == 0;
}

/* Where the payload of a third message begins. */
static uint32_t payload(const char *token)
{
    static const size_t fields[] = {12, 20, 28, 36, 44, 52};
    uint32_t first = UINT32_MAX;
    size_t i;

    for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        if ((token[fields[i]] || token[fields[i] + 1]) &&
            le32(token + fields[i] + 4) < first)
            first = le32(token + fields[i] + 4);
    return first;
}

void sim_ntlm_fix(struct hvs_buf *out, const char *token, size_t len)
{
    static const char version[8];
    uint32_t flags;
    char four[4];

    if (sim_ntlm_is(token, len) && token[TYPE_AT] == 1 && len == TYPE1_BARE) {
        hvs_buf_add(out, token, len);
        hvs_buf_add(out, version, sizeof(version));
        return;
    }
    if (!sim_ntlm_is(token, len) || token[TYPE_AT] != 3 || len < TYPE3_BARE ||
        payload(token) != TYPE3_BARE) {
        hvs_buf_add(out, token, len);
        return;
    }
    flags = le32(token + TYPE3_FLAGS_AT) & ~NEGOTIATE_VERSION;
    four[0] = (char)(flags & 255);
    four[1] = (char)(flags >> 8 & 255);
    four[2] = (char)(flags >> 16 & 255);
    four[3] = (char)(flags >> 24 & 255);
    hvs_buf_add(out, token, TYPE3_FLAGS_AT);
    hvs_buf_add(out, four, sizeof(four));
    hvs_buf_add(out, token + TYPE3_BARE, len - TYPE3_BARE);
}
