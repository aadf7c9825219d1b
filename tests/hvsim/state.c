#include "base/err.h"
#include "hvsim/job.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The truth, for tests that must not believe the protocol:
 *
 * {"hosts": [{
 *    "name": "HV01",
 *    "vms": [{"id", "name", "state": 2, "notes", "user_snapshot_type": 3,
 *             "parent": id of the snapshot that it stands on, or null,
 *             "busy": id of the job under way, or null, "merging": bool,
 *             "snapshots": [{"id", "name", "parent": id or null, "type": "Realized",
 *                            "created": ms since 1970, "notes", "saved", "automatic",
 *                            "job": id of the job that made it, or null}]}],
 *    "jobs": [{"id", "type": 70, "state": 7, "percent", "owner", "vm": id,
 *              "start", "end": ms since 1970, or null while it runs,
 *              "snapshot": id of what it made, or null, "error_code"}],
 *    "changes": [{"type": 70, "id": of the snapshot or VM, "rival": bool}], what was
 *              really changed, the last hundred in their order
 *    "open_enumerations": 0,
 *    "late_requests": 0, those that are still to be done
 *    "counters": {"requests": all HTTP requests, "logins", "refused", "Get", ...}
 * }]}
 */

static json_t *id_or_null(const char *id)
{
    return id && *id ? json_string(id) : json_null();
}

static json_t *snapshot_state(const struct sim_snapshot *snapshot)
{
    return json_pack("{s:s, s:s, s:o, s:s, s:I, s:s, s:b, s:b, s:o}", "id", snapshot->id,
                     "name", snapshot->name, "parent",
                     id_or_null(snapshot->parent ? snapshot->parent->id : NULL), "type",
                     snapshot->type, "created", (json_int_t)snapshot->created, "notes",
                     snapshot->notes, "saved", snapshot->saved, "automatic",
                     snapshot->automatic, "job", id_or_null(snapshot->job));
}

static json_t *vm_state(const struct sim_vm *vm)
{
    json_t *snapshots = json_array();
    size_t i;

    for (i = 0; i < vm->snapshot_count; i++)
        json_array_append_new(snapshots, snapshot_state(vm->snapshots[i]));
    return json_pack("{s:s, s:s, s:i, s:s, s:i, s:o, s:o, s:b, s:o}", "id", vm->id,
                     "name", vm->name, "state",
                     vm->busy && vm->busy->during ? vm->busy->during : (int)vm->state,
                     "notes", vm->notes, "user_snapshot_type", vm->user_type, "parent",
                     id_or_null(vm->current ? vm->current->id : NULL), "busy",
                     id_or_null(vm->busy ? vm->busy->id : NULL), "merging",
                     vm->merge != NULL, "snapshots", snapshots);
}

static json_t *job_state(const struct sim_host *host, const struct sim_job *job)
{
    return json_pack("{s:s, s:i, s:i, s:i, s:s, s:s, s:I, s:o, s:o, s:i}", "id", job->id,
                     "type", job->type, "state", sim_job_state(host, job), "percent",
                     sim_job_percent(host, job), "owner", job->owner, "vm", job->vm_id,
                     "start", (json_int_t)job->submitted, "end",
                     job->ended ? json_integer(job->changed) : json_null(), "snapshot",
                     id_or_null(job->ended ? job->made : NULL), "error_code",
                     job->ended ? job->error_code : 0);
}

static json_t *changes_state(const struct sim_host *host)
{
    enum { MOST = 100 };
    json_t *changes = json_array();
    size_t i;

    for (i = host->effect_count > MOST ? host->effect_count - MOST : 0;
         i < host->effect_count; i++)
        json_array_append_new(changes,
                              json_pack("{s:i, s:s, s:b}", "type", host->effects[i].type,
                                        "id", host->effects[i].id, "rival",
                                        (int)host->effects[i].rival));
    return changes;
}

static json_t *counters_state(const struct sim_host *host)
{
    json_t *counters = json_pack("{s:I, s:I, s:I}", "requests",
                                 (json_int_t)host->requests, "logins", (json_int_t)0,
                                 "refused", (json_int_t)0);
    size_t i;

    for (i = 0; i < host->counter_count; i++)
        json_object_set_new(counters,
                            strcmp(host->counters[i].kind, "login") == 0
                                ? "logins"
                                : host->counters[i].kind,
                            json_integer((json_int_t)host->counters[i].count));
    return counters;
}

static json_t *host_state(struct sim_host *host)
{
    json_t *vms = json_array(), *jobs = json_array();
    const struct sim_job *job;
    size_t i;

    sim_host_advance(host);
    for (i = 0; i < host->vm_count; i++)
        json_array_append_new(vms, vm_state(host->vms[i]));
    for (job = host->ended_first; job; job = job->next)
        json_array_append_new(jobs, job_state(host, job));
    for (i = 0; i < host->active_count; i++)
        json_array_append_new(jobs, job_state(host, host->active[i]));
    return json_pack("{s:s, s:o, s:o, s:o, s:I, s:I, s:o}", "name", host->name, "vms",
                     vms, "jobs", jobs, "changes", changes_state(host),
                     "open_enumerations", (json_int_t)host->context_count,
                     "late_requests", (json_int_t)host->deferred_count, "counters",
                     counters_state(host));
}

int sim_world_state(struct sim_world *world, const char *file, struct hvs_error *err)
{
    struct hvs_buf temporary = HVS_BUF_INIT(4096);
    json_t *hosts = json_array(), *root = json_pack("{s:o}", "hosts", hosts);
    int rc = -1;
    size_t i;

    for (i = 0; i < world->host_count; i++)
        json_array_append_new(hosts, host_state(world->hosts[i]));
    hvs_buf_printf(&temporary, "%s.new", file);
    /* a reader sees the old state or the new one, never half of it */
    if (!root || json_dump_file(root, hvs_buf_str(&temporary), JSON_INDENT(1)) < 0 ||
        rename(hvs_buf_str(&temporary), file) < 0) {
        hvs_err_set(err, HVS_SYSTEM, errno, "cannot write the state to '%s': %s", file,
                    strerror(errno));
        goto out;
    }
    rc = 0;
out:
    json_decref(root);
    hvs_buf_clear(&temporary);
    return rc;
}
