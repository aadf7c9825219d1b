#include "support/kdc.h"
#include "support/test.h"

#include "auth/mech.h"

#ifdef HVS_GSSAPI

#include <hvsnap/client.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Tickets by password and by keytab, from a KDC of MIT's; and what it says no to.
 */

static struct kdc kdc;
static const char *why_not;

static int start(void **state)
{
    (void)state;
    why_not = kdc_start(&kdc);
    setenv("KRB5CCNAME", "FILE:/nonexistent/ccache", 1);
    unsetenv("KRB5_CLIENT_KTNAME");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    kdc_stop(&kdc);
    return 0;
}

static void need_kdc(void)
{
    if (!why_not)
        return;
    print_message("%s\n", why_not);
    skip();
}

/* The call that fetches the tickets, made and taken over. */
static int prepare(struct hvs_mech *mech, struct hvs_error *err)
{
    struct hvs_blocking *call = mech->ops->prepare(mech, err);
    int rc;

    assert_non_null(call);
    call->work(call);
    rc = mech->ops->prepared(mech, call, err);
    call->free(call);
    return rc;
}

struct ticket_case {
    const char *name;
    struct hvs_credentials who; /* `keytab`: a file of the KDC's */
    const char *service, *host;
    const char *account; /* NULL: it fails */
    const char *message, *hint;
};

static const struct ticket_case tickets[] = {
    {"user and realm",
     {.user = "hvuser@HVSNAP.TEST", .password = "Passw0rd!"},
     "HTTP",
     "localhost",
     "hvuser",
     NULL,
     NULL},
    {"a realm in small letters",
     {.user = "hvuser@hvsnap.test", .password = "Passw0rd!"},
     "WSMAN",
     "localhost",
     "hvuser",
     NULL,
     NULL},
    {"the default realm",
     {.user = "hvuser", .password = "Passw0rd!"},
     "HTTP",
     "localhost",
     "hvuser",
     NULL,
     NULL},
    {"DOMAIN\\user",
     {.user = "hvsnap\\hvuser", .password = "Passw0rd!"},
     "HTTP",
     "localhost",
     "hvuser",
     NULL,
     NULL},
    {"domain and user",
     {.user = "hvuser", .domain = "hvsnap.test", .password = "Passw0rd!"},
     "HTTP",
     "localhost",
     "hvuser",
     NULL,
     NULL},
    {"a keytab", {.keytab = "user.keytab"}, "HTTP", "localhost", "hvuser", NULL, NULL},
    {"a keytab and a user",
     {.user = "hvuser", .keytab = "user.keytab"},
     "HTTP",
     "localhost",
     "hvuser",
     NULL,
     NULL},
    {"no ticket",
     {.user = NULL},
     "HTTP",
     "localhost",
     NULL,
     "there is no ticket",
     "kinit"},
    {"no ticket of that user",
     {.user = "hvuser"},
     "HTTP",
     "localhost",
     NULL,
     "there is no ticket",
     "kinit"},
    {"a wrong password",
     {.user = "hvuser", .password = "x"},
     "HTTP",
     "localhost",
     NULL,
     "refused the password",
     "check the user name"},
    {"an unknown user",
     {.user = "nobody", .password = "x"},
     "HTTP",
     "localhost",
     NULL,
     "does not know this user",
     "--auth ntlm"},
    {"an unknown realm",
     {.user = "hvuser@ELSE.TEST", .password = "x"},
     "HTTP",
     "localhost",
     NULL,
     "no KDC of this realm",
     "spelling"},
    {"an unknown service",
     {.user = "hvuser", .password = "Passw0rd!"},
     "HTTP",
     "nosuch.hvsnap.test",
     NULL,
     "'HTTP/nosuch.hvsnap.test': the KDC does not know this",
     "--spn"},
    {"no such keytab",
     {.keytab = "none.keytab"},
     "HTTP",
     "localhost",
     NULL,
     "none.keytab",
     ""},
    {"a keytab without the user",
     {.user = "hvother", .keytab = "user.keytab"},
     "HTTP",
     "localhost",
     NULL,
     "no key for it",
     "klist -k"},
};

