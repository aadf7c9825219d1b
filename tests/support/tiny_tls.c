#include "support/tiny_tls.h"

#include "support/test.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void add_extension(X509 *cert, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509_EXTENSION *extension;

    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(cert, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static X509 *make_certificate(EVP_PKEY *key, const struct tiny_tls *like)
{
    X509 *cert = X509_new();
    X509_NAME *name = X509_NAME_new();
    int to = like->from_days || like->to_days ? like->to_days : 10;
    char names[256] = "DNS:localhost,IP:127.0.0.1";

    assert_non_null(cert);
    assert_non_null(name);
    if (like->name)
        snprintf(names, sizeof(names), "DNS:%s", like->name);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"tiny",
                               -1, -1, 0);
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), like->from_days * 86400L - 60);
    X509_gmtime_adj(X509_getm_notAfter(cert), to * 86400L);
    X509_set_subject_name(cert, name);
    X509_set_issuer_name(cert, name);
    X509_set_pubkey(cert, key);
    add_extension(cert, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(cert, NID_subject_alt_name, names);
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
    X509_NAME_free(name);
    return cert;
}

/* Not by the code under test: SHA-256 of the SubjectPublicKeyInfo, by OpenSSL alone. */
static void write_pin(struct tiny *tiny, const X509 *cert)
{
    unsigned char *key = NULL, digest[32];
    int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &key);
    size_t at = (size_t)snprintf(tiny->pin, sizeof(tiny->pin), "sha256//");

    assert_true(len > 0);
    assert_int_equal(EVP_Digest(key, (size_t)len, digest, NULL, EVP_sha256(), NULL), 1);
    EVP_EncodeBlock((unsigned char *)tiny->pin + at, digest, sizeof(digest));
    OPENSSL_free(key);
}

static void write_ca_file(struct tiny *tiny, X509 *cert)
{
    const char *tmp = getenv("TMPDIR");
    FILE *file;
    int fd;

    snprintf(tiny->ca_file, sizeof(tiny->ca_file), "%s/tiny.XXXXXX", tmp ? tmp : "/tmp");
    fd = mkstemp(tiny->ca_file);
    file = fd < 0 ? NULL : fdopen(fd, "w");
    assert_non_null(file);
    assert_int_equal(PEM_write_X509(file, cert), 1);
    assert_int_equal(fclose(file), 0);
}

SSL_CTX *tiny_tls_new(struct tiny *tiny, const struct tiny_tls *like)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert;

    assert_non_null(ctx);
    assert_non_null(key);
    cert = make_certificate(key, like);
    assert_int_equal(SSL_CTX_use_certificate(ctx, cert), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(ctx, key), 1);
    write_ca_file(tiny, cert);
    write_pin(tiny, cert);
    X509_free(cert);
    EVP_PKEY_free(key);
    if (like->newest) {
        SSL_CTX_set_security_level(ctx, 0);
        SSL_CTX_set_min_proto_version(ctx, 0);
        SSL_CTX_set_max_proto_version(ctx, like->newest);
    }
    return ctx;
}
