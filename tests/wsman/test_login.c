#include "support/fake_mech.h"
#include "support/test.h"

#include "wsman/login.h"

#include <stdio.h>
#include <string.h>

/* A certificate, and the SHA-256 of its DER. */
static const char certificate[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBcjCCARmgAwIBAgIUTgOcX4eMcltyhzelFe0NQ+RBvsYwCgYIKoZIzj0EAwIw\n"
    "DzENMAsGA1UEAwwEaHYwMTAeFw0yNjExMjMwMTIxNTVaFw0yNjExMjQwMTIxNTVa\n"
    "MA8xDTALBgNVBAMMBGh2MDEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATYGU/e\n"
    "XgJIdwyhK8dm6bz06SbGXOnUPr26caNq7C2gEmjN2TjY+XzXPh7TrXD0wp5PVxjX\n"
    "v1NNNJMMMK+oBuxTo1MwUTAdBgNVHQ4EFgQUeNyYCjP71KG8f9dZUFZypq+0iIsw\n"
    "HwYDVR0jBBgwFoAUeNyYCjP71KG8f9dZUFZypq+0iIswDwYDVR0TAQH/BAUwAwEB\n"
    "/zAKBggqhkjOPQQDAgNHADBEAiAc59DnoJui1qmNPEeFDzwW1Ljl7Es3tKmXg1TG\n"
    "VyWKHAIgUKgyWPvms07DdJ4s/YxsCJkm15mC3ws1QGgFkOpPdXw=\n"
    "-----END CERTIFICATE-----\n";
static const char bound[] =
    "tls-server-end-point:"
    "\xb7\x9d\x1a\x15\x65\xe0\xcc\xea\xb5\x83\xa4\xbc\xdd\x12\xd9\x8c"
    "\x1b\x63\x7c\x5d\x71\x24\x44\x1a\x35\x99\xf7\x37\xb4\x9c\x4c\x7f";
enum { BOUND = sizeof(bound) - 1 };

/* A login and its mechanism. */
struct fixture {
    struct fake_mech *fake;
    struct hvs_login login;
    struct hvs_buf header;
};

static void setup(struct fixture *f)
{
    f->fake = fake_mech_new();
    f->header = (struct hvs_buf)HVS_BUF_INIT(1000);
    hvs_login_init(&f->login, &f->fake->mech, true);
}

static void clear(struct fixture *f)
{
    hvs_login_clear(&f->login);
    hvs_buf_clear(&f->header);
    hvs_mech_free(&f->fake->mech);
}

/* Ask for a token on a connection: the header, or "" when nothing may be posted. */
static const char *ask(struct fixture *f, uint64_t connection, const char *pem)
{
    hvs_buf_clear(&f->header);
    return hvs_login_ask(&f->login, connection, pem, &f->header) < 0
               ? ""
               : hvs_buf_str(&f->header);
}

static enum hvs_login_next answer(struct fixture *f, int status, const char *challenges,
                                  struct hvs_error *err)
{
    const struct hvs_posted posted = {.began = true,
                                      .status = status,
                                      .bytes = "",
                                      .challenges = challenges};

    return hvs_login_answer(&f->login, &posted, "hv01", err);
}

#define ONE "Authorization: Negotiate b25l"
#define TWO "Authorization: Negotiate dHdv"
#define MORE "Negotiate bW9yZQ==\n"
#define PROOF "Negotiate cHJvb2Y=\n"

static void test_legs(void **state)
{
    struct hvs_error err = {0};
    struct fixture f;

    (void)state;
    setup(&f);
    assert_string_equal(ask(&f, 1, NULL), ONE);
    assert_int_equal(answer(&f, 401, MORE, &err), HVS_LOGIN_LEG);
    assert_string_equal(ask(&f, 1, NULL), TWO);
    assert_int_equal(answer(&f, 200, PROOF, &err), HVS_LOGIN_IN);
    assert_true(f.login.in);
    assert_int_equal(f.login.connection, 1);
    assert_int_equal(f.fake->binding_len, 0); /* there was no TLS */
    hvs_login_reset(&f.login);
    assert_false(f.login.in);
    assert_false(f.fake->mech.complete);
    clear(&f);
}

/* Every leg is bound to the certificate of the first one's connection. */
static void test_bound(void **state)
{
    struct hvs_error err = {0};
    struct fixture f;

    (void)state;
    setup(&f);
    assert_string_equal(ask(&f, 1, certificate), ONE);
    assert_int_equal(f.fake->binding_len, BOUND);
    assert_memory_equal(f.fake->binding, bound, BOUND);
    assert_int_equal(answer(&f, 401, MORE, &err), HVS_LOGIN_LEG);
    /* libcurl shows the certificate while the connection is new, and maybe no longer */
    assert_string_equal(ask(&f, 1, NULL), TWO);
    assert_int_equal(f.fake->binding_len, BOUND);
    assert_memory_equal(f.fake->binding, bound, BOUND);
    /* and the next login is not bound to what the last one was */
    hvs_login_reset(&f.login);
    assert_string_equal(ask(&f, 2, NULL), ONE);
    assert_int_equal(f.fake->binding_len, 0);
    clear(&f);
}

/* No token goes out unbound because a certificate could not be read. */
static void test_bad_certificate(void **state)
{
    struct hvs_error err = {0};
    struct fixture f;

    (void)state;
    setup(&f);
    assert_string_equal(ask(&f, 1, "-----BEGIN CERTIFICATE-----\nnonsense\n"), "");
    assert_int_equal(f.fake->steps, 0);
    assert_int_equal(answer(&f, 0, "", &err), HVS_LOGIN_FAILED);
    assert_int_not_equal(err.domain, HVS_OK);
    clear(&f);
}

/* Nor because there was none to be read: a host that checks only what is sent would take
 * it, from whoever sits between. */
static void test_no_certificate(void **state)
{
    struct hvs_error err = {0};
    struct fixture f;

    (void)state;
    setup(&f);
    f.fake->ops.binds = true;
    assert_string_equal(ask(&f, 1, NULL), "");
    assert_int_equal(f.fake->steps, 0);
    assert_int_equal(answer(&f, 0, "", &err), HVS_LOGIN_FAILED);
    assert_err(&err, HVS_AUTH, "cannot be bound to the host's certificate");
    hvs_login_reset(&f.login);
    f.login.tls = false; /* over clear HTTP there is nothing to be bound to */
    assert_string_equal(ask(&f, 2, NULL), ONE);
    clear(&f);
}

static void test_other_connection(void **state)
{
    const struct hvs_posted refused = {.refused = true, .bytes = "", .challenges = ""};
    struct hvs_error err = {0};
    struct fixture f;

    (void)state;
    setup(&f);
    assert_string_equal(ask(&f, 1, NULL), ONE);
    assert_int_equal(answer(&f, 401, MORE, &err), HVS_LOGIN_LEG);
    assert_string_equal(ask(&f, 2, NULL), "");
    assert_int_equal(f.fake->steps, 1); /* the token is not given away */
    assert_int_equal(hvs_login_answer(&f.login, &refused, "hv01", &err), HVS_LOGIN_RESET);
    clear(&f);
}

/* A mechanism without a context says the same on any connection. */
static void test_each_request(void **state)
{
    struct fixture f;

    (void)state;
    setup(&f);
    f.fake->ops.each_request = true;
    f.fake->ops.scheme = "Basic";
    assert_string_equal(ask(&f, 1, NULL), "Authorization: Basic b25l");
    assert_string_equal(ask(&f, 2, certificate), "Authorization: Basic b25l");
    assert_int_equal(f.fake->binding_len, 0);
    clear(&f);
}

struct deny_case {
    const char *name; /* of the mechanism */
    const char *account, *domain;
    const char *message, *hint;
};

static const struct deny_case deny_cases[] = {
    {"kerberos", "admin", "CORP.EXAMPLE.COM",
     "'hv01' refused to log in 'CORP.EXAMPLE.COM\\admin' by kerberos", "--spn WSMAN"},
    {"ntlm", "admin", "CORP", "'hv01' refused to log in 'CORP\\admin' by ntlm",
     "the domain is missing"},
    {"ntlm", "admin", "", "'hv01' refused to log in 'admin' by ntlm",
     "NTLM is refused there (try --auth kerberos)"},
    {"basic", "admin", "", "'hv01' refused to log in 'admin' by basic",
     "Basic is for local accounts"},
    {"certificate", "", "", "'hv01' refused to log in '' by certificate",
     "map this one to an account"},
};

static void test_deny(void **state)
{
    const struct deny_case *row = *state;
    const struct hvs_posted posted = {.status = 401,
                                      .challenges = "Negotiate\nKerberos\n"};
    struct hvs_error err = {0};
    struct fixture f;

    setup(&f);
    f.fake->ops.name = row->name;
    snprintf(f.fake->mech.evidence.account, 256, "%s", row->account);
    snprintf(f.fake->mech.evidence.domain, 256, "%s", row->domain);
    assert_int_equal(hvs_login_deny(&f.login, &posted, "hv01", &err), -1);
    assert_string_equal(err.message, row->message);
    assert_non_null(strstr(err.hint, row->hint));
    assert_string_equal(err.detail, "the host offers: Negotiate, Kerberos");
    assert_int_equal(f.login.denied.domain, HVS_AUTH);
    clear(&f);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(deny_cases) + 6];
    struct CMUnitTest *at = tests;

    CASES(at, deny_cases, test_deny);
    at += COUNT(deny_cases);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_legs);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_bound);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_bad_certificate);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_no_certificate);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_other_connection);
    *at = (struct CMUnitTest)cmocka_unit_test(test_each_request);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
