#ifndef HVS_HYPERV_NAMES_H
#define HVS_HYPERV_NAMES_H

/* The namespace of Hyper-V since Windows Server 2012, and the classes of it that are
 * spoken to. */
#define HVS_V2 "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2"

#define HVS_CLASS_SYSTEM "Msvm_ComputerSystem"
#define HVS_CLASS_SETTINGS "Msvm_VirtualSystemSettingData"
#define HVS_CLASS_JOBS "Msvm_ConcreteJob"
#define HVS_CLASS_AFFECTED "Msvm_AffectedJobElement"
#define HVS_CLASS_SNAPSHOTS "Msvm_VirtualSystemSnapshotService"
#define HVS_CLASS_MANAGEMENT "Msvm_VirtualSystemManagementService"

/* VirtualSystemType: live settings of a VM, and all that is a snapshot. */
#define HVS_TYPE_VM "Microsoft:Hyper-V:System:Realized"
#define HVS_TYPE_SNAPSHOT "Microsoft:Hyper-V:Snapshot:"

#endif
