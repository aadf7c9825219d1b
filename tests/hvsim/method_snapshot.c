#include "hvsim/action.h"
#include "hvsim/cimxml.h"
#include "hvsim/invoke.h"
#include "hvsim/store.h"

#include <string.h>
#include <strings.h>

/* Msvm_VirtualSystemSnapshotService. */

/* The class has no instances; it only travels as text. */
static const struct sim_property settings[] = {
    {"Caption", SIM_STRING, NULL, 0},
    {"ConsistencyLevel", SIM_NUMBER, NULL, 0},
    {"Description", SIM_STRING, NULL, 0},
    {"ElementName", SIM_STRING, NULL, 0},
    {"GuestBackupType", SIM_NUMBER, NULL, 0},
    {"IgnoreNonSnapshottableDisks", SIM_BOOL, NULL, 0},
    {"InstanceID", SIM_STRING, NULL, 0},
};
static const struct sim_class settings_class = {
    .name = "Msvm_VirtualSystemSnapshotSettingData",
    .bases = " CIM_SettingData CIM_ManagedElement ",
    .properties = settings,
    .count = sizeof(settings) / sizeof(settings[0]),
};

static int read_settings(struct sim_call *call, const struct sim_arg *arg, bool *ignore)
{
    const struct sim_cim_property *property;
    struct sim_cim cim;
    int rc;

    *ignore = false;
    if (!*sim_arg_text(arg))
        return SIM_DONE;
    rc = sim_embedded_read(call, arg, &cim, &settings_class);
    property = sim_cim_find(&cim, "IgnoreNonSnapshottableDisks");
    if (rc == SIM_DONE && property && property->count)
        *ignore = strcasecmp(property->values[0], "true") == 0;
    sim_cim_clear(&cim);
    return rc;
}

int sim_run_create(struct sim_call *call, const struct sim_ref *self,
                   const struct sim_arg *args, struct sim_outcome *out)
{
    struct sim_vm *vm = NULL;
    bool ignore;
    int rc;

    (void)self;
    if (args[0].given && args[0].refs[0].class_ == &sim_computer_system)
        vm = sim_vm_find(call->host, args[0].refs[0].id);
    if (!vm || !args[2].given)
        return SIM_INVALID_PARAMETER;
    rc = read_settings(call, &args[1], &ignore);
    if (rc != SIM_DONE)
        return rc;
    return sim_create(call->host, vm, (int)sim_arg_number(&args[2]), ignore,
                      call->account, &out->job);
}

static struct sim_snapshot *snapshot_of(struct sim_call *call, const struct sim_arg *arg)
{
    if (!arg->given || arg->refs[0].class_ != &sim_settings)
        return NULL;
    return sim_snapshot_find(call->host, arg->refs[0].id);
}

int sim_run_apply(struct sim_call *call, const struct sim_ref *self,
                  const struct sim_arg *args, struct sim_outcome *out)
{
    struct sim_snapshot *snapshot = snapshot_of(call, &args[0]);

    (void)self;
    return snapshot ? sim_apply(call->host, snapshot, call->account, &out->job)
                    : SIM_INVALID_PARAMETER;
}

int sim_run_destroy(struct sim_call *call, const struct sim_ref *self,
                    const struct sim_arg *args, struct sim_outcome *out)
{
    struct sim_snapshot *snapshot = snapshot_of(call, &args[0]);

    (void)self;
    return snapshot ? sim_destroy(call->host, snapshot, false, call->account, &out->job)
                    : SIM_INVALID_PARAMETER;
}

int sim_run_destroy_tree(struct sim_call *call, const struct sim_ref *self,
                         const struct sim_arg *args, struct sim_outcome *out)
{
    struct sim_snapshot *snapshot = snapshot_of(call, &args[0]);

    (void)self;
    return snapshot ? sim_destroy(call->host, snapshot, true, call->account, &out->job)
                    : SIM_INVALID_PARAMETER;
}

int sim_run_clear_state(struct sim_call *call, const struct sim_ref *self,
                        const struct sim_arg *args, struct sim_outcome *out)
{
    struct sim_snapshot *snapshot = snapshot_of(call, &args[0]);

    (void)self;
    return snapshot ? sim_clear_state(call->host, snapshot, call->account, &out->job)
                    : SIM_INVALID_PARAMETER;
}

int sim_run_unsupported(struct sim_call *call, const struct sim_ref *self,
                        const struct sim_arg *args, struct sim_outcome *out)
{
    (void)call;
    (void)self;
    (void)args;
    (void)out;
    return SIM_UNSUPPORTED;
}
