#include "faults/trial.h"

#include "hvsim/job.h"
#include "hvsim/store.h"

#include <stdio.h>
#include <string.h>

static const char wished[] = "before the upgrade";

static int start(struct trial *trial, const char *name, bool detach,
                 struct hvs_error *err)
{
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;

    opts.vm = "web1";
    opts.name = name;
    opts.detach = detach;
    return hvs_snapshot_create_start(&trial->run, trial->wire.client, &opts, err);
}

static int start_named(struct trial *trial, struct hvs_error *err)
{
    return start(trial, wished, false, err);
}

static int start_unnamed(struct trial *trial, struct hvs_error *err)
{
    return start(trial, NULL, false, err);
}

static int start_detached(struct trial *trial, struct hvs_error *err)
{
    return start(trial, NULL, true, err);
}

static void end(struct trial *trial)
{
    struct claim *claim = &trial->claim;
    struct hvs_create_result *result;
    int rc = hvs_snapshot_create_end(trial->run, &result, &claim->err);

    if ((rc < 0) != (claim->err.domain != 0))
        trial_is(trial, VERDICT_WRONG, "it returns %d", rc);
    claim->outcome = result->outcome;
    claim->named = result->named;
    if (result->snapshot)
        snprintf(claim->id, sizeof(claim->id), "%s", result->snapshot->id);
    hvs_create_result_free(result);
}

/* It is there: is it ours, and called as was asked? */
static void judge_done(struct trial *trial, size_t ours, const char *made)
{
    const struct claim *claim = &trial->claim;
    const struct sim_snapshot *snapshot = sim_snapshot_find(trial->wire.host, claim->id);
    unsigned flags = trial_flags(trial);

    if (flags & FAULT_SAME && trial_rivals(trial, SIM_JOB_CREATE, claim->id))
        return;
    if (!ours)
        trial_is(trial, VERDICT_WRONG, "done, and nothing was made");
    else if (claim->id[0] && strcmp(claim->id, made) != 0)
        trial_is(trial, VERDICT_WRONG, "it made %s, not %s", made, claim->id);
    else if (!claim->id[0] && !claim->err.domain)
        trial_is(trial, VERDICT_WRONG, "done, and it does not say what");
    else if (claim->named && !(flags & FAULT_RIVAL) &&
             (!snapshot || strcmp(snapshot->name, wished) != 0))
        trial_is(trial, VERDICT_WRONG, "named, and it is called '%s'",
                 snapshot ? snapshot->name : "");
}

static void judge(struct trial *trial)
{
    const struct claim *claim = &trial->claim;
    const char *made = "";
    size_t ours = trial_ours(trial, SIM_JOB_CREATE, "", &made);

    if (ours > 1)
        trial_is(trial, VERDICT_DUPLICATE, "taken %zu times", ours);
    if (trial_ours(trial, SIM_JOB_DESTROY, "", NULL) ||
        trial_ours(trial, SIM_JOB_APPLY, "", NULL) ||
        trial_ours(trial, SIM_JOB_MODIFY, "", NULL) !=
            trial_ours(trial, SIM_JOB_MODIFY, made, NULL))
        if (!(trial_flags(trial) & FAULT_SAME))
            trial_is(trial, VERDICT_WRONG, "it did what nobody asked for");
    switch (claim->outcome) {
    case HVS_OUTCOME_DONE:
        judge_done(trial, ours, made);
        if (claim->err.domain && !strstr(claim->err.message, "was taken, but"))
            trial_is(trial, VERDICT_WRONG, "done, and an error that does not say so");
        break;
    case HVS_OUTCOME_STARTED:
        if (!ours && !(trial_flags(trial) & (FAULT_SPOIL | FAULT_SAME)))
            trial_is(trial, VERDICT_WRONG, "started, and it never came");
        break;
    case HVS_OUTCOME_NOT_DONE:
        if (ours)
            trial_is(trial, VERDICT_LOSS, "not done, and %s was made", made);
        if (!claim->err.domain)
            trial_is(trial, VERDICT_WRONG, "not done, and no error");
        break;
    case HVS_OUTCOME_UNKNOWN:
        trial_may_be_unknown(trial);
        if (!claim->err.domain)
            trial_is(trial, VERDICT_WRONG, "unknown, and no error");
        break;
    }
}

static void judge_named(struct trial *trial)
{
    judge(trial);
    if (!trial->claim.err.domain && !trial->claim.named)
        trial_is(trial, VERDICT_WRONG, "well, and not named");
}

static const struct operation rows[] = {
    {"create --name", {NULL}, start_named, end, judge_named},
    {"create", {NULL}, start_unnamed, end, judge},
    {"create --detach", {NULL}, start_detached, end, judge},
    {"create, listed early",
     {"early-snapshot=on", "create-row-lag=1200"},
     start_named,
     end,
     judge_named},
    {"create, its names by jobs",
     {"modify=job", "association-queries=fault"},
     start_named,
     end,
     judge_named},
};

const struct operations faults_create = {rows, COUNT(rows)};
