#ifndef HVS_CLI_CHANGE_H
#define HVS_CLI_CHANGE_H

#include "cli/call.h"

#include <jansson.h>

/* What commands that change something print alike. */

/* The item of a change: "host", "vm", "outcome", "changed", "job" and "snapshot".
 * `vm_id` and `job` may be NULL or "", `snapshot` NULL. */
json_t *change_item(const struct work *work, const char *vm_id, enum hvs_outcome outcome,
                    const char *job, const struct hvs_snapshot *snapshot);

/* Where the host may go on without us, have the hint of the failure say how to look. */
void change_hint(const struct work *work, const char *job, enum hvs_outcome outcome,
                 struct hvs_error *err);

/* Have the hint be the command that deletes a snapshot of the target's. */
void change_delete_hint(const struct work *work, const char *id, struct hvs_error *err);

/* Have it end with a command about a snapshot of the target's: "restore", and its options
 * or "". */
void change_add_hint(const struct work *work, const char *verb, const char *id,
                     const char *options, struct hvs_error *err);

#endif
