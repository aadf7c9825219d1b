#include "transport/pool.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/quiet.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

/*
 * libcurl 7.88 gives up a first address that does not answer, but opens the socket of the
 * next only when it is called again, and sets no timer for that. curl_easy_perform()
 * looks at every transfer once a second, which hides it there; so do we, more often.
 */
/* MOST_SOCKETS: that libcurl tries at once for one transfer, beside the resolver's. */
enum { NUDGE_MS = 250, MOST_SOCKETS = 8 };

struct hvs_pool {
    CURLM *multi;
    size_t transfers;
    int64_t nudge; /* when to look at all of them */
    struct pollfd *fds;
    size_t count, cap;
    bool polled;  /* `revents` of them are fresh */
    int64_t wake; /* when libcurl wants to be called; -1 for never */
    hvs_pool_done *done;
};

static void init_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static struct pollfd *find(struct hvs_pool *pool, int fd)
{
    size_t i;

    for (i = 0; i < pool->count; i++)
        if (pool->fds[i].fd == fd)
            return &pool->fds[i];
    return NULL;
}

/* Make room for so many more. */
static bool reserve(struct hvs_pool *pool, size_t more)
{
    size_t cap = pool->cap * 2 + more;
    struct pollfd *grown;

    if (pool->cap - pool->count >= more)
        return true;
    grown = realloc(pool->fds, cap * sizeof(*grown));
    if (!grown)
        return false;
    pool->fds = grown;
    pool->cap = cap;
    return true;
}

/* libcurl says what it waits for on a socket. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
    struct hvs_pool *pool = arg;
    struct pollfd *row = find(pool, (int)fd);

    (void)easy;
    (void)socket_arg;
    if (what == CURL_POLL_REMOVE) {
        if (row)
            *row = pool->fds[--pool->count];
        return 0;
    }
    if (!row) {
        if (!reserve(pool, 1))
            return -1;
        row = &pool->fds[pool->count++];
    }
    *row = (struct pollfd){.fd = (int)fd};
    row->events = (short)((what & CURL_POLL_IN ? POLLIN : 0) |
                          (what & CURL_POLL_OUT ? POLLOUT : 0));
    return 0;
}

static int on_timer(CURLM *multi, long ms, void *arg)
{
    struct hvs_pool *pool = arg;

    (void)multi;
    pool->wake = ms < 0 ? -1 : hvs_clock_ms() + ms;
    return 0;
}

struct hvs_pool *hvs_pool_new(struct hvs_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct hvs_pool *pool = calloc(1, sizeof(*pool));

    pthread_once(&once, init_curl);
    if (pool) {
        pool->wake = -1;
        pool->multi = curl_multi_init();
    }
    if (!pool || !pool->multi) {
        hvs_err_memory(err);
        hvs_pool_free(pool);
        return NULL;
    }
    curl_multi_setopt(pool->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(pool->multi, CURLMOPT_SOCKETDATA, pool);
    curl_multi_setopt(pool->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(pool->multi, CURLMOPT_TIMERDATA, pool);
    return pool;
}

void hvs_pool_free(struct hvs_pool *pool)
{
    struct hvs_quiet quiet;

    if (!pool)
        return;
    hvs_quiet_begin(&quiet);
    curl_multi_cleanup(pool->multi);
    hvs_quiet_end(&quiet);
    free(pool->fds);
    free(pool);
}

size_t hvs_pool_fds(const struct hvs_pool *pool, struct pollfd *fds, size_t max)
{
    size_t i;

    for (i = 0; i < pool->count && i < max; i++)
        fds[i] = pool->fds[i];
    return pool->count;
}

void hvs_pool_polled(struct hvs_pool *pool, const struct pollfd *fds, size_t count)
{
    size_t i;

    pool->polled = count == pool->count;
    for (i = 0; i < count && pool->polled; i++) {
        pool->polled = pool->fds[i].fd == fds[i].fd;
        pool->fds[i].revents = fds[i].revents;
    }
}

int hvs_pool_timeout(const struct hvs_pool *pool, int64_t now)
{
    int64_t next = pool->wake;

    if (pool->transfers && (next < 0 || next > pool->nudge))
        next = pool->nudge;
    if (next < 0)
        return -1;
    return next <= now ? 0 : (int)(next - now);
}

/* Tell libcurl which of its sockets are ready. Its callbacks change our table, so a copy
 * is polled. */
static void serve_sockets(struct hvs_pool *pool)
{
    struct pollfd few[16], *ready = few;
    size_t i, count = pool->count;
    int running, what;

    if (count > sizeof(few) / sizeof(few[0]))
        ready = malloc(count * sizeof(*ready));
    if (!ready)
        return; /* the next call may fare better */
    hvs_pool_fds(pool, ready, count);
    if (count && (pool->polled || poll(ready, (nfds_t)count, 0) > 0)) {
        for (i = 0; i < count; i++) {
            what = (ready[i].revents & (POLLIN | POLLHUP) ? CURL_CSELECT_IN : 0) |
                   (ready[i].revents & POLLOUT ? CURL_CSELECT_OUT : 0) |
                   (ready[i].revents & (POLLERR | POLLNVAL) ? CURL_CSELECT_ERR : 0);
            if (what)
                curl_multi_socket_action(pool->multi, ready[i].fd, what, &running);
        }
    }
    pool->polled = false;
    if (ready != few)
        free(ready);
}

static void serve_all(struct hvs_pool *pool, int64_t now)
{
    int running;

    serve_sockets(pool);
    if (pool->wake >= 0 && pool->wake <= now) {
        pool->wake = -1;
        curl_multi_socket_action(pool->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    if (pool->transfers && pool->nudge <= now) {
        pool->nudge = now + NUDGE_MS;
        /* nothing else looks at a transfer without a socket */
        /* cppcheck-suppress unknownMacro */
        CURL_IGNORE_DEPRECATION(curl_multi_socket_all(pool->multi, &running);)
    }
}

void hvs_pool_work(struct hvs_pool *pool, int64_t now)
{
    struct hvs_quiet quiet;
    CURLMsg *message;
    void *private_;
    CURLcode code;
    int left;

    hvs_quiet_begin(&quiet);
    serve_all(pool, now);
    hvs_quiet_end(&quiet);
    while ((message = curl_multi_info_read(pool->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&private_);
        pool->done(private_, code);
    }
}

int hvs_pool_add(struct hvs_pool *pool, CURL *easy, hvs_pool_done *done,
                 struct hvs_error *err)
{
    CURLMcode code;

    /* here it can be told; in libcurl's callback it would be the end of all transfers */
    if (!reserve(pool, MOST_SOCKETS))
        return hvs_err_memory(err);
    code = curl_multi_add_handle(pool->multi, easy);

    pool->done = done;
    if (code != CURLM_OK)
        return hvs_err_set(err, HVS_SYSTEM, 0, "%s", curl_multi_strerror(code));
    if (!pool->transfers++)
        pool->nudge = hvs_clock_ms() + NUDGE_MS;
    return 0;
}

void hvs_pool_remove(struct hvs_pool *pool, CURL *easy)
{
    struct hvs_quiet quiet;

    pool->transfers--;
    hvs_quiet_begin(&quiet);
    curl_multi_remove_handle(pool->multi, easy);
    hvs_quiet_end(&quiet);
}
