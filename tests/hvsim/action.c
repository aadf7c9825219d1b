#include "hvsim/action.h"

#include "hvsim/job.h"
#include "hvsim/store.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_SNAPSHOTS = 50,
    SNAPSHOT_FULL = 2,
    SNAPSHOT_DISK = 3,
    SNAPSHOT_RECOVERY = 32768
};

int sim_claim(struct sim_host *host, struct sim_vm *vm, int type, const char *owner,
              struct sim_job **job)
{
    struct sim_job *holder = vm->busy;

    if (!holder)
        return SIM_DONE;
    if (!sim_is(host, SW_BUSY, "job"))
        return sim_is(host, SW_BUSY, "32774") ? SIM_IN_USE : SIM_INVALID_STATE;
    *job = sim_job_start(host, vm, type, owner, NULL);
    vm->busy = holder;
    sim_job_fail(host, *job, SIM_INVALID_STATE, TX_WHY_STATE);
    return SIM_JOB_STARTED;
}

/* Does a snapshot taken now hold memory? Production ones never do. */
static bool keeps_memory(const struct sim_vm *vm, int kind)
{
    if (kind != SNAPSHOT_FULL || vm->state == SIM_OFF)
        return false;
    return vm->state == SIM_SAVED || vm->user_type == SIM_STANDARD ||
           (vm->user_type == SIM_PRODUCTION && vm->vss_broken);
}

static struct sim_snapshot *take(struct sim_host *host, struct sim_vm *vm, int kind,
                                 struct sim_job *job)
{
    struct hvs_buf name = HVS_BUF_INIT(4096);
    struct sim_snapshot *snapshot;
    char id[HVS_UUID_SIZE];

    if (hvs_uuid_new(id, NULL) < 0)
        abort();
    sim_default_name(&name, host->language, vm->name,
                     job->submitted + host->offset_minutes * INT64_C(60000), false);
    snapshot = sim_snapshot_add(host, vm, id, hvs_buf_str(&name), vm->current);
    snapshot->created = job->submitted;
    snapshot->saved = keeps_memory(vm, kind);
    memcpy(snapshot->job, job->id, sizeof(snapshot->job));
    memcpy(job->made, snapshot->id, sizeof(job->made));
    if (kind == SNAPSHOT_RECOVERY)
        sim_text_replace(&snapshot->type, "Recovery");
    else
        vm->current = snapshot;
    hvs_buf_clear(&name);
    return snapshot;
}

static void finish_create(struct sim_host *host, struct sim_job *job)
{
    if (!job->made[0])
        take(host, job->vm, job->number, job);
    sim_effect_add(host, SIM_JOB_CREATE, job->made, job->rival);
}

/* Why a create that was begun will fail; TX_COUNT when it will not. */
static enum sim_text refuse_create(const struct sim_vm *vm, int kind, bool ignore_disks,
                                   int *code)
{
    *code = SIM_FAILED;
    if (vm->user_type == SIM_DISABLED && kind != SNAPSHOT_RECOVERY)
        return TX_WHY_DISABLED;
    if (sim_vm_user_snapshots(vm) >= MOST_SNAPSHOTS && kind != SNAPSHOT_RECOVERY)
        return TX_WHY_LIMIT;
    if (vm->disks == SIM_DISKS_PASS_THROUGH &&
        !(kind == SNAPSHOT_RECOVERY && ignore_disks)) {
        *code = SIM_NOT_SUPPORTED;
        return TX_WHY_DISK;
    }
    if (vm->vss_broken && vm->state == SIM_RUNNING &&
        vm->user_type == SIM_PRODUCTION_ONLY)
        return TX_WHY_VSS;
    return TX_COUNT;
}

