#ifndef HVS_HYPERV_CENSUS_H
#define HVS_HYPERV_CENSUS_H

#include "hyperv/job.h"
#include "hyperv/settings.h"

/*
 * Who has changed the snapshots of a VM since a moment? Reads the host's jobs of one
 * type, what each of them acts on and has made, and the VM with its snapshots. Judges
 * nothing.
 */
#define HVS_JOB_MODIFY "2"   /* JobType of Msvm_ConcreteJob */
#define HVS_JOB_CREATE "70"
#define HVS_JOB_APPLY "71"
#define HVS_JOB_DESTROY "72" /* of one snapshot, and of a tree */

struct hvs_census_of {
    const char *job_type;         /* NULL: HVS_JOB_CREATE */
    const char *vm_id;
    const char *stood_on;         /* GUID of the VM's parent at that moment, or "" */
    const char *account, *domain; /* who we are */
    int64_t since;                /* that moment by the host's clock; 0: not known */
    int64_t asked;                /* and by ours: run->now */
};

struct hvs_census_job;

struct hvs_census {
    struct hvs_op op;
    struct hvs_census_of of; /* strings are lent */

    /* at HVS_DONE */
    size_t ours;       /* jobs on this VM that our account has submitted since */
    size_t maybe_ours; /* whose owner or time cannot be told from ours */
    size_t homeless;   /* that may be ours, and do not say on which VM they act */
    size_t under_way;  /* anybody's on this VM, or on one that is not told */
    size_t nameless;   /* jobs of others on this VM that name no snapshot of theirs */
    size_t children;   /* new snapshots where the VM stood that no other's job explains */
    char job[64];      /* one of ours, or "" */
    const struct hvs_settings *child; /* one of them, lent; or NULL */
    bool vm_seen;      /* the VM itself is there: an empty list is not a lack of rights */
    bool strayed;      /* it stands elsewhere than before; no other's job explains it */
    bool timeless;     /* the host's clock is unknown or went back: no "since" then */

    struct hvs_query jobs;
    struct hvs_census_job *list;
    size_t count, next;
    struct hvs_affected_query affected;
    struct hvs_settings_query settings;
    bool looked_again; /* at the jobs, after a child was seen */
};
void hvs_census_init(struct hvs_census *self);
void hvs_census_clear(struct hvs_census *self);

/* Is a job's Owner ("DOMAIN\user") this account? 1 yes, 0 no, -1 cannot be told. */
int hvs_owner_is(const char *owner, const char *account, const char *domain);

#endif
