#ifndef SIM_JOB_H
#define SIM_JOB_H

#include "hvsim/world.h"

/*
 * Jobs. Nothing runs: what state a job is in is worked out from the clock, and
 * sim_jobs_advance() does what has become due, in the order of the jobs' ends.
 */

/* JobType. */
enum sim_job_type {
    SIM_JOB_STOP = 0, /* of an effect alone: a job was stopped */
    SIM_JOB_MODIFY = 2, /* and pausing */
    SIM_JOB_START = 12,
    SIM_JOB_OFF = 13,
    SIM_JOB_SAVE = 14,
    SIM_JOB_MERGE = 50,
    SIM_JOB_CREATE = 70,
    SIM_JOB_APPLY = 71,
    SIM_JOB_DESTROY = 72,
    SIM_JOB_CLEAR = 73,
};

/* Start a job about a VM, which is then busy with it (but not with a merge). It will
 * succeed after the VM's usual time. */
struct sim_job *sim_job_start(struct sim_host *host, struct sim_vm *vm, int type,
                              const char *owner, sim_job_finish *finish);

/* Let it fail instead, for a reason in layers: the summary, and `why`. */
void sim_job_fail(struct sim_host *host, struct sim_job *job, int code,
                  enum sim_text why);

/* The same for a number on command: a vendor code, or an HRESULT. */
void sim_job_fail_number(struct sim_host *host, struct sim_job *job, uint32_t number);

/* Add one more line to what the host says. */
void sim_job_explain(struct sim_host *host, struct sim_job *job, enum sim_text why,
                     const char *first);

/* Stop it, in state 8 or 9: now, or as SW_JOB_STOP says. False when it cannot be stopped
 * any more. */
bool sim_job_stop(struct sim_host *host, struct sim_job *job, int state);

struct sim_job *sim_job_find(const struct sim_host *host, const char *id);

/* Is it over, as seen now? */
int sim_job_state(const struct sim_host *host, const struct sim_job *job);
int sim_job_percent(const struct sim_host *host, const struct sim_job *job);

/* Does the row that points to the new snapshot exist yet? */
bool sim_job_shows_made(const struct sim_host *host, const struct sim_job *job);

/* When the next job ends; INT64_MAX when none will. */
int64_t sim_jobs_next(const struct sim_host *host);

/* Do what is due at host->now, and forget jobs that ended long ago. */
void sim_jobs_advance(struct sim_host *host);

/* Forget every job, as a restart of the service does. What was under way is not done. */
void sim_jobs_clear(struct sim_host *host);

void sim_changes_free(struct sim_changes *changes);

#endif
