#include "support/test.h"

#include "transport/cert.h"
#include "transport/tls.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

/* Not before 2026-01-31T00:00:00Z, for a day. */
#define FROM INT64_C(1769817600000)

/* A certificate that signs itself, in PEM. */
static void make(char *out, size_t size, const char *name, const char *names)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *bio = BIO_new(BIO_s_mem());
    X509 *cert = X509_new();
    X509_EXTENSION *ext;
    int len;

    assert_true(key && bio && cert);
    X509_set_version(cert, 2);
    X509_set_pubkey(cert, key);
    ASN1_TIME_set(X509_getm_notBefore(cert), FROM / 1000);
    ASN1_TIME_set(X509_getm_notAfter(cert), FROM / 1000 + 86400);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8,
                               (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    if (names) {
        ext = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);
        assert_non_null(ext);
        X509_add_ext(cert, ext, -1);
        X509_EXTENSION_free(ext);
    }
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
    PEM_write_bio_X509(bio, cert);
    len = BIO_read(bio, out, (int)size - 1);
    assert_true(len > 0);
    out[len] = '\0';
    X509_free(cert);
    BIO_free(bio);
    EVP_PKEY_free(key);
}

struct cert_case {
    const char *label, *name, *names;
    const char *subject, *shown; /* as they are read */
};

static const struct cert_case cases[] = {
    {"a name", "hv01", "DNS:hv01.corp", "CN=hv01", "hv01.corp"},
    {"several", "hv01", "DNS:hv01,IP:10.0.0.5,IP:fe80::1,DNS:b", "CN=hv01",
     "hv01, 10.0.0.5, fe80::1, b"},
    {"others are left out", "hv01", "email:a@b.c,DNS:hv01,URI:http://x", "CN=hv01",
     "hv01"},
    {"none", "hv01", NULL, "CN=hv01", ""},
    {"beyond ASCII", "h\u00f6st", NULL, "CN=h\u00f6st", ""},
    {"a line feed in another", "hv01", "DNS:hv01\nhere: x\033[2J", "CN=hv01",
     "hv01 here: x [2J"},
    {"a control character", "a\033[2J", NULL, "CN=a\\1B[2J", ""},
};

static void test_read(void **state)
{
    const struct cert_case *row = *state;
    struct hvs_certificate cert;
    struct hvs_error err = {0};
    char pem[4096], pin[HVS_PIN_SIZE];

    make(pem, sizeof(pem), row->name, row->names);
    assert_int_equal(hvs_cert_read(&cert, pem, &err), 0);
    assert_string_equal(cert.subject, row->subject);
    assert_string_equal(cert.issuer, row->subject);
    assert_string_equal(cert.names, row->shown);
    assert_int_equal(cert.not_before, FROM);
    assert_int_equal(cert.not_after, FROM + 86400000);
    assert_int_equal(strlen(cert.thumbprint), 40);
    assert_int_equal(strspn(cert.thumbprint, "0123456789ABCDEF"), 40);
    assert_int_equal(hvs_tls_pin(pin, pem, &err), 0);
    assert_string_equal(cert.pin, pin);
}

static void test_garbage(void **state)
{
    struct hvs_certificate cert;
    struct hvs_error err = {0};

    (void)state;
    assert_int_equal(hvs_cert_read(&cert, "no certificate", &err), -1);
    assert_err(&err, HVS_NET, "cannot be read");
    assert_string_equal(cert.pin, "");
}

int main(void)
{
    const struct CMUnitTest more[] = {cmocka_unit_test(test_garbage)};
    struct CMUnitTest tests[COUNT(cases)];
    int failed;

    CASES(tests, cases, test_read);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(more, NULL, NULL);
}