int sim_create(struct sim_host *host, struct sim_vm *vm, int kind, bool ignore_disks,
               const char *owner, struct sim_job **job)
{
    int code, rc = SIM_INVALID_PARAMETER;
    enum sim_text why;

    if (kind != SNAPSHOT_FULL && kind != SNAPSHOT_DISK && kind != SNAPSHOT_RECOVERY)
        return rc;
    rc = sim_claim(host, vm, SIM_JOB_CREATE, owner, job);
    if (rc != SIM_DONE)
        return rc;
    if (vm->state != SIM_RUNNING && vm->state != SIM_OFF && vm->state != SIM_SAVED &&
        vm->state != SIM_PAUSED)
        return SIM_INVALID_STATE;
    if (vm->disks == SIM_DISKS_VHD_SET)
        return SIM_NOT_SUPPORTED;

    *job = sim_job_start(host, vm, SIM_JOB_CREATE, owner, finish_create);
    (*job)->number = kind;
    why = refuse_create(vm, kind, ignore_disks, &code);
    if (why != TX_COUNT)
        sim_job_fail(host, *job, code, why);
    else if (sim_is(host, SW_EARLY_SNAPSHOT, "on"))
        take(host, vm, kind, *job);
    return SIM_JOB_STARTED;
}

bool sim_stop(struct sim_host *host, struct sim_job *job, int state)
{
    struct sim_snapshot *early = job->ended ? NULL : sim_snapshot_find(host, job->made);

    if (!sim_job_stop(host, job, state))
        return false;
    if (early)
        sim_snapshot_remove(host, early);
    job->made[0] = '\0';
    sim_effect_add(host, SIM_JOB_STOP, job->id, host->rival);
    return true;
}

void sim_spoil(struct sim_host *host, struct sim_job *job, uint32_t number)
{
    struct sim_snapshot *early = sim_snapshot_find(host, job->made);

    sim_job_fail_number(host, job, number);
    if (early)
        sim_snapshot_remove(host, early);
    job->made[0] = '\0';
}

static struct sim_job *start_about(struct sim_host *host, struct sim_snapshot *snapshot,
                                   int type, const char *owner, sim_job_finish *finish)
{
    struct sim_job *job = sim_job_start(host, snapshot->vm, type, owner, finish);

    memcpy(job->target, snapshot->id, sizeof(job->target));
    return job;
}

static void set_state(struct sim_host *host, struct sim_vm *vm, int state)
{
    if (state == SIM_RUNNING && vm->state != SIM_PAUSED)
        vm->started = host->now;
    vm->state = (enum sim_vm_state)state;
    vm->changed = sim_host_shows(host);
}

static void finish_apply(struct sim_host *host, struct sim_job *job)
{
    struct sim_snapshot *snapshot = sim_snapshot_find(host, job->target);

    if (!snapshot)
        return;
    job->vm->current = job->vm->applied = snapshot;
    set_state(host, job->vm, snapshot->saved ? SIM_SAVED : SIM_OFF);
    sim_effect_add(host, SIM_JOB_APPLY, snapshot->id, job->rival);
}

int sim_apply(struct sim_host *host, struct sim_snapshot *snapshot, const char *owner,
              struct sim_job **job)
{
    struct sim_vm *vm = snapshot->vm;
    int rc = sim_claim(host, vm, SIM_JOB_APPLY, owner, job);
    bool at_rest = vm->state == SIM_OFF || vm->state == SIM_SAVED;

    if (rc != SIM_DONE)
        return rc;
    if (strcmp(snapshot->type, "Missing") == 0 || strcmp(snapshot->type, "Planned") == 0)
        return SIM_INVALID_PARAMETER;
    if (!at_rest && !sim_is(host, SW_APPLY_RUNNING, "job"))
        return SIM_INVALID_STATE;
    *job = start_about(host, snapshot, SIM_JOB_APPLY, owner, finish_apply);
    if (!at_rest)
        sim_job_fail(host, *job, SIM_INVALID_STATE, TX_WHY_STATE);
    return SIM_JOB_STARTED;
}

/* Are its disks still needed by something below it? */
static bool has_dependants(const struct sim_snapshot *snapshot)
{
    const struct sim_vm *vm = snapshot->vm;
    size_t i;

    for (i = 0; i < vm->snapshot_count; i++)
        if (vm->snapshots[i]->parent == snapshot)
            return true;
    return sim_snapshot_above(snapshot, vm->current);
}

