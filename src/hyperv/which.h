#ifndef HVS_HYPERV_WHICH_H
#define HVS_HYPERV_WHICH_H

#include "hyperv/census.h"

/*
 * Which snapshot did a job make? With a job the reply to CreateSnapshot does not say.
 *
 * The job's affected elements tell, in one question that also reads the snapshot; where
 * that fails, the rows of the association, which may come a little after the job's end;
 * and when they never come, the one new child of the place where the VM stood, if it can
 * be nobody else's.
 */
struct hvs_which_of {
    const char *job;      /* InstanceID, or "" */
    bool gone;            /* the host no longer knows the job: a snapshot that it has
                             already listed is no proof that it was made */
    const char *known;    /* the snapshot's InstanceID if it is known already, or "" */
    struct hvs_census_of of;
};

struct hvs_which {
    struct hvs_op op;
    struct hvs_which_of of;        /* strings are lent */
    struct hvs_settings_query query;
    struct hvs_affected_query affected;
    struct hvs_census census;
    unsigned asked;
    const struct hvs_settings *row; /* at HVS_DONE */
    char instance_id[64];           /* at HVS_DONE */
};
void hvs_which_init(struct hvs_which *which, const struct hvs_which_of *of);
void hvs_which_clear(struct hvs_which *which);

#endif
