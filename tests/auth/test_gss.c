#include "support/acceptor.h"
#include "support/kdc.h"
#include "support/test.h"

#include "auth/mech.h"

#ifdef HVS_GSSAPI

#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Kerberos with a KDC of MIT's, and MIT's SPNEGO as the server. A file with NTLM
 * credentials lies ready: nothing may ever use it.
 */

static struct kdc kdc;
static const char *why_not;

static int start(void **state)
{
    FILE *users;

    (void)state;
    why_not = kdc_start(&kdc);
    if (why_not)
        return 0;
    users = fopen(kdc_path(&kdc, "ntlm"), "w");
    if (!users)
        return -1;
    fprintf(users, "HVTEST:hvuser:Passw0rd!\n");
    fclose(users);
    setenv("NTLM_USER_FILE", kdc_path(&kdc, "ntlm"), 1);
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

/* Both ends of a login, the tickets fetched. */
struct login {
    struct acceptor acceptor;
    struct hvs_mech *mech;
};

static int prepare(struct hvs_mech *mech, struct hvs_error *err)
{
    struct hvs_blocking *call = mech->ops->prepare(mech, err);
    int rc;

    if (!call)
        return err->domain == HVS_OK ? 0 : -1;
    call->work(call);
    rc = mech->ops->prepared(mech, call, err);
    call->free(call);
    return rc;
}

static const struct hvs_credentials by_password = {.user = "hvuser@hvsnap.test",
                                                   .password = "Passw0rd!"};

static void start_login(struct login *login, const struct hvs_credentials *who)
{
    struct hvs_error err = {0};

    need_kdc();
    assert_true(acceptor_open(&login->acceptor, &acceptor_spnego));
    login->mech = hvs_gss_new(who, "HTTP", "hv01.hvsnap.test", &err);
    assert_non_null(login->mech);
    if (prepare(login->mech, &err) < 0)
        fail_msg("%s", err.message);
}

static void end_login(struct login *login)
{
    hvs_mech_free(login->mech);
    acceptor_close(&login->acceptor);
}

/* Tokens to and fro; what our last step returned, or -1 when the server refuses. */
static int run_login(struct login *login, const char *ours, const char *theirs,
                     struct hvs_error *err)
{
    struct hvs_buf token = HVS_BUF_INIT(1 << 16), answer = HVS_BUF_INIT(1 << 16),
                   our_binding = HVS_BUF_INIT(256), their_binding = HVS_BUF_INIT(256);
    int rc, legs;

    hvs_buf_puts(&our_binding, ours ? ours : "");
    hvs_buf_puts(&their_binding, theirs ? theirs : "");
    for (legs = 0; legs < 3; legs++) {
        rc = login->mech->ops->step(login->mech, answer.data, answer.len,
                                    ours ? &our_binding : NULL, &token, err);
        hvs_buf_clear(&answer);
        if (rc < 0 || login->mech->complete)
            break;
        if (!acceptor_step(&login->acceptor, &token, theirs ? &their_binding : NULL,
                           &answer)) {
            rc = -1;
            break;
        }
    }
    assert_true(legs < 2);
    hvs_buf_clear(&token);
    hvs_buf_clear(&answer);
    hvs_buf_clear(&our_binding);
    hvs_buf_clear(&their_binding);
    return rc;
}

struct login_case {
    const char *name, *ours, *theirs; /* bindings */
    bool ok, bound;
};

static const struct login_case logins[] = {
    {"no binding", NULL, NULL, true, false},
    {"the same binding", "tls-server-end-point:a", "tls-server-end-point:a", true, true},
    {"another binding", "tls-server-end-point:a", "tls-server-end-point:b", false, false},
    {"only ours is bound", "tls-server-end-point:a", NULL, true, false},
    {"only theirs is bound", NULL, "tls-server-end-point:a", true, false},
};

static void test_login(void **state)
{
    const struct login_case *row = *state;
    struct hvs_error err = {0};
    struct login login;

    start_login(&login, &by_password);
    assert_int_equal(run_login(&login, row->ours, row->theirs, &err), row->ok ? 0 : -1);
    assert_int_equal(login.mech->complete, row->ok);
    if (row->ok) {
        assert_string_equal(login.acceptor.client, "hvuser@HVSNAP.TEST");
        assert_int_equal(!!(login.acceptor.flags & 0x800), row->bound);
        assert_string_equal(login.mech->evidence.spn,
                            "HTTP/hv01.hvsnap.test@HVSNAP.TEST");
        assert_string_equal(login.mech->evidence.account, "hvuser");
        assert_string_equal(login.mech->evidence.domain, "HVSNAP.TEST");
        assert_int_equal(login.mech->evidence.bound, row->ours != NULL);
    }
    end_login(&login);
}

static void clear3(struct hvs_buf *a, struct hvs_buf *b, struct hvs_buf *c)
{
    hvs_buf_clear(a);
    hvs_buf_clear(b);
    hvs_buf_clear(c);
}

static void test_seal(void **state)
{
    static const char *const texts[] = {"<hv/>", "", "<a longer one/>", "<b/>"};
    struct hvs_buf signature = HVS_BUF_INIT(100), sealed = HVS_BUF_INIT(100),
                   plain = HVS_BUF_INIT(100);
    struct hvs_error err = {0};
    struct login login;
    size_t i, padding;

    (void)state;
    start_login(&login, &by_password);
    assert_int_equal(run_login(&login, NULL, NULL, &err), 0);
    for (i = 0; i < COUNT(texts); i++) {
        assert_int_equal(login.mech->ops->seal(login.mech, texts[i], strlen(texts[i]),
                                               &signature, &sealed, &padding, &err),
                         0);
        assert_int_equal(signature.len,
                         60); /* AES: 16 + 28 + 16, the trailer rotated in */
        assert_int_equal(sealed.len, strlen(texts[i]));
        assert_int_equal(padding, 0);
        assert_true(acceptor_unseal(&login.acceptor, &signature, &sealed, &plain));
        assert_string_equal(hvs_buf_str(&plain), texts[i]);
        clear3(&signature, &sealed, &plain);

        acceptor_seal(&login.acceptor, texts[i], &signature, &sealed);
        assert_int_equal(login.mech->ops->unseal(login.mech, signature.data,
                                                 signature.len, sealed.data, sealed.len,
                                                 &plain, &err),
                         0);
        assert_string_equal(hvs_buf_str(&plain), texts[i]);
        clear3(&signature, &sealed, &plain);
    }
    end_login(&login);
}

/* A reply that was altered, replayed, or comes after one that is missing. */
static void test_broken_seal(void **state)
{
    enum { ALTERED, REPLAYED, GAP, CASES_END };
    struct hvs_buf signature = HVS_BUF_INIT(100), sealed = HVS_BUF_INIT(100),
                   plain = HVS_BUF_INIT(100);
    struct login login;
    int how;

    (void)state;
    for (how = ALTERED; how < CASES_END; how++) {
        struct hvs_error err = {0};

        start_login(&login, &by_password);
        assert_int_equal(run_login(&login, NULL, NULL, &err), 0);
        acceptor_seal(&login.acceptor, "<hv/>", &signature, &sealed);
        if (how == ALTERED)
            sealed.data[0] ^= 1;
        if (how == REPLAYED)
            assert_int_equal(login.mech->ops->unseal(login.mech, signature.data,
                                                     signature.len, sealed.data,
                                                     sealed.len, &plain, &err),
                             0);
        if (how == GAP) {
            clear3(&signature, &sealed, &plain);
            acceptor_seal(&login.acceptor, "<hv/>", &signature, &sealed);
        }
        hvs_buf_clear(&plain);
        assert_int_equal(login.mech->ops->unseal(login.mech, signature.data,
                                                 signature.len, sealed.data, sealed.len,
                                                 &plain, &err),
                         -1);
        assert_err(&err, HVS_AUTH, "broken");
        assert_int_equal(plain.len, 0);
        clear3(&signature, &sealed, &plain);
        end_login(&login);
    }
}

/* A second connection needs no second ticket. */
static void test_again(void **state)
{
    struct hvs_error err = {0};
    struct login login;

    (void)state;
    start_login(&login, &by_password);
    assert_int_equal(run_login(&login, NULL, NULL, &err), 0);
    hvs_mech_reset(login.mech);
    assert_false(login.mech->complete);
    acceptor_close(&login.acceptor);
    assert_true(acceptor_open(&login.acceptor, &acceptor_spnego));
    assert_null(login.mech->ops->prepare(login.mech, &err));
    assert_int_equal(err.domain, HVS_OK);
    assert_int_equal(run_login(&login, NULL, NULL, &err), 0);
    end_login(&login);
}

/* A 200 without the host's token, which would prove that it is the host. */
static void test_no_proof(void **state)
{
    struct hvs_buf token = HVS_BUF_INIT(1 << 16);
    struct hvs_error err = {0};
    struct login login;

    (void)state;
    start_login(&login, &by_password);
    assert_int_equal(login.mech->ops->step(login.mech, NULL, 0, NULL, &token, &err), 0);
    assert_true(token.len > 0);
    assert_false(login.mech->complete);
    assert_int_equal(login.mech->ops->step(login.mech, NULL, 0, NULL, &token, &err), -1);
    assert_err(&err, HVS_AUTH, "did not prove itself");
    hvs_buf_clear(&token);
    end_login(&login);
}

struct ticket_case {
    const char *name;
    struct hvs_credentials who; /* `keytab` and `ccache`: names of files of the KDC's */
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

int main(void)
{
    const struct CMUnitTest alone[] = {
        cmocka_unit_test(test_seal),
        cmocka_unit_test(test_broken_seal),
        cmocka_unit_test(test_again),
        cmocka_unit_test(test_no_proof),
    };
    struct CMUnitTest tests[COUNT(alone) + COUNT(logins) + COUNT(tickets)];

    memcpy(tests, alone, sizeof(alone));
    CASES(tests + COUNT(alone), logins, test_login);
    CASES(tests + COUNT(alone) + COUNT(logins), tickets, test_ticket);
    return cmocka_run_group_tests(tests, start, stop);
}

#else

int main(void)
{
    print_message("built without GSSAPI\n");
    return 77;
}

#endif
