#include "faults/trial.h"

#include "hvsim/job.h"
#include "hvsim/store.h"

#include <string.h>

static int start(struct trial *trial, bool save, bool again, struct hvs_error *err)
{
    struct hvs_apply_opts opts = HVS_APPLY_OPTS_INIT;

    opts.vm = "web1";
    opts.snapshot = TRIAL_SNAPSHOT;
    opts.force_off = !save;
    opts.save = save;
    opts.start = again;
    return hvs_snapshot_apply_start(&trial->run, trial->wire.client, &opts, err);
}

static int start_off(struct trial *trial, struct hvs_error *err)
{
    return start(trial, false, false, err);
}

static int start_saved(struct trial *trial, struct hvs_error *err)
{
    return start(trial, true, true, err);
}

static int start_back(struct trial *trial, struct hvs_error *err)
{
    return start(trial, false, true, err);
}

static void end(struct trial *trial)
{
    struct claim *claim = &trial->claim;
    struct hvs_apply_result *result;
    int rc = hvs_snapshot_apply_end(trial->run, &result, &claim->err);

    if ((rc < 0) != (claim->err.domain != 0))
        trial_is(trial, VERDICT_WRONG, "it returns %d", rc);
    claim->outcome = result->outcome;
    claim->stopped = result->stopped;
    claim->started = result->started;
    hvs_apply_result_free(result);
}

/* Of the VM's states: what is said to be done was done, and nothing else. */
static void judge_states(struct trial *trial, size_t wanted)
{
    const struct claim *claim = &trial->claim;
    size_t ours = trial_ours(trial, SIM_JOB_START, "", NULL);
    size_t said = (claim->stopped == HVS_OUTCOME_DONE) +
                  (claim->started == HVS_OUTCOME_DONE);
    size_t maybe = (claim->stopped != HVS_OUTCOME_NOT_DONE) +
                   (claim->started != HVS_OUTCOME_NOT_DONE);

    if (trial_flags(trial) & (FAULT_RIVAL | FAULT_SPOIL))
        return;
    if (ours > wanted)
        trial_is(trial, VERDICT_DUPLICATE, "%zu changes of state instead of %zu", ours,
                 wanted);
    if (ours < said)
        trial_is(trial, VERDICT_WRONG, "%zu changes of state, and %zu were claimed", ours,
                 said);
    if (ours > maybe)
        trial_is(trial, VERDICT_LOSS, "%zu changes of state, and %zu were not denied",
                 ours, maybe);
}

static void judge(struct trial *trial, size_t states)
{
    const struct claim *claim = &trial->claim;
    const struct sim_snapshot *snapshot = sim_snapshot_find(trial->wire.host,
                                                            TRIAL_SNAPSHOT);
    size_t ours = trial_ours(trial, SIM_JOB_APPLY, TRIAL_SNAPSHOT, NULL);
    size_t rivals = trial_rivals(trial, SIM_JOB_APPLY, TRIAL_SNAPSHOT);
    unsigned flags = trial_flags(trial);

    if (ours > 1)
        trial_is(trial, VERDICT_DUPLICATE, "applied %zu times", ours);
    if (trial_ours(trial, SIM_JOB_APPLY, "", NULL) != ours ||
        trial_ours(trial, SIM_JOB_DESTROY, "", NULL) ||
        trial_ours(trial, SIM_JOB_CREATE, "", NULL) ||
        trial_ours(trial, SIM_JOB_MODIFY, "", NULL))
        trial_is(trial, VERDICT_WRONG, "it did what nobody asked for");
    judge_states(trial, states);
    switch (claim->outcome) {
    case HVS_OUTCOME_DONE:
        if (!ours && !rivals)
            trial_is(trial, VERDICT_WRONG, "done, and nobody applied it");
        else if (!(flags & FAULT_RIVAL) &&
                 (!snapshot || snapshot->vm->current != snapshot))
            trial_is(trial, VERDICT_WRONG, "done, and the VM stands elsewhere");
        break;
    case HVS_OUTCOME_STARTED:
        if (!ours && !(flags & (FAULT_SPOIL | FAULT_RIVAL)))
            trial_is(trial, VERDICT_WRONG, "started, and it never came");
        break;
    case HVS_OUTCOME_NOT_DONE:
        if (ours)
            trial_is(trial, VERDICT_LOSS, "not done, and it was applied");
        if (!claim->err.domain)
            trial_is(trial, VERDICT_WRONG, "not done, and no error");
        break;
    case HVS_OUTCOME_UNKNOWN: trial_may_be_unknown(trial); break;
    }
    if (!claim->err.domain && claim->outcome != HVS_OUTCOME_DONE)
        trial_is(trial, VERDICT_WRONG, "well, and not done");
}

static void judge_off(struct trial *trial)
{
    judge(trial, 1);
}

static void judge_saved(struct trial *trial)
{
    judge(trial, 2);
}

static const struct operation rows[] = {
    {"restore --force-off", {NULL}, start_off, end, judge_off},
    {"restore --save --start", {NULL}, start_saved, end, judge_saved},
};

const struct operations faults_restore = {rows, COUNT(rows)};

/* The way back of a guarded VM that runs. What it does before is a create. */
static const struct operation guards[] = {
    {"guard, its way back", {NULL}, start_back, end, judge_saved},
};

const struct operations faults_guard = {guards, COUNT(guards)};
