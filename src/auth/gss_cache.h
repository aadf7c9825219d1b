#ifndef HVS_AUTH_GSS_CACHE_H
#define HVS_AUTH_GSS_CACHE_H

#include "auth/gss.h"

#ifdef HVS_GSSAPI

/*
 * Ticket caches, for which GSSAPI has no words: libkrb5.
 */

/* Make a cache of our own in memory, with a ticket to ask for others with: by password,
 * by keytab, or copied from the user's cache. Sets `cache`, `account` and `domain`. */
int hvs_cache_fill(struct hvs_ticket *out, const struct hvs_credentials *who,
                   struct hvs_error *err) HVS_MUST_CHECK;

/* Is there a cache of the user's with a ticket that lasts? Asks no KDC, but maybe DNS for
 * the realm: for a thread. */
bool hvs_cache_at_hand(const struct hvs_credentials *who);

/* Wipe and destroy a cache; "" is fine. */
void hvs_cache_destroy(const char *name);

#endif

#endif
