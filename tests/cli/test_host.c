#include "support/test.h"

#include "cli/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIN_A "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define PIN_B "sha256//BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA="

/* What the command line says, and what the library is told. */
struct host_case {
    const char *label;
    const char *argv[8];
    const char *pins; /* joined by '|'; NULL for none */
    const char *tls_name, *connect_to, *proxy;
};

static const struct host_case cases[] = {
    {"nothing", {NULL}, NULL, NULL, NULL, NULL},
    {"a pin", {"--pin", PIN_A}, PIN_A, NULL, NULL, NULL},
    {"two pins", {"--pin", PIN_A, "--pin", PIN_B}, PIN_A "|" PIN_B, NULL, NULL, NULL},
    {"two in one", {"--pin", PIN_A "," PIN_B}, PIN_A "|" PIN_B, NULL, NULL, NULL},
    {"both ways",
     {"--pin=" PIN_A "," PIN_B, "--pin", PIN_A},
     PIN_A "|" PIN_B "|" PIN_A,
     NULL,
     NULL,
     NULL},
    {"an empty pin is kept, to be refused", {"--pin="}, "", NULL, NULL, NULL},
    {"the name in the certificate",
     {"--tls-name", "hv01.corp"},
     NULL,
     "hv01.corp",
     NULL,
     NULL},
    {"a tunnel", {"--connect-to", "localhost:7000"}, NULL, NULL, "localhost:7000", NULL},
    {"a proxy", {"--proxy", "http://p:3128"}, NULL, NULL, NULL, "http://p:3128"},
};

/* Which scheme a target and its port come to. */
struct scheme_case {
    const char *label, *target;
    const char *argv[3];
    bool plain;
    unsigned port;
};

static const struct scheme_case schemes[] = {
    {"HTTPS unless said", "h", {NULL}, false, 0},
    {"http://", "http://h", {NULL}, true, 0},
    {"HTTP's port", "h", {"--port", "5985"}, true, 5985},
    {"HTTP's port in the target", "h:5985", {NULL}, true, 5985},
    {"HTTP's port, and yet https://", "https://h:5985", {NULL}, false, 5985},
    {"HTTPS's port, and yet http://", "http://h", {"--port", "5986"}, true, 5986},
    {"another port", "h", {"--port", "443"}, false, 443},
};

struct fixture {
    struct hosts hosts;
    struct settings given;
    struct notice notice;
    struct target target;
    struct host *host;
    struct hvs_error err;
};

/* Take the words as options, and the host. */
static int get_host(struct fixture *f, const char *host, const char *const *words)
{
    struct opt_set set = {.rows = setting_rows, .into = &f->given};
    char *argv[16] = {(char *)"hvsnap"};
    int argc = 1;

    f->given = (struct settings)SETTINGS_INIT;
    while (words[argc - 1]) {
        argv[argc] = (char *)words[argc - 1];
        argc++;
    }
    assert_int_equal(opt_parse(&set, 1, argc, argv, &f->err), 0);
    notice_open(&f->notice, stderr, true);
    f->hosts.given = set;
    f->hosts.notice = &f->notice;
    assert_int_equal(target_parse_host(&f->target, host, &f->err), 0);
    return hosts_get(&f->hosts, &f->target, &f->host, &f->err);
}

static void clear(struct fixture *f)
{
    target_clear(&f->target);
    hosts_clear(&f->hosts);
}

static void same(const char *got, const char *wanted)
{
    if (wanted)
        assert_string_equal(got, wanted);
    else
        assert_null(got);
}

