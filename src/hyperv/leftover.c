#include "hyperv/leftover.h"

#include "base/err.h"
#include "hyperv/names.h"
#include "hyperv/notes.h"
#include "wsman/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { READING_JOBS = 1, READING_AFFECTED, READING_SETTINGS };
enum { MOST_JOBS = 200 };

enum { LATELY_MS = 5 * 60 * 1000 }; /* for so long a host remembers a job */

struct hvs_leftover_job {
    char id[64];
    char snapshot[64]; /* what it made, or "" */
    bool mine;         /* or it cannot be told */
    bool over;
    unsigned left_ms; /* over: for whoever began it to name what it made */
    bool here;        /* it acts on our VM */
};

struct row {
    char *id, *owner;
    uint32_t type, state;
    struct hvs_time submitted, changed;
};

static const struct hvs_field fields[] = {
    HVS_FIELD(struct row, id, "InstanceID", true),
    HVS_FIELD(struct row, owner, "Owner", false),
    HVS_FIELD(struct row, type, "JobType", false),
    HVS_FIELD(struct row, state, "JobState", false),
    HVS_FIELD(struct row, submitted, "TimeSubmitted", false),
    HVS_FIELD(struct row, changed, "TimeOfLastStateChange", false),
};
enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* Is a moment of the host's longer ago than that? Not, where one of them is unknown. */
static bool longer_ago(const struct hvs_leftover *self, const struct hvs_time *time,
                       uint64_t ms)
{
    return self->now && time->set && self->now - time->ms > (int64_t)ms;
}

static unsigned time_left(const struct hvs_leftover *self, const struct row *row)
{
    int64_t age = self->now && row->changed.set ? self->now - row->changed.ms : 0;

    if (strcmp(row->id, self->of.known) == 0)
        return self->of.known_left_ms;
    if (age >= HVS_LEFT_TIME_MS)
        return 0;
    return HVS_LEFT_TIME_MS - (age > 0 ? (unsigned)age : 0);
}

/* Did it begin, or end, too long ago to be of interest? */
static bool too_old(const struct hvs_leftover *self, const struct row *row, bool over)
{
    if (strcmp(row->id, self->of.known) == 0)
        return false;
    return (over && longer_ago(self, &row->changed, LATELY_MS)) ||
           (self->of.max_age_ms &&
            longer_ago(self, &row->submitted, self->of.max_age_ms));
}

static int keep_job(struct hvs_leftover *self, const struct row *row,
                    struct hvs_error *err)
{
    bool over = row->state == 7 || row->state == 32768;
    int owner = hvs_owner_is(row->owner ? row->owner : "", self->of.account,
                             self->of.domain);
    struct hvs_leftover_job *job;

    if (row->type != strtoul(HVS_JOB_CREATE, NULL, 10) || !owner ||
        (row->state >= 8 && row->state <= 10) || too_old(self, row, over))
        return 0;
    if (self->count == MOST_JOBS)
        return hvs_err_set(err, HVS_XML, 0, "the host has more than %d jobs of a kind",
                           MOST_JOBS);
    job = &self->list[self->count++];
    *job = (struct hvs_leftover_job){.mine = owner > 0, .over = over};
    job->left_ms = over ? time_left(self, row) : 0;
    return hvs_id_copy(job->id, sizeof(job->id), row->id, err);
}

static int add_job(struct hvs_query *query, const xmlNode *item, struct hvs_error *err)
{
    struct row row = {0};
    int rc;

    if (strcmp((const char *)item->name, HVS_CLASS_JOBS) != 0)
        return 0;
    if (hvs_xml_map(item, fields, FIELDS, &row, err) < 0)
        return -1;
    rc = keep_job(query->owner, &row, err);
    hvs_xml_map_clear(fields, FIELDS, &row);
    return rc;
}

static void forget_jobs(struct hvs_query *query)
{
    struct hvs_leftover *self = query->owner;

    self->count = 0;
}

static enum hvs_want read_jobs(struct hvs_leftover *self, struct hvs_run *run,
                               struct hvs_error *err)
{
    const struct hvs_param vm[] = {{"VM_ID", self->of.vm_id}};
    const struct hvs_param type[] = {{"JOB_TYPE", HVS_JOB_CREATE}};

    self->op.phase = READING_JOBS;
    self->jobs.no_fallback = !self->others;
    if (hvs_query_filter(&self->jobs, self->others ? "filter-jobs" : "filter-vm-jobs",
                         self->others ? type : vm, 1, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->jobs.op);
}

static enum hvs_want begin(struct hvs_leftover *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    self->left = HVS_LEFT_NOTHING;
    self->job[0] = '\0';
    self->row = self->vm = NULL;
    self->next = 0;
    self->now = hvs_run_host_now(run);
    if (!self->list)
        self->list = calloc(MOST_JOBS, sizeof(*self->list));
    if (!self->list)
        return hvs_err_memory(err), HVS_FAIL;
    return read_jobs(self, run, err);
}

/* What it has made: still as a call that was cut off would have left it? *err is set only
 * when that cannot be told. */
static const struct hvs_settings *unfinished(const struct hvs_leftover *self,
                                             const char *instance_id,
                                             struct hvs_error *err)
{
    const struct hvs_settings *row = hvs_settings_find(&self->settings.set, instance_id);
    const struct hvs_settings *vm = hvs_settings_vm(&self->settings.set);
    struct hvs_notes notes;
    char stands_on[40];
    bool marked;

