#include "wsman/driver.h"

#include "base/clock.h"
#include "base/err.h"
#include "wsman/blocker.h"
#include "wsman/envelope.h"
#include "wsman/session.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POST_MS = (HVS_OPERATION_TIMEOUT_S + 5) * 1000, GRACE_MS = 2000 };

struct hvs_driver {
    struct hvs_pool *pool;
    struct hvs_http *http;
    struct hvs_session *session;
    struct hvs_blocker *blocker; /* a blocking call under way */
    bool posting, change;
    int64_t give_up; /* on the post under way, once somebody said stop; 0 for not yet */
};

struct hvs_driver *hvs_driver_new(struct hvs_pool *pool, const struct hvs_http_opts *opts,
                                  struct hvs_session *session, struct hvs_error *err)
{
    struct hvs_driver *driver = calloc(1, sizeof(*driver));

    if (!driver) {
        hvs_err_memory(err);
        return NULL;
    }
    driver->pool = pool;
    driver->session = session;
    driver->http = hvs_http_new(pool, opts, err);
    if (!driver->http) {
        free(driver);
        return NULL;
    }
    return driver;
}

void hvs_driver_free(struct hvs_driver *driver)
{
    if (!driver)
        return;
    hvs_blocker_abandon(driver->blocker);
    hvs_http_free(driver->http);
    free(driver);
}

/* How long the next post may take. */
static int64_t patience(const struct hvs_run *run, int64_t now)
{
    int64_t left = POST_MS;

    if (run->deadline && run->deadline - now < left)
        left = run->deadline - now;
    return left > 0 ? left : 1;
}

/* A post that could not even be handed over. */
static void not_posted(struct hvs_run *run, const struct hvs_error *why, int64_t now)
{
    struct hvs_posted posted = {.net_code = hvs_err_is_memory(why) ? CURLE_OUT_OF_MEMORY
                                                                   : CURLE_FAILED_INIT,
                                .challenges = "",
                                .bytes = ""};

    snprintf(posted.net_text, sizeof(posted.net_text), "%.200s", why->message);
    hvs_run_answer(run, &posted, now);
}

/* Move the post on. False when there is nothing to do but wait. */
static bool work_post(struct hvs_driver *driver, struct hvs_run *run, int64_t now,
                      bool work)
{
    struct hvs_error err = {0};
    struct hvs_posted posted;
    struct hvs_post post;
    int64_t grace;

    if (!driver->posting) {
        hvs_session_show(driver->session, &post, &driver->change);
        driver->give_up = 0;
        if (hvs_http_start(driver->http, &post, hvs_session_ask, driver->session,
                           patience(run, now), &err) < 0) {
            not_posted(run, &err, now);
            return true;
        }
        driver->posting = true;
    }
    if (work)
        hvs_pool_work(driver->pool, now);
    if (hvs_http_done(driver->http, &posted)) {
        driver->posting = false;
        hvs_run_answer(run, &posted, now);
        hvs_http_forget(driver->http);
        return true;
    }
    /* the reply to a change is worth a moment's wait: it tells what became of it */
    grace = driver->change ? GRACE_MS : 0;
    if (run->stop.domain && !driver->give_up)
        driver->give_up = now + grace;
    if ((run->deadline && now >= run->deadline) ||
        (driver->give_up && now >= driver->give_up)) {
        hvs_http_cancel(driver->http, &posted);
        driver->posting = false;
        hvs_run_answer(run, &posted, now);
        return true;
    }
    return false;
}

static bool over(const struct hvs_run *run, int64_t now)
{
    return run->stop.domain || (run->deadline && now >= run->deadline);
}

static bool work_block(struct hvs_driver *driver, struct hvs_run *run, int64_t now)
{
    struct hvs_blocking *blocking;
    struct hvs_error err = {0};

    if (!driver->blocker) {
        blocking = hvs_session_blocking(driver->session);
        driver->blocker = hvs_blocker_new(blocking, &err);
        if (!driver->blocker) {
            /* no thread to be had: said in the call's own error */
            blocking->err = err;
            hvs_session_unblock(driver->session, blocking);
            hvs_run_answer(run, NULL, now);
            return true;
        }
    }
    blocking = hvs_blocker_done(driver->blocker);
    if (blocking) {
        hvs_session_unblock(driver->session, blocking);
    } else if (over(run, now)) {
        hvs_blocker_abandon(driver->blocker);
    } else {
        return false;
    }
    driver->blocker = NULL;
    hvs_run_answer(run, NULL, now);
    return true;
}

static enum hvs_run_state step(struct hvs_driver *driver, struct hvs_run *run, bool work)
{
    bool moves = true;
    int64_t now;

    while (moves && run->todo != HVS_END) {
        now = hvs_clock_ms();
        switch (run->todo) {
        case HVS_POST: moves = work_post(driver, run, now, work); break;
        case HVS_BLOCK: moves = work_block(driver, run, now); break;
        case HVS_SLEEP:
            moves = now >= run->wake || over(run, now);
            if (moves)
                hvs_run_answer(run, NULL, now);
            break;
        case HVS_END: break;
        }
    }
    return run->todo == HVS_END ? HVS_RUN_ENDED : HVS_RUN_GOES_ON;
}

enum hvs_run_state hvs_driver_step(struct hvs_driver *driver, struct hvs_run *run)
{
    return step(driver, run, true);
}

enum hvs_run_state hvs_driver_look(struct hvs_driver *driver, struct hvs_run *run)
{
    return step(driver, run, false);
}

int hvs_driver_block_fd(const struct hvs_driver *driver)
{
    return driver->blocker ? hvs_blocker_fd(driver->blocker) : -1;
}

size_t hvs_driver_fds(struct hvs_driver *driver, struct pollfd *fds, size_t max)
{
    size_t count;

    if (driver->blocker && max) {
        fds[0] = (struct pollfd){.fd = hvs_blocker_fd(driver->blocker), .events = POLLIN};
        return 1;
    }
    if (!driver->posting)
        return 0;
    count = hvs_pool_fds(driver->pool, fds, max);
    return count < max ? count : max;
}

/* The sooner of two waits; -1 is none. */
static int64_t sooner(int64_t a, int64_t b)
{
    if (a < 0)
        return b;
    return b < 0 || a < b ? a : b;
}

static int64_t until(int64_t when, int64_t now)
{
    return when > now ? when - now : 0;
}

int64_t hvs_driver_wait(const struct hvs_driver *driver, const struct hvs_run *run,
                        int64_t now)
{
    int64_t wait = -1;

    if (run->todo == HVS_END)
        return 0;
    if (run->deadline)
        wait = until(run->deadline, now);
    if (run->todo == HVS_SLEEP)
        wait = sooner(wait, until(run->wake, now));
    if (driver->give_up)
        wait = sooner(wait, until(driver->give_up, now));
    if (run->stop.domain && !driver->give_up)
        wait = 0;
    return wait > INT_MAX ? INT_MAX : wait;
}

int hvs_driver_timeout(struct hvs_driver *driver, const struct hvs_run *run)
{
    int64_t now = hvs_clock_ms(), wait = hvs_driver_wait(driver, run, now);

    if (driver->posting)
        wait = sooner(wait, hvs_pool_timeout(driver->pool, now));
    return (int)wait;
}
