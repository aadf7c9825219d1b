#ifndef HVS_AUTH_NTLM_SEAL_H
#define HVS_AUTH_NTLM_SEAL_H

#include "auth/rc4.h"
#include "base/buf.h"

#include <stdbool.h>

/*
 * NTLM's session security with extended session security, 128 bits and key exchange
 * (MS-NLMP 3.4): one direction of one connection. Messages must be taken in the order in
 * which they were sealed; after a failure the half is out of step for good.
 */
struct hvs_ntlm_half {
    uint8_t sign_key[16];
    struct hvs_rc4 rc4;
    uint32_t seq;
};

enum { HVS_NTLM_SIGNATURE_SIZE = 16 };

/* The keys for what the client (or the server) sends. */
int hvs_ntlm_half_init(struct hvs_ntlm_half *out, const uint8_t session_key[16],
                       bool from_server, struct hvs_error *err) HVS_MUST_CHECK;
void hvs_ntlm_half_clear(struct hvs_ntlm_half *half);

/* The signature of a text that stays as it is; it counts as a message. */
int hvs_ntlm_sign(struct hvs_ntlm_half *half, const void *plain, size_t len,
                  uint8_t signature[HVS_NTLM_SIGNATURE_SIZE], struct hvs_error *err)
    HVS_MUST_CHECK;

/* Append the sealed text to `sealed`. */
int hvs_ntlm_seal(struct hvs_ntlm_half *half, const void *plain, size_t len,
                  uint8_t signature[HVS_NTLM_SIGNATURE_SIZE], struct hvs_buf *sealed,
                  struct hvs_error *err) HVS_MUST_CHECK;

/* Append the plain text to `plain`, once the signature has proved to fit. */
int hvs_ntlm_unseal(struct hvs_ntlm_half *half, const void *signature,
                    size_t signature_len, const void *sealed, size_t len,
                    struct hvs_buf *plain, struct hvs_error *err) HVS_MUST_CHECK;

#endif
