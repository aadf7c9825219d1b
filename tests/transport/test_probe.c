#include "support/test.h"

#include "transport/probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

struct resolve_case {
    const char *host;
    const char *address; /* among those found; NULL: none is */
};

static const struct resolve_case cases[] = {
    {"127.0.0.1", "127.0.0.1"},
    {"localhost", "127.0.0.1"},
    {"192.0.2.255", "192.0.2.255"},
    {"host.invalid", NULL},
    {"bad name", NULL},
    {"", NULL},
};

static void test_resolve(void **state)
{
    const struct resolve_case *row = *state;
    struct hvs_addresses found;
    struct hvs_error err = {0};
    bool there = false;
    size_t i;

    assert_int_equal(hvs_probe_resolve(&found, row->host, &err), row->address ? 0 : -1);
    for (i = 0; i < found.count; i++)
        there = there || (row->address && strcmp(found.items[i].text, row->address) == 0);
    assert_int_equal(there, row->address != NULL);
    if (row->address)
        return;
    assert_err(&err, HVS_NET, "does not resolve");
    assert_int_equal(err.class_, HVS_CLASS_CONNECT);
}

/* A listening socket on loopback; its port. */
static int listen_on(uint16_t *port)
{
    struct sockaddr_in to = {.sin_family = AF_INET};
    socklen_t len = sizeof(to);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&to, len), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&to, &len), 0);
    *port = ntohs(to.sin_port);
    return fd;
}

static int connect_to(uint16_t port)
{
    struct hvs_addresses found;
    struct hvs_error err = {0};
    struct pollfd fd = {.events = POLLOUT};

    assert_int_equal(hvs_probe_resolve(&found, "127.0.0.1", &err), 0);
    fd.fd = hvs_probe_connect(&found.items[0], port);
    if (fd.fd < 0)
        return errno;
    assert_int_equal(poll(&fd, 1, 10000), 1);
    return hvs_probe_connected(fd.fd);
}

static void test_connect(void **state)
{
    uint16_t port;
    int fd = listen_on(&port);

    (void)state;
    assert_int_equal(connect_to(port), 0);
    close(fd);
    assert_int_equal(connect_to(port), ECONNREFUSED);
}

int main(void)
{
    const struct CMUnitTest more[] = {cmocka_unit_test(test_connect)};
    struct CMUnitTest tests[COUNT(cases)];
    int failed;

    CASES(tests, cases, test_resolve);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(more, NULL, NULL);
}
