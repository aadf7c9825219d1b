#ifndef SIM_SWITCH_H
#define SIM_SWITCH_H

#include "hvsim/sim.h"

/*
 * Where nobody knows, or where Windows versions differ, the host behaves as a switch
 * says. One row each; sim_switch_row() lists them.
 */
enum sim_switch {
    /* the front's */
    SW_ALLOW_UNENCRYPTED,
    SW_BOUNDARY,
    SW_CBT,
    SW_CLEAR_BODY,
    SW_CLOCK_AHEAD,
    SW_FIRST_401,
    SW_FRAME_HT,
    SW_IDENTIFY_PATH,
    SW_LAST_LEG_BODY,
    SW_SCHEMES,
    /* values and envelopes */
    SW_EMPTY_ARRAY,
    SW_EPR_NAMESPACE,
    SW_FAULT_DETAIL,
    SW_NULL_OUT,
    SW_NULL_PROPERTY,
    SW_PROPERTIES,
    SW_PROPERTY_ORDER,
    SW_QUOTA_RELATES_TO,
    SW_TIMES,
    SW_VALUE_LANGUAGE,
    /* enumeration */
    SW_ASSOCIATION_QUERIES,
    SW_BAD_WQL,
    SW_CONTEXT_IDLE,
    SW_CONTEXT_STRING,
    SW_EMPTY_RESULT,
    SW_MISSING_NAMESPACE,
    SW_OPTIMIZED_END,
    SW_PULL_PARAMETERS,
    SW_PULL_URI,
    SW_REF_IN_WHERE,
    /* instances, selectors, jobs */
    SW_APPLY_RUNNING,
    SW_BUSY,
    SW_CREATE_ROW_LAG,
    SW_DESTROY_CHILDREN,
    SW_DONE_ERROR_CODE,
    SW_EARLY_SNAPSHOT,
    SW_INVOKE_NO_SELECTORS,
    SW_JOB_RETENTION,
    SW_JOB_STOP,
    SW_MISSING_INSTANCE,
    SW_MODIFY,
    SW_REF_WRAPPER,
    /* embedded text */
    SW_EMBEDDED_ENTITIES,
    SW_EMBEDDED_ESCAPED,
    SW_EMBEDDED_QUOTES,
    SW_EMBEDDED_READ_ONLY,
    SW_UNKNOWN_INSTANCE,
    /* limits */
    SW_MAX_ENVELOPE,
    SW_NO_RIGHTS,
    SW_OPERATIONS,
    SW_QUOTA_FAULT,
    SW_COUNT
};

/* The switches of one world. */
struct sim_switchboard {
    char *text[SW_COUNT]; /* NULL: as usual */
};

void sim_switchboard_clear(struct sim_switchboard *switches);

/* Set one from its name and value. HVS_USAGE when either is wrong. */
int sim_switchboard_set(struct sim_switchboard *switches, const char *name,
                        const char *value, struct hvs_error *err);

/* Never NULL. */
const char *sim_switch_text(const struct sim_switchboard *switches,
                            enum sim_switch which);

/* Does it say this? */
bool sim_switch_is(const struct sim_switchboard *switches, enum sim_switch which,
                   const char *value);

long sim_switch_number(const struct sim_switchboard *switches, enum sim_switch which);

/* The switch of that name, or SW_COUNT. */
enum sim_switch sim_switch_find(const char *name);

#endif
