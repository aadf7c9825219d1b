#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "base/uuid.h"
#include "hvsim/mem.h"
#include "hvsim/sim.h"
#include "hvsim/switch.h"
#include "hvsim/text.h"

#include <libxml/hash.h>

/*
 * What there is: plain data that the rest of the world reads. Each thing is owned by the
 * struct that lists it. GUIDs are kept in upper case, without braces.
 */

/* EnabledState: what a VM can be at rest, and what it passes through. */
enum sim_vm_state {
    SIM_RUNNING = 2,
    SIM_OFF = 3,
    SIM_STOPPING = 4,
    SIM_SAVED = 6,
    SIM_PAUSED = 9,
    SIM_STARTING = 10,
    SIM_SAVING = 32773,
    SIM_PAUSING = 32776,
    SIM_RESUMING = 32777,
};

/* UserSnapshotType. */
enum sim_user_type {
    SIM_DISABLED = 2,
    SIM_PRODUCTION = 3,
    SIM_PRODUCTION_ONLY = 4,
    SIM_STANDARD = 5,
};

/* ReturnValue and ErrorCode. */
enum sim_return {
    SIM_DONE = 0,
    SIM_UNSUPPORTED = 1,
    SIM_JOB_STARTED = 4096,
    SIM_FAILED = 32768,
    SIM_ACCESS_DENIED = 32769,
    SIM_NOT_SUPPORTED = 32770,
    SIM_INVALID_PARAMETER = 32773,
    SIM_IN_USE = 32774,
    SIM_INVALID_STATE = 32775,
};

/* JobState. */
enum sim_job_state {
    SIM_JOB_NEW = 2,
    SIM_JOB_STARTING = 3,
    SIM_JOB_RUNNING = 4,
    SIM_JOB_STOPPING = 6,
    SIM_JOB_COMPLETED = 7,
    SIM_JOB_TERMINATED = 8,
    SIM_JOB_KILLED = 9,
    SIM_JOB_EXCEPTION = 10,
    SIM_JOB_WARNINGS = 32768,
};

/* What a VM's disks allow. */
enum sim_disks { SIM_DISKS_PLAIN, SIM_DISKS_PASS_THROUGH, SIM_DISKS_VHD_SET };

enum sim_rights { SIM_RIGHTS_NONE, SIM_RIGHTS_READ, SIM_RIGHTS_FULL };

struct sim_vm;
struct sim_job;

/* A snapshot. `type` is the end of its VirtualSystemType: "Realized", "Recovery", ... */
struct sim_snapshot {
    char id[HVS_UUID_SIZE];
    char *name, *notes;
    char *type;
    struct sim_vm *vm;
    struct sim_snapshot *parent;
    bool orphan; /* its parent's files are gone, but the path to it is still there */
    int64_t created;
    bool saved; /* holds the memory of a running VM */
    bool automatic;
    int user_type;
    char job[HVS_UUID_SIZE]; /* that made it, or "" */
};

struct sim_vm {
    char id[HVS_UUID_SIZE];
    char *name, *notes;
    enum sim_vm_state state; /* at rest */
    int user_type;
    int generation;
    char *version;
    int64_t created, changed, started; /* `changed`: last change of state */
    enum sim_disks disks;
    bool vss_broken;
    bool automatic; /* takes a snapshot by itself when started */
    int64_t duration_ms; /* of its jobs */
    struct sim_snapshot **snapshots;
    size_t snapshot_count;
    struct sim_snapshot *current, *applied; /* stands on, and was last put back to */
    struct sim_job *busy;  /* the operation under way, or NULL */
    struct sim_job *merge; /* disks being merged behind it, or NULL */
};

/* Finish what a job is for: called once, at its end, when it succeeds. */
typedef void sim_job_finish(struct sim_host *host, struct sim_job *job);

