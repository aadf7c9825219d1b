#include "base/utf8.h"
#include "hvsim/action.h"
#include "hvsim/cimxml.h"
#include "hvsim/invoke.h"
#include "hvsim/job.h"
#include "hvsim/store.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LONGEST_NAME = 100 };

/* The first value of a property that was sent; NULL when it was not, "" for NULL. */
static const char *value_of(const struct sim_cim *cim, const char *name)
{
    const struct sim_cim_property *property = sim_cim_find(cim, name);

    if (!property)
        return NULL;
    return property->count ? property->values[0] : "";
}

/* The VM whose settings, or whose snapshot's settings, the text is about. */
static struct sim_vm *vm_of(struct sim_host *host, const struct sim_cim *cim,
                            struct sim_changes *changes)
{
    const char *id = value_of(cim, "InstanceID");
    struct sim_snapshot *snapshot;
    struct sim_vm *vm;

    if (!id || strncasecmp(id, "Microsoft:", 10) != 0 || !hvs_uuid_valid(id + 10))
        return NULL;
    hvs_uuid_normal(changes->id, id + 10);
    snapshot = sim_snapshot_find(host, id + 10);
    vm = sim_vm_find(host, id + 10);
    return snapshot ? snapshot->vm : vm;
}

static bool read_changes(const struct sim_cim *cim, struct sim_changes *changes)
{
    const char *name = value_of(cim, "ElementName");
    const char *notes = value_of(cim, "Notes");
    const char *type = value_of(cim, "UserSnapshotType");
    const char *automatic = value_of(cim, "AutomaticSnapshotsEnabled");

    if (name && (!name[strspn(name, " \t\r\n")] || hvs_utf8_length(name) > LONGEST_NAME))
        return false;
    if (type) {
        changes->user_type = (int)strtol(type, NULL, 10);
        if (changes->user_type < SIM_DISABLED || changes->user_type > SIM_STANDARD)
            return false;
    }
    changes->name = name ? sim_copy(name) : NULL;
    changes->notes = notes ? sim_copy(notes) : NULL;
    changes->sets_automatic = automatic != NULL;
    changes->automatic = automatic && strcasecmp(automatic, "true") == 0;
    return true;
}

static bool has_read_only(const struct sim_cim *cim)
{
    size_t i;
    int at;

    for (i = 0; i < cim->count; i++) {
        at = sim_property_find(&sim_settings, cim->properties[i].name);
        if (sim_settings.properties[at].flags & SIM_READ_ONLY)
            return true;
    }
    return false;
}

/* The same job that a change would have had, but it fails. */
static int fail_read_only(struct sim_call *call, struct sim_vm *vm,
                          struct sim_outcome *out)
{
    int rc = sim_claim(call->host, vm, SIM_JOB_MODIFY, call->account, &out->job);

    if (rc != SIM_DONE)
        return rc;
    out->job = sim_job_start(call->host, vm, SIM_JOB_MODIFY, call->account, NULL);
    sim_job_fail(call->host, out->job, SIM_FAILED, TX_WHY_READ_ONLY);
    return SIM_JOB_STARTED;
}

int sim_run_modify(struct sim_call *call, const struct sim_ref *self,
                   const struct sim_arg *args, struct sim_outcome *out)
{
    struct sim_changes *changes = sim_new(sizeof(*changes));
    struct sim_vm *vm;
    struct sim_cim cim;
    int rc = sim_embedded_read(call, &args[0], &cim, &sim_settings);

    (void)self;
    if (rc != SIM_DONE)
        goto out;
    vm = vm_of(call->host, &cim, changes);
    if (!vm) {
        rc = (int)sim_switch_number(&call->host->world->switches, SW_UNKNOWN_INSTANCE);
        goto out;
    }
    rc = SIM_INVALID_PARAMETER;
    if (!read_changes(&cim, changes))
        goto out;
    if (has_read_only(&cim) && sim_is(call->host, SW_EMBEDDED_READ_ONLY, "fail")) {
        rc = fail_read_only(call, vm, out);
        goto out;
    }
    rc = sim_modify(call->host, vm, changes, call->account, &out->job);
    changes = NULL;
out:
    sim_changes_free(changes);
    sim_cim_clear(&cim);
    return rc;
}
