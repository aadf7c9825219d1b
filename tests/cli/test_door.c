#include "support/test.h"

#include "cli/door.h"

#include <stdio.h>
#include <string.h>

/* What is said when HTTPS is closed; fake_lib.c's "half" is open for clear HTTP. */
struct door_case {
    const char *name;
    const char *target; /* as with --host */
    unsigned port;      /* --port, or 0 */
    const char *proxy;
    int64_t code; /* of a network error */
    enum hvs_class class_;
    int64_t left;     /* ms to the deadline; 0: there is none */
    bool looks;       /* is it worth a look? */
    const char *says; /* part of the hint; NULL: it is as it was */
};

static const struct door_case cases[] = {
    {"refused", "half", 0, NULL, 7, HVS_CLASS_CONNECT, 0, true,
     "HTTPS is not open there, but port 5985 answers: say --port 5985, or write the host "
     "as http://half;"},
    {"dropped", "half", 0, NULL, 28, HVS_CLASS_CONNECT, 0, true, "HTTPS is silent there"},
    {"while there is time", "half", 0, NULL, 7, HVS_CLASS_CONNECT, 60000, true,
     "--port 5985"},
    {"when the time is over", "half", 0, NULL, 7, HVS_CLASS_CONNECT, 10, false, NULL},
    {"HTTPS's own port", "half", 5986, NULL, 7, HVS_CLASS_CONNECT, 0, true,
     "--port 5985"},
    {"a port in the target, which --port would not change", "half:5986", 0, NULL, 7,
     HVS_CLASS_CONNECT, 0, true, "answers: write the host as http://half;"},
    {"https://, which --port would not change", "https://half", 0, NULL, 7,
     HVS_CLASS_CONNECT, 0, true, "answers: write the host as http://half;"},
    {"an IPv6 address", "[fe80::1]", 0, NULL, 7, HVS_CLASS_CONNECT, 0, true,
     "http://[fe80::1];"},
    {"closed there too", "whole", 0, NULL, 7, HVS_CLASS_CONNECT, 0, true, NULL},
    {"a reply that did not come in time", "half", 0, NULL, 28, HVS_CLASS_DEADLINE, 0,
     false, NULL},
    {"a certificate that is not trusted", "half", 0, NULL, 60, HVS_CLASS_CONNECT, 0,
     false, NULL},
    {"another port", "half", 443, NULL, 7, HVS_CLASS_CONNECT, 0, false, NULL},
    {"clear HTTP it was", "http://half", 0, NULL, 7, HVS_CLASS_CONNECT, 0, false, NULL},
    {"by way of a proxy", "half", 0, "http://p", 7, HVS_CLASS_CONNECT, 0, false, NULL},
};

static void test_look(void **state)
{
    const struct door_case *row = *state;
    struct hvs_error err = {.domain = HVS_NET, .code = row->code, .hint = "as it was"};
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_error ignored = {0};
    struct target target;
    struct door door = {0};
    struct hvs_run *run;

    err.class_ = row->class_;
    assert_int_equal(target_parse_host(&target, row->target, &ignored), 0);
    opts.host = target.host;
    opts.port = target.port ? target.port : (uint16_t)row->port;
    opts.plain_http = target.scheme == SCHEME_HTTP;
    opts.proxy = row->proxy;
    door_look(&door, &target, &opts, NULL, row->left, &err, &run);
    assert_int_equal(run != NULL, row->looks);
    if (run)
        door_seen(&door, run, &err);
    assert_null(door.client);
    if (row->says)
        assert_non_null(strstr(err.hint, row->says));
    else
        assert_string_equal(err.hint, "as it was");
    door_look(&door, &target, &opts, NULL, row->left, &err, &run);
    assert_int_equal(run != NULL, false); /* once is enough, or it was never worth it */
    target_clear(&target);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_look);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
