#include "auth/mech.h"
#include "base/clock.h"
#include "wsman/blocker.h"

#include <hvsnap/client.h>

#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* A look into the ticket caches, on a thread that may be left alone with it. */
struct look {
    struct hvs_blocking call;
    char *user;
    bool found;
};

static void look_work(struct hvs_blocking *call)
{
    struct look *look = (struct look *)call;
    struct hvs_credentials who = {.user = look->user, .domain = ""};

    look->found = hvs_gss_at_hand(&who);
}

static void look_free(struct hvs_blocking *call)
{
    free(((struct look *)call)->user);
    free(call);
}

static struct look *look_new(const char *user)
{
    struct look *look = calloc(1, sizeof(*look));

    if (!look)
        return NULL;
    look->call.work = look_work;
    look->call.free = look_free;
    look->user = user ? strdup(user) : NULL;
    if (look->user || !user)
        return look;
    free(look);
    return NULL;
}

bool hvs_ticket_at_hand(const char *user, uint32_t timeout_ms)
{
    int64_t end = hvs_clock_ms() + timeout_ms, now;
    struct look *look = look_new(user);
    struct hvs_blocking *done = NULL;
    struct hvs_blocker *blocker;
    struct hvs_error ignored = {0};
    struct pollfd fd;
    bool found;

    blocker = look ? hvs_blocker_new(&look->call, &ignored) : NULL;
    if (!blocker) {
        if (look)
            look_free(&look->call);
        return false;
    }
    while (!(done = hvs_blocker_done(blocker)) && (now = hvs_clock_ms()) < end) {
        fd = (struct pollfd){.fd = hvs_blocker_fd(blocker), .events = POLLIN};
        poll(&fd, 1, (int)(end - now));
    }
    if (!done) {
        hvs_blocker_abandon(blocker);
        return false;
    }
    found = ((struct look *)done)->found;
    done->free(done);
    return found;
}
