#ifndef HVS_AUTH_GSS_NAME_H
#define HVS_AUTH_GSS_NAME_H

#include "auth/mech.h"

#ifdef HVS_GSSAPI

#include <krb5.h>

/* The principal that a user's name means: "user@realm", "DOMAIN\\user" or "user". `name`
 * gets it in words, also when it is none. 0, ENAMETOOLONG, ENOMEM, or a
 * code of libkrb5. */
krb5_error_code hvs_principal_of(krb5_context context, const struct hvs_credentials *who,
                                 char *name, size_t size, krb5_principal *out);

#endif

#endif
