#include "hyperv/census.h"

#include "base/err.h"
#include "hyperv/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { READING_JOBS = 1, READING_AFFECTED, READING_SETTINGS };
enum { MOST_JOBS = 1000 };

/* Dates have whole seconds, so a clock that goes back is seen when it goes this far; what
 * lies closer before the moment may still be from after it. */
enum { BACK_MS = 2500, BLUR_MS = 4000 };

struct hvs_census_job {
    char id[64];
    char snapshot[64]; /* what it created, or "" */
    int ours;          /* 1 yes, 0 no, -1 cannot be told */
    bool over;
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

/* Is it since the moment? 1 yes, 0 no, -1 cannot be told. */
static int lately(const struct hvs_census *self, const struct hvs_time *time)
{
    if (!time->set || self->timeless)
        return -1;
    if (time->ms >= self->of.since)
        return 1;
    return time->ms >= self->of.since - BLUR_MS ? -1 : 0;
}

static int whose(const struct hvs_census *self, const struct job_row *row)
{
    int owner = hvs_owner_is(row->owner ? row->owner : "", self->of.account,
                             self->of.domain);
    int since = lately(self, &row->submitted);

    if (!since || !owner)
        return 0;
    return owner > 0 && since > 0 ? 1 : -1;
}

static const char *type_of(const struct hvs_census *self)
{
    return self->of.job_type ? self->of.job_type : HVS_JOB_CREATE;
}

static int keep_job(struct hvs_census *self, const struct job_row *row,
                    struct hvs_error *err)
{
    bool over = (row->state >= 7 && row->state <= 10) || row->state == 32768;
    struct hvs_census_job *job;

    /* can it have made a snapshot since? one submitted before may be at it still */
    if (row->type != strtoul(type_of(self), NULL, 10) ||
        (over && !lately(self, &row->submitted) && !lately(self, &row->changed)))
        return 0;
    if (self->count == MOST_JOBS)
        return hvs_err_set(err, HVS_XML, 0, "the host has more than %d jobs of a kind",
                           MOST_JOBS);
    job = &self->list[self->count++];
    *job = (struct hvs_census_job){.ours = whose(self, row), .over = over};
    return hvs_id_copy(job->id, sizeof(job->id), row->id, err);
}

static int add_job(struct hvs_query *query, const xmlNode *item, struct hvs_error *err)
{
    struct job_row row = {0};
    int rc;

    if (strcmp((const char *)item->name, HVS_CLASS_JOBS) != 0)
        return 0;
    if (hvs_xml_map(item, job_fields, JOB_FIELDS, &row, err) < 0)
        return -1;
    rc = keep_job(query->owner, &row, err);
    hvs_xml_map_clear(job_fields, JOB_FIELDS, &row);
    return rc;
}

static void forget_jobs(struct hvs_query *query)
{
    struct hvs_census *self = query->owner;

    self->count = 0;
}

/* Has the host's clock gone back since then? Its Date and our clock should have moved
 * alike. */
static bool went_back(const struct hvs_census *self, const struct hvs_run *run)
{
    return run->host_time - self->of.since < run->host_seen - self->of.asked - BACK_MS;
}

static enum hvs_want look(struct hvs_census *self, struct hvs_run *run,
                          struct hvs_error *err)
{
    const struct hvs_param params[] = {{"JOB_TYPE", type_of(self)}};

