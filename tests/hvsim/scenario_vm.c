#include "base/err.h"
#include "hvsim/scenario.h"
#include "hvsim/store.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHERE_SIZE = 160, DAY_MS = 86400000 };

/* An id that is the same whenever the scenario is loaded. */
static void make_id(char out[HVS_UUID_SIZE], const struct sim_host *host,
                    const char *where)
{
    unsigned char digest[SHA256_DIGEST_LENGTH], *d = digest;
    char text[WHERE_SIZE + 128];

    snprintf(text, sizeof(text), "%s %s", host->name, where);
    SHA256((const unsigned char *)text, strlen(text), digest);
    snprintf(out, HVS_UUID_SIZE,
             "%02X%02X%02X%02X-%02X%02X-4%01X%02X-8%01X%02X-%02X%02X%02X%02X%02X%02X",
             d[0], d[1], d[2], d[3], d[4], d[5], d[6] & 15, d[7], d[8] & 15, d[9], d[10],
             d[11], d[12], d[13], d[14], d[15]);
}

static int load_id(const json_t *object, const struct sim_host *host,
                   char out[HVS_UUID_SIZE], const char *where, struct hvs_error *err)
{
    const char *id = NULL;

    if (sim_json_text(object, "id", &id, where, err) < 0)
        return -1;
    if (id && !hvs_uuid_valid(id))
        return hvs_err_set(err, HVS_USAGE, 0, "scenario: 'id' of %s must be a GUID",
                           where);
    if (id)
        hvs_uuid_normal(out, id);
    else
        make_id(out, host, where);
    if (sim_vm_find(host, out) || sim_snapshot_find(host, out))
        return hvs_err_set(err, HVS_USAGE, 0, "scenario: the id of %s is taken", where);
    return 0;
}

struct word {
    const char *word;
    int value;
};

/* A member that is one of some words; the table ends at NULL. */
static int load_word(const json_t *object, const char *key, const struct word *words,
                     int *out, const char *where, struct hvs_error *err)
{
    const char *text = NULL;

    if (sim_json_text(object, key, &text, where, err) < 0)
        return -1;
    if (!text)
        return 0;
    for (; words->word; words++) {
        if (strcmp(words->word, text) == 0) {
            *out = words->value;
            return 0;
        }
    }
    return hvs_err_set(err, HVS_USAGE, 0, "scenario: '%s' of %s cannot be '%s'", key,
                       where, text);
}

/* How a snapshot's "type" shows: the end of its VirtualSystemType, and whether it was
 * taken with the memory of the VM. */
static const struct {
    const char *word, *type;
    int user_type;
    bool memory;
} types[] = {
    {"standard", "Realized", SIM_STANDARD, true},
    {"production", "Realized", SIM_PRODUCTION, false},
    {"recovery", "Recovery", SIM_PRODUCTION, false},
    {"missing", "Missing", SIM_PRODUCTION, false},
    {"planned", "Planned", SIM_PRODUCTION, false},
    {"replica", "Replica:Standard", SIM_PRODUCTION, false},
    {"replica-consistent", "Replica:ApplicationConsistent", SIM_PRODUCTION, false},
    {"replica-failover", "Replica:PlannedFailover", SIM_PRODUCTION, false},
};

static int load_type(const json_t *object, struct sim_snapshot *snapshot,
                     const char *where, struct hvs_error *err)
{
    const char *type = "production";
    size_t i;

    if (sim_json_text(object, "type", &type, where, err) < 0)
        return -1;
    for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(types[i].word, type) != 0)
            continue;
        sim_text_replace(&snapshot->type, types[i].type);
        snapshot->user_type = types[i].user_type;
        snapshot->saved = types[i].memory;
        return 0;
    }
    return hvs_err_set(err, HVS_USAGE, 0, "scenario: 'type' of %s cannot be '%s'", where,
                       type);
}

/* The VM's snapshot of that id or name. */
static struct sim_snapshot *named(const struct sim_vm *vm, const char *name)
{
    char id[HVS_UUID_SIZE] = "";
    size_t i;

    if (hvs_uuid_valid(name))
        hvs_uuid_normal(id, name);
    for (i = 0; i < vm->snapshot_count; i++)
        if (strcmp(vm->snapshots[i]->name, name) == 0 ||
            strcmp(vm->snapshots[i]->id, id) == 0)
            return vm->snapshots[i];
    return NULL;
}

