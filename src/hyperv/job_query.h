#ifndef HVS_HYPERV_JOB_QUERY_H
#define HVS_HYPERV_JOB_QUERY_H

#include "wsman/enumeration.h"

#include <hvsnap/job.h>

/*
 * Jobs as rows, of whatever class: a query brings those of Msvm_ConcreteJob's sisters
 * too.
 */

/* JobState. */
enum {
    HVS_JOB_STATE_COMPLETED = 7,
    HVS_JOB_STATE_TERMINATED = 8,
    HVS_JOB_STATE_KILLED = 9,
    HVS_JOB_STATE_EXCEPTION = 10,
    HVS_JOB_STATE_WARNINGS = 32768, /* Hyper-V's own */
};

/* Has it ended? Did it, as it should? */
bool hvs_job_state_over(uint32_t state);
bool hvs_job_state_completed(uint32_t state);

/* What JobType of Msvm_ConcreteJob means: "snapshot"; the number in `buf` for one without
 * a name. */
const char *hvs_job_type_text(uint32_t type, char buf[16]);

void hvs_job_free(struct hvs_job *job);

struct hvs_job_query {
    struct hvs_query query;
    const char *id; /* of one job; NULL for all. Lent */
    struct hvs_job **items;
    size_t count, cap;
};
void hvs_job_query_init(struct hvs_job_query *query);
void hvs_job_query_clear(struct hvs_job_query *query);

/* What to ask for: one job, or all of the host. */
int hvs_job_query_by_id(struct hvs_job_query *query, const char *id,
                        struct hvs_error *err) HVS_MUST_CHECK;
int hvs_job_query_all(struct hvs_job_query *query, struct hvs_error *err) HVS_MUST_CHECK;

/* The one job, for the caller, in place of *old, which is freed; NULL, and *old stays,
 * when there is none. What *old knew of its VM is kept. */
bool hvs_job_query_take(struct hvs_job_query *query, struct hvs_job **old);

/* The resource URI of a job's class. */
void hvs_job_resource(const struct hvs_job *job, char out[256]);

/* Replace a job's string. -1 when memory ran out. */
int hvs_job_set(char **text, const char *value, struct hvs_error *err) HVS_MUST_CHECK;

/* A job's id as hosts write it: a GUID in upper case; for the caller to free. NULL, with
 * *err set, for what cannot be one. */
char *hvs_job_id_read(const char *text, struct hvs_error *err) HVS_MUST_CHECK;

#endif
