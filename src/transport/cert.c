#include "transport/cert.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "transport/tls.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

static void read_name(char *out, size_t size, const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());
    int len = 0;

    if (bio &&
        X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) > 0)
        len = BIO_read(bio, out, (int)size - 1);
    out[len > 0 ? len : 0] = '\0';
    hvs_utf8_mend(out); /* it may hold anything, and be cut */
    BIO_free(bio);
}

/* Days and seconds from 1970: timegm() is not POSIX. */
static int64_t read_time(const ASN1_TIME *time)
{
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    int days = 0, seconds = 0;

    if (epoch && time)
        ASN1_TIME_diff(&days, &seconds, epoch, time);
    ASN1_TIME_free(epoch);
    return ((int64_t)days * 86400 + seconds) * 1000;
}

/* A DNS name or an address; others say nothing about a host. */
static void add_name(struct hvs_buf *out, const GENERAL_NAME *name)
{
    const ASN1_STRING *text = name->d.ia5; /* and d.ip: both are strings */
    char address[INET6_ADDRSTRLEN] = "";
    int len;

    if (name->type != GEN_DNS && name->type != GEN_IPADD)
        return;
    len = ASN1_STRING_length(text);
    if (name->type == GEN_IPADD && (len == 4 || len == 16))
        inet_ntop(len == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(text), address,
                  sizeof(address));
    hvs_buf_puts(out, out->len ? ", " : "");
    if (name->type == GEN_DNS)
        hvs_buf_add(out, (const char *)ASN1_STRING_get0_data(text), (size_t)len);
    else
        hvs_buf_puts(out, address);
}

static bool read_alt_names(char *out, size_t size, const X509 *cert)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    struct hvs_buf text = HVS_BUF_INIT(64 * 1024);
    bool whole;
    int i;

    for (i = 0; i < sk_GENERAL_NAME_num(names); i++)
        add_name(&text, sk_GENERAL_NAME_value(names, i));
    snprintf(out, size, "%s", hvs_buf_str(&text));
    hvs_utf8_mend(out);
    hvs_utf8_one_line(out);
    whole = !hvs_buf_no_memory(&text);
    hvs_buf_clear(&text);
    GENERAL_NAMES_free(names);
    return whole;
}

int hvs_cert_read(struct hvs_certificate *out, const char *pem, struct hvs_error *err)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *cert = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0, i;
    int rc = -1;

    *out = (struct hvs_certificate){0};
    if (!cert || X509_digest(cert, EVP_sha1(), digest, &len) != 1) {
        hvs_err_set(err, HVS_NET, 0, "the host's certificate cannot be read");
        goto out;
    }
    for (i = 0; i < len && i < 20; i++)
        snprintf(out->thumbprint + 2 * i, 3, "%02X", digest[i]);
    read_name(out->subject, sizeof(out->subject), X509_get_subject_name(cert));
    read_name(out->issuer, sizeof(out->issuer), X509_get_issuer_name(cert));
    if (!read_alt_names(out->names, sizeof(out->names), cert)) {
        hvs_err_memory(err);
        goto out;
    }
    out->not_before = read_time(X509_get0_notBefore(cert));
    out->not_after = read_time(X509_get0_notAfter(cert));
    rc = hvs_tls_pin(out->pin, pem, err);
out:
    X509_free(cert);
    BIO_free(bio);
    return rc;
}
