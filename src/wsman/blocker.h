#ifndef HVS_WSMAN_BLOCKER_H
#define HVS_WSMAN_BLOCKER_H

#include "auth/mech.h"

/*
 * A blocking call on a thread of its own, which may be abandoned: a hung KDC or resolver
 * holds nobody up. Whoever comes last frees what they share.
 */
struct hvs_blocker;

/* Start it. NULL, with `call` still the caller's, when there is no thread to be had. */
struct hvs_blocker *hvs_blocker_new(struct hvs_blocking *call, struct hvs_error *err)
    HVS_MUST_CHECK;

/* Readable once the call is over. */
int hvs_blocker_fd(const struct hvs_blocker *blocker);

/* The call, when it is over; then the blocker is freed and the call is the caller's. */
struct hvs_blocking *hvs_blocker_done(struct hvs_blocker *blocker);

/* Leave it to its thread. NULL is fine. */
void hvs_blocker_abandon(struct hvs_blocker *blocker);

#endif
