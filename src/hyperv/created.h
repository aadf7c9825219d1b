#ifndef HVS_HYPERV_CREATED_H
#define HVS_HYPERV_CREATED_H

#include "hyperv/job.h"
#include "hyperv/settings.h"
#include "wsman/change.h"

/*
 * The reply to a CreateSnapshot is lost: what did the host do?
 *
 * Ours is the one create job on this VM that our account has submitted since (by the
 * host's clock). Where jobs are gone, ours is the one new child of the place where the VM
 * stood that no job explains. Several, or an owner that cannot be told from us, or one
 * that may be what somebody else's job has made: unknown.
 * Nothing: not done, but not before the request can no longer act.
 */
struct hvs_created {
    struct hvs_find_out base;
    const struct hvs_change *change; /* lent: when it was sent */
    const char *vm_id;               /* lent */
    const char *stood_on;            /* lent: GUID of the VM's parent before, or "" */
    const char *account, *domain;    /* lent: who we are */

    char job[64];         /* found: our job, or "" */
    char snapshot[64];    /* found: InstanceID of the snapshot, or "" */

    struct hvs_query jobs;
    struct hvs_created_job *candidates;
    size_t count, next;
    struct hvs_affected_query affected;
    struct hvs_settings_query settings;
    size_t ours, maybe_ours;
    size_t nameless; /* jobs of others on this VM that name no snapshot of theirs */
    unsigned lost; /* looks that the host did not answer */
};
void hvs_created_init(struct hvs_created *self, const struct hvs_change *change);
void hvs_created_clear(struct hvs_created *self);

/* Is a job's Owner ("DOMAIN\user") this account? 1 yes, 0 no, -1 cannot be told. */
int hvs_owner_is(const char *owner, const char *account, const char *domain);

#endif
