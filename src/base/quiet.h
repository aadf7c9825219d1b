#ifndef HVS_BASE_QUIET_H
#define HVS_BASE_QUIET_H

#include <signal.h>
#include <stdbool.h>

/*
 * Around calls that may write to a connection that the host has closed: a library must
 * not end its caller's program by SIGPIPE, nor decide for it what becomes of that signal.
 */
struct hvs_quiet {
    sigset_t before;
    bool pending; /* it was before: it is not ours to take */
};

void hvs_quiet_begin(struct hvs_quiet *quiet);
void hvs_quiet_end(const struct hvs_quiet *quiet);

#endif
