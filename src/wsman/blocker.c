#include "wsman/blocker.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct hvs_blocker {
    pthread_t thread; /* joined when its work is done, else detached */
    pthread_mutex_t lock;
    struct hvs_blocking *call;
    bool done, abandoned;
    int pipe[2];
};

static void destroy(struct hvs_blocker *blocker)
{
    if (blocker->call)
        blocker->call->free(blocker->call);
    close(blocker->pipe[0]);
    close(blocker->pipe[1]);
    pthread_mutex_destroy(&blocker->lock);
    free(blocker);
}

static void *run_call(void *arg)
{
    struct hvs_blocker *blocker = arg;
    bool last;
    ssize_t told;

    blocker->call->work(blocker->call);
    pthread_mutex_lock(&blocker->lock);
    blocker->done = true;
    last = blocker->abandoned;
    /* an empty pipe takes a byte; whoever polls looks at `done`, not at it */
    told = last ? 0 : write(blocker->pipe[1], "", 1);
    (void)told;
    pthread_mutex_unlock(&blocker->lock);
    if (last)
        destroy(blocker);
    return NULL;
}

static int start_thread(struct hvs_blocker *blocker)
{
    sigset_t all, before;
    int rc;

    /* signals are for the thread that the caller knows */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(&blocker->thread, NULL, run_call, blocker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

struct hvs_blocker *hvs_blocker_new(struct hvs_blocking *call, struct hvs_error *err)
{
    struct hvs_blocker *blocker = calloc(1, sizeof(*blocker));
    int rc;

    if (!blocker) {
        hvs_err_memory(err);
        return NULL;
    }
    if (pipe(blocker->pipe) < 0) {
        hvs_err_set(err, HVS_SYSTEM, errno, "no pipe: %s", strerror(errno));
        free(blocker);
        return NULL;
    }
    fcntl(blocker->pipe[0], F_SETFD, FD_CLOEXEC);
    fcntl(blocker->pipe[1], F_SETFD, FD_CLOEXEC);
    pthread_mutex_init(&blocker->lock, NULL);
    blocker->call = call;
    rc = start_thread(blocker);
    if (rc) {
        hvs_err_set(err, HVS_SYSTEM, rc, "no thread: %s", strerror(rc));
        blocker->call = NULL;
        destroy(blocker);
        return NULL;
    }
    return blocker;
}

int hvs_blocker_fd(const struct hvs_blocker *blocker)
{
    return blocker->pipe[0];
}

struct hvs_blocking *hvs_blocker_done(struct hvs_blocker *blocker)
{
    struct hvs_blocking *call;
    bool done;

    pthread_mutex_lock(&blocker->lock);
    done = blocker->done;
    pthread_mutex_unlock(&blocker->lock);
    if (!done)
        return NULL;
    call = blocker->call;
    blocker->call = NULL;
    pthread_join(blocker->thread, NULL); /* it has but its own end to go */
    destroy(blocker);
    return call;
}

void hvs_blocker_abandon(struct hvs_blocker *blocker)
{
    bool done;

    if (!blocker)
        return;
    pthread_mutex_lock(&blocker->lock);
    done = blocker->done;
    blocker->abandoned = true;
    if (!done)
        pthread_detach(blocker->thread);
    pthread_mutex_unlock(&blocker->lock);
    if (!done)
        return;
    pthread_join(blocker->thread, NULL);
    destroy(blocker);
}
