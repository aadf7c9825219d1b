#include "wsman/invoke.h"

#include "base/err.h"
#include "xml/doc.h"
#include "xml/map.h"

#include <string.h>

struct output {
    uint32_t return_value;
    struct hvs_ref job, made;
};

static const struct hvs_field output_fields[] = {
    HVS_FIELD(struct output, return_value, "ReturnValue", true),
    HVS_FIELD(struct output, job, "Job", false),
    HVS_FIELD(struct output, made, "", false),
};

static int copy_ids(struct hvs_invoked *out, const struct output *output,
                    struct hvs_error *err)
{
    const char *id = hvs_cim_ref_key(&output->job, "InstanceID");

    if (hvs_id_copy(out->job, sizeof(out->job), id, err) < 0 ||
        hvs_id_copy(out->job_class, sizeof(out->job_class),
                    output->job.resource ? output->job.resource : "", err) < 0)
        return -1;
    return hvs_id_copy(out->made, sizeof(out->made),
                       hvs_cim_ref_key(&output->made, "InstanceID"), err);
}

int hvs_invoke_read(const xmlNode *body, const char *action, const char *made,
                    struct hvs_invoked *out, struct hvs_error *err)
{
    const char *slash = strrchr(action, '/'), *method = slash ? slash + 1 : action;
    const xmlNode *node = hvs_xml_first(body);
    struct output output = {0};
    size_t len = strlen(method), count = made ? 3 : 2;
    struct hvs_field fields[3];
    int rc;

    memcpy(fields, output_fields, sizeof(fields));
    fields[2].name = made;
    *out = (struct hvs_invoked){0};
    if (!node || strncmp((const char *)node->name, method, len) != 0 ||
        strcmp((const char *)node->name + len, "_OUTPUT") != 0)
        return hvs_err_set(err, HVS_XML, 0, "the reply holds no %s_OUTPUT", method);
    if (hvs_xml_map(node, fields, count, &output, err) < 0)
        return -1;
    out->return_value = output.return_value;
    rc = copy_ids(out, &output, err);
    hvs_xml_map_clear(fields, count, &output);
    return rc;
}
