#include "hvsim/class.h"
#include "hvsim/store.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PREFIX "Microsoft:"

/* Msvm_VirtualSystemSettingData: the settings of a VM, and of each snapshot. */
static const struct sim_property properties[] = {
    {"AdditionalRecoveryInformation", SIM_STRING, NULL, 0},
    {"AllowFullSCSICommandSet", SIM_BOOL, "false", 0},
    {"AllowReducedFcRedundancy", SIM_BOOL, "false", 0},
    {"Architecture", SIM_STRING, "x64", SIM_READ_ONLY},
    {"AutomaticCriticalErrorAction", SIM_NUMBER, "1", 0},
    {"AutomaticCriticalErrorActionTimeout", SIM_INTERVAL, "1800000", 0},
    {"AutomaticRecoveryAction", SIM_NUMBER, "3", 0},
    {"AutomaticShutdownAction", SIM_NUMBER, "3", 0},
    {"AutomaticSnapshotsEnabled", SIM_BOOL, "false", 0},
    {"AutomaticStartupAction", SIM_NUMBER, "2", 0},
    {"AutomaticStartupActionDelay", SIM_INTERVAL, "0", 0},
    {"AutomaticStartupActionSequenceNumber", SIM_NUMBER, "0", 0},
    {"BaseBoardSerialNumber", SIM_STRING, "", 0},
    {"BIOSGUID", SIM_STRING, NULL, 0},
    {"BIOSNumLock", SIM_BOOL, "false", 0},
    {"BIOSSerialNumber", SIM_STRING, "", 0},
    {"BootOrder", SIM_NUMBER, NULL, SIM_ARRAY},
    {"BootSourceOrder", SIM_STRING, NULL, SIM_ARRAY},
    {"Caption", SIM_STRING, NULL, SIM_READ_ONLY},
    {"ChassisAssetTag", SIM_STRING, "", 0},
    {"ChassisSerialNumber", SIM_STRING, "", 0},
    {"ConfigurationDataRoot", SIM_STRING, "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V",
     SIM_READ_ONLY},
    {"ConfigurationFile", SIM_STRING, NULL, SIM_READ_ONLY},
    {"ConfigurationID", SIM_STRING, NULL, SIM_READ_ONLY},
    {"ConsoleMode", SIM_NUMBER, "0", 0},
    {"CreationTime", SIM_TIME, NULL, SIM_READ_ONLY},
    {"DebugChannelId", SIM_NUMBER, "0", 0},
    {"DebugPort", SIM_NUMBER, "0", 0},
    {"DebugPortEnabled", SIM_NUMBER, "0", 0},
    {"Description", SIM_STRING, NULL, SIM_READ_ONLY},
    {"ElementName", SIM_STRING, NULL, 0},
    {"EnableHibernation", SIM_BOOL, "false", 0},
    {"EnhancedSessionTransportType", SIM_NUMBER, "0", 0},
    {"GuestControlledCacheTypes", SIM_BOOL, "false", 0},
    {"GuestStateDataRoot", SIM_STRING, "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V",
     SIM_READ_ONLY},
    {"GuestStateFile", SIM_STRING, NULL, SIM_READ_ONLY},
    {"HighMmioGapBase", SIM_NUMBER, "65024", 0},
    {"HighMmioGapSize", SIM_NUMBER, "512", 0},
    {"IncrementalBackupEnabled", SIM_BOOL, "false", 0},
    {"InstanceID", SIM_STRING, NULL, SIM_KEY},
    {"IsAutomaticSnapshot", SIM_BOOL, "false", SIM_READ_ONLY},
    {"IsSaved", SIM_BOOL, "false", SIM_READ_ONLY},
    {"LockOnDisconnect", SIM_BOOL, "false", 0},
    {"LogDataRoot", SIM_STRING, "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V", 0},
    {"LowMmioGapSize", SIM_NUMBER, "128", 0},
    {"NetworkBootPreferredProtocol", SIM_NUMBER, "4096", 0},
    {"Notes", SIM_STRING, NULL, SIM_ARRAY},
    {"Parent", SIM_STRING, NULL, SIM_READ_ONLY},
    {"PauseAfterBootFailure", SIM_BOOL, "false", 0},
    {"RecoveryFile", SIM_STRING, "", SIM_READ_ONLY},
    {"SecureBootEnabled", SIM_BOOL, "true", 0},
    {"SecureBootTemplateId", SIM_STRING, "1734C6E8-3154-4DDA-BA5F-A874CC483422", 0},
    {"SnapshotDataRoot", SIM_STRING, "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V", 0},
    {"SuspendDataRoot", SIM_STRING, "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V",
     SIM_READ_ONLY},
    {"SwapFileDataRoot", SIM_STRING, "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V", 0},
    {"TurnOffOnGuestRestart", SIM_BOOL, "false", 0},
    {"UserSnapshotType", SIM_NUMBER, "3", 0},
    {"Version", SIM_STRING, "10.0", SIM_READ_ONLY},
    {"VirtualNumaEnabled", SIM_BOOL, "true", 0},
    {"VirtualSystemIdentifier", SIM_STRING, NULL, SIM_READ_ONLY},
    {"VirtualSystemSubType", SIM_STRING, "Microsoft:Hyper-V:SubType:2", SIM_READ_ONLY},
    {"VirtualSystemType", SIM_STRING, "Microsoft:Hyper-V:System:Realized", SIM_READ_ONLY},
};

