#include "support/acceptor.h"
#include "support/test.h"

#include "auth/mech.h"

#ifdef HVS_GSSAPI

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Our NTLM against gss-ntlmssp as the server, which checks the proof, the MIC and the
 * channel binding, and seals.
 */

static char users[256];

static int write_users(void **state)
{
    const char *tmp = getenv("TMPDIR");
    FILE *file;
    int fd;

    (void)state;
    snprintf(users, sizeof(users), "%s/ntlm.XXXXXX", tmp ? tmp : "/tmp");
    fd = mkstemp(users);
    file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file)
        return -1;
    fprintf(file, "HVTEST:ntuser:NtPassw0rd!\nHVTEST:juergen:p\xc3\xa4ss\xe2\x82\xac\n"
                  ":ntuser@hvtest.example:NtPassw0rd!\n:local:NtPassw0rd!\n");
    fclose(file);
    setenv("NTLM_USER_FILE", users, 1);
    setenv("NETBIOS_COMPUTER_NAME", "HV01", 1);
    setenv("NETBIOS_DOMAIN_NAME", "HVTEST", 1);
    return 0;
}

static int remove_users(void **state)
{
    (void)state;
    return unlink(users);
}

/* One login; `open` on both sides afterwards when it succeeds. */
struct login {
    struct acceptor acceptor;
    struct hvs_mech *mech;
};

static void start_login(struct login *login, const struct hvs_credentials *who)
{
    struct hvs_error err = {0};

    if (!acceptor_open(&login->acceptor, &acceptor_ntlm)) {
        print_message("gss-ntlmssp is not installed\n");
        skip();
    }
    login->mech = hvs_ntlm_new(who, "hv01.hvsnap.test", &err);
    assert_non_null(login->mech);
}

static void end_login(struct login *login)
{
    hvs_mech_free(login->mech);
    acceptor_close(&login->acceptor);
}

static bool run_login(struct login *login, const char *ours, const char *theirs)
{
    struct hvs_buf token = HVS_BUF_INIT(1 << 16), answer = HVS_BUF_INIT(1 << 16),
                   our_binding = HVS_BUF_INIT(256), their_binding = HVS_BUF_INIT(256);
    const struct hvs_mech_ops *ops = login->mech->ops;
    struct hvs_error err = {0};
    bool ok;

    hvs_buf_puts(&our_binding, ours ? ours : "");
    hvs_buf_puts(&their_binding, theirs ? theirs : "");
    assert_int_equal(ops->step(login->mech, NULL, 0, ours ? &our_binding : NULL, &token,
                               &err),
                     0);
    assert_true(
        acceptor_step(&login->acceptor, &token, theirs ? &their_binding : NULL, &answer));
    assert_int_equal(ops->step(login->mech, answer.data, answer.len,
                               ours ? &our_binding : NULL, &token, &err),
                     0);
    hvs_buf_clear(&answer);
    ok = acceptor_step(&login->acceptor, &token, theirs ? &their_binding : NULL, &answer);
    hvs_buf_clear(&token);
    hvs_buf_clear(&answer);
    hvs_buf_clear(&our_binding);
    hvs_buf_clear(&their_binding);
    return ok;
}

struct login_case {
    const char *name;
    struct hvs_credentials who;
    const char *ours, *theirs; /* bindings */
    bool ok, bound;
    const char *client;
};

#define RIGHT \
    { \
        .user = "ntuser", .domain = "HVTEST", .password = "NtPassw0rd!" \
    }

static const struct login_case logins[] = {
    {"the right password", RIGHT, NULL, NULL, true, false, "HVTEST\\ntuser"},
    {"a user in another case",
     {.user = "NTUSER", .domain = "HVTEST", .password = "NtPassw0rd!"},
     NULL,
     NULL,
     true,
     false,
     "HVTEST\\NTUSER"},
    {"DOMAIN\\user in one",
     {.user = "HVTEST\\ntuser", .password = "NtPassw0rd!"},
     NULL,
     NULL,
     true,
     false,
     "HVTEST\\ntuser"},
    {"user@REALM",
     {.user = "ntuser@hvtest.example", .domain = "", .password = "NtPassw0rd!"},
     NULL,
     NULL,
     true,
     false,
     "\\ntuser@hvtest.example"},
    {"a bare user",
     {.user = "local", .domain = "", .password = "NtPassw0rd!"},
     NULL,
     NULL,
     true,
     false,
     "local"},
    {"a password with an umlaut",
     {.user = "juergen", .domain = "HVTEST", .password = "p\xc3\xa4ss\xe2\x82\xac"},
     NULL,
     NULL,
     true,
     false,
     "HVTEST\\juergen"},
    {"a wrong password",
     {.user = "ntuser", .domain = "HVTEST", .password = "NtPassw0rd?"},
     NULL,
     NULL,
     false,
     false,
     ""},
    {"a wrong user",
     {.user = "nobody", .domain = "HVTEST", .password = "NtPassw0rd!"},
     NULL,
     NULL,
     false,
     false,
     ""},
    {"an unknown domain",
     {.user = "ntuser", .domain = "ELSE", .password = "NtPassw0rd!"},
     NULL,
     NULL,
     false,
     false,
     ""},
    {"the same binding", RIGHT, "tls-server-end-point:a", "tls-server-end-point:a", true,
     true, "HVTEST\\ntuser"},
    {"another binding", RIGHT, "tls-server-end-point:a", "tls-server-end-point:b", false,
     false, ""},
    {"only ours is bound", RIGHT, "tls-server-end-point:a", NULL, true, false,
     "HVTEST\\ntuser"},
    {"only theirs is bound", RIGHT, NULL, "tls-server-end-point:a", true, false,
     "HVTEST\\ntuser"},
};

