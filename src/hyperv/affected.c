#include "hyperv/job.h"
#include "hyperv/names.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { EFFECT_CREATE = 5 }; /* ElementEffects of CIM_AffectedJobElement */

static const struct hvs_field fields[] = {
    HVS_FIELD(struct hvs_affected, element, "AffectedElement", true),
    HVS_FIELD(struct hvs_affected, job, "AffectingElement", true),
    HVS_FIELD(struct hvs_affected, effects, "ElementEffects", false),
};

static bool creates(const struct hvs_affected *row)
{
    size_t i;

    for (i = 0; i < row->effects.count; i++)
        if (row->effects.items[i] == EFFECT_CREATE)
            return true;
    return false;
}

int hvs_affected_read(const xmlNode *item, struct hvs_affected *row,
                      struct hvs_error *err)
{
    *row = (struct hvs_affected){0};
    if (strcmp((const char *)item->name, HVS_CLASS_AFFECTED) != 0)
        return 0;
    return hvs_xml_map(item, fields, 3, row, err) < 0 ? -1 : 1;
}

void hvs_affected_drop(struct hvs_affected *row)
{
    hvs_xml_map_clear(fields, 3, row);
}

const char *hvs_affected_job(const struct hvs_affected *row)
{
    return hvs_cim_ref_key(&row->job, "InstanceID");
}

const char *hvs_affected_vm(const struct hvs_affected *row)
{
    return hvs_cim_ref_is(&row->element, HVS_CLASS_SYSTEM)
               ? hvs_cim_ref_key(&row->element, "Name")
               : "";
}

const char *hvs_affected_made(const struct hvs_affected *row)
{
    return creates(row) && hvs_cim_ref_is(&row->element, HVS_CLASS_SETTINGS)
               ? hvs_cim_ref_key(&row->element, "InstanceID")
               : "";
}

static int add_row(struct hvs_query *query, const xmlNode *item, struct hvs_error *err)
{
    struct hvs_affected_query *self = query->owner;
    struct hvs_affected row;
    const char *made, *vm;
    int rc = hvs_affected_read(item, &row, err);

    if (rc <= 0)
        return rc;
    rc = -1;
    if (strcasecmp(hvs_affected_job(&row), self->job) == 0) {
        made = hvs_affected_made(&row);
        vm = hvs_affected_vm(&row);
        if (*made && hvs_id_copy(self->snapshot, sizeof(self->snapshot), made, err) < 0)
            goto out;
        if (*vm && hvs_id_copy(self->vm_id, sizeof(self->vm_id), vm, err) < 0)
            goto out;
    }
    rc = 0;
out:
    hvs_affected_drop(&row);
    return rc;
}

static void forget(struct hvs_query *query)
{
    struct hvs_affected_query *self = query->owner;

    self->snapshot[0] = self->vm_id[0] = '\0';
}

int hvs_affected_init(struct hvs_affected_query *query, const char *job,
                      struct hvs_error *err)
{
    const struct hvs_param params[] = {{"JOB", job}};

    *query = (struct hvs_affected_query){.job = job};
    hvs_query_init(&query->query, HVS_V2, HVS_CLASS_AFFECTED, add_row, forget, query);
    return hvs_query_filter(&query->query, "filter-job-affected", params, 1, err);
}

void hvs_affected_clear(struct hvs_affected_query *query)
{
    hvs_query_clear(&query->query);
}
