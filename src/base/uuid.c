#include "base/uuid.h"

#include "base/err.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

int hvs_uuid_new(char out[HVS_UUID_SIZE], struct hvs_error *err)
{
    unsigned char b[16];

    if (RAND_bytes(b, sizeof(b)) != 1)
        return hvs_err_set(err, HVS_SYSTEM, 0, "no random bytes to be had");
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(out, HVS_UUID_SIZE,
             "%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-%02X%02X%02X%02X%02X%02X", b[0],
             b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12],
             b[13], b[14], b[15]);
    return 0;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool hvs_uuid_valid(const char *text)
{
    size_t len = strlen(text), i;

    if (len == 38 && text[0] == '{' && text[37] == '}')
        text++;
    else if (len != 36)
        return false;
    for (i = 0; i < 36; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-' : !is_hex(text[i]))
            return false;
    }
    return true;
}

void hvs_uuid_normal(char out[HVS_UUID_SIZE], const char *text)
{
    size_t i;

    text += *text == '{';
    for (i = 0; i < HVS_UUID_SIZE - 1; i++)
        out[i] = text[i] >= 'a' && text[i] <= 'f' ? (char)(text[i] - 32) : text[i];
    out[i] = '\0';
}
