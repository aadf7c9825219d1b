#ifndef HVS_HYPERV_CHOOSE_H
#define HVS_HYPERV_CHOOSE_H

#include "hyperv/find.h"

/*
 * Find the one VM and the one snapshot of it that a user means, and how all of its
 * snapshots stood at that moment.
 */
struct hvs_choose {
    struct hvs_op op;
    const char *vm, *wanted; /* lent */
    struct hvs_find_vm find;
    struct hvs_settings_query list;

    /* at HVS_DONE */
    char vm_id[40];
    char stood_on[40];              /* GUID of the VM's parent, or "" */
    const struct hvs_settings *row; /* the snapshot, of set; lent */
    const struct hvs_settings_set *set; /* the VM's snapshots; lent */
};
void hvs_choose_init(struct hvs_choose *self, const char *vm, const char *wanted);
void hvs_choose_clear(struct hvs_choose *self);

/* The VM's name; the snapshot's. Lent, never NULL. */
const char *hvs_choose_vm_name(const struct hvs_choose *self);
const char *hvs_choose_name(const struct hvs_choose *self);

/* For a user's own kinds alone: "restored", "deleted" by hand is what no other is. Fails
 * for those of backup and replication programs, and of what is no snapshot any more; the
 * hint says whether `any_kind` would do it. */
int hvs_choose_check_kind(const struct hvs_settings *row, const char *done, bool may,
                          struct hvs_error *err) HVS_MUST_CHECK;

#endif