/* "parent": a name or an id; null for a root; left out for where the VM stands. */
static int load_parent(const json_t *object, struct sim_vm *vm, const char *key,
                       struct sim_snapshot **out, const char *where,
                       struct hvs_error *err)
{
    const json_t *value = json_object_get(object, key);

    if (!value)
        return 0;
    *out = NULL;
    if (json_is_null(value))
        return 0;
    *out = json_is_string(value) ? named(vm, json_string_value(value)) : NULL;
    if (*out)
        return 0;
    return hvs_err_set(err, HVS_USAGE, 0,
                       "scenario: '%s' of %s names no snapshot that comes before it", key,
                       where);
}

static int load_snapshot(struct sim_host *host, struct sim_vm *vm, const json_t *object,
                         const char *where, struct hvs_error *err)
{
    struct hvs_buf usual = HVS_BUF_INIT(1024);
    const char *name = NULL, *notes = NULL;
    struct sim_snapshot *parent = vm->current, *snapshot;
    int64_t created = host->now - DAY_MS;
    bool automatic = false, orphan = false;
    char id[HVS_UUID_SIZE];
    int rc = -1;

    if (sim_json_keys(object, "id name notes type parent created automatic saved orphan",
                      where, err) < 0 ||
        load_id(object, host, id, where, err) < 0 ||
        sim_json_text(object, "name", &name, where, err) < 0 ||
        sim_json_text(object, "notes", &notes, where, err) < 0 ||
        sim_json_bool(object, "automatic", &automatic, where, err) < 0 ||
        sim_json_bool(object, "orphan", &orphan, where, err) < 0 ||
        sim_json_time(object, "created", host->now, &created, where, err) < 0 ||
        load_parent(object, vm, "parent", &parent, where, err) < 0)
        goto out;
    sim_default_name(&usual, host->language, vm->name,
                     created + host->offset_minutes * INT64_C(60000), automatic);
    snapshot = sim_snapshot_add(host, vm, id, name ? name : hvs_buf_str(&usual), parent);
    snapshot->created = created;
    snapshot->automatic = automatic;
    snapshot->orphan = orphan;
    if (notes)
        sim_text_replace(&snapshot->notes, notes);
    if (load_type(object, snapshot, where, err) < 0 ||
        sim_json_bool(object, "saved", &snapshot->saved, where, err) < 0)
        goto out;
    if (strcmp(snapshot->type, "Realized") == 0)
        vm->current = snapshot;
    rc = 0;
out:
    hvs_buf_clear(&usual);
    return rc;
}

static int load_snapshots(struct sim_host *host, struct sim_vm *vm, const json_t *object,
                          const char *where, struct hvs_error *err)
{
    char inner[WHERE_SIZE];
    const json_t *list;
    size_t i;

    if (sim_json_array(object, "snapshots", &list, where, err) < 0)
        return -1;
    for (i = 0; i < json_array_size(list); i++) {
        snprintf(inner, sizeof(inner), "%.120s.snapshots[%zu]", where, i);
        if (load_snapshot(host, vm, json_array_get(list, i), inner, err) < 0)
            return -1;
    }
    return load_parent(object, vm, "current", &vm->current, where, err);
}

/* What a VM is and can do, beside its names. */
static int load_traits(struct sim_host *host, struct sim_vm *vm, const json_t *object,
                       const char *where, struct hvs_error *err)
{
    static const struct word states[] = {
        {"running", SIM_RUNNING},   {"off", SIM_OFF},           {"saved", SIM_SAVED},
        {"paused", SIM_PAUSED},     {"starting", SIM_STARTING}, {"saving", SIM_SAVING},
        {"stopping", SIM_STOPPING}, {"off-critical", 32782},    {NULL, 0},
    };
    static const struct word user_types[] = {
        {"disabled", SIM_DISABLED},
        {"production", SIM_PRODUCTION},
        {"production-only", SIM_PRODUCTION_ONLY},
        {"standard", SIM_STANDARD},
        {NULL, 0},
    };
    static const struct word disks[] = {
        {"plain", SIM_DISKS_PLAIN},
        {"pass-through", SIM_DISKS_PASS_THROUGH},
        {"vhd-set", SIM_DISKS_VHD_SET},
        {NULL, 0},
    };
    int state = SIM_RUNNING, disk = SIM_DISKS_PLAIN;
    int64_t generation = 2;

    if (load_word(object, "state", states, &state, where, err) < 0 ||
        load_word(object, "user_snapshot_type", user_types, &vm->user_type, where, err) <
            0 ||
        load_word(object, "disks", disks, &disk, where, err) < 0 ||
        sim_json_number(object, "generation", &generation, 1, 2, where, err) < 0 ||
        sim_json_number(object, "duration_ms", &vm->duration_ms, 0, INT32_MAX, where,
                        err) < 0 ||
        sim_json_bool(object, "vss_broken", &vm->vss_broken, where, err) < 0 ||
        sim_json_bool(object, "automatic_snapshots", &vm->automatic, where, err) < 0)
        return -1;
    vm->state = (enum sim_vm_state)state;
    vm->disks = (enum sim_disks)disk;
    vm->generation = (int)generation;
    vm->created = host->now - INT64_C(30) * DAY_MS;
    if (sim_json_time(object, "created", host->now, &vm->created, where, err) < 0)
        return -1;
    vm->changed = vm->created;
    if (state == SIM_RUNNING || state == SIM_PAUSED)
        vm->started = vm->changed = (vm->created + host->now) / 2;
    return 0;
}

