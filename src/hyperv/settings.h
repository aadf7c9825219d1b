#ifndef HVS_HYPERV_SETTINGS_H
#define HVS_HYPERV_SETTINGS_H

#include "base/index.h"
#include "wsman/enumeration.h"
#include "xml/map.h"

#include <hvsnap/snapshot.h>

/*
 * Msvm_VirtualSystemSettingData: one row for each VM's live settings and one for each
 * snapshot. Everything about names, trees and kinds is read from these.
 */
struct hvs_settings {
    char *instance_id; /* "Microsoft:GUID" */
    char *name;
    char *vm_id;  /* GUID in upper case */
    char *type;   /* VirtualSystemType */
    char *parent; /* an object path, or NULL at a root */
    char *version, *subtype;
    char *notes; /* hosts keep one string of them: the first that comes */
    struct hvs_time created;
    bool saved, automatic;
    uint32_t checkpoint; /* UserSnapshotType; 0 on hosts that know none */
};

/* Rows as a query brings them, each id once. */
struct hvs_settings_set {
    struct hvs_settings *rows;
    size_t count, cap;
};

void hvs_settings_set_clear(struct hvs_settings_set *set);

/* Free what a row holds; it stays in the set. */
void hvs_settings_clear(struct hvs_settings *row);

/* Take the last row off again. */
void hvs_settings_set_drop(struct hvs_settings_set *set);

/* Read one item into the set; items of other classes are skipped. */
int hvs_settings_add(struct hvs_settings_set *set, const xmlNode *item,
                     struct hvs_error *err) HVS_MUST_CHECK;

/* Is it a property that is read? */
bool hvs_settings_reads(const char *property);

/* The row with this InstanceID; the first row of a VM itself; or NULL. Lent. */
const struct hvs_settings *hvs_settings_find(const struct hvs_settings_set *set,
                                             const char *instance_id);
const struct hvs_settings *hvs_settings_vm(const struct hvs_settings_set *set);

/* All rows by their GUIDs; clear it. */
int hvs_settings_index(const struct hvs_settings_set *set, struct hvs_index *index,
                       struct hvs_error *err) HVS_MUST_CHECK;

bool hvs_settings_is_vm(const struct hvs_settings *row);
bool hvs_settings_is_snapshot(const struct hvs_settings *row);
enum hvs_snapshot_kind hvs_settings_kind(const struct hvs_settings *row);

/* Windows takes names of 100 characters, and has some of 256. A longer one is an error.
 * NULL is none. */
enum { HVS_MOST_NAME_BYTES = 1024 };
int hvs_name_fits(const char *name, struct hvs_error *err) HVS_MUST_CHECK;

/* A list's rows come to more in memory than what was read: each snapshot gets a copy of
 * its VM's name, and a label is more than its text. An error where it is too much. */
enum { HVS_LABEL_COSTS = 80, HVS_MOST_COPIES = 16 << 20 };
int hvs_copies_spend(size_t *spent, size_t bytes, struct hvs_error *err) HVS_MUST_CHECK;

/* The GUID in the InstanceID. Lent. */
const char *hvs_settings_guid(const struct hvs_settings *row);

/* Its Notes as they are, or "". Lent. */
const char *hvs_settings_notes(const struct hvs_settings *row);

/* The GUID of the parent, in upper case; "" at a root. */
void hvs_settings_parent(const struct hvs_settings *row, char out[40]);

/* Same GUID, in any case? */
bool hvs_same_guid(const char *a, const char *b);

/* A snapshot for the caller. `vm` is the live settings of its VM, or NULL. */
struct hvs_snapshot *hvs_snapshot_new(const struct hvs_settings *row,
                                      const struct hvs_settings *vm,
                                      struct hvs_error *err) HVS_MUST_CHECK;

/* A VM for the caller, without what only Msvm_ComputerSystem tells. */
struct hvs_vm *hvs_vm_new(const struct hvs_settings *row,
                          struct hvs_error *err) HVS_MUST_CHECK;
void hvs_vm_free(struct hvs_vm *vm);

/* For qsort() of struct hvs_vm *: by name, then by id. */
int hvs_vm_compare(const void *a, const void *b);

/* A query of settings into a set, kept to what `wanted` says, which may be NULL. */
struct hvs_settings_query {
    struct hvs_query query;
    struct hvs_settings_set set;
    bool (*wanted)(const struct hvs_settings_query *query,
                   const struct hvs_settings *row);
    const char *vm;          /* for `wanted`: a name or a GUID */
    const char *instance_id; /* likewise */
};
void hvs_settings_query_init(struct hvs_settings_query *query);
void hvs_settings_query_clear(struct hvs_settings_query *query);

/* Ready-made queries; each sets the filter and `wanted`. Strings are lent. */
int hvs_settings_of_vm(struct hvs_settings_query *query, const char *vm_id,
                       struct hvs_error *err) HVS_MUST_CHECK; /* and its snapshots */
int hvs_settings_named(struct hvs_settings_query *query, const char *name,
                       struct hvs_error *err) HVS_MUST_CHECK; /* VMs of that name */
int hvs_settings_by_id(struct hvs_settings_query *query, const char *instance_id,
                       struct hvs_error *err) HVS_MUST_CHECK;
void hvs_settings_all(struct hvs_settings_query *query);
/* What a job made or changed; no `wanted`, and a refusal is the caller's to act on. */
int hvs_settings_of_job(struct hvs_settings_query *query, const char *job,
                        struct hvs_error *err) HVS_MUST_CHECK;

#endif
