#include "hyperv/job.h"

#include "base/err.h"
#include "hyperv/client.h"
#include "hyperv/job_board.h"
#include "hyperv/names.h"
#include "hyperv/result.h"
#include "wsman/envelope.h"
#include "wsman/fault.h"
#include "wsman/names.h"
#include "xml/doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POLLING = 1, PAUSING, ASKING_WHY, ASKING_ALL };
enum { FIRST_PAUSE_MS = 250, LONGEST_PAUSE_MS = 4000 };

/* JobState of CIM_ConcreteJob; 32768 is Hyper-V's own. */
enum { COMPLETED = 7, TERMINATED = 8, KILLED = 9, EXCEPTION = 10, WITH_WARNINGS = 32768 };

struct job {
    uint32_t state, error_code, percent;
    char *error, *summary;
};

static const struct hvs_field job_fields[] = {
    HVS_FIELD(struct job, state, "JobState", true),
    HVS_FIELD(struct job, percent, "PercentComplete", false),
    HVS_FIELD(struct job, error_code, "ErrorCode", false),
    HVS_FIELD(struct job, error, "ErrorDescription", false),
    HVS_FIELD(struct job, summary, "ErrorSummaryDescription", false),
};

static enum hvs_want poll_job(struct hvs_job_wait *self, struct hvs_run *run,
                              struct hvs_error *err)
{
    static const struct hvs_request_kind kind = {.template = "get-job",
                                                 .action = HVS_ACTION_GET,
                                                 .effect = HVS_READ};
    const struct hvs_param params[] = {{"INSTANCE_ID", self->id}};

    self->op.phase = POLLING;
    if (hvs_request_fill(&run->request, &kind, params, 1, err) < 0)
        return HVS_FAIL;
    run->request.resource = self->resource;
    return HVS_SEND;
}

/* GetErrorEx: the nested errors, which tell more than the job's text. It only reads. */
static enum hvs_want ask_why(struct hvs_job_wait *self, struct hvs_run *run,
                             struct hvs_error *err)
{
    static const struct hvs_request_kind kind = {.template = "get-error-ex",
                                                 .action = HVS_V2 "/" HVS_CLASS_JOBS
                                                                  "/GetErrorEx",
                                                 .resource = HVS_V2 "/" HVS_CLASS_JOBS,
                                                 .effect = HVS_READ};
    const struct hvs_param params[] = {{"INSTANCE_ID", self->id},
                                       {"RESOURCE", kind.resource}};

    self->op.phase = ASKING_WHY;
    if (hvs_request_fill(&run->request, &kind, params, 2, err) < 0)
        return HVS_FAIL;
    return HVS_SEND;
}

/* What can be said from the job alone. */
static void describe(struct hvs_job_wait *self, const struct job *job)
{
    const char *text = job->error && *job->error       ? job->error
                       : job->summary && *job->summary ? job->summary
                                                       : "";
    char first[300];

    snprintf(first, sizeof(first), "%.*s", (int)strcspn(text, "\r\n"), text);
    hvs_err_set_hint(&self->why, HVS_JOB, job->error_code,
                     hvs_result_hint(job->error_code, text), "the host's job %s: %s",
                     job->state == EXCEPTION ? "failed" : "was stopped",
                     first[0] ? first : hvs_result_name(job->error_code));
    hvs_err_detail(&self->why, text);
    if (job->error_code == 32769)
        hvs_err_class(&self->why, HVS_CLASS_AUTH);
}

static enum hvs_want pause_for(struct hvs_job_wait *self, struct hvs_run *run)
{
    self->op.phase = PAUSING;
    self->pausing = true;
    run->wait_ms = self->pause_ms;
    return HVS_WAIT;
}

/* Look again soon when it moves. */
static enum hvs_want goes_on(struct hvs_job_wait *self, struct hvs_run *run,
                             uint32_t percent)
{
    if (!self->moved || percent != self->percent)
        self->pause_ms = FIRST_PAUSE_MS;
    self->moved = true;
    self->percent = percent;
    hvs_run_note(run, HVS_PHASE_JOB, self->id, percent);
    return pause_for(self, run);
}

static enum hvs_want read_job(struct hvs_job_wait *self, struct hvs_run *run,
                              const xmlNode *body, struct hvs_error *err)
{
    const xmlNode *node = hvs_xml_first(body);
    struct job job = {0};
    enum hvs_want want;

    if (!node)
        return hvs_err_set(err, HVS_XML, 0, "the reply holds no job"), HVS_FAIL;
    if (hvs_xml_map(node, job_fields, 5, &job, err) < 0)
        return HVS_FAIL;
    self->lost = 0;
    self->seen = true;
    if (job.percent > 100)
        job.percent = 100;
    self->state = job.state;
    self->error_code = job.error_code;
    switch (job.state) {
    case COMPLETED:
    case WITH_WARNINGS:
        self->end = job.error_code ? HVS_JOB_ODD : HVS_JOB_COMPLETED;
        hvs_run_note(run, HVS_PHASE_JOB, self->id, 100);
        want = HVS_DONE;
        break;
    case TERMINATED:
    case KILLED:
    case EXCEPTION:
        self->end = HVS_JOB_FAILED;
        describe(self, &job);
        want = ask_why(self, run, err);
        break;
    default: /* a state that nobody has met is waited out like the others */
        want = goes_on(self, run, job.percent);
        break;
    }
    hvs_xml_map_clear(job_fields, 5, &job);
    return want;
}

bool hvs_job_may_poll_again(const struct hvs_run *run, const struct hvs_error *cause,
                            unsigned *lost)
{
    enum { MOST_LOST = 1000 };

    return !run->stop.domain && (*lost)++ < MOST_LOST &&
           (cause->class_ == HVS_CLASS_CONNECT || cause->class_ == HVS_CLASS_BUSY ||
            cause->class_ == HVS_CLASS_DEADLINE);
}

