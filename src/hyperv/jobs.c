#include "base/err.h"
#include "base/index.h"
#include "base/uuid.h"
#include "hyperv/client.h"
#include "hyperv/find.h"
#include "hyperv/job.h"
#include "hyperv/job_query.h"
#include "hyperv/names.h"
#include "hyperv/system.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The jobs, whatever they act on, and the names of VMs: three reads, however many. */
struct job_list {
    struct hvs_run run;
    struct hvs_op op;
    char *vm; /* NULL for the host */
    struct hvs_find_vm find;
    struct hvs_system_query systems;
    struct hvs_job_query jobs;
    struct hvs_query affected;
    struct hvs_job_list *list;
    size_t spent; /* on copies */
};

enum { FINDING = 1, NAMING, READING, RELATING };

static int by_id(const void *a, const void *b)
{
    const struct hvs_job *x = *(const struct hvs_job *const *)a;
    const struct hvs_job *y = *(const struct hvs_job *const *)b;

    return strcasecmp(x->id, y->id);
}

static int by_start(const void *a, const void *b)
{
    const struct hvs_job *x = *(const struct hvs_job *const *)a;
    const struct hvs_job *y = *(const struct hvs_job *const *)b;

    if (x->over != y->over)
        return x->over ? 1 : -1;
    if (x->started_ms != y->started_ms)
        return x->started_ms < y->started_ms ? -1 : 1;
    return strcasecmp(x->id, y->id);
}

static struct hvs_job *job_of(const struct job_list *self, const char *id)
{
    struct hvs_job key = {.id = (char *)id}, *at = &key, **found;

    if (!self->jobs.count)
        return NULL;
    found = bsearch(&at, self->jobs.items, self->jobs.count, sizeof(at), by_id);
    return found ? *found : NULL;
}

