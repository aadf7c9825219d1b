#ifndef ACCEPT_H
#define ACCEPT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The server's half of a login by GSSAPI: NTLM bare or in SPNEGO (the mechanism that
 * gss-ntlmssp brings), Kerberos bare or in SPNEGO. Without GSSAPI at build time no
 * token is ever accepted. GSSAPI calls take turns under one lock of their own.
 */
struct sim_accept;

enum sim_step {
    SIM_STEP_REFUSED, /* the login failed; throw the object away */
    SIM_STEP_MORE,    /* send the token, and expect another one */
    SIM_STEP_DONE,    /* the account is known; send the token if there is one */
};

/* What a login must fulfil. */
struct sim_terms {
    bool kerberos_only;  /* the scheme Kerberos: no SPNEGO, no NTLM */
    const char *binding; /* this listener's channel binding, or NULL to look at none */
    size_t binding_len;
    bool strict; /* refuse a login that is not bound */
};

/* Is there GSSAPI at all? And can NTLM's mechanism be found now? */
bool sim_accept_built(void);
bool sim_accept_ntlm(void);

/* Prepare the environment of the GSSAPI libraries: before the first call and the first
 * thread. `users` is a file of lines DOMAIN:user:password; `keytab` may be NULL. */
int sim_accept_setup(const char *users, const char *computer, const char *domain,
                     const char *keytab, struct hvs_error *err);

struct sim_accept *sim_accept_new(void);
void sim_accept_free(struct sim_accept *accept);

/* One leg. Appends the token to send to `out`. */
enum sim_step sim_accept_step(struct sim_accept *accept, const struct sim_terms *terms,
                              const char *token, size_t len, struct hvs_buf *out);

/* Whose login it is, once done: "DOMAIN\user". */
const char *sim_accept_account(const struct sim_accept *accept);

/* Why the last step was refused, for the log; "" when it was not. */
const char *sim_accept_why(const struct sim_accept *accept);

/* Open a sealed message whose first `signature` bytes are the signature, as strictly as
 * Windows would; `length` is how long the text is said to be. */
bool sim_accept_unseal(struct sim_accept *accept, const char *token, size_t len,
                       size_t signature, size_t length, struct hvs_buf *out);

/* Seal: signature, sealed text, padding go to `out`. The first two lengths are told. */
bool sim_accept_seal(struct sim_accept *accept, const char *text, size_t len,
                     struct hvs_buf *out, size_t *signature, size_t *padding);

#endif
