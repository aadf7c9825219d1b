#include "wsman/invoke.h"

#include "base/err.h"
#include "xml/doc.h"
#include "xml/map.h"

#include <stdio.h>
#include <string.h>

struct output {
    uint32_t return_value;
    struct hvs_ref job;
};

static const struct hvs_field output_fields[] = {
    HVS_FIELD(struct output, return_value, "ReturnValue", true),
    HVS_FIELD(struct output, job, "Job", false),
};

int hvs_invoke_read(const xmlNode *body, const char *action, struct hvs_invoked *out,
                    struct hvs_error *err)
{
    const char *slash = strrchr(action, '/'), *method = slash ? slash + 1 : action;
    const xmlNode *node = hvs_xml_first(body);
    struct output output = {0};
    size_t len = strlen(method);
    const char *id;

    *out = (struct hvs_invoked){0};
    if (!node || strncmp((const char *)node->name, method, len) != 0 ||
        strcmp((const char *)node->name + len, "_OUTPUT") != 0)
        return hvs_err_set(err, HVS_XML, 0, "the reply holds no %s_OUTPUT", method);
    if (hvs_xml_map(node, output_fields, 2, &output, err) < 0)
        return -1;
    id = hvs_cim_ref_key(&output.job, "InstanceID");
    out->return_value = output.return_value;
    snprintf(out->job, sizeof(out->job), "%s", id);
    snprintf(out->job_class, sizeof(out->job_class), "%s",
             output.job.resource ? output.job.resource : "");
    if (output.return_value == 4096 && !*id)
        hvs_err_set(err, HVS_XML, 0, "%s started a job and did not name it", method);
    else if (strlen(id) >= sizeof(out->job))
        hvs_err_set(err, HVS_XML, 0, "%s named a job with too long an id", method);
    hvs_xml_map_clear(output_fields, 2, &output);
    return err->domain ? -1 : 0;
}
