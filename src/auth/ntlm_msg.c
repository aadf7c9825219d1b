#include "auth/ntlm_msg.h"

#include "base/err.h"

#include <string.h>

static const char mark[8] = "NTLMSSP";

/* MS-NLMP 2.2.2.1 */
enum {
    AV_END = 0,
    AV_COMPUTER = 1,
    AV_FLAGS = 6,
    AV_TIME = 7,
    AV_TARGET = 9,
    AV_BINDING = 10,
};
#define AV_FLAG_MIC 2u

/* Bit 0x00800000 says that there is target info. Signing and sealing, with 128 bits and
 * a key of the session's own, are all that makes NTLM worth anything. */
static const struct need {
    uint32_t flag;
    const char *what;
} needs[] = {
    {HVS_NTLM_UNICODE, "Unicode"},
    {HVS_NTLM_ESS, "extended session security (NTLMv2)"},
    {HVS_NTLM_128, "128-bit keys"},
    {HVS_NTLM_KEY_EXCH, "key exchange"},
    {HVS_NTLM_SIGN, "signing"},
    {HVS_NTLM_SEAL, "sealing"},
    {HVS_NTLM_TARGET_INFO, "target information"},
};

static const char odd[] =
    "something in between may alter what the host says, or it is no "
    "Windows host";

static int refuse(struct hvs_error *err, const char *why)
{
    return hvs_err_set_hint(err, HVS_AUTH, 0, odd, "the host's NTLM challenge %s", why);
}

static int check_flags(uint32_t flags, struct hvs_error *err)
{
    const struct need *need;

    for (need = needs; need < needs + sizeof(needs) / sizeof(needs[0]); need++)
        if (!(flags & need->flag))
            return hvs_err_set_hint(
                err, HVS_AUTH, 0,
                "NTLMv2 with 128-bit session security must be allowed on the host; or "
                "use --auth kerberos",
                "the host's NTLM challenge lacks %s", need->what);
    return 0;
}

/* The part that the header's field at `at` describes (MS-NLMP 2.2.1.2). */
static int part(struct hvs_bytes *out, const uint8_t *message, size_t len, size_t at,
                struct hvs_error *err)
{
    size_t size = hvs_get16(message + at), from = hvs_get32(message + at + 4);

    *out = (struct hvs_bytes){message, 0};
    if (!size)
        return 0;
    if (from < 48 || from > len || size > len - from)
        return refuse(err, "points outside of itself");
    *out = (struct hvs_bytes){message + from, size};
    return 0;
}

/* The pair at `at`: its value, and the place of the next. False: it is cut off. */
static bool next_pair(struct hvs_bytes info, size_t *at, unsigned *id,
                      struct hvs_bytes *value)
{
    const uint8_t *bytes = info.data;
    size_t size;

    if (info.len - *at < 4)
        return false;
    *id = hvs_get16(bytes + *at);
    size = hvs_get16(bytes + *at + 2);
    if (size > info.len - *at - 4)
        return false;
    *value = (struct hvs_bytes){bytes + *at + 4, size};
    *at += 4 + size;
    return true;
}

static int take_pair(struct hvs_ntlm_challenge *out, unsigned id, struct hvs_bytes value,
                     struct hvs_error *err)
{
    switch (id) {
    case AV_COMPUTER: out->computer = value; return 0;
    case AV_FLAGS:
        if (value.len != 4)
            return refuse(err, "has flags of a wrong size");
        out->av_flags = hvs_get32(value.data);
        return 0;
    case AV_TIME:
        if (value.len != 8)
            return refuse(err, "has a time stamp of a wrong size");
        out->time = value.data;
        return 0;
    case AV_TARGET:
    case AV_BINDING:
        /* whoever relays a challenge could make us vouch for another connection */
        return refuse(err, "holds a binding, which only a client may send");
    default: return 0;
    }
}

static int read_info(struct hvs_ntlm_challenge *out, struct hvs_error *err)
{
    struct hvs_bytes value;
    uint32_t seen = 0;
    unsigned id = 1;
    size_t at = 0;

    while (id != AV_END) {
        if (!next_pair(out->info, &at, &id, &value))
            return refuse(err, "has target information that is cut off");
        if (id < 32 && seen & 1u << id)
            return refuse(err, "has the same target information twice");
        seen |= id < 32 ? 1u << id : 0;
        if (take_pair(out, id, value, err) < 0)
            return -1;
    }
    if (value.len || at != out->info.len)
        return refuse(err, "has target information beyond its end");
    return 0;
}

