#ifndef HVSNAP_SNAPSHOT_H
#define HVSNAP_SNAPSHOT_H

#include <hvsnap/vm.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a snapshot is, by VirtualSystemType and IsAutomaticSnapshot. */
enum hvs_snapshot_kind {
    HVS_KIND_USER,      /**< taken by somebody: standard or production */
    HVS_KIND_AUTOMATIC, /**< taken by the host when the VM was started */
    HVS_KIND_RECOVERY,  /**< a backup program's */
    HVS_KIND_REPLICA,   /**< a recovery point of Hyper-V Replica */
    HVS_KIND_MISSING,   /**< its files are gone; others descend from it */
    HVS_KIND_PLANNED,   /**< of a VM that is being imported */
    HVS_KIND_OTHER,     /**< a type that this version does not know */
};

/** Two words of yours about a snapshot. A key has 1 to 63 of A-Z a-z 0-9 . _ - / and
 * begins with a letter or a digit; a value is one line of at most 255 bytes, or "". */
struct hvs_label {
    char *key;
    char *value;
};

/** Read "KEY=VALUE". Clear with hvs_label_clear(), after a failure too. */
HVS_API int hvs_label_parse(struct hvs_label *out, const char *text,
                            struct hvs_error *err) HVS_MUST_CHECK;
/** Free what is in it, and zero it. */
HVS_API void hvs_label_clear(struct hvs_label *label);

/**
 * A snapshot. Strings are UTF-8 and never NULL unless said. Fields are only ever added
 * at the end.
 *
 * Labels and the end of the lifetime are kept in the Notes that Hyper-V has, in a block
 * that names the snapshot and counts in no other: a snapshot inherits its VM's notes.
 * `notes` is what is left without such blocks.
 */
struct hvs_snapshot {
    char *id;        /**< GUID in upper case */
    char *name;      /**< not unique on a VM */
    char *vm_id;     /**< GUID */
    char *vm_name;
    char *parent_id; /**< GUID, or NULL at a root; may name one that is not listed */
    char *notes;     /**< a person's own; "" for none */
    int64_t created_ms; /**< ms since 1970 in UTC by the host's clock, or HVS_TIME_NONE */
    enum hvs_snapshot_kind kind;
    bool current;     /**< the VM stands on it */
    bool saved_state; /**< holds the memory of a running VM */
    size_t label_count;
    struct hvs_label *labels;
    int64_t expires_ms; /**< when its lifetime ends, or HVS_TIME_NONE */
    /** How it was taken, of user and automatic ones: STANDARD with memory; else what the
     * VM's setting was then, which is all that Windows keeps. Where that was PRODUCTION
     * it may be a standard one of a VM that was off, or whose guest did not answer. */
    enum hvs_checkpoint_type type;
};

/** SnapshotType of CreateSnapshot. */
enum hvs_create_type {
    HVS_CREATE_FULL = 2, /**< as the VM's own checkpoint type says */
    HVS_CREATE_DISK = 3, /**< disks alone; hosts may take it for a running VM or not */
    HVS_CREATE_RECOVERY = 32768, /**< a backup program's, on which no VM ever stands */
};

/** ConsistencyLevel of Msvm_VirtualSystemSnapshotSettingData: documented for recovery
 * snapshots; whether hosts heed it for others is not known. */
enum hvs_consistency {
    HVS_CONSISTENCY_ANY = 0, /**< not said: as the host likes */
    HVS_CONSISTENCY_APPLICATION = 1,
    HVS_CONSISTENCY_CRASH = 2,
};

