#ifndef HVS_AUTH_UPCASE_H
#define HVS_AUTH_UPCASE_H

#include "base/buf.h"

/*
 * Append a user name in upper case, as UTF-16LE, for the key that NTLM derives from it.
 *
 * It must be the very mapping that Windows uses, or a right password looks wrong. Basic
 * Latin, Latin-1, Greek and Cyrillic are known; a name with anything else is refused, in
 * a sentence, rather than refused by the host as a wrong password.
 */
int hvs_upcase_add(struct hvs_buf *out, const char *name, struct hvs_error *err)
    HVS_MUST_CHECK;

#endif
