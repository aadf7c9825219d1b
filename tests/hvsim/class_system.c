#include "hvsim/class.h"
#include "hvsim/store.h"

#include <string.h>
#include <strings.h>

/* Msvm_ComputerSystem: the host, whose id is "", and each VM. The usual values are those
 * of a VM; the set of properties and what is NULL are those of a recorded reply. */
static const struct sim_property properties[] = {
    {"AvailableRequestedStates", SIM_NUMBER, NULL, SIM_ARRAY},
    {"Caption", SIM_STRING, NULL, 0},
    {"CommunicationStatus", SIM_NUMBER, NULL, 0},
    {"CreationClassName", SIM_STRING, "Msvm_ComputerSystem", SIM_KEY},
    {"Dedicated", SIM_NUMBER, NULL, SIM_ARRAY},
    {"Description", SIM_STRING, "Microsoft Virtual Machine", 0},
    {"DetailedStatus", SIM_NUMBER, NULL, 0},
    {"ElementName", SIM_STRING, NULL, 0},
    {"EnabledDefault", SIM_NUMBER, "2", 0},
    {"EnabledState", SIM_NUMBER, "2", 0},
    {"EnhancedSessionModeState", SIM_NUMBER, NULL, 0},
    {"FailedOverReplicationType", SIM_NUMBER, "0", 0},
    {"HealthState", SIM_NUMBER, "5", 0},
    {"HwThreadsPerCoreRealized", SIM_NUMBER, "0", 0},
    {"IdentifyingDescriptions", SIM_STRING, NULL, SIM_ARRAY},
    {"InstallDate", SIM_TIME, NULL, 0},
    {"InstanceID", SIM_STRING, NULL, 0},
    {"LastApplicationConsistentReplicationTime", SIM_TIME, "never", 0},
    {"LastReplicationTime", SIM_TIME, "never", 0},
    {"LastReplicationType", SIM_NUMBER, "0", 0},
    {"LastSuccessfulBackupTime", SIM_TIME, NULL, 0},
    {"ManagementVtlImageFileName", SIM_STRING, NULL, 0},
    {"ManagementVtlImageVersion", SIM_STRING, NULL, 0},
    {"Name", SIM_STRING, NULL, SIM_KEY},
    {"NameFormat", SIM_STRING, NULL, 0},
    {"NumberOfNumaNodes", SIM_NUMBER, "1", 0},
    {"OnTimeInMilliseconds", SIM_NUMBER, "0", 0},
    {"OperatingStatus", SIM_NUMBER, NULL, 0},
    {"OperationalStatus", SIM_NUMBER, "2", SIM_ARRAY},
    {"OtherDedicatedDescriptions", SIM_STRING, NULL, SIM_ARRAY},
    {"OtherEnabledState", SIM_STRING, NULL, 0},
    {"OtherIdentifyingInfo", SIM_STRING, NULL, SIM_ARRAY},
    {"PowerManagementCapabilities", SIM_NUMBER, NULL, SIM_ARRAY},
    {"PrimaryOwnerContact", SIM_STRING, NULL, 0},
    {"PrimaryOwnerName", SIM_STRING, NULL, 0},
    {"PrimaryStatus", SIM_NUMBER, NULL, 0},
    {"ProcessID", SIM_NUMBER, NULL, 0},
    {"ReplicationHealth", SIM_NUMBER, "0", 0},
    {"ReplicationMode", SIM_NUMBER, "0", 0},
    {"ReplicationState", SIM_NUMBER, "0", 0},
    {"RequestedState", SIM_NUMBER, "5", 0},
    {"ResetCapability", SIM_NUMBER, "1", 0},
    {"Roles", SIM_STRING, NULL, SIM_ARRAY},
    {"Status", SIM_STRING, "OK", 0},
    {"StatusDescriptions", SIM_STRING, NULL, SIM_ARRAY},
    {"TimeOfLastConfigurationChange", SIM_TIME, NULL, 0},
    {"TimeOfLastStateChange", SIM_TIME, "never", 0},
    {"TransitioningToState", SIM_NUMBER, NULL, 0},
};

/* What only VMs have. */
static const char *const vm_only[] = {
    "EnhancedSessionModeState", "FailedOverReplicationType",
    "HwThreadsPerCoreRealized", "LastApplicationConsistentReplicationTime",
    "LastReplicationTime",      "LastReplicationType",
    "OnTimeInMilliseconds",     "ReplicationHealth",
    "ReplicationMode",          "ReplicationState",
    "TimeOfLastStateChange",
};