/** Start from HVS_CREATE_OPTS_INIT. Strings and labels are copied. */
struct hvs_create_opts {
    size_t size;      /**< set by the initialiser: lets later versions grow */
    const char *vm;   /**< required: a name, whole, or a GUID */
    const char *name; /**< 1 to 100 characters; NULL for the host's own */
    bool detach;      /**< end as soon as the host's job runs; goes with none of `name`,
                           `notes`, `labels`, `ttl_ms`, `expires_ms`, `checkpoint` */
    unsigned retries; /**< how often a change that provably did not begin is sent again */
    const char *notes; /**< a text of yours; NULL for what it inherits from the VM */
    const struct hvs_label *labels;
    size_t label_count;
    uint64_t ttl_ms;    /**< its lifetime, from its own CreationTime on; 0 for none */
    int64_t expires_ms; /**< or when that ends, by the host's clock; or HVS_TIME_NONE */
    enum hvs_create_type type;
    enum hvs_consistency consistency;
    /** Give the VM this checkpoint type (but HVS_CHECKPOINT_DISABLED) for this call, and
     * put its own back, whatever comes of the call; HVS_CHECKPOINT_UNKNOWN: leave it. A
     * VM whose snapshots are disabled is refused all the same. Who kills the process
     * leaves the VM with it; other calls meanwhile meet it. */
    enum hvs_checkpoint_type checkpoint;
    /** When all is ready but for the request itself, hold until hvs_run_release(), so
     * that snapshots of several VMs can be asked for at the same moment. A call that
     * waits for the end does not hold. */
    bool hold;
};
#define HVS_CREATE_OPTS_INIT \
    {.size = sizeof(struct hvs_create_opts), .retries = 2, .expires_ms = HVS_TIME_NONE, \
     .type = HVS_CREATE_FULL}

/** What became of a VM's own checkpoint type, where it was changed for a call. */
enum hvs_put_back_end {
    HVS_PUT_BACK_NONE, /**< it was not changed */
    HVS_PUT_BACK_DONE, /**< it is as it was */
    HVS_PUT_BACK_LEFT, /**< somebody else has changed it since, and it was left so */
    HVS_PUT_BACK_NOT,  /**< it may be what this call made it: the error's hint has the
                            command that puts it back */
};

/** What a create, or an ensure, came to. Filled after a failure too, as far as it is
 * known. */
struct hvs_create_result {
    enum hvs_outcome outcome;
    char job[64];   /**< InstanceID of the host's job, or "" */
    char vm_id[40]; /**< GUID of the VM, or "" when it was not found */
    struct hvs_snapshot *snapshot; /**< as read back from the host; NULL when unknown */
    bool named;     /**< it bears the name that was asked for */
    bool noted;     /**< its notes, labels and lifetime are what was asked for */
    bool changed;   /**< false only when nothing was changed for sure */
    enum hvs_put_back_end put_back;
    enum hvs_checkpoint_type checkpoint_was; /**< the VM's own, where it was changed */
    bool resumed; /**< of an ensure: an earlier call had begun it, and was cut off */
    struct hvs_snapshot *unnamed; /**< of an ensure that took one: what the VM stood on
                                       then, where it bears the host's own name, as a call
                                       that was cut off leaves one; or NULL */
    int64_t asked_ms;    /**< when the request was last handed out to be sent, or 0 */
    int64_t answered_ms; /**< when it was known what the host made of it. Both monotonic:
                              only differences mean anything */
};

/**
 * Take a snapshot: find the VM, ask, follow the job, find the new snapshot, give it its
 * name, notes, labels and lifetime, and read it back. Success means that the host showed
 * the snapshot with all of them.
 *
 * A change is sent at most once: when its reply is lost the host is asked what became of
 * it. See enum hvs_outcome for what may then be claimed.
 *
 * @param out  filled after a failure too; NULL only when memory ran out or the options
 *             were wrong. Free with hvs_create_result_free().
 */
