#include "base/err.h"
#include "hyperv/client.h"
#include "hyperv/find.h"
#include "hyperv/take.h"

#include <stdlib.h>

/* Find the VM, and take a snapshot of it. */
struct create {
    struct hvs_run run;
    struct hvs_op op;
    struct hvs_take_what what;
    struct hvs_find_vm find;
    struct hvs_take take;
    struct hvs_create_result *result;
};

enum { FINDING = 1, TAKING };

static enum hvs_want create_step(struct hvs_op *op, struct hvs_run *run,
                                 const struct hvs_event *event, struct hvs_error *err)
{
    struct create *self = (struct create *)run;

    if (event->cause)
        return hvs_fail(err, event->cause);
    if (op->phase == TAKING)
        return HVS_DONE;
    if (op->phase == FINDING) {
        op->phase = TAKING;
        self->take.vm = self->find.vm;
        return hvs_call(run, &self->take.op);
    }
    op->phase = FINDING;
    return hvs_call(run, &self->find.op);
}

static void release(struct hvs_run *run)
{
    struct create *self = (struct create *)run;

    hvs_find_vm_clear(&self->find);
    hvs_take_clear(&self->take);
    hvs_create_result_free(self->result);
    hvs_take_what_clear(&self->what);
    free(self);
}

int hvs_snapshot_create_start(struct hvs_run **out, struct hvs_client *client,
                              const struct hvs_create_opts *opts, struct hvs_error *err)
{
    struct create *self = calloc(1, sizeof(*self));

    *out = NULL;
    if (!self)
        return hvs_err_memory(err);
    self->op.step = create_step;
    if (hvs_take_what_read(&self->what, opts, err) < 0) {
        release(&self->run);
        return -1;
    }
    self->result = calloc(1, sizeof(*self->result));
    if (!self->result) {
        release(&self->run);
        return hvs_err_memory(err);
    }
    hvs_find_vm_init(&self->find, self->what.vm);
    hvs_take_init(&self->take, &self->what, self->result);
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_snapshot_create_end(struct hvs_run *run, struct hvs_create_result **out,
                            struct hvs_error *err)
{
    struct create *self = (struct create *)run;
    int rc = hvs_take_finish(&self->take, hvs_client_finish(run, err), err);

    *out = self->result;
    self->result = NULL;
    hvs_client_drop(run);
    return rc;
}

int hvs_snapshot_create(struct hvs_client *client, const struct hvs_create_opts *opts,
                        struct hvs_create_result **out, struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_snapshot_create_start(&run, client, opts, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_snapshot_create_end(run, out, err);
}

void hvs_create_result_free(struct hvs_create_result *result)
{
    if (result) {
        hvs_snapshot_free(result->snapshot);
        hvs_snapshot_free(result->unnamed);
    }
    free(result);
}
