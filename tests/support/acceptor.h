#ifndef ACCEPTOR_H
#define ACCEPTOR_H

#ifdef HVS_GSSAPI

#include "base/buf.h"

#include <gssapi/gssapi.h>

#include <stdbool.h>

/*
 * A server within the test, by GSSAPI: MIT's Kerberos, or gss-ntlmssp for NTLM.
 */
struct acceptor {
    gss_cred_id_t cred;
    gss_ctx_id_t context;
    bool complete;
    OM_uint32 major, minor, flags; /* of the last step */
    char client[256];              /* who logged in */
};

extern gss_OID_desc acceptor_ntlm, acceptor_spnego;

/* False when the mechanism is not installed, or has no credential. */
bool acceptor_open(struct acceptor *acceptor, gss_OID mech);
void acceptor_close(struct acceptor *acceptor);

/* Take a token (and wipe it) and append the answer. False when it refuses. */
bool acceptor_step(struct acceptor *acceptor, struct hvs_buf *in,
                   const struct hvs_buf *binding, struct hvs_buf *out);

/* Append the text to `plain`. False when the seal is broken. */
bool acceptor_unseal(struct acceptor *acceptor, const struct hvs_buf *signature,
                     const struct hvs_buf *sealed, struct hvs_buf *plain);

/* Seal as the mechanism does on Windows: the signature apart from the text. */
void acceptor_seal(struct acceptor *acceptor, const char *text, struct hvs_buf *signature,
                   struct hvs_buf *sealed);
void acceptor_seal_bytes(struct acceptor *acceptor, const void *bytes, size_t len,
                         struct hvs_buf *signature, struct hvs_buf *sealed);

/* Of the key that it seals with: 32 for AES256, 16 for AES128. */
size_t acceptor_key_size(struct acceptor *acceptor);

#endif

#endif
