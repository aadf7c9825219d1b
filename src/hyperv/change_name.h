#ifndef HVS_HYPERV_CHANGE_NAME_H
#define HVS_HYPERV_CHANGE_NAME_H

#include "hyperv/job.h"
#include "hyperv/settings.h"
#include "wsman/change.h"

/*
 * Give a snapshot its name: ModifySystemSettings, its job if it makes one, and the
 * snapshot read back. Done means that the host shows the name.
 */
struct hvs_change_name {
    struct hvs_op op;
    const char *instance_id; /* lent */
    const char *name;        /* lent */
    const char *old;         /* lent: what it was called before; NULL: not known */
    unsigned retries;
    unsigned lost; /* looks that the host did not answer */
    struct hvs_change change;
    struct hvs_find_out found; /* after a lost reply: does it bear the name? */
    struct hvs_settings_query query;
    struct hvs_job_wait wait;
};
void hvs_change_name_init(struct hvs_change_name *self, const char *instance_id,
                          const char *name, unsigned retries);
void hvs_change_name_clear(struct hvs_change_name *self);

/* At HVS_DONE: the snapshot as read back. Lent. */
const struct hvs_settings *hvs_change_name_row(const struct hvs_change_name *self);

#endif
