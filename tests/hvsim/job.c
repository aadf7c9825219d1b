#include "hvsim/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    int type;
    enum sim_text caption;
    int operation; /* second OperationalStatus of the VM */
} kinds[] = {
    {SIM_JOB_CREATE, TX_JOB_CREATE, 32768},   {SIM_JOB_APPLY, TX_JOB_APPLY, 32769},
    {SIM_JOB_DESTROY, TX_JOB_DESTROY, 32770}, {SIM_JOB_CLEAR, TX_JOB_CLEAR, 32770},
    {SIM_JOB_MERGE, TX_JOB_MERGE, 32772},     {SIM_JOB_MODIFY, TX_JOB_MODIFY, 0},
    {SIM_JOB_START, TX_JOB_START, 0},         {SIM_JOB_OFF, TX_JOB_OFF, 0},
    {SIM_JOB_SAVE, TX_JOB_SAVE, 0},
};

enum { STOP_MS = 2000 };

struct sim_job *sim_job_start(struct sim_host *host, struct sim_vm *vm, int type,
                              const char *owner, sim_job_finish *finish)
{
    struct sim_job *job = sim_new(sizeof(*job));
    size_t i;

    if (hvs_uuid_new(job->id, NULL) < 0)
        abort();
    for (i = 0; kinds[i].type != type; i++)
        ;
    job->type = type;
    job->caption = kinds[i].caption;
    job->operation = kinds[i].operation;
    job->owner = sim_copy(owner);
    job->rival = host->rival;
    job->vm = vm;
    memcpy(job->vm_id, vm->id, sizeof(job->vm_id));
    job->start = host->now;
    job->submitted = job->changed = sim_host_shows(host);
    job->end = host->now + (type == SIM_JOB_MERGE ? host->merge_ms : vm->duration_ms);
    job->outcome = SIM_JOB_COMPLETED;
    job->cancellable = type == SIM_JOB_CREATE || type == SIM_JOB_MERGE;
    job->finish = finish;
    *SIM_MORE(host->active, host->active_count) = job;
    xmlHashAddEntry(host->job_index, (const xmlChar *)job->id, job);
    if (type == SIM_JOB_MERGE)
        vm->merge = job;
    else
        vm->busy = job;
    return job;
}

static void add_error(struct sim_job *job, struct hvs_buf *text)
{
    *SIM_MORE(job->errors, job->error_count) = sim_copy(hvs_buf_str(text));
    hvs_buf_clear(text);
}

static void explain(struct sim_host *host, struct sim_job *job, enum sim_text why,
                    const char *first, const char *second)
{
    struct hvs_buf text = HVS_BUF_INIT(4096);

    sim_text_add(&text, host->language, why, first, second);
    add_error(job, &text);
}

static void fail(struct sim_host *host, struct sim_job *job, int code)
{
    const char *name = job->vm ? job->vm->name : "";

    job->outcome = SIM_JOB_EXCEPTION;
    job->stuck = 9;
    job->error_code = code;
    while (job->error_count)
        free(job->errors[--job->error_count]);
    explain(host, job, job->type == SIM_JOB_CREATE ? TX_FAILED_CREATE : TX_FAILED_OTHER,
            name, job->vm_id);
}

void sim_job_explain(struct sim_host *host, struct sim_job *job, enum sim_text why,
                     const char *first)
{
    explain(host, job, why, first ? first : job->vm->name, job->vm_id);
}

void sim_job_fail(struct sim_host *host, struct sim_job *job, int code, enum sim_text why)
{
    fail(host, job, code);
    sim_job_explain(host, job, why, NULL);
    if (why == TX_WHY_DISABLED)
        sim_job_explain(host, job, TX_WHY_DISABLED_ID, NULL);
    if (why == TX_WHY_VSS)
        sim_job_explain(host, job, TX_WHY_VSS_GUEST, NULL);
}

void sim_job_fail_number(struct sim_host *host, struct sim_job *job, uint32_t number)
{
    char text[16];

    fail(host, job, number < 65536 ? (int)number : SIM_FAILED);
    if (number >= 65536) {
        snprintf(text, sizeof(text), "0x%08X", (unsigned)number);
        sim_job_explain(host, job, TX_WHY_HRESULT, text);
    }
    sim_job_explain(host, job, TX_WHY_OTHER, NULL);
}

struct sim_job *sim_job_find(const struct sim_host *host, const char *id)
{
    char normal[HVS_UUID_SIZE];

    if (!hvs_uuid_valid(id))
        return NULL;
    hvs_uuid_normal(normal, id);
    return xmlHashLookup(host->job_index, (const xmlChar *)normal);
}

