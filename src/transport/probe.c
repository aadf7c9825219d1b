#include "transport/probe.h"

#include "base/err.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void add(struct hvs_addresses *out, const struct addrinfo *row)
{
    struct hvs_address *address = &out->items[out->count];

    if (row->ai_addrlen > sizeof(address->to))
        return;
    memcpy(&address->to, row->ai_addr, row->ai_addrlen);
    address->len = row->ai_addrlen;
    if (getnameinfo(row->ai_addr, row->ai_addrlen, address->text, sizeof(address->text),
                    NULL, 0, NI_NUMERICHOST))
        snprintf(address->text, sizeof(address->text), "?");
    out->count++;
}

int hvs_probe_resolve(struct hvs_addresses *out, const char *host, struct hvs_error *err)
{
    const size_t most = sizeof(out->items) / sizeof(out->items[0]);
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM}, *found = NULL, *row;
    int code = getaddrinfo(host, NULL, &wanted, &found);

    *out = (struct hvs_addresses){0};
    for (row = code ? NULL : found; row && out->count < most; row = row->ai_next)
        add(out, row);
    if (!code)
        freeaddrinfo(found);
    if (out->count)
        return 0;
    return hvs_err_set_hint(err, HVS_NET, CURLE_COULDNT_RESOLVE_HOST,
                            "check its spelling and the DNS, or give the address",
                            "'%s': the name does not resolve (%s)", host,
                            code ? gai_strerror(code) : "no address");
}

int hvs_probe_connect(const struct hvs_address *address, uint16_t port)
{
    struct sockaddr_storage to = address->to;
    int fd = socket(to.ss_family, SOCK_STREAM, 0);
    int flags, code;

    if (fd < 0)
        return -1;
    if (to.ss_family == AF_INET6)
        ((struct sockaddr_in6 *)&to)->sin6_port = htons(port);
    else
        ((struct sockaddr_in *)&to)->sin_port = htons(port);
    flags = fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
        (connect(fd, (struct sockaddr *)&to, address->len) == 0 || errno == EINPROGRESS))
        return fd;
    code = errno;
    close(fd);
    errno = code;
    return -1;
}

int hvs_probe_connected(int fd)
{
    int code = 0;
    socklen_t len = sizeof(code);

    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &len) < 0)
        code = errno;
    close(fd);
    return code;
}
