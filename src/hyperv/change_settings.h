#ifndef HVS_HYPERV_CHANGE_SETTINGS_H
#define HVS_HYPERV_CHANGE_SETTINGS_H

#include "hyperv/census.h"
#include "hyperv/settings.h"
#include "wsman/change.h"

/*
 * Change settings of a snapshot or a VM, all in one ModifySystemSettings: its job if it
 * makes one, and the settings read back. Done means that the host shows the values.
 *
 * When the reply is lost: done, when the values are there. It may be sent again while
 * each setting has the value that was asked for, or the one before. Not done, once the
 * request can no longer act and no job is at it. A third value is somebody else's:
 * unknown.
 */
struct hvs_new_settings {
    const char *instance_id;
    const char *name;    /* NULL: as it is */
    const char *notes;   /* the whole of Notes; NULL: as they are */
    uint32_t checkpoint; /* UserSnapshotType; 0: as it is */
};

struct hvs_change_settings {
    struct hvs_op op;
    struct hvs_new_settings to;     /* strings are lent */
    const struct hvs_settings *old; /* lent: as they were before; NULL: not known */
    unsigned retries;
    bool patient; /* it is never sent again while an earlier try may still act: that would
                     come late to a value that was changed since */

    enum hvs_outcome outcome; /* at the end */
    unsigned lost;            /* looks that the host did not answer */
    struct hvs_change change;
    struct hvs_find_out found;
    struct hvs_settings_query query;
    struct hvs_census jobs;
    char vm_id[40];
    struct hvs_job_wait wait;
    struct hvs_error failed; /* what the job said, while a try before it may still act */
};
void hvs_change_settings_init(struct hvs_change_settings *self,
                              const struct hvs_new_settings *to,
                              const struct hvs_settings *old, unsigned retries);
void hvs_change_settings_clear(struct hvs_change_settings *self);

/* As read back; at HVS_DONE never NULL. Lent. */
const struct hvs_settings *
hvs_change_settings_row(const struct hvs_change_settings *self);

#endif
