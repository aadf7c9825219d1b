#ifndef HVS_AUTH_MECH_H
#define HVS_AUTH_MECH_H

#include "base/buf.h"

#include <hvsnap/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One way to prove who we are to one host: tokens in, tokens out, then sealed messages.
 * Knows no HTTP and no base64, and does no I/O.
 *
 * A mechanism lives as long as its session; a *context* lives as long as its connection:
 * hvs_mech_reset() forgets the context, keeps the credentials, and the next
 * hvs_mech_step() starts anew.
 */
struct hvs_mech;

/* A call that may block (a KDC, a DNS look-up), made on a thread that the deadline may
 * abandon: it owns all that it touches, and whoever comes last frees it. */
struct hvs_blocking {
    void (*work)(struct hvs_blocking *self); /* sets `err` when it fails */
    void (*free)(struct hvs_blocking *self);
    struct hvs_error err;
};

/* What the login left behind for `doctor`, for messages and for the sealing. */
struct hvs_mech_evidence {
    uint32_t ntlm_flags;           /* negotiated; 0 when not NTLM */
    uint32_t gss_major, gss_minor; /* of the last GSSAPI call; 0 when not GSSAPI */
    bool refused; /* a KDC refused the password or the account */
    bool bound;                    /* a channel binding went into the token */
    char spn[256];                 /* the Kerberos service asked for, or "" */
    char account[256];             /* who we are, as far as known: without a domain */
    char domain[256];              /* the NetBIOS domain or realm that goes with it */
    int64_t until_ms; /* when the ticket ends, ms since 1970 in UTC; 0 without one */
    int64_t host_ms;  /* the host's clock when it answered the first leg, signed: as soon
                         as the context stands nobody else can have said so; 0: unsaid */
};

struct hvs_mech_ops {
    const char *name;   /* "kerberos", "ntlm", "basic" */
    const char *scheme; /* of the Authorization header: "Negotiate", "Basic" */
    bool each_request;  /* Basic: one token, sent with every request; no context */
    bool binds;         /* over TLS its tokens are bound to the host's certificate */

    /* What must be done before the first step, as a blocking call; NULL with err
     * untouched when nothing must. NULL member: never anything. */
    struct hvs_blocking *(*prepare)(struct hvs_mech *mech, struct hvs_error *err);
    /* Take over what it brought, or why it failed, for the evidence; the caller frees
     * `done` afterwards. */
    int (*prepared)(struct hvs_mech *mech, struct hvs_blocking *done,
                    struct hvs_error *err);

    /* The next token. `in` is the host's (len 0 at the first step), `binding` the
     * application data "tls-server-end-point:..." or NULL without TLS. Appends to
     * `out`, maybe nothing. Sets mech->complete once the context stands. */
    int (*step)(struct hvs_mech *mech, const void *in, size_t len,
                const struct hvs_buf *binding, struct hvs_buf *out,
                struct hvs_error *err);

    /* Seal plain text: append the signature to `signature`, the sealed bytes to
     * `sealed`, and say how many bytes of padding are among them. NULL: cannot. */
    int (*seal)(struct hvs_mech *mech, const void *plain, size_t len,
                struct hvs_buf *signature, struct hvs_buf *sealed, size_t *padding,
                struct hvs_error *err);
    /* The other way; appends to `plain`. A signature that does not fit is an error. */
    int (*unseal)(struct hvs_mech *mech, const void *signature, size_t signature_len,
                  const void *sealed, size_t len, struct hvs_buf *plain,
                  struct hvs_error *err);

    void (*reset)(struct hvs_mech *mech);
    void (*free)(struct hvs_mech *mech); /* wipes the credentials */
};

/* First member of each mechanism's own struct. */
struct hvs_mech {
    const struct hvs_mech_ops *ops;
    bool complete; /* the context stands; seal and unseal may be called */
    const char *instead; /* what to try when preparing fails, or NULL; lent */
    struct hvs_mech_evidence evidence;
};

/* Who logs in. Everything is copied, and wiped with the mechanism. */
struct hvs_credentials {
    const char *user;     /* NULL: the Kerberos ticket cache's */
    const char *domain;   /* "" for a local account or user@REALM */
    const char *password; /* NULL for a ticket cache or a keytab */
    const char *keytab;   /* a file, or NULL */
    const char *ccache;   /* an MIT ccache name, or NULL for the default one */
    struct hvs_tickets *tickets; /* shared with other logins; held, not copied; or NULL */
};

/* Our own NTLMv2: raw NTLMSSP tokens. `host` goes into the target name "HTTP/host". */
struct hvs_mech *hvs_ntlm_new(const struct hvs_credentials *who, const char *host,
                              struct hvs_error *err) HVS_MUST_CHECK;

/* Kerberos through GSSAPI: SPNEGO with krb5 alone. `service` is "HTTP", "WSMAN" or
 * "host". Built without GSSAPI it fails with a sentence. */
struct hvs_mech *hvs_gss_new(const struct hvs_credentials *who, const char *service,
                             const char *host, struct hvs_error *err) HVS_MUST_CHECK;

/* Does this build know Kerberos? */
bool hvs_gss_built(void);

/* Is there a ticket of the user's that has not expired? Asks no KDC, but maybe DNS for
 * the realm: for a thread. */
bool hvs_gss_at_hand(const struct hvs_credentials *who);

/* "user:password", for TLS alone. */
struct hvs_mech *hvs_basic_new(const struct hvs_credentials *who, struct hvs_error *err)
    HVS_MUST_CHECK;

/* A TLS client certificate, which the transport presents. */
struct hvs_mech *hvs_certificate_new(struct hvs_error *err) HVS_MUST_CHECK;

/* Forget the context, keep the credentials. */
void hvs_mech_reset(struct hvs_mech *mech);

/* Wipe and free. NULL is fine. */
void hvs_mech_free(struct hvs_mech *mech);

#endif
