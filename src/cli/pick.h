#ifndef HVS_CLI_PICK_H
#define HVS_CLI_PICK_H

#include "cli/values.h"

/* Which of the snapshots that there are somebody means: by name, labels and kind. */
struct pick_args {
    struct opt_list match; /* patterns, one of which fits the name */
    struct opt_list label; /* all of which it bears */
    const char *kind;      /* "user,automatic"; NULL for all */
};

#define PICK_OPTS(type)                                                             \
    OPT(type, pick.match, 0, "match", "PATTERN", "those whose name fits: *, ?, [a-z]"), \
    OPT(type, pick.label, 0, "label", "KEY=VALUE", "those that bear this label"),   \
    OPT(type, pick.kind, 0, "kind", "KIND,...", "those of these kinds")

/* The same, checked. */
struct pick {
    const struct pick_args *args;
    struct labels labels;
    unsigned kinds; /* bit per enum hvs_snapshot_kind; 0 for all */
};

/* `args` are lent. Clear it after a failure too. */
int pick_read(struct pick *out, const struct pick_args *args,
              struct hvs_error *err) HVS_MUST_CHECK;
void pick_clear(struct pick *pick);

/* Does anything keep out some? */
bool pick_is_any(const struct pick *pick);

bool pick_fits(const struct pick *pick, const struct hvs_snapshot *snapshot);

/* "user,automatic" as bits. */
int kinds_read(unsigned *out, const char *option, const char *names,
               struct hvs_error *err) HVS_MUST_CHECK;

#endif
