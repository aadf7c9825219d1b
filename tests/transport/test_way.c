#include "support/exchange.h"
#include "support/test.h"
#include "support/tiny.h"

#include "base/clock.h"
#include "transport/way.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where a post goes, whatever the URL and the environment say. */

/*
 * A resolver of the test's own takes the place of the system's, for libcurl too: every
 * name has the two addresses below. `resolved` tells whether libcurl used it.
 */
static const char *addresses[2];
static unsigned resolved;
static int hang =
    -1; /* it hangs until this pipe's other end is closed; -1: it does not */

#define SEEN_BY_LIBCURL __attribute__((visibility("default")))
SEEN_BY_LIBCURL int getaddrinfo(const char *node, const char *service,
                                const struct addrinfo *hints, struct addrinfo **out);
SEEN_BY_LIBCURL void freeaddrinfo(struct addrinfo *list);

struct row {
    struct addrinfo info;
    struct sockaddr_in at;
};

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **out)
{
    struct row *rows = calloc(COUNT(addresses), sizeof(*rows));
    size_t i;
    char byte;

    (void)node;
    (void)hints;
    if (!rows)
        return EAI_MEMORY;
    resolved++;
    if (hang >= 0 && read(hang, &byte, 1) == 0) {
        free(rows);
        return EAI_AGAIN;
    }
    for (i = 0; i < COUNT(addresses); i++) {
        rows[i].at = (struct sockaddr_in){.sin_family = AF_INET};
        rows[i].at.sin_port = htons((uint16_t)(service ? strtoul(service, NULL, 10) : 0));
        inet_pton(AF_INET, addresses[i], &rows[i].at.sin_addr);
        rows[i].info = (struct addrinfo){.ai_family = AF_INET,
                                         .ai_socktype = SOCK_STREAM,
                                         .ai_addrlen = sizeof(rows[i].at),
                                         .ai_addr = (struct sockaddr *)&rows[i].at};
        if (i)
            rows[i - 1].info.ai_next = &rows[i].info;
    }
    *out = &rows[0].info;
    return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
    free(list); /* the first member of the first row */
}

/* The first address is dead or hangs; the second one serves. */
static void try_addresses(bool hangs)
{
    struct hvs_http_opts opts = {0};
    struct exchange exchange;
    struct hvs_posted posted;
    struct deaf deaf = {.fd = -1};
    struct tiny tiny;
    int64_t began = hvs_clock_ms();
    char url[64];

    tiny_start(&tiny, NULL, 0, NULL);
    addresses[0] = "127.0.0.2";
    addresses[1] = "127.0.0.1";
    resolved = 0;
    if (hangs && deaf_start(&deaf, addresses[0], tiny.port, true) < 0) {
        tiny_stop(&tiny);
        print_message("no second loopback address\n");
        skip();
    }
    snprintf(url, sizeof(url), "http://two.hvsnap.test:%u/wsman", tiny.port);
    opts.url = url;
    exchange_open(&exchange, &opts);
    exchange_post(&exchange, "<hv/>", 2000, &posted);
    exchange_close(&exchange);
    if (hangs)
        deaf_stop(&deaf);
    tiny_stop(&tiny);
    if (!resolved) {
        print_message("this libcurl resolves names by itself\n");
        skip();
    }
    assert_int_equal(posted.status, 200);
    assert_int_equal(exchange.asked, 1);
    assert_int_equal(tiny.requests, 1);
    assert_true(hvs_clock_ms() - began < 2000);
}

static void test_first_dead(void **state)
{
    (void)state;
    try_addresses(false);
}

static void test_first_hangs(void **state)
{
    (void)state;
    try_addresses(true);
}

/* A resolver that never answers is left alone when the time is over. */
static void test_hung_resolver(void **state)
{
    struct hvs_http_opts opts = {.url = "https://two.hvsnap.test:5986/wsman"};
    int64_t began = hvs_clock_ms(), took;
    struct exchange exchange;
    struct hvs_posted posted;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    hang = ends[0];
    resolved = 0;
    exchange_open(&exchange, &opts);
    exchange_post(&exchange, "<hv/>", 300, &posted);
    exchange_close(&exchange);
    took = hvs_clock_ms() - began;
    close(ends[1]);
    hang = -1;
    if (!resolved) {
        print_message("this libcurl resolves names by itself\n");
        skip();
    }
    assert_int_equal(posted.net_code, CURLE_OPERATION_TIMEDOUT);
    assert_false(posted.began);
    assert_in_range(took, 300, 300 + 250);
}

/* The URL's name stays in the Host header, and with TLS in the certificate's check. */
static void test_connect_to(void **state)
{
    static const struct tiny_tls like = {.name = "hv01.hvsnap.test"};
    struct hvs_http_opts opts = {.url = "https://hv01.hvsnap.test:5986/wsman"};
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;
    char to[64];

    (void)state;
    tiny_start(&tiny, NULL, 0, &like);
    snprintf(to, sizeof(to), "127.0.0.1:%u", tiny.port);
    opts.connect_to = to;
    opts.ca_file = tiny.ca_file;
    exchange_open(&exchange, &opts);
    exchange_post(&exchange, "<hv/>", EXCHANGE_MS, &posted);
    assert_int_equal(posted.status, 200);
    exchange_close(&exchange);
    tiny_stop(&tiny);
    assert_non_null(strstr(tiny.sent[0], "\r\nHost: hv01.hvsnap.test:5986\r\n"));
}

