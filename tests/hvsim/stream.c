#include "hvsim/stream.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 120000 /* what http.sys gives a peer that stands still */
#define DRAIN_MS 2000

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* macOS: SIGPIPE is ignored anyway */
#endif

/* Wait until the socket is ready for `events`: false for a timeout or a stop. */
static bool ready(const struct sim_stream *stream, short events, int timeout_ms)
{
    struct pollfd fds[2] = {{.fd = stream->fd, .events = events},
                            {.fd = stream->stop_fd, .events = POLLIN}};
    int64_t end = hvs_clock_ms() + timeout_ms;
    int64_t left = timeout_ms;
    int count;

    do {
        count = poll(fds, 2, (int)left);
        if (count > 0)
            return !fds[1].revents;
        left = end - hvs_clock_ms();
    } while (count < 0 && errno == EINTR && left > 0);
    return false;
}

/* After an SSL call that did not succeed: wait for what it wants. */
static bool ssl_again(const struct sim_stream *stream, int result, int timeout_ms)
{
    switch (SSL_get_error(stream->ssl, result)) {
    case SSL_ERROR_WANT_READ: return ready(stream, POLLIN, timeout_ms);
    case SSL_ERROR_WANT_WRITE: return ready(stream, POLLOUT, timeout_ms);
    default: return false;
    }
}

static bool handshake(struct sim_stream *stream, SSL_CTX *tls)
{
    int result;

    stream->ssl = SSL_new(tls);
    if (!stream->ssl || SSL_set_fd(stream->ssl, stream->fd) != 1)
        return false;
    while ((result = SSL_accept(stream->ssl)) != 1)
        if (!ssl_again(stream, result, PATIENCE_MS)) {
            stream->why = ERR_reason_error_string(ERR_peek_last_error());
            if (!stream->why)
                stream->why = "the peer left";
            return false;
        }
    return true;
}

bool sim_stream_open(struct sim_stream *stream, int fd, int stop_fd, SSL_CTX *tls)
{
    int flags = fcntl(fd, F_GETFL);
    int one = 1;

    *stream = (struct sim_stream){.fd = fd, .stop_fd = stop_fd};
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    ERR_clear_error();
    if (flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
        (!tls || handshake(stream, tls)))
        return true;
    sim_stream_close(stream, false);
    return false;
}

static long read_tls(struct sim_stream *stream, void *out, size_t len, int timeout_ms)
{
    int want = len > INT_MAX ? INT_MAX : (int)len;
    int got;

    for (;;) {
        ERR_clear_error();
        got = SSL_read(stream->ssl, out, want);
        if (got > 0)
            return got;
        if (SSL_get_error(stream->ssl, got) == SSL_ERROR_ZERO_RETURN)
            return 0;
        if (!ssl_again(stream, got, timeout_ms))
            return -1;
    }
}

long sim_stream_read(struct sim_stream *stream, void *out, size_t len, int timeout_ms)
{
    ssize_t got;

    if (stream->fd < 0)
        return -1;
    if (stream->ssl)
        return read_tls(stream, out, len, timeout_ms);
    for (;;) {
        if (!ready(stream, POLLIN, timeout_ms))
            return -1;
        got = recv(stream->fd, out, len, 0);
        if (got >= 0)
            return got;
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
            return -1;
    }
}

static long write_some(struct sim_stream *stream, const void *mem, size_t len)
{
    int want = len > INT_MAX ? INT_MAX : (int)len;
    ssize_t put;

    if (stream->ssl) {
        ERR_clear_error();
        put = SSL_write(stream->ssl, mem, want);
        if (put > 0)
            return put;
        return ssl_again(stream, (int)put, PATIENCE_MS) ? 0 : -1;
    }
    put = send(stream->fd, mem, len, MSG_NOSIGNAL);
    if (put >= 0)
        return put;
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
        return -1;
    return ready(stream, POLLOUT, PATIENCE_MS) ? 0 : -1;
}

bool sim_stream_write(struct sim_stream *stream, const void *mem, size_t len)
{
    const char *at = mem;
    long put;

    if (stream->fd < 0)
        return false;
    while (len) {
        put = write_some(stream, at, len);
        if (put < 0)
            return false;
        at += put;
        len -= (size_t)put;
    }
    return true;
}

bool sim_stream_sleep(const struct sim_stream *stream, int64_t ms)
{
    struct pollfd fd = {.fd = stream->stop_fd, .events = POLLIN};
    int64_t end = hvs_clock_ms() + ms;
    int64_t left;

    while ((left = end - hvs_clock_ms()) > 0)
        if (poll(&fd, 1, left > INT_MAX ? INT_MAX : (int)left) > 0)
            return false;
    return true;
}

static void discard(struct sim_stream *stream, int64_t ms)
{
    int64_t end = hvs_clock_ms() + ms;
    char waste[4096];
    int64_t left;
    ssize_t got;

    while ((left = end - hvs_clock_ms()) > 0) {
        if (!ready(stream, POLLIN, left > INT_MAX ? INT_MAX : (int)left))
            return;
        got = recv(stream->fd, waste, sizeof(waste), 0);
        if (got == 0 ||
            (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
            return;
    }
}

void sim_stream_hang(struct sim_stream *stream)
{
    discard(stream, INT64_MAX / 2);
    sim_stream_close(stream, false);
}

void sim_stream_close(struct sim_stream *stream, bool drain)
{
    if (stream->fd < 0)
        return;
    if (stream->ssl) {
        ERR_clear_error();
        if (SSL_is_init_finished(stream->ssl))
            SSL_shutdown(stream->ssl);
        SSL_free(stream->ssl);
        stream->ssl = NULL;
    }
    if (drain && shutdown(stream->fd, SHUT_WR) == 0)
        discard(stream, DRAIN_MS);
    close(stream->fd);
    stream->fd = -1;
}

void sim_stream_cut(struct sim_stream *stream)
{
    if (stream->fd < 0)
        return;
    /* no close_notify: an attacker or a dying host would not send one either */
    SSL_free(stream->ssl);
    stream->ssl = NULL;
    if (shutdown(stream->fd, SHUT_WR) == 0)
        discard(stream, DRAIN_MS);
    close(stream->fd);
    stream->fd = -1;
}

void sim_stream_reset(struct sim_stream *stream)
{
    struct linger abort_it = {.l_onoff = 1, .l_linger = 0};

    if (stream->fd < 0)
        return;
    setsockopt(stream->fd, SOL_SOCKET, SO_LINGER, &abort_it, sizeof(abort_it));
    SSL_free(stream->ssl);
    stream->ssl = NULL;
    close(stream->fd);
    stream->fd = -1;
}
