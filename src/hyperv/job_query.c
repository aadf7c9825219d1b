#include "hyperv/job_query.h"

#include "base/err.h"
#include "base/uuid.h"
#include "hyperv/find.h"
#include "hyperv/names.h"
#include "xml/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* JobType of Msvm_ConcreteJob; its sisters count for themselves. */
static const struct {
    uint32_t type;
    const char *name;
} types[] = {
    {2, "modify"},     {12, "start"},           {13, "off"},
    {14, "save"},      {15, "resume"},          {50, "merge"},
    {51, "guest-vss"}, {62, "export"},          {70, "snapshot"},
    {71, "apply"},     {72, "delete"},          {73, "clear-state"},
    {170, "backup"},   {198, "group-snapshot"}, {200, "reference-point"},
};

static const struct {
    uint32_t state;
    const char *name;
} states[] = {
    {2, "new"},
    {3, "starting"},
    {4, "running"},
    {5, "suspended"},
    {6, "stopping"},
    {HVS_JOB_STATE_COMPLETED, "completed"},
    {HVS_JOB_STATE_TERMINATED, "terminated"},
    {HVS_JOB_STATE_KILLED, "killed"},
    {HVS_JOB_STATE_EXCEPTION, "failed"},
    {HVS_JOB_STATE_WARNINGS, "warnings"},
};

struct row {
    char *id, *owner, *caption, *error, *summary;
    uint32_t type, state, percent, error_code;
    bool cancellable;
    struct hvs_time started, changed;
    struct hvs_interval elapsed;
};

static const struct hvs_field fields[] = {
    HVS_FIELD(struct row, id, "InstanceID", true),
    HVS_FIELD(struct row, state, "JobState", true),
    HVS_FIELD(struct row, type, "JobType", false),
    HVS_FIELD(struct row, percent, "PercentComplete", false),
    HVS_FIELD(struct row, owner, "Owner", false),
    HVS_FIELD(struct row, caption, "ElementName", false),
    HVS_FIELD(struct row, cancellable, "Cancellable", false),
    HVS_FIELD(struct row, started, "StartTime", false),
    HVS_FIELD(struct row, changed, "TimeOfLastStateChange", false),
    HVS_FIELD(struct row, elapsed, "ElapsedTime", false),
    HVS_FIELD(struct row, error_code, "ErrorCode", false),
    HVS_FIELD(struct row, error, "ErrorDescription", false),
    HVS_FIELD(struct row, summary, "ErrorSummaryDescription", false),
};
#define FIELDS fields, sizeof(fields) / sizeof(fields[0])

const char *hvs_job_type_text(uint32_t type, char buf[16])
{
    size_t i;

    for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (types[i].type == type)
            return types[i].name;
    snprintf(buf, 16, "%u", (unsigned)type);
    return buf;
}

const char *hvs_job_type_name(const struct hvs_job *job, char buf[16])
{
    if (strcmp(job->class_, "Msvm_StorageJob") == 0)
        return "storage";
    if (strcmp(job->class_, HVS_CLASS_JOBS) == 0)
        return hvs_job_type_text(job->type, buf);
    snprintf(buf, 16, "%u", (unsigned)job->type);
    return buf;
}

const char *hvs_job_state_name(uint32_t state, char buf[16])
{
    size_t i;

    for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (states[i].state == state)
            return states[i].name;
    snprintf(buf, 16, "%u", (unsigned)state);
    return buf;
}

bool hvs_job_state_over(uint32_t state)
{
    return hvs_job_state_completed(state) || state == HVS_JOB_STATE_TERMINATED ||
           state == HVS_JOB_STATE_KILLED || state == HVS_JOB_STATE_EXCEPTION;
}

bool hvs_job_state_completed(uint32_t state)
{
    return state == HVS_JOB_STATE_COMPLETED || state == HVS_JOB_STATE_WARNINGS;
}

void hvs_job_free(struct hvs_job *job)
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

