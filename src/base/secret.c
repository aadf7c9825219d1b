#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

void hvs_wipe(void *mem, size_t len)
{
    /* who reads the pointer anew cannot know that the call has no effect */
    static void *(*const volatile set)(void *, int, size_t) = memset;

    if (len)
        set(mem, 0, len);
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
