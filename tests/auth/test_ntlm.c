#include "support/hex.h"
#include "support/test.h"

#include "auth/ntlm.h"
#include "vectors.h"

#include <string.h>

static const struct hvs_credentials user = {.user = "User", .domain = "Domain",
                                            .password = "Password"};

static void fill(uint8_t *out, size_t len, const char *hex)
{
    struct hvs_buf bytes = HVS_BUF_INIT(1024);

    hex_add(&bytes, hex);
    assert_int_equal(bytes.len, len);
    memcpy(out, bytes.data, len);
    hvs_buf_clear(&bytes);
}

static struct hvs_ntlm_inputs inputs_of(const char *version)
{
    struct hvs_ntlm_inputs inputs = {.workstation = "COMPUTER"};

    fill(inputs.nonce, 8, "aaaaaaaaaaaaaaaa");
    fill(inputs.session_key, 16, KEY_55);
    fill(inputs.version, 8, version);
    return inputs;
}

static void add_binding(struct hvs_buf *out)
{
    hvs_buf_puts(out, "tls-server-end-point:");
    hex_add(out, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
}

/* Both messages of a login; `challenge` in hexadecimal. */
static int login(struct hvs_mech *mech, const char *challenge, const struct hvs_buf *binding,
                 struct hvs_buf *first, struct hvs_buf *second, struct hvs_error *err)
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
};

static const struct vector_case vectors[] = {
    {"a host without time: MS-NLMP 4.2.4", VERSION_A, NULL, CHALLENGE_A, NULL,
     AUTHENTICATE_A, false},
    {"a host of today: time, MIC, binding", VERSION_B, TARGET_B, CHALLENGE_B, NEGOTIATE_B,
     AUTHENTICATE_B, true},
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
                           &second, &err), 0);
    if (row->negotiate)
        assert_hex(first.data, first.len, row->negotiate);
    assert_hex(second.data, second.len, row->authenticate);
    assert_true(mech->complete);
    assert_int_equal(mech->evidence.bound, row->bound);
    assert_true(mech->evidence.ntlm_flags == 0xe2888235);
    hvs_mech_free(mech);
    hvs_buf_clear(&binding);
    hvs_buf_clear(&first);
    hvs_buf_clear(&second);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(vectors)];

    CASES(tests, vectors, test_vector);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
