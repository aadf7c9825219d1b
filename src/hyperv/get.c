#include "base/err.h"
#include "hyperv/choose.h"
#include "hyperv/client.h"

#include <stdlib.h>
#include <string.h>

struct get {
    struct hvs_run run;
    struct hvs_op op;
    char *vm, *wanted;
    struct hvs_choose choose;
    struct hvs_snapshot *snapshot;
};

static enum hvs_want get_step(struct hvs_op *op, struct hvs_run *run,
                              const struct hvs_event *event, struct hvs_error *err)
{
    struct get *self = (struct get *)run;
    const struct hvs_settings *vm;

    (void)op;
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why == HVS_START)
        return hvs_call(run, &self->choose.op);
    /* the VM's own row of the same reading says whether it stands there */
    vm = hvs_settings_vm(self->choose.set);
    self->snapshot = hvs_snapshot_new(self->choose.row, vm ? vm : self->choose.find.vm,
                                      err);
    return self->snapshot ? HVS_DONE : HVS_FAIL;
}

static void release(struct hvs_run *run)
{
    struct get *self = (struct get *)run;

    hvs_choose_clear(&self->choose);
    hvs_snapshot_free(self->snapshot);
    free(self->vm);
    free(self->wanted);
    free(self);
}

int hvs_snapshot_get_start(struct hvs_run **out, struct hvs_client *client,
                           const char *vm, const char *snapshot, struct hvs_error *err)
{
    struct get *self;

    *out = NULL;
    if (hvs_check_text("the VM's name", vm, err) < 0 ||
        hvs_check_text("the snapshot", snapshot, err) < 0)
        return -1;
    self = calloc(1, sizeof(*self));
    if (!self)
        return hvs_err_memory(err);
    self->op.step = get_step;
    self->vm = strdup(vm);
    self->wanted = strdup(snapshot);
    hvs_choose_init(&self->choose, self->vm, self->wanted);
    if (!self->vm || !self->wanted) {
        release(&self->run);
        return hvs_err_memory(err);
    }
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_snapshot_get_end(struct hvs_run *run, struct hvs_snapshot **out,
                         struct hvs_error *err)
{
    struct get *self = (struct get *)run;
    int rc = hvs_client_finish(run, err);

    *out = NULL;
    if (rc == 0) {
        *out = self->snapshot;
        self->snapshot = NULL;
    }
    hvs_client_drop(run);
    return rc;
}

int hvs_snapshot_get(struct hvs_client *client, const char *vm, const char *snapshot,
                     struct hvs_snapshot **out, struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_snapshot_get_start(&run, client, vm, snapshot, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_snapshot_get_end(run, out, err);
}
