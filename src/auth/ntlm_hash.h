#ifndef HVS_AUTH_NTLM_HASH_H
#define HVS_AUTH_NTLM_HASH_H

#include "auth/ntlm_msg.h"

/*
 * The keys of NTLMv2 (MS-NLMP 3.3.2). Whatever comes out of here is a secret.
 */

/* The NT hash: MD4 of the password in UTF-16LE. It is as good as the password. */
int hvs_ntlm_hash(uint8_t out[16], const char *password, struct hvs_error *err)
    HVS_MUST_CHECK;

/* NTOWFv2. The user name is put in upper case, the domain (UTF-16LE) is not. */
int hvs_ntlm_owf(uint8_t out[16], const uint8_t hash[16], const char *user,
                 struct hvs_bytes domain, struct hvs_error *err) HVS_MUST_CHECK;

/* The MD5 that stands for a channel binding: of a gss_channel_bindings_struct with no
 * addresses (MS-NLMP 2.2.2.1). */
int hvs_ntlm_binding(uint8_t out[16], const struct hvs_buf *binding,
                     struct hvs_error *err) HVS_MUST_CHECK;

/* What is drawn by lot for each login, and by a test for itself. */
struct hvs_ntlm_inputs {
    uint8_t nonce[8];        /* the client's challenge */
    uint8_t session_key[16]; /* what the session's keys are made from */
    uint8_t time[8];         /* FILETIME, for a host that sends none */
    uint8_t version[8];
    char workstation[16];
};

struct hvs_ntlm_proof {
    uint8_t lm[24];     /* zero where the host sent the time */
    struct hvs_buf nt;  /* the proof, then what it proves */
    uint8_t key[16];    /* the session key, encrypted */
};

/* Answer the challenge with `info` as target info. Clear the proof with
 * hvs_ntlm_proof_clear(), also after a failure. */
int hvs_ntlm_prove(struct hvs_ntlm_proof *out, const uint8_t owf[16],
                   const struct hvs_ntlm_challenge *challenge,
                   const struct hvs_ntlm_inputs *inputs, const struct hvs_buf *info,
                   struct hvs_error *err) HVS_MUST_CHECK;
void hvs_ntlm_proof_clear(struct hvs_ntlm_proof *proof);

#endif
