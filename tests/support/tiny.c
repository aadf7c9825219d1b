#include "support/tiny.h"

#include "support/test.h"
#include "support/tiny_tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CONNECTIONS = 32 };

struct connection {
    int fd; /* -1 when it is over */
    SSL *ssl;
    char text[8192];
    size_t len;
};

struct tiny_inside {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int listener, stop[2];
    SSL_CTX *tls;
    const struct tiny_step *steps;
    size_t count, next;
    unsigned ended;
    struct connection connections[MOST_CONNECTIONS];
    unsigned opened;
};

static struct sockaddr_in loopback(const char *address, unsigned port)
{
    struct sockaddr_in out = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

    inet_pton(AF_INET, address, &out.sin_addr);
    return out;
}

/* A listening socket; -1 when that cannot be. */
static int listen_at(const char *address, unsigned *port, int backlog)
{
    struct sockaddr_in at = loopback(address, *port);
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, (struct sockaddr *)&at, len) < 0 || listen(fd, backlog) < 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) < 0) {
        close(fd);
        return -1;
    }
    *port = ntohs(at.sin_port);
    return fd;
}

static void end(struct tiny_inside *inside, struct connection *connection, bool reset)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};

    if (reset)
        setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    else if (connection->ssl)
        SSL_shutdown(connection->ssl);
    SSL_free(connection->ssl);
    close(connection->fd);
    connection->fd = -1;
    connection->ssl = NULL;
    pthread_mutex_lock(&inside->lock);
    inside->ended++;
    pthread_cond_broadcast(&inside->changed);
    pthread_mutex_unlock(&inside->lock);
}

static void say(const struct connection *connection, const char *text)
{
    size_t len = strlen(text);
    ssize_t n;

    if (connection->ssl) {
        SSL_write(connection->ssl, text, (int)len);
        return;
    }
    while (len && (n = send(connection->fd, text, len, 0)) > 0) {
        text += n;
        len -= (size_t)n;
    }
}

/* Where the request ends, or 0 while it is not whole. */
static size_t whole(const struct connection *connection)
{
    static const char name[] = "\r\nContent-Length:";
    const char *text = connection->text, *blank = strstr(text, "\r\n\r\n"), *at;
    size_t body = 0;

    if (!blank)
        return 0;
    for (at = text; at < blank; at++)
        if (strncasecmp(at, name, sizeof(name) - 1) == 0)
            body = strtoul(at + sizeof(name) - 1, NULL, 10);
    body += (size_t)(blank + 4 - text);
    return connection->len >= body ? body : 0;
}

static void answer(struct tiny *tiny, struct connection *connection, size_t len)
{
    static const struct tiny_step past_end = {TINY_OK, TINY_KEEP};
    struct tiny_inside *inside = tiny->inside;
    const struct tiny_step *step = inside->next < inside->count
                                       ? &inside->steps[inside->next]
                                       : &past_end;

    inside->next++;
    if (tiny->requests < COUNT(tiny->sent)) {
        memcpy(tiny->sent[tiny->requests], connection->text, len);
        tiny->sent[tiny->requests][len] = '\0';
    }
    tiny->requests++;
    connection->len -= len;
    memmove(connection->text, connection->text + len, connection->len + 1);
    if (step->reply)
        say(connection, step->reply);
    if (step->then != TINY_KEEP)
        end(inside, connection, step->then == TINY_RESET);
}

static void read_more(struct tiny *tiny, struct connection *connection)
{
    char *into = connection->text + connection->len;
    size_t room = sizeof(connection->text) - 1 - connection->len, len;
    ssize_t n;

    do {
        n = connection->ssl ? SSL_read(connection->ssl, into, (int)room)
                            : recv(connection->fd, into, room, 0);
        if (n <= 0) {
            end(tiny->inside, connection, false);
            return;
        }
        connection->len += (size_t)n;
        connection->text[connection->len] = '\0';
        into += n;
        room -= (size_t)n;
        while (connection->fd >= 0 && (len = whole(connection)))
            answer(tiny, connection, len);
    } while (connection->fd >= 0 && connection->ssl && SSL_pending(connection->ssl));
}

