#ifndef TEST_SERVER_H
#define TEST_SERVER_H

#include "support/test.h"

#include "base/clock.h"
#include "hvsim/server.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

#define SOAP "Content-Type: application/soap+xml;charset=UTF-8\r\n"
#define POST "POST /wsman HTTP/1.1\r\nHost: hv01\r\n"
#define IDENTIFY \
    "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header/>" \
    "<s:Body><i:Identify xmlns:i=\"http://schemas.dmtf.org/wbem/wsman/identity/1/" \
    "wsmanidentity.xsd\"/></s:Body></s:Envelope>"

/* A server of one clear listener in the test's own process, and a client's socket. */
struct fixture {
    struct sim_server server;
    pthread_t thread;
    int stop[2];
    int fd; /* of the client */
};

static inline int64_t now(void *arg)
{
    (void)arg;
    return hvs_clock_utc_ms();
}

static inline void *run(void *arg)
{
    struct fixture *f = arg;
    struct hvs_error err = {0};

    if (sim_server_run(&f->server, &err) < 0)
        fprintf(stderr, "%s\n", err.message);
    return NULL;
}

/* `set` has switches and faults, up to the first NULL of `count`. */
static inline void start(struct fixture *f, const char *const *set, size_t count)
{
    struct sockaddr_in at = {0};
    socklen_t len = sizeof(at);
    struct hvs_error err = {0};
    size_t i;

    *f = (struct fixture){.server = {.lock = PTHREAD_MUTEX_INITIALIZER}};
    assert_int_equal(pipe(f->stop), 0);
    f->server.stop_fd = f->stop[0];
    f->server.world = sim_world_new(NULL, now, NULL, &err);
    assert_non_null(f->server.world);
    for (i = 0; i < count && set[i]; i++)
        if (sim_world_set(f->server.world, set[i], &err) < 0)
            fail_msg("%s", err.message);
    assert_int_equal(sim_listeners_open(&f->server, "http://127.0.0.1:0", &err), 0);
    assert_int_equal(pthread_create(&f->thread, NULL, run, f), 0);

    assert_int_equal(getsockname(f->server.listeners->fd, (struct sockaddr *)&at, &len),
                     0);
    f->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(f->fd, (struct sockaddr *)&at, len), 0);
}

static inline void stop(struct fixture *f)
{
    assert_int_equal(write(f->stop[1], "", 1), 1);
    assert_int_equal(pthread_join(f->thread, NULL), 0);
    sim_listener_close(f->server.listeners);
    free(f->server.listeners);
    sim_world_free(f->server.world);
    close(f->stop[0]);
    close(f->stop[1]);
    close(f->fd);
}

static inline void send_text(int fd, const char *text, size_t len)
{
    assert_int_equal(send(fd, text, len, MSG_NOSIGNAL), len);
}

/* Has all of the reply come, by its Content-Length? */
static inline bool whole(const struct hvs_buf *reply)
{
    const char *end = strstr(hvs_buf_str(reply), "\r\n\r\n");
    const char *length = strstr(hvs_buf_str(reply), "Content-Length: ");

    return end && length &&
           reply->len >= (size_t)(end + 4 - reply->data) + strtoul(length + 16, NULL, 10);
}

/* Read a whole reply, or as much as there is. 1, 0 at the end, or -1 for a reset. */
static inline int receive(int fd, struct hvs_buf *reply)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    char some[4096];
    ssize_t got;

    while (!whole(reply)) {
        assert_int_equal(poll(&ready, 1, 20000), 1);
        got = recv(fd, some, sizeof(some), 0);
        if (got < 0)
            assert_int_equal(errno, ECONNRESET);
        if (got <= 0)
            return (int)got;
        hvs_buf_add(reply, some, (size_t)got);
    }
    return 1;
}

#endif
