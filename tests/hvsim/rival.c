#include "hvsim/action.h"
#include "hvsim/job.h"
#include "hvsim/mischief.h"
#include "hvsim/store.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Whoever else is at work on the host while a client believes itself alone. */

static const char rival[] = "HVTEST\\rival";

static bool mentions(const char *body, size_t len, const char *id)
{
    size_t i;

    for (i = 0; i + HVS_UUID_SIZE - 1 <= len; i++)
        if (strncasecmp(body + i, id, HVS_UUID_SIZE - 1) == 0)
            return true;
    return false;
}

/* The VM whose id, or whose snapshot's id, stands in the text; else the first. */
static struct sim_vm *vm_of(struct sim_host *host, const char *body, size_t len)
{
    struct sim_vm *vm;
    size_t i, n;

    for (i = 0; i < host->vm_count; i++) {
        vm = host->vms[i];
        if (mentions(body, len, vm->id))
            return vm;
        for (n = 0; n < vm->snapshot_count; n++)
            if (mentions(body, len, vm->snapshots[n]->id))
                return vm;
    }
    return host->vm_count ? host->vms[0] : NULL;
}

/* The snapshot that the text names, else the newest. */
static struct sim_snapshot *snapshot_of(const struct sim_vm *vm, const char *body,
                                        size_t len)
{
    size_t i;

    for (i = 0; i < vm->snapshot_count; i++)
        if (mentions(body, len, vm->snapshots[i]->id))
            return vm->snapshots[i];
    return vm->snapshot_count ? vm->snapshots[vm->snapshot_count - 1] : NULL;
}

/* A snapshot that was listed before its job's end goes with the job. */
static void drop_unfinished(struct sim_host *host)
{
    struct sim_snapshot *snapshot;
    size_t i;

    for (i = 0; i < host->active_count; i++) {
        snapshot = sim_snapshot_find(host, host->active[i]->made);
        if (snapshot)
            sim_snapshot_remove(host, snapshot);
    }
}

static void set_clock(struct sim_host *host, const struct sim_rule *rule)
{
    host->ahead += rule->deed == SIM_DEED_CLOCK_FORWARD ? rule->first : -rule->first;
}

/* What it does to a VM, and as a rule to one of its snapshots. */
static void act_on(struct sim_host *host, const struct sim_rule *rule, struct sim_vm *vm,
                   struct sim_snapshot *snapshot, const char *who)
{
    struct sim_job *job;

    switch (rule->deed) {
    case SIM_DEED_VM_MOVED: sim_vm_remove(host, vm); break;
    case SIM_DEED_ADMIN_CREATE: sim_create(host, vm, 2, false, who, &job); break;
    case SIM_DEED_ADMIN_APPLY:
        if (snapshot)
            sim_apply(host, snapshot, who, &job);
        break;
    case SIM_DEED_ADMIN_RENAME:
        if (snapshot)
            sim_text_replace(&snapshot->name, "renamed by a rival");
        break;
    case SIM_DEED_ADMIN_DESTROY:
        if (snapshot)
            sim_destroy(host, snapshot, false, who, &job);
        break;
    case SIM_DEED_ADMIN_START: sim_request_state(host, vm, SIM_RUNNING, who, &job); break;
    case SIM_DEED_ADMIN_OFF: sim_request_state(host, vm, SIM_OFF, who, &job); break;
    case SIM_DEED_ADMIN_TYPE: vm->user_type = (int)rule->first; break;
    default: break;
    }
}

void sim_rule_act(struct sim_host *host, const struct sim_rule *rule, const char *account,
                  const char *body, size_t len)
{
    struct sim_vm *vm = vm_of(host, body, len);

    if (rule->deed == SIM_DEED_RESTART) {
        drop_unfinished(host);
        sim_jobs_clear(host);
        return;
    }
    if (rule->deed == SIM_DEED_CLOCK_FORWARD || rule->deed == SIM_DEED_CLOCK_BACK) {
        set_clock(host, rule);
        return;
    }
    if (!vm)
        return;
    host->rival = true;
    act_on(host, rule, vm, snapshot_of(vm, body, len),
           rule->same && account ? account : rival);
    host->rival = false;
    /* what takes no time is done before the request that comes next */
    sim_jobs_advance(host);
}
