#include "hyperv/created.h"

#include "base/err.h"
#include "hyperv/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { READING_JOBS = 1, READING_AFFECTED, READING_SETTINGS, SETTLING };
enum { JOB_TYPE_SNAPSHOT = 70, MOST_JOBS = 1000, PAUSE_MS = 2000, MOST_LOST = 100 };

/* A create job of lately. */
struct hvs_created_job {
    char id[64];
    char snapshot[64]; /* what it created, or "" */
    int ours;          /* as hvs_owner_is() */
};

struct job_row {
    char *id, *owner;
    uint32_t type, state;
    struct hvs_time submitted, changed;
};

static const struct hvs_field job_fields[] = {
    HVS_FIELD(struct job_row, id, "InstanceID", true),
    HVS_FIELD(struct job_row, owner, "Owner", false),
    HVS_FIELD(struct job_row, type, "JobType", false),
    HVS_FIELD(struct job_row, state, "JobState", false),
    HVS_FIELD(struct job_row, submitted, "TimeSubmitted", false),
    HVS_FIELD(struct job_row, changed, "TimeOfLastStateChange", false),
};

enum { JOB_FIELDS = sizeof(job_fields) / sizeof(job_fields[0]) };

int hvs_owner_is(const char *owner, const char *account, const char *domain)
{
    const char *slash = strchr(owner, '\\'), *user = slash ? slash + 1 : owner;
    size_t len = slash ? (size_t)(slash - owner) : 0, first;

    if (!*owner || !*account)
        return -1;
    if (strcasecmp(user, account) != 0)
        return 0;
    if (!len || !*domain)
        return -1;
    /* a realm's or DNS domain's first label is the NetBIOS name as a rule, not by law */
    first = strcspn(domain, ".");
    if (len == first && strncasecmp(owner, domain, len) == 0)
        return 1;
    return domain[first] ? -1 : 0;
}

/* The host's Date has no more than seconds: what it shows may be up to one too early. */
static bool lately(const struct hvs_created *self, const struct hvs_time *time)
{
    return !time->set || time->ms >= self->change->host_time - 1000;
}

/* Can it have made a snapshot since? One that was submitted before may be at it still. */
static bool matters(const struct hvs_created *self, const struct job_row *row)
{
    bool over = (row->state >= 7 && row->state <= 10) || row->state == 32768;

    return lately(self, &row->submitted) || !over || lately(self, &row->changed);
}

static int add_job(struct hvs_query *query, const xmlNode *item, struct hvs_error *err)
{
    struct hvs_created *self = query->owner;
    struct job_row row = {0};
    struct hvs_created_job *job;

    if (strcmp((const char *)item->name, HVS_CLASS_JOBS) != 0)
        return 0;
    if (hvs_xml_map(item, job_fields, JOB_FIELDS, &row, err) < 0)
        return -1;
    if (row.type == JOB_TYPE_SNAPSHOT && matters(self, &row) && self->count < MOST_JOBS) {
        job = &self->candidates[self->count++];
        *job = (struct hvs_created_job){0};
        if (lately(self, &row.submitted))
            job->ours = hvs_owner_is(row.owner ? row.owner : "", self->account,
                                     self->domain);
        snprintf(job->id, sizeof(job->id), "%s", row.id);
    }
    hvs_xml_map_clear(job_fields, JOB_FIELDS, &row);
    return 0;
}

static void forget_jobs(struct hvs_query *query)
{
    struct hvs_created *self = query->owner;

    self->count = 0;
}