static int relate(struct hvs_query *query, const xmlNode *item, struct hvs_error *err)
{
    struct job_list *self = query->owner;
    struct hvs_affected row;
    struct hvs_job *job;
    const char *made, *vm, *colon;
    int rc = hvs_affected_read(item, &row, err);

    if (rc <= 0)
        return rc;
    job = job_of(self, hvs_affected_job(&row));
    made = hvs_affected_made(&row);
    vm = hvs_affected_vm(&row);
    colon = strchr(made, ':');
    rc = 0;
    if (job && hvs_uuid_valid(vm)) /* not the host itself */
        rc = hvs_job_set(&job->vm_id, vm, err);
    if (rc == 0 && job && *made)
        rc = hvs_job_set(&job->snapshot_id, colon ? colon + 1 : made, err);
    hvs_affected_drop(&row);
    return rc;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static bool is_wanted(const struct job_list *self, const struct hvs_job *job)
{
    return !self->vm || strcasecmp(job->vm_id, self->find.vm->vm_id) == 0;
}

static int name_vm(struct job_list *self, const struct hvs_index *systems,
                   struct hvs_job *job, struct hvs_error *err)
{
    const struct hvs_index_entry *at = NULL;
    const char *name = "";

    if (self->vm)
        name = or_empty(self->find.vm->name);
    else if (*job->vm_id)
        at = hvs_index_find(systems, job->vm_id);
    if (at)
        name = or_empty(self->systems.rows[at->row].name);
    if (hvs_copies_spend(&self->spent, strlen(name), err) < 0)
        return -1;
    return hvs_job_set(&job->vm_name, name, err);
}

static int fill(struct job_list *self, const struct hvs_index *systems,
                struct hvs_error *err)
{
    struct hvs_job_list *list = self->list;
    size_t i;

    list->items = calloc(self->jobs.count + 1, sizeof(*list->items));
    if (!list->items)
        return hvs_err_memory(err);
    for (i = 0; i < self->jobs.count; i++) {
        struct hvs_job **job = &self->jobs.items[i];

        if (!is_wanted(self, *job))
            continue;
        if (name_vm(self, systems, *job, err) < 0)
            return -1;
        list->items[list->count++] = *job;
        *job = NULL; /* given away */
    }
    return 0;
}

static enum hvs_want build(struct job_list *self, struct hvs_error *err)
{
    struct hvs_job_list *list = self->list;
    struct hvs_index systems;
    size_t i;
    int rc = hvs_index_init(&systems, self->systems.count, err);

    for (i = 0; rc == 0 && i < self->systems.count; i++)
        hvs_index_add(&systems, self->systems.rows[i].id, i);
    hvs_index_sort(&systems);
    if (rc == 0)
        rc = fill(self, &systems, err);
    hvs_index_clear(&systems);
    if (rc < 0)
        return HVS_FAIL;
    qsort(list->items, list->count, sizeof(*list->items), by_start);
    list->maybe_no_rights = !self->vm && !self->systems.host_seen &&
                            !self->systems.count && !list->count;
    return HVS_DONE;
}

static enum hvs_want read_jobs(struct job_list *self, struct hvs_run *run)
{
    self->op.phase = READING;
    return hvs_call(run, &self->jobs.query.op);
}

static enum hvs_want job_list_step(struct hvs_op *op, struct hvs_run *run,
                                   const struct hvs_event *event, struct hvs_error *err)
{
    struct job_list *self = (struct job_list *)run;

    if (event->cause)
        return hvs_fail(err, event->cause);
    switch (op->phase) {
    case FINDING:
    case NAMING: return read_jobs(self, run);
    case READING:
        if (!self->jobs.count)
            return build(self, err);
        qsort(self->jobs.items, self->jobs.count, sizeof(*self->jobs.items), by_id);
        op->phase = RELATING;
        return hvs_call(run, &self->affected.op);
    case RELATING: return build(self, err);
    default: break;
    }
    hvs_run_note(run, HVS_PHASE_FIND, NULL, 0);
    op->phase = self->vm ? FINDING : NAMING;
    return hvs_call(run, self->vm ? &self->find.op : &self->systems.query.op);
}

static void release(struct hvs_run *run)
{
    struct job_list *self = (struct job_list *)run;

    hvs_find_vm_clear(&self->find);
    hvs_system_query_clear(&self->systems);
    hvs_job_query_clear(&self->jobs);
    hvs_query_clear(&self->affected);
    hvs_job_list_free(self->list);
    free(self->vm);
    free(self);
}

int hvs_job_list_start(struct hvs_run **out, struct hvs_client *client, const char *vm,
                       struct hvs_error *err)
{
    struct job_list *self;

    *out = NULL;
    if (vm && hvs_check_text("the VM's name", vm, err) < 0)
        return -1;
    self = calloc(1, sizeof(*self));
    if (!self)
        return hvs_err_memory(err);
    self->op.step = job_list_step;
    self->vm = vm ? strdup(vm) : NULL;
    self->list = calloc(1, sizeof(*self->list));
    hvs_find_vm_init(&self->find, self->vm);
    hvs_job_query_init(&self->jobs);
    hvs_query_init(&self->affected, HVS_V2, HVS_CLASS_AFFECTED, relate, NULL, self);
    if ((vm && !self->vm) || !self->list ||
        hvs_system_query_init(&self->systems, NULL, err) < 0 ||
        hvs_job_query_all(&self->jobs, err) < 0) {
        release(&self->run);
        return hvs_err_memory(err);
    }
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_job_list_end(struct hvs_run *run, struct hvs_job_list **out,
                     struct hvs_error *err)
{
    struct job_list *self = (struct job_list *)run;
    int rc = hvs_client_finish(run, err);

    *out = NULL;
    if (rc == 0) {
        *out = self->list;
        self->list = NULL;
    }
    hvs_client_drop(run);
    return rc;
}

int hvs_job_list(struct hvs_client *client, const char *vm, struct hvs_job_list **out,
                 struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_job_list_start(&run, client, vm, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_job_list_end(run, out, err);
}

void hvs_job_list_free(struct hvs_job_list *list)
{
    size_t i;

    if (!list)
        return;
    for (i = 0; list->items && i < list->count; i++)
        hvs_job_free(list->items[i]);
    free(list->items);
    free(list);
}