int hvs_ntlm_read_challenge(struct hvs_ntlm_challenge *out, const void *message,
                            size_t len, struct hvs_error *err)
{
    const uint8_t *bytes = message;
    struct hvs_bytes name;

    *out = (struct hvs_ntlm_challenge){0};
    if (len < 48 || memcmp(bytes, mark, sizeof(mark)) != 0)
        return hvs_err_set_hint(err, HVS_AUTH, 0, odd,
                                "the host's login token is not NTLM");
    if (hvs_get32(bytes + 8) != 2)
        return hvs_err_set_hint(err, HVS_AUTH, 0, odd,
                                "the host sent an NTLM message of type %lu instead of a "
                                "challenge",
                                (unsigned long)hvs_get32(bytes + 8));
    out->flags = hvs_get32(bytes + 20);
    memcpy(out->nonce, bytes + 24, sizeof(out->nonce));
    if (check_flags(out->flags, err) < 0 || part(&name, bytes, len, 12, err) < 0 ||
        part(&out->info, bytes, len, 40, err) < 0)
        return -1;
    if (!out->info.len)
        return check_flags(out->flags & ~(uint32_t)HVS_NTLM_TARGET_INFO, err);
    return read_info(out, err);
}

void hvs_ntlm_add_negotiate(struct hvs_buf *out, const uint8_t version[8])
{
    static const uint8_t nobody[16]; /* no domain and no workstation, at no place */

    hvs_bytes_add(out, mark, sizeof(mark));
    hvs_bytes_add32(out, 1);
    hvs_bytes_add32(out, HVS_NTLM_OURS);
    hvs_bytes_add(out, nobody, sizeof(nobody));
    hvs_bytes_add(out, version, 8);
}

static void add_pair(struct hvs_buf *out, unsigned id, const void *value, size_t len)
{
    hvs_bytes_add16(out, (uint16_t)id);
    hvs_bytes_add16(out, (uint16_t)len);
    hvs_bytes_add(out, value, len);
}

void hvs_ntlm_add_info(struct hvs_buf *out, const struct hvs_ntlm_challenge *challenge,
                       const uint8_t *binding, struct hvs_bytes target)
{
    uint32_t flags = challenge->av_flags | (challenge->time ? AV_FLAG_MIC : 0);
    struct hvs_bytes value;
    uint8_t four[4];
    unsigned id;
    size_t at = 0;

    while (next_pair(challenge->info, &at, &id, &value) && id != AV_END)
        if (id != AV_FLAGS)
            add_pair(out, id, value.data, value.len);
    if (flags) {
        hvs_put32(four, flags);
        add_pair(out, AV_FLAGS, four, sizeof(four));
    }
    if (binding)
        add_pair(out, AV_BINDING, binding, 16);
    if (target.len)
        add_pair(out, AV_TARGET, target.data, target.len);
    add_pair(out, AV_END, NULL, 0);
}

int hvs_ntlm_add_authenticate(struct hvs_buf *out,
                              const struct hvs_ntlm_authenticate *parts,
                              struct hvs_error *err)
{
    /* in the order of the header, and in that of the bytes that follow it */
    const struct hvs_bytes fields[] = {parts->lm,   parts->nt,          parts->domain,
                                       parts->user, parts->workstation, parts->key};
    static const size_t order[] = {2, 3, 4, 0, 1, 5};
    static const uint8_t no_mic[16];
    size_t at = HVS_NTLM_MIC_AT + (parts->mic ? sizeof(no_mic) : 0), places[6], i;

    for (i = 0; i < 6; i++) {
        places[order[i]] = at;
        at += fields[order[i]].len;
        if (fields[i].len > UINT16_MAX)
            return hvs_err_set(err, HVS_USAGE, 0, "too long a name for NTLM");
    }
    hvs_bytes_add(out, mark, sizeof(mark));
    hvs_bytes_add32(out, 3);
    for (i = 0; i < 6; i++) {
        hvs_bytes_add16(out, (uint16_t)fields[i].len);
        hvs_bytes_add16(out, (uint16_t)fields[i].len);
        hvs_bytes_add32(out, (uint32_t)places[i]);
    }
    hvs_bytes_add32(out, parts->flags);
    hvs_bytes_add(out, parts->version, sizeof(parts->version));
    if (parts->mic)
        hvs_bytes_add(out, no_mic, sizeof(no_mic));
    for (i = 0; i < 6; i++)
        hvs_bytes_add(out, fields[order[i]].data, fields[order[i]].len);
    return out->failed ? hvs_err_memory(err) : 0;
}
