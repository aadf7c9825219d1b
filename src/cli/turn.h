#ifndef HVS_CLI_TURN_H
#define HVS_CLI_TURN_H

#include "cli/call.h"

/*
 * Waiting in turn for a VM that is busy: when it is tried again, for how long at the
 * most, and why it waits.
 */
struct turn {
    int64_t due;    /* by hvs_clock_ms(); 0 before the first refusal */
    int64_t from;   /* when the first of `tries` was refused */
    unsigned tries; /* that were refused, one after the other */
};

/* It was refused. True: try again at turn->due. False: the time of --wait-busy or of the
 * call is over, or nobody wants it; the hint of *err says so. */
bool turn_wait(struct turn *turn, const struct call *call, struct hvs_error *err);

/* What keeps the VM busy. Lent, of *err. */
const char *turn_why(const struct hvs_error *err);

/* The row of it: args->wait_busy, for call->wait_busy. */
#define WAIT_BUSY_OPT(type) \
    OPT(type, wait_busy, 0, "wait-busy", "TIME", "wait for a busy VM: 90s, 5m")

#endif
