#include "base/utf8.h"
#include "hyperv/identify.h"
#include "hyperv/job.h"
#include "hyperv/job_query.h"
#include "hyperv/summary.h"
#include "wsman/op.h"
#include "xml/doc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char id[] = "0A0B0C0D-0000-4000-8000-000000000001"; /* of a job */

/* A failure says so, in UTF-8; nothing else does. */
static void check(int rc, struct hvs_error *err)
{
    if ((rc < 0) != (err->domain != HVS_OK) || (rc < 0 && !err->message[0]) ||
        !hvs_utf8_valid(err->message, strlen(err->message)) ||
        !hvs_utf8_valid(err->detail, strlen(err->detail)))
        abort();
    *err = (struct hvs_error){0};
}

static void read_summary(const xmlNode *body)
{
    struct hvs_error err = {0};
    struct hvs_summary summary;

    check(hvs_summary_read(body, &summary, &err), &err);
    if (summary.percent > 100 || summary.system.status.count > 2)
        abort();
}

static void read_identity(const xmlNode *body)
{
    struct hvs_error err = {0};
    struct hvs_identity *identity = hvs_identity_read(body, &err);

    if (identity && !identity->protocol)
        abort();
    check(identity ? 0 : -1, &err);
    hvs_identity_free(identity);
}

/* Any element may be a row of each query. */
static void read_rows(const xmlNode *node, struct hvs_query *const queries[],
                      size_t count)
{
    struct hvs_error err = {0};
    size_t i;

    for (; node; node = hvs_xml_next(node)) {
        for (i = 0; i < count; i++)
            check(queries[i]->row(queries[i], node, &err), &err);
        read_rows(hvs_xml_first(node), queries, count);
    }
}

static void read_lists(const xmlNode *body)
{
    struct hvs_affected_query made;
    struct hvs_system_query systems;
    struct hvs_job_query jobs, one;
    struct hvs_query *const queries[] = {&jobs.query, &one.query, &systems.query,
                                         &made.query};
    struct hvs_error err = {0};
    size_t i;

    hvs_job_query_init(&jobs);
    hvs_job_query_init(&one);
    check(hvs_job_query_by_id(&one, id, &err), &err);
    check(hvs_system_query_init(&systems, NULL, &err), &err);
    check(hvs_affected_init(&made, id, &err), &err);
    read_rows(hvs_xml_first(body), queries, sizeof(queries) / sizeof(queries[0]));
    for (i = 0; i < jobs.count; i++)
        if (!jobs.items[i]->id || jobs.items[i]->percent > 100)
            abort();
    for (i = 0; i < one.count; i++)
        if (strcasecmp(one.items[i]->id, id) != 0)
            abort();
    systems.query.restart(&systems.query);
    if (systems.count)
        abort();
    hvs_job_query_clear(&jobs);
    hvs_job_query_clear(&one);
    hvs_system_query_clear(&systems);
    hvs_affected_clear(&made);
}

/* A job that is followed; when it has failed the same body tells why, with an Msvm_Error
 * in each of its texts. */
static void follow_job(const xmlNode *body)
{
    struct hvs_event event = {.why = HVS_START};
    struct hvs_error err = {0};
    struct hvs_job_wait wait;
    struct hvs_run run = {0};
    enum hvs_want want;
    int i;

    run.request.header = (struct hvs_buf)HVS_BUF_INIT(16384);
    run.request.body = (struct hvs_buf)HVS_BUF_INIT(16384);
    hvs_job_wait_init(&wait, id, "urn:x/Msvm_Job");
    want = wait.op.step(&wait.op, &run, &event, &err);
    for (i = 0; i < 4 && (want == HVS_SEND || want == HVS_WAIT); i++) {
        event = (struct hvs_event){.why = want == HVS_SEND ? HVS_REPLY : HVS_WOKE,
                                   .body = want == HVS_SEND ? body : NULL};
        want = wait.op.step(&wait.op, &run, &event, &err);
    }
    check(want == HVS_FAIL ? -1 : 0, &err);
    hvs_job_wait_clear(&wait);
    hvs_buf_clear(&run.request.header);
    hvs_buf_clear(&run.request.body);
}

/* What stands in the s:Body of answers about hosts, VMs and jobs. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hvs_error err = {0};
    xmlDoc *doc = hvs_xml_parse((const char *)data, size, &err);
    const xmlNode *body;

    check(doc ? 0 : -1, &err);
    if (!doc)
        return 0;
    body = xmlDocGetRootElement(doc);
    read_summary(body);
    read_identity(body);
    read_lists(body);
    follow_job(body);
    xmlFreeDoc(doc);
    return 0;
}
