#ifndef HVS_HYPERV_SYSTEM_H
#define HVS_HYPERV_SYSTEM_H

#include "wsman/enumeration.h"
#include "xml/map.h"

/*
 * Msvm_ComputerSystem: the host itself and every VM on it, with their states.
 */
struct hvs_system {
    char *id;   /* Name: a GUID for a VM, the computer's name for the host */
    char *name; /* ElementName */
    uint32_t state;
    uint64_t uptime_ms;
    struct hvs_numbers status; /* OperationalStatus: the second says what goes on */
};

struct hvs_system_query {
    struct hvs_query query;
    const char *vm_id; /* of one VM; NULL for all. Lent */
    struct hvs_system *rows;
    size_t count, cap;
    bool host_seen;    /* the host's own row, which any account with rights sees */
};
int hvs_system_query_init(struct hvs_system_query *query, const char *vm_id,
                          struct hvs_error *err) HVS_MUST_CHECK;
void hvs_system_query_clear(struct hvs_system_query *query);

/* What the host does with a VM now: "snapshot", "merge", ...; "" for nothing. */
const char *hvs_system_operation(const struct hvs_system *system);

/* Does this EnabledState pass by itself: starting, saving, ...? */
bool hvs_state_passes(uint32_t state);

/* Is it in a state that passes by itself: starting, saving, merging, ...? */
bool hvs_system_is_busy(const struct hvs_system *system);

#endif
