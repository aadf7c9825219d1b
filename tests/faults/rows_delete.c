#include "faults/trial.h"

#include "hvsim/job.h"
#include "hvsim/store.h"

#include <string.h>

static int start(struct trial *trial, struct hvs_error *err)
{
    struct hvs_delete_opts opts = HVS_DELETE_OPTS_INIT;

    opts.vm = "web1";
    opts.snapshot = TRIAL_SNAPSHOT;
    return hvs_snapshot_delete_start(&trial->run, trial->wire.client, &opts, err);
}

/* As prune does it: by ids, which costs one question less. */
static int start_prune(struct trial *trial, struct hvs_error *err)
{
    struct hvs_delete_opts opts = HVS_DELETE_OPTS_INIT;

    opts.vm = TRIAL_VM;
    opts.snapshot = TRIAL_SNAPSHOT;
    return hvs_snapshot_delete_start(&trial->run, trial->wire.client, &opts, err);
}

static void end(struct trial *trial)
{
    struct claim *claim = &trial->claim;
    struct hvs_delete_result *result;
    int rc = hvs_snapshot_delete_end(trial->run, &result, &claim->err);

    if ((rc < 0) != (claim->err.domain != 0))
        trial_is(trial, VERDICT_WRONG, "it returns %d", rc);
    claim->outcome = result->outcome;
    hvs_delete_result_free(result);
}

static void judge(struct trial *trial)
{
    const struct claim *claim = &trial->claim;
    size_t ours = trial_ours(trial, SIM_JOB_DESTROY, TRIAL_SNAPSHOT, NULL);
    bool there = sim_snapshot_find(trial->wire.host, TRIAL_SNAPSHOT);
    unsigned flags = trial_flags(trial);

    if (trial_ours(trial, SIM_JOB_DESTROY, "", NULL) != ours)
        trial_is(trial, VERDICT_WRONG, "it destroyed another one");
    if (trial_ours(trial, SIM_JOB_CREATE, "", NULL) ||
        trial_ours(trial, SIM_JOB_MODIFY, "", NULL))
        trial_is(trial, VERDICT_WRONG, "it did what nobody asked for");
    switch (claim->outcome) {
    case HVS_OUTCOME_DONE:
        if (there)
            trial_is(trial, VERDICT_WRONG, "gone, and it is there");
        else if (!ours && !trial_rivals(trial, SIM_JOB_DESTROY, TRIAL_SNAPSHOT))
            trial_is(trial, VERDICT_WRONG, "gone, and nobody destroyed it");
        break;
    case HVS_OUTCOME_STARTED:
        if (!ours && !(flags & (FAULT_SPOIL | FAULT_RIVAL)))
            trial_is(trial, VERDICT_WRONG, "started, and it never went");
        break;
    case HVS_OUTCOME_NOT_DONE:
        if (ours)
            trial_is(trial, VERDICT_LOSS, "not done, and it is gone");
        break;
    case HVS_OUTCOME_UNKNOWN: trial_may_be_unknown(trial); break;
    }
    if (!claim->err.domain && claim->outcome != HVS_OUTCOME_DONE)
        trial_is(trial, VERDICT_WRONG, "well, and not done");
    if (claim->err.domain && claim->outcome == HVS_OUTCOME_DONE &&
        !strstr(claim->err.message, "was deleted, but"))
        trial_is(trial, VERDICT_WRONG, "done, and an error that does not say so");
}

static const struct operation rows[] = {
    {"delete", {NULL}, start, end, judge},
    {"delete, children go along", {"destroy-children=destroy"}, start, end, judge},
};

const struct operations faults_delete = {rows, COUNT(rows)};

static const struct operation prunes[] = {
    {"prune", {NULL}, start_prune, end, judge},
};

const struct operations faults_prune = {prunes, COUNT(prunes)};
