#ifndef HVS_CLI_CALL_H
#define HVS_CLI_CALL_H

#include "cli/command.h"
#include "cli/host.h"
#include "cli/output.h"
#include "cli/progress.h"

#include <hvsnap/hvsnap.h>

/* One target of the call. */
struct work {
    struct target target;
    char *label;  /* "hv01/web1" */
    char *origin; /* "hosts.txt:3", where it was read; NULL on the command line */
    struct host *host;
};

/* How the targets fared. */
struct tally {
    size_t done;
    size_t failed;
    bool alike; /* every failure was of one class */
    struct hvs_error first;
};

/*
 * One run of the program: what was asked for, the targets, and what came of them.
 *
 * Everything that can be wrong about the command line or the configuration is found, and
 * passwords are asked for, before the first target is begun. See cli/task.h for how.
 */
struct call {
    const struct command *command;
    void *args;               /* the struct that command->opts fill */
    void *view;               /* what the command made of them; its own */
    struct settings settings; /* without a host's own section */
    struct opt_set given;     /* settings by options and environment */
    char **operands;
    size_t operand_count;
    char **parts;             /* those of them that name snapshots or jobs */
    size_t part_count;
    struct work *works;
    size_t work_count;
    struct hosts hosts;
    struct output out;
    struct notice notice;
    struct tally tally;
    int status;               /* to exit with when all went well; a guarded command's */
    int64_t deadline; /* on hvs_clock_ms(); 0 for none */
    int64_t waited;   /* for files to be read, in ms: part of its time */
    int64_t wait_busy; /* how long a VM that is busy is waited for, in ms; 0: not */
};

/* Parse argv[1..], read environment and configuration, make ready the output. On failure
 * the output is ready all the same. */
int call_open(struct call *call, const struct command *command, int argc, char **argv,
              struct hvs_error *err) HVS_MUST_CHECK;

/* What the whole call may take from when its targets are known, in ms; 0 for no limit. */
int64_t call_limit(const struct call *call);

/* What comes now has the whole time again, from when it begins. */
void call_anew(struct call *call);

/* What is left of that, in ms; 0 for no limit, and 1 when the time is over. */
int64_t call_left(const struct call *call);

/* May the next operation on this client begin? Sets its time limit. Fails after a signal,
 * or when the time is over. */
int call_begin(struct call *call, struct hvs_client *client, struct hvs_error *err)
    HVS_MUST_CHECK;

/* Count what came of a target, and tell a failure on stderr under `label`, if any. */
void call_count(struct call *call, const char *label, const struct hvs_error *err);

/* The error of the call as a whole; domain HVS_OK when there is none. */
void call_verdict(const struct call *call, struct hvs_error *out);

/* Do the targets stand on more than one host? Tables then say which. */
bool call_many_hosts(const struct call *call);

void call_close(struct call *call);

#endif
