#ifndef HVS_AUTH_NTLM_MSG_H
#define HVS_AUTH_NTLM_MSG_H

#include "auth/bytes.h"

#include <stdbool.h>

/*
 * The three messages of NTLM (MS-NLMP 2.2.1), as bytes. No keys here.
 */

enum {
    HVS_NTLM_UNICODE = 0x00000001,
    HVS_NTLM_REQUEST_TARGET = 0x00000004,
    HVS_NTLM_SIGN = 0x00000010,
    HVS_NTLM_SEAL = 0x00000020,
    HVS_NTLM_NTLM = 0x00000200,
    HVS_NTLM_ALWAYS_SIGN = 0x00008000,
    HVS_NTLM_ESS = 0x00080000, /* extended session security */
    HVS_NTLM_TARGET_INFO = 0x00800000,
    HVS_NTLM_VERSION = 0x02000000,
    HVS_NTLM_128 = 0x20000000,
    HVS_NTLM_KEY_EXCH = 0x40000000,
};
#define HVS_NTLM_56 0x80000000u /* no int, so no enumerator */

/* What our NEGOTIATE asks for. */
#define HVS_NTLM_OURS                                                                    \
    (HVS_NTLM_UNICODE | HVS_NTLM_REQUEST_TARGET | HVS_NTLM_SIGN | HVS_NTLM_SEAL |        \
     HVS_NTLM_NTLM | HVS_NTLM_ALWAYS_SIGN | HVS_NTLM_ESS | HVS_NTLM_VERSION |            \
     HVS_NTLM_128 | HVS_NTLM_KEY_EXCH | HVS_NTLM_56)

/* Where the MIC stands in an AUTHENTICATE message that has one. */
#define HVS_NTLM_MIC_AT 72

/* What a CHALLENGE says. The pointers lead into the message. */
struct hvs_ntlm_challenge {
    uint32_t flags;
    uint8_t nonce[8];
    struct hvs_bytes info; /* the target info, its end mark included */
    const uint8_t *time;  /* 8 bytes of FILETIME, or NULL */
    uint32_t av_flags;
    struct hvs_bytes computer; /* the NetBIOS name of the host, UTF-16LE, maybe empty */
};

/* Take a CHALLENGE apart. One that lacks what a safe login needs is refused. */
int hvs_ntlm_read_challenge(struct hvs_ntlm_challenge *out, const void *message,
                            size_t len, struct hvs_error *err) HVS_MUST_CHECK;

/* Append our NEGOTIATE. */
void hvs_ntlm_add_negotiate(struct hvs_buf *out, const uint8_t version[8]);

/* Append the target info for our answer: the host's, then our flags, our `binding` (16
 * bytes or NULL) and `target` (UTF-16LE, maybe empty). */
void hvs_ntlm_add_info(struct hvs_buf *out, const struct hvs_ntlm_challenge *challenge,
                       const uint8_t *binding, struct hvs_bytes target);

struct hvs_ntlm_authenticate {
    uint32_t flags;
    uint8_t version[8];
    bool mic; /* leave room for it: 16 zero bytes at HVS_NTLM_MIC_AT */
    struct hvs_bytes lm, nt, domain, user, workstation, key;
};

/* Append an AUTHENTICATE. */
int hvs_ntlm_add_authenticate(struct hvs_buf *out,
                              const struct hvs_ntlm_authenticate *parts,
                              struct hvs_error *err) HVS_MUST_CHECK;

#endif
