#include "hvsim/class.h"
#include "hvsim/job.h"

#include <string.h>

/* Msvm_ConcreteJob. The set of properties, the empty strings and what is never set are
 * those of a recorded Msvm_StorageJob, its sibling, without what only that has. */
static const struct sim_property properties[] = {
    {"Cancellable", SIM_BOOL, "false", 0},
    {"Caption", SIM_STRING, NULL, 0},
    {"CommunicationStatus", SIM_NUMBER, NULL, 0},
    {"DeleteOnCompletion", SIM_BOOL, "false", 0},
    {"Description", SIM_STRING, NULL, 0},
    {"DetailedStatus", SIM_NUMBER, NULL, 0},
    {"ElapsedTime", SIM_INTERVAL, "0", 0},
    {"ElementName", SIM_STRING, NULL, 0},
    {"ErrorCode", SIM_NUMBER, "0", 0},
    {"ErrorDescription", SIM_STRING, "", 0},
    {"ErrorSummaryDescription", SIM_STRING, "", 0},
    {"HealthState", SIM_NUMBER, "5", 0},
    {"InstallDate", SIM_TIME, "never", 0},
    {"InstanceID", SIM_STRING, NULL, SIM_KEY},
    {"JobRunTimes", SIM_NUMBER, "1", 0},
    {"JobState", SIM_NUMBER, NULL, 0},
    {"JobStatus", SIM_STRING, NULL, 0},
    {"JobType", SIM_NUMBER, NULL, 0},
    {"LocalOrUtcTime", SIM_NUMBER, "2", 0},
    {"Name", SIM_STRING, NULL, 0},
    {"Notify", SIM_STRING, "", 0},
    {"OperatingStatus", SIM_NUMBER, NULL, 0},
    {"OperationalStatus", SIM_NUMBER, "2", SIM_ARRAY},
    {"OtherRecoveryAction", SIM_STRING, "", 0},
    {"Owner", SIM_STRING, NULL, 0},
    {"PercentComplete", SIM_NUMBER, "0", 0},
    {"PrimaryStatus", SIM_NUMBER, NULL, 0},
    {"Priority", SIM_NUMBER, "0", 0},
    {"RecoveryAction", SIM_NUMBER, "2", 0},
    {"RunDay", SIM_NUMBER, NULL, 0},
    {"RunDayOfWeek", SIM_NUMBER, NULL, 0},
    {"RunMonth", SIM_NUMBER, NULL, 0},
    {"RunStartInterval", SIM_INTERVAL, NULL, 0},
    {"ScheduledStartTime", SIM_TIME, NULL, 0},
    {"StartTime", SIM_TIME, NULL, 0},
    {"Status", SIM_STRING, "OK", 0},
    {"StatusDescriptions", SIM_STRING, NULL, SIM_ARRAY},
    {"TimeBeforeRemoval", SIM_INTERVAL, "300000", 0},
    {"TimeOfLastStateChange", SIM_TIME, NULL, 0},
    {"TimeSubmitted", SIM_TIME, NULL, 0},
    {"UntilTime", SIM_TIME, NULL, 0},
};

static void list(struct sim_host *host, const struct sim_class *class_,
                 const struct sim_search *search, struct sim_refs *out)
{
    const char *id = sim_search_term(search, "InstanceID");
    const struct sim_job *job;
    size_t i;

    if (id) {
        job = sim_job_find(host, id);
        if (job)
            sim_refs_add(out, class_, job->id, 0);
        return;
    }
    for (job = host->ended_first; job; job = job->next)
        sim_refs_add(out, class_, job->id, 0);
    for (i = 0; i < host->active_count; i++)
        sim_refs_add(out, class_, host->active[i]->id, 0);
}

static void keys(struct sim_row *row, const struct sim_ref *ref)
{
    sim_row_text(row, "InstanceID", ref->id);
}

/* Job times are whole seconds. */
static int64_t whole(int64_t ms)
{
    return ms - ms % 1000;
}

