#include "wsman/challenge.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The header as any host may send it, and a token for one of our schemes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hvs_buf token = HVS_BUF_INIT(1 << 20);
    char *text = calloc(1, size + 1), schemes[24];

    if (!text)
        return 0;
    memcpy(text, data, size);
    memset(schemes, 'x', sizeof(schemes));
    hvs_challenge_schemes(text, schemes, sizeof(schemes));
    if (!memchr(schemes, '\0', sizeof(schemes)) || strchr(schemes, '\n'))
        abort();
    if (!hvs_challenge_token(text, "Negotiate", &token) && token.len)
        abort(); /* what is not offered brings no token */
    if (token.len > size)
        abort();
    hvs_buf_clear(&token);
    free(text);
    return 0;
}
