#include "support/feed.h"

#include "auth/mech.h"

#include <hvsnap/hvsnap.h>

#include <string.h>

struct open_case {
    const char *name;
    const char *host, *user, *password;
    enum hvs_auth_method auth;
    bool plain_http;
    size_t size;            /* 0: the whole struct */
    enum hvs_domain domain; /* HVS_OK: it must open */
    const char *says;
};

#define WHOLE sizeof(struct hvs_client_opts)

static const struct open_case cases[] = {
    {"Basic over TLS", "hv01", "admin", "secret", HVS_AUTH_BASIC, false, 0, HVS_OK, ""},
    {"NTLM over clear HTTP", "hv01", "CORP\\admin", "secret", HVS_AUTH_NTLM, true, 0,
     HVS_OK, ""},
    {"Basic over clear HTTP", "hv01", "admin", "secret", HVS_AUTH_BASIC, true, 0,
     HVS_USAGE, "Basic sends the password in clear"},
    {"Basic without a password", "hv01", "admin", NULL, HVS_AUTH_BASIC, false, 0,
     HVS_USAGE, "needs a password"},
    {"no host", NULL, "admin", "secret", HVS_AUTH_BASIC, false, 0, HVS_USAGE,
     "no host given"},
    {"a bad host", "hv 01", "admin", "secret", HVS_AUTH_BASIC, false, 0, HVS_USAGE,
     "'hv 01' is no host name"},
    {"not initialised", "hv01", "admin", "secret", HVS_AUTH_BASIC, false, 1, HVS_USAGE,
     "not started from HVS_CLIENT_OPTS_INIT"},
    {"a newer program", "hv01", "admin", "secret", HVS_AUTH_BASIC, false, WHOLE + 8,
     HVS_USAGE, "options of a newer version"},
    {"an older program", "hv01", "admin", "secret", HVS_AUTH_BASIC, false,
     offsetof(struct hvs_client_opts, pins), HVS_OK, ""},
};

static void test_open(void **state)
{
    const struct open_case *row = *state;
    static const char *const never_read[] = {"no pin at all", NULL};
    struct {
        struct hvs_client_opts opts;
        char more[64];
    } given = {.opts = HVS_CLIENT_OPTS_INIT};
    struct hvs_client *client = NULL;
    struct hvs_error err = {0};
    int rc;

    given.opts.host = row->host;
    given.opts.user = row->user;
    given.opts.password = row->password;
    given.opts.auth = row->auth;
    given.opts.plain_http = row->plain_http;
    if (row->size)
        given.opts.size = row->size;
    if (row->size && row->size < WHOLE)
        given.opts.pins = never_read; /* beyond what that program knew */
    rc = hvs_client_open(&client, &given.opts, &err);
    assert_string_equal(hvs_domain_name(err.domain), hvs_domain_name(row->domain));
    assert_err(&err, row->domain, row->says);
    assert_int_equal(rc, row->domain ? -1 : 0);
    assert_int_equal(client != NULL, row->domain == HVS_OK);
    hvs_client_close(client);
}

/* What `negotiate` comes to. */
struct negotiate_case {
    const char *name;
    const char *host, *user, *password;
    bool plain_http;
    const char *mechanism; /* NULL: there is none */
    const char *says, *hint;
};

static const struct negotiate_case negotiate_cases[] = {
    {"no password", "hv01", NULL, NULL, false, "kerberos", "", ""},
    {"a user's ticket", "hv01", "CORP\\admin", NULL, false, "kerberos", "", ""},
    {"a password", "hv01", "CORP\\admin", "secret", false, "ntlm", "", ""},
    {"a password of a realm", "hv01", "admin@CORP", "secret", false, "ntlm", "", ""},
    {"a password for an address", "10.0.0.5", "admin", "secret", false, "ntlm", "", ""},
    {"clear, no password", "hv01", NULL, NULL, true, "kerberos", "", ""},
    {"clear, a password", "hv01", "CORP\\admin", "secret", true, "kerberos", "", ""},
    {"clear, a password of a realm", "hv01", "admin@CORP", "secret", true, "kerberos", "",
     ""},
    {"clear, a bare user", "hv01", "admin", "secret", true, NULL, "names no realm",
     "--auth ntlm"},
    {"clear, an address", "10.0.0.5", "CORP\\admin", "secret", true, NULL,
     "that is an address", "--auth ntlm"},
    {"clear, an address and no password", "fe80::1", "CORP\\admin", NULL, true, NULL,
     "there is no password", "--password-file"},
    {"an address and no password", "10.0.0.5", "CORP\\admin", NULL, false, NULL,
     "there is no password", "--password-file"},
    {"an address and nobody", "10.0.0.5", NULL, NULL, false, NULL, "there is no password",
     "--user"},
};

static void test_negotiate(void **state)
{
    const struct negotiate_case *row = *state;
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_client *client = NULL;
    struct hvs_error err = {0};

    if (!hvs_gss_built())
        skip();
    opts.host = row->host;
    opts.user = row->user;
    opts.password = row->password;
    opts.plain_http = row->plain_http;
    assert_int_equal(hvs_client_open(&client, &opts, &err), row->mechanism ? 0 : -1);
    assert_err(&err, row->mechanism ? HVS_OK : HVS_AUTH, row->says);
    assert_non_null(strstr(err.hint, row->hint));
    if (row->mechanism)
        assert_string_equal(hvs_client_evidence(client)->mechanism, row->mechanism);
    hvs_client_close(client);
}

