#ifndef SIM_ACTION_H
#define SIM_ACTION_H

#include "hvsim/world.h"

/*
 * What can be done to a VM and its snapshots, whoever asks: a method, a second
 * administrator, the host itself. Each returns what the method would, and sets *job when
 * that is SIM_JOB_STARTED.
 */

/* CreateSnapshot. `kind` is its SnapshotType; `ignore_disks` that of its settings. */
int sim_create(struct sim_host *host, struct sim_vm *vm, int kind, bool ignore_disks,
               const char *owner, struct sim_job **job);

int sim_apply(struct sim_host *host, struct sim_snapshot *snapshot, const char *owner,
              struct sim_job **job);

int sim_destroy(struct sim_host *host, struct sim_snapshot *snapshot, bool tree,
                const char *owner, struct sim_job **job);

int sim_clear_state(struct sim_host *host, struct sim_snapshot *snapshot,
                    const char *owner, struct sim_job **job);

/* RequestStateChange of a VM. */
int sim_request_state(struct sim_host *host, struct sim_vm *vm, int state,
                      const char *owner, struct sim_job **job);

/* ModifySystemSettings, its text already read. Takes `changes`. */
int sim_modify(struct sim_host *host, struct sim_vm *vm, struct sim_changes *changes,
               const char *owner, struct sim_job **job);

/* Stop a job, in state 8 or 9; false when that is too late or not possible. */
bool sim_stop(struct sim_host *host, struct sim_job *job, int state);

/* Let a job fail for no reason of its own, with a vendor code or an HRESULT. */
void sim_spoil(struct sim_host *host, struct sim_job *job, uint32_t number);

/* Let the destruction of a tree end before it is through: one that has nothing below it
 * is gone at once, and no more will be. With `code` 0 the job ends well all the same.
 * Other jobs stay as they are. */
void sim_destroy_part(struct sim_host *host, struct sim_job *job, int code);

/* May an operation on the VM begin? SIM_DONE, what to return, or SIM_JOB_STARTED with a
 * job of that type that will fail. */
int sim_claim(struct sim_host *host, struct sim_vm *vm, int type, const char *owner,
              struct sim_job **job);

#endif
