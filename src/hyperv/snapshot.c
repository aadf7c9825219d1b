#include "base/err.h"
#include "base/index.h"
#include "base/uuid.h"
#include "hyperv/client.h"
#include "hyperv/find.h"
#include "hyperv/settings.h"

#include <stdlib.h>
#include <string.h>

/* One read of everything, or of one VM; a VM's name costs one more, for its GUID. */
struct snapshot_list {
    struct hvs_run run;
    struct hvs_op op;
    char *vm; /* NULL for all */
    struct hvs_find_vm find;
    struct hvs_settings_query query;
    struct hvs_snapshot_list *list;
};

enum { FINDING = 1, READING };

/* The rows that were read, and those of them that are VMs. */
struct rows {
    struct hvs_settings_set *set;
    struct hvs_index vms;
    size_t spent; /* on copies */
};

static int index_vms(struct rows *rows, struct hvs_error *err)
{
    size_t i;

    if (hvs_index_init(&rows->vms, rows->set->count, err) < 0)
        return -1;
    for (i = 0; i < rows->set->count; i++)
        if (hvs_settings_is_vm(&rows->set->rows[i]))
            hvs_index_add(&rows->vms, rows->set->rows[i].vm_id, i);
    hvs_index_sort(&rows->vms);
    return 0;
}

static const struct hvs_settings *vm_of(const struct rows *rows,
                                        const struct hvs_settings *row)
{
    const struct hvs_index_entry *found = hvs_index_find(&rows->vms, row->vm_id);

    return found ? &rows->set->rows[found->row] : NULL;
}

/* What the list is sorted by: VM, then depth in the tree, then time. */
struct entry {
    struct hvs_snapshot *snapshot;
    uint32_t depth;
    uint32_t parent; /* its place among the entries of its VM, or NO_PARENT */
};
#define NO_PARENT UINT32_MAX

static int by_vm(const struct hvs_snapshot *left, const struct hvs_snapshot *right)
{
    int order = strcmp(left->vm_name, right->vm_name);

    return order ? order : strcmp(left->vm_id, right->vm_id);
}

static int by_vm_and_id(const void *a, const void *b)
{
    const struct hvs_snapshot *left = ((const struct entry *)a)->snapshot;
    const struct hvs_snapshot *right = ((const struct entry *)b)->snapshot;
    int order = by_vm(left, right);

    return order ? order : strcmp(left->id, right->id);
}

static int by_depth(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    const struct hvs_snapshot *l = left->snapshot, *r = right->snapshot;

    if (left->depth != right->depth)
        return left->depth < right->depth ? -1 : 1;
    if (l->created_ms != r->created_ms)
        return l->created_ms < r->created_ms ? -1 : 1;
    return strcmp(l->id, r->id);
}

/* The entries of one VM, sorted by id. */
struct tree {
    struct entry *entries;
    size_t count;
};

static int by_id(const void *id, const void *entry)
{
    return strcmp(id, ((const struct entry *)entry)->snapshot->id);
}

static uint32_t parent_of(const struct tree *tree, const struct entry *of)
{
    const char *id = of->snapshot->parent_id;
    const struct entry *found =
        id ? bsearch(id, tree->entries, tree->count, sizeof(*of), by_id) : NULL;

    return found ? (uint32_t)(found - tree->entries) : NO_PARENT;
}

/* A host's tree may have a hole, and should have no circle: the walk ends in either
 * case. */
static void sort_tree(const struct tree *tree)
{
    enum { DEEPEST = 100 };
    struct entry *entry;
    uint32_t up;
    size_t i;

    for (i = 0; i < tree->count; i++)
        tree->entries[i].parent = parent_of(tree, &tree->entries[i]);
    for (i = 0; i < tree->count; i++) {
        entry = &tree->entries[i];
        for (up = entry->parent; up != NO_PARENT && entry->depth < DEEPEST;
             up = tree->entries[up].parent)
            entry->depth++;
    }
    qsort(tree->entries, tree->count, sizeof(*entry), by_depth);
}

