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
    char *label; /* "hv01/web1" */
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
 * Targets are done one after the other. Everything that can be wrong about the command
 * line or the configuration is found, and passwords are asked for, before the first of
 * them is begun.
 */
struct call {
    const struct command *command;
    void *args;               /* the struct that command->opts fill */
    struct settings settings; /* without a host's own section */
    struct opt_set given;     /* settings by options and environment */
    char **operands;
    size_t operand_count;
    struct work *works;
    size_t work_count;
    struct hosts hosts;
    struct output out;
    struct notice notice;
    struct progress progress;
    struct tally tally;
    int64_t deadline; /* on hvs_clock_ms(); 0 for none */
};

/* Parse argv[1..], read environment and configuration, make ready the output. On failure
 * the output is ready all the same. */
int call_open(struct call *call, const struct command *command, int argc, char **argv,
              struct hvs_error *err) HVS_MUST_CHECK;

/* Take apart the targets and open their hosts. */
int call_targets(struct call *call, struct hvs_error *err) HVS_MUST_CHECK;

/* What the whole call may take, in ms; 0 for no limit. */
int64_t call_limit(const struct call *call);

/* May the next operation on this target begin? Sets its time limit. Fails after a signal,
 * or when the time is over. */
int call_begin(struct call *call, const struct work *work, struct hvs_error *err)
    HVS_MUST_CHECK;

/* Drive an operation to its end, with progress on stderr; its _end() is the caller's. A
 * signal stops it. */
void call_drive(struct call *call, const char *label, struct hvs_run *run);

/* Count what came of a target, and tell a failure on stderr under `label`, if any. */
void call_count(struct call *call, const char *label, const struct hvs_error *err);

/* Where the host may go on without us, have the hint of the failure say how to look. */
void call_hint_job(const struct work *work, const char *job, enum hvs_outcome outcome,
                   struct hvs_error *err);

/* The error of the call as a whole; domain HVS_OK when there is none. */
void call_verdict(const struct call *call, struct hvs_error *out);

/* Do the targets stand on more than one host? Tables then say which. */
bool call_many_hosts(const struct call *call);

void call_close(struct call *call);

#endif
