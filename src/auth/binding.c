#include "auth/binding.h"

#include "auth/bytes.h"
#include "base/err.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <limits.h>

static X509 *read_cert(const void *cert, size_t len)
{
    const unsigned char *der = cert;
    X509 *x509 = NULL;
    BIO *bio;

    if (len > INT_MAX)
        return NULL;
    if (len && der[0] == 0x30) {
        x509 = d2i_X509(NULL, &der, (long)len);
        if (x509 && der != (const unsigned char *)cert + len) {
            X509_free(x509);
            x509 = NULL;
        }
        return x509;
    }
    bio = BIO_new_mem_buf(cert, (int)len);
    if (bio)
        x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    return x509;
}

/* Of the signature; RSA-PSS has it in its parameters, and OpenSSL looks there. */
static const EVP_MD *digest_of(X509 *cert)
{
    const EVP_MD *md = NULL;
    int nid = NID_undef;

    if (X509_get_signature_info(cert, &nid, NULL, NULL, NULL) && nid != NID_undef &&
        nid != NID_md5 && nid != NID_sha1)
        md = EVP_get_digestbynid(nid);
    return md ? md : EVP_sha256();
}

int hvs_binding_add(struct hvs_buf *out, const void *cert, size_t len,
                    struct hvs_error *err)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    X509 *x509 = read_cert(cert, len);
    int ok = x509 && X509_digest(x509, digest_of(x509), digest, &size);

    X509_free(x509);
    ERR_clear_error();
    if (!ok)
        return hvs_err_set(err, HVS_AUTH, 0,
                           "the host's certificate cannot be read, so the login cannot "
                           "be bound to it");
    hvs_buf_puts(out, "tls-server-end-point:");
    hvs_bytes_add(out, digest, size);
    if (out->failed)
        return hvs_err_memory(err);
    return 0;
}