static void list(struct sim_host *host, const struct sim_class *class_,
                 const struct sim_search *search, struct sim_refs *out)
{
    const char *name = sim_search_term(search, "Name");
    const struct sim_vm *vm = name ? sim_vm_find(host, name) : NULL;
    size_t i;

    if (!name || strcasecmp(name, host->name) == 0)
        sim_refs_add(out, class_, "", 0);
    if (vm)
        sim_refs_add(out, class_, vm->id, 0);
    for (i = 0; !name && i < host->vm_count; i++)
        sim_refs_add(out, class_, host->vms[i]->id, 0);
}

static void keys(struct sim_row *row, const struct sim_ref *ref)
{
    sim_row_text(row, "Name", ref->id[0] ? ref->id : row->host->name);
}

static bool fill_host(struct sim_row *row)
{
    const struct sim_host *host = row->host;
    size_t i;

    for (i = 0; i < sizeof(vm_only) / sizeof(vm_only[0]); i++)
        sim_row_text(row, vm_only[i], NULL);
    sim_row_text(row, "Caption", sim_text(host->speaking, TX_HOST));
    sim_row_text(row, "Description", sim_text(host->speaking, TX_HOST_LONG));
    sim_row_text(row, "ElementName", host->name);
    sim_row_number(row, "RequestedState", 12);
    sim_row_text(row, "StatusDescriptions", sim_text(host->speaking, TX_OK));
    return true;
}

/* What it is busy with: the second OperationalStatus. */
static void fill_status(struct sim_row *row, const struct sim_vm *vm)
{
    const struct sim_job *job = vm->busy && vm->busy->operation ? vm->busy : vm->merge;
    enum sim_language language = row->host->speaking;

    if (!job) {
        sim_row_text(row, "StatusDescriptions", sim_text(language, TX_OK));
        return;
    }
    /* 11: in service; a merge leaves it at 2, since another request may interrupt it */
    sim_row_number(row, "OperationalStatus", job == vm->merge ? 2 : 11);
    sim_row_more_number(row, "OperationalStatus", job->operation);
    sim_row_text(row, "StatusDescriptions",
                 sim_text(language, job == vm->merge ? TX_OK : TX_IN_SERVICE));
    sim_row_more(row, "StatusDescriptions", sim_text(language, job->caption));
}

static bool fill(struct sim_row *row, const struct sim_ref *ref)
{
    struct sim_host *host = row->host;
    const struct sim_vm *vm = ref->id[0] ? sim_vm_find(host, ref->id) : NULL;
    bool on;
    int state;

    if (!ref->id[0])
        return fill_host(row);
    if (!vm)
        return false;
    on = vm->state == SIM_RUNNING || vm->state == SIM_PAUSED;
    state = vm->busy && vm->busy->during ? vm->busy->during : (int)vm->state;
    sim_row_text(row, "Caption", sim_text(host->speaking, TX_VM));
    sim_row_text(row, "ElementName", vm->name);
    sim_row_number(row, "EnabledDefault", on ? 2 : 3);
    sim_row_number(row, "EnabledState", state);
    sim_row_number(row, "EnhancedSessionModeState", on ? 6 : 3);
    sim_row_ms(row, "InstallDate", vm->created);
    sim_row_ms(row, "TimeOfLastConfigurationChange", vm->changed);
    if (vm->started)
        sim_row_ms(row, "TimeOfLastStateChange", vm->changed);
    if (on) {
        sim_row_number(row, "HwThreadsPerCoreRealized", 2);
        sim_row_number(row, "OnTimeInMilliseconds", host->now - vm->started);
        sim_row_number(row, "ProcessID",
                       1000 + 4 * (vm->id[0] + 64 * vm->id[1] + 4096 * (vm->id[2] & 3)));
    }
    fill_status(row, vm);
    return true;
}

const struct sim_class sim_computer_system = {
    .name = "Msvm_ComputerSystem",
    .bases = " CIM_ComputerSystem CIM_System CIM_EnabledLogicalElement "
             "CIM_LogicalElement CIM_ManagedSystemElement CIM_ManagedElement ",
    .properties = properties,
    .count = sizeof(properties) / sizeof(properties[0]),
    .list = list,
    .keys = keys,
    .fill = fill,
};
