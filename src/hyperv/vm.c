#include "base/err.h"
#include "base/index.h"
#include "base/uuid.h"
#include "hyperv/client.h"
#include "hyperv/find.h"
#include "hyperv/settings.h"
#include "hyperv/system.h"

#include <stdlib.h>
#include <string.h>

/* Two reads: the settings of all, and the states of all. */
struct vm_list {
    struct hvs_run run;
    struct hvs_op op;
    char *vm; /* NULL for all */
    struct hvs_settings_query settings;
    struct hvs_system_query systems;
    struct hvs_vm_list *list;
};

enum { SETTINGS = 1, SYSTEMS };

static bool wanted(const struct vm_list *self, const struct hvs_settings *row)
{
    char id[HVS_UUID_SIZE];

    if (!hvs_settings_is_vm(row))
        return false;
    if (!self->vm || (row->name && strcmp(row->name, self->vm) == 0))
        return true;
    if (!hvs_uuid_valid(self->vm))
        return false;
    hvs_uuid_normal(id, self->vm);
    return hvs_same_guid(id, row->vm_id);
}

static int add_state(struct hvs_vm *vm, const struct hvs_system *system,
                     struct hvs_error *err)
{
    vm->state = system->state;
    vm->uptime_ms = system->uptime_ms;
    free(vm->operation);
    vm->operation = strdup(hvs_system_operation(system));
    return vm->operation ? 0 : hvs_err_memory(err);
}

/* What is not in the VMs' own rows: how they are, and how many snapshots they have. Each
 * finds its VM by the index: a host may have thousands of both. */
static int complete(const struct vm_list *self, const struct hvs_index *vms,
                    struct hvs_error *err)
{
    const struct hvs_settings_set *set = &self->settings.set;
    const struct hvs_system_query *systems = &self->systems;
    const struct hvs_index_entry *at;
    size_t i;

    for (i = 0; i < systems->count; i++) {
        at = hvs_index_find(vms, systems->rows[i].id);
        if (at && add_state(self->list->items[at->row], &systems->rows[i], err) < 0)
            return -1;
    }
    for (i = 0; i < set->count; i++) {
        at = hvs_settings_is_snapshot(&set->rows[i])
                 ? hvs_index_find(vms, set->rows[i].vm_id)
                 : NULL;
        if (at)
            self->list->items[at->row]->snapshots++;
    }
    return 0;
}

/* The VMs' own rows. */
static int fill(struct vm_list *self, struct hvs_index *vms, struct hvs_error *err)
{
    struct hvs_settings_set *set = &self->settings.set;
    struct hvs_vm_list *list = self->list;
    struct hvs_vm *vm;
    size_t i;

    list->items = calloc(set->count + 1, sizeof(struct hvs_vm *));
    if (!list->items)
        return hvs_err_memory(err);
    for (i = 0; i < set->count; i++) {
        if (!wanted(self, &set->rows[i]))
            continue;
        vm = hvs_vm_new(&set->rows[i], err);
        hvs_settings_clear(&set->rows[i]); /* copied */
        if (!vm)
            return -1;
        hvs_index_add(vms, vm->id, list->count);
        list->items[list->count++] = vm;
    }
    hvs_index_sort(vms);
    return complete(self, vms, err);
}

static enum hvs_want build(struct vm_list *self, struct hvs_error *err)
{
    const struct hvs_settings_set *set = &self->settings.set;
    struct hvs_vm_list *list = calloc(1, sizeof(*list));
    struct hvs_index vms = {0};
    int rc = -1;

    self->list = list;
    if (!list)
        hvs_err_memory(err);
    else if (hvs_index_init(&vms, set->count, err) == 0)
        rc = fill(self, &vms, err);
    hvs_index_clear(&vms);
    if (rc < 0)
        return HVS_FAIL;
    qsort(list->items, list->count, sizeof(struct hvs_vm *), hvs_vm_compare);
    list->maybe_no_rights = !self->systems.host_seen && !set->count;
    if (list->count || !self->vm)
        return HVS_DONE;
    hvs_err_set_hint(err, HVS_USAGE, 0,
                     list->maybe_no_rights
                         ? "the account may have no rights: not even the "
                           "host's own row is shown"
                         : "'hvsnap vms' lists what this account sees",
                     "no VM is called '%s'", self->vm);
    hvs_err_class(err, HVS_CLASS_NOT_FOUND);
    return HVS_FAIL;
}

static enum hvs_want vm_list_step(struct hvs_op *op, struct hvs_run *run,
                                  const struct hvs_event *event, struct hvs_error *err)
{
    struct vm_list *self = (struct vm_list *)run;

    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why == HVS_START) {
        op->phase = SETTINGS;
        hvs_run_note(run, HVS_PHASE_FIND, NULL, 0);
        return hvs_call(run, &self->settings.query.op);
    }
    if (op->phase == SETTINGS) {
        op->phase = SYSTEMS;
        return hvs_call(run, &self->systems.query.op);
    }
    return build(self, err);
}

static void release(struct hvs_run *run)
{
    struct vm_list *self = (struct vm_list *)run;

    hvs_settings_query_clear(&self->settings);
    hvs_system_query_clear(&self->systems);
    hvs_vm_list_free(self->list);
    free(self->vm);
    free(self);
}

int hvs_vm_list_start(struct hvs_run **out, struct hvs_client *client, const char *vm,
                      struct hvs_error *err)
{
    struct vm_list *self;

    *out = NULL;
    if (vm && hvs_check_text("the VM's name", vm, err) < 0)
        return -1;
    self = calloc(1, sizeof(*self));
    if (!self)
        return hvs_err_memory(err);
    self->op.step = vm_list_step;
    self->vm = vm ? strdup(vm) : NULL;
    hvs_settings_query_init(&self->settings);
    if ((vm && !self->vm) || hvs_system_query_init(&self->systems, NULL, err) < 0) {
        release(&self->run);
        return hvs_err_memory(err);
    }
    hvs_settings_all(&self->settings);
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_vm_list_end(struct hvs_run *run, struct hvs_vm_list **out, struct hvs_error *err)
{
    struct vm_list *self = (struct vm_list *)run;
    int rc = hvs_client_finish(run, err);

    *out = NULL;
    if (rc == 0) {
        *out = self->list;
        self->list = NULL;
    }
    hvs_client_drop(run);
    return rc;
}

int hvs_vm_list(struct hvs_client *client, const char *vm, struct hvs_vm_list **out,
                struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_vm_list_start(&run, client, vm, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_vm_list_end(run, out, err);
}

void hvs_vm_list_free(struct hvs_vm_list *list)
{
    size_t i;

    if (!list)
        return;
    for (i = 0; list->items && i < list->count; i++)
        hvs_vm_free(list->items[i]);
    free(list->items);
    free(list);
}
