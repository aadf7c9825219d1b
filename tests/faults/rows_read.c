#include "faults/trial.h"

#include "hvsim/action.h"
#include "hvsim/store.h"

#include <hvsnap/job.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What only reads: the rows are those of the host, each once, or there is an error. */

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts the lines of the claim. */
static void sort_rows(struct claim *claim)
{
    char *text = strdup(hvs_buf_str(&claim->rows)), *lines[256], *at = text, *end;
    size_t count = 0, i;

    for (; text && (end = strchr(at, '\n')) && count < 256; at = end + 1) {
        *end = '\0';
        lines[count++] = at;
    }
    if (count)
        qsort(lines, count, sizeof(lines[0]), compare);
    hvs_buf_clear(&claim->rows);
    for (i = 0; i < count; i++)
        hvs_buf_printf(&claim->rows, "%s\n", lines[i]);
    free(text);
}

/* A reader either has it all or an error; and it changes nothing. */
static void judge_rows(struct trial *trial, const char *truth)
{
    const struct sim_host *host = trial->wire.host;
    const struct claim *claim = &trial->claim;
    size_t i;

    for (i = 0; i < host->effect_count; i++)
        if (!host->effects[i].rival)
            trial_is(trial, VERDICT_WRONG, "a reader changed something");
    if (!claim->err.domain && !(trial_flags(trial) & FAULT_RIVAL) &&
        strcmp(hvs_buf_str(&claim->rows), truth) != 0)
        trial_is(trial, VERDICT_WRONG, "%zu bytes of rows instead of %zu",
                 claim->rows.len, strlen(truth));
}

static int start_list(struct trial *trial, struct hvs_error *err)
{
    return hvs_snapshot_list_start(&trial->run, trial->wire.client, "web1", err);
}

static int start_list_all(struct trial *trial, struct hvs_error *err)
{
    return hvs_snapshot_list_start(&trial->run, trial->wire.client, NULL, err);
}

static void end_list(struct trial *trial)
{
    struct claim *claim = &trial->claim;
    struct hvs_snapshot_list *list;
    size_t i;

    if (hvs_snapshot_list_end(trial->run, &list, &claim->err) < 0)
        return;
    for (i = 0; i < list->count; i++)
        hvs_buf_printf(&claim->rows, "%s %s\n", list->items[i]->id, list->items[i]->name);
    hvs_snapshot_list_free(list);
    sort_rows(claim);
}

static void judge_list(struct trial *trial)
{
    char *truth = trial_snapshots(trial, TRIAL_VM);

    judge_rows(trial, truth);
    free(truth);
}

static void judge_list_all(struct trial *trial)
{
    char *truth = trial_snapshots(trial, "");

    judge_rows(trial, truth);
    free(truth);
}

static int start_get(struct trial *trial, struct hvs_error *err)
{
    return hvs_snapshot_get_start(&trial->run, trial->wire.client, "web1", TRIAL_SNAPSHOT,
                                  err);
}

static void end_get(struct trial *trial)
{
    struct claim *claim = &trial->claim;
    struct hvs_snapshot *snapshot;

    if (hvs_snapshot_get_end(trial->run, &snapshot, &claim->err) < 0)
        return;
    hvs_buf_printf(&claim->rows, "%s %s", snapshot->id, snapshot->name);
    hvs_snapshot_free(snapshot);
}

static void judge_get(struct trial *trial)
{
    judge_rows(trial, TRIAL_SNAPSHOT " before 2.4");
}

static int start_vms(struct trial *trial, struct hvs_error *err)
{
    return hvs_vm_list_start(&trial->run, trial->wire.client, NULL, err);
}

static void end_vms(struct trial *trial)
{
    struct claim *claim = &trial->claim;
    struct hvs_vm_list *list;
    size_t i;

    if (hvs_vm_list_end(trial->run, &list, &claim->err) < 0)
        return;
    for (i = 0; i < list->count; i++)
        hvs_buf_printf(&claim->rows, "%s %s\n", list->items[i]->id, list->items[i]->name);
    hvs_vm_list_free(list);
    sort_rows(claim);
}

