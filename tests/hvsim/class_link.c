#include "hvsim/class.h"
#include "hvsim/job.h"
#include "hvsim/store.h"

#include <string.h>

/*
 * The associations: who belongs to whom. The id of a link is that of the thing it was
 * made from, a job's, a snapshot's or a VM's.
 */

#define LINK_PROPERTIES(first, second) \
    { \
        {first, SIM_REF, NULL, SIM_KEY}, \
        { \
            second, SIM_REF, NULL, SIM_KEY \
        } \
    }
#define BASES " CIM_Dependency "

static const struct sim_property affected[] = {
    {"AffectedElement", SIM_REF, NULL, SIM_KEY},
    {"AffectingElement", SIM_REF, NULL, SIM_KEY},
    {"ElementEffects", SIM_NUMBER, NULL, SIM_ARRAY},
    {"OtherElementEffectsDescriptions", SIM_STRING, NULL, SIM_ARRAY},
};
static const struct sim_property dependency[] = LINK_PROPERTIES("Antecedent",
                                                                "Dependent");
static const struct sim_property state_link[] = LINK_PROPERTIES("ManagedElement",
                                                                "SettingData");

/* A job has a row for its VM from the start, and one for what it made at its end. */
static void add_job(struct sim_host *host, const struct sim_class *class_,
                    const struct sim_job *job, struct sim_refs *out)
{
    sim_refs_add(out, class_, job->id, 0);
    if (sim_job_shows_made(host, job))
        sim_refs_add(out, class_, job->id, 1);
}

static void list_affected(struct sim_host *host, const struct sim_class *class_,
                          const struct sim_search *search, struct sim_refs *out)
{
    const struct sim_job *job;
    size_t i;

    if (search->around && search->around->class_ == &sim_concrete_job) {
        job = sim_job_find(host, search->around->id);
        if (job)
            add_job(host, class_, job, out);
        return;
    }
    for (job = host->ended_first; job; job = job->next)
        add_job(host, class_, job, out);
    for (i = 0; i < host->active_count; i++)
        add_job(host, class_, host->active[i], out);
}

static void keys_affected(struct sim_row *row, const struct sim_ref *ref)
{
    const struct sim_job *job = sim_job_find(row->host, ref->id);

    if (job && ref->row)
        sim_row_ref(row, "AffectedElement", &sim_settings, job->made);
    else if (job)
        sim_row_ref(row, "AffectedElement", &sim_computer_system, job->vm_id);
    sim_row_ref(row, "AffectingElement", &sim_concrete_job, ref->id);
}

static bool fill_affected(struct sim_row *row, const struct sim_ref *ref)
{
    sim_row_number(row, "ElementEffects", ref->row ? 5 : 0);
    return sim_job_find(row->host, ref->id) != NULL;
}

/* The VM that `search` is about; NULL when it may be any. */
static const struct sim_vm *vm_around(const struct sim_host *host,
                                      const struct sim_search *search)
{
    const struct sim_snapshot *snapshot;

    if (!search->around)
        return NULL;
    snapshot = sim_snapshot_find(host, search->around->id);
    return snapshot ? snapshot->vm : sim_vm_find(host, search->around->id);
}

/* Add the links of one class that start from one VM. */
static void add_links(const struct sim_class *class_, const struct sim_vm *vm,
                      struct sim_refs *out)
{
    const struct sim_snapshot *snapshot;
    size_t i;

    if ((class_ == &sim_most_current && vm->current) ||
        (class_ == &sim_last_applied && vm->applied) || class_ == &sim_defines_state)
        sim_refs_add(out, class_, vm->id, 0);
    for (i = 0; i < vm->snapshot_count; i++) {
        snapshot = vm->snapshots[i];
        if ((class_ == &sim_parent_child && snapshot->parent) ||
            (class_ == &sim_snapshot_of && (strcmp(snapshot->type, "Realized") == 0 ||
                                            strcmp(snapshot->type, "Recovery") == 0)))
            sim_refs_add(out, class_, snapshot->id, 0);
    }
}

static void list_links(struct sim_host *host, const struct sim_class *class_,
                       const struct sim_search *search, struct sim_refs *out)
{
    const struct sim_vm *vm = vm_around(host, search);
    size_t i;

    if (vm || search->around) {
        if (vm)
            add_links(class_, vm, out);
        return;
    }
    for (i = 0; i < host->vm_count; i++)
        add_links(class_, host->vms[i], out);
}

