#ifndef HVS_HYPERV_WHY_NOT_H
#define HVS_HYPERV_WHY_NOT_H

#include "hyperv/settings.h"

/*
 * A job that should take a snapshot failed, and what the host says is in its own words:
 * do the VM's settings tell why? Always fails, with what was known or with more.
 */
struct hvs_why_not {
    struct hvs_op op;
    const char *vm_id;       /* lent */
    struct hvs_error failed; /* what the job said */
    struct hvs_settings_query query;
};
void hvs_why_not_init(struct hvs_why_not *self, const char *vm_id,
                      const struct hvs_error *failed);
void hvs_why_not_clear(struct hvs_why_not *self);

/* Is it worth a question? Not when the job has named a cause that is known. */
bool hvs_why_not_asks(const struct hvs_error *failed);

#endif
