#ifndef HVS_HYPERV_STATE_H
#define HVS_HYPERV_STATE_H

#include "hyperv/act.h"

/* EnabledState, and what RequestStateChange takes for it. */
enum {
    HVS_STATE_RUNNING = 2,
    HVS_STATE_OFF = 3, /* at once, as if the plug were pulled */
    HVS_STATE_SAVED = 6,
    HVS_STATE_PAUSED = 9,
};

/*
 * Bring a VM into a state: RequestStateChange, its job, and the VM looked at again. Done
 * means that the host shows the state, whoever brought it about.
 */
struct hvs_change_state {
    struct hvs_op op;
    const char *vm_id;   /* lent */
    const char *vm_name; /* lent */
    uint32_t from;       /* the state before */
    uint32_t state;      /* the one that is wanted */

    enum hvs_outcome outcome; /* at the end */
    uint32_t seen;            /* the last state that the host showed; 0 for none */
    struct hvs_act act;
    struct hvs_find_out found; /* after a lost reply: is it in that state? */
    struct hvs_system_query query;
    unsigned lost;  /* looks that the host did not answer */
    unsigned looks; /* since the host said yes */
};
void hvs_change_state_init(struct hvs_change_state *self, const char *vm_id,
                           const char *vm_name, uint32_t from, uint32_t state,
                           unsigned retries);
void hvs_change_state_clear(struct hvs_change_state *self);

#endif
