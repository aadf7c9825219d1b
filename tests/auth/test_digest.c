#include "support/hex.h"
#include "support/test.h"

#include "auth/digest.h"

#include <openssl/evp.h>
#include <openssl/opensslv.h>

#include <string.h>

/* RFC 1321, A.5, in two pieces. */
static void test_md5(void **state)
{
    static const struct hvs_bytes abc[] = {{"a", 1}, {"", 0}, {"bc", 2}};
    struct hvs_error err = {0};
    uint8_t sum[16];

    (void)state;
    assert_int_equal(hvs_md5(sum, abc, 3, &err), 0);
    assert_hex(sum, 16, "900150983cd24fb0d6963f7d28e17f72");
    assert_int_equal(hvs_md5(sum, NULL, 0, &err), 0);
    assert_hex(sum, 16, "d41d8cd98f00b204e9800998ecf8427e");
}

/* RFC 2202, 2, the first one. */
static void test_hmac(void **state)
{
    static const struct hvs_bytes text[] = {{"Hi ", 3}, {"There", 5}};
    struct hvs_error err = {0};
    uint8_t key[16], sum[16];

    (void)state;
    memset(key, 0x0b, sizeof(key));
    assert_int_equal(hvs_hmac_md5(sum, key, text, 2, &err), 0);
    assert_hex(sum, 16, "9294727a3638bb1c13f48ef8158bfc9d");
}

static void test_random(void **state)
{
    struct hvs_error err = {0};
    uint8_t a[16] = {0}, b[16] = {0};

    (void)state;
    assert_int_equal(hvs_random(a, sizeof(a), &err), 0);
    assert_int_equal(hvs_random(b, sizeof(b), &err), 0);
    assert_memory_not_equal(a, b, sizeof(a));
}

#if OPENSSL_VERSION_MAJOR >= 3
/* What a system in FIPS mode does: no MD5, and a sentence that says so. */
static void test_fips(void **state)
{
    static const uint8_t key[16];
    struct hvs_error plain = {0}, keyed = {0};
    uint8_t sum[16];

    (void)state;
    assert_int_equal(EVP_set_default_properties(NULL, "fips=yes"), 1);
    assert_int_equal(hvs_md5(sum, NULL, 0, &plain), -1);
    assert_int_equal(hvs_hmac_md5(sum, key, NULL, 0, &keyed), -1);
    assert_int_equal(EVP_set_default_properties(NULL, ""), 1);
    assert_err(&plain, HVS_AUTH, "OpenSSL refuses MD5");
    assert_err(&keyed, HVS_AUTH, "OpenSSL refuses MD5");
    assert_non_null(strstr(plain.hint, "--auth kerberos"));
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
#if OPENSSL_VERSION_MAJOR >= 3
        cmocka_unit_test(test_fips),
#endif
        cmocka_unit_test(test_md5),
        cmocka_unit_test(test_hmac),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
