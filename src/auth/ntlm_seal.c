#include "auth/ntlm_seal.h"

#include "auth/digest.h"
#include "base/err.h"
#include "base/secret.h"

#include <errno.h>
#include <string.h>

/* MS-NLMP 3.4.5.2 and 3.4.5.3; the NUL at the end is part of them. */
static const char sign_magic[2][64] = {
    "session key to client-to-server signing key magic constant",
    "session key to server-to-client signing key magic constant",
};
static const char seal_magic[2][64] = {
    "session key to client-to-server sealing key magic constant",
    "session key to server-to-client sealing key magic constant",
};

static int derive(uint8_t out[16], const uint8_t session_key[16], const char *magic,
                  struct hvs_error *err)
{
    const struct hvs_bytes spans[] = {{session_key, 16}, {magic, strlen(magic) + 1}};

    return hvs_md5(out, spans, 2, err);
}

int hvs_ntlm_half_init(struct hvs_ntlm_half *out, const uint8_t session_key[16],
                       bool from_server, struct hvs_error *err)
{
    uint8_t seal_key[16];
    int rc = -1;

    *out = (struct hvs_ntlm_half){0};
    if (derive(out->sign_key, session_key, sign_magic[from_server], err) < 0 ||
        derive(seal_key, session_key, seal_magic[from_server], err) < 0)
        goto out;
    hvs_rc4_init(&out->rc4, seal_key, sizeof(seal_key));
    rc = 0;
out:
    hvs_wipe(seal_key, sizeof(seal_key));
    return rc;
}

void hvs_ntlm_half_clear(struct hvs_ntlm_half *half)
{
    hvs_wipe(half, sizeof(*half));
}

int hvs_ntlm_sign(struct hvs_ntlm_half *half, const void *plain, size_t len,
                  uint8_t signature[HVS_NTLM_SIGNATURE_SIZE], struct hvs_error *err)
{
    uint8_t seq[4], sum[16];
    const struct hvs_bytes spans[] = {{seq, sizeof(seq)}, {plain, len}};

    hvs_put32(seq, half->seq);
    if (hvs_hmac_md5(sum, half->sign_key, spans, 2, err) < 0)
        return -1;
    hvs_put32(signature, 1);
    hvs_rc4_apply(&half->rc4, sum, signature + 4, 8);
    memcpy(signature + 12, seq, sizeof(seq));
    half->seq++;
    return 0;
}

int hvs_ntlm_seal(struct hvs_ntlm_half *half, const void *plain, size_t len,
                  uint8_t signature[HVS_NTLM_SIGNATURE_SIZE], struct hvs_buf *sealed,
                  struct hvs_error *err)
{
    size_t at = sealed->len;

    hvs_bytes_add(sealed, plain, len);
    if (sealed->failed)
        return hvs_err_set(err, HVS_SYSTEM, ENOMEM,
                           "out of memory, or a message over %zu bytes", sealed->max);
    /* the text goes through the stream before the signature does: MS-NLMP 3.4.3 */
    if (len)
        hvs_rc4_apply(&half->rc4, plain, sealed->data + at, len);
    return hvs_ntlm_sign(half, plain, len, signature, err);
}

int hvs_ntlm_unseal(struct hvs_ntlm_half *half, const void *signature,
                    size_t signature_len, const void *sealed, size_t len,
                    struct hvs_buf *plain, struct hvs_error *err)
{
    uint8_t expected[HVS_NTLM_SIGNATURE_SIZE];
    size_t at = plain->len;
    char *text;

    hvs_bytes_add(plain, sealed, len);
    if (plain->failed)
        return hvs_err_memory(err);
    /* in its place, but for as long as it has not proved to fit */
    text = plain->data + at;
    hvs_rc4_apply(&half->rc4, text, text, len);
    if (hvs_ntlm_sign(half, text, len, expected, err) < 0)
        goto fail;
    if (signature_len != sizeof(expected) ||
        !hvs_secret_equal(signature, expected, sizeof(expected))) {
        hvs_err_set(err, HVS_AUTH, 0,
                    "the seal of the host's reply is broken: it was altered, or is not "
                    "the next one");
        goto fail;
    }
    return 0;

fail:
    hvs_wipe(text, len);
    plain->len = at;
    if (!at)
        hvs_buf_clear(plain);
    return -1;
}
