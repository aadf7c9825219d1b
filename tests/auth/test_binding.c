#include "support/hex.h"
#include "support/test.h"

#include "auth/binding.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <string.h>

enum key { ECDSA, PKCS1, RSA_PSS, ED25519 };

struct binding_case {
    const char *name;
    enum key key;
    const char *signed_with; /* NULL: the key has no choice */
    const char *bound_by;
    bool pem;
};

/* RFC 5929, 4.1: the digest of the signature, but SHA-256 for MD5 and SHA-1. */
static const struct binding_case cases[] = {
    {"ECDSA, SHA-256", ECDSA, "SHA256", "SHA256", false},
    {"ECDSA, SHA-256, PEM", ECDSA, "SHA256", "SHA256", true},
    {"ECDSA, SHA-384", ECDSA, "SHA384", "SHA384", true},
    {"ECDSA, SHA-512", ECDSA, "SHA512", "SHA512", false},
    {"ECDSA, SHA-1", ECDSA, "SHA1", "SHA256", false},
    {"RSA, SHA-256", PKCS1, "SHA256", "SHA256", true},
    {"RSA, SHA-384", PKCS1, "SHA384", "SHA384", false},
    {"RSA, SHA-512", PKCS1, "SHA512", "SHA512", true},
    {"RSA, SHA-1", PKCS1, "SHA1", "SHA256", true},
    {"RSA, MD5", PKCS1, "MD5", "SHA256", false},
    {"RSA-PSS, SHA-256 in its parameters", RSA_PSS, "SHA256", "SHA256", false},
    {"RSA-PSS, SHA-1 in its parameters", RSA_PSS, "SHA1", "SHA256", true},
    {"RSA-PSS, SHA-384 in its parameters", RSA_PSS, "SHA384", "SHA384", true},
    {"RSA-PSS, SHA-512 in its parameters", RSA_PSS, "SHA512", "SHA512", false},
    {"Ed25519, which has no digest", ED25519, NULL, "SHA256", true},
};

static EVP_PKEY *make_key(enum key kind)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *ctx;
    int id = kind == ECDSA     ? EVP_PKEY_EC
             : kind == ED25519 ? EVP_PKEY_ED25519
                               : EVP_PKEY_RSA;

    ctx = EVP_PKEY_CTX_new_id(id, NULL);
    assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
    if (kind == ECDSA)
        EVP_PKEY_CTX_set_ec_paramgen_curve_nid(ctx, NID_X9_62_prime256v1);
    if (id == EVP_PKEY_RSA)
        EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 1024);
    assert_int_equal(EVP_PKEY_keygen(ctx, &key), 1);
    EVP_PKEY_CTX_free(ctx);
    return key;
}

static X509 *make_cert(const struct binding_case *row)
{
    const EVP_MD *md = row->signed_with ? EVP_get_digestbyname(row->signed_with) : NULL;
    EVP_PKEY *key = make_key(row->key);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *how;
    X509 *cert = X509_new();
    int size;

    X509_set_version(cert, 2);
    X509_gmtime_adj(X509_getm_notBefore(cert), 0);
    X509_gmtime_adj(X509_getm_notAfter(cert), 60);
    X509_set_pubkey(cert, key);
    assert_int_equal(EVP_DigestSignInit(ctx, &how, md, NULL, key), 1);
    if (row->key == RSA_PSS)
        EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING);
    size = X509_sign_ctx(cert, ctx);
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    if (size > 0)
        return cert;
    X509_free(cert);
    return NULL;
}

static void add_pem(struct hvs_buf *out, X509 *cert)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text;
    long len;

    PEM_write_bio_X509(bio, cert);
    len = BIO_get_mem_data(bio, &text);
    hvs_buf_add(out, text, (size_t)len);
    BIO_free(bio);
}

static void add_der(struct hvs_buf *out, X509 *cert)
{
    unsigned char *der = NULL;
    int len = i2d_X509(cert, &der);

    hvs_buf_add(out, (char *)der, (size_t)len);
    OPENSSL_free(der);
}

static void test_binding(void **state)
{
    static const char prefix[] = "tls-server-end-point:";
    const struct binding_case *row = *state;
    struct hvs_buf text = HVS_BUF_INIT(8192), out = HVS_BUF_INIT(200);
    unsigned char want[EVP_MAX_MD_SIZE];
    struct hvs_error err = {0};
    unsigned int size;
    X509 *cert = make_cert(row);

    if (!cert) {
        print_message("OpenSSL does not sign with %s here\n", row->signed_with);
        skip();
    }
    X509_digest(cert, EVP_get_digestbyname(row->bound_by), want, &size);
    if (row->pem)
        add_pem(&text, cert);
    else
        add_der(&text, cert);
    X509_free(cert);
    assert_int_equal(hvs_binding_add(&out, text.data, text.len, &err), 0);
    assert_int_equal(out.len, strlen(prefix) + size);
    assert_memory_equal(out.data, prefix, strlen(prefix));
    assert_memory_equal(out.data + strlen(prefix), want, size);
    hvs_buf_clear(&text);
    hvs_buf_clear(&out);
}

static void test_not_one(void **state)
{
    static const char *const texts[] = {"", "0", "-----BEGIN CERTIFICATE-----\nMIIB\n",
                                        "x"};
    struct hvs_buf out = HVS_BUF_INIT(200);
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(texts); i++) {
        struct hvs_error err = {0};

        assert_int_equal(hvs_binding_add(&out, texts[i], strlen(texts[i]), &err), -1);
        assert_err(&err, HVS_AUTH, "certificate cannot be read");
        assert_int_equal(out.len, 0);
    }
}

/* Two certificates in one are not one. */
static void test_trailing(void **state)
{
    struct hvs_buf der = HVS_BUF_INIT(8192), out = HVS_BUF_INIT(200);
    struct hvs_error err = {0};
    X509 *cert = make_cert(&cases[0]);

    (void)state;
    add_der(&der, cert);
    hvs_buf_add(&der, "", 1);
    X509_free(cert);
    assert_int_equal(hvs_binding_add(&out, der.data, der.len, &err), -1);
    hvs_buf_clear(&der);
}

int main(void)
{
    struct CMUnitTest tests[2 + COUNT(cases)] = {
        cmocka_unit_test(test_not_one),
        cmocka_unit_test(test_trailing),
    };

    CASES(tests + 2, cases, test_binding);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
