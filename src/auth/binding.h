#ifndef HVS_AUTH_BINDING_H
#define HVS_AUTH_BINDING_H

#include "base/buf.h"

/*
 * Append the application data of a channel binding of type tls-server-end-point
 * (RFC 5929, 4.1) for the server's own certificate, in PEM or DER: the prefix and the
 * certificate's digest. RFC 5929 has no rule for a signature without a digest, as
 * Ed25519's; SHA-256 is what others take.
 */
int hvs_binding_add(struct hvs_buf *out, const void *cert, size_t len,
                    struct hvs_error *err) HVS_MUST_CHECK;

#endif