    if (!row || !vm || !hvs_settings_is_snapshot(row) ||
        hvs_settings_kind(row) != HVS_KIND_USER ||
        !hvs_is_default_name(row->name ? row->name : "", self->of.vm_name))
        return NULL;
    hvs_settings_parent(vm, stands_on);
    if (!hvs_same_guid(stands_on, hvs_settings_guid(row)))
        return NULL;
    if (hvs_notes_parse(&notes, hvs_settings_notes(row), hvs_settings_guid(row), err) < 0)
        return NULL;
    marked = notes.label_count || notes.expires_ms != HVS_TIME_NONE;
    hvs_notes_clear(&notes);
    return marked ? NULL : row;
}

/* Could this job be it, and in which state? Sets the row of what it made. */
static enum hvs_left judge_job(const struct hvs_leftover *self,
                               const struct hvs_leftover_job *job,
                               const struct hvs_settings **row, struct hvs_error *err)
{
    *row = NULL;
    if (!job->here)
        return HVS_LEFT_NOTHING;
    if (!job->over)
        return HVS_LEFT_JOB;
    if (!job->snapshot[0]) /* its row comes late, or it has made nothing */
        return job->left_ms ? HVS_LEFT_FRESH : HVS_LEFT_NOTHING;
    *row = unfinished(self, job->snapshot, err);
    if (!*row)
        return HVS_LEFT_NOTHING;
    return job->left_ms ? HVS_LEFT_FRESH : HVS_LEFT_RIPE;
}

static enum hvs_want judge(struct hvs_leftover *self, struct hvs_error *err)
{
    const struct hvs_settings *row;
    enum hvs_left left;
    size_t i, count = 0;
    bool unsure = false;

    for (i = 0; i < self->count; i++) {
        left = judge_job(self, &self->list[i], &row, err);
        if (err->domain)
            return HVS_FAIL;
        if (left == HVS_LEFT_NOTHING)
            continue;
        count++;
        unsure = unsure || !self->list[i].mine;
        self->left = left;
        self->row = row;
        self->wait_ms = self->list[i].left_ms;
        memcpy(self->job, self->list[i].id, sizeof(self->job));
    }
    self->vm = hvs_settings_vm(&self->settings.set);
    if (count && unsure)
        self->left = HVS_LEFT_UNSURE;
    else if (count > 1)
        self->left = HVS_LEFT_SEVERAL;
    return HVS_DONE;
}

/* On which VM do they act, and what did they make? */
static enum hvs_want next_job(struct hvs_leftover *self, struct hvs_run *run,
                              struct hvs_error *err)
{
    size_t i;

    if (self->next < self->count) {
        self->op.phase = READING_AFFECTED;
        hvs_affected_clear(&self->affected);
        if (hvs_affected_init(&self->affected, self->list[self->next].id, err) < 0)
            return HVS_FAIL;
        return hvs_call(run, &self->affected.query.op);
    }
    for (i = 0; i < self->count; i++) {
        if (!self->list[i].here || !self->list[i].snapshot[0])
            continue;
        self->op.phase = READING_SETTINGS;
        if (hvs_settings_of_vm(&self->settings, self->of.vm_id, err) < 0)
            return HVS_FAIL;
        return hvs_call(run, &self->settings.query.op);
    }
    return judge(self, err);
}

static void take_affected(struct hvs_leftover *self)
{
    struct hvs_leftover_job *job = &self->list[self->next++];
    const struct hvs_affected_query *affected = &self->affected;

    memcpy(job->snapshot, affected->snapshot, sizeof(job->snapshot));
    job->here = !affected->vm_id[0] || hvs_same_guid(affected->vm_id, self->of.vm_id);
    job->mine = job->mine && (affected->vm_id[0] || !self->others);
}

static enum hvs_want leftover_step(struct hvs_op *op, struct hvs_run *run,
                                   const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_leftover *self = (struct hvs_leftover *)op;

    /* where a host takes no such question, all of its jobs are looked at */
    if (event->cause && op->phase == READING_JOBS && !self->others && !run->stop.domain &&
        event->cause->domain == HVS_SOAP) {
        self->others = true;
        return read_jobs(self, run, err);
    }
    if (event->cause)
        return hvs_fail(err, event->cause);
    switch (op->phase) {
    case READING_AFFECTED: take_affected(self); return next_job(self, run, err);
    case READING_JOBS: return next_job(self, run, err);
    case READING_SETTINGS: return judge(self, err);
    default: return begin(self, run, err);
    }
}

void hvs_leftover_init(struct hvs_leftover *self)
{
    *self = (struct hvs_leftover){.op.step = leftover_step};
    hvs_query_init(&self->jobs, HVS_V2, HVS_CLASS_JOBS, add_job, forget_jobs, self);
    hvs_settings_query_init(&self->settings);
}

void hvs_leftover_clear(struct hvs_leftover *self)
{
    hvs_query_clear(&self->jobs);
    hvs_affected_clear(&self->affected);
    hvs_settings_query_clear(&self->settings);
    free(self->list);
    self->list = NULL;
}

/* Behind the VM's name, in brackets, a date and a time: six numbers, in whatever order
 * and with whatever between them. */
bool hvs_is_default_name(const char *name, const char *vm_name)
{
    size_t len = strlen(vm_name), digits = 0, numbers = 0;
    const char *at;

    if (!len || strncmp(name, vm_name, len) != 0)
        return false;
    at = name + len + strspn(name + len, " -");
    if (at == name + len || *at++ != '(')
        return false;
    for (; *at && *at != ')' && *at != '('; at++) {
        digits = *at >= '0' && *at <= '9' ? digits + 1 : 0;
        numbers += digits == 1;
        if (digits > 4)
            return false;
    }
    return strcmp(at, ")") == 0 && numbers == 6;
}