static void finish_destroy(struct sim_host *host, struct sim_job *job)
{
    struct sim_snapshot *snapshot = sim_snapshot_find(host, job->target);
    bool merge;

    if (!snapshot)
        return;
    sim_effect_add(host, SIM_JOB_DESTROY, snapshot->id, job->rival);
    merge = host->merge_ms && has_dependants(snapshot);
    if (job->number)
        sim_snapshot_remove_tree(host, snapshot);
    else
        sim_snapshot_remove(host, snapshot);
    /* a merge goes on behind the job, which is over; it keeps nobody from anything */
    if (merge && !job->vm->merge)
        sim_job_start(host, job->vm, SIM_JOB_MERGE, job->owner, NULL);
}

int sim_destroy(struct sim_host *host, struct sim_snapshot *snapshot, bool tree,
                const char *owner, struct sim_job **job)
{
    int rc = sim_claim(host, snapshot->vm, SIM_JOB_DESTROY, owner, job);

    if (rc != SIM_DONE)
        return rc;
    *job = start_about(host, snapshot, SIM_JOB_DESTROY, owner, finish_destroy);
    (*job)->number = tree || sim_is(host, SW_DESTROY_CHILDREN, "destroy");
    return SIM_JOB_STARTED;
}

/* A snapshot below this one that has none below itself; this one where there is none. */
static struct sim_snapshot *leaf_of(struct sim_snapshot *snapshot)
{
    const struct sim_vm *vm = snapshot->vm;
    size_t i;

    for (i = 0; i < vm->snapshot_count; i++)
        if (vm->snapshots[i]->parent == snapshot)
            return leaf_of(vm->snapshots[i]);
    return snapshot;
}

void sim_destroy_part(struct sim_host *host, struct sim_job *job, int code)
{
    struct sim_snapshot *snapshot = sim_snapshot_find(host, job->target);
    struct sim_snapshot *leaf = snapshot ? leaf_of(snapshot) : NULL;

    if (job->type != SIM_JOB_DESTROY || !job->number || leaf == snapshot)
        return;
    sim_effect_add(host, SIM_JOB_DESTROY, leaf->id, job->rival);
    sim_snapshot_remove(host, leaf);
    if (code)
        sim_spoil(host, job, (uint32_t)code);
    job->finish = NULL;
}

static void finish_clear(struct sim_host *host, struct sim_job *job)
{
    struct sim_snapshot *snapshot = sim_snapshot_find(host, job->target);

    if (snapshot)
        snapshot->saved = false;
}

int sim_clear_state(struct sim_host *host, struct sim_snapshot *snapshot,
                    const char *owner, struct sim_job **job)
{
    int rc = sim_claim(host, snapshot->vm, SIM_JOB_CLEAR, owner, job);

    if (rc != SIM_DONE)
        return rc;
    *job = start_about(host, snapshot, SIM_JOB_CLEAR, owner, finish_clear);
    return SIM_JOB_STARTED;
}

static void drop_automatic(struct sim_host *host, struct sim_vm *vm)
{
    size_t i = 0;

    while (i < vm->snapshot_count) {
        if (vm->snapshots[i]->automatic)
            sim_snapshot_remove(host, vm->snapshots[i]);
        else
            i++;
    }
}

/* The automatic snapshot of the last start makes room for that of this one. */
static void renew_automatic(struct sim_host *host, struct sim_job *job)
{
    struct sim_vm *vm = job->vm;
    struct hvs_buf name = HVS_BUF_INIT(4096);
    struct sim_snapshot *snapshot;

    drop_automatic(host, vm);
    sim_default_name(&name, host->language, vm->name,
                     sim_host_shows(host) + host->offset_minutes * INT64_C(60000), true);
    snapshot = take(host, vm, SNAPSHOT_DISK, job);
    snapshot->automatic = true;
    sim_text_replace(&snapshot->name, hvs_buf_str(&name));
    hvs_buf_clear(&name);
}

