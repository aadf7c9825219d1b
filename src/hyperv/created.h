#ifndef HVS_HYPERV_CREATED_H
#define HVS_HYPERV_CREATED_H

#include "hyperv/census.h"
#include "wsman/change.h"

/*
 * The reply to a CreateSnapshot is lost: what did the host do?
 *
 * Ours is the one create job on this VM that our account has submitted since (by the
 * host's clock). Where jobs are gone, ours is the one new child of the place where the VM
 * stood that no job explains. Several, or an owner that cannot be told from us, or one
 * that may be what somebody else's job has made: unknown.
 * Nothing: not done, but not before the request can no longer act, and only if the VM is
 * still to be seen where it stood, on a host whose clock can be trusted.
 */
struct hvs_created {
    struct hvs_find_out base;
    const struct hvs_change *change; /* lent: when it was sent */
    struct hvs_census_of of;         /* of which VM; the moment is the change's */

    char job[64];      /* found: our job, or "" */
    char snapshot[64]; /* found: InstanceID of the snapshot, or "" */

    struct hvs_census census;
    unsigned lost; /* looks that the host did not answer */
};
/* `of`, since the change was sent. */
struct hvs_census_of hvs_created_of(const struct hvs_created *self);
void hvs_created_init(struct hvs_created *self, const struct hvs_change *change);
void hvs_created_clear(struct hvs_created *self);

#endif
