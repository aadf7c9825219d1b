#include "hvsim/server.h"

#include "base/err.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* The parts of http[s]://ADDRESS[:PORT][/HOST]. */
struct place {
    char address[256];
    char port[8];
    char host[256];
};

static int bad_url(struct hvs_error *err, const char *url, const char *why)
{
    return hvs_err_set_hint(err, HVS_USAGE, 0,
                            "write http[s]://ADDRESS[:PORT][/HOST], "
                            "for example https://127.0.0.1:0",
                            "bad URL '%s': %s", url, why);
}

static bool copy(char *out, size_t size, const char *text, size_t len)
{
    if (!len || len >= size)
        return false;
    memcpy(out, text, len);
    out[len] = '\0';
    return true;
}

static int parse(struct place *out, bool *tls, const char *url, struct hvs_error *err)
{
    const char *at = url;
    size_t len;

    *out = (struct place){0};
    *tls = strncasecmp(url, "https://", 8) == 0;
    if (!*tls && strncasecmp(url, "http://", 7) != 0)
        return bad_url(err, url, "no http:// or https://");
    at += *tls ? 8 : 7;
    if (*at == '[') {
        len = strcspn(++at, "]");
        if (at[len] != ']' || !copy(out->address, sizeof(out->address), at, len))
            return bad_url(err, url, "no address");
        at += len + 1;
    } else {
        len = strcspn(at, ":/");
        if (!copy(out->address, sizeof(out->address), at, len))
            return bad_url(err, url, "no address");
        at += len;
    }
    snprintf(out->port, sizeof(out->port), "%s", *tls ? "5986" : "5985");
    if (*at == ':') {
        len = strspn(++at, "0123456789");
        if (!copy(out->port, 6, at, len))
            return bad_url(err, url, "no port");
        at += len;
    }
    if (*at == '/' && at[1] &&
        !copy(out->host, sizeof(out->host), at + 1, strlen(at + 1)))
        return bad_url(err, url, "the name behind the / is too long");
    if (*at && *at != '/')
        return bad_url(err, url, "cannot read what follows the address");
    return 0;
}

static struct sim_host *find_host(struct sim_world *world, const char *name)
{
    size_t i;

    if (!*name)
        return sim_world_hosts(world) ? sim_world_host(world, 0) : NULL;
    for (i = 0; i < sim_world_hosts(world); i++)
        if (strcasecmp(sim_host_name(sim_world_host(world, i)), name) == 0)
            return sim_world_host(world, i);
    return NULL;
}

static int open_socket(const struct addrinfo *where)
{
    int fd = socket(where->ai_family, where->ai_socktype, where->ai_protocol);
    int one = 1;
    int why;

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, where->ai_addr, where->ai_addrlen) == 0 && listen(fd, 512) == 0)
        return fd;
    why = errno;
    close(fd);
    errno = why;
    return -1;
}

static int open_first(const struct place *place, const char *url, struct hvs_error *err)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *all = NULL;
    const struct addrinfo *one;
    int fd = -1;
    int why = getaddrinfo(place->address, place->port, &hints, &all);

    if (why)
        return hvs_err_set(err, HVS_NET, 0, "cannot resolve '%s': %s", place->address,
                           gai_strerror(why));
    for (one = all; one && fd < 0; one = one->ai_next)
        fd = open_socket(one);
    if (fd < 0)
        hvs_err_set(err, HVS_SYSTEM, errno, "cannot listen at '%s': %s", url,
                    strerror(errno));
    freeaddrinfo(all);
    return fd;
}

static unsigned port_of(int fd)
{
    struct sockaddr_storage at = {0};
    socklen_t len = sizeof(at);

    if (getsockname(fd, (struct sockaddr *)&at, &len) < 0)
        return 0;
    if (at.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)&at)->sin6_port);
    return ntohs(((struct sockaddr_in *)&at)->sin_port);
}

static int open_listener(struct sim_listener *out, const struct place *place, bool tls,
                         struct sim_host *host, const char *url, struct hvs_error *err)
{
    bool six = strchr(place->address, ':') != NULL;

    *out = (struct sim_listener){.fd = -1, .tls = tls, .host = host};
    out->fd = open_first(place, url, err);
    if (out->fd < 0)
        return -1;
    snprintf(out->url, sizeof(out->url), "%s://%s%s%s:%u", tls ? "https" : "http",
             six ? "[" : "", place->address, six ? "]" : "", port_of(out->fd));
    return 0;
}

/* The next host's port; 0 stays: any that is free. */
static int step_port(struct place *place, const char *url, struct hvs_error *err)
{
    unsigned long port = strtoul(place->port, NULL, 10);

    if (port == UINT16_MAX)
        return bad_url(err, url, "too few ports are left for the hosts");
    if (port)
        snprintf(place->port, sizeof(place->port), "%lu", port + 1);
    return 0;
}

int sim_listeners_open(struct sim_server *server, const char *url, struct hvs_error *err)
{
    size_t count = sim_world_hosts(server->world), i;
    struct sim_host *host = NULL;
    struct sim_listener *grown;
    struct place place;
    bool tls;

    if (parse(&place, &tls, url, err) < 0)
        return -1;
    if (strcmp(place.host, "*") != 0) {
        host = find_host(server->world, place.host);
        if (!host)
            return bad_url(err, url, "the scenario has no such host");
        count = 1;
    }
    grown = realloc(server->listeners, (server->count + count) * sizeof(*grown));
    if (!grown)
        return hvs_err_memory(err);
    server->listeners = grown;
    for (i = 0; i < count; i++) {
        if (i && step_port(&place, url, err) < 0)
            return -1;
        if (open_listener(&grown[server->count], &place, tls,
                          host ? host : sim_world_host(server->world, i), url, err) < 0)
            return -1;
        server->count++;
    }
    return 0;
}

void sim_listener_close(struct sim_listener *listener)
{
    if (listener->fd >= 0)
        close(listener->fd);
    listener->fd = -1;
}