struct sim_job {
    char id[HVS_UUID_SIZE];
    int type; /* JobType */
    enum sim_text caption;
    char *owner;
    struct sim_vm *vm; /* NULL once the VM is gone */
    char vm_id[HVS_UUID_SIZE];
    int64_t start, end; /* `end` is in the future while it runs */
    int64_t submitted, changed; /* by the host's clock: start, and last change of state */
    bool ended;
    bool endless;
    bool stopping; /* it was asked to, and takes its time */
    int stuck; /* percent that an endless job shows */
    int outcome; /* the JobState that it will end in, or ended in */
    int during; /* EnabledState of the VM meanwhile, or 0 */
    int operation; /* second OperationalStatus of the VM meanwhile, or 0 */
    bool cancellable;
    bool rival; /* somebody else's than the clients' */
    sim_job_finish *finish;
    char target[HVS_UUID_SIZE]; /* the snapshot that it is about, or "" */
    int number; /* what `finish` needs: a SnapshotType, a state */
    struct sim_changes *changes; /* what a modification sets, or NULL */
    char made[HVS_UUID_SIZE]; /* the snapshot that it created, or "" */
    int error_code;
    char **errors; /* what the host says about its failure, the summary first */
    size_t error_count;
    struct sim_job *next; /* that ended after this one */
};

/* What ModifySystemSettings was asked to set; NULL and 0 stay as they are. */
struct sim_changes {
    char id[HVS_UUID_SIZE];
    char *name, *notes;
    int user_type;
    bool sets_automatic, automatic;
};

struct sim_account {
    char *domain, *user, *password;
    enum sim_rights rights;
};

struct sim_counter {
    char *kind;
    uint64_t count;
};

struct sim_context; /* enumerate.h */
struct sim_rule;    /* mischief.h */

/* What was really changed: for tests, which hold against it what was claimed. */
struct sim_effect {
    int type;               /* the JobType that goes with it */
    char id[HVS_UUID_SIZE]; /* of the snapshot, or of the VM */
    bool rival;             /* a second administrator did it */
};

/* A request whose connection was reset, to be done later. */
struct sim_deferred {
    int64_t due;
    char *account, *body;
    size_t len;
    bool utf16;
};

struct sim_host {
    struct sim_world *world;
    char *name;    /* NetBIOS */
    char *machine; /* as in faults: the full name */
    enum sim_language language;
    int offset_minutes;
    char *os;
    bool hyperv;
    int64_t duration_ms, merge_ms;

    int64_t now;   /* the time of what is being done */
    int64_t ahead; /* how far the host's clock was set forward; negative: back */
    enum sim_language speaking; /* of property values, in the reply being made */

    struct sim_vm **vms;
    size_t vm_count;
    xmlHashTable *vm_index, *snapshot_index, *job_index; /* by id */
    struct sim_job **active;
    size_t active_count;
    struct sim_job *ended_first, *ended_last; /* by end, and freed in that order */
    size_t ended_count;

    struct sim_context **contexts;
    size_t context_count;
    struct sim_counter *counters;
    size_t counter_count;
    uint64_t requests;
    struct sim_deferred *deferred;
    size_t deferred_count;
    struct sim_effect *effects; /* in their order */
    size_t effect_count;
    bool rival; /* a second administrator is at work at this moment */
    struct hvs_buf last;
};

struct sim_world {
    sim_clock *clock;
    void *clock_arg;
    struct sim_switchboard switches;
    struct sim_account *accounts;
    size_t account_count;
    struct sim_host **hosts;
    size_t host_count;
    struct sim_rule *rules;
    size_t rule_count;
};

void sim_effect_add(struct sim_host *host, int type, const char *id, bool rival);

/* Bring jobs and deferred requests up to the clock. Everything else looks at now. */
void sim_host_advance(struct sim_host *host);

/* What the host's own clock shows at host->now: for what it writes down. */
static inline int64_t sim_host_shows(const struct sim_host *host)
{
    return host->now + host->ahead;
}

/* The account of "DOMAIN\\user", "user@REALM" or "user"; an unknown domain does not
 * matter. NULL when nobody is called so. */
const struct sim_account *sim_account_find(const struct sim_world *world,
                                           const char *account);

static inline bool sim_is(const struct sim_host *host, enum sim_switch which,
                          const char *value)
{
    return sim_switch_is(&host->world->switches, which, value);
}

#endif
