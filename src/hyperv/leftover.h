#ifndef HVS_HYPERV_LEFTOVER_H
#define HVS_HYPERV_LEFTOVER_H

#include "hyperv/census.h"

/*
 * What has a call that was cut off left behind on a VM? A snapshot is named only after
 * its job has ended: who is killed before that leaves one with the host's own name.
 *
 * Ours is the one create job on the VM whose Owner is our account and that is under way,
 * or has ended well within five minutes, by the host's clock, with a snapshot that still
 * has such a name, bears no labels, and is where the VM stands. The call that began it
 * may be alive and about to name it: it is left some time for that.
 *
 * What this cannot tell: a snapshot that the same account took without a name on purpose
 * less than five minutes ago.
 */
enum hvs_left {
    HVS_LEFT_NOTHING,
    HVS_LEFT_JOB,     /* `job` is under way */
    HVS_LEFT_FRESH,   /* it has ended, and whoever began it may name it: look again */
    HVS_LEFT_RIPE,    /* `row` waits for its name */
    HVS_LEFT_SEVERAL, /* more than one could be it */
    HVS_LEFT_UNSURE,  /* one could be it, and whose it is cannot be told */
};

struct hvs_leftover_of {
    const char *vm_id, *vm_name;
    const char *account, *domain; /* who we are */
    uint64_t max_age_ms;          /* older ones are of no interest; 0: all are */
    const char *known; /* InstanceID of a job that was seen before, or "": whatever the */
    unsigned known_left_ms; /* host's clock says, its call has so much time left */
};
enum { HVS_LEFT_TIME_MS = 15000 }; /* that time */

struct hvs_leftover_job;

struct hvs_leftover {
    struct hvs_op op;
    struct hvs_leftover_of of; /* strings are lent */

    /* at HVS_DONE */
    enum hvs_left left;
    char job[64];
    unsigned wait_ms; /* FRESH: that is left of its time, as far as it is known */
    const struct hvs_settings *row; /* lent */
    const struct hvs_settings *vm;  /* the VM's own, as read with it; lent */

    struct hvs_query jobs;
    struct hvs_leftover_job *list;
    size_t count, next;
    bool others; /* the list is of all VMs */
    struct hvs_affected_query affected;
    struct hvs_settings_query settings;
    int64_t now; /* by the host's clock; 0: not known */
};
void hvs_leftover_init(struct hvs_leftover *self);
void hvs_leftover_clear(struct hvs_leftover *self);

/* Is it a name as hosts give them: "web1 - (7/29/2026 - 2:10:05 PM)", in the host's own
 * language? */
bool hvs_is_default_name(const char *name, const char *vm_name);

#endif
