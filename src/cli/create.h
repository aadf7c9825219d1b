#ifndef HVS_CLI_CREATE_H
#define HVS_CLI_CREATE_H

#include "cli/task.h"
#include "cli/values.h"

/* What create and ensure are told, and what they make of it. */
struct create_args {
    const char *name, *notes, *ttl, *max_age;
    struct opt_list label;
    bool detach, replace, together, whole;
    int type, consistency, checkpoint; /* 0: not said */
    int64_t wait_busy;
};

/* What came of one target. */
struct taken {
    struct hvs_create_result *result; /* NULL: nothing was begun */
    struct hvs_error err;
    struct hvs_snapshot_list *list;    /* --replace: what the VM has */
    struct hvs_delete_result **replaced;
    size_t replaced_count;
    bool undone; /* it was deleted again */
};

/* How far apart the requests of --together were. */
struct spread {
    size_t count;
    int64_t first, last, answered; /* monotonic ms */
};

struct wish {
    struct labels labels;
    uint64_t ttl_ms, max_age_ms;
    bool ensure; /* take one only where none fits */
    struct spread spread;
    struct taken *taken; /* a second round follows: one per target; or NULL */
};

/* Print what came of a target. */
void create_headings(struct call *call);
void create_report(struct call *call, const struct work *work, const struct taken *taken);

/* Say how far apart the requests were. */
void create_tell_spread(struct call *call, const struct spread *spread);

/* The second round, once all are over: where all went well, delete what --replace is for;
 * where one failed and it is all or nothing, delete those that were taken. Reports. */
int create_follow(struct call *call, struct wish *wish, struct hvs_error *err)
    HVS_MUST_CHECK;

void taken_free(struct taken *taken, size_t count);

#endif