int hvs_job_set(char **text, const char *value, struct hvs_error *err)
{
    char *copy = strdup(value);

    if (!copy)
        return hvs_err_memory(err);
    free(*text);
    *text = copy;
    return 0;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static struct hvs_job *new_job(const struct row *row, const char *class_,
                               struct hvs_error *err)
{
    struct hvs_job *job = calloc(1, sizeof(*job));
    const char *error = row->error && *row->error ? row->error : or_empty(row->summary);

    if (!job) {
        hvs_err_memory(err);
        return NULL;
    }
    job->type = row->type;
    job->state = row->state;
    job->over = hvs_job_state_over(row->state);
    job->percent = row->percent > 100 ? 100 : row->percent;
    job->cancellable = row->cancellable;
    job->started_ms = row->started.set ? row->started.ms : HVS_TIME_NONE;
    job->changed_ms = row->changed.set ? row->changed.ms : HVS_TIME_NONE;
    job->elapsed_ms = row->elapsed.ms;
    job->error_code = row->error_code;
    if (hvs_job_set(&job->id, row->id, err) == 0 &&
        hvs_job_set(&job->class_, class_, err) == 0 &&
        hvs_job_set(&job->caption, or_empty(row->caption), err) == 0 &&
        hvs_job_set(&job->owner, or_empty(row->owner), err) == 0 &&
        hvs_job_set(&job->error, error, err) == 0 &&
        hvs_job_set(&job->vm_id, "", err) == 0 &&
        hvs_job_set(&job->vm_name, "", err) == 0 &&
        hvs_job_set(&job->snapshot_id, "", err) == 0)
        return job;
    hvs_job_free(job);
    return NULL;
}

/* Of Msvm_ConcreteJob or a sister of it? A class's name is a part of what is sent. */
static bool is_job(const char *class_)
{
    size_t len = strlen(class_);

    return len > 3 && len < 100 && strcmp(class_ + len - 3, "Job") == 0;
}

static int add_row(struct hvs_query *query, const xmlNode *item, struct hvs_error *err)
{
    struct hvs_job_query *self = query->owner;
    const char *class_ = (const char *)item->name;
    struct hvs_job **items, *job;
    struct row row = {0};

    if (!is_job(class_))
        return 0;
    if (hvs_xml_map(item, FIELDS, &row, err) < 0)
        return -1;
    if (self->id && strcasecmp(row.id, self->id) != 0) {
        hvs_xml_map_clear(FIELDS, &row);
        return 0;
    }
    job = new_job(&row, class_, err);
    hvs_xml_map_clear(FIELDS, &row);
    if (!job)
        return -1;
    if (self->count == self->cap) {
        self->cap = self->cap ? self->cap * 2 : 16;
        items = realloc(self->items, self->cap * sizeof(*items));
        if (!items) {
            hvs_job_free(job);
            return hvs_err_memory(err);
        }
        self->items = items;
    }
    self->items[self->count++] = job;
    return 0;
}

static void forget(struct hvs_query *query)
{
    struct hvs_job_query *self = query->owner;

    while (self->count)
        hvs_job_free(self->items[--self->count]);
}

void hvs_job_query_init(struct hvs_job_query *query)
{
    *query = (struct hvs_job_query){0};
    hvs_query_init(&query->query, HVS_V2, HVS_CLASS_JOBS, add_row, forget, query);
}

void hvs_job_query_clear(struct hvs_job_query *query)
{
    forget(&query->query);
    free(query->items);
    query->items = NULL;
    query->cap = 0;
    hvs_query_clear(&query->query);
}

int hvs_job_query_by_id(struct hvs_job_query *query, const char *id,
                        struct hvs_error *err)
{
    const struct hvs_param params[] = {{"JOB", id}};

    query->id = id;
    return hvs_query_filter(&query->query, "filter-job", params, 1, err);
}

int hvs_job_query_all(struct hvs_job_query *query, struct hvs_error *err)
{
    query->id = NULL;
    return hvs_query_filter(&query->query, "filter-all-jobs", NULL, 0, err);
}

bool hvs_job_query_take(struct hvs_job_query *query, struct hvs_job **old)
{
    struct hvs_job *job;

    if (!query->count)
        return false;
    job = query->items[--query->count];
    if (*old) {
        free(job->vm_id);
        free(job->snapshot_id);
        job->vm_id = (*old)->vm_id;
        job->snapshot_id = (*old)->snapshot_id;
        (*old)->vm_id = (*old)->snapshot_id = NULL;
        hvs_job_free(*old);
    }
    *old = job;
    return true;
}

void hvs_job_resource(const struct hvs_job *job, char out[256])
{
    snprintf(out, 256, HVS_V2 "/%.100s", job->class_);
}

char *hvs_job_id_read(const char *text, struct hvs_error *err)
{
    char *id;

    if (hvs_check_text("the job's id", text, err) < 0)
        return NULL;
    if (!hvs_uuid_valid(text)) {
        hvs_err_set_hint(err, HVS_USAGE, 0, "'hvsnap jobs' lists the ids of jobs",
                         "'%.100s' is no id of a job: those are GUIDs", text);
        return NULL;
    }
    id = malloc(HVS_UUID_SIZE);
    if (id)
        hvs_uuid_normal(id, text);
    else
        hvs_err_memory(err);
    return id;
}
