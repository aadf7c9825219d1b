#include "base/err.h"
#include "base/utf8.h"
#include "wsman/enumeration.h"
#include "wsman/fault.h"
#include "wsman/names.h"
#include "xml/doc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_STEPS = 120, MOST_KEPT = 8192 };

/* What came of the rows, on the way. */
struct seen {
    unsigned long rows;
    unsigned restarts;
};

static int count_row(struct hvs_query *query, const xmlNode *item, struct hvs_error *err)
{
    struct seen *seen = query->owner;

    seen->rows++;
    if (hvs_xml_is(item, "urn:x", "Wrong"))
        return hvs_err_set(err, HVS_XML, 0, "a row that cannot be read");
    if (!hvs_xml_first(item))
        hvs_query_dropped(query);
    return 0;
}

static void forget_rows(struct hvs_query *query)
{
    struct seen *seen = query->owner;

    seen->rows = 0;
    seen->restarts++;
}

/* The host says the same whatever it is asked; a body that is a fault as well fails every
 * other time. */
static enum hvs_want answer(struct hvs_query *query, struct hvs_run *run,
                            const xmlNode *body, size_t size, bool even,
                            struct hvs_error *err)
{
    bool page = hvs_xml_child(body, HVS_NS_ENUMERATION, "EnumerateResponse") != NULL;
    struct hvs_error cause = {0};
    struct hvs_event event = {.why = HVS_REPLY, .body = body, .size = size};
    struct hvs_fault fault;

    if ((even || !page) && hvs_fault_read(body, &fault)) {
        hvs_fault_error(&fault, &cause);
        event = (struct hvs_event){.why = HVS_FAILED, .cause = &cause};
    }
    return query->op.step(&query->op, run, &event, err);
}

/* A list ends, or it is an error, at the latest once its time is over. No more is kept
 * of it than was said, an open context is given back, and it is begun anew no more often
 * than that. */
static void list(const xmlNode *body, size_t size, bool filtered)
{
    const struct hvs_param param = {"JOB", "0A0B0C0D-0000-4000-8000-000000000001"};
    struct hvs_event event = {.why = HVS_START};
    struct hvs_error err = {0};
    struct hvs_query query;
    struct hvs_run run = {.deadline = 60000};
    struct seen seen = {0};
    enum hvs_want want;
    int steps;

    run.request.header = (struct hvs_buf)HVS_BUF_INIT(1 << 20);
    run.request.body = (struct hvs_buf)HVS_BUF_INIT(1 << 20);
    hvs_query_init(&query, "urn:x", "Msvm_ConcreteJob", count_row, forget_rows, &seen);
    query.most_kept = MOST_KEPT;
    if (filtered && hvs_query_filter(&query, "filter-job-affected", &param, 1, &err) < 0)
        abort();
    want = query.op.step(&query.op, &run, &event, &err);
    for (steps = 0; want == HVS_SEND && steps < MOST_STEPS; steps++) {
        if (run.undo_count != (query.context != NULL))
            abort();
        if (steps == MOST_STEPS - 10)
            run.now = run.deadline;
        want = answer(&query, &run, body, size, steps % 2, &err);
    }
    if (want != HVS_DONE && want != HVS_FAIL)
        abort();
    if ((want == HVS_FAIL) != (err.domain != HVS_OK) ||
        !hvs_utf8_valid(err.message, strlen(err.message)) || seen.restarts > 5)
        abort();
    if (want == HVS_DONE && (query.context || query.kept > MOST_KEPT))
        abort();
    event.why = HVS_START;
    if (query.context &&
        query.release.step(&query.release, &run, &event, &err) != HVS_SEND)
        abort();
    hvs_query_clear(&query);
    hvs_buf_clear(&run.request.header);
    hvs_buf_clear(&run.request.body);
}

/* The pages of a list: an s:Body with an answer to Enumerate, to Pull, or to both. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hvs_error err = {0};
    xmlDoc *doc = hvs_xml_parse((const char *)data, size, &err);

    if (!doc)
        return 0;
    list(xmlDocGetRootElement(doc), size, false);
    list(xmlDocGetRootElement(doc), size, true);
    xmlFreeDoc(doc);
    return 0;
}
