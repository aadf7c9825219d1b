#include "auth/ntlm.h"

#include "auth/digest.h"
#include "auth/ntlm_seal.h"
#include "auth/upcase.h"
#include "auth/utf16.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int64_t from_1601_to_1970_ms = INT64_C(11644473600000);

enum { MESSAGE_MAX = 1 << 18 };

struct ntlm {
    struct hvs_mech mech;
    char *user, *domain;   /* as they go into the token */
    struct hvs_buf target; /* "HTTP/host" in UTF-16LE */
    uint8_t hash[16];      /* of the password, which is not kept */
    bool fixed;            /* the inputs are a test's */
    struct hvs_ntlm_inputs inputs;

    /* the context */
    struct hvs_buf negotiate; /* what we sent first; empty before that */
    struct hvs_ntlm_half ours, theirs;
};

/* For the host's log alone, and for accounts that may only log on from some machines. */
static void name_workstation(char out[16])
{
    char name[256] = "";
    size_t i;

    if (gethostname(name, sizeof(name) - 1) < 0)
        name[0] = '\0';
    for (i = 0; i < 15 && name[i] && name[i] != '.' && (unsigned char)name[i] < 0x80; i++)
        out[i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 32) : name[i];
    out[i] = '\0';
}

static int draw(struct hvs_ntlm_inputs *out, struct hvs_error *err)
{
    static const uint8_t version[8] = {10, 0, 0x61, 0x4a, 0, 0, 0, 15}; /* 10.0.19041 */
    uint64_t filetime = (uint64_t)(hvs_clock_utc_ms() + from_1601_to_1970_ms) * 10000;

    hvs_put32(out->time, (uint32_t)filetime);
    hvs_put32(out->time + 4, (uint32_t)(filetime >> 32));
    memcpy(out->version, version, sizeof(version));
    name_workstation(out->workstation);
    if (hvs_random(out->nonce, sizeof(out->nonce), err) < 0)
        return -1;
    return hvs_random(out->session_key, sizeof(out->session_key), err);
}

static int start(struct ntlm *ntlm, struct hvs_buf *out, struct hvs_error *err)
{
    if (!ntlm->fixed && draw(&ntlm->inputs, err) < 0)
        return -1;
    hvs_ntlm_add_negotiate(&ntlm->negotiate, ntlm->inputs.version);
    hvs_buf_add(out, hvs_buf_str(&ntlm->negotiate), ntlm->negotiate.len);
    if (ntlm->negotiate.failed || out->failed)
        return hvs_err_memory(err);
    return 0;
}

/* Windows' users write ".\user" for an account of the host itself. A bare name is the
 * host's too, as far as anyone can tell from here. */
static int choose_domain(struct ntlm *ntlm, const struct hvs_ntlm_challenge *challenge,
                         struct hvs_buf *domain, struct hvs_error *err)
{
    struct hvs_mech_evidence *evidence = &ntlm->mech.evidence;
    bool local = strcmp(ntlm->domain, ".") == 0;
    char host[sizeof(evidence->domain)];

    if (!hvs_utf16_read(host, sizeof(host), challenge->computer.data,
                        challenge->computer.len))
        return hvs_err_set(err, HVS_AUTH, 0,
                           "the host's NTLM challenge holds a name that is not UTF-16");
    if (local || (!*ntlm->domain && !strchr(ntlm->user, '@')))
        memcpy(evidence->domain, host, sizeof(host));
    if (local)
        hvs_bytes_add(domain, challenge->computer.data, challenge->computer.len);
    else if (!hvs_utf16_add(domain, ntlm->domain))
        return hvs_err_set(err, HVS_USAGE, 0, "the domain is not UTF-8");
    if (domain->full)
        return hvs_err_set(err, HVS_USAGE, 0, "the domain is too long");
    return domain->failed ? hvs_err_memory(err) : 0;
}

static int make_info(struct ntlm *ntlm, const struct hvs_ntlm_challenge *challenge,
                     const struct hvs_buf *binding, struct hvs_buf *info,
                     struct hvs_error *err)
{
    struct hvs_bytes target = {hvs_buf_str(&ntlm->target), ntlm->target.len};
    uint8_t sum[16];

    if (binding && hvs_ntlm_binding(sum, binding, err) < 0)
        return -1;
    ntlm->mech.evidence.bound = binding != NULL;
    hvs_ntlm_add_info(info, challenge, binding ? sum : NULL, target);
    return info->failed ? hvs_err_memory(err) : 0;
}

