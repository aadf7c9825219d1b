#ifndef HVS_HYPERV_REVERT_H
#define HVS_HYPERV_REVERT_H

#include "hyperv/act.h"
#include "hyperv/census.h"
#include "hyperv/choose.h"

/*
 * Have a VM that is off or saved go back to a snapshot: ApplySnapshot, its job, and the
 * VM looked at again. Done means that the VM stands on the snapshot.
 *
 * When the reply is lost: started, when an apply job of our account acts on the VM since.
 * Done, when the VM stands on the snapshot and did not before. Not done, once the request
 * can no longer act, when the VM stands where it did and no such job is there. All else
 * is unknown; so is a VM that stood on the snapshot already.
 */
struct hvs_revert {
    struct hvs_op op;
    const struct hvs_choose *from; /* lent: the VM, the snapshot, and how all stood */
    unsigned retries;

    enum hvs_outcome outcome; /* at the end */
    struct hvs_act act;
    struct hvs_find_out found;
    struct hvs_census jobs;
    struct hvs_settings_query look;
    unsigned lost; /* looks that the host did not answer */
};
void hvs_revert_init(struct hvs_revert *self, const struct hvs_choose *from,
                     unsigned retries);
void hvs_revert_clear(struct hvs_revert *self);

#endif
