#ifndef FAULTS_TRIAL_H
#define FAULTS_TRIAL_H

#include "cli/command.h"
#include "faults/wire.h"
#include "support/test.h"

#include <hvsnap/snapshot.h>

/*
 * One operation, done once while something goes wrong, and what it then said held against
 * what the host knows to be so.
 */

/* What an operation said of itself. */
struct claim {
    enum hvs_outcome outcome;
    struct hvs_error err; /* without a domain: it went well */
    char id[40];          /* of the snapshot, or "" */
    bool named, noted, changed;
    enum hvs_put_back_end put_back;
    enum hvs_outcome stopped, started; /* of the VM, on the way */
    struct hvs_buf rows;  /* of a listing: a line each, sorted */
};

/* What may be wrong with a claim. */
enum verdict {
    VERDICT_TRUE,
    VERDICT_DUPLICATE, /* it was done more than once */
    VERDICT_LOSS,      /* "not done", and it was: now or later */
    VERDICT_WRONG,     /* another thing is so than was said */
    VERDICT_HANG,      /* later than its deadline, or never */
    VERDICTS,
};

/* What goes wrong. */
struct fault {
    const char *what; /* a SPEC of hvsim without its WHERE; or one of the wire's own */
    unsigned flags;
};

enum {
    FAULT_RIVAL = 1 << 0, /* somebody else is at work there */
    FAULT_SAME = 1 << 1,  /* by the account that we use: not to be told from us */
    FAULT_BREAK = 1 << 2, /* with time enough it must end as if nothing had been */
    FAULT_SPOIL = 1 << 3, /* of a job: what was begun may come to nothing */
    FAULT_WIRE = 1 << 4,  /* not of hvsim: "resolver-hang", "kdc-hang", "date=MS" */
    FAULT_CLOCK = 1 << 5, /* the host's clock jumps */
    FAULT_GONE = 1 << 7,   /* it tells of what is there that it is not */
    FAULT_SEALED = 1 << 6, /* a lie of somebody on the way, which a seal shows */
};

enum { MOST_FAULTS = 3 };

struct trial {
    const struct operation *operation;
    enum wire_login login;
    uint32_t timeout_ms;
    struct {
        const struct fault *fault;
        unsigned at; /* which request */
    } faults[MOST_FAULTS];
    size_t fault_count;

    struct wire wire;
    struct hvs_run *run;
    struct claim claim;
    char *before; /* the host's snapshots at the start: a line each, sorted */
    enum verdict verdict;
    char why[240];
    uint64_t requests; /* that it took */
};

/* An operation of a command, as the library runs it. */
struct operation {
    const char *name;
    const char *switches[3]; /* of the host */
    int (*start)(struct trial *trial, struct hvs_error *err);
    void (*end)(struct trial *trial);   /* fills the claim */
    void (*judge)(struct trial *trial); /* calls trial_is() */
};

/* The operations of a command: each command has a faults_NAME, or nothing links. */
struct operations {
    const struct operation *rows;
    size_t count;
};
#define FAULTS_DECLARE(name) extern const struct operations faults_##name;
COMMANDS(FAULTS_DECLARE)

/* Do it, judge it, and let go of it; verdict, why, claim and requests stay. */
void trial_do(struct trial *trial);
void trial_clear(struct trial *trial);

/* The flags of all its faults together. */
unsigned trial_flags(const struct trial *trial);

/* For judges. The first that is said counts. */
void trial_is(struct trial *trial, enum verdict verdict, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* How often the host did it for us; `id` is "" for any, and *last is the last one's. */
size_t trial_ours(const struct trial *trial, int type, const char *id, const char **last);
size_t trial_rivals(const struct trial *trial, int type, const char *id);

/* May "unknown" stand? With time enough after a mere break it may not. */
void trial_may_be_unknown(struct trial *trial);

/* A listing of the host itself: "ID NAME" of each snapshot, or of each VM. */
char *trial_snapshots(const struct trial *trial, const char *vm_id);
char *trial_vms(const struct trial *trial);

/* What the built-in host has. */
#define TRIAL_VM "0F6B2C44-7D0E-4B3E-9C51-2A61D5F0A1B2" /* web1, running */
#define TRIAL_SNAPSHOT "7C1D8E52-90AF-4E1B-8B6C-3D2F5A6B7C8D" /* its "before 2.4" */

#endif
