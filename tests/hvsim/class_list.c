#include "hvsim/class.h"

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
    &sim_computer_system,
    &sim_settings,
    &sim_concrete_job,
    &sim_affected_job_element,
    &sim_snapshot_of,
    &sim_most_current,
    &sim_last_applied,
    &sim_defines_state,
    &sim_parent_child,
    &sim_snapshot_service,
    &sim_management_service,
    &sim_summary,
    &storage_job,
    &planned_system,
    &reference_point,
    &collection,
    NULL,
};
