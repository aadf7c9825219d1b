#include "faults/trial.h"

#include "hvsim/action.h"
#include "hvsim/job.h"
#include "hvsim/store.h"

#include <stdio.h>
#include <string.h>

static const char wished[] = "before the upgrade";
static const char account[] = "HVTEST\\hvuser"; /* the one that the wire logs in as */

static int start(struct trial *trial, const char *name, struct hvs_error *err)
{
    struct hvs_create_opts create = HVS_CREATE_OPTS_INIT;
    struct hvs_ensure_opts opts = HVS_ENSURE_OPTS_INIT;

    create.vm = "web1";
    create.name = name;
    opts.create = &create;
    return hvs_snapshot_ensure_start(&trial->run, trial->wire.client, &opts, err);
}

static int start_none(struct trial *trial, struct hvs_error *err)
{
    return start(trial, wished, err);
}

static int start_there(struct trial *trial, struct hvs_error *err)
{
    return start(trial, sim_snapshot_find(trial->wire.host, TRIAL_SNAPSHOT)->name, err);
}

/* A call of ours was killed when its request had just been answered; so long ago. */
static int start_after(struct trial *trial, int64_t ms, struct hvs_error *err)
{
    struct sim_vm *vm = sim_vm_find(trial->wire.host, TRIAL_VM);
    struct sim_job *job;

    wire_pass(&trial->wire, 0);
    if (sim_create(trial->wire.host, vm, 2, false, account, &job) != SIM_JOB_STARTED)
        trial_is(trial, VERDICT_WRONG, "no snapshot to be left behind");
    wire_pass(&trial->wire, ms);
    return start(trial, wished, err);
}

static int start_left(struct trial *trial, struct hvs_error *err)
{
    return start_after(trial, 60000, err);
}

static int start_at_work(struct trial *trial, struct hvs_error *err)
{
    return start_after(trial, 0, err);
}

static void end(struct trial *trial)
{
    struct claim *claim = &trial->claim;
    struct hvs_create_result *result;
    int rc = hvs_snapshot_ensure_end(trial->run, &result, &claim->err);

    if ((rc < 0) != (claim->err.domain != 0))
        trial_is(trial, VERDICT_WRONG, "it returns %d", rc);
    claim->outcome = result->outcome;
    claim->named = result->named;
    claim->changed = result->changed;
    if (result->snapshot)
        snprintf(claim->id, sizeof(claim->id), "%s", result->snapshot->id);
    hvs_create_result_free(result);
}

/* It is there, and bears its name. */
static void judge_done(struct trial *trial)
{
    const struct claim *claim = &trial->claim;
    const struct sim_snapshot *snapshot = sim_snapshot_find(trial->wire.host, claim->id);

    if (claim->err.domain && !strstr(claim->err.message, "was taken, but"))
        trial_is(trial, VERDICT_WRONG, "done, and an error that does not say so");
    if (!claim->id[0] && !claim->err.domain)
        trial_is(trial, VERDICT_WRONG, "done, and it does not say what");
    if (claim->changed && claim->id[0] &&
        !trial_ours(trial, SIM_JOB_CREATE, claim->id, NULL) &&
        !(trial_flags(trial) & FAULT_SAME))
        trial_is(trial, VERDICT_WRONG, "%s is none of ours", claim->id);
    if (claim->named && claim->changed && !(trial_flags(trial) & FAULT_RIVAL) &&
        (!snapshot || strcmp(snapshot->name, wished) != 0))
        trial_is(trial, VERDICT_WRONG, "named, and it is called '%s'",
                 snapshot ? snapshot->name : "");
}

/* `before`: so many had a call begun before this one. */
static void judge(struct trial *trial, size_t before)
{
    const struct claim *claim = &trial->claim;
    size_t ours = trial_ours(trial, SIM_JOB_CREATE, "", NULL);
    unsigned flags = trial_flags(trial);
    size_t most = before && !(flags & (FAULT_RIVAL | FAULT_SPOIL | FAULT_CLOCK))
                      ? before
                      : before + 1;

    if (ours > most)
        trial_is(trial, VERDICT_DUPLICATE, "taken %zu times", ours);
    if (trial_ours(trial, SIM_JOB_DESTROY, "", NULL) ||
        trial_ours(trial, SIM_JOB_APPLY, "", NULL))
        trial_is(trial, VERDICT_WRONG, "it did what nobody asked for");
    if (claim->outcome == HVS_OUTCOME_DONE)
        judge_done(trial);
    if (claim->outcome == HVS_OUTCOME_NOT_DONE && ours > before)
        trial_is(trial, VERDICT_LOSS, "not done, and it was");
    if (claim->outcome == HVS_OUTCOME_UNKNOWN)
        trial_may_be_unknown(trial);
    if (!claim->err.domain && (claim->outcome != HVS_OUTCOME_DONE || !claim->named))
        trial_is(trial, VERDICT_WRONG, "well, and not done");
}

static void judge_none(struct trial *trial)
{
    judge(trial, 0);
}

static void judge_left(struct trial *trial)
{
    judge(trial, 1);
}

/* Nothing is taken, unless somebody took the one away that was there. */
static void judge_there(struct trial *trial)
{
    bool rival = trial_flags(trial) & FAULT_RIVAL;

    judge(trial, 0);
    if (!rival && trial_ours(trial, SIM_JOB_CREATE, "", NULL))
        trial_is(trial, VERDICT_DUPLICATE, "taken, and there was one");
    if (!rival && !trial->claim.err.domain &&
        (trial->claim.changed || strcmp(trial->claim.id, TRIAL_SNAPSHOT) != 0))
        trial_is(trial, VERDICT_WRONG, "it is %s", trial->claim.id);
}

static const struct operation rows[] = {
    {"ensure", {NULL}, start_none, end, judge_none},
    {"ensure, there is one", {NULL}, start_there, end, judge_there},
    {"ensure, after a call that was cut off", {NULL}, start_left, end, judge_left},
    {"ensure, with one at work", {NULL}, start_at_work, end, judge_left},
};

const struct operations faults_ensure = {rows, COUNT(rows)};
