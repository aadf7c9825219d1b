#ifndef SIM_MISCHIEF_H
#define SIM_MISCHIEF_H

#include "hvsim/world.h"

/*
 * Faults on command. A rule is read from "WHERE:WHAT[=NUMBER][:NUMBER]"; sim_fault_help()
 * has the words.
 */

enum sim_deed {
    SIM_DEED_HTTP,     /* the front does it: `mischief` */
    SIM_DEED_FAULT,    /* a SOAP fault instead of doing it */
    SIM_DEED_RETURN,   /* a ReturnValue instead of doing it */
    SIM_DEED_RELATES,  /* a reply to another message */
    SIM_DEED_JOB_FAIL, /* the job that it starts fails */
    SIM_DEED_JOB_WARN, /* ... ends with warnings */
    SIM_DEED_JOB_ODD,  /* ... does nothing, and ends well beside an ErrorCode */
    SIM_DEED_JOB_PART, /* ... destroys a part of the tree, and ends with that code */
    SIM_DEED_JOB_STUCK, /* ... never ends */
    SIM_DEED_JOB_SLOW, /* ... takes so many ms more */
    /* these happen before the request is done, to the VM that it is about */
    SIM_DEED_VM_MOVED,
    SIM_DEED_RESTART,
    SIM_DEED_CLOCK_FORWARD,
    SIM_DEED_CLOCK_BACK,
    SIM_DEED_ADMIN_CREATE,
    SIM_DEED_ADMIN_APPLY,
    SIM_DEED_ADMIN_RENAME,
    SIM_DEED_ADMIN_DESTROY,
    SIM_DEED_ADMIN_START,
    SIM_DEED_ADMIN_OFF,
    SIM_DEED_ADMIN_TYPE,
};

struct sim_rule {
    uint64_t number; /* which request of the host; 0: by kind */
    char *kind;
    long nth; /* which of its kind; 0: all */
    enum sim_deed deed;
    enum sim_mischief mischief;
    bool same; /* the other administrator has the account of who asks */
    int64_t first, second; /* the numbers, 0 when left out */
    bool has_first;
};

int sim_rule_parse(struct sim_rule *rule, const char *spec, struct hvs_error *err);
void sim_rule_clear(struct sim_rule *rule);

/* The next rule from *at on that is for this request, the `nth` of its kind; NULL after
 * the last. */
const struct sim_rule *sim_rule_next(const struct sim_host *host, const char *kind,
                                     uint64_t nth, size_t *at);

/* The i-th word behind WHERE; NULL after the last. Each "admin-X" stands for a "same-X"
 * too. */
const char *sim_fault_word(size_t i);

/* Must it happen before the request's body is looked at? */
bool sim_mischief_is_early(enum sim_mischief mischief);

/* Is it instead of doing what was asked? */
bool sim_mischief_prevents(enum sim_mischief mischief);

/* The numbers as sim.h wants them: milliseconds, and a status or a byte. */
void sim_rule_numbers(const struct sim_rule *rule, int64_t *ms, int *value);

/* Do a deed of a second administrator, of the cluster, of the service or of the clock, to
 * the VM that the text of the request names, else to the first. `account` is who asks. */
void sim_rule_act(struct sim_host *host, const struct sim_rule *rule, const char *account,
                  const char *body, size_t len);

#endif
