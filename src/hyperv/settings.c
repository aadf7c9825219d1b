#include "hyperv/settings.h"

#include "base/err.h"
#include "base/uuid.h"
#include "hyperv/names.h"
#include "hyperv/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A host has 1024 VMs with 50 snapshots each at the most, and few other rows. */
enum { MOST_ROWS = 1024 * 55 };

static const struct hvs_field fields[] = {
    HVS_FIELD(struct hvs_settings, instance_id, "InstanceID", true),
    HVS_FIELD(struct hvs_settings, name, "ElementName", false),
    HVS_FIELD(struct hvs_settings, vm_id, "VirtualSystemIdentifier", false),
    HVS_FIELD(struct hvs_settings, type, "VirtualSystemType", false),
    HVS_FIELD(struct hvs_settings, parent, "Parent", false),
    HVS_FIELD(struct hvs_settings, version, "Version", false),
    HVS_FIELD(struct hvs_settings, subtype, "VirtualSystemSubType", false),
    HVS_FIELD(struct hvs_settings, notes, "Notes", false),
    HVS_FIELD(struct hvs_settings, created, "CreationTime", false),
    HVS_FIELD(struct hvs_settings, saved, "IsSaved", false),
    HVS_FIELD(struct hvs_settings, automatic, "IsAutomaticSnapshot", false),
    HVS_FIELD(struct hvs_settings, checkpoint, "UserSnapshotType", false),
};
#define FIELDS fields, sizeof(fields) / sizeof(fields[0])

bool hvs_settings_reads(const char *property)
{
    return hvs_xml_map_reads(FIELDS, property);
}

void hvs_settings_clear(struct hvs_settings *row)
{
    hvs_xml_map_clear(FIELDS, row);
}

void hvs_settings_set_drop(struct hvs_settings_set *set)
{
    hvs_settings_clear(&set->rows[--set->count]);
}

void hvs_settings_set_clear(struct hvs_settings_set *set)
{
    while (set->count)
        hvs_settings_set_drop(set);
    free(set->rows);
    *set = (struct hvs_settings_set){0};
}

static struct hvs_settings *grow(struct hvs_settings_set *set, struct hvs_error *err)
{
    struct hvs_settings *rows;
    size_t cap = set->cap ? set->cap * 2 : 16;

    if (set->count == MOST_ROWS) {
        hvs_err_set(err, HVS_XML, 0, "the host's list does not end: %d rows", MOST_ROWS);
        return NULL;
    }
    if (set->count < set->cap)
        return &set->rows[set->count];
    rows = realloc(set->rows, cap * sizeof(*rows));
    if (!rows) {
        hvs_err_memory(err);
        return NULL;
    }
    set->rows = rows;
    set->cap = cap;
    return &rows[set->count];
}

/* GUIDs are compared in any case, but shown as Windows writes them. */
static void upper(char *text)
{
    for (; text && *text; text++)
        if (*text >= 'a' && *text <= 'f')
            *text = (char)(*text - 32);
}

/* Ids are kept in arrays that hold the longest that Windows has, and those of VMs and of
 * snapshots are GUIDs: they are shown in commands for a person to type. */
static int fits(const struct hvs_settings *row, struct hvs_error *err)
{
    bool known = hvs_settings_is_vm(row) || hvs_settings_is_snapshot(row);
    char id[64], vm_id[40];

    if (known && (!hvs_uuid_valid(row->vm_id) || !hvs_uuid_valid(hvs_settings_guid(row))))
        return hvs_err_set(err, HVS_XML, 0,
                           "a VM or a snapshot has an id that is no GUID: '%.60s' of "
                           "'%.60s'",
                           row->instance_id, row->vm_id);

    if (hvs_id_copy(id, sizeof(id), row->instance_id, err) < 0 ||
        hvs_name_fits(row->name, err) < 0)
        return -1;
    return hvs_id_copy(vm_id, sizeof(vm_id), row->vm_id ? row->vm_id : "", err);
}

int hvs_settings_add(struct hvs_settings_set *set, const xmlNode *item,
                     struct hvs_error *err)
{
    struct hvs_settings *row;
    size_t i;