/* Parents before children. One VM after the other: all of a host's snapshots in one heap
 * would cost the more each, the more there are. */
static int sort(struct hvs_snapshot_list *list, struct hvs_error *err)
{
    struct entry *entries = calloc(list->count + 1, sizeof(*entries));
    struct tree tree = {.entries = entries};
    size_t i;

    if (!entries)
        return hvs_err_memory(err);
    for (i = 0; i < list->count; i++)
        entries[i].snapshot = list->items[i];
    qsort(entries, list->count, sizeof(*entries), by_vm_and_id);
    for (i = 0; i < list->count; i++) {
        tree.count++;
        if (i + 1 < list->count &&
            by_vm(entries[i].snapshot, entries[i + 1].snapshot) == 0)
            continue;
        sort_tree(&tree);
        tree = (struct tree){.entries = entries + i + 1};
    }
    for (i = 0; i < list->count; i++)
        list->items[i] = entries[i].snapshot;
    free(entries);
    return 0;
}

/* What was read goes as soon as it is copied: a host may have 20,000. */
static int add_snapshot(struct hvs_snapshot_list *list, struct rows *rows,
                        struct hvs_settings *row, struct hvs_error *err)
{
    struct hvs_snapshot *snapshot = hvs_snapshot_new(row, vm_of(rows, row), err);

    hvs_settings_clear(row);
    if (!snapshot)
        return -1;
    list->items[list->count++] = snapshot;
    return hvs_copies_spend(&rows->spent,
                            strlen(snapshot->vm_name) +
                                snapshot->label_count * HVS_LABEL_COSTS,
                            err);
}

static int add_row(struct hvs_snapshot_list *list, struct rows *rows,
                   struct hvs_settings *row, struct hvs_error *err)
{
    if (hvs_settings_is_vm(row)) {
        list->vms[list->vm_count] = hvs_vm_new(row, err);
        return list->vms[list->vm_count] ? (list->vm_count++, 0) : -1;
    }
    return hvs_settings_is_snapshot(row) ? add_snapshot(list, rows, row, err) : 0;
}

static int fill(struct hvs_snapshot_list *list, struct rows *rows, struct hvs_error *err)
{
    const struct hvs_settings_set *set = rows->set;
    size_t i, vm = 0;

    list->items = calloc(set->count + 1, sizeof(struct hvs_snapshot *));
    list->vms = calloc(set->count + 1, sizeof(struct hvs_vm *));
    if (!list->items || !list->vms)
        return hvs_err_memory(err);
    for (i = 0; i < set->count; i++)
        if (add_row(list, rows, &set->rows[i], err) < 0)
            return -1;
    qsort(list->vms, list->vm_count, sizeof(struct hvs_vm *), hvs_vm_compare);
    if (sort(list, err) < 0)
        return -1;
    /* both are sorted by the VM's name and id now */
    for (i = 0; i < list->count && vm < list->vm_count; i++) {
        while (vm < list->vm_count &&
               strcmp(list->vms[vm]->id, list->items[i]->vm_id) != 0 &&
               strcmp(list->items[i]->vm_name, "") != 0)
            vm++;
        if (vm < list->vm_count && strcmp(list->vms[vm]->id, list->items[i]->vm_id) == 0)
            list->vms[vm]->snapshots++;
    }
    return 0;
}

static enum hvs_want build(struct snapshot_list *self, struct hvs_error *err)
{
    struct rows rows = {.set = &self->query.set};
    int rc = -1;

    if (index_vms(&rows, err) < 0)
        goto out;
    if (self->query.vm && !rows.vms.count) {
        hvs_err_set_hint(
            err, HVS_USAGE, 0,
            "'hvsnap vms' lists what this account sees; it may have moved to "
            "another node of its cluster",
            "no VM '%s' is on this host", self->vm);
        hvs_err_class(err, HVS_CLASS_NOT_FOUND);
        goto out;
    }
    self->list = calloc(1, sizeof(*self->list));
    if (!self->list) {
        hvs_err_memory(err);
        goto out;
    }
    rc = fill(self->list, &rows, err);
out:
    hvs_index_clear(&rows.vms);
    return rc < 0 ? HVS_FAIL : HVS_DONE;
}

