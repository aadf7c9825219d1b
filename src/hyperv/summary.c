#include "hyperv/summary.h"

#include "base/err.h"
#include "hyperv/job_query.h"
#include "hyperv/names.h"
#include "hyperv/result.h"
#include "wsman/envelope.h"
#include "wsman/invoke.h"
#include "xml/doc.h"

#include <stdlib.h>
#include <string.h>

#define METHOD "GetSummaryInformation"

/* By local name: what is nested is in the namespace of its own class. */
static bool is(const xmlNode *node, const char *name)
{
    return strcmp((const char *)node->name, name) == 0;
}

/* *err is set only when memory runs out. */
static bool number(const xmlNode *node, uint32_t *out, struct hvs_error *err)
{
    char *text = hvs_xml_word(node), *end = text;
    unsigned long value = text ? strtoul(text, &end, 10) : 0;
    bool is_one = text && *text >= '0' && *text <= '9' && !*end && value <= UINT32_MAX;

    if (is_one)
        *out = (uint32_t)value;
    if (!text)
        hvs_err_memory(err);
    free(text);
    return is_one;
}

/* A job that is not over, with the most of it done. */
static void read_task(struct hvs_summary *out, const xmlNode *task, struct hvs_error *err)
{
    uint32_t state = 0, type = 0, percent = 0;
    const xmlNode *node;

    for (node = hvs_xml_first(task); node; node = hvs_xml_next(node)) {
        if (is(node, "JobState"))
            number(node, &state, err);
        else if (is(node, "JobType"))
            number(node, &type, err);
        else if (is(node, "PercentComplete"))
            number(node, &percent, err);
    }
    if (!state || hvs_job_state_over(state) || percent > 100 || out->job)
        return;
    out->job = true;
    out->job_type = type;
    out->percent = percent;
}

static void read_vm(struct hvs_summary *out, const xmlNode *summary,
                    struct hvs_error *err)
{
    struct hvs_numbers *status = &out->system.status;
    const xmlNode *node;
    uint32_t value;
    char *name;

    for (node = hvs_xml_first(summary); node; node = hvs_xml_next(node)) {
        if (is(node, "Name")) {
            name = hvs_xml_word(node); /* one that is not found has an empty name */
            if (!name)
                hvs_err_memory(err);
            out->found = name && *name;
            free(name);
        } else if (is(node, "EnabledState")) {
            number(node, &out->system.state, err);
        } else if (is(node, "OperationalStatus") && status->count < 2 &&
                   number(node, &value, err)) {
            status->items[status->count++] = value;
        } else if (is(node, "AsynchronousTasks")) {
            read_task(out, node, err);
        }
    }
}

enum hvs_want hvs_summary_ask(struct hvs_run *run, const char *vm_id,
                              struct hvs_error *err)
{
    static const struct hvs_request_kind kind = {.template = "get-vm-summary",
                                                 .action = HVS_V2 "/" HVS_CLASS_MANAGEMENT
                                                                  "/" METHOD,
                                                 .resource = HVS_V2
                                                 "/" HVS_CLASS_MANAGEMENT,
                                                 .effect = HVS_READ};
    const struct hvs_param params[] = {{"VM_ID", vm_id}};

    if (hvs_request_fill(&run->request, &kind, params, 1, err) < 0)
        return HVS_FAIL;
    return HVS_SEND;
}

int hvs_summary_read(const xmlNode *body, struct hvs_summary *out, struct hvs_error *err)
{
    const xmlNode *node;
    struct hvs_invoked said;

    *out = (struct hvs_summary){0};
    if (hvs_invoke_read(body, "/" METHOD, NULL, &said, err) < 0)
        return -1;
    if (said.return_value)
        return hvs_result_error(said.return_value, METHOD, err);
    for (node = hvs_xml_first(hvs_xml_first(body)); node; node = hvs_xml_next(node))
        if (is(node, "SummaryInformation") && !out->found)
            read_vm(out, node, err);
    return err->domain ? -1 : 0;
}