    if (strcmp((const char *)item->name, HVS_CLASS_SETTINGS) != 0)
        return 0;
    row = grow(set, err);
    if (!row)
        return -1;
    *row = (struct hvs_settings){0};
    if (hvs_xml_map(item, FIELDS, row, err) < 0)
        return -1;
    if (fits(row, err) < 0) {
        hvs_xml_map_clear(FIELDS, row);
        return -1;
    }
    if (strncmp(row->instance_id, "Microsoft:", 10) == 0)
        upper(row->instance_id + 10);
    upper(row->vm_id);
    /* an association may lead to one object twice */
    for (i = 0; set->count <= 64 && i < set->count; i++) {
        if (strcmp(set->rows[i].instance_id, row->instance_id) == 0) {
            hvs_xml_map_clear(FIELDS, row);
            return 0;
        }
    }
    set->count++;
    return 0;
}

bool hvs_settings_is_vm(const struct hvs_settings *row)
{
    return row->type && row->vm_id && strcmp(row->type, HVS_TYPE_VM) == 0;
}

bool hvs_settings_is_snapshot(const struct hvs_settings *row)
{
    return row->type && row->vm_id &&
           strncmp(row->type, HVS_TYPE_SNAPSHOT, sizeof(HVS_TYPE_SNAPSHOT) - 1) == 0;
}

const struct hvs_settings *hvs_settings_find(const struct hvs_settings_set *set,
                                             const char *instance_id)
{
    size_t i;

    for (i = 0; i < set->count; i++)
        if (strcasecmp(set->rows[i].instance_id, instance_id) == 0)
            return &set->rows[i];
    return NULL;
}

int hvs_settings_index(const struct hvs_settings_set *set, struct hvs_index *index,
                       struct hvs_error *err)
{
    size_t i;

    if (hvs_index_init(index, set->count, err) < 0)
        return -1;
    for (i = 0; i < set->count; i++)
        hvs_index_add(index, hvs_settings_guid(&set->rows[i]), i);
    hvs_index_sort(index);
    return 0;
}

const struct hvs_settings *hvs_settings_vm(const struct hvs_settings_set *set)
{
    size_t i;

    for (i = 0; i < set->count; i++)
        if (hvs_settings_is_vm(&set->rows[i]))
            return &set->rows[i];
    return NULL;
}

enum hvs_snapshot_kind hvs_settings_kind(const struct hvs_settings *row)
{
    static const struct {
        const char *type;
        enum hvs_snapshot_kind kind;
    } kinds[] = {{"Realized", HVS_KIND_USER},
                 {"Recovery", HVS_KIND_RECOVERY},
                 {"Planned", HVS_KIND_PLANNED},
                 {"Missing", HVS_KIND_MISSING},
                 {"Replica:Standard", HVS_KIND_REPLICA},
                 {"Replica:ApplicationConsistent", HVS_KIND_REPLICA},
                 {"Replica:PlannedFailover", HVS_KIND_REPLICA}};
    const char *tail = row->type + sizeof(HVS_TYPE_SNAPSHOT) - 1;
    size_t i;

    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].type, tail) == 0)
            return kinds[i].kind == HVS_KIND_USER && row->automatic ? HVS_KIND_AUTOMATIC
                                                                    : kinds[i].kind;
    return HVS_KIND_OTHER;
}

const char *hvs_settings_guid(const struct hvs_settings *row)
{
    const char *colon = strchr(row->instance_id, ':');

    return colon ? colon + 1 : row->instance_id;
}

void hvs_settings_parent(const struct hvs_settings *row, char out[40])
{
    char id[64] = "";
    const char *colon;

    if (!row->parent || !hvs_cim_path_key(row->parent, "InstanceID", id, sizeof(id)))
        id[0] = '\0';
    colon = strchr(id, ':');
    snprintf(out, 40, "%.39s", colon ? colon + 1 : "");
    upper(out);
}

