#include "faults/trial.h"

#include "hvsim/job.h"
#include "hvsim/store.h"
#include "hyperv/notes.h"

#include <string.h>

static char team[] = "team", ops[] = "ops";
static const struct hvs_label labels[] = {{team, ops}};

static int start(struct trial *trial, struct hvs_error *err)
{
    struct hvs_set_opts opts = HVS_SET_OPTS_INIT;

    opts.vm = "web1";
    opts.snapshot = TRIAL_SNAPSHOT;
    opts.name = "after 2.4";
    opts.labels = labels;
    opts.label_count = 1;
    return hvs_snapshot_set_start(&trial->run, trial->wire.client, &opts, err);
}

static int start_as_it_is(struct trial *trial, struct hvs_error *err)
{
    struct hvs_set_opts opts = HVS_SET_OPTS_INIT;
    const struct sim_snapshot *snapshot = sim_snapshot_find(trial->wire.host,
                                                            TRIAL_SNAPSHOT);

    opts.vm = "web1";
    opts.snapshot = TRIAL_SNAPSHOT;
    opts.name = snapshot->name;
    return hvs_snapshot_set_start(&trial->run, trial->wire.client, &opts, err);
}

static void end(struct trial *trial)
{
    struct claim *claim = &trial->claim;
    struct hvs_set_result *result;
    int rc = hvs_snapshot_set_end(trial->run, &result, &claim->err);

    if ((rc < 0) != (claim->err.domain != 0))
        trial_is(trial, VERDICT_WRONG, "it returns %d", rc);
    claim->outcome = result->outcome;
    claim->changed = result->changed;
    hvs_set_result_free(result);
}

/* Does it bear the name and the label? */
static bool is_set(const struct sim_snapshot *snapshot)
{
    struct hvs_error err = {0};
    struct hvs_notes notes;
    bool labelled;

    if (hvs_notes_parse(&notes, snapshot->notes, snapshot->id, &err) < 0)
        return false;
    labelled = hvs_label_find(notes.labels, notes.label_count, team);
    hvs_notes_clear(&notes);
    return labelled && strcmp(snapshot->name, "after 2.4") == 0;
}

static void judge_others(struct trial *trial, size_t ours)
{
    if (trial_ours(trial, SIM_JOB_MODIFY, "", NULL) != ours ||
        trial_ours(trial, SIM_JOB_CREATE, "", NULL) ||
        trial_ours(trial, SIM_JOB_APPLY, "", NULL) ||
        trial_ours(trial, SIM_JOB_DESTROY, "", NULL))
        trial_is(trial, VERDICT_WRONG, "it did what nobody asked for");
    if (!trial->claim.err.domain && trial->claim.outcome != HVS_OUTCOME_DONE)
        trial_is(trial, VERDICT_WRONG, "well, and not done");
    if (!trial->claim.changed && ours)
        trial_is(trial, VERDICT_LOSS, "not changed, and it was");
}

/* Sending it again while the old values stand is no harm. */
static void judge(struct trial *trial)
{
    const struct claim *claim = &trial->claim;
    const struct sim_snapshot *snapshot = sim_snapshot_find(trial->wire.host,
                                                            TRIAL_SNAPSHOT);
    size_t ours = trial_ours(trial, SIM_JOB_MODIFY, TRIAL_SNAPSHOT, NULL);
    unsigned flags = trial_flags(trial);

    judge_others(trial, ours);
    switch (claim->outcome) {
    case HVS_OUTCOME_DONE:
        if (!ours)
            trial_is(trial, VERDICT_WRONG, "done, and nothing was set");
        else if (!(flags & FAULT_RIVAL) && (!snapshot || !is_set(snapshot)))
            trial_is(trial, VERDICT_WRONG, "done, and it is not so");
        if (claim->err.domain && !strstr(claim->err.message, "was changed, but"))
            trial_is(trial, VERDICT_WRONG, "done, and an error that does not say so");
        break;
    case HVS_OUTCOME_STARTED:
        if (!ours && !(flags & (FAULT_SPOIL | FAULT_RIVAL)))
            trial_is(trial, VERDICT_WRONG, "started, and it never came");
        break;
    case HVS_OUTCOME_NOT_DONE:
        if (ours)
            trial_is(trial, VERDICT_LOSS, "not done, and it was");
        break;
    case HVS_OUTCOME_UNKNOWN: trial_may_be_unknown(trial); break;
    }
}

static void judge_as_it_is(struct trial *trial)
{
    judge_others(trial, 0);
    if (!trial->claim.err.domain && trial->claim.changed &&
        !(trial_flags(trial) & FAULT_RIVAL))
        trial_is(trial, VERDICT_WRONG, "changed, and it was so before");
}

static const struct operation rows[] = {
    {"set", {NULL}, start, end, judge},
    {"set, by jobs", {"modify=job"}, start, end, judge},
    {"set what is so", {NULL}, start_as_it_is, end, judge_as_it_is},
};

const struct operations faults_set = {rows, COUNT(rows)};
