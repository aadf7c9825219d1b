#include "hvsim/class.h"

/* Msvm_SummaryInformation: only the parameter of a method, so there are no objects. */
static const struct sim_property summary[] = {
    {"AllocatedGPU", SIM_STRING, NULL, 0},
    {"ApplicationHealth", SIM_NUMBER, NULL, 0},
    {"AsynchronousTasks", SIM_REF, NULL, SIM_ARRAY},
    {"AvailableMemoryBuffer", SIM_NUMBER, NULL, 0},
    {"CreationTime", SIM_TIME, NULL, 0},
    {"ElementName", SIM_STRING, NULL, 0},
    {"EnabledState", SIM_NUMBER, NULL, 0},
    {"GuestOperatingSystem", SIM_STRING, NULL, 0},
    {"HealthState", SIM_NUMBER, NULL, 0},
    {"Heartbeat", SIM_NUMBER, NULL, 0},
    {"InstanceID", SIM_STRING, NULL, 0},
    {"MemoryAvailable", SIM_NUMBER, NULL, 0},
    {"MemoryUsage", SIM_NUMBER, NULL, 0},
    {"Name", SIM_STRING, "", 0},
    {"Notes", SIM_STRING, NULL, 0},
    {"NumberOfProcessors", SIM_NUMBER, NULL, 0},
    {"OperationalStatus", SIM_NUMBER, NULL, SIM_ARRAY},
    {"OtherEnabledState", SIM_STRING, NULL, 0},
    {"ProcessorLoad", SIM_NUMBER, NULL, 0},
    {"ReplicationMode", SIM_NUMBER, NULL, 0},
    {"ReplicationState", SIM_NUMBER, NULL, 0},
    {"Snapshots", SIM_REF, NULL, SIM_ARRAY},
    {"StatusDescriptions", SIM_STRING, NULL, SIM_ARRAY},
    {"UpTime", SIM_NUMBER, NULL, 0},
    {"Version", SIM_STRING, NULL, 0},
};

const struct sim_class sim_summary = {
    .name = "Msvm_SummaryInformation",
    .bases = " Msvm_SummaryInformationBase ",
    .properties = summary,
    .count = sizeof(summary) / sizeof(summary[0]),
};

/* Classes that exist on every host and have no objects on this one. */
#define EMPTY(variable, name_, bases_) \
    static const struct sim_class variable = {.name = name_, .bases = bases_}

EMPTY(storage_job, "Msvm_StorageJob",
      " Msvm_ConcreteJob CIM_ConcreteJob CIM_Job CIM_LogicalElement "
      "CIM_ManagedSystemElement CIM_ManagedElement ");
EMPTY(planned_system, "Msvm_PlannedComputerSystem",
      " CIM_ComputerSystem CIM_System CIM_EnabledLogicalElement CIM_LogicalElement "
      "CIM_ManagedSystemElement CIM_ManagedElement ");
EMPTY(reference_point, "Msvm_VirtualSystemReferencePoint", " CIM_ManagedElement ");
EMPTY(collection, "Msvm_SnapshotCollection", " CIM_ManagedElement ");

const struct sim_class *const sim_classes[] = {
    &sim_computer_system, &sim_settings, &sim_concrete_job, &sim_affected_job_element,
    &sim_snapshot_of, &sim_most_current, &sim_last_applied, &sim_defines_state,
    &sim_parent_child, &sim_snapshot_service, &sim_management_service, &sim_summary,
    &storage_job, &planned_system, &reference_point, &collection, NULL,
};