static void test_login(void **state)
{
    const struct login_case *row = *state;
    struct login login;

    start_login(&login, &row->who);
    assert_int_equal(run_login(&login, row->ours, row->theirs), row->ok);
    if (row->ok) {
        assert_true(login.acceptor.complete);
        assert_int_equal(!!(login.acceptor.flags & 0x800), row->bound);
        assert_string_equal(login.acceptor.client, row->client);
    }
    end_login(&login);
}

/* Over TLS nothing is sealed, and there is no key for it. */
static void test_bound(void **state)
{
    static const struct hvs_credentials who = RIGHT;
    static const char text[] = "<hv/>", binding[] = "tls-server-end-point:a";
    struct hvs_buf signature = HVS_BUF_INIT(100), sealed = HVS_BUF_INIT(100),
                   plain = HVS_BUF_INIT(100);
    struct hvs_error err = {0};
    struct login login;
    size_t padding;

    (void)state;
    start_login(&login, &who);
    assert_true(run_login(&login, binding, binding));
    assert_int_equal(login.mech->ops->seal(login.mech, text, strlen(text), &signature,
                                           &sealed, &padding, &err),
                     -1);
    assert_int_equal(sealed.len, 0);
    acceptor_seal(&login.acceptor, text, &signature, &sealed);
    assert_int_equal(login.mech->ops->unseal(login.mech, signature.data, signature.len,
                                             sealed.data, sealed.len, &plain, &err),
                     -1);
    assert_string_equal(err.message, "NTLM has no keys to seal with");
    assert_int_equal(plain.len, 0);
    hvs_buf_clear(&signature);
    hvs_buf_clear(&sealed);
    end_login(&login);
}

/* What one side seals, the other opens; several times, for the streams run on. */
static void test_seal(void **state)
{
    static const struct hvs_credentials who = RIGHT;
    static const char *const texts[] = {"<hv/>", "<a longer one/>", "<b/>"};
    struct hvs_buf signature = HVS_BUF_INIT(100), sealed = HVS_BUF_INIT(100),
                   plain = HVS_BUF_INIT(100);
    struct hvs_error err = {0};
    struct login login;
    size_t i, padding;

    (void)state;
    start_login(&login, &who);
    assert_true(run_login(&login, NULL, NULL));
    for (i = 0; i < COUNT(texts); i++) {
        assert_int_equal(login.mech->ops->seal(login.mech, texts[i], strlen(texts[i]),
                                               &signature, &sealed, &padding, &err),
                         0);
        assert_true(acceptor_unseal(&login.acceptor, &signature, &sealed, &plain));
        assert_string_equal(hvs_buf_str(&plain), texts[i]);
        hvs_buf_clear(&signature);
        hvs_buf_clear(&sealed);
        hvs_buf_clear(&plain);

        acceptor_seal(&login.acceptor, texts[i], &signature, &sealed);
        assert_int_equal(login.mech->ops->unseal(login.mech, signature.data,
                                                 signature.len, sealed.data, sealed.len,
                                                 &plain, &err),
                         0);
        assert_string_equal(hvs_buf_str(&plain), texts[i]);
        hvs_buf_clear(&signature);
        hvs_buf_clear(&sealed);
        hvs_buf_clear(&plain);
    }
    end_login(&login);
}

/* The MIC covers our first message too: a server that saw another one must notice. */
static void test_mic(void **state)
{
    static const struct hvs_credentials who = RIGHT;
    struct hvs_buf token = HVS_BUF_INIT(1 << 16), answer = HVS_BUF_INIT(1 << 16);
    struct hvs_error err = {0};
    struct login login;

    (void)state;
    start_login(&login, &who);
    assert_int_equal(login.mech->ops->step(login.mech, NULL, 0, NULL, &token, &err), 0);
    token.data[39] = 14; /* the revision in our version */
    assert_true(acceptor_step(&login.acceptor, &token, NULL, &answer));
    assert_int_equal(login.mech->ops->step(login.mech, answer.data, answer.len, NULL,
                                           &token, &err),
                     0);
    hvs_buf_clear(&answer);
    assert_false(acceptor_step(&login.acceptor, &token, NULL, &answer));
    hvs_buf_clear(&token);
    hvs_buf_clear(&answer);
    end_login(&login);
}

/* A new connection: the same mechanism logs in again. */
static void test_again(void **state)
{
    static const struct hvs_credentials who = RIGHT;
    struct login login;
    int i;

    (void)state;
    start_login(&login, &who);
    for (i = 0; i < 2; i++) {
        assert_true(run_login(&login, NULL, NULL));
        assert_true(login.mech->complete);
        assert_string_equal(login.mech->evidence.account, "ntuser");
        assert_string_equal(login.mech->evidence.domain, "HVTEST");
        hvs_mech_reset(login.mech);
        assert_false(login.mech->complete);
        acceptor_close(&login.acceptor);
        assert_true(acceptor_open(&login.acceptor, &acceptor_ntlm));
    }
    end_login(&login);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(logins) + 4] = {
        cmocka_unit_test(test_bound),
        cmocka_unit_test(test_seal),
        cmocka_unit_test(test_mic),
        cmocka_unit_test(test_again),
    };

    CASES(tests + 4, logins, test_login);
    return cmocka_run_group_tests(tests, write_users, remove_users);
}

#else

int main(void)
{
    print_message("built without GSSAPI\n");
    return 77;
}

#endif
