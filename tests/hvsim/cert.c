#include "hvsim/cert.h"

#include "base/buf.h"
#include "base/err.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DAY 86400L

static int fail(struct hvs_error *err, const char *what)
{
    char why[128];

    ERR_error_string_n(ERR_peek_last_error(), why, sizeof(why));
    return hvs_err_set(err, HVS_NET, 0, "cannot %s: %s", what, why);
}

static EVP_PKEY *new_key(void)
{
    /* not EVP_EC_gen(): OpenSSL 1.1.1 lacks it */
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL);
    EVP_PKEY *key = NULL;

    if (!ctx || EVP_PKEY_keygen_init(ctx) != 1 ||
        EVP_PKEY_CTX_set_ec_paramgen_curve_nid(ctx, NID_X9_62_prime256v1) != 1 ||
        EVP_PKEY_keygen(ctx, &key) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(ctx);
    return key;
}

static bool set_serial(X509 *cert)
{
    unsigned char random[8];
    BIGNUM *number = NULL;
    bool good;

    if (RAND_bytes(random, sizeof(random)) != 1)
        return false;
    random[0] = (random[0] & 0x7f) | 1;
    number = BN_bin2bn(random, sizeof(random), NULL);
    good = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
    BN_free(number);
    return good;
}

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509_EXTENSION *extension;
    X509V3_CTX ctx;
    bool good;

    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    good = extension && X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return good;
}

/* A certificate with everything but its extensions and its signature. */
static X509 *new_cert(const char *name, EVP_PKEY *key, const X509 *issuer, long from_days,
                      long to_days)
{
    X509 *cert = X509_new();
    X509_NAME *subject;

    if (!cert)
        return NULL;
    subject = X509_get_subject_name(cert);
    if (X509_set_version(cert, 2) == 1 && set_serial(cert) &&
        X509_gmtime_adj(X509_getm_notBefore(cert), from_days * DAY) &&
        X509_gmtime_adj(X509_getm_notAfter(cert), to_days * DAY) &&
        X509_set_pubkey(cert, key) == 1 &&
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                   (const unsigned char *)name, -1, -1, 0) == 1 &&
        X509_set_issuer_name(cert, issuer ? X509_get_subject_name(issuer) : subject) == 1)
        return cert;
    X509_free(cert);
    return NULL;
}

static bool add_name(GENERAL_NAMES *names, const char *text)
{
    unsigned char address[16];
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_OCTET_STRING *string = ASN1_OCTET_STRING_new();
    int type = GEN_IPADD;
    int set = 0;

    if (name && string) {
        if (inet_pton(AF_INET, text, address) == 1) {
            set = ASN1_OCTET_STRING_set(string, address, 4);
        } else if (inet_pton(AF_INET6, text, address) == 1) {
            set = ASN1_OCTET_STRING_set(string, address, 16);
        } else {
            type = GEN_DNS;
            set = ASN1_STRING_set(string, text, -1);
            string->type = V_ASN1_IA5STRING;
        }
    }
    if (set != 1) {
        ASN1_OCTET_STRING_free(string);
        GENERAL_NAME_free(name);
        return false;
    }
    GENERAL_NAME_set0_value(name, type, string);
    if (sk_GENERAL_NAME_push(names, name) > 0)
        return true;
    GENERAL_NAME_free(name);
    return false;
}

static bool add_names(X509 *cert, const char *const *names, size_t count)
{
    GENERAL_NAMES *all = sk_GENERAL_NAME_new_null();
    bool good = all != NULL;
    size_t i;

    for (i = 0; good && i < count; i++)
        good = add_name(all, names[i]);
    good = good && X509_add1_ext_i2d(cert, NID_subject_alt_name, all, 0, 0) == 1;
    GENERAL_NAMES_free(all);
    return good;
}

static X509 *make_ca(EVP_PKEY *key)
{
    X509 *ca = new_cert("hvsim test authority", key, NULL, -1000, 3650);

    if (ca && add_extension(ca, ca, NID_basic_constraints, "critical,CA:TRUE") &&
        add_extension(ca, ca, NID_key_usage, "critical,keyCertSign,cRLSign") &&
        add_extension(ca, ca, NID_subject_key_identifier, "hash") &&
        X509_sign(ca, key, EVP_sha256()) > 0)
        return ca;
    X509_free(ca);
    return NULL;
}

static X509 *make_leaf(EVP_PKEY *key, X509 *ca, EVP_PKEY *ca_key, enum sim_flaw flaw,
                       const char *const *names, size_t count)
{
    static const char *const always[] = {"localhost", "127.0.0.1", "::1"};
    static const char *const other[] = {"elsewhere.invalid"};
    const char *all[64];
    size_t n;
    X509 *leaf;

    for (n = 0; n < 3; n++)
        all[n] = always[n];
    for (; count && n < sizeof(all) / sizeof(all[0]); count--)
        all[n++] = *names++;
    if (flaw == SIM_FLAW_NAME) {
        all[0] = other[0];
        n = 1;
    }
    leaf = new_cert(all[0], key, ca, flaw == SIM_FLAW_NOT_YET ? 30 : -30,
                    flaw == SIM_FLAW_EXPIRED ? -1 : 365);
    if (leaf && add_names(leaf, all, n) &&
        add_extension(leaf, ca, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(leaf, ca, NID_key_usage, "critical,digitalSignature") &&
        add_extension(leaf, ca, NID_ext_key_usage, "serverAuth") &&
        add_extension(leaf, ca, NID_subject_key_identifier, "hash") &&
        add_extension(leaf, ca, NID_authority_key_identifier, "keyid") &&
        X509_sign(leaf, ca_key, EVP_sha256()) > 0)
        return leaf;
    X509_free(leaf);
    return NULL;
}

int sim_cert_make(struct sim_cert *out, const char *const *names, size_t count,
                  enum sim_flaw flaw, struct hvs_error *err)
{
    EVP_PKEY *ca_key = new_key();
    int rc = -1;

    *out = (struct sim_cert){.key = new_key()};
    if (ca_key && out->key)
        out->ca = make_ca(ca_key);
    if (out->ca)
        out->cert = make_leaf(out->key, out->ca, ca_key, flaw, names, count);
    if (!out->cert) {
        fail(err, "make a certificate");
        sim_cert_clear(out);
        goto out;
    }
    rc = 0;
out:
    EVP_PKEY_free(ca_key);
    return rc;
}

void sim_cert_clear(struct sim_cert *cert)
{
    EVP_PKEY_free(cert->key);
    X509_free(cert->cert);
    X509_free(cert->ca);
    *cert = (struct sim_cert){0};
}

int sim_cert_write(X509 *cert, const char *file, struct hvs_error *err)
{
    struct hvs_buf name = HVS_BUF_INIT(4096);
    FILE *f = NULL;
    int rc = -1;
    bool good;

    /* whoever waits for the file must never see half of it */
    hvs_buf_printf(&name, "%s.%ld", file, (long)getpid());
    f = fopen(hvs_buf_str(&name), "w");
    if (!f) {
        hvs_err_set(err, HVS_SYSTEM, errno, "cannot write '%s': %s", file,
                    strerror(errno));
        goto out;
    }
    good = PEM_write_X509(f, cert) == 1;
    good = fclose(f) == 0 && good;
    if (!good || rename(hvs_buf_str(&name), file) < 0) {
        hvs_err_set(err, HVS_SYSTEM, errno, "cannot write '%s': %s", file,
                    strerror(errno));
        unlink(hvs_buf_str(&name));
        goto out;
    }
    rc = 0;
out:
    hvs_buf_clear(&name);
    return rc;
}
