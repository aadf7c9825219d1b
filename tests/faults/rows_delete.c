#include "faults/trial.h"

#include "hvsim/job.h"
#include "hvsim/store.h"

#include <string.h>

enum { MERGE_MS = 8000 };

/* The first snapshot of the VM and those below it: all that it has. The last one is below
 * TRIAL_SNAPSHOT. */
static const char *const tree[] = {
    "5A4E9F10-2B7C-4D55-9D1B-7A3C0E6B8F21",
    TRIAL_SNAPSHOT,
    "A3E5D7F9-1B2C-4D3E-8F4A-5B6C7D8E9F01",
    "C9B8A7F6-E5D4-4C3B-92A1-0F9E8D7C6B5A",
};

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

/* It destroyed these, and did nothing else. */
static void judge_others(struct trial *trial, size_t ours)
{
    if (trial_ours(trial, SIM_JOB_DESTROY, "", NULL) != ours)
        trial_is(trial, VERDICT_WRONG, "it destroyed another one");
    if (trial_ours(trial, SIM_JOB_CREATE, "", NULL) ||
        trial_ours(trial, SIM_JOB_APPLY, "", NULL) ||
        trial_ours(trial, SIM_JOB_START, "", NULL) ||
        trial_ours(trial, SIM_JOB_MODIFY, "", NULL))
        trial_is(trial, VERDICT_WRONG, "it did what nobody asked for");
}

/* An error that goes well with what was done. */
static void judge_error(struct trial *trial, const char *says)
{
    const struct claim *claim = &trial->claim;

    if (!claim->err.domain && claim->outcome != HVS_OUTCOME_DONE)
        trial_is(trial, VERDICT_WRONG, "well, and not done");
    if (claim->err.domain && claim->outcome == HVS_OUTCOME_DONE &&
        !strstr(claim->err.message, says))
        trial_is(trial, VERDICT_WRONG, "done, and an error that does not say so");
}

static void judge(struct trial *trial)
{
    const struct claim *claim = &trial->claim;
    size_t ours = trial_ours(trial, SIM_JOB_DESTROY, TRIAL_SNAPSHOT, NULL);
    size_t below = trial_ours(trial, SIM_JOB_DESTROY, tree[3], NULL);
    bool there = sim_snapshot_find(trial->wire.host, TRIAL_SNAPSHOT);
    unsigned flags = trial_flags(trial);

    judge_others(trial, ours + (trial->operation->switches[0] ? below : 0));
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
    judge_error(trial, "was deleted, but");
}

static int start_tree(struct trial *trial, struct hvs_error *err)
{
    struct hvs_delete_tree_opts opts = HVS_DELETE_TREE_OPTS_INIT;

    opts.vm = "web1";
    opts.snapshot = tree[0];
    return hvs_snapshot_delete_tree_start(&trial->run, trial->wire.client, &opts, err);
}

/* The rows of the claim are what is said to be left. */
static void end_tree(struct trial *trial)
{
    struct claim *claim = &trial->claim;
    struct hvs_delete_tree_result *result;
    int rc = hvs_snapshot_delete_tree_end(trial->run, &result, &claim->err);
    size_t i;

    if ((rc < 0) != (claim->err.domain != 0))
        trial_is(trial, VERDICT_WRONG, "it returns %d", rc);
    claim->outcome = result->outcome;
    for (i = 0; i < result->count; i++)
        if (!result->gone[i])
            hvs_buf_printf(&claim->rows, "%s ", result->items[i]->id);
    hvs_delete_tree_result_free(result);
}

/* A part is gone: what is left is listed, to the caller and to who reads the error. */
static void judge_part(struct trial *trial, size_t there)
{
    const struct claim *claim = &trial->claim;
    size_t i;

    if (trial_flags(trial) & (FAULT_RIVAL | FAULT_CLOCK))
        return;
    if (!there || there == COUNT(tree))
        trial_is(trial, VERDICT_WRONG, "a part is gone, and %zu are there", there);
    for (i = 0; i < COUNT(tree); i++) {
        bool left = sim_snapshot_find(trial->wire.host, tree[i]);

        if (left != (strstr(hvs_buf_str(&claim->rows), tree[i]) != NULL) ||
            left != (strstr(claim->err.detail, tree[i]) != NULL))
            trial_is(trial, VERDICT_WRONG, "%s is %s, and the list tells otherwise",
                     tree[i], left ? "left" : "gone");
    }
}

