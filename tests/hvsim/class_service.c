#include "hvsim/class.h"

#include <string.h>

/* The services, of which there is one each; they differ in their names only. */
#define SERVICE_PROPERTIES(class_, name, title) \
    {"AvailableRequestedStates", SIM_NUMBER, NULL, SIM_ARRAY}, \
        {"Caption", SIM_STRING, title, 0}, {"CommunicationStatus", SIM_NUMBER, NULL, 0}, \
        {"CreationClassName", SIM_STRING, class_, SIM_KEY}, \
        {"Description", SIM_STRING, title, 0}, {"DetailedStatus", SIM_NUMBER, NULL, 0}, \
        {"ElementName", SIM_STRING, title, 0}, {"EnabledDefault", SIM_NUMBER, "2", 0}, \
        {"EnabledState", SIM_NUMBER, "2", 0}, {"HealthState", SIM_NUMBER, "5", 0}, \
        {"InstallDate", SIM_TIME, NULL, 0}, {"InstanceID", SIM_STRING, NULL, 0}, \
        {"Name", SIM_STRING, name, SIM_KEY}, {"OperatingStatus", SIM_NUMBER, NULL, 0}, \
        {"OperationalStatus", SIM_NUMBER, "2", SIM_ARRAY}, \
        {"OtherEnabledState", SIM_STRING, NULL, 0}, \
        {"PrimaryOwnerContact", SIM_STRING, NULL, 0}, \
        {"PrimaryOwnerName", SIM_STRING, NULL, 0}, \
        {"PrimaryStatus", SIM_NUMBER, NULL, 0}, {"RequestedState", SIM_NUMBER, "12", 0}, \
        {"Started", SIM_BOOL, "true", 0}, {"StartMode", SIM_STRING, NULL, 0}, \
        {"Status", SIM_STRING, "OK", 0}, \
        {"StatusDescriptions", SIM_STRING, NULL, SIM_ARRAY}, \
        {"SystemCreationClassName", SIM_STRING, "Msvm_ComputerSystem", SIM_KEY}, \
        {"SystemName", SIM_STRING, NULL, SIM_KEY}, \
        {"TimeOfLastStateChange", SIM_TIME, NULL, 0}, \
    { \
        "TransitioningToState", SIM_NUMBER, NULL, 0 \
    }

static const struct sim_property snapshot_properties[] = {
    SERVICE_PROPERTIES("Msvm_VirtualSystemSnapshotService", "vssnapsvc",
                       "Hyper-V Virtual System Snapshot Service"),
};
static const struct sim_property management_properties[] = {
    SERVICE_PROPERTIES("Msvm_VirtualSystemManagementService", "vmms",
                       "Hyper-V Virtual System Management Service"),
};

static void list(struct sim_host *host, const struct sim_class *class_,
                 const struct sim_search *search, struct sim_refs *out)
{
    (void)host;
    (void)search;
    sim_refs_add(out, class_, "", 0);
}

static void keys(struct sim_row *row, const struct sim_ref *ref)
{
    (void)ref;
    sim_row_text(row, "SystemName", row->host->name);
}

static bool fill(struct sim_row *row, const struct sim_ref *ref)
{
    (void)ref;
    sim_row_text(row, "StatusDescriptions", sim_text(row->host->speaking, TX_OK));
    return true;
}

const struct sim_class sim_snapshot_service = {
    .name = "Msvm_VirtualSystemSnapshotService",
    .bases = " CIM_VirtualSystemSnapshotService CIM_Service CIM_EnabledLogicalElement "
             "CIM_LogicalElement CIM_ManagedSystemElement CIM_ManagedElement ",
    .properties = snapshot_properties,
    .count = sizeof(snapshot_properties) / sizeof(snapshot_properties[0]),
    .list = list,
    .keys = keys,
    .fill = fill,
    .service = true,
};

const struct sim_class sim_management_service = {
    .name = "Msvm_VirtualSystemManagementService",
    .bases = " CIM_VirtualSystemManagementService CIM_Service CIM_EnabledLogicalElement "
             "CIM_LogicalElement CIM_ManagedSystemElement CIM_ManagedElement ",
    .properties = management_properties,
    .count = sizeof(management_properties) / sizeof(management_properties[0]),
    .list = list,
    .keys = keys,
    .fill = fill,
    .service = true,
};