/* A poll without an answer: the host may come back, its job does not need us. */
static enum hvs_want poll_failed(struct hvs_job_wait *self, struct hvs_run *run,
                                 const struct hvs_event *event, struct hvs_error *err)
{
    const struct hvs_error *cause = event->cause;

    if (hvs_fault_flags(cause) & HVS_FAULT_GONE) {
        self->end = HVS_JOB_GONE;
        return HVS_DONE;
    }
    if (!hvs_job_may_poll_again(run, cause, &self->lost))
        return hvs_fail(err, cause);
    self->pause_ms = LONGEST_PAUSE_MS;
    return pause_for(self, run);
}

/* Another's question, or our own for all, has told of it: a job that is over, or was not
 * found, is asked for by itself. */
static enum hvs_want told(struct hvs_job_wait *self, struct hvs_run *run,
                          struct hvs_error *err)
{
    self->told = false;
    return self->goes_on ? goes_on(self, run, self->told_percent)
                         : poll_job(self, run, err);
}

static enum hvs_want woke(struct hvs_job_wait *self, struct hvs_run *run,
                          struct hvs_error *err)
{
    self->pausing = false;
    if (self->told)
        return told(self, run, err);
    self->pause_ms *= 2;
    if (self->pause_ms > LONGEST_PAUSE_MS)
        self->pause_ms = LONGEST_PAUSE_MS;
    if (!hvs_job_board_shared(self))
        return poll_job(self, run, err);
    if (self->board->reader)
        return pause_for(self, run); /* it will tell us */
    self->op.phase = ASKING_ALL;
    return hvs_job_board_ask(self, run, err);
}

static enum hvs_want asked_all(struct hvs_job_wait *self, struct hvs_run *run,
                               const struct hvs_event *event, struct hvs_error *err)
{
    hvs_job_board_tell(self, run, !event->cause);
    if (event->cause)
        return poll_failed(self, run, event, err);
    self->lost = 0;
    return told(self, run, err);
}

/* The text of one embedded Msvm_Error: its Message. */
static void add_message(struct hvs_error *why, const char *text)
{
    struct hvs_error ignored = {0};
    xmlDoc *doc = hvs_xml_parse(text, strlen(text), &ignored);
    const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL, *property, *value;
    const char *name;
    char *message;

    for (property = root ? hvs_xml_first(root) : NULL; property;
         property = hvs_xml_next(property)) {
        name = hvs_xml_attribute(property, NULL, "NAME");
        value = name && strcmp(name, "Message") == 0 ? hvs_xml_first(property) : NULL;
        message = value ? hvs_xml_word(value) : NULL;
        if (message && !strstr(why->detail, message))
            hvs_err_detail(why, message);
        free(message);
    }
    xmlFreeDoc(doc);
}

static enum hvs_want read_errors(struct hvs_job_wait *self, const xmlNode *body,
                                 struct hvs_error *err)
{
    struct errors {
        struct hvs_strings texts;
    } errors = {0};
    static const struct hvs_field fields[] = {
        HVS_FIELD(struct errors, texts, "Errors", false)};
    const xmlNode *node = hvs_xml_first(body);
    struct hvs_error ignored = {0};
    size_t i;

    if (node && hvs_xml_map(node, fields, 1, &errors, &ignored) == 0) {
        for (i = 0; i < errors.texts.count; i++)
            add_message(&self->why, errors.texts.items[i]);
        hvs_xml_map_clear(fields, 1, &errors);
    }
    /* the cause may stand in them alone */
    snprintf(self->why.hint, sizeof(self->why.hint), "%s",
             hvs_result_hint(self->error_code, self->why.detail));
    return hvs_fail(err, &self->why);
}

static enum hvs_want job_step(struct hvs_op *op, struct hvs_run *run,
                              const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_job_wait *self = (struct hvs_job_wait *)op;

    switch (event->why) {
    case HVS_START:
        hvs_run_note(run, HVS_PHASE_JOB, self->id, 0);
        hvs_job_board_join(run->client ? run->client->board : NULL, self, run);
        return poll_job(self, run, err);
    case HVS_REPLY:
        return op->phase == ASKING_WHY ? read_errors(self, event->body, err)
                                       : read_job(self, run, event->body, err);
    case HVS_FAILED:
        if (op->phase == ASKING_WHY)
            return hvs_fail(err, &self->why);
        if (op->phase == PAUSING)
            return hvs_fail(err, event->cause);
        return poll_failed(self, run, event, err);
    case HVS_WOKE: return woke(self, run, err);
    case HVS_RETURNED: return asked_all(self, run, event, err);
    }
    return HVS_FAIL;
}

static enum hvs_want wait_step(struct hvs_op *op, struct hvs_run *run,
                               const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_job_wait *self = (struct hvs_job_wait *)op;
    enum hvs_want want = job_step(op, run, event, err);

    if (want == HVS_DONE || want == HVS_FAIL)
        hvs_job_board_leave(self);
    return want;
}

void hvs_job_wait_clear(struct hvs_job_wait *wait)
{
    hvs_job_board_leave(wait);
    hvs_query_clear(&wait->all);
}

void hvs_job_wait_init(struct hvs_job_wait *wait, const char *id, const char *resource)
{
    *wait = (struct hvs_job_wait){.op.step = wait_step,
                                  .id = id,
                                  .resource = *resource ? resource
                                                        : HVS_V2 "/" HVS_CLASS_JOBS,
                                  .pause_ms = FIRST_PAUSE_MS};
}
