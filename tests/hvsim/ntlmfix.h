#ifndef NTLMFIX_H
#define NTLMFIX_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Is it a bare NTLM message, with no SPNEGO around it? */
bool sim_ntlm_is(const char *token, size_t len);

/*
 * Append an NTLM message in the shape that gss-ntlmssp can read. MS-NLMP lets a client
 * leave Version out of the first and third message, and libcurl does; gss-ntlmssp 1.2
 * (and 1.3.1) refuses both. Messages with a MIC are never changed.
 */
void sim_ntlm_fix(struct hvs_buf *out, const char *token, size_t len);

#endif