static void add_vm(const struct sim_class *class_, const struct sim_vm *vm,
                   struct sim_refs *out)
{
    size_t i;

    sim_refs_add(out, class_, vm->id, 0);
    for (i = 0; i < vm->snapshot_count; i++)
        sim_refs_add(out, class_, vm->snapshots[i]->id, 0);
}

static void list(struct sim_host *host, const struct sim_class *class_,
                 const struct sim_search *search, struct sim_refs *out)
{
    const char *instance = sim_search_term(search, "InstanceID");
    const char *system = sim_search_term(search, "VirtualSystemIdentifier");
    const struct sim_snapshot *snapshot;
    const struct sim_vm *vm;
    size_t i;

    if (instance) {
        if (strncasecmp(instance, PREFIX, strlen(PREFIX)) != 0)
            return;
        instance += strlen(PREFIX);
        vm = sim_vm_find(host, instance);
        snapshot = sim_snapshot_find(host, instance);
        if (vm || snapshot)
            sim_refs_add(out, class_, vm ? vm->id : snapshot->id, 0);
    } else if (system) {
        vm = sim_vm_find(host, system);
        if (vm)
            add_vm(class_, vm, out);
    } else {
        for (i = 0; i < host->vm_count; i++)
            add_vm(class_, host->vms[i], out);
    }
}

static void keys(struct sim_row *row, const struct sim_ref *ref)
{
    sim_row_text(row, "InstanceID", sim_row_keep(row, PREFIX, ref->id));
}

/* The path to the settings of a snapshot, as string properties hold it. */
static const char *path_of(struct sim_row *row, const char *id)
{
    char path[256];

    snprintf(path, sizeof(path),
             "\\\\%.64s\\root\\virtualization\\v2:Msvm_VirtualSystemSettingData."
             "InstanceID=\"" PREFIX "%s\"",
             row->host->name, id);
    return sim_row_keep(row, path, "");
}

static void fill_vm(struct sim_row *row, const struct sim_vm *vm, const char *id)
{
    sim_row_text(row, "BIOSGUID", sim_row_keep(row, sim_row_keep(row, "{", vm->id), "}"));
    sim_row_text(row, "Caption", sim_text(row->host->speaking, TX_SETTINGS));
    sim_row_text(row, "ConfigurationFile", sim_row_keep(row, id, ".vmcx"));
    sim_row_text(row, "ConfigurationID", id);
    sim_row_text(row, "GuestStateFile", sim_row_keep(row, id, ".vmgs"));
    sim_row_bool(row, "AutomaticSnapshotsEnabled", vm->automatic);
    sim_row_text(row, "Version", vm->version);
    sim_row_text(row, "VirtualSystemIdentifier", vm->id);
    if (vm->generation == 1)
        sim_row_text(row, "VirtualSystemSubType", "Microsoft:Hyper-V:SubType:1");
}

static bool fill_snapshot(struct sim_row *row, const struct sim_snapshot *snapshot)
{
    static const char missing[] = "00000000-0000-4000-8000-00000000DEAD";

    fill_vm(row, snapshot->vm, snapshot->id);
    sim_row_ms(row, "CreationTime", snapshot->created);
    sim_row_text(row, "Description", sim_text(row->host->speaking, TX_SETTINGS_SNAPSHOT));
    sim_row_text(row, "ElementName", snapshot->name);
    sim_row_bool(row, "IsAutomaticSnapshot", snapshot->automatic);
    sim_row_bool(row, "IsSaved", snapshot->saved);
    sim_row_text(row, "Notes", snapshot->notes);
    if (snapshot->parent)
        sim_row_text(row, "Parent", path_of(row, snapshot->parent->id));
    else if (snapshot->orphan)
        sim_row_text(row, "Parent", path_of(row, missing));
    sim_row_number(row, "UserSnapshotType", snapshot->user_type);
    sim_row_text(row, "VirtualSystemType",
                 sim_row_keep(row, "Microsoft:Hyper-V:Snapshot:", snapshot->type));
    return true;
}

static bool fill(struct sim_row *row, const struct sim_ref *ref)
{
    const struct sim_snapshot *snapshot = sim_snapshot_find(row->host, ref->id);
    const struct sim_vm *vm = sim_vm_find(row->host, ref->id);

    if (snapshot)
        return fill_snapshot(row, snapshot);
    if (!vm)
        return false;
    fill_vm(row, vm, vm->id);
    sim_row_ms(row, "CreationTime", vm->created);
    sim_row_text(row, "Description", sim_text(row->host->speaking, TX_SETTINGS_ACTIVE));
    sim_row_text(row, "ElementName", vm->name);
    sim_row_bool(row, "IsSaved", vm->state == SIM_SAVED);
    sim_row_text(row, "Notes", vm->notes);
    if (vm->current)
        sim_row_text(row, "Parent", path_of(row, vm->current->id));
    sim_row_number(row, "UserSnapshotType", vm->user_type);
    return true;
}

const struct sim_class sim_settings = {
    .name = "Msvm_VirtualSystemSettingData",
    .bases = " CIM_VirtualSystemSettingData CIM_SettingData CIM_ManagedElement ",
    .properties = properties,
    .count = sizeof(properties) / sizeof(properties[0]),
    .list = list,
    .keys = keys,
    .fill = fill,
};