bool hvs_same_guid(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

int hvs_name_fits(const char *name, struct hvs_error *err)
{
    size_t len = name ? strlen(name) : 0;

    if (len <= HVS_MOST_NAME_BYTES)
        return 0;
    return hvs_err_set(err, HVS_XML, 0,
                       "the host has a name of %zu bytes, and %d are taken", len,
                       HVS_MOST_NAME_BYTES);
}

int hvs_copies_spend(size_t *spent, size_t bytes, struct hvs_error *err)
{
    *spent += bytes;
    if (*spent <= HVS_MOST_COPIES)
        return 0;
    return hvs_err_set(err, HVS_XML, 0,
                       "the host's list does not end: its names and labels are too many");
}

static char *copy(const char *text, bool *failed)
{
    char *out = strdup(text ? text : "");

    *failed = *failed || !out;
    return out;
}

const char *hvs_settings_notes(const struct hvs_settings *row)
{
    return row->notes ? row->notes : "";
}

/* What is read into `notes` belongs to the snapshot then. */
static int read_notes(struct hvs_snapshot *snapshot, const struct hvs_settings *row,
                      struct hvs_error *err)
{
    struct hvs_notes notes;

    if (hvs_notes_parse(&notes, hvs_settings_notes(row), hvs_settings_guid(row), err) < 0)
        return -1;
    snapshot->notes = notes.own;
    snapshot->label_count = notes.label_count;
    snapshot->labels = notes.labels;
    snapshot->expires_ms = notes.expires_ms;
    return 0;
}

static enum hvs_checkpoint_type checkpoint_of(const struct hvs_settings *row)
{
    return row->checkpoint >= HVS_CHECKPOINT_DISABLED &&
                   row->checkpoint <= HVS_CHECKPOINT_STANDARD
               ? (enum hvs_checkpoint_type)row->checkpoint
               : HVS_CHECKPOINT_UNKNOWN;
}

struct hvs_snapshot *hvs_snapshot_new(const struct hvs_settings *row,
                                      const struct hvs_settings *vm,
                                      struct hvs_error *err)
{
    struct hvs_snapshot *snapshot = calloc(1, sizeof(*snapshot));
    bool failed = !snapshot;
    char parent[40], stands[40] = "";

    if (failed)
        goto out;
    hvs_settings_parent(row, parent);
    if (vm)
        hvs_settings_parent(vm, stands);
    snapshot->id = copy(hvs_settings_guid(row), &failed);
    snapshot->name = copy(row->name, &failed);
    snapshot->vm_id = copy(row->vm_id, &failed);
    snapshot->vm_name = copy(vm ? vm->name : "", &failed);
    failed = read_notes(snapshot, row, err) < 0 || failed;
    snapshot->parent_id = parent[0] ? copy(parent, &failed) : NULL;
    snapshot->created_ms = row->created.set ? row->created.ms : HVS_TIME_NONE;
    snapshot->kind = hvs_settings_kind(row);
    snapshot->current = stands[0] && hvs_same_guid(stands, hvs_settings_guid(row));
    snapshot->saved_state = row->saved;
    if (snapshot->kind == HVS_KIND_USER || snapshot->kind == HVS_KIND_AUTOMATIC)
        snapshot->type = row->saved ? HVS_CHECKPOINT_STANDARD : checkpoint_of(row);
out:
    if (!failed)
        return snapshot;
    hvs_err_memory(err);
    hvs_snapshot_free(snapshot);
    return NULL;
}

void hvs_snapshot_free(struct hvs_snapshot *snapshot)
{
    if (!snapshot)
        return;
    free(snapshot->id);
    free(snapshot->name);
    free(snapshot->vm_id);
    free(snapshot->vm_name);
    free(snapshot->parent_id);
    free(snapshot->notes);
    hvs_labels_free(snapshot->labels, snapshot->label_count);
    free(snapshot);
}

struct hvs_vm *hvs_vm_new(const struct hvs_settings *row, struct hvs_error *err)
{
    struct hvs_vm *vm = calloc(1, sizeof(*vm));
    bool failed = !vm;
    char parent[40];

    if (failed)
        goto out;
    hvs_settings_parent(row, parent);
    vm->id = copy(row->vm_id, &failed);
    vm->name = copy(row->name, &failed);
    vm->version = copy(row->version, &failed);
    vm->operation = copy("", &failed);
    vm->current_id = parent[0] ? copy(parent, &failed) : NULL;
    vm->checkpoint = checkpoint_of(row);
    if (row->subtype && strcmp(row->subtype, "Microsoft:Hyper-V:SubType:1") == 0)
        vm->generation = 1;
    else if (row->subtype && strcmp(row->subtype, "Microsoft:Hyper-V:SubType:2") == 0)
        vm->generation = 2;
out:
    if (!failed)
        return vm;
    hvs_err_memory(err);
    hvs_vm_free(vm);
    return NULL;
}

void hvs_vm_free(struct hvs_vm *vm)
{
    if (!vm)
        return;
    free(vm->id);
    free(vm->name);
    free(vm->version);
    free(vm->operation);
    free(vm->current_id);
    free(vm);
}

int hvs_vm_compare(const void *a, const void *b)
{
    const struct hvs_vm *left = *(struct hvs_vm *const *)a;
    const struct hvs_vm *right = *(struct hvs_vm *const *)b;
    int order = strcmp(left->name, right->name);

    return order ? order : strcmp(left->id, right->id);
}