static void keys_snapshot_of(struct sim_row *row, const struct sim_ref *ref)
{
    const struct sim_snapshot *snapshot = sim_snapshot_find(row->host, ref->id);

    if (snapshot)
        sim_row_ref(row, "Antecedent", &sim_computer_system, snapshot->vm->id);
    sim_row_ref(row, "Dependent", &sim_settings, ref->id);
}

static bool fill_snapshot_of(struct sim_row *row, const struct sim_ref *ref)
{
    return sim_snapshot_find(row->host, ref->id) != NULL;
}

static void keys_most_current(struct sim_row *row, const struct sim_ref *ref)
{
    const struct sim_vm *vm = sim_vm_find(row->host, ref->id);

    sim_row_ref(row, "Antecedent", &sim_computer_system, ref->id);
    if (vm && vm->current)
        sim_row_ref(row, "Dependent", &sim_settings, vm->current->id);
}

static bool fill_most_current(struct sim_row *row, const struct sim_ref *ref)
{
    const struct sim_vm *vm = sim_vm_find(row->host, ref->id);

    return vm && vm->current;
}

/* Here the roles stand the other way round. */
static void keys_last_applied(struct sim_row *row, const struct sim_ref *ref)
{
    const struct sim_vm *vm = sim_vm_find(row->host, ref->id);

    if (vm && vm->applied)
        sim_row_ref(row, "Antecedent", &sim_settings, vm->applied->id);
    sim_row_ref(row, "Dependent", &sim_computer_system, ref->id);
}

static bool fill_last_applied(struct sim_row *row, const struct sim_ref *ref)
{
    const struct sim_vm *vm = sim_vm_find(row->host, ref->id);

    return vm && vm->applied;
}

static void keys_defines_state(struct sim_row *row, const struct sim_ref *ref)
{
    sim_row_ref(row, "ManagedElement", &sim_computer_system, ref->id);
    sim_row_ref(row, "SettingData", &sim_settings, ref->id);
}

static bool fill_defines_state(struct sim_row *row, const struct sim_ref *ref)
{
    return sim_vm_find(row->host, ref->id) != NULL;
}

static void keys_parent_child(struct sim_row *row, const struct sim_ref *ref)
{
    const struct sim_snapshot *snapshot = sim_snapshot_find(row->host, ref->id);

    if (snapshot && snapshot->parent)
        sim_row_ref(row, "Antecedent", &sim_settings, snapshot->parent->id);
    sim_row_ref(row, "Dependent", &sim_settings, ref->id);
}

static bool fill_parent_child(struct sim_row *row, const struct sim_ref *ref)
{
    const struct sim_snapshot *snapshot = sim_snapshot_find(row->host, ref->id);

    return snapshot && snapshot->parent;
}

#define LINK(variable, name_, bases_, table, list_, which) \
    const struct sim_class variable = { \
        .name = name_, \
        .bases = bases_, \
        .properties = table, \
        .count = sizeof(table) / sizeof((table)[0]), \
        .list = list_, \
        .keys = keys_##which, \
        .fill = fill_##which, \
    }

LINK(sim_affected_job_element, "Msvm_AffectedJobElement", " CIM_AffectedJobElement ",
     affected, list_affected, affected);
LINK(sim_snapshot_of, "Msvm_SnapshotOfVirtualSystem",
     " CIM_SnapshotOfVirtualSystem" BASES, dependency, list_links, snapshot_of);
LINK(sim_most_current, "Msvm_MostCurrentSnapshotInBranch",
     " CIM_MostCurrentSnapshotInBranch" BASES, dependency, list_links, most_current);
LINK(sim_last_applied, "Msvm_LastAppliedSnapshot", " CIM_LastAppliedSnapshot" BASES,
     dependency, list_links, last_applied);
LINK(sim_defines_state, "Msvm_SettingsDefineState", " CIM_SettingsDefineState ",
     state_link, list_links, defines_state);
LINK(sim_parent_child, "Msvm_ParentChildSettingData", BASES, dependency, list_links,
     parent_child);