/* The address goes into the envelope as it goes into the URL. */
static void test_to(void **state)
{
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_snapshot_list *list;
    struct hvs_error err = {0};
    struct hvs_client *client;
    struct feed feed = {0};
    struct hvs_run *run;

    (void)state;
    opts.host = "fe80::1%eth0";
    opts.auth = HVS_AUTH_BASIC;
    opts.user = "admin";
    opts.password = "pass:word";
    opts.language = "ja-JP";
    assert_int_equal(hvs_client_open(&client, &opts, &err), 0);
    assert_int_equal(hvs_snapshot_list_start(&run, client, NULL, &err), 0);
    feed_run(&feed, run, "[]");
    assert_int_equal(hvs_snapshot_list_end(run, &list, &err), 0);
    assert_non_null(
        strstr(feed_post(&feed, 0), "<a:To>https://[fe80::1%25eth0]:5986/wsman</a:To>"));
    assert_non_null(strstr(feed_post(&feed, 0), "<w:Locale xml:lang=\"ja-JP\""));
    /* RFC 7617: base64 of "admin:pass:word" */
    assert_string_equal(feed.authorization, "Authorization: Basic YWRtaW46cGFzczp3b3Jk");
    assert_string_equal(hvs_client_evidence(client)->mechanism, "basic");
    assert_string_equal(hvs_client_evidence(client)->account, "admin");
    assert_int_equal(hvs_client_evidence(client)->requests, 1);
    hvs_snapshot_list_free(list);
    feed_clear(&feed);
    hvs_client_close(client);
}

static void test_one_at_a_time(void **state)
{
    struct hvs_client *client = feed_client(0);
    struct hvs_run *run, *second;
    struct hvs_vm_list *vms;
    struct hvs_error err = {0};
    struct feed feed = {0};

    (void)state;
    assert_int_equal(hvs_vm_list_start(&run, client, NULL, &err), 0);
    assert_int_equal(hvs_vm_list_start(&second, client, NULL, &err), -1);
    assert_null(second);
    assert_err(&err, HVS_USAGE, "another operation runs on this client");
    err = (struct hvs_error){0};
    feed_run(&feed, run, "[vm|web1|3] [host]");
    assert_int_equal(hvs_vm_list_end(run, &vms, &err), 0);
    hvs_vm_list_free(vms);
    feed_clear(&feed);
    /* and then the next may */
    assert_int_equal(hvs_vm_list_start(&run, client, NULL, &err), 0);
    hvs_client_close(client);
}

/* Ended before it was over: nothing is asked of a host that is not there. */
static void test_end_early(void **state)
{
    struct hvs_client *client = feed_client(0);
    struct hvs_error err = {0};
    struct hvs_vm_list *vms;
    struct hvs_run *run;

    (void)state;
    assert_int_equal(hvs_vm_list_start(&run, client, NULL, &err), 0);
    assert_int_equal(hvs_vm_list_end(run, &vms, &err), -1);
    assert_err(&err, HVS_USAGE, "it was ended before it was over");
    assert_int_equal(err.class_, HVS_CLASS_INTERRUPTED);
    assert_null(vms);
    assert_int_equal(hvs_client_evidence(client)->requests, 0);
    hvs_client_close(client);
    hvs_client_close(NULL);
}

struct identify_case {
    const char *name;
    const char *script;
    bool anonymous;
    const char *version; /* NULL: it must fail */
    enum hvs_domain domain;
    const char *says;
};

static const struct identify_case identify_cases[] = {
    {"logged in", "identity|OS:_10.0.20348_SP:_0.0_Stack:_3.0", false,
     "OS: 10.0.20348 SP: 0.0 Stack: 3.0", HVS_OK, ""},
    {"before any login", "identity|OS:_0.0.0_SP:_0.0_Stack:_3.0", true,
     "OS: 0.0.0 SP: 0.0 Stack: 3.0", HVS_OK, ""},
    {"something else", "[]", false, NULL, HVS_XML, "no IdentifyResponse"},
    {"a web server", "html|200", true, NULL, HVS_HTTP, "answers with 'text/html'"},
    {"a login is wanted even for that", "401|Negotiate", true, NULL, HVS_AUTH, "login"},
};

static void test_identify(void **state)
{
    const struct identify_case *row = *state;
    struct hvs_client *client = feed_client(0);
    struct hvs_identity *identity;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;
    int rc;

    assert_int_equal(hvs_identify_start(&run, client, row->anonymous, &err), 0);
    feed_run(&feed, run, row->script);
    rc = hvs_identify_end(run, &identity, &err);
    assert_string_equal(hvs_buf_str(&feed.log), "Identify");
    assert_int_equal(feed.authorization[0] == '\0', row->anonymous);
    assert_int_equal(rc, row->version ? 0 : -1);
    if (row->version)
        assert_string_equal(identity->version, row->version);
    else
        assert_err(&err, row->domain, row->says);
    hvs_identity_free(identity);
    feed_clear(&feed);
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest
        tests[COUNT(cases) + COUNT(identify_cases) + COUNT(negotiate_cases) + 3];
    struct CMUnitTest *at = tests;

    CASES(at, cases, test_open);
    CASES(at += COUNT(cases), identify_cases, test_identify);
    CASES(at += COUNT(identify_cases), negotiate_cases, test_negotiate);
    at += COUNT(negotiate_cases);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_to);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_one_at_a_time);
    *at = (struct CMUnitTest)cmocka_unit_test(test_end_early);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