static void test_ticket(void **state)
{
    const struct ticket_case *row = *state;
    struct hvs_credentials who = row->who;
    struct hvs_error err = {0};
    struct hvs_mech *mech;

    need_kdc();
    if (who.keytab)
        who.keytab = kdc_path(&kdc, who.keytab);
    mech = hvs_gss_new(&who, row->service, row->host, &err);
    assert_non_null(mech);
    assert_int_equal(prepare(mech, &err), row->account ? 0 : -1);
    if (row->account) {
        assert_string_equal(mech->evidence.account, row->account);
        assert_string_equal(mech->evidence.domain, "HVSNAP.TEST");
    } else {
        assert_err(&err, HVS_AUTH, row->message);
        assert_non_null(strstr(err.hint, row->hint));
        assert_true(err.code != 0);
        assert_true(mech->evidence.gss_minor == (uint32_t)err.code);
    }
    hvs_mech_free(mech);
}

struct service_case {
    const char *name;
    const char *service, *host;
    const char *spn; /* the one that a ticket was had for; NULL for none */
};

static const struct service_case services[] = {
    {"the KDC knows HTTP", "HTTP", "localhost", "HTTP/localhost@HVSNAP.TEST"},
    {"it knows WSMAN alone", "HTTP", "wsman.hvsnap.test",
     "WSMAN/wsman.hvsnap.test@HVSNAP.TEST"},
    {"it knows host alone", "HTTP", "host.hvsnap.test",
     "host/host.hvsnap.test@HVSNAP.TEST"},
    {"host after WSMAN", "WSMAN", "host.hvsnap.test",
     "host/host.hvsnap.test@HVSNAP.TEST"},
    {"never one before the one asked for", "host", "wsman.hvsnap.test", NULL},
    {"it knows none", "HTTP", "nosuch.hvsnap.test", NULL},
};

static void test_service(void **state)
{
    static const struct hvs_credentials who = {.user = "hvuser", .password = "Passw0rd!"};
    const struct service_case *row = *state;
    struct hvs_error err = {0};
    struct hvs_mech *mech;

    need_kdc();
    mech = hvs_gss_new(&who, row->service, row->host, &err);
    assert_non_null(mech);
    assert_int_equal(prepare(mech, &err), row->spn ? 0 : -1);
    if (row->spn)
        assert_string_equal(mech->evidence.spn, row->spn);
    else
        assert_err(&err, HVS_AUTH, "does not know this service");
    hvs_mech_free(mech);
}

/* How often the KDC wrote of this in its log. */
static unsigned logged(const char *what)
{
    FILE *file = fopen(kdc_path(&kdc, "kdc.log"), "r");
    unsigned count = 0;
    char line[1024];

    assert_non_null(file);
    while (fgets(line, sizeof(line), file))
        count += strstr(line, "AS_REQ") && strstr(line, what);
    fclose(file);
    return count;
}

/* Log in to two hosts with the same credentials, and say what the second came to. */
static int log_in_twice(struct hvs_credentials who, struct hvs_error *err)
{
    static const char *const to[] = {"localhost", "wsman.hvsnap.test"};
    struct hvs_tickets *shared = hvs_tickets_new();
    struct hvs_mech *mechs[2];
    int rc = -1;
    size_t i;

    assert_non_null(shared);
    who.tickets = shared;
    for (i = 0; i < 2; i++) {
        *err = (struct hvs_error){0};
        mechs[i] = hvs_gss_new(&who, "HTTP", to[i], err);
        assert_non_null(mechs[i]);
        rc = prepare(mechs[i], err);
    }
    hvs_tickets_free(shared); /* the mechanisms hold it */
    assert_int_equal(mechs[0]->evidence.refused, rc < 0);
    assert_int_equal(mechs[1]->evidence.refused, rc < 0);
    assert_string_equal(mechs[1]->evidence.account, rc < 0 ? "" : "hvuser");
    hvs_mech_free(mechs[0]);
    hvs_mech_free(mechs[1]);
    return rc;
}

/* One AS exchange for a whole run, by password and by keytab. */
static void test_shared(void **state)
{
    struct hvs_credentials password = {.user = "hvuser", .password = "Passw0rd!"};
    struct hvs_credentials keytab = {.user = "hvuser"};
    struct hvs_error err = {0};
    unsigned before;

    (void)state;
    need_kdc();
    before = logged("ISSUE");
    assert_int_equal(log_in_twice(password, &err), 0);
    assert_int_equal(logged("ISSUE") - before, 1);
    keytab.keytab = kdc_path(&kdc, "user.keytab");
    assert_int_equal(log_in_twice(keytab, &err), 0);
    assert_int_equal(logged("ISSUE") - before, 2);
}

