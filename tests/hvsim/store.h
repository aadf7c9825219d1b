#ifndef SIM_STORE_H
#define SIM_STORE_H

#include "hvsim/world.h"

/* VMs and snapshots of a host: making, finding, taking away. */

struct sim_vm *sim_vm_add(struct sim_host *host, const char *id, const char *name);
void sim_vm_remove(struct sim_host *host, struct sim_vm *vm);
struct sim_vm *sim_vm_find(const struct sim_host *host, const char *id);

/* Add a snapshot below `parent` (NULL: a root). Where the VM stands does not change. */
struct sim_snapshot *sim_snapshot_add(struct sim_host *host, struct sim_vm *vm,
                                      const char *id, const char *name,
                                      struct sim_snapshot *parent);
struct sim_snapshot *sim_snapshot_find(const struct sim_host *host, const char *id);

/* Take one away: its children, and the VM where it stands on it, move to its parent. */
void sim_snapshot_remove(struct sim_host *host, struct sim_snapshot *snapshot);

/* The same with all below it. */
void sim_snapshot_remove_tree(struct sim_host *host, struct sim_snapshot *snapshot);

/* Is `snapshot` `below`, or somewhere above it? */
bool sim_snapshot_above(const struct sim_snapshot *snapshot,
                        const struct sim_snapshot *below);

/* How many of the VM's snapshots count against the limit of 50. */
size_t sim_vm_user_snapshots(const struct sim_vm *vm);

void sim_text_replace(char **text, const char *with);

#endif