static void test_opts(void **state)
{
    const struct host_case *row = *state;
    const char *const *pin;
    struct fixture f = {0};
    char joined[400] = "";
    size_t len = 0;

    assert_int_equal(get_host(&f, "h", row->argv), 0);
    same(f.host->opts.tls_name, row->tls_name);
    same(f.host->opts.connect_to, row->connect_to);
    same(f.host->opts.proxy, row->proxy);
    assert_null(f.host->opts.proxy_user);
    pin = f.host->opts.pins;
    assert_int_equal(pin != NULL, row->pins != NULL);
    for (; pin && *pin; pin++)
        len += (size_t)snprintf(joined + len, sizeof(joined) - len, "%s%s",
                                pin == f.host->opts.pins ? "" : "|", *pin);
    if (row->pins)
        assert_string_equal(joined, row->pins);
    clear(&f);
}

static void test_scheme(void **state)
{
    const struct scheme_case *row = *state;
    struct fixture f = {0};

    assert_int_equal(get_host(&f, row->target, row->argv), 0);
    assert_int_equal(f.host->opts.plain_http, row->plain);
    assert_int_equal(f.host->opts.port, row->port);
    clear(&f);
}

/* The file of the proxy's user, by its text and its mode. */
struct user_case {
    const char *label, *text;
    mode_t mode;
    const char *user, *error;
};

static const struct user_case users[] = {
    {"user and password", "ops:se:cret\nmore\n", 0600, "ops:se:cret", NULL},
    {"no colon", "ops\n", 0600, NULL, "holds no user of the proxy"},
    {"empty", "\n", 0600, NULL, "is empty"},
    {"others may write it", "ops:secret\n", 0622, NULL, "others may write"},
};

static void test_proxy_user(void **state)
{
    const struct user_case *row = *state;
    char path[] = "/tmp/hvsnap-test-XXXXXX";
    const char *const words[] = {"--proxy", "http://p", "--proxy-user-file", path, NULL};
    struct fixture f = {0};
    int fd = mkstemp(path);
    int rc;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, row->text, strlen(row->text)), strlen(row->text));
    assert_int_equal(fchmod(fd, row->mode), 0);
    close(fd);
    rc = get_host(&f, "h", words);
    unlink(path);
    assert_int_equal(rc, row->user ? 0 : -1);
    if (row->user)
        assert_string_equal(f.host->opts.proxy_user, row->user);
    else
        assert_err(&f.err, HVS_USAGE, row->error);
    clear(&f);
}

/* When a password is wiped: one host, `targets` on it, one client. */
struct forget_case {
    const char *label;
    size_t targets, most;
    bool no_clients, kept;
};

static const struct forget_case forgets[] = {
    {"the only client is open", 1, 4, false, false},
    {"a second one may be opened", 2, 4, false, true},
    {"without a limit too", 2, 0, false, true},
    {"it may not", 2, 1, false, false},
    {"clients of somebody else's", 1, 4, true, true},
};

static void test_forget(void **state)
{
    const struct forget_case *row = *state;
    char path[] = "/tmp/hvsnap-test-XXXXXX";
    const char *const words[] = {"--user",          "u",  "--auth", "ntlm",
                                 "--password-file", path, NULL};
    struct fixture f = {.hosts = {.no_clients = row->no_clients}};
    int fd = mkstemp(path);
    size_t i;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, "secret\n", 7), 7);
    close(fd);
    assert_int_equal(get_host(&f, "h", words), 0);
    unlink(path);
    for (i = 1; i < row->targets; i++)
        assert_int_equal(hosts_get(&f.hosts, &f.target, &f.host, &f.err), 0);
    assert_string_equal(f.host->opts.password, "secret");
    hosts_forget(&f.hosts, row->most);
    same(f.host->opts.password, row->kept ? "secret" : NULL);
    assert_int_equal(f.hosts.secrets.first != NULL, row->kept);
    clear(&f);
}

int main(void)
{
    struct CMUnitTest
        tests[COUNT(cases) + COUNT(schemes) + COUNT(users) + COUNT(forgets)];
    struct CMUnitTest *at = tests;

    CASES(at, cases, test_opts);
    CASES(at += COUNT(cases), schemes, test_scheme);
    CASES(at += COUNT(schemes), users, test_proxy_user);
    CASES(at += COUNT(users), forgets, test_forget);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