/* What the KDC refused is not asked again: that could lock the account. */
static void test_shared_refusal(void **state)
{
    struct hvs_credentials who = {.user = "hvother", .password = "wrong"};
    struct hvs_error err = {0};
    unsigned before;

    (void)state;
    need_kdc();
    before = logged("hvother@");
    assert_int_equal(log_in_twice(who, &err), -1);
    assert_err(&err, HVS_AUTH, "refused the password");
    assert_int_equal(logged("hvother@") - before, 1);
}

/* The deadline passed: the mechanism goes first, and whoever is left frees the call. */
static void test_abandoned(void **state)
{
    static const struct hvs_credentials who = {.user = "hvuser", .password = "Passw0rd!"};
    struct hvs_error err = {0};
    struct hvs_blocking *call;
    struct hvs_mech *mech;

    (void)state;
    need_kdc();
    mech = hvs_gss_new(&who, "HTTP", "localhost", &err);
    assert_non_null(mech);
    call = mech->ops->prepare(mech, &err);
    assert_non_null(call);
    hvs_mech_free(mech);
    call->work(call);
    assert_int_equal(call->err.domain, HVS_OK);
    call->free(call);
}

/* A KDC that is not there; before, a login whose ticket is there does not miss it. */
static void test_unreachable(void **state)
{
    static const struct hvs_credentials who = {.user = "hvuser", .password = "Passw0rd!"};
    struct hvs_buf token = HVS_BUF_INIT(1 << 16);
    struct hvs_error err = {0};
    struct hvs_mech *mech;

    (void)state;
    need_kdc();
    mech = hvs_gss_new(&who, "HTTP", "localhost", &err);
    assert_non_null(mech);
    assert_int_equal(prepare(mech, &err), 0);
    kdc_halt(&kdc);
    assert_int_equal(mech->ops->step(mech, NULL, 0, NULL, &token, &err), 0);
    assert_true(token.len > 0);
    hvs_buf_clear(&token);
    hvs_mech_free(mech);

    mech = hvs_gss_new(&who, "HTTP", "localhost", &err);
    assert_int_equal(prepare(mech, &err), -1);
    assert_err(&err, HVS_AUTH, "no KDC can be reached");
    assert_non_null(strstr(err.hint, "krb5.conf"));
    hvs_mech_free(mech);
}

struct refused_case {
    const char *name;
    struct hvs_credentials who;
    const char *host, *why;
};

static const struct refused_case refused[] = {
    {"an IPv4 address", {.user = NULL}, "192.0.2.1", "is an address"},
    {"an IPv6 address", {.user = NULL}, "fe80::1", "is an address"},
    {"a password without a user", {.password = "x"}, "hv01", "needs a user name"},
};

static void test_refused(void **state)
{
    const struct refused_case *row = *state;
    struct hvs_error err = {0};

    assert_null(hvs_gss_new(&row->who, "HTTP", row->host, &err));
    assert_err(&err, HVS_USAGE, row->why);
}

/* A step before the tickets are there must not go and fetch them. */
static void test_not_prepared(void **state)
{
    static const struct hvs_credentials who = {.user = "hvuser", .password = "Passw0rd!"};
    struct hvs_buf token = HVS_BUF_INIT(1 << 16);
    struct hvs_error err = {0};
    struct hvs_mech *mech = hvs_gss_new(&who, "HTTP", "localhost", &err);

    (void)state;
    assert_non_null(mech);
    assert_int_equal(mech->ops->step(mech, NULL, 0, NULL, &token, &err), -1);
    assert_err(&err, HVS_USAGE, "not fetched");
    assert_int_equal(token.len, 0);
    hvs_mech_free(mech);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(tickets) + COUNT(refused) + COUNT(services) + 5];

    CASES(tests, tickets, test_ticket);
    CASES(tests + COUNT(tickets), refused, test_refused);
    CASES(tests + COUNT(tickets) + COUNT(refused), services, test_service);
    tests[COUNT(tests) - 5] = (struct CMUnitTest)cmocka_unit_test(test_shared);
    tests[COUNT(tests) - 4] = (struct CMUnitTest)cmocka_unit_test(test_shared_refusal);
    tests[COUNT(tests) - 3] = (struct CMUnitTest)cmocka_unit_test(test_abandoned);
    tests[COUNT(tests) - 2] = (struct CMUnitTest)cmocka_unit_test(test_not_prepared);
    tests[COUNT(tests) - 1] = (struct CMUnitTest)cmocka_unit_test(test_unreachable);
    return cmocka_run_group_tests(tests, start, stop);
}

#else

int main(void)
{
    print_message("built without GSSAPI\n");
    return 77;
}

#endif
