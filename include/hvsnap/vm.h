#ifndef HVSNAP_VM_H
#define HVSNAP_VM_H

#include <hvsnap/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A moment that the host did not tell. */
#define HVS_TIME_NONE INT64_MIN

/** Which snapshots a VM takes: UserSnapshotType of Msvm_VirtualSystemSettingData. Hosts
 * before Windows Server 2016 know none. */
enum hvs_checkpoint_type {
    HVS_CHECKPOINT_UNKNOWN = 0,
    HVS_CHECKPOINT_DISABLED = 2,
    HVS_CHECKPOINT_PRODUCTION = 3, /**< falls back to standard */
    HVS_CHECKPOINT_PRODUCTION_ONLY = 4,
    HVS_CHECKPOINT_STANDARD = 5,
};

/** A virtual machine. Strings are UTF-8 and never NULL unless said. Fields are only ever
 * added at the end. */
struct hvs_vm {
    char *id;         /**< GUID in upper case, without braces */
    char *name;       /**< not unique on a host */
    uint32_t state;   /**< EnabledState of Msvm_ComputerSystem; 0 when not asked for.
                           hvs_vm_state_name() has the words */
    uint64_t uptime_ms;   /**< 0 when off, or not asked for */
    char *version;        /**< of its configuration, "9.0"; "" when unknown */
    uint32_t generation;  /**< 1 or 2; 0 when unknown */
    enum hvs_checkpoint_type checkpoint;
    char *current_id;     /**< the snapshot that the VM stands on, or NULL */
    uint32_t snapshots;   /**< how many it has, of every kind */
    char *operation;      /**< what the host does with it ("merge", "snapshot"), or "" */
};

struct hvs_vm_list {
    size_t count;
    struct hvs_vm **items; /**< by name, then by id */
    /** Not even the host's own row could be seen: hosts show an account without rights an
     * empty list instead of an error. */
    bool maybe_no_rights;
};

/** List VMs with their states. `vm` is a name or a GUID; NULL for all. A name that fits
 * several VMs lists them all. */
HVS_API int hvs_vm_list(struct hvs_client *client, const char *vm,
                        struct hvs_vm_list **out, struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_vm_list_start(struct hvs_run **out, struct hvs_client *client,
                              const char *vm, struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_vm_list_end(struct hvs_run *run, struct hvs_vm_list **out,
                            struct hvs_error *err) HVS_MUST_CHECK;
/** NULL is fine. */
HVS_API void hvs_vm_list_free(struct hvs_vm_list *list);

/** What a wait for a VM's merges came to. Filled after a failure too. */
struct hvs_merge_result {
    char vm_id[40]; /**< GUID of the VM, or "" when it was not found */
    bool merged;    /**< the host shows nothing going on on the VM (any more) */
    bool merging;   /**< it was still merging disks when it was last seen. Neither: it is
                         not known */
};

/**
 * Wait until the host no longer merges disks of a VM (a name, whole, or a GUID), which it
 * does after snapshots were deleted, when their deletion has long been over. Another
 * operation on the VM hides a merge, so that is waited for as well. Success means that
 * two looks, a second apart, showed nothing; why a host has given a merge up, it tells
 * in its event log alone.
 *
 * @param out  filled after a failure too; NULL only when memory ran out or `vm` was
 *             wrong. Free with hvs_merge_result_free().
 */
HVS_API int hvs_vm_wait_merged(struct hvs_client *client, const char *vm,
                               struct hvs_merge_result **out,
                               struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_vm_wait_merged_start(struct hvs_run **out, struct hvs_client *client,
                                     const char *vm,
                                     struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_vm_wait_merged_end(struct hvs_run *run, struct hvs_merge_result **out,
                                   struct hvs_error *err) HVS_MUST_CHECK;
/** NULL is fine. */
HVS_API void hvs_merge_result_free(struct hvs_merge_result *result);

/** "running", "off", "saved", ...; the number in `buf` for one without a name. Returns
 * `buf` or a literal. */
HVS_API const char *hvs_vm_state_name(uint32_t state, char buf[16]);

/** "production", "standard", "disabled", "production-only", "unknown". Never NULL. */
HVS_API const char *hvs_checkpoint_type_name(enum hvs_checkpoint_type type);

#ifdef __cplusplus
}
#endif

#endif
