#include "auth/ntlm_hash.h"

#include "auth/digest.h"
#include "auth/md4.h"
#include "auth/rc4.h"
#include "auth/upcase.h"
#include "auth/utf16.h"
#include "base/err.h"
#include "base/secret.h"

#include <string.h>

enum { TEXT_MAX = 1 << 16 };

int hvs_ntlm_hash(uint8_t out[16], const char *password, struct hvs_error *err)
{
    struct hvs_buf text = HVS_BUF_INIT(TEXT_MAX);
    int rc = -1;

    if (!hvs_utf16_add(&text, password)) {
        hvs_err_set(err, HVS_USAGE, 0, "the password is not UTF-8");
        goto out;
    }
    if (text.failed) {
        if (!text.full)
            hvs_err_memory(err);
        hvs_err_set(err, HVS_USAGE, 0, "the password is too long");
        goto out;
    }
    hvs_md4(out, hvs_buf_str(&text), text.len);
    rc = 0;
out:
    hvs_buf_clear(&text);
    return rc;
}

int hvs_ntlm_owf(uint8_t out[16], const uint8_t hash[16], const char *user,
                 struct hvs_bytes domain, struct hvs_error *err)
{
    struct hvs_buf text = HVS_BUF_INIT(TEXT_MAX);
    struct hvs_bytes all;
    int rc = -1;

    if (hvs_upcase_add(&text, user, err) < 0)
        goto out;
    hvs_bytes_add(&text, domain.data, domain.len);
    if (text.failed) {
        hvs_err_memory(err);
        goto out;
    }
    all = (struct hvs_bytes){hvs_buf_str(&text), text.len};
    if (hvs_hmac_md5(out, hash, &all, 1, err) < 0)
        goto out;
    rc = 0;
out:
    hvs_buf_clear(&text);
    return rc;
}

int hvs_ntlm_binding(uint8_t out[16], const struct hvs_buf *binding,
                     struct hvs_error *err)
{
    uint8_t head[20] = {0}; /* two address types and two lengths of nothing */
    const struct hvs_bytes spans[] = {{head, sizeof(head)},
                                      {hvs_buf_str(binding), binding->len}};

    hvs_put32(head + 16, (uint32_t)binding->len);
    return hvs_md5(out, spans, 2, err);
}

/* "temp" of MS-NLMP 3.3.2: what the proof vouches for. */
static void add_claim(struct hvs_buf *out, const struct hvs_ntlm_challenge *challenge,
                      const struct hvs_ntlm_inputs *inputs, const struct hvs_buf *info)
{
    static const uint8_t versions[8] = {1, 1}, none[4];

    hvs_bytes_add(out, versions, sizeof(versions));
    hvs_bytes_add(out, challenge->time ? challenge->time : inputs->time, 8);
    hvs_bytes_add(out, inputs->nonce, sizeof(inputs->nonce));
    hvs_bytes_add(out, none, sizeof(none));
    hvs_bytes_add(out, hvs_buf_str(info), info->len);
    hvs_bytes_add(out, none, sizeof(none));
}

/* The LMv2 response, for a host that is too old to send the time. */
static int prove_lm(uint8_t out[24], const uint8_t owf[16],
                    const struct hvs_ntlm_challenge *challenge,
                    const struct hvs_ntlm_inputs *inputs, struct hvs_error *err)
{
    const struct hvs_bytes spans[] = {{challenge->nonce, 8}, {inputs->nonce, 8}};

    memset(out, 0, 24);
    if (challenge->time)
        return 0;
    memcpy(out + 16, inputs->nonce, 8);
    return hvs_hmac_md5(out, owf, spans, 2, err);
}

int hvs_ntlm_prove(struct hvs_ntlm_proof *out, const uint8_t owf[16],
                   const struct hvs_ntlm_challenge *challenge,
                   const struct hvs_ntlm_inputs *inputs, const struct hvs_buf *info,
                   struct hvs_error *err)
{
    struct hvs_buf claim = HVS_BUF_INIT(2 * TEXT_MAX);
    struct hvs_bytes spans[2] = {{challenge->nonce, 8}}, proved;
    uint8_t proof[16], base[16];
    struct hvs_rc4 rc4;
    int rc = -1;

    *out = (struct hvs_ntlm_proof){.nt = HVS_BUF_INIT(2 * TEXT_MAX)};
    add_claim(&claim, challenge, inputs, info);
    spans[1] = (struct hvs_bytes){hvs_buf_str(&claim), claim.len};
    proved = (struct hvs_bytes){proof, sizeof(proof)};
    if (hvs_hmac_md5(proof, owf, spans, 2, err) < 0 ||
        hvs_hmac_md5(base, owf, &proved, 1, err) < 0 ||
        prove_lm(out->lm, owf, challenge, inputs, err) < 0)
        goto out;
    hvs_bytes_add(&out->nt, proof, sizeof(proof));
    hvs_bytes_add(&out->nt, hvs_buf_str(&claim), claim.len);
    if (claim.failed || out->nt.failed) {
        hvs_err_memory(err);
        goto out;
    }
    hvs_rc4_init(&rc4, base, sizeof(base));
    hvs_rc4_apply(&rc4, inputs->session_key, out->key, sizeof(out->key));
    hvs_wipe(&rc4, sizeof(rc4));
    rc = 0;
out:
    hvs_wipe(base, sizeof(base));
    hvs_buf_clear(&claim);
    return rc;
}

void hvs_ntlm_proof_clear(struct hvs_ntlm_proof *proof)
{
    hvs_buf_clear(&proof->nt);
    hvs_wipe(proof->lm, sizeof(proof->lm));
    hvs_wipe(proof->key, sizeof(proof->key));
}
