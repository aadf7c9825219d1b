#ifndef HVS_AUTH_GSS_H
#define HVS_AUTH_GSS_H

#include "auth/mech.h"

#ifdef HVS_GSSAPI

#include <gssapi/gssapi.h>

/*
 * What gss.c needs to log in without asking anybody: a credential with the service
 * ticket in it. hvs_ticket_fetch() gets it, and may wait for a KDC for as long as the
 * Kerberos library likes.
 */
struct hvs_ticket {
    char cache[64];    /* "MEMORY:...": ours alone, destroyed with the ticket; or "" */
    gss_cred_id_t cred; /* for SPNEGO, which may choose krb5 and nothing else */
    gss_name_t target; /* the service's name as the KDC knows it: needs no DNS */
    int64_t good_until; /* on hvs_clock_ms() */
    OM_uint32 major, minor; /* of the last GSSAPI call */
    char spn[256], account[256], domain[256];
};

struct hvs_ticket_request {
    struct hvs_credentials who;
    const char *service, *host;
    char *block; /* where the strings lie, when they are a copy */
    size_t block_len;
};

/* Fill *out, which is zero, and clear it also after a failure. */
int hvs_ticket_fetch(struct hvs_ticket *out, const struct hvs_ticket_request *request,
                     struct hvs_error *err) HVS_MUST_CHECK;
void hvs_ticket_clear(struct hvs_ticket *ticket);

extern gss_OID_desc hvs_gss_krb5, hvs_gss_spnego;

/* Report the minor status of krb5 or of GSSAPI with krb5, in a sentence with a hint.
 * `subject` is the service or the user that it is about. Always returns -1. */
int hvs_gss_fail(struct hvs_error *err, OM_uint32 major, OM_uint32 minor,
                 const char *subject);

/* Does this minor status count towards a lock-out: a wrong password, a locked account? */
bool hvs_gss_refused(OM_uint32 minor);

#endif

#endif
