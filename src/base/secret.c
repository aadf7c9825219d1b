#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

void hvs_wipe(void *mem, size_t len)
{
    volatile unsigned char *byte = mem;

    while (len--)
        *byte++ = 0;
}

void hvs_secret_free(char *secret)
{
    if (secret)
        hvs_wipe(secret, strlen(secret));
    free(secret);
}

bool hvs_secret_equal(const void *a, const void *b, size_t len)
{
    const unsigned char *left = a, *right = b;
    unsigned char differ = 0;

    while (len--)
        differ |= *left++ ^ *right++;
    return !differ;
}