static void finish_state(struct sim_host *host, struct sim_job *job)
{
    bool cold = job->vm->state == SIM_OFF;

    if (job->number == SIM_RUNNING && cold && job->vm->automatic)
        renew_automatic(host, job);
    if (job->number == SIM_OFF && job->vm->automatic)
        drop_automatic(host, job->vm);
    set_state(host, job->vm, job->number);
    sim_effect_add(host, SIM_JOB_START, job->vm->id, job->rival);
}

int sim_request_state(struct sim_host *host, struct sim_vm *vm, int state,
                      const char *owner, struct sim_job **job)
{
    static const struct {
        int asked, from[4], type, during, reached;
    } changes[] = {
        {2, {SIM_OFF, SIM_SAVED}, SIM_JOB_START, SIM_STARTING, SIM_RUNNING},
        {2, {SIM_PAUSED}, SIM_JOB_START, SIM_RESUMING, SIM_RUNNING},
        {3, {SIM_RUNNING, SIM_PAUSED, SIM_SAVED}, SIM_JOB_OFF, SIM_STOPPING, SIM_OFF},
        {6, {SIM_RUNNING, SIM_PAUSED}, SIM_JOB_SAVE, SIM_SAVING, SIM_SAVED},
        {9, {SIM_RUNNING}, SIM_JOB_MODIFY, SIM_PAUSING, SIM_PAUSED},
        {10, {SIM_RUNNING}, SIM_JOB_START, SIM_STARTING, SIM_RUNNING},
        {11, {SIM_RUNNING, SIM_PAUSED}, SIM_JOB_START, SIM_STARTING, SIM_RUNNING},
    };
    size_t i, n, known = 0;
    int rc;

    for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        if (changes[i].asked != state)
            continue;
        known++;
        for (n = 0; n < 4 && changes[i].from[n]; n++) {
            if (changes[i].from[n] != (int)vm->state)
                continue;
            rc = sim_claim(host, vm, changes[i].type, owner, job);
            if (rc != SIM_DONE)
                return rc;
            *job = sim_job_start(host, vm, changes[i].type, owner, finish_state);
            (*job)->during = changes[i].during;
            (*job)->number = changes[i].reached;
            return SIM_JOB_STARTED;
        }
    }
    return known ? SIM_INVALID_STATE : SIM_INVALID_PARAMETER;
}

/* Set what is to be set in the settings of a VM or of a snapshot. */
static void set_values(struct sim_host *host, const struct sim_changes *changes)
{
    struct sim_snapshot *snapshot = sim_snapshot_find(host, changes->id);
    struct sim_vm *vm = sim_vm_find(host, changes->id);

    if (!vm && !snapshot)
        return;
    sim_effect_add(host, SIM_JOB_MODIFY, changes->id, host->rival);
    if (changes->name)
        sim_text_replace(vm ? &vm->name : &snapshot->name, changes->name);
    if (changes->notes)
        sim_text_replace(vm ? &vm->notes : &snapshot->notes, changes->notes);
    if (changes->user_type)
        *(vm ? &vm->user_type : &snapshot->user_type) = changes->user_type;
    if (changes->sets_automatic && vm)
        vm->automatic = changes->automatic;
}

static void finish_modify(struct sim_host *host, struct sim_job *job)
{
    bool before = host->rival;

    host->rival = job->rival;
    set_values(host, job->changes);
    host->rival = before;
}

int sim_modify(struct sim_host *host, struct sim_vm *vm, struct sim_changes *changes,
               const char *owner, struct sim_job **job)
{
    int rc = sim_claim(host, vm, SIM_JOB_MODIFY, owner, job);

    if (rc == SIM_DONE && sim_is(host, SW_MODIFY, "job")) {
        *job = sim_job_start(host, vm, SIM_JOB_MODIFY, owner, finish_modify);
        (*job)->changes = changes;
        return SIM_JOB_STARTED;
    }
    if (rc == SIM_DONE && !sim_is(host, SW_MODIFY, "unchanged"))
        set_values(host, changes);
    sim_changes_free(changes);
    return rc;
}
