#ifndef HVS_AUTH_NTLM_H
#define HVS_AUTH_NTLM_H

#include "auth/mech.h"
#include "auth/ntlm_hash.h"

/* hvs_ntlm_new() for tests: `target` goes into the token as it is (NULL: none), and
 * every login takes these inputs instead of fresh ones. */
struct hvs_mech *hvs_ntlm_new_with(const struct hvs_credentials *who, const char *target,
                                   const struct hvs_ntlm_inputs *inputs,
                                   struct hvs_error *err) HVS_MUST_CHECK;

#endif
