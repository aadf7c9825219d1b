#ifndef HVS_AUTH_RC4_H
#define HVS_AUTH_RC4_H

#include <stddef.h>
#include <stdint.h>

/* RC4 (RFC 6229 has its vectors), which NTLM seals with and OpenSSL 3 keeps in a legacy
 * provider that may not be there. The state is a secret: wipe it. */
struct hvs_rc4 {
    uint8_t s[256];
    uint8_t i, j;
};

void hvs_rc4_init(struct hvs_rc4 *rc4, const void *key, size_t len);

/* Go on with the stream; `out` may be `in`. */
void hvs_rc4_apply(struct hvs_rc4 *rc4, const void *in, void *out, size_t len);

#endif
