#ifndef HVS_WSMAN_CHALLENGE_H
#define HVS_WSMAN_CHALLENGE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * WWW-Authenticate: `challenges` are the values of that header, one a line, as a host
 * sent them: one scheme a line, or several with commas between.
 */

/* The schemes offered, without tokens: "Negotiate, Kerberos". Cut to `size`. */
void hvs_challenge_schemes(const char *challenges, char *out, size_t size);

/* Is `scheme` offered? Then *token is what stands behind it, decoded; maybe nothing.
 * False too when what stands there is not base64. */
bool hvs_challenge_token(const char *challenges, const char *scheme,
                         struct hvs_buf *token);

#endif
