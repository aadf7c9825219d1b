#include "hvsim/store.h"

#include <stdlib.h>
#include <string.h>

struct sim_vm *sim_vm_add(struct sim_host *host, const char *id, const char *name)
{
    struct sim_vm *vm = sim_new(sizeof(*vm));

    hvs_uuid_normal(vm->id, id);
    vm->name = sim_copy(name);
    vm->notes = sim_copy("");
    vm->version = sim_copy("10.0");
    vm->state = SIM_OFF;
    vm->user_type = SIM_PRODUCTION;
    vm->generation = 2;
    vm->duration_ms = host->duration_ms;
    *SIM_MORE(host->vms, host->vm_count) = vm;
    xmlHashAddEntry(host->vm_index, (const xmlChar *)vm->id, vm);
    return vm;
}

static void *find(xmlHashTable *table, const char *id)
{
    char normal[HVS_UUID_SIZE];

    if (!hvs_uuid_valid(id))
        return NULL;
    hvs_uuid_normal(normal, id);
    return xmlHashLookup(table, (const xmlChar *)normal);
}

struct sim_vm *sim_vm_find(const struct sim_host *host, const char *id)
{
    return find(host->vm_index, id);
}

struct sim_snapshot *sim_snapshot_find(const struct sim_host *host, const char *id)
{
    return find(host->snapshot_index, id);
}

static void free_snapshot(struct sim_host *host, struct sim_snapshot *snapshot)
{
    xmlHashRemoveEntry(host->snapshot_index, (const xmlChar *)snapshot->id, NULL);
    free(snapshot->name);
    free(snapshot->notes);
    free(snapshot->type);
    free(snapshot);
}

void sim_vm_remove(struct sim_host *host, struct sim_vm *vm)
{
    size_t i;

    for (i = 0; i < host->active_count; i++)
        if (host->active[i]->vm == vm)
            host->active[i]->vm = NULL;
    for (i = 0; i < host->vm_count && host->vms[i] != vm; i++)
        ;
    memmove(host->vms + i, host->vms + i + 1,
            (--host->vm_count - i) * sizeof(*host->vms));
    xmlHashRemoveEntry(host->vm_index, (const xmlChar *)vm->id, NULL);
    for (i = 0; i < vm->snapshot_count; i++)
        free_snapshot(host, vm->snapshots[i]);
    free(vm->snapshots);
    free(vm->name);
    free(vm->notes);
    free(vm->version);
    free(vm);
}

struct sim_snapshot *sim_snapshot_add(struct sim_host *host, struct sim_vm *vm,
                                      const char *id, const char *name,
                                      struct sim_snapshot *parent)
{
    struct sim_snapshot *snapshot = sim_new(sizeof(*snapshot));

    hvs_uuid_normal(snapshot->id, id);
    snapshot->name = sim_copy(name);
    snapshot->notes = sim_copy(vm->notes);
    snapshot->type = sim_copy("Realized");
    snapshot->vm = vm;
    snapshot->parent = parent;
    snapshot->user_type = vm->user_type;
    snapshot->created = sim_host_shows(host);
    *SIM_MORE(vm->snapshots, vm->snapshot_count) = snapshot;
    xmlHashAddEntry(host->snapshot_index, (const xmlChar *)snapshot->id, snapshot);
    return snapshot;
}

void sim_snapshot_remove(struct sim_host *host, struct sim_snapshot *snapshot)
{
    struct sim_vm *vm = snapshot->vm;
    size_t i, at = 0;

    for (i = 0; i < vm->snapshot_count; i++) {
        if (vm->snapshots[i] == snapshot)
            at = i;
        if (vm->snapshots[i]->parent == snapshot)
            vm->snapshots[i]->parent = snapshot->parent;
    }
    if (vm->current == snapshot)
        vm->current = snapshot->parent;
    if (vm->applied == snapshot)
        vm->applied = NULL;
    memmove(vm->snapshots + at, vm->snapshots + at + 1,
            (--vm->snapshot_count - at) * sizeof(*vm->snapshots));
    free_snapshot(host, snapshot);
}

void sim_snapshot_remove_tree(struct sim_host *host, struct sim_snapshot *snapshot)
{
    struct sim_vm *vm = snapshot->vm;
    size_t i = 0;

    while (i < vm->snapshot_count) {
        if (vm->snapshots[i]->parent != snapshot) {
            i++;
            continue;
        }
        sim_snapshot_remove_tree(host, vm->snapshots[i]);
        i = 0;
    }
    sim_snapshot_remove(host, snapshot);
}

bool sim_snapshot_above(const struct sim_snapshot *snapshot,
                        const struct sim_snapshot *below)
{
    for (; below; below = below->parent)
        if (below == snapshot)
            return true;
    return false;
}

size_t sim_vm_user_snapshots(const struct sim_vm *vm)
{
    size_t i, count = 0;

    for (i = 0; i < vm->snapshot_count; i++)
        count += strcmp(vm->snapshots[i]->type, "Realized") == 0;
    return count;
}

void sim_text_replace(char **text, const char *with)
{
    char *copy = sim_copy(with);

    free(*text);
    *text = copy;
}
