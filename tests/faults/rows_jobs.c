#include "faults/trial.h"

#include "hvsim/action.h"
#include "hvsim/job.h"
#include "hvsim/store.h"

#include <hvsnap/job.h>

#include <stdio.h>
#include <string.h>

/*
 * A job that somebody else began, waited for and stopped. The claim's id is the job's.
 */
enum { SOON_MS = 8000, NEVER_MS = 900000 };

static void begin_job(struct trial *trial, int64_t duration)
{
    struct sim_host *host = trial->wire.host;
    struct sim_job *job = NULL;

    host->now = trial->wire.world->clock(trial->wire.world->clock_arg);
    host->rival = true;
    assert_int_equal(sim_create(host, sim_vm_find(host, TRIAL_VM), 2, false,
                                "HVTEST\\somebody", &job),
                     SIM_JOB_STARTED);
    host->rival = false;
    job->end = host->now + duration;
    snprintf(trial->claim.id, sizeof(trial->claim.id), "%s", job->id);
}

/* What the job has made, or NULL. */
static const struct sim_snapshot *made(const struct trial *trial)
{
    const struct sim_vm *vm = sim_vm_find(trial->wire.host, TRIAL_VM);
    size_t i;

    for (i = 0; vm && i < vm->snapshot_count; i++)
        if (strcmp(vm->snapshots[i]->job, trial->claim.id) == 0)
            return vm->snapshots[i];
    return NULL;
}

/* All that it may do to the host is to stop that job. */
static void judge_effects(struct trial *trial)
{
    const struct sim_host *host = trial->wire.host;
    size_t i;

    for (i = 0; i < host->effect_count; i++)
        if (!host->effects[i].rival &&
            (host->effects[i].type != SIM_JOB_STOP ||
             strcmp(host->effects[i].id, trial->claim.id) != 0))
            trial_is(trial, VERDICT_WRONG, "it did what nobody asked for");
}

static int start_wait(struct trial *trial, struct hvs_error *err)
{
    struct hvs_job_wait_opts opts = HVS_JOB_WAIT_OPTS_INIT;

    begin_job(trial, SOON_MS);
    opts.job = trial->claim.id;
    return hvs_job_wait_start(&trial->run, trial->wire.client, &opts, err);
}

static void end_wait(struct trial *trial)
{
    struct claim *claim = &trial->claim;
    struct hvs_job_wait_result *result;
    int rc = hvs_job_wait_end(trial->run, &result, &claim->err);

    if ((rc < 0) != (claim->err.domain != 0))
        trial_is(trial, VERDICT_WRONG, "it returns %d", rc);
    claim->outcome = result->outcome;
    if (result->job)
        hvs_buf_puts(&claim->rows, result->job->snapshot_id);
    hvs_job_wait_result_free(result);
}

static void judge_wait(struct trial *trial)
{
    const struct claim *claim = &trial->claim;
    const struct sim_snapshot *snapshot = made(trial);
    bool others = trial_flags(trial) & (FAULT_RIVAL | FAULT_SPOIL);

    judge_effects(trial);
    if (trial_ours(trial, SIM_JOB_STOP, "", NULL))
        trial_is(trial, VERDICT_WRONG, "it stopped what it waited for");
    switch (claim->outcome) {
    case HVS_OUTCOME_DONE:
        if (!snapshot && !others)
            trial_is(trial, VERDICT_WRONG, "done, and it made nothing");
        break;
    case HVS_OUTCOME_STARTED:
        if (!snapshot && !others)
            trial_is(trial, VERDICT_WRONG, "it goes on, and never came to its end");
        break;
    case HVS_OUTCOME_NOT_DONE:
        if (snapshot)
            trial_is(trial, VERDICT_LOSS, "not done, and it was");
        break;
    case HVS_OUTCOME_UNKNOWN: trial_may_be_unknown(trial); break;
    }
    if (!claim->err.domain != (claim->outcome == HVS_OUTCOME_DONE))
        trial_is(trial, VERDICT_WRONG, "%s",
                 claim->err.domain ? "done, and an error" : "well, and not done");
    if (claim->rows.len && snapshot &&
        strcmp(hvs_buf_str(&claim->rows), snapshot->id) != 0)
        trial_is(trial, VERDICT_WRONG, "it made another snapshot");
}

static int start_cancel(struct trial *trial, struct hvs_error *err)
{
    struct hvs_job_cancel_opts opts = HVS_JOB_CANCEL_OPTS_INIT;

    begin_job(trial, NEVER_MS);
    opts.job = trial->claim.id;
    return hvs_job_cancel_start(&trial->run, trial->wire.client, &opts, err);
}

static void end_cancel(struct trial *trial)
{
    struct claim *claim = &trial->claim;
    struct hvs_job_cancel_result *result;
    int rc = hvs_job_cancel_end(trial->run, &result, &claim->err);

    if ((rc < 0) != (claim->err.domain != 0))
        trial_is(trial, VERDICT_WRONG, "it returns %d", rc);
    claim->outcome = result->outcome;
    hvs_job_cancel_result_free(result);
}

static void judge_cancel(struct trial *trial)
{
    const struct claim *claim = &trial->claim;
    size_t ours = trial_ours(trial, SIM_JOB_STOP, claim->id, NULL);
    bool others = trial_flags(trial) & (FAULT_RIVAL | FAULT_SPOIL);

    judge_effects(trial);
    switch (claim->outcome) {
    case HVS_OUTCOME_DONE:
        if (made(trial))
            trial_is(trial, VERDICT_WRONG, "stopped, and it was completed");
        else if (!ours && !others)
            trial_is(trial, VERDICT_WRONG, "stopped, and nobody stopped it");
        break;
    case HVS_OUTCOME_NOT_DONE:
        if (ours)
            trial_is(trial, VERDICT_LOSS, "not done, and it was stopped");
        break;
    case HVS_OUTCOME_STARTED: trial_is(trial, VERDICT_WRONG, "a cancel goes on"); break;
    case HVS_OUTCOME_UNKNOWN: trial_may_be_unknown(trial); break;
    }
    if (!claim->err.domain != (claim->outcome == HVS_OUTCOME_DONE))
        trial_is(trial, VERDICT_WRONG, "%s",
                 claim->err.domain ? "done, and an error" : "well, and not done");
}

static const struct operation waits[] = {
    {"wait", {NULL}, start_wait, end_wait, judge_wait},
};
const struct operations faults_wait = {waits, COUNT(waits)};

static const struct operation cancels[] = {
    {"cancel", {NULL}, start_cancel, end_cancel, judge_cancel},
    {"cancel, slowly", {"job-stop=slow"}, start_cancel, end_cancel, judge_cancel},
    {"cancel, by force", {"job-stop=kill"}, start_cancel, end_cancel, judge_cancel},
};
const struct operations faults_cancel = {cancels, COUNT(cancels)};
