#ifndef HVS_AUTH_GSS_WHERE_H
#define HVS_AUTH_GSS_WHERE_H

#include "auth/mech.h"

/* Where Kerberos would ask, as far as this machine's configuration says it. */
struct hvs_gss_where {
    char realm[256]; /* of the user, else the default one; or "" */
    char kdcs[512];  /* of that realm, with commas between; "" for those that DNS knows */
};

/* Reads files, but may ask DNS for the realm, where krb5.conf wants that: for a thread.
 * Everything is empty in a build without Kerberos. */
void hvs_gss_where(struct hvs_gss_where *out, const struct hvs_credentials *who);

/* What went wrong with a ticket, as far as another step helps. */
enum hvs_gss_trouble {
    HVS_GSS_OTHER,
    HVS_GSS_NO_TICKET, /* none, or none that lasts */
    HVS_GSS_NO_KDC,    /* none known, or none that answers */
    HVS_GSS_NO_SPN,    /* the KDC does not know the service */
    HVS_GSS_SKEW,      /* clocks */
    HVS_GSS_REFUSED,   /* the KDC refused the user: each try may count */
};
enum hvs_gss_trouble hvs_gss_trouble(uint32_t minor);

#endif