int sim_job_state(const struct sim_host *host, const struct sim_job *job)
{
    int64_t spent = host->now - job->start, whole = job->end - job->start;

    if (job->ended)
        return job->outcome;
    if (job->stopping)
        return SIM_JOB_STOPPING;
    if (job->endless || spent * 10 >= whole)
        return SIM_JOB_RUNNING;
    return spent * 20 >= whole ? SIM_JOB_STARTING : SIM_JOB_NEW;
}

int sim_job_percent(const struct sim_host *host, const struct sim_job *job)
{
    /* it jumps: from which percent of the time on, and what it shows */
    static const int steps[][2] = {{90, 95}, {70, 75}, {30, 40}, {15, 9}, {0, 0}};
    int64_t spent = host->now - job->start, whole = job->end - job->start;
    size_t i;

    if (job->ended &&
        (job->outcome == SIM_JOB_COMPLETED || job->outcome == SIM_JOB_WARNINGS))
        return 100;
    if (job->ended || job->endless || job->stopping)
        return job->stuck;
    for (i = 0; whole > 0 && spent * 100 < steps[i][0] * whole; i++)
        ;
    return steps[i][1];
}

bool sim_job_shows_made(const struct sim_host *host, const struct sim_job *job)
{
    long lag = sim_switch_number(&host->world->switches, SW_CREATE_ROW_LAG);

    return job->ended && job->made[0] && host->now >= job->end + lag;
}

/* Take it from the active jobs and put it behind those that ended before. */
static void retire(struct sim_host *host, struct sim_job *job)
{
    size_t i;

    for (i = 0; host->active[i] != job; i++)
        ;
    host->active[i] = host->active[--host->active_count];
    job->ended = true;
    job->changed = sim_host_shows(host);
    job->endless = false;
    if (job->vm) {
        if (job->vm->busy == job)
            job->vm->busy = NULL;
        if (job->vm->merge == job)
            job->vm->merge = NULL;
    }
    if (host->ended_last)
        host->ended_last->next = job;
    else
        host->ended_first = job;
    host->ended_last = job;
    host->ended_count++;
}

bool sim_job_stop(struct sim_host *host, struct sim_job *job, int state)
{
    bool slow = sim_is(host, SW_JOB_STOP, "slow") && state == SIM_JOB_TERMINATED;

    if (job->ended || !job->cancellable || (slow && job->stopping))
        return false;
    job->stuck = sim_job_percent(host, job);
    job->outcome = state;
    job->stopping = true;
    job->endless = false;
    job->end = host->now + (slow ? STOP_MS : 0);
    if (slow)
        return true;
    retire(host, job);
    job->vm = NULL;
    return true;
}

void sim_changes_free(struct sim_changes *changes)
{
    if (!changes)
        return;
    free(changes->name);
    free(changes->notes);
    free(changes);
}

static void free_job(struct sim_host *host, struct sim_job *job)
{
    xmlHashRemoveEntry(host->job_index, (const xmlChar *)job->id, NULL);
    while (job->error_count)
        free(job->errors[--job->error_count]);
    free(job->errors);
    free(job->owner);
    sim_changes_free(job->changes);
    free(job);
}

/* The running job that ends first; NULL when none ends. */
static struct sim_job *earliest(const struct sim_host *host)
{
    struct sim_job *job, *first = NULL;
    size_t i;

    for (i = 0; i < host->active_count; i++) {
        job = host->active[i];
        if (!job->endless && (!first || job->end < first->end))
            first = job;
    }
    return first;
}

int64_t sim_jobs_next(const struct sim_host *host)
{
    const struct sim_job *job = earliest(host);

    return job ? job->end : INT64_MAX;
}

void sim_jobs_advance(struct sim_host *host)
{
    long keep_s = sim_switch_number(&host->world->switches, SW_JOB_RETENTION);
    int64_t now = host->now;
    struct sim_job *job;

    while ((job = earliest(host)) && job->end <= now) {
        host->now = job->end;
        retire(host, job);
        if (!job->vm)
            job->outcome = SIM_JOB_EXCEPTION;
        else if (job->finish && job->outcome != SIM_JOB_EXCEPTION && !job->stopping)
            job->finish(host, job);
        job->vm = NULL;
    }
    host->now = now;
    while ((job = host->ended_first) && job->end + keep_s * INT64_C(1000) <= now) {
        host->ended_first = job->next;
        if (!job->next)
            host->ended_last = NULL;
        host->ended_count--;
        free_job(host, job);
    }
}

void sim_jobs_clear(struct sim_host *host)
{
    struct sim_job *job;

    while (host->active_count) {
        job = host->active[0];
        retire(host, job);
    }
    while ((job = host->ended_first)) {
        host->ended_first = job->next;
        free_job(host, job);
    }
    host->ended_last = NULL;
    host->ended_count = 0;
}
