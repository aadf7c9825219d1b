#ifndef HVS_HYPERV_TAKE_H
#define HVS_HYPERV_TAKE_H

#include "hyperv/created.h"
#include "hyperv/mark.h"
#include "hyperv/put_back.h"
#include "hyperv/refusal.h"
#include "hyperv/which.h"
#include "hyperv/why_not.h"

struct hvs_take_typing;

/*
 * Take a snapshot of a VM that was found: ask, follow the job, find out which snapshot is
 * new, give it its name, notes, labels and lifetime, and prove it. Where the VM is given
 * another checkpoint type for that, its own is put back as soon as the job is over, and
 * after any other end by the run's undo.
 */
struct hvs_take {
    struct hvs_op op;
    const struct hvs_take_what *what;  /* lent */
    const struct hvs_settings *vm;     /* lent: its live settings; set before the call */
    struct hvs_create_result *result;  /* lent: what it came to */

    char vm_id[40], stood_on[40];
    struct hvs_change change;
    struct hvs_created created;
    struct hvs_refusal refusal;
    struct hvs_job_wait wait;
    struct hvs_why_not *why; /* of a job that failed; or NULL */
    const char *known; /* InstanceID of what was made, or "" */
    struct hvs_which which;
    struct hvs_mark mark;

    struct hvs_take_typing *typing; /* of another checkpoint type; NULL: it has its own */
};
void hvs_take_init(struct hvs_take *self, const struct hvs_take_what *what,
                   struct hvs_create_result *result);
void hvs_take_clear(struct hvs_take *self);

/* When the run is over: fill in what the undo has found out, and have the error tell of a
 * type that was not put back. `rc` is the run's; returns what its end shall. */
int hvs_take_finish(struct hvs_take *self, int rc, struct hvs_error *err);

#endif