#define TO_A_PROXY "CONNECT hv01.hvsnap.test:5986 HTTP/1.1\r\n"

struct proxy_case {
    const char *name;
    const char *user;  /* of the proxy */
    const char *reply; /* to CONNECT */
    const char *sent;  /* part of what it was sent */
    const char *text;  /* part of what is said */
    int status;        /* of the proxy */
};

static const struct proxy_case proxies[] = {
    {"refuses", NULL, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", TO_A_PROXY,
     "403", 403},
    {"wants a login", NULL,
     "HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
     "Content-Length: 0\r\n\r\n",
     TO_A_PROXY, "407", 407},
    {"has its own credentials", "bob:secret",
     "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
     "\r\nProxy-Authorization: Basic Ym9iOnNlY3JldA==\r\n", "403", 403},
    {"hangs up", NULL, NULL, TO_A_PROXY, "", 0},
};

/* Clear HTTP goes through a tunnel as well: the proxy never sees a request. */
static void test_proxy(void **state)
{
    const struct proxy_case *row = *state;
    const struct tiny_step steps[] = {{row->reply, TINY_CLOSE}};
    struct hvs_http_opts opts = {.url = "http://hv01.hvsnap.test:5986/wsman",
                                 .proxy_user = row->user};
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;
    char proxy[64];

    tiny_start(&tiny, steps, COUNT(steps), NULL);
    snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%u", tiny.port);
    opts.proxy = proxy;
    exchange_open(&exchange, &opts);
    exchange.authorization = "Authorization: Basic c2VjcmV0";
    exchange_post(&exchange, "<hv/>", EXCHANGE_MS, &posted);
    assert_true(posted.net_code != 0);
    assert_false(posted.began);
    assert_int_equal(posted.status, 0);
    assert_int_equal(posted.proxy_status, row->status);
    assert_string_equal(posted.proxy, proxy + strlen("http://"));
    assert_int_equal(exchange.asked, 0);
    if (!strstr(posted.net_text, row->text))
        fail_msg("'%s' does not hold '%s'", posted.net_text, row->text);
    exchange_close(&exchange);
    tiny_stop(&tiny);
    assert_int_equal(tiny.requests, 1);
    assert_non_null(strstr(tiny.sent[0], row->sent));
    assert_null(strstr(tiny.sent[0], "c2VjcmV0\r\n"));
}

struct name_case {
    const char *proxy, *name;
};

static const struct name_case names[] = {
    {"http://proxy:3128", "proxy:3128"},
    {"proxy:3128", "proxy:3128"},
    {"https://[fe80::1]:3128/", "[fe80::1]:3128"},
};

/* What messages call it. */
static void test_proxy_name(void **state)
{
    const struct name_case *row = *state;
    struct hvs_http_opts opts = {.proxy = row->proxy};
    struct hvs_way way = {0};
    CURL *easy = curl_easy_init();

    assert_int_equal(hvs_way_init(&way, &opts, easy), 0);
    assert_string_equal(way.proxy, row->name);
    hvs_way_clear(&way);
    curl_easy_cleanup(easy);
}

/* libcurl heeds these by itself. */
static void test_environment(void **state)
{
    static const char *const variables[] = {"http_proxy", "https_proxy", "HTTPS_PROXY",
                                            "all_proxy", "ALL_PROXY"};
    struct hvs_http_opts opts = {0};
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny, proxy;
    char url[64];
    size_t i;

    (void)state;
    tiny_start(&tiny, NULL, 0, NULL);
    tiny_start(&proxy, NULL, 0, NULL);
    snprintf(url, sizeof(url), "http://127.0.0.1:%u", proxy.port);
    for (i = 0; i < COUNT(variables); i++)
        setenv(variables[i], url, 1);
    snprintf(url, sizeof(url), "http://127.0.0.1:%u/wsman", tiny.port);
    opts.url = url;
    exchange_open(&exchange, &opts);
    exchange_post(&exchange, "<hv/>", EXCHANGE_MS, &posted);
    assert_int_equal(posted.status, 200);
    exchange_close(&exchange);
    for (i = 0; i < COUNT(variables); i++)
        unsetenv(variables[i]);
    tiny_stop(&tiny);
    tiny_stop(&proxy);
    assert_int_equal(proxy.connections, 0);
    assert_int_equal(tiny.requests, 1);
}

int main(void)
{
    const struct CMUnitTest alone[] = {
        cmocka_unit_test(test_first_dead),    cmocka_unit_test(test_first_hangs),
        cmocka_unit_test(test_hung_resolver), cmocka_unit_test(test_connect_to),
        cmocka_unit_test(test_environment),
    };
    struct CMUnitTest tests[COUNT(alone) + COUNT(proxies) + COUNT(names)];

    memcpy(tests, alone, sizeof(alone));
    CASES(tests + COUNT(alone), proxies, test_proxy);
    CASES(tests + COUNT(alone) + COUNT(proxies), names, test_proxy_name);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