static int load_vm(struct sim_host *host, const json_t *object, const char *where,
                   struct hvs_error *err)
{
    const char *name = NULL, *notes = "", *version = "10.0";
    char id[HVS_UUID_SIZE];
    struct sim_vm *vm;

    if (sim_json_keys(
            object,
            "id name notes version state user_snapshot_type disks generation "
            "duration_ms vss_broken automatic_snapshots created snapshots current",
            where, err) < 0 ||
        load_id(object, host, id, where, err) < 0 ||
        sim_json_text(object, "name", &name, where, err) < 0 ||
        sim_json_text(object, "notes", &notes, where, err) < 0 ||
        sim_json_text(object, "version", &version, where, err) < 0)
        return -1;
    if (!name)
        return hvs_err_set(err, HVS_USAGE, 0, "scenario: %s has no 'name'", where);
    vm = sim_vm_add(host, id, name);
    sim_text_replace(&vm->notes, notes);
    sim_text_replace(&vm->version, version);
    if (load_traits(host, vm, object, where, err) < 0)
        return -1;
    return load_snapshots(host, vm, object, where, err);
}

/* "generate": many VMs alike, each with a chain of snapshots. */
static int generate(struct sim_host *host, const json_t *object, const char *where,
                    struct hvs_error *err)
{
    int64_t vms = 0, snapshots = 0, i, n;
    const char *name = "vm";
    struct sim_snapshot *snapshot;
    char id[HVS_UUID_SIZE], text[WHERE_SIZE];
    struct sim_vm *vm;

    if (sim_json_keys(object, "vms snapshots name", where, err) < 0 ||
        sim_json_number(object, "vms", &vms, 0, 100000, where, err) < 0 ||
        sim_json_number(object, "snapshots", &snapshots, 0, 1000, where, err) < 0 ||
        sim_json_text(object, "name", &name, where, err) < 0)
        return -1;
    for (i = 1; i <= vms; i++) {
        snprintf(text, sizeof(text), "%.100s%04lld", name, (long long)i);
        make_id(id, host, text);
        vm = sim_vm_add(host, id, text);
        vm->state = i % 4 ? SIM_RUNNING : SIM_OFF;
        vm->created = vm->changed = vm->started = host->now - INT64_C(30) * DAY_MS;
        for (n = 1; n <= snapshots; n++) {
            snprintf(text, sizeof(text), "%.100s%04lld/%lld", name, (long long)i,
                     (long long)n);
            make_id(id, host, text);
            snprintf(text, sizeof(text), "snapshot %lld", (long long)n);
            snapshot = sim_snapshot_add(host, vm, id, text, vm->current);
            snapshot->created = host->now - (snapshots - n + 1) * 3600000;
            vm->current = snapshot;
        }
    }
    return 0;
}

int sim_scenario_vms(struct sim_host *host, const json_t *object, const char *where,
                     struct hvs_error *err)
{
    const json_t *more = json_object_get(object, "generate"), *list;
    char inner[WHERE_SIZE];
    size_t i;

    if (sim_json_array(object, "vms", &list, where, err) < 0)
        return -1;
    for (i = 0; i < json_array_size(list); i++) {
        snprintf(inner, sizeof(inner), "%.60s.vms[%zu]", where, i);
        if (load_vm(host, json_array_get(list, i), inner, err) < 0)
            return -1;
    }
    snprintf(inner, sizeof(inner), "'generate' of %.60s", where);
    return more ? generate(host, more, inner, err) : 0;
}