static void judge_tree(struct trial *trial)
{
    const struct claim *claim = &trial->claim;
    size_t ours = 0, rivals = 0, there = 0, i;

    for (i = 0; i < COUNT(tree); i++) {
        ours += trial_ours(trial, SIM_JOB_DESTROY, tree[i], NULL);
        rivals += trial_rivals(trial, SIM_JOB_DESTROY, tree[i]);
        there += sim_snapshot_find(trial->wire.host, tree[i]) != NULL;
    }
    judge_others(trial, ours);
    switch (claim->outcome) {
    case HVS_OUTCOME_DONE:
        if (there)
            trial_is(trial, VERDICT_WRONG, "gone, and %zu are there", there);
        else if (!ours && !rivals)
            trial_is(trial, VERDICT_WRONG, "gone, and nobody destroyed them");
        break;
    case HVS_OUTCOME_STARTED:
        if (!ours && !(trial_flags(trial) & (FAULT_SPOIL | FAULT_RIVAL)))
            trial_is(trial, VERDICT_WRONG, "started, and they never went");
        break;
    case HVS_OUTCOME_NOT_DONE:
        if (ours)
            trial_is(trial, VERDICT_LOSS, "not done, and %zu are there", there);
        break;
    case HVS_OUTCOME_UNKNOWN:
        if (strstr(claim->err.message, "only a part is gone"))
            judge_part(trial, there);
        trial_may_be_unknown(trial);
        break;
    }
    judge_error(trial, "were deleted, but");
}

/* Disks that the host merges already, for somebody else's sake. */
static int start_merge(struct trial *trial, struct hvs_error *err)
{
    struct sim_host *host = trial->wire.host;
    struct sim_job *job;

    host->now = trial->wire.world->clock(trial->wire.world->clock_arg);
    host->rival = true;
    job = sim_job_start(host, sim_vm_find(host, TRIAL_VM), SIM_JOB_MERGE,
                        "HVTEST\\somebody", NULL);
    host->rival = false;
    job->end = host->now + MERGE_MS;
    return hvs_vm_wait_merged_start(&trial->run, trial->wire.client, "web1", err);
}

/* The claim's `changed` is whether the host still merged when it ended. */
static void end_merge(struct trial *trial)
{
    const struct sim_vm *vm = sim_vm_find(trial->wire.host, TRIAL_VM);
    struct claim *claim = &trial->claim;
    struct hvs_merge_result *result;
    int rc = hvs_vm_wait_merged_end(trial->run, &result, &claim->err);

    if ((rc < 0) != (claim->err.domain != 0))
        trial_is(trial, VERDICT_WRONG, "it returns %d", rc);
    if (result->merged && result->merging)
        trial_is(trial, VERDICT_WRONG, "merged, and at it");
    claim->changed = vm && vm->merge;
    claim->outcome = result->merged    ? HVS_OUTCOME_DONE
                     : result->merging ? HVS_OUTCOME_STARTED
                                       : HVS_OUTCOME_UNKNOWN;
    hvs_merge_result_free(result);
}

static void judge_merge(struct trial *trial)
{
    const struct claim *claim = &trial->claim;
    bool others = trial_flags(trial) & (FAULT_RIVAL | FAULT_SPOIL);

    judge_others(trial, 0);
    if (!claim->err.domain != (claim->outcome == HVS_OUTCOME_DONE))
        trial_is(trial, VERDICT_WRONG, "%s",
                 claim->err.domain ? "merged, and an error" : "well, and not merged");
    if (claim->outcome == HVS_OUTCOME_DONE && claim->changed && !others)
        trial_is(trial, VERDICT_WRONG, "merged, and the host is still at it");
    if (claim->outcome == HVS_OUTCOME_UNKNOWN)
        trial_may_be_unknown(trial);
}

static const struct operation rows[] = {
    {"delete", {NULL}, start, end, judge},
    {"delete, children go along", {"destroy-children=destroy"}, start, end, judge},
    {"delete --subtree", {NULL}, start_tree, end_tree, judge_tree},
    {"delete: until it is merged", {NULL}, start_merge, end_merge, judge_merge},
};

const struct operations faults_delete = {rows, COUNT(rows)};

static const struct operation prunes[] = {
    {"prune", {NULL}, start_prune, end, judge},
};

const struct operations faults_prune = {prunes, COUNT(prunes)};