static enum hvs_want look(struct hvs_created *self, struct hvs_run *run,
                          struct hvs_error *err)
{
    self->base.op.phase = READING_JOBS;
    self->ours = self->maybe_ours = self->nameless = self->next = 0;
    self->job[0] = self->snapshot[0] = '\0';
    if (!self->candidates)
        self->candidates = calloc(MOST_JOBS, sizeof(*self->candidates));
    if (!self->candidates)
        return hvs_err_memory(err), HVS_FAIL;
    if (hvs_query_filter(&self->jobs, "filter-snapshot-jobs", NULL, 0, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->jobs.op);
}

/* On which VM do they act, and what did they create? One by one. */
static enum hvs_want next_job(struct hvs_created *self, struct hvs_run *run,
                              struct hvs_error *err)
{
    if (self->next < self->count) {
        self->base.op.phase = READING_AFFECTED;
        hvs_affected_clear(&self->affected);
        if (hvs_affected_init(&self->affected, self->candidates[self->next].id, err) < 0)
            return HVS_FAIL;
        return hvs_call(run, &self->affected.query.op);
    }
    self->base.op.phase = READING_SETTINGS;
    if (hvs_settings_of_vm(&self->settings, self->vm_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->settings.query.op);
}

static void take_affected(struct hvs_created *self)
{
    struct hvs_created_job *job = &self->candidates[self->next++];

    snprintf(job->snapshot, sizeof(job->snapshot), "%s", self->affected.snapshot);
    if (!hvs_same_guid(self->affected.vm_id, self->vm_id))
        return;
    if (job->ours > 0) {
        self->ours++;
        snprintf(self->job, sizeof(self->job), "%s", job->id);
    } else if (job->ours < 0) {
        self->maybe_ours++;
    } else if (!job->snapshot[0]) {
        self->nameless++;
    }
}

static bool explained(const struct hvs_created *self, const struct hvs_settings *row)
{
    size_t i;

    for (i = 0; i < self->count; i++)
        if (strcasecmp(self->candidates[i].snapshot, row->instance_id) == 0)
            return true;
    return false;
}

/* New children of the place where the VM stood, that no job of somebody else explains. */
static size_t new_children(struct hvs_created *self)
{
    const struct hvs_settings_set *set = &self->settings.set;
    char parent[40];
    size_t i, count = 0;

    for (i = 0; i < set->count; i++) {
        const struct hvs_settings *row = &set->rows[i];

        if (!hvs_settings_is_snapshot(row) || !row->created.set ||
            !lately(self, &row->created) || explained(self, row))
            continue;
        hvs_settings_parent(row, parent);
        if (!hvs_same_guid(parent, self->stood_on))
            continue;
        snprintf(self->snapshot, sizeof(self->snapshot), "%s", row->instance_id);
        count++;
    }
    return count;
}

static enum hvs_want judge(struct hvs_created *self, struct hvs_run *run)
{
    size_t children = new_children(self);
    /* a new child may be what somebody else's job has made and does not name yet */
    bool anybodys = children && self->nameless;

    if (self->ours > 1 || self->maybe_ours ||
        (!self->ours && children > 1 && !anybodys)) {
        self->base.outcome = HVS_OUTCOME_UNKNOWN;
        return HVS_DONE;
    }
    if (self->ours == 1) {
        self->base.outcome = HVS_OUTCOME_STARTED;
        self->snapshot[0] = '\0'; /* its job will tell */
        return HVS_DONE;
    }
    if (children == 1 && !anybodys) {
        self->base.outcome = HVS_OUTCOME_DONE;
        return HVS_DONE;
    }
    if (run->now - self->change->sent_at < HVS_SETTLE_MS) {
        self->base.op.phase = SETTLING;
        run->wait_ms = PAUSE_MS;
        return HVS_WAIT;
    }
    self->base.outcome = anybodys ? HVS_OUTCOME_UNKNOWN : HVS_OUTCOME_NOT_DONE;
    return HVS_DONE;
}

/* The host does not answer: it is asked again, as long as there is time. */
static enum hvs_want not_told(struct hvs_created *self, struct hvs_run *run,
                              const struct hvs_event *event, struct hvs_error *err)
{
    enum hvs_class class_ = event->cause->class_;

    if (run->stop.domain || self->lost++ >= MOST_LOST ||
        (class_ != HVS_CLASS_CONNECT && class_ != HVS_CLASS_BUSY &&
         class_ != HVS_CLASS_DEADLINE))
        return hvs_fail(err, event->cause);
    self->base.op.phase = SETTLING;
    run->wait_ms = PAUSE_MS;
    return HVS_WAIT;
}

static enum hvs_want created_step(struct hvs_op *op, struct hvs_run *run,
                                  const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_created *self = (struct hvs_created *)op;

    if (event->cause)
        return not_told(self, run, event, err);
    if (event->why == HVS_START || event->why == HVS_WOKE)
        return look(self, run, err);
    if (op->phase == READING_AFFECTED)
        take_affected(self);
    if (op->phase == READING_SETTINGS)
        return judge(self, run);
    return next_job(self, run, err);
}

void hvs_created_init(struct hvs_created *self, const struct hvs_change *change)
{
    *self = (struct hvs_created){.base.op.step = created_step, .change = change};
    hvs_query_init(&self->jobs, HVS_V2, HVS_CLASS_JOBS, add_job, forget_jobs, self);
    hvs_settings_query_init(&self->settings);
}

void hvs_created_clear(struct hvs_created *self)
{
    hvs_query_clear(&self->jobs);
    hvs_affected_clear(&self->affected);
    hvs_settings_query_clear(&self->settings);
    free(self->candidates);
    self->candidates = NULL;
}
