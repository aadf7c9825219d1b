/* The jobs of the pretend libhvsnap: the job's id says what comes of it. */
#include "cli/fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *hvs_job_type_name(const struct hvs_job *job, char buf[16])
{
    (void)job;
    (void)buf;
    return "snapshot";
}

const char *hvs_job_state_name(uint32_t state, char buf[16])
{
    (void)buf;
    return state == 7 ? "completed" : state == 8 ? "terminated" : "running";
}

static struct hvs_job *job_new(const char *id, uint32_t state)
{
    struct hvs_job *job = calloc(1, sizeof(*job));

    job->id = strdup(id);
    job->class_ = strdup("Msvm_ConcreteJob");
    job->caption = strdup("");
    job->state = state;
    job->over = state >= 7;
    job->percent = 40;
    job->owner = strdup("CORP\\ops");
    job->vm_id = strdup("AAAAAAAA-0000-0000-0000-000000000001");
    job->vm_name = strdup("web1");
    job->snapshot_id = strdup("");
    job->started_ms = 1700000000000;
    job->changed_ms = HVS_TIME_NONE;
    job->elapsed_ms = 65000;
    job->error = strdup("");
    return job;
}

static void job_free(struct hvs_job *job)
{
    if (!job)
        return;
    free(job->id);
    free(job->class_);
    free(job->caption);
    free(job->owner);
    free(job->vm_id);
    free(job->vm_name);
    free(job->snapshot_id);
    free(job->error);
    free(job);
}

int hvs_job_list_start(struct hvs_run **out, struct hvs_client *client, const char *vm,
                       struct hvs_error *err)
{
    return fake_start(out, client, vm, err);
}

int hvs_job_list_end(struct hvs_run *run, struct hvs_job_list **out,
                     struct hvs_error *err)
{
    *out = NULL;
    if (fake_fate(run, err) == HVS_OUTCOME_DONE) {
        *out = calloc(1, sizeof(**out));
        (*out)->items = calloc(1, sizeof(struct hvs_job *));
        (*out)->items[(*out)->count++] = job_new(FAKE_JOB, 4);
    }
    free(run);
    return *out ? 0 : -1;
}

void hvs_job_list_free(struct hvs_job_list *list)
{
    size_t i;

    for (i = 0; list && i < list->count; i++)
        job_free(list->items[i]);
    if (list)
        free(list->items);
    free(list);
}

int hvs_job_wait_start(struct hvs_run **out, struct hvs_client *client,
                       const struct hvs_job_wait_opts *opts, struct hvs_error *err)
{
    return fake_start(out, client, opts->job, err);
}

int hvs_job_wait_end(struct hvs_run *run, struct hvs_job_wait_result **out,
                     struct hvs_error *err)
{
    *out = calloc(1, sizeof(**out));
    (*out)->outcome = fake_fate(run, err);
    if ((*out)->outcome == HVS_OUTCOME_DONE)
        (*out)->job = job_new(run->vm, 7);
    free(run);
    return err->domain ? -1 : 0;
}

void hvs_job_wait_result_free(struct hvs_job_wait_result *result)
{
    if (result)
        job_free(result->job);
    free(result);
}

int hvs_job_cancel_start(struct hvs_run **out, struct hvs_client *client,
                         const struct hvs_job_cancel_opts *opts, struct hvs_error *err)
{
    return fake_start(out, client, opts->job, err);
}

int hvs_job_cancel_end(struct hvs_run *run, struct hvs_job_cancel_result **out,
                       struct hvs_error *err)
{
    *out = calloc(1, sizeof(**out));
    (*out)->outcome = fake_fate(run, err);
    if ((*out)->outcome == HVS_OUTCOME_DONE) {
        (*out)->asked = true;
        (*out)->job = job_new(run->vm, 8);
    }
    free(run);
    return err->domain ? -1 : 0;
}

void hvs_job_cancel_result_free(struct hvs_job_cancel_result *result)
{
    if (result)
        job_free(result->job);
    free(result);
}
