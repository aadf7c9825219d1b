#ifndef HVS_HYPERV_JOB_H
#define HVS_HYPERV_JOB_H

#include "wsman/enumeration.h"
#include "xml/map.h"

/*
 * Jobs: Msvm_ConcreteJob and its sisters. A host forgets a job five minutes after its
 * end, and all of them when its service restarts.
 */

/* How a job ended, as far as one can tell. */
enum hvs_job_end {
    HVS_JOB_COMPLETED, /* with warnings, maybe */
    HVS_JOB_GONE,      /* it is no longer there: read the target back */
    HVS_JOB_ODD,       /* completed, with an error code: read the target back */
    HVS_JOB_FAILED,    /* the operation fails too, and says why */
};

/* Follow a job to its end: a Get from time to time, faster while it moves. Fails when the
 * job failed, with all that the host says about it. */
struct hvs_job_wait {
    struct hvs_op op;
    const char *id;        /* lent */
    const char *resource;  /* of the job's class; lent */
    enum hvs_job_end end;
    uint32_t state;        /* JobState as it was last seen; 0 before that */
    uint32_t error_code;   /* of the job */
    uint32_t percent;
    unsigned pause_ms;
    unsigned lost;         /* polls in a row without an answer */
    bool seen;             /* the host knew it at least once */
    bool moved;            /* `percent` was told */
    struct hvs_error why;  /* of a failed job, while its error objects are asked for */

    struct hvs_job_board *board; /* whose jobs are asked for together; NULL: it alone */
    struct hvs_query all;        /* ... when it asks for all of them */
    struct hvs_job_wait *next;   /* the board's */
    struct hvs_run *run;
    bool pausing;          /* it may be woken */
    bool asked, told, goes_on; /* by another's question */
    uint32_t told_percent;
};
void hvs_job_wait_init(struct hvs_job_wait *wait, const char *id, const char *resource);
/* No harm when it was never begun, or zeroed. */
void hvs_job_wait_clear(struct hvs_job_wait *wait);

/* The host did not answer a poll. Is it to be polled again? Counts in *lost. */
bool hvs_job_may_poll_again(const struct hvs_run *run, const struct hvs_error *cause,
                            unsigned *lost);

/* One row of Msvm_AffectedJobElement. */
struct hvs_affected {
    struct hvs_ref element, job;
    struct hvs_numbers effects;
};

/* Read a row: 1, 0 for an item of another class, or -1. What was read has to be dropped.
 * */
int hvs_affected_read(const xmlNode *item, struct hvs_affected *row,
                      struct hvs_error *err) HVS_MUST_CHECK;
void hvs_affected_drop(struct hvs_affected *row);

/* InstanceID of the job; GUID of the VM that it acts on; InstanceID of the snapshot that
 * it has created. "" for none; lent. */
const char *hvs_affected_job(const struct hvs_affected *row);
const char *hvs_affected_vm(const struct hvs_affected *row);
const char *hvs_affected_made(const struct hvs_affected *row);

/* What a job acts on, read row by row: of one job, or compared here where the host does
 * not take the question. */
struct hvs_affected_query {
    struct hvs_query query;
    const char *job;       /* lent */
    char snapshot[64];     /* InstanceID of what it created, or "" */
    char vm_id[40];        /* GUID of the VM that it acts on, or "" */
};
int hvs_affected_init(struct hvs_affected_query *query, const char *job,
                      struct hvs_error *err) HVS_MUST_CHECK;
void hvs_affected_clear(struct hvs_affected_query *query);

#endif
