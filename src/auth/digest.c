#include "auth/digest.h"

#include "base/err.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <stdbool.h>

static int refused(struct hvs_error *err)
{
    ERR_clear_error();
    return hvs_err_set_hint(err, HVS_AUTH, 0,
                            "a system in FIPS mode cannot do NTLM: use --auth kerberos",
                            "OpenSSL refuses MD5, which NTLM needs");
}

int hvs_md5(uint8_t out[16], const struct hvs_bytes *spans, size_t count,
            struct hvs_error *err)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx && EVP_DigestInit_ex(ctx, EVP_md5(), NULL);

    for (; ok && count; count--, spans++)
        ok = EVP_DigestUpdate(ctx, spans->data, spans->len);
    ok = ok && EVP_DigestFinal_ex(ctx, out, NULL);
    EVP_MD_CTX_free(ctx);
    return ok ? 0 : refused(err);
}

int hvs_hmac_md5(uint8_t out[16], const uint8_t key[16], const struct hvs_bytes *spans,
                 size_t count, struct hvs_error *err)
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, NULL, key, 16);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t size = 16;
    bool ok = pkey && ctx && EVP_DigestSignInit(ctx, NULL, EVP_md5(), NULL, pkey) == 1;

    for (; ok && count; count--, spans++)
        ok = EVP_DigestSignUpdate(ctx, spans->data, spans->len) == 1;
    ok = ok && EVP_DigestSignFinal(ctx, out, &size) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    return ok ? 0 : refused(err);
}

int hvs_random(void *out, size_t len, struct hvs_error *err)
{
    if (RAND_bytes(out, (int)len) == 1)
        return 0;
    ERR_clear_error();
    return hvs_err_set(err, HVS_SYSTEM, 0, "OpenSSL has no random bytes");
}
