#include "hyperv/system.h"

#include "base/err.h"
#include "base/uuid.h"
#include "hyperv/names.h"
#include "hyperv/settings.h"

#include <hvsnap/vm.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A host has 1024 VMs at the most. */
enum { MOST_ROWS = 16384, MOST_KEPT = 8 << 20, IN_SERVICE = 11 };

static const struct hvs_field fields[] = {
    HVS_FIELD(struct hvs_system, id, "Name", true),
    HVS_FIELD(struct hvs_system, name, "ElementName", false),
    HVS_FIELD(struct hvs_system, state, "EnabledState", false),
    HVS_FIELD(struct hvs_system, uptime_ms, "OnTimeInMilliseconds", false),
    HVS_FIELD(struct hvs_system, status, "OperationalStatus", false),
};
#define FIELDS fields, sizeof(fields) / sizeof(fields[0])

/* EnabledState. 32768 and up: hosts differ in what they mean (two tables are printed),
 * so only those that both have are named. */
static const struct {
    uint32_t state;
    const char *name;
    bool passing;
} states[] = {
    {2, "running", false},     {3, "off", false},       {4, "shutting down", true},
    {6, "saved", false},       {9, "paused", false},    {10, "starting", true},
    {11, "reset", true},       {32773, "saving", true}, {32776, "pausing", true},
    {32777, "resuming", true},
};

/* The second OperationalStatus. */
static const struct {
    uint32_t status;
    const char *name;
} operations[] = {
    {32768, "snapshot"}, {32769, "restore"}, {32770, "delete"},    {32771, "waiting"},
    {32772, "merge"},    {32773, "export"},  {32774, "migration"},
};

const char *hvs_vm_state_name(uint32_t state, char buf[16])
{
    size_t i;

    for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (states[i].state == state)
            return states[i].name;
    snprintf(buf, 16, "%u", (unsigned)state);
    return buf;
}

const char *hvs_checkpoint_type_name(enum hvs_checkpoint_type type)
{
    switch (type) {
    case HVS_CHECKPOINT_DISABLED: return "disabled";
    case HVS_CHECKPOINT_PRODUCTION: return "production";
    case HVS_CHECKPOINT_PRODUCTION_ONLY: return "production-only";
    case HVS_CHECKPOINT_STANDARD: return "standard";
    case HVS_CHECKPOINT_UNKNOWN: break;
    }
    return "unknown";
}

const char *hvs_system_operation(const struct hvs_system *system)
{
    size_t i;

    for (i = 0;
         system->status.count > 1 && i < sizeof(operations) / sizeof(operations[0]); i++)
        if (operations[i].status == system->status.items[1])
            return operations[i].name;
    return "";
}

bool hvs_state_passes(uint32_t state)
{
    size_t i;

    for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (states[i].state == state)
            return states[i].passing;
    return false;
}

bool hvs_system_is_busy(const struct hvs_system *system)
{
    if (system->status.count && system->status.items[0] == IN_SERVICE)
        return true;
    return *hvs_system_operation(system) || hvs_state_passes(system->state);
}

static int add_row(struct hvs_query *query, const xmlNode *item, struct hvs_error *err)
{
    struct hvs_system_query *self = query->owner;
    struct hvs_system *rows;

    if (strcmp((const char *)item->name, HVS_CLASS_SYSTEM) != 0)
        return 0;
    if (self->count == MOST_ROWS)
        return hvs_err_set(err, HVS_XML, 0, "the host's list does not end: %d VMs",
                           MOST_ROWS);
    if (self->count == self->cap) {
        self->cap = self->cap ? self->cap * 2 : 16;
        rows = realloc(self->rows, self->cap * sizeof(*rows));
        if (!rows)
            return hvs_err_memory(err);
        self->rows = rows;
    }
    rows = &self->rows[self->count];
    *rows = (struct hvs_system){0};
    if (hvs_xml_map(item, FIELDS, rows, err) < 0)
        return -1;
    if (hvs_name_fits(rows->name, err) < 0) {
        hvs_xml_map_clear(FIELDS, rows);
        return -1;
    }
    /* captions are localised: only its Name tells a VM from the host */
    if (hvs_uuid_valid(rows->id) &&
        (!self->vm_id || strcasecmp(rows->id, self->vm_id) == 0)) {
        self->count++;
        return 0;
    }
    self->host_seen = self->host_seen || !hvs_uuid_valid(rows->id);
    hvs_xml_map_clear(FIELDS, rows);
    return 0;
}

static void drop_rows(struct hvs_system_query *self)
{
    while (self->count)
        hvs_xml_map_clear(FIELDS, &self->rows[--self->count]);
    self->host_seen = false;
}

static void forget(struct hvs_query *query)
{
    drop_rows(query->owner);
}

int hvs_system_query_init(struct hvs_system_query *query, const char *vm_id,
                          struct hvs_error *err)
{
    const struct hvs_param params[] = {{"VM_ID", vm_id}};

    *query = (struct hvs_system_query){.vm_id = vm_id};
    hvs_query_init(&query->query, HVS_V2, HVS_CLASS_SYSTEM, add_row, forget, query);
    query->query.most_kept = MOST_KEPT;
    return vm_id ? hvs_query_filter(&query->query, "filter-system", params, 1, err) : 0;
}

void hvs_system_query_clear(struct hvs_system_query *query)
{
    drop_rows(query);
    free(query->rows);
    query->rows = NULL;
    query->cap = 0;
    hvs_query_clear(&query->query);
}
