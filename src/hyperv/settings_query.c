#include "hyperv/names.h"
#include "hyperv/settings.h"

#include <string.h>
#include <strings.h>

/* A VM has 50 snapshots, with notes; a host 1024 VMs. */
enum { MOST_OF_VM = 8 << 20, MOST_OF_HOST = 32 << 20 };

static int add_row(struct hvs_query *query, const xmlNode *item, struct hvs_error *err)
{
    struct hvs_settings_query *self = query->owner;
    size_t before = self->set.count;

    if (hvs_settings_add(&self->set, item, err) < 0)
        return -1;
    /* the host's filter knows no case, or there was none */
    if (self->set.count > before && self->wanted &&
        !self->wanted(self, &self->set.rows[before]))
        hvs_settings_set_drop(&self->set);
    if (self->set.count == before)
        hvs_query_dropped(query);
    return 0;
}

static void forget(struct hvs_query *query)
{
    struct hvs_settings_query *self = query->owner;

    hvs_settings_set_clear(&self->set);
}

void hvs_settings_query_init(struct hvs_settings_query *query)
{
    *query = (struct hvs_settings_query){0};
    hvs_query_init(&query->query, HVS_V2, HVS_CLASS_SETTINGS, add_row, forget, query);
    query->query.wanted = hvs_settings_reads;
    query->query.most_kept = MOST_OF_VM;
}

void hvs_settings_query_clear(struct hvs_settings_query *query)
{
    hvs_query_clear(&query->query);
    hvs_settings_set_clear(&query->set);
}

static bool of_vm(const struct hvs_settings_query *query, const struct hvs_settings *row)
{
    return row->vm_id && hvs_same_guid(row->vm_id, query->vm);
}

int hvs_settings_of_vm(struct hvs_settings_query *query, const char *vm_id,
                       struct hvs_error *err)
{
    const struct hvs_param params[] = {{"VM_ID", vm_id}};

    query->vm = vm_id;
    query->wanted = of_vm;
    return hvs_query_filter(&query->query, "filter-vm-settings", params, 1, err);
}

/* In any case, so that "no such VM" can say what there is. */
static bool named(const struct hvs_settings_query *query, const struct hvs_settings *row)
{
    return hvs_settings_is_vm(row) && row->name && strcasecmp(row->name, query->vm) == 0;
}

int hvs_settings_named(struct hvs_settings_query *query, const char *name,
                       struct hvs_error *err)
{
    const struct hvs_param params[] = {{"NAME", name}};

    query->vm = name;
    query->wanted = named;
    return hvs_query_filter(&query->query, "filter-vm-named", params, 1, err);
}

static bool has_id(const struct hvs_settings_query *query, const struct hvs_settings *row)
{
    return strcasecmp(row->instance_id, query->instance_id) == 0;
}

int hvs_settings_by_id(struct hvs_settings_query *query, const char *instance_id,
                       struct hvs_error *err)
{
    const struct hvs_param params[] = {{"INSTANCE_ID", instance_id}};

    query->instance_id = instance_id;
    query->wanted = has_id;
    return hvs_query_filter(&query->query, "filter-settings-id", params, 1, err);
}

void hvs_settings_all(struct hvs_settings_query *query)
{
    hvs_buf_clear(&query->query.filter);
    query->query.most_kept = MOST_OF_HOST;
    query->wanted = NULL;
}

int hvs_settings_of_job(struct hvs_settings_query *query, const char *job,
                        struct hvs_error *err)
{
    const struct hvs_param params[] = {{"JOB", job}};

    query->wanted = NULL;
    query->query.no_fallback = true;
    return hvs_query_filter(&query->query, "filter-job-settings", params, 1, err);
}