/* MS-NLMP 3.1.5.1.2: over all three messages, its own place being zero. */
static int sign_messages(struct ntlm *ntlm, struct hvs_bytes challenge,
                         struct hvs_buf *message, struct hvs_error *err)
{
    const struct hvs_bytes spans[] = {
        {hvs_buf_str(&ntlm->negotiate), ntlm->negotiate.len},
        challenge,
        {hvs_buf_str(message), message->len},
    };
    uint8_t mic[16];

    if (hvs_hmac_md5(mic, ntlm->inputs.session_key, spans, 3, err) < 0)
        return -1;
    memcpy(message->data + HVS_NTLM_MIC_AT, mic, sizeof(mic));
    return 0;
}

/* A FILETIME, in ms since 1970; 0 for one that no host's clock shows. */
static int64_t ms_of(const uint8_t time[8])
{
    uint64_t ms = ((uint64_t)hvs_get32(time + 4) << 32 | hvs_get32(time)) / 10000;

    return ms > (uint64_t)from_1601_to_1970_ms && ms < (uint64_t)1 << 50
               ? (int64_t)ms - from_1601_to_1970_ms
               : 0;
}

/* Optional flags hold where both want them; those that we need were checked. Ours, and
 * not the host's, is REQUEST_TARGET, and TARGET_INFO says what the proof is about. */
static uint32_t agree(uint32_t theirs)
{
    return (HVS_NTLM_OURS & (theirs | HVS_NTLM_REQUEST_TARGET)) | HVS_NTLM_TARGET_INFO;
}

static int build(struct ntlm *ntlm, const struct hvs_ntlm_challenge *challenge,
                 const struct hvs_ntlm_proof *proof, struct hvs_bytes domain,
                 struct hvs_buf *message, struct hvs_error *err)
{
    struct hvs_buf user = HVS_BUF_INIT(UINT16_MAX), workstation = HVS_BUF_INIT(64);
    struct hvs_ntlm_authenticate parts = {
        .flags = agree(challenge->flags),
        .mic = challenge->time != NULL,
        .lm = {proof->lm, sizeof(proof->lm)},
        .nt = {hvs_buf_str(&proof->nt), proof->nt.len},
        .domain = domain,
        .key = {proof->key, sizeof(proof->key)},
    };
    int rc = -1;

    if (parts.flags & HVS_NTLM_VERSION)
        memcpy(parts.version, ntlm->inputs.version, sizeof(parts.version));
    if (!hvs_utf16_add(&user, ntlm->user) || user.failed ||
        !hvs_utf16_add(&workstation, ntlm->inputs.workstation) || workstation.failed) {
        if (workstation.failed || hvs_buf_no_memory(&user))
            hvs_err_memory(err);
        hvs_err_set(err, HVS_USAGE, 0, "the user name is not UTF-8, or too long");
        goto out;
    }
    parts.user = (struct hvs_bytes){hvs_buf_str(&user), user.len};
    parts.workstation = (struct hvs_bytes){hvs_buf_str(&workstation), workstation.len};
    if (hvs_ntlm_add_authenticate(message, &parts, err) < 0)
        goto out;
    ntlm->mech.evidence.ntlm_flags = parts.flags;
    rc = 0;
out:
    hvs_buf_clear(&user);
    hvs_buf_clear(&workstation);
    return rc;
}

static int answer(struct ntlm *ntlm, struct hvs_bytes token,
                  const struct hvs_buf *binding, struct hvs_buf *out,
                  struct hvs_error *err)
{
    struct hvs_buf domain = HVS_BUF_INIT(UINT16_MAX), info = HVS_BUF_INIT(MESSAGE_MAX),
                   message = HVS_BUF_INIT(MESSAGE_MAX);
    const uint8_t *session_key = ntlm->inputs.session_key;
    struct hvs_ntlm_proof proof = {.nt = HVS_BUF_INIT(0)};
    struct hvs_ntlm_challenge challenge;
    uint8_t owf[16];
    int rc = -1;

