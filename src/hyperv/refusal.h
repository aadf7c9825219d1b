#ifndef HVS_HYPERV_REFUSAL_H
#define HVS_HYPERV_REFUSAL_H

#include "hyperv/summary.h"

/*
 * A method said no. Its number alone does not tell whether the VM is busy, in the wrong
 * state, or no longer on this host: look at the VM, then fail with what is so, and how
 * far the job is that keeps it busy. One question as a rule; one more where the host does
 * not take it, or knows no such VM.
 */
struct hvs_refusal {
    struct hvs_op op;
    const char *vm_id;   /* lent */
    const char *vm_name; /* lent */
    uint32_t code;
    struct hvs_error why; /* what is known without looking */
    uint32_t state;       /* the VM's, as it was seen; 0 for not seen */
    struct hvs_summary summary;
    struct hvs_system_query query;
};

/* `why` is what the change failed with, or NULL for a ReturnValue alone. */
void hvs_refusal_init(struct hvs_refusal *self, const char *vm_id, const char *vm_name,
                      const char *method, uint32_t code, const struct hvs_error *why);
void hvs_refusal_clear(struct hvs_refusal *self);

/* The error when the VM itself is no longer to be seen. */
void hvs_refusal_moved(const struct hvs_error *why, const char *vm_name,
                       struct hvs_error *err);

#endif