static void fill_errors(struct sim_row *row, const struct sim_job *job)
{
    struct hvs_buf text = HVS_BUF_INIT(sizeof(row->scratch));
    size_t i;

    for (i = 0; i < job->error_count; i++)
        hvs_buf_printf(&text, "%s%s", i ? "\n\n" : "", job->errors[i]);
    sim_row_number(row, "ErrorCode", job->error_code);
    sim_row_text(row, "ErrorDescription", sim_row_keep(row, hvs_buf_str(&text), ""));
    if (job->error_count)
        sim_row_text(row, "ErrorSummaryDescription", job->errors[0]);
    hvs_buf_clear(&text);
}

/* The words and numbers that go with a state. */
static void fill_state(struct sim_row *row, const struct sim_job *job, int state)
{
    static const struct {
        int state, status[2];
        enum sim_text is, because;
    } states[] = {
        {SIM_JOB_NEW, {2}, TX_JOB_NEW, TX_OK},
        {SIM_JOB_STARTING, {2}, TX_JOB_NEW, TX_OK},
        {SIM_JOB_RUNNING, {2}, TX_JOB_RUNNING, TX_OK},
        {SIM_JOB_STOPPING, {2}, TX_JOB_RUNNING, TX_OK},
        {SIM_JOB_COMPLETED, {17, 2}, TX_JOB_DONE, TX_JOB_DONE_WELL},
        {SIM_JOB_WARNINGS, {17, 3}, TX_JOB_DONE, TX_JOB_WARNINGS},
        {SIM_JOB_TERMINATED, {17, 10}, TX_JOB_STOPPED, TX_JOB_STOPPED},
        {SIM_JOB_KILLED, {17, 10}, TX_JOB_STOPPED, TX_JOB_STOPPED},
        {SIM_JOB_EXCEPTION, {17, 6}, TX_JOB_FAILED, TX_JOB_FAILED},
    };
    enum sim_language language = row->host->speaking;
    bool good = state == SIM_JOB_COMPLETED || state == SIM_JOB_WARNINGS;
    size_t i;

    for (i = 0; states[i].state != state; i++)
        ;
    sim_row_number(row, "JobState", state);
    sim_row_text(row, "JobStatus", sim_text(language, states[i].is));
    sim_row_number(row, "OperationalStatus", states[i].status[0]);
    sim_row_text(row, "StatusDescriptions", sim_text(language, states[i].is));
    if (states[i].status[1]) {
        sim_row_more_number(row, "OperationalStatus", states[i].status[1]);
        sim_row_more(row, "StatusDescriptions", sim_text(language, states[i].because));
    }
    if (job->ended && !good) {
        sim_row_text(row, "Status", "Error");
        fill_errors(row, job);
    } else if (job->ended &&
               (job->error_code || sim_is(row->host, SW_DONE_ERROR_CODE, "1"))) {
        sim_row_number(row, "ErrorCode", SIM_FAILED);
    }
}

static bool fill(struct sim_row *row, const struct sim_ref *ref)
{
    struct sim_host *host = row->host;
    const struct sim_job *job = sim_job_find(host, ref->id);
    const char *caption;

    if (!job)
        return false;
    caption = sim_text(host->speaking, job->caption);
    sim_row_bool(row, "Cancellable", job->cancellable && !job->ended);
    sim_row_text(row, "Caption", caption);
    sim_row_text(row, "Description", caption);
    sim_row_text(row, "ElementName", caption);
    sim_row_text(row, "Name", caption);
    sim_row_ms(row, "ElapsedTime", (job->ended ? job->end : host->now) - job->start);
    sim_row_number(row, "JobType", job->type);
    sim_row_text(row, "Owner", job->owner);
    sim_row_number(row, "PercentComplete", sim_job_percent(host, job));
    sim_row_ms(row, "ScheduledStartTime", whole(job->submitted));
    sim_row_ms(row, "StartTime", whole(job->submitted));
    sim_row_ms(row, "TimeSubmitted", whole(job->submitted));
    sim_row_ms(row, "TimeOfLastStateChange", whole(job->changed));
    fill_state(row, job, sim_job_state(host, job));
    return true;
}

const struct sim_class sim_concrete_job = {
    .name = "Msvm_ConcreteJob",
    .bases = " CIM_ConcreteJob CIM_Job CIM_LogicalElement CIM_ManagedSystemElement "
             "CIM_ManagedElement ",
    .properties = properties,
    .count = sizeof(properties) / sizeof(properties[0]),
    .list = list,
    .keys = keys,
    .fill = fill,
};
