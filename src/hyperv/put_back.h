#ifndef HVS_HYPERV_PUT_BACK_H
#define HVS_HYPERV_PUT_BACK_H

#include "hyperv/change_settings.h"

/*
 * A VM was given another checkpoint type for one call: give it back the one it had. Only
 * where it still has the one that we gave it: a third one is somebody else's, and stays.
 * A job that takes a snapshot is waited for first, since it may not have looked yet.
 */
struct hvs_put_back_of {
    const char *vm_id;
    uint32_t ours, before; /* UserSnapshotType */
    unsigned retries;
};

struct hvs_put_back {
    struct hvs_op op;
    struct hvs_put_back_of of;      /* strings are lent */
    const struct hvs_change *given; /* how it was given ours; lent */
    const char *job; /* InstanceID of one that takes a snapshot, or ""; lent */
    char by_hand[120]; /* what a person would do on the host */

    enum hvs_put_back_end state; /* NOT until it is known to be as it was, or another's */
    char instance_id[64];
    unsigned tries;
    struct hvs_job_wait wait;
    struct hvs_settings_query look;
    struct hvs_change_settings change;
};
void hvs_put_back_init(struct hvs_put_back *self, const struct hvs_put_back_of *of,
                       const struct hvs_change *given);
void hvs_put_back_clear(struct hvs_put_back *self);

#endif