HVS_API int hvs_snapshot_create(struct hvs_client *client,
                                const struct hvs_create_opts *opts,
                                struct hvs_create_result **out,
                                struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_create_start(struct hvs_run **out, struct hvs_client *client,
                                      const struct hvs_create_opts *opts,
                                      struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_create_end(struct hvs_run *run, struct hvs_create_result **out,
                                    struct hvs_error *err) HVS_MUST_CHECK;
/** NULL is fine. */
HVS_API void hvs_create_result_free(struct hvs_create_result *result);

/** Start from HVS_ENSURE_OPTS_INIT. */
struct hvs_ensure_opts {
    size_t size; /**< set by the initialiser */
    const struct hvs_create_opts *create; /**< required: the VM, and what is taken where
                                               nothing fits; without `detach` */
    uint64_t max_age_ms; /**< by the host's clock; 0: however old */
};
#define HVS_ENSURE_OPTS_INIT {.size = sizeof(struct hvs_ensure_opts)}

/**
 * See to it that a VM has a snapshot: as hvs_snapshot_create(), but nothing is changed
 * where one fits. It fits when a user took it, it bears the name that create->name says
 * and create->labels (one of the three, with max_age_ms, must be given), it is not older
 * than max_age_ms, and its lifetime is not over; the youngest counts.
 *
 * A call that was cut off (a power cut, SIGKILL) can leave a snapshot that it has not
 * named. Within five minutes the next ensure on the VM finds it, and finishes it instead
 * of taking a second one: when it was made by the one create job whose owner is our
 * account, still bears the host's own name and no labels, and is where the VM stands. The
 * call that began it is waited for, and left fifteen seconds to name it itself. Several
 * such, or one whose owner cannot be told from us, are an error, and nothing is changed.
 * A snapshot that the same account took without a name on purpose, less than five minutes
 * ago, is not told from one that was left. After five minutes none is finished, renamed
 * or deleted: see `unnamed`.
 */
HVS_API int hvs_snapshot_ensure(struct hvs_client *client,
                                const struct hvs_ensure_opts *opts,
                                struct hvs_create_result **out,
                                struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_ensure_start(struct hvs_run **out, struct hvs_client *client,
                                      const struct hvs_ensure_opts *opts,
                                      struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_ensure_end(struct hvs_run *run, struct hvs_create_result **out,
                                    struct hvs_error *err) HVS_MUST_CHECK;

struct hvs_snapshot_list {
    size_t count;
    struct hvs_snapshot **items; /**< by VM, then parents before children, then by time */
    size_t vm_count;
    struct hvs_vm **vms;         /**< the VMs they belong to, states not asked for */
};

/** List the snapshots of one VM (a name, whole, or a GUID), or of all (NULL). A name
 * that fits several VMs is an error that lists them. */
HVS_API int hvs_snapshot_list(struct hvs_client *client, const char *vm,
                              struct hvs_snapshot_list **out, struct hvs_error *err)
    HVS_MUST_CHECK;
HVS_API int hvs_snapshot_list_start(struct hvs_run **out, struct hvs_client *client,
                                    const char *vm, struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_list_end(struct hvs_run *run, struct hvs_snapshot_list **out,
                                  struct hvs_error *err) HVS_MUST_CHECK;
/** NULL is fine. */
HVS_API void hvs_snapshot_list_free(struct hvs_snapshot_list *list);

/** Start from HVS_SET_OPTS_INIT. Strings and labels are copied. */
struct hvs_set_opts {
    size_t size;          /**< set by the initialiser */
    const char *vm;       /**< required: a name, whole, or a GUID */
    const char *snapshot; /**< required: as for hvs_delete_opts */
    const char *name;     /**< its new name; NULL: as it is */
    const char *notes;    /**< another text of yours, "" for none; NULL: as it is */
    const struct hvs_label *labels; /**< to be given, in the place of one of that key */
    size_t label_count;
    const char *const *drop; /**< keys of labels to be taken away, where it bears them */
    size_t drop_count;
    bool set_expires;     /**< have its lifetime end at `expires_ms` */
    int64_t expires_ms;   /**< by the host's clock; HVS_TIME_NONE: never */
    uint64_t ttl_ms;      /**< instead: have it end so long from now; 0: not asked for */
    bool any_kind;        /**< those of backup and replication programs too */
    unsigned retries;     /**< how often it is sent again, if it provably did not begin */
};
#define HVS_SET_OPTS_INIT {.size = sizeof(struct hvs_set_opts), .retries = 2}

/** What a set came to. Filled after a failure too, as far as it is known. */
struct hvs_set_result {
    enum hvs_outcome outcome; /**< done too when all was so before: see `changed` */
    bool changed;   /**< false only when nothing was changed for sure */
    char job[64];   /**< InstanceID of the host's job, or "" */
    char vm_id[40]; /**< GUID of the VM, or "" when it was not found */
    struct hvs_snapshot *snapshot; /**< as read back, or as it was; NULL when not found */
};

/** Change a snapshot's name, notes, labels and lifetime, all at once; what is as it
 * should be costs no change. Success means that the host was asked again and shows it. */
HVS_API int hvs_snapshot_set(struct hvs_client *client, const struct hvs_set_opts *opts,
                             struct hvs_set_result **out,
                             struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_set_start(struct hvs_run **out, struct hvs_client *client,
                                   const struct hvs_set_opts *opts,
                                   struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_set_end(struct hvs_run *run, struct hvs_set_result **out,
                                 struct hvs_error *err) HVS_MUST_CHECK;
/** NULL is fine. */
HVS_API void hvs_set_result_free(struct hvs_set_result *result);

/** One snapshot of a VM: a name, whole, or a GUID; and an id, the unambiguous start of
 * one, or a name. *out is yours to free; NULL on failure. */
HVS_API int hvs_snapshot_get(struct hvs_client *client, const char *vm,
                             const char *snapshot, struct hvs_snapshot **out,
                             struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_get_start(struct hvs_run **out, struct hvs_client *client,
                                   const char *vm, const char *snapshot,
                                   struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_get_end(struct hvs_run *run, struct hvs_snapshot **out,
                                 struct hvs_error *err) HVS_MUST_CHECK;
/** NULL is fine. */
HVS_API void hvs_snapshot_free(struct hvs_snapshot *snapshot);

/** Start from HVS_DELETE_OPTS_INIT. Strings are copied. */
struct hvs_delete_opts {
    size_t size;          /**< set by the initialiser */
    const char *vm;       /**< required: a name, whole, or a GUID */
    const char *snapshot; /**< required: an id, the unambiguous start of one (four hex
                               digits at the least), or a name */
    unsigned retries;     /**< how often it is sent again, if it provably did not begin */
    bool any_kind;        /**< one of a backup or replication program, or missing, too */
};
#define HVS_DELETE_OPTS_INIT {.size = sizeof(struct hvs_delete_opts), .retries = 2}

/** What a delete came to. Filled after a failure too, as far as it is known. */
struct hvs_delete_result {
    enum hvs_outcome outcome;
    char job[64];
    struct hvs_snapshot *snapshot; /**< what it was; NULL when it was not found */
};

/** Delete one snapshot; its children stay and hang on to its parent. Success means that
 * the host was asked again and no longer has it; its disks may merge for long after. */
HVS_API int hvs_snapshot_delete(struct hvs_client *client,
                                const struct hvs_delete_opts *opts,
                                struct hvs_delete_result **out,
                                struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_delete_start(struct hvs_run **out, struct hvs_client *client,
                                      const struct hvs_delete_opts *opts,
                                      struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_delete_end(struct hvs_run *run, struct hvs_delete_result **out,
                                    struct hvs_error *err) HVS_MUST_CHECK;
/** NULL is fine. */
HVS_API void hvs_delete_result_free(struct hvs_delete_result *result);

/** Start from HVS_DELETE_TREE_OPTS_INIT. Strings are copied. */
struct hvs_delete_tree_opts {
    size_t size;          /**< set by the initialiser */
    const char *vm;       /**< required: a name, whole, or a GUID */
    const char *snapshot; /**< required: as for hvs_delete_opts */
    bool check;           /**< change nothing: find what there is, and refuse */
    unsigned retries;     /**< how often it is sent again, if it provably did not begin */
    bool any_kind;        /**< as for hvs_delete_opts, of each of them */
};
#define HVS_DELETE_TREE_OPTS_INIT \
    {.size = sizeof(struct hvs_delete_tree_opts), .retries = 2}

/** What deleting a tree came to. Filled after a failure too, as far as it is known. */
struct hvs_delete_tree_result {
    enum hvs_outcome outcome; /**< when a part of the tree is gone: HVS_OUTCOME_UNKNOWN */
    char job[64];
    size_t count;
    struct hvs_snapshot **items; /**< what the tree was: the snapshot itself, then those
                                      below it, parents before their children */
    size_t left;  /**< how many of them were still there, as far as it is known */
    bool *gone;   /**< of each item: the host no longer has it */
};

/** Delete a snapshot and all below it. Nothing is deleted when one of them belongs to a
 * backup or replication program. Success means that the host was asked again and has none
 * of them any more, whoever deleted them; a part of them gone is a failure, with the list
 * of what is left. */
HVS_API int hvs_snapshot_delete_tree(struct hvs_client *client,
                                     const struct hvs_delete_tree_opts *opts,
                                     struct hvs_delete_tree_result **out,
                                     struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_delete_tree_start(struct hvs_run **out,
                                           struct hvs_client *client,
                                           const struct hvs_delete_tree_opts *opts,
                                           struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_delete_tree_end(struct hvs_run *run,
                                         struct hvs_delete_tree_result **out,
                                         struct hvs_error *err) HVS_MUST_CHECK;
/** NULL is fine. */
HVS_API void hvs_delete_tree_result_free(struct hvs_delete_tree_result *result);

/** How far an apply goes. */
enum hvs_apply_upto {
    HVS_APPLY_ALL,
    HVS_APPLY_CHECK,   /**< changes nothing: finds, and refuses what ALL would refuse */
    HVS_APPLY_PREPARE, /**< turns the VM off, or saves it, where it must be; no more */
};

/** Start from HVS_APPLY_OPTS_INIT. Strings are copied. */
struct hvs_apply_opts {
    size_t size;          /**< set by the initialiser */
    const char *vm;       /**< required: a name, whole, or a GUID */
    const char *snapshot; /**< required: as for hvs_delete_opts */
    enum hvs_apply_upto upto;
    bool force_off;   /**< turn a running VM off first, as if its plug were pulled */
    bool save;        /**< save a running VM first; not together with force_off */
    bool start;       /**< start the VM afterwards */
    unsigned retries; /**< how often a change that provably did not begin is sent again */
};
#define HVS_APPLY_OPTS_INIT {.size = sizeof(struct hvs_apply_opts), .retries = 2}

/** What an apply came to. Filled after a failure too, as far as it is known. */
struct hvs_apply_result {
    enum hvs_outcome outcome; /**< of the apply itself */
    char job[64];             /**< InstanceID of its job, or "" */
    char vm_id[40];           /**< GUID of the VM, or "" when it was not found */
    struct hvs_snapshot *snapshot; /**< what was applied; NULL when it was not found */
    struct hvs_snapshot *stood_on; /**< where the VM stood before: what it did since then
                                        is lost. NULL for none, or when unknown */
    uint32_t state_before;     /**< EnabledState at the beginning; 0 when unknown */
    uint32_t state;            /**< the last one that was seen; 0 when unknown */
    enum hvs_outcome stopped;  /**< of turning it off, or saving it; NOT_DONE where there
                                    was no need */
    enum hvs_outcome started;  /**< of starting it; NOT_DONE where nobody asked for it */
};

/**
 * Apply a snapshot: the VM goes back to it, and what it did since is lost. A VM that is
 * neither off nor saved is refused, unless the options say what to do with it. Success
 * means that the host was asked again and shows the VM standing on the snapshot.
 *
 * Afterwards the VM is off, or saved where the snapshot holds its memory, unless it was
 * to be started: see `state`.
 *
 * @param out  filled after a failure too; NULL only when memory ran out or the options
 *             were wrong. Free with hvs_apply_result_free().
 */
HVS_API int hvs_snapshot_apply(struct hvs_client *client,
                               const struct hvs_apply_opts *opts,
                               struct hvs_apply_result **out,
                               struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_apply_start(struct hvs_run **out, struct hvs_client *client,
                                     const struct hvs_apply_opts *opts,
                                     struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_snapshot_apply_end(struct hvs_run *run, struct hvs_apply_result **out,
                                   struct hvs_error *err) HVS_MUST_CHECK;
/** NULL is fine. */
HVS_API void hvs_apply_result_free(struct hvs_apply_result *result);

/** "user", "automatic", "recovery", "replica", "missing", "planned", "other". */
HVS_API const char *hvs_snapshot_kind_name(enum hvs_snapshot_kind kind);

#ifdef __cplusplus
}
#endif

#endif