static void judge_vms(struct trial *trial)
{
    char *truth = trial_vms(trial);

    judge_rows(trial, truth);
    free(truth);
}

/* Jobs of somebody else's, which neither end nor move. */
static int start_jobs(struct trial *trial, struct hvs_error *err)
{
    struct sim_host *host = trial->wire.host;
    size_t i;

    host->now = trial->wire.world->clock(trial->wire.world->clock_arg);
    host->rival = true;
    for (i = 0; i < host->vm_count; i++) {
        struct sim_job *job = NULL;

        assert_int_equal(sim_create(host, host->vms[i], 2, false, "HVTEST\\somebody",
                                    &job),
                         SIM_JOB_STARTED);
        job->endless = true;
    }
    host->rival = false;
    return hvs_job_list_start(&trial->run, trial->wire.client, NULL, err);
}

static void end_jobs(struct trial *trial)
{
    struct claim *claim = &trial->claim;
    struct hvs_job_list *list;
    size_t i;

    if (hvs_job_list_end(trial->run, &list, &claim->err) < 0)
        return;
    for (i = 0; i < list->count; i++)
        hvs_buf_printf(&claim->rows, "%s %s\n", list->items[i]->id,
                       list->items[i]->vm_name);
    hvs_job_list_free(list);
    sort_rows(claim);
}

static void judge_jobs(struct trial *trial)
{
    const struct sim_host *host = trial->wire.host;
    struct claim truth = {.rows = HVS_BUF_INIT(1 << 20)};
    size_t i;

    for (i = 0; i < host->active_count; i++)
        if (host->active[i]->endless && host->active[i]->vm)
            hvs_buf_printf(&truth.rows, "%s %s\n", host->active[i]->id,
                           host->active[i]->vm->name);
    sort_rows(&truth);
    judge_rows(trial, hvs_buf_str(&truth.rows));
    hvs_buf_clear(&truth.rows);
}

/* Of the doctor's rungs those that talk WS-Management: it asks what the host is. */
static int start_identify(struct trial *trial, struct hvs_error *err)
{
    return hvs_identify_start(&trial->run, trial->wire.client, false, err);
}

static void end_identify(struct trial *trial)
{
    struct claim *claim = &trial->claim;
    struct hvs_identity *identity;

    if (hvs_identify_end(trial->run, &identity, &claim->err) < 0)
        return;
    hvs_buf_puts(&claim->rows, identity->vendor);
    hvs_identity_free(identity);
}

static void judge_identify(struct trial *trial)
{
    judge_rows(trial, "Microsoft Corporation");
}

static const struct operation lists[] = {
    {"list", {NULL}, start_list, end_list, judge_list},
    {"list, of the host", {NULL}, start_list_all, end_list, judge_list_all},
    {"list, by pages",
     {"max-envelope=8", "context-string=same"},
     start_list_all,
     end_list,
     judge_list_all},
};
const struct operations faults_list = {lists, COUNT(lists)};

static const struct operation show[] = {
    {"show", {NULL}, start_get, end_get, judge_get},
};
const struct operations faults_show = {show, COUNT(show)};

static const struct operation vms[] = {
    {"vms", {NULL}, start_vms, end_vms, judge_vms},
    {"vms, by pages",
     {"max-envelope=8", "context-string=same"},
     start_vms,
     end_vms,
     judge_vms},
};
const struct operations faults_vms = {vms, COUNT(vms)};

static const struct operation doctor[] = {
    {"doctor: what is it?", {NULL}, start_identify, end_identify, judge_identify},
};
const struct operations faults_doctor = {doctor, COUNT(doctor)};

static const struct operation jobs[] = {
    {"jobs", {NULL}, start_jobs, end_jobs, judge_jobs},
    {"jobs, by pages",
     {"max-envelope=8", "context-string=same"},
     start_jobs,
     end_jobs,
     judge_jobs},
};
const struct operations faults_jobs = {jobs, COUNT(jobs)};
