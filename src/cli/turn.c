#include "cli/turn.h"

#include "base/clock.h"
#include "base/err.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_MS = 2000, LONGEST_MS = 15000, MOST_DOUBLED = 3 };
enum { LAST_TRY_MS = 2000 }; /* what a try takes of the call's own time */

static int64_t latest(const struct turn *turn, const struct call *call)
{
    int64_t at = turn->from + call->wait_busy;

    if (call->deadline && at > call->deadline - LAST_TRY_MS)
        at = call->deadline - LAST_TRY_MS;
    return at;
}

bool turn_wait(struct turn *turn, const struct call *call, struct hvs_error *err)
{
    unsigned doubled = turn->tries < MOST_DOUBLED ? turn->tries : MOST_DOUBLED;
    unsigned pause = (unsigned)FIRST_MS << doubled;
    int64_t now = hvs_clock_ms();
    char tries[40];

    if (!call->wait_busy) {
        hvs_err_add_hint(err, "--wait-busy 5m waits in turn");
        return false;
    }
    if (!turn->tries++)
        turn->from = now;
    if (now >= latest(turn, call)) {
        snprintf(tries, sizeof(tries), "still so at try %u", turn->tries);
        hvs_err_add_hint(err, tries);
        return false;
    }
    turn->due = now + hvs_clock_jitter(pause < LONGEST_MS ? pause : LONGEST_MS);
    if (turn->due > latest(turn, call))
        turn->due = latest(turn, call);
    return true;
}

/* The library tells it in the last line of the details. */
const char *turn_why(const struct hvs_error *err)
{
    const char *line = strrchr(err->detail, '\n');

    if (err->domain != HVS_JOB || !*err->detail)
        return err->message;
    return line ? line + 1 : err->detail;
}
