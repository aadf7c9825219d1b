#ifndef HVS_CLI_CONFIRM_H
#define HVS_CLI_CONFIRM_H

#include "cli/call.h"

/* Fail, before anything is begun, when there is nobody to ask and `yes` was not given.
 * `what` is what would be asked for: "restoring throws away what a VM did since". */
int confirm_possible(const struct call *call, bool yes, const char *what,
                     struct hvs_error *err) HVS_MUST_CHECK;

/* Tell what is going to happen, and ask whether it shall, unless `yes` was given.
 * Anything but a "y" or a "yes" is a refusal. */
int confirm(struct call *call, bool yes, const char *text, struct hvs_error *err)
    HVS_MUST_CHECK;

#endif
