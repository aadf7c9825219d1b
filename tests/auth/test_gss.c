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

/* Neither a message of NTLM nor an offer of it, by its OID. */
static bool holds_ntlm(const struct hvs_buf *token)
{
    size_t i;

    for (i = 0; i + 10 <= token->len; i++)
        if (memcmp(token->data + i, "NTLMSSP", 8) == 0 ||
            memcmp(token->data + i, acceptor_ntlm.elements, acceptor_ntlm.length) == 0)
            return true;
    return false;
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
        assert_false(holds_ntlm(&token));
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

/* NTLM is at hand on both sides, and Kerberos on one of them only. */
static void test_never_ntlm(void **state)
{
    static const struct hvs_credentials no_ticket = {.user = NULL};
    struct hvs_buf token = HVS_BUF_INIT(1 << 16);
    struct hvs_error err = {0}, step_err = {0};
    struct login login;

    (void)state;
    need_kdc();
    login.mech = hvs_gss_new(&no_ticket, "HTTP", "hv01.hvsnap.test", &err);
    assert_non_null(login.mech);
    assert_int_equal(prepare(login.mech, &err), -1);
    assert_err(&err, HVS_AUTH, "there is no ticket");
    assert_int_equal(login.mech->ops->step(login.mech, NULL, 0, NULL, &token, &step_err),
                     -1);
    assert_int_equal(token.len, 0);
    hvs_mech_free(login.mech);

    if (!acceptor_open(&login.acceptor, &acceptor_ntlm)) {
        print_message("gss-ntlmssp is not installed\n");
        skip();
    }
    acceptor_close(&login.acceptor);
    memset(&err, 0, sizeof(err));
    setenv("KRB5_KTNAME", "FILE:/nonexistent/keytab", 1);
    start_login(&login, &by_password);
    assert_int_equal(run_login(&login, NULL, NULL, &err), -1);
    assert_false(login.mech->complete);
    setenv("KRB5_KTNAME", kdc_path(&kdc, "host.keytab"), 1);
    end_login(&login);
}

int main(void)
{
    const struct CMUnitTest alone[] = {
        cmocka_unit_test(test_never_ntlm),  cmocka_unit_test(test_seal),
        cmocka_unit_test(test_broken_seal), cmocka_unit_test(test_again),
        cmocka_unit_test(test_no_proof),
    };
    struct CMUnitTest tests[COUNT(alone) + COUNT(logins)];

    memcpy(tests, alone, sizeof(alone));
    CASES(tests + COUNT(alone), logins, test_login);
    return cmocka_run_group_tests(tests, start, stop);
}

#else

int main(void)
{
    print_message("built without GSSAPI\n");
    return 77;
}

#endif
