#include "support/hex.h"
#include "support/test.h"

#include "auth/ntlm.h"
#include "vectors.h"

#include <openssl/evp.h>
#include <string.h>

static const struct hvs_credentials user = {.user = "User",
                                            .domain = "Domain",
                                            .password = "Password"};

static struct hvs_ntlm_inputs inputs_of(const char *version)
{
    struct hvs_ntlm_inputs inputs = {.workstation = "COMPUTER"};

    hex_fill(inputs.nonce, 8, "aaaaaaaaaaaaaaaa");
    hex_fill(inputs.session_key, 16, KEY_55);
    hex_fill(inputs.version, 8, version);
    return inputs;
}

static void add_binding(struct hvs_buf *out)
{
    hvs_buf_puts(out, "tls-server-end-point:");
    hex_add(out, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
}

/* Both messages of a login; `challenge` in hexadecimal. */
static int login(struct hvs_mech *mech, const char *challenge,
                 const struct hvs_buf *binding, struct hvs_buf *first,
                 struct hvs_buf *second, struct hvs_error *err)
{
    struct hvs_buf in = HVS_BUF_INIT(1 << 17);
    int rc;

    hex_add(&in, challenge);
    assert_int_equal(mech->ops->step(mech, "", 0, binding, first, err), 0);
    assert_false(mech->complete);
    rc = mech->ops->step(mech, hvs_buf_str(&in), in.len, binding, second, err);
    hvs_buf_clear(&in);
    return rc;
}

struct vector_case {
    const char *name, *version, *target, *challenge, *negotiate, *authenticate;
    bool bound;
    int64_t host_ms;
};

static const struct vector_case vectors[] = {
    {"a host without time: MS-NLMP 4.2.4", VERSION_A, NULL, CHALLENGE_A, NULL,
     AUTHENTICATE_A, false, 0},
    {"a host of today: time, MIC, binding", VERSION_B, TARGET_B, CHALLENGE_B, NEGOTIATE_B,
     AUTHENTICATE_B, true, INT64_C(1767225600000)},
};

static void test_vector(void **state)
{
    const struct vector_case *row = *state;
    struct hvs_buf binding = HVS_BUF_INIT(100), first = HVS_BUF_INIT(1000),
                   second = HVS_BUF_INIT(1000);
    struct hvs_ntlm_inputs inputs = inputs_of(row->version);
    struct hvs_error err = {0};
    struct hvs_mech *mech = hvs_ntlm_new_with(&user, row->target, &inputs, &err);

    add_binding(&binding);
    assert_non_null(mech);
    assert_int_equal(login(mech, row->challenge, row->bound ? &binding : NULL, &first,
                           &second, &err),
                     0);
    if (row->negotiate)
        assert_hex(first.data, first.len, row->negotiate);
    assert_hex(second.data, second.len, row->authenticate);
    assert_true(mech->complete);
    assert_int_equal(mech->evidence.bound, row->bound);
    assert_true(mech->evidence.ntlm_flags == 0xe2888235);
    assert_int_equal(mech->evidence.host_ms, row->host_ms);
    hvs_mech_free(mech);
    hvs_buf_clear(&binding);
    hvs_buf_clear(&first);
    hvs_buf_clear(&second);
}

/* Who we say we are, in the message and in the evidence. */
struct name_case {
    const char *name;
    struct hvs_credentials who;
    const char *user, *domain;            /* of the message, UTF-16LE in hexadecimal */
    const char *account, *account_domain; /* of the evidence */
};

static const struct name_case names[] = {
    {"a bare user is the host's",
     {.user = "u", .password = "x"},
     "7500",
     "",
     "u",
     "Server"},
    {"an empty domain too",
     {.user = "u", .domain = "", .password = "x"},
     "7500",
     "",
     "u",
     "Server"},
    {"a domain of its own",
     {.user = "u", .domain = "D", .password = "x"},
     "7500",
     "4400",
     "u",
     "D"},
    {"DOMAIN\\user", {.user = "D\\u", .password = "x"}, "7500", "4400", "u", "D"},
    {"user@REALM", {.user = "u@R", .password = "x"}, "750040005200", "", "u", "R"},
    {"a dot is the host",
     {.user = ".\\u", .password = "x"},
     "7500",
     "530065007200760065007200",
     "u",
     "Server"},
    {"an empty password",
     {.user = "u", .domain = "D", .password = ""},
     "7500",
     "4400",
     "u",
     "D"},
};

static void assert_field(const struct hvs_buf *message, size_t at, const char *hex)
{
    size_t len = hvs_get16(message->data + at), from = hvs_get32(message->data + at + 4);

    assert_true(from + len <= message->len);
    assert_hex(message->data + from, len, hex);
}

static void test_name(void **state)
{
    const struct name_case *row = *state;
    struct hvs_buf first = HVS_BUF_INIT(1000), second = HVS_BUF_INIT(1000);
    struct hvs_error err = {0};
    struct hvs_mech *mech = hvs_ntlm_new(&row->who, "hv01", &err);

    assert_non_null(mech);
    assert_int_equal(login(mech, CHALLENGE_B, NULL, &first, &second, &err), 0);
    assert_field(&second, 28, row->domain);
    assert_field(&second, 36, row->user);
    assert_string_equal(mech->evidence.account, row->account);
    assert_string_equal(mech->evidence.domain, row->account_domain);
    hvs_mech_free(mech);
    hvs_buf_clear(&first);
    hvs_buf_clear(&second);
}

struct refused_case {
    const char *name;
    struct hvs_credentials who;
    const char *host, *why;
};

static const struct refused_case refused[] = {
    {"no user", {.password = "x"}, "hv01", "needs a user name"},
    {"an empty user", {.user = "", .password = "x"}, "hv01", "needs a user name"},
    {"no password", {.user = "u"}, "hv01", "needs a password"},
    {"a user that cannot be put in upper case",
     {.user = "\xc5\x82", .password = "x"},
     "hv01",
     "U+0142"},
    {"a password that is not UTF-8",
     {.user = "u", .password = "\xff"},
     "hv01",
     "password is not UTF-8"},
    {"a host that is not UTF-8", {.user = "u", .password = "x"}, "\xff", "host's name"},
};

static void test_refused(void **state)
{
    const struct refused_case *row = *state;
    struct hvs_error err = {0};

    assert_null(hvs_ntlm_new(&row->who, row->host, &err));
    assert_err(&err, HVS_USAGE, row->why);
}

/* No two logins draw alike, and none after a reset. */
static void test_fresh(void **state)
{
    struct hvs_buf a = HVS_BUF_INIT(1000), b = HVS_BUF_INIT(1000),
                   out = HVS_BUF_INIT(1000);
    struct hvs_error err = {0};
    struct hvs_mech *mech = hvs_ntlm_new(&user, "hv01", &err);

    (void)state;
    assert_int_equal(login(mech, CHALLENGE_B, NULL, &out, &a, &err), 0);
    hvs_mech_reset(mech);
    assert_false(mech->complete);
    assert_true(mech->evidence.ntlm_flags == 0);
    assert_int_equal(login(mech, CHALLENGE_B, NULL, &out, &b, &err), 0);
    assert_int_equal(a.len, b.len);
    assert_memory_not_equal(a.data, b.data, a.len);
    assert_memory_not_equal(a.data + a.len - 16, b.data + b.len - 16, 16); /* the key */
    hvs_mech_free(mech);
    hvs_buf_clear(&a);
    hvs_buf_clear(&b);
    hvs_buf_clear(&out);
}

/* Tokens where none belong, and none where one does. */
static void test_order(void **state)
{
    struct hvs_buf first = HVS_BUF_INIT(1000), second = HVS_BUF_INIT(1000);
    struct hvs_error early = {0}, none = {0}, err = {0};
    struct hvs_mech *mech = hvs_ntlm_new(&user, "hv01", &err);

    (void)state;
    assert_int_equal(mech->ops->step(mech, "x", 1, NULL, &first, &early), -1);
    assert_err(&early, HVS_AUTH, "before the first");
    assert_int_equal(mech->ops->step(mech, NULL, 0, NULL, &first, &err), 0);
    assert_int_equal(mech->ops->step(mech, NULL, 0, NULL, &first, &none), -1);
    assert_err(&none, HVS_AUTH, "did not answer NTLM with a challenge");
    hvs_mech_reset(mech);
    assert_int_equal(login(mech, CHALLENGE_B, NULL, &first, &second, &err), 0);
    hvs_buf_clear(&second);
    assert_int_equal(mech->ops->step(mech, NULL, 0, NULL, &second, &err), 0);
    assert_int_equal(second.len, 0);
    assert_int_equal(mech->ops->step(mech, "x", 1, NULL, &second, &err), 0);
    assert_int_equal(second.len, 0);
    hvs_mech_free(mech);
    hvs_buf_clear(&first);
    hvs_buf_clear(&second);
}

/* In FIPS mode a login ends with a sentence, and with no response on the wire. */
static void test_fips(void **state)
{
    struct hvs_buf first = HVS_BUF_INIT(1000), second = HVS_BUF_INIT(1000);
    struct hvs_ntlm_inputs inputs = inputs_of(VERSION_B);
    struct hvs_error err = {0};
    struct hvs_mech *mech = hvs_ntlm_new_with(&user, TARGET_B, &inputs, &err);

    (void)state;
    assert_non_null(mech);
    assert_int_equal(EVP_set_default_properties(NULL, "fips=yes"), 1);
    assert_int_equal(login(mech, CHALLENGE_B, NULL, &first, &second, &err), -1);
    assert_int_equal(EVP_set_default_properties(NULL, ""), 1);
    assert_err(&err, HVS_AUTH, "OpenSSL refuses MD5, which NTLM needs");
    assert_non_null(strstr(err.hint, "--auth kerberos"));
    assert_int_equal(second.len, 0);
    assert_false(mech->complete);
    hvs_mech_free(mech);
    hvs_buf_clear(&first);
    hvs_buf_clear(&second);
}

int main(void)
{
    struct CMUnitTest tests[3 + COUNT(vectors) + COUNT(names) + COUNT(refused)];
    struct CMUnitTest *at = tests;

    CASES(at, vectors, test_vector);
    CASES(at += COUNT(vectors), names, test_name);
    CASES(at += COUNT(names), refused, test_refused);
    at += COUNT(refused);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_fresh);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_order);
    *at = (struct CMUnitTest)cmocka_unit_test(test_fips);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
