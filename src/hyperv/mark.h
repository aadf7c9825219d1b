#ifndef HVS_HYPERV_MARK_H
#define HVS_HYPERV_MARK_H

#include "hyperv/change_settings.h"
#include "hyperv/take_what.h"

/*
 * Give a snapshot that was just taken its name, notes, labels and lifetime, in one change
 * and only where they differ. Done means that the host shows them.
 */
struct hvs_mark {
    struct hvs_op op;
    const struct hvs_take_what *what; /* lent */
    const struct hvs_settings *vm;    /* of the VM; lent */
    const struct hvs_settings *row;   /* the snapshot as it was read; lent */
    struct hvs_create_result *result; /* lent: what it came to */
    char *notes;                      /* to be written, or NULL */
    struct hvs_change_settings *change; /* NULL before it: it is large */
};
void hvs_mark_init(struct hvs_mark *self, const struct hvs_take_what *what,
                   struct hvs_create_result *result);
void hvs_mark_clear(struct hvs_mark *self);

#endif