    if (hvs_ntlm_read_challenge(&challenge, token.data, token.len, err) < 0 ||
        choose_domain(ntlm, &challenge, &domain, err) < 0 ||
        make_info(ntlm, &challenge, binding, &info, err) < 0 ||
        hvs_ntlm_owf(owf, ntlm->hash, ntlm->user,
                     (struct hvs_bytes){hvs_buf_str(&domain), domain.len}, err) < 0 ||
        hvs_ntlm_prove(&proof, owf, &challenge, &ntlm->inputs, &info, err) < 0 ||
        build(ntlm, &challenge, &proof,
              (struct hvs_bytes){hvs_buf_str(&domain), domain.len}, &message, err) < 0)
        goto out;
    ntlm->mech.evidence.host_ms = 0;
    if (challenge.time && sign_messages(ntlm, token, &message, err) < 0)
        goto out;
    if (challenge.time) /* the MIC covers the challenge */
        ntlm->mech.evidence.host_ms = ms_of(challenge.time);
    /* over TLS nothing is sealed, and no key is kept for it */
    if (!binding && (hvs_ntlm_half_init(&ntlm->ours, session_key, false, err) < 0 ||
                     hvs_ntlm_half_init(&ntlm->theirs, session_key, true, err) < 0))
        goto out;
    hvs_buf_add(out, hvs_buf_str(&message), message.len);
    if (out->failed) {
        hvs_err_memory(err);
        goto out;
    }
    /* the halves hold what they need of it */
    if (!ntlm->fixed)
        hvs_wipe(ntlm->inputs.session_key, sizeof(ntlm->inputs.session_key));
    ntlm->mech.complete = true;
    rc = 0;
out:
    hvs_wipe(owf, sizeof(owf));
    hvs_ntlm_proof_clear(&proof);
    hvs_buf_clear(&domain);
    hvs_buf_clear(&info);
    hvs_buf_clear(&message);
    return rc;
}

static int ntlm_step(struct hvs_mech *mech, const void *in, size_t len,
                     const struct hvs_buf *binding, struct hvs_buf *out,
                     struct hvs_error *err)
{
    struct ntlm *ntlm = (struct ntlm *)mech;

    /* NTLM's host has nothing to prove; what it says beside its 200 is of no use */
    if (mech->complete)
        return 0;
    if (!ntlm->negotiate.len && len)
        return hvs_err_set(err, HVS_AUTH, 0,
                           "the host sent an NTLM message before the first one");
    if (!ntlm->negotiate.len)
        return start(ntlm, out, err);
    if (!len)
        return hvs_err_set_hint(err, HVS_AUTH, 0,
                                "NTLM may be switched off on the host: try --auth "
                                "kerberos",
                                "the host did not answer NTLM with a challenge");
    return answer(ntlm, (struct hvs_bytes){in, len}, binding, out, err);
}

/* There are keys from a login over clear HTTP to its end. */
static int check_keys(const struct ntlm *ntlm, struct hvs_error *err)
{
    if (ntlm->mech.complete && !ntlm->mech.evidence.bound)
        return 0;
    return hvs_err_set(err, HVS_AUTH, 0, "NTLM has no keys to seal with");
}

static int ntlm_seal(struct hvs_mech *mech, const void *plain, size_t len,
                     struct hvs_buf *signature, struct hvs_buf *sealed, size_t *padding,
                     struct hvs_error *err)
{
    struct ntlm *ntlm = (struct ntlm *)mech;
    uint8_t sum[HVS_NTLM_SIGNATURE_SIZE];

    *padding = 0;
    if (check_keys(ntlm, err) < 0 ||
        hvs_ntlm_seal(&ntlm->ours, plain, len, sum, sealed, err) < 0)
        return -1;
    hvs_bytes_add(signature, sum, sizeof(sum));
    return signature->failed ? hvs_err_memory(err) : 0;
}

static int ntlm_unseal(struct hvs_mech *mech, const void *signature, size_t signature_len,
                       const void *sealed, size_t len, struct hvs_buf *plain,
                       struct hvs_error *err)
{
    struct ntlm *ntlm = (struct ntlm *)mech;

    if (check_keys(ntlm, err) < 0)
        return -1;
    return hvs_ntlm_unseal(&ntlm->theirs, signature, signature_len, sealed, len, plain,
                           err);
}

static void ntlm_reset(struct hvs_mech *mech)
{
    struct ntlm *ntlm = (struct ntlm *)mech;

    hvs_buf_clear(&ntlm->negotiate);
    hvs_ntlm_half_clear(&ntlm->ours);
    hvs_ntlm_half_clear(&ntlm->theirs);
    if (!ntlm->fixed)
        hvs_wipe(&ntlm->inputs, sizeof(ntlm->inputs));
    mech->evidence.ntlm_flags = 0;
    mech->evidence.bound = false;
}

