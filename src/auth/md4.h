#ifndef HVS_AUTH_MD4_H
#define HVS_AUTH_MD4_H

#include <stddef.h>
#include <stdint.h>

/* MD4 (RFC 1320) of a password, which is all that it is still good for: NTLM needs it,
 * and OpenSSL 3 keeps it in a legacy provider that may not be there. */
void hvs_md4(uint8_t out[16], const void *data, size_t len);

#endif
