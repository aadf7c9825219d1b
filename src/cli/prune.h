#ifndef HVS_CLI_PRUNE_H
#define HVS_CLI_PRUNE_H

#include "cli/task.h"
#include "cli/values.h"

/*
 * Pruning in two rounds: the hosts are listed, and it is decided what goes; then each
 * VM's snapshots are deleted, one after the other, the VMs at the same time.
 */
struct prune_rules {
    struct hvs_policy policy;
    struct labels labels; /* that policy.keep_labels points to */
    bool dry_run, any_kind;
};

/* One VM: its snapshots, lent of a listing, what becomes of them, and what came of it. */
struct prune_vm {
    const struct work *work; /* of the target that showed it */
    struct hvs_snapshot **items;
    size_t count;
    struct hvs_policy_plan *plan;
    struct hvs_delete_result **deleted; /* of each item, or NULL */
    struct hvs_error *errs;             /* of each item */
    struct hvs_error err;               /* why there is no plan to be carried out */
};

struct listing;
struct prune {
    const struct prune_rules *rules;
    struct listing **listings;
    size_t listing_count;
    struct prune_vm *vms;
    size_t count;
};

/* Print what came of a VM: the task's work is that of the second round. */
void prune_report(struct task *task);

/* Is it a policy at all? Tells before anything is asked for. */
int prune_check(const struct prune_rules *rules, struct hvs_error *err) HVS_MUST_CHECK;

int prune_run(struct call *call, const struct prune_rules *rules,
              struct hvs_error *err) HVS_MUST_CHECK;

#endif
