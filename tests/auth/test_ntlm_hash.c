#include "support/hex.h"
#include "support/test.h"

#include "auth/ntlm_hash.h"
#include "auth/utf16.h"

#include <string.h>

struct owf_case {
    const char *name, *user, *domain, *password, *hash, *owf;
};

/* The first row is MS-NLMP 4.2.4.1.1. */
static const struct owf_case owfs[] = {
    {"a user of a domain", "User", "Domain", "Password",
     "a4f49c406510bdcab6824ee7c30fd852", "0c868a403bfd7a93a3001ef22ef02e3f"},
    {"no domain", "User", "", "Password", "a4f49c406510bdcab6824ee7c30fd852",
     "4cf86da43b3cd4785ab26bcee1e1884b"},
    {"user@domain", "user@domain.example", "", "Password",
     "a4f49c406510bdcab6824ee7c30fd852", "8729d5fc9c78b63536caf8e523d69cb4"},
    {"the domain keeps its case", "User", "DOMAIN", "Password",
     "a4f49c406510bdcab6824ee7c30fd852", "f38efea48ada6afaa95ae44669e5634b"},
    {"umlauts and the euro sign", "J\xc3\xbcrgen", "Z\xc3\xbcrich",
     "p\xc3\xa4ssw\xc3\xb6rd\xe2\x82\xac", "7f20bf6e69d97371914a8807579cab5c",
     "686db7bfe6043cc6434bc4edcc504f0c"},
};

static void test_owf(void **state)
{
    const struct owf_case *row = *state;
    struct hvs_buf domain = HVS_BUF_INIT(100);
    struct hvs_error err = {0};
    uint8_t hash[16], owf[16];

    assert_true(hvs_utf16_add(&domain, row->domain));
    assert_int_equal(hvs_ntlm_hash(hash, row->password, &err), 0);
    assert_hex(hash, 16, row->hash);
    assert_int_equal(hvs_ntlm_owf(owf, hash, row->user,
                                  (struct hvs_bytes){hvs_buf_str(&domain), domain.len},
                                  &err),
                     0);
    assert_hex(owf, 16, row->owf);
    hvs_buf_clear(&domain);
}

struct binding_case {
    const char *name;
    size_t size; /* of the certificate's digest, which is 00 01 02 ... */
    const char *sum;
};

static const struct binding_case bindings[] = {
    {"binding by SHA-256", 32, "8f1214c9c9cab8dc3bf866da9aba57a7"},
    {"binding by SHA-384", 48, "97987e635e8710fe8eb4e56a60a0b621"},
    {"binding by SHA-512", 64, "8e3934d118d477a86ec4548157b29ad2"},
};

static void test_binding(void **state)
{
    const struct binding_case *row = *state;
    struct hvs_buf binding = HVS_BUF_INIT(100);
    struct hvs_error err = {0};
    uint8_t sum[16];
    size_t i;

    hvs_buf_puts(&binding, "tls-server-end-point:");
    for (i = 0; i < row->size; i++)
        hvs_bytes_add(&binding, &(uint8_t){(uint8_t)i}, 1);
    assert_int_equal(hvs_ntlm_binding(sum, &binding, &err), 0);
    assert_hex(sum, 16, row->sum);
    hvs_buf_clear(&binding);
}

static void test_bad_password(void **state)
{
    struct hvs_error err = {0};
    uint8_t hash[16];

    (void)state;
    assert_int_equal(hvs_ntlm_hash(hash, "caf\xe9", &err), -1);
    assert_err(&err, HVS_USAGE, "not UTF-8");
}

int main(void)
{
    struct CMUnitTest tests[COUNT(owfs) + COUNT(bindings) + 1];

    CASES(tests, owfs, test_owf);
    CASES(tests + COUNT(owfs), bindings, test_binding);
    tests[COUNT(tests) - 1] = (struct CMUnitTest)cmocka_unit_test(test_bad_password);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
