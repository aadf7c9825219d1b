#include "support/test.h"
#include "support/tiny.h"

#include "auth/gss.h"
#include "base/clock.h"

#include <hvsnap/hvsnap.h>

#include <curl/curl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whatever hangs: the deadline holds, and closing waits for nobody. */

enum { TIMEOUT_MS = 500, GRACE_MS = 250 };

/* The resolver hangs until this pipe's other end is closed; -1: it answers 127.0.0.1. */
static int hang = -1;

/* In place of the C library's, for libcurl and for Kerberos too. */
#define SEEN_BY_ALL __attribute__((visibility("default")))
SEEN_BY_ALL int getaddrinfo(const char *node, const char *service,
                            const struct addrinfo *hints, struct addrinfo **out);
SEEN_BY_ALL void freeaddrinfo(struct addrinfo *info);

struct row {
    struct addrinfo info;
    struct sockaddr_in at;
};

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **out)
{
    struct row *row = NULL;
    char byte;

    (void)node;
    if (hang >= 0 && read(hang, &byte, 1) == 0)
        return EAI_AGAIN;
    row = calloc(1, sizeof(*row));
    if (!row)
        return EAI_MEMORY;
    row->at = (struct sockaddr_in){.sin_family = AF_INET};
    row->at.sin_port = htons((uint16_t)(service ? strtoul(service, NULL, 10) : 0));
    row->at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    row->info = (struct addrinfo){.ai_family = AF_INET,
                                  .ai_socktype = hints ? hints->ai_socktype : SOCK_STREAM,
                                  .ai_addrlen = sizeof(row->at),
                                  .ai_addr = (struct sockaddr *)&row->at};
    *out = &row->info;
    return 0;
}

void freeaddrinfo(struct addrinfo *info)
{
    free(info); /* the first member of the row */
}

static struct hvs_client_opts at_port(unsigned port)
{
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;

    opts.host = "hv01.hvsnap.test";
    opts.port = (uint16_t)port;
    opts.auth = HVS_AUTH_BASIC;
    opts.user = "ops";
    opts.password = "secret";
    opts.timeout_ms = TIMEOUT_MS;
    return opts;
}

/* Under valgrind all takes longer. */
static int64_t grace(void)
{
    return getenv("WRAP") ? 20 * GRACE_MS : GRACE_MS;
}

/* List the VMs of who never says anything: how long it took. */
static int64_t list(const struct hvs_client_opts *opts)
{
    struct hvs_error err = {0};
    struct hvs_vm_list *list;
    struct hvs_client *client;
    int64_t began = hvs_clock_ms(), took;

    assert_int_equal(hvs_client_open(&client, opts, &err), 0);
    assert_int_equal(hvs_vm_list(client, NULL, &list, &err), -1);
    hvs_client_close(client);
    took = hvs_clock_ms() - began;
    assert_int_equal(err.class_, HVS_CLASS_DEADLINE);
    assert_true(took >= TIMEOUT_MS);
    return took;
}

/* A machine that has no time for us is no fault of ours: once in time is enough. */
static void expect_deadline(const struct hvs_client_opts *opts)
{
    enum { TRIES = 4 };
    int64_t took = 0;
    int i;

    for (i = 0; i < TRIES; i++) {
        took = list(opts);
        if (took <= TIMEOUT_MS + grace())
            return;
    }
    fail_msg("it took %lld ms, and no less in %d tries", (long long)took, TRIES);
}

static void test_resolver(void **state)
{
    struct hvs_client_opts opts = at_port(1);
    int ends[2];

    (void)state;
    if (curl_version_info(CURLVERSION_NOW)->ares) {
        print_message("this libcurl resolves names by itself\n");
        skip();
    }
    assert_int_equal(pipe(ends), 0);
    hang = ends[0];
    expect_deadline(&opts);
    close(ends[1]); /* `hang` stays open: its thread may just begin to read */
}

static void test_connect(void **state)
{
    struct hvs_client_opts opts;
    struct deaf deaf;

    (void)state;
    if (deaf_start(&deaf, "127.0.0.1", 0, true) < 0) {
        print_message("no connection can be made to hang\n");
        skip();
    }
    opts = at_port(deaf.port);
    expect_deadline(&opts);
    deaf_stop(&deaf);
}

static void test_handshake(void **state)
{
    struct hvs_client_opts opts;
    struct deaf deaf;

    (void)state;
    assert_int_equal(deaf_start(&deaf, "127.0.0.1", 0, false), 0);
    opts = at_port(deaf.port);
    opts.insecure = true; /* reading the system's authorities takes its time */
    expect_deadline(&opts);
    deaf_stop(&deaf);
}

static void test_reply(void **state)
{
    static const struct tiny_step steps[] = {{NULL, TINY_KEEP}};
    struct hvs_client_opts opts;
    struct tiny tiny;

    (void)state;
    tiny_start(&tiny, steps, COUNT(steps), &(struct tiny_tls){0});
    opts = at_port(tiny.port);
    opts.insecure = true;
    expect_deadline(&opts);
    tiny_stop(&tiny);
    assert_int_equal(tiny.requests, 1);
}

/* The KDC takes a connection, and says nothing. */
static void test_kdc(void **state)
{
    struct hvs_client_opts opts = at_port(1);
    char path[200];
    struct deaf deaf;
    FILE *file;

    (void)state;
    if (!hvs_gss_built()) {
        print_message("built without Kerberos\n");
        skip();
    }
    assert_int_equal(deaf_start(&deaf, "127.0.0.1", 0, false), 0);
    snprintf(path, sizeof(path), "%s/hvsnap-krb5.XXXXXX",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    file = fdopen(mkstemp(path), "w");
    assert_non_null(file);
    fprintf(file,
            "[libdefaults]\n default_realm = HVSNAP.TEST\n dns_lookup_kdc = false\n"
            " dns_canonicalize_hostname = false\n rdns = false\n"
            " udp_preference_limit = 1\n"
            "[realms]\n HVSNAP.TEST = {\n  kdc = 127.0.0.1:%u\n }\n",
            deaf.port);
    fclose(file);
    setenv("KRB5_CONFIG", path, 1);
    opts.auth = HVS_AUTH_KERBEROS;
    opts.user = "ops@HVSNAP.TEST";
    expect_deadline(&opts);
    unlink(path);
    deaf_stop(&deaf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kdc),       cmocka_unit_test(test_connect),
        cmocka_unit_test(test_handshake), cmocka_unit_test(test_reply),
        cmocka_unit_test(test_resolver), /* the last: it leaves the resolver hung */
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