static void take(struct tiny *tiny)
{
    struct tiny_inside *inside = tiny->inside;
    int fd = accept(inside->listener, NULL, NULL);
    struct connection *connection = &inside->connections[inside->opened];

    if (fd < 0)
        return;
    tiny->connections++;
    if (inside->opened == MOST_CONNECTIONS) {
        close(fd);
        return;
    }
    inside->opened++;
    *connection = (struct connection){.fd = fd};
    if (!inside->tls)
        return;
    connection->ssl = SSL_new(inside->tls);
    SSL_set_fd(connection->ssl, fd);
    if (SSL_accept(connection->ssl) != 1)
        end(inside, connection, false);
}

static void *serve(void *arg)
{
    struct tiny *tiny = arg;
    struct tiny_inside *inside = tiny->inside;
    struct pollfd fds[MOST_CONNECTIONS + 2];
    unsigned i, known;

    for (;;) {
        known = inside->opened;
        fds[0] = (struct pollfd){.fd = inside->stop[0], .events = POLLIN};
        fds[1] = (struct pollfd){.fd = inside->listener, .events = POLLIN};
        for (i = 0; i < known; i++)
            fds[i + 2] = (struct pollfd){.fd = inside->connections[i].fd,
                                         .events = POLLIN};
        if (poll(fds, known + 2, -1) < 0 && errno != EINTR)
            break;
        if (fds[0].revents)
            break;
        for (i = 0; i < known; i++)
            if (fds[i + 2].revents)
                read_more(tiny, &inside->connections[i]);
        if (fds[1].revents)
            take(tiny);
    }
    for (i = 0; i < inside->opened; i++)
        if (inside->connections[i].fd >= 0)
            end(inside, &inside->connections[i], false);
    return NULL;
}

void tiny_start(struct tiny *tiny, const struct tiny_step *steps, size_t count,
                const struct tiny_tls *tls)
{
    struct tiny_inside *inside = calloc(1, sizeof(*inside));

    assert_non_null(inside);
    signal(SIGPIPE, SIG_IGN);
    *tiny = (struct tiny){.inside = inside};
    inside->steps = steps;
    inside->count = count;
    if (tls)
        inside->tls = tiny_tls_new(tiny, tls);
    inside->listener = listen_at("127.0.0.1", &tiny->port, 16);
    assert_true(inside->listener >= 0);
    assert_int_equal(pipe(inside->stop), 0);
    pthread_mutex_init(&inside->lock, NULL);
    pthread_cond_init(&inside->changed, NULL);
    assert_int_equal(pthread_create(&inside->thread, NULL, serve, tiny), 0);
}

bool tiny_wait_ended(struct tiny *tiny, unsigned count)
{
    struct tiny_inside *inside = tiny->inside;
    struct timespec until;
    bool enough;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 5;
    pthread_mutex_lock(&inside->lock);
    while (inside->ended < count &&
           pthread_cond_timedwait(&inside->changed, &inside->lock, &until) == 0)
        ;
    enough = inside->ended >= count;
    pthread_mutex_unlock(&inside->lock);
    return enough;
}

void tiny_stop(struct tiny *tiny)
{
    struct tiny_inside *inside = tiny->inside;

    assert_int_equal(write(inside->stop[1], "", 1), 1);
    pthread_join(inside->thread, NULL);
    pthread_mutex_destroy(&inside->lock);
    pthread_cond_destroy(&inside->changed);
    close(inside->stop[0]);
    close(inside->stop[1]);
    close(inside->listener);
    SSL_CTX_free(inside->tls);
    if (tiny->ca_file[0])
        unlink(tiny->ca_file);
    free(inside);
    tiny->inside = NULL;
}

int deaf_start(struct deaf *deaf, const char *address, unsigned port, bool full)
{
    struct sockaddr_in at;
    size_t i;

    for (i = 0; i < COUNT(deaf->fillers); i++)
        deaf->fillers[i] = -1;
    deaf->port = port;
    deaf->fd = listen_at(address, &deaf->port, full ? 0 : 64);
    if (deaf->fd < 0)
        return -1;
    at = loopback(address, deaf->port);
    for (i = 0; full && i < COUNT(deaf->fillers); i++) {
        deaf->fillers[i] = socket(AF_INET, SOCK_STREAM, 0);
        fcntl(deaf->fillers[i], F_SETFL, O_NONBLOCK);
        connect(deaf->fillers[i], (struct sockaddr *)&at, sizeof(at));
    }
    return 0;
}

void deaf_stop(struct deaf *deaf)
{
    size_t i;

    for (i = 0; i < COUNT(deaf->fillers); i++)
        if (deaf->fillers[i] >= 0)
            close(deaf->fillers[i]);
    close(deaf->fd);
}
