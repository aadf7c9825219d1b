#ifndef HVS_AUTH_DIGEST_H
#define HVS_AUTH_DIGEST_H

#include "auth/bytes.h"

#include <hvsnap/error.h>

/*
 * What NTLM takes from OpenSSL. A system in FIPS mode refuses MD5; then each of these
 * fails with a sentence that says so.
 */

/* MD5 and HMAC-MD5 (RFC 2104) of the spans, one after another. */
int hvs_md5(uint8_t out[16], const struct hvs_bytes *spans, size_t count,
            struct hvs_error *err) HVS_MUST_CHECK;
int hvs_hmac_md5(uint8_t out[16], const uint8_t key[16], const struct hvs_bytes *spans,
                 size_t count, struct hvs_error *err) HVS_MUST_CHECK;

/* Bytes that nobody can guess. */
int hvs_random(void *out, size_t len, struct hvs_error *err) HVS_MUST_CHECK;

#endif
