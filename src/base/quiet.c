#include "base/quiet.h"

#include <errno.h>
#include <stddef.h>

static bool is_pending(void)
{
    sigset_t set;

    return sigpending(&set) == 0 && sigismember(&set, SIGPIPE) == 1;
}

void hvs_quiet_begin(struct hvs_quiet *quiet)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, &quiet->before);
    /* where it was not blocked, none can have waited */
    quiet->pending = sigismember(&quiet->before, SIGPIPE) == 1 && is_pending();
}

void hvs_quiet_end(const struct hvs_quiet *quiet)
{
    int kept = errno, number;
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    /* a write's SIGPIPE is for the thread that wrote: nobody else can take it */
    if (!quiet->pending && is_pending())
        sigwait(&set, &number);
    pthread_sigmask(SIG_SETMASK, &quiet->before, NULL);
    errno = kept;
}