    self->op.phase = READING_JOBS;
    self->ours = self->maybe_ours = self->homeless = self->nameless = 0;
    self->under_way = self->next = 0;
    self->job[0] = '\0';
    if (!self->list)
        self->list = calloc(MOST_JOBS, sizeof(*self->list));
    if (!self->list)
        return hvs_err_memory(err), HVS_FAIL;
    if (hvs_query_filter(&self->jobs, "filter-jobs", params, 1, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->jobs.op);
}

static enum hvs_want begin(struct hvs_census *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    self->timeless = self->timeless || !self->of.since || went_back(self, run);
    self->looked_again = false;
    return look(self, run, err);
}

static const char *guid_of(const char *instance_id)
{
    const char *colon = strchr(instance_id, ':');

    return colon ? colon + 1 : instance_id;
}

/* Has somebody else's job made it? */
static bool explained(const struct hvs_census *self, const char *guid)
{
    size_t i;

    for (i = 0; i < self->count; i++)
        if (self->list[i].snapshot[0] && !self->list[i].ours &&
            hvs_same_guid(guid_of(self->list[i].snapshot), guid))
            return true;
    return false;
}

static void count_children(struct hvs_census *self)
{
    const struct hvs_settings_set *set = &self->settings.set;
    char parent[40];
    size_t i;

    self->children = 0;
    self->child = NULL;
    self->vm_seen = self->strayed = false;
    for (i = 0; i < set->count; i++) {
        const struct hvs_settings *row = &set->rows[i];

        hvs_settings_parent(row, parent);
        if (hvs_settings_is_vm(row)) {
            self->vm_seen = true;
            self->strayed = !hvs_same_guid(parent, self->of.stood_on) &&
                            !explained(self, parent);
            continue;
        }
        if (!hvs_settings_is_snapshot(row) || !row->created.set || self->timeless ||
            row->created.ms < self->of.since || explained(self, hvs_settings_guid(row)) ||
            !hvs_same_guid(parent, self->of.stood_on))
            continue;
        self->child = row;
        self->children++;
    }
}

/* On which VM do they act, and what did they create? One by one. */
static enum hvs_want next_job(struct hvs_census *self, struct hvs_run *run,
                              struct hvs_error *err)
{
    if (self->next < self->count) {
        self->op.phase = READING_AFFECTED;
        hvs_affected_clear(&self->affected);
        if (hvs_affected_init(&self->affected, self->list[self->next].id, err) < 0)
            return HVS_FAIL;
        return hvs_call(run, &self->affected.query.op);
    }
    if (self->looked_again) {
        count_children(self);
        return HVS_DONE;
    }
    self->op.phase = READING_SETTINGS;
    if (hvs_settings_of_vm(&self->settings, self->of.vm_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->settings.query.op);
}

static void take_affected(struct hvs_census *self)
{
    struct hvs_census_job *job = &self->list[self->next++];
    const struct hvs_affected_query *affected = &self->affected;

    memcpy(job->snapshot, affected->snapshot, sizeof(job->snapshot));
    /* what the VM stood on before is nothing that was made since */
    if (job->snapshot[0] && hvs_same_guid(guid_of(job->snapshot), self->of.stood_on))
        return;
    if (!affected->vm_id[0]) {
        self->under_way += !job->over;
        self->homeless += job->ours != 0;
        return;
    }
    if (!hvs_same_guid(affected->vm_id, self->of.vm_id))
        return;
    self->under_way += !job->over;
    if (job->ours > 0) {
        self->ours++;
        memcpy(self->job, job->id, sizeof(self->job));
    } else if (job->ours < 0) {
        self->maybe_ours++;
    } else if (!job->snapshot[0]) {
        self->nameless++;
    }
}

static enum hvs_want census_step(struct hvs_op *op, struct hvs_run *run,
                                 const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_census *self = (struct hvs_census *)op;

    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why == HVS_START)
        return begin(self, run, err);
    self->timeless = self->timeless || went_back(self, run);
    if (op->phase == READING_AFFECTED)
        take_affected(self);
    if (op->phase != READING_SETTINGS)
        return next_job(self, run, err);
    count_children(self);
    if (self->children != 1 || self->maybe_ours || self->homeless || self->nameless)
        return HVS_DONE;
    /* it may be of another's job that began since we read them */
    self->looked_again = true;
    return look(self, run, err);
}

void hvs_census_init(struct hvs_census *self)
{
    *self = (struct hvs_census){.op.step = census_step};
    hvs_query_init(&self->jobs, HVS_V2, HVS_CLASS_JOBS, add_job, forget_jobs, self);
    hvs_settings_query_init(&self->settings);
}

void hvs_census_clear(struct hvs_census *self)
{
    hvs_query_clear(&self->jobs);
    hvs_affected_clear(&self->affected);
    hvs_settings_query_clear(&self->settings);
    free(self->list);
    self->list = NULL;
}