static void ntlm_free(struct hvs_mech *mech)
{
    struct ntlm *ntlm = (struct ntlm *)mech;

    ntlm_reset(mech);
    free(ntlm->user);
    free(ntlm->domain);
    hvs_buf_clear(&ntlm->target);
    hvs_wipe(ntlm, sizeof(*ntlm));
    free(ntlm);
}

static const struct hvs_mech_ops ntlm_ops = {
    .name = "ntlm",
    .binds = true,
    .scheme = "Negotiate",
    .step = ntlm_step,
    .seal = ntlm_seal,
    .unseal = ntlm_unseal,
    .reset = ntlm_reset,
    .free = ntlm_free,
};

/* DOMAIN\user, unless the domain was given by itself; who we are, for messages. */
static int take_names(struct ntlm *ntlm, const struct hvs_credentials *who,
                      struct hvs_error *err)
{
    const char *domain = who->domain ? who->domain : "", *user = who->user, *cut;
    struct hvs_mech_evidence *evidence = &ntlm->mech.evidence;
    size_t domain_len = strlen(domain);

    cut = *domain ? NULL : strchr(user, '\\');
    if (cut) {
        domain = user;
        domain_len = (size_t)(cut - user);
        user = cut + 1;
    }
    ntlm->user = strdup(user);
    ntlm->domain = strndup(domain, domain_len);
    if (!ntlm->user || !ntlm->domain)
        return hvs_err_memory(err);

    cut = *ntlm->domain ? NULL : strchr(user, '@');
    snprintf(evidence->account, sizeof(evidence->account), "%.*s",
             cut ? (int)(cut - user) : (int)strlen(user), user);
    snprintf(evidence->domain, sizeof(evidence->domain), "%s",
             cut ? cut + 1 : ntlm->domain);
    return 0;
}

static int check(const struct hvs_credentials *who, struct hvs_error *err)
{
    struct hvs_buf upper = HVS_BUF_INIT(UINT16_MAX);
    int rc;

    if (!who->user || !*who->user)
        return hvs_err_set(err, HVS_USAGE, 0, "NTLM needs a user name");
    if (!who->password)
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "a ticket or a keytab is for --auth kerberos",
                                "NTLM needs a password");
    /* a name that cannot be put in upper case, before the host is asked anything */
    rc = hvs_upcase_add(&upper, who->user, err);
    hvs_buf_clear(&upper);
    return rc;
}

struct hvs_mech *hvs_ntlm_new_with(const struct hvs_credentials *who, const char *target,
                                   const struct hvs_ntlm_inputs *inputs,
                                   struct hvs_error *err)
{
    struct hvs_mech *made = NULL;
    struct ntlm *ntlm = NULL;

    if (check(who, err) < 0)
        goto out;
    ntlm = calloc(1, sizeof(*ntlm));
    if (!ntlm) {
        hvs_err_memory(err);
        goto out;
    }
    ntlm->mech.ops = &ntlm_ops;
    ntlm->target = (struct hvs_buf)HVS_BUF_INIT(1024);
    ntlm->negotiate = (struct hvs_buf)HVS_BUF_INIT(64);
    ntlm->fixed = inputs != NULL;
    if (inputs)
        ntlm->inputs = *inputs;
    if (target && (!hvs_utf16_add(&ntlm->target, target) || ntlm->target.failed)) {
        if (hvs_buf_no_memory(&ntlm->target))
            hvs_err_memory(err);
        hvs_err_set(err, HVS_USAGE, 0, "the host's name is not UTF-8, or too long");
        goto out;
    }
    if (take_names(ntlm, who, err) < 0 ||
        hvs_ntlm_hash(ntlm->hash, who->password, err) < 0)
        goto out;
    made = &ntlm->mech;
    ntlm = NULL;
out:
    if (ntlm)
        hvs_mech_free(&ntlm->mech);
    return made;
}

struct hvs_mech *hvs_ntlm_new(const struct hvs_credentials *who, const char *host,
                              struct hvs_error *err)
{
    struct hvs_buf target = HVS_BUF_INIT(1024);
    struct hvs_mech *mech = NULL;

    hvs_buf_printf(&target, "HTTP/%s", host);
    mech = hvs_ntlm_new_with(who, hvs_buf_str(&target), NULL, err);
    hvs_buf_clear(&target);
    return mech;
}