static enum hvs_want read_vm(struct snapshot_list *self, const char *id,
                             struct hvs_error *err)
{
    self->op.phase = READING;
    if (hvs_settings_of_vm(&self->query, id, err) < 0)
        return HVS_FAIL;
    return hvs_call(&self->run, &self->query.query.op);
}

static enum hvs_want list_step(struct hvs_op *op, struct hvs_run *run,
                               const struct hvs_event *event, struct hvs_error *err)
{
    struct snapshot_list *self = (struct snapshot_list *)run;

    if (event->cause)
        return hvs_fail(err, event->cause);
    if (op->phase == READING)
        return build(self, err);
    if (op->phase == FINDING)
        return read_vm(self, self->find.vm->vm_id, err);
    hvs_run_note(run, HVS_PHASE_FIND, NULL, 0);
    if (!self->vm) {
        op->phase = READING;
        hvs_settings_all(&self->query);
        return hvs_call(run, &self->query.query.op);
    }
    if (hvs_uuid_valid(self->vm)) {
        hvs_uuid_normal(self->find.id, self->vm);
        return read_vm(self, self->find.id, err);
    }
    op->phase = FINDING;
    return hvs_call(run, &self->find.op);
}

static void release(struct hvs_run *run)
{
    struct snapshot_list *self = (struct snapshot_list *)run;

    hvs_find_vm_clear(&self->find);
    hvs_settings_query_clear(&self->query);
    hvs_snapshot_list_free(self->list);
    free(self->vm);
    free(self);
}

int hvs_snapshot_list_start(struct hvs_run **out, struct hvs_client *client,
                            const char *vm, struct hvs_error *err)
{
    struct snapshot_list *self;

    *out = NULL;
    if (vm && hvs_check_text("the VM's name", vm, err) < 0)
        return -1;
    self = calloc(1, sizeof(*self));
    if (!self)
        return hvs_err_memory(err);
    self->op.step = list_step;
    self->vm = vm ? strdup(vm) : NULL;
    hvs_find_vm_init(&self->find, self->vm);
    hvs_settings_query_init(&self->query);
    if (vm && !self->vm) {
        release(&self->run);
        return hvs_err_memory(err);
    }
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_snapshot_list_end(struct hvs_run *run, struct hvs_snapshot_list **out,
                          struct hvs_error *err)
{
    struct snapshot_list *self = (struct snapshot_list *)run;
    int rc = hvs_client_finish(run, err);

    *out = NULL;
    if (rc == 0) {
        *out = self->list;
        self->list = NULL;
    }
    hvs_client_drop(run);
    return rc;
}

int hvs_snapshot_list(struct hvs_client *client, const char *vm,
                      struct hvs_snapshot_list **out, struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_snapshot_list_start(&run, client, vm, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_snapshot_list_end(run, out, err);
}

void hvs_snapshot_list_free(struct hvs_snapshot_list *list)
{
    size_t i;

    if (!list)
        return;
    for (i = 0; list->items && i < list->count; i++)
        hvs_snapshot_free(list->items[i]);
    for (i = 0; list->vms && i < list->vm_count; i++)
        hvs_vm_free(list->vms[i]);
    free(list->items);
    free(list->vms);
    free(list);
}

const char *hvs_snapshot_kind_name(enum hvs_snapshot_kind kind)
{
    static const char *const names[] = {
        [HVS_KIND_USER] = "user",         [HVS_KIND_AUTOMATIC] = "automatic",
        [HVS_KIND_RECOVERY] = "recovery", [HVS_KIND_REPLICA] = "replica",
        [HVS_KIND_MISSING] = "missing",   [HVS_KIND_PLANNED] = "planned",
        [HVS_KIND_OTHER] = "other",
    };

    return (unsigned)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "other";
}
