#include "transport/tls.h"

#include "base/base64.h"
#include "base/err.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

static const char prefix[] = "sha256//";

int hvs_tls_pin(char out[HVS_PIN_SIZE], const char *certificate, struct hvs_error *err)
{
    struct hvs_buf text = HVS_BUF_INIT(HVS_PIN_SIZE - 1);
    BIO *bio = BIO_new_mem_buf(certificate, -1);
    X509 *cert = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    unsigned char digest[EVP_MAX_MD_SIZE], *key = NULL;
    unsigned digest_len = 0;
    int len, rc = -1;

    len = cert ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &key) : -1;
    if (len < 0 ||
        EVP_Digest(key, (size_t)len, digest, &digest_len, EVP_sha256(), NULL) != 1) {
        hvs_err_set(err, HVS_NET, 0, "the host's certificate cannot be read");
        goto out;
    }
    hvs_buf_puts(&text, prefix);
    hvs_base64_add(&text, digest, digest_len);
    if (text.failed) {
        hvs_err_memory(err);
        goto out;
    }
    memcpy(out, hvs_buf_str(&text), HVS_PIN_SIZE);
    rc = 0;
out:
    OPENSSL_free(key);
    X509_free(cert);
    BIO_free(bio);
    hvs_buf_clear(&text);
    return rc;
}

bool hvs_tls_pin_valid(const char *pin)
{
    const char *digest = pin + sizeof(prefix) - 1;

    /* the last sign of 32 bytes stands for four bits alone */
    return strncmp(pin, prefix, sizeof(prefix) - 1) == 0 &&
           strspn(digest, hvs_base64_signs) == 43 &&
           strchr("AEIMQUYcgkosw048", digest[42]) && strcmp(digest + 43, "=") == 0;
}
