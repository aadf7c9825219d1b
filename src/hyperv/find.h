#ifndef HVS_HYPERV_FIND_H
#define HVS_HYPERV_FIND_H

#include "hyperv/settings.h"

/*
 * Find the one VM that a user means, by its name or its GUID. Fails when there is none,
 * or when the name fits several: it never takes the first.
 */
struct hvs_find_vm {
    struct hvs_op op;
    const char *wanted; /* lent */
    char id[40];        /* the same as a GUID, where it is one */
    struct hvs_settings_query query;
    const struct hvs_settings *vm; /* at HVS_DONE: its live settings, of query.set */
};
void hvs_find_vm_init(struct hvs_find_vm *find, const char *wanted);
void hvs_find_vm_clear(struct hvs_find_vm *find);

/* The one snapshot of a set that a user means: an id, the start of one, or a name. NULL,
 * with *err set, when there is none or several. */
const struct hvs_settings *hvs_find_snapshot(const struct hvs_settings_set *set,
                                             const char *wanted,
                                             struct hvs_error *err) HVS_MUST_CHECK;

/* May it be a VM's or a snapshot's name on the wire? Says why not. */
int hvs_check_text(const char *what, const char *text,
                   struct hvs_error *err) HVS_MUST_CHECK;

/* May a snapshot bear this name? 1 to 100 characters, not all blank. */
int hvs_check_name(const char *name, struct hvs_error *err) HVS_MUST_CHECK;

#endif
