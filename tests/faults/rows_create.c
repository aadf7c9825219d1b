#include "faults/trial.h"

#include "hvsim/job.h"
#include "hvsim/store.h"

#include <stdio.h>
#include <string.h>

static const char wished[] = "before the upgrade";

static char team[] = "team", ops[] = "ops";
static const struct hvs_label labels[] = {{team, ops}};

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

/* No VM ever stands on one: where the VM stands tells nothing. */
static int start_recovery(struct trial *trial, struct hvs_error *err)
{
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;

    opts.vm = "web1";
    opts.type = HVS_CREATE_RECOVERY;
    return hvs_snapshot_create_start(&trial->run, trial->wire.client, &opts, err);
}

static int start_typed(struct trial *trial, struct hvs_error *err)
{
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;

    opts.vm = "web1";
    opts.name = wished;
    opts.labels = labels;
    opts.label_count = 1;
    opts.ttl_ms = 3600000;
    opts.checkpoint = HVS_CHECKPOINT_STANDARD;
    return hvs_snapshot_create_start(&trial->run, trial->wire.client, &opts, err);
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
    claim->noted = result->noted;
    claim->put_back = result->put_back;
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
            (*made ? trial_ours(trial, SIM_JOB_MODIFY, made, NULL) : 0) +
                trial_ours(trial, SIM_JOB_MODIFY, TRIAL_VM, NULL))
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
    if (trial_ours(trial, SIM_JOB_MODIFY, TRIAL_VM, NULL) &&
        !strstr(trial->operation->name, "--checkpoint"))
        trial_is(trial, VERDICT_WRONG, "it changed the VM");
    if (!trial->claim.err.domain && !trial->claim.named)
        trial_is(trial, VERDICT_WRONG, "well, and not named");
}

static void judge_labels(struct trial *trial)
{
    const struct claim *claim = &trial->claim;
    const struct sim_snapshot *snapshot = sim_snapshot_find(trial->wire.host, claim->id);

    if (!claim->err.domain && !claim->noted)
        trial_is(trial, VERDICT_WRONG, "well, and not labelled");
    if (claim->noted && !(trial_flags(trial) & FAULT_RIVAL) &&
        (!snapshot || !strstr(snapshot->notes, "label: team=ops\nexpires: ")))
        trial_is(trial, VERDICT_WRONG, "labelled, and its notes are '%s'",
                 snapshot ? snapshot->notes : "");
}

/* One method that says no once is no reason to leave the VM with our type. */
static bool needless(const struct trial *trial)
{
    return trial->fault_count == 1 && trial->timeout_ms >= 300000 &&
           strcmp(trial->faults[0].fault->what, "return=32768") == 0;
}

/* Has the VM its own type again, or is it told how to give it back? */
static void judge_typed(struct trial *trial)
{
    const struct claim *claim = &trial->claim;
    const struct sim_vm *vm = sim_vm_find(trial->wire.host, TRIAL_VM);
    bool rival = trial_flags(trial) & FAULT_RIVAL;

    judge_named(trial);
    judge_labels(trial);
    if (claim->put_back == HVS_PUT_BACK_NOT && !strstr(claim->err.hint, "Set-VM"))
        trial_is(trial, VERDICT_WRONG, "not put back, and it does not say how");
    if (claim->put_back == HVS_PUT_BACK_NOT && needless(trial))
        trial_is(trial, VERDICT_WRONG, "not put back, and there was no need");
    if (claim->put_back == HVS_PUT_BACK_LEFT && !rival)
        trial_is(trial, VERDICT_WRONG, "left as somebody set it, and nobody did");
    if (claim->put_back != HVS_PUT_BACK_NOT && !rival &&
        (!vm || vm->user_type != SIM_PRODUCTION))
        trial_is(trial, VERDICT_LOSS, "put back, and the VM has type %d",
                 vm ? (int)vm->user_type : 0);
    if (!claim->err.domain && claim->put_back == HVS_PUT_BACK_NONE && !rival)
        trial_is(trial, VERDICT_WRONG, "well, and the VM never had the type");
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
    {"create --type recovery", {NULL}, start_recovery, end, judge},
    {"create --checkpoint --label", {NULL}, start_typed, end, judge_typed},
};

const struct operations faults_create = {rows, COUNT(rows)};
