#ifndef HVS_HYPERV_ACT_H
#define HVS_HYPERV_ACT_H

#include "hyperv/job.h"
#include "hyperv/refusal.h"
#include "wsman/change.h"
#include "wsman/envelope.h"

/*
 * One method that acts on a VM: sent at most once, its job followed, its refusal
 * explained. At HVS_DONE nothing is proved yet: read back what it should have brought
 * about.
 */
enum hvs_act_end {
    HVS_ACT_SAID,  /* the host says that it is done */
    HVS_ACT_FOUND, /* the reply was lost, and finding out has just seen it */
    HVS_ACT_LOST,  /* the job is gone, or ended in an odd way: only a look can tell */
};

struct hvs_act {
    struct hvs_op op;
    const char *vm_id;   /* lent */
    const char *vm_name; /* lent */
    struct hvs_change change;
    enum hvs_outcome outcome; /* at the end: of the change, or of its job */
    enum hvs_act_end end;     /* at HVS_DONE */
    char job[64]; /* InstanceID; finding out sets it for HVS_OUTCOME_STARTED */
    struct hvs_job_wait wait;
    struct hvs_refusal refusal; /* has the VM's state, if it was looked at */
};

void hvs_act_init(struct hvs_act *self, const char *vm_id, const char *vm_name,
                  struct hvs_find_out *find_out, unsigned retries);
void hvs_act_clear(struct hvs_act *self);

/* Begin, with what is to be sent; called as a child's. HVS_CALL, or HVS_FAIL. */
enum hvs_want hvs_act_call(struct hvs_act *self, struct hvs_run *run,
                           const struct hvs_request_kind *kind,
                           const struct hvs_param *params, size_t count,
                           struct hvs_error *err);

#endif
