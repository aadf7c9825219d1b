#include "hvsim/accept.h"

#ifdef HVS_GSSAPI

#include "base/err.h"
#include "hvsim/ntlmfix.h"

#include <errno.h>
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef GSS_C_CHANNEL_BOUND_FLAG
#define GSS_C_CHANNEL_BOUND_FLAG 0x800 /* MIT krb5 1.19; gss-ntlmssp sets it too */
#endif

struct sim_accept {
    gss_ctx_id_t context;
    gss_cred_id_t cred;
    bool ntlm; /* the mechanism that was chosen in the end */
    char account[512];
    char why[256];
};

static gss_OID_desc krb5_oid = {9, (void *)"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"};
static gss_OID_desc spnego_oid = {6, (void *)"\x2b\x06\x01\x05\x05\x02"};
static gss_OID_desc ntlm_oid = {10, (void *)"\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"};

#if defined(__SANITIZE_ADDRESS__)
#define LEAK_CHECK 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAK_CHECK 1
#endif
#endif
#ifdef LEAK_CHECK
#include <sanitizer/lsan_interface.h>
#else
#define __lsan_disable() (void)0
#define __lsan_enable() (void)0
#endif

/* MIT's library may be called from many threads; what it loads need not be ready */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* gss-ntlmssp 1.2 loses a little with each login, and the OpenSSL providers it loads:
 * not ours to report */
static void enter(void)
{
    pthread_mutex_lock(&lock);
    __lsan_disable();
}

static void leave(void)
{
    __lsan_enable();
    pthread_mutex_unlock(&lock);
}

static bool same_oid(const gss_OID_desc *a, const gss_OID_desc *b)
{
    return a && a->length == b->length &&
           memcmp(a->elements, b->elements, a->length) == 0;
}

bool sim_accept_built(void)
{
    return true;
}

bool sim_accept_ntlm(void)
{
    gss_OID_set mechs = GSS_C_NO_OID_SET;
    OM_uint32 minor;
    bool found = false;
    size_t i;

    enter();
    if (!GSS_ERROR(gss_indicate_mechs(&minor, &mechs)))
        for (i = 0; i < mechs->count && !found; i++)
            found = same_oid(&mechs->elements[i], &ntlm_oid);
    gss_release_oid_set(&minor, &mechs);
    leave();
    return found;
}

int sim_accept_setup(const char *users, const char *computer, const char *domain,
                     const char *keytab, struct hvs_error *err)
{
    /* the replay cache would be a file in /var/tmp, which outlives us */
    if (setenv("NTLM_USER_FILE", users, 1) ||
        setenv("NETBIOS_COMPUTER_NAME", computer, 1) ||
        setenv("NETBIOS_DOMAIN_NAME", domain, 1) ||
        setenv("KRB5RCACHENAME", "none:", 0) ||
        (keytab && setenv("KRB5_KTNAME", keytab, 1)))
        return hvs_err_set(err, HVS_SYSTEM, errno, "cannot set the environment");
    return 0;
}

struct sim_accept *sim_accept_new(void)
{
    struct sim_accept *accept = calloc(1, sizeof(*accept));

    if (accept) {
        accept->context = GSS_C_NO_CONTEXT;
        accept->cred = GSS_C_NO_CREDENTIAL;
    }
    return accept;
}

void sim_accept_free(struct sim_accept *accept)
{
    OM_uint32 minor;

    if (!accept)
        return;
    enter();
    gss_delete_sec_context(&minor, &accept->context, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &accept->cred);
    leave();
    free(accept);
}

static void because(struct sim_accept *accept, const char *what, OM_uint32 major,
                    OM_uint32 minor)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 more = 0, ignored;
    int len;

    len = snprintf(accept->why, sizeof(accept->why), "%s: %#lx", what,
                   (unsigned long)major);
    if (len > 0 && !GSS_ERROR(gss_display_status(&ignored, minor, GSS_C_MECH_CODE,
                                                 GSS_C_NO_OID, &more, &text)))
        snprintf(accept->why + len, sizeof(accept->why) - (size_t)len, " %.*s",
                 (int)text.length, (const char *)text.value);
    gss_release_buffer(&ignored, &text);
}

/* Which mechanism the first token is of. NULL: none of ours. An InitialContextToken
 * (RFC 2743 3.1) is 60, a length, 06 and the mechanism's OID. */
static gss_OID mech_of(const char *token, size_t len)
{
    const unsigned char *t = (const unsigned char *)token;
    size_t at;

    if (sim_ntlm_is(token, len))
        return &ntlm_oid;
    if (len < 4 || t[0] != 0x60)
        return NULL;
    at = 2 + (t[1] & 0x80 ? t[1] & 0x7fu : 0);
    if (len < at + 2 || t[at] != 0x06)
        return NULL;
    if (len >= at + 8 && t[at + 1] == 6 &&
        memcmp(t + at + 2, spnego_oid.elements, 6) == 0)
        return &spnego_oid;
    if (len >= at + 11 && t[at + 1] == 9 && memcmp(t + at + 2, krb5_oid.elements, 9) == 0)
        return &krb5_oid;
    return NULL;
}

static bool begin(struct sim_accept *accept, const struct sim_terms *terms,
                  const char *token, size_t len)
{
    gss_OID mech = mech_of(token, len);
    gss_OID_set_desc mechs = {1, mech};
    OM_uint32 major, minor;

    if (!mech || (terms->kerberos_only && mech != &krb5_oid)) {
        snprintf(accept->why, sizeof(accept->why), "no token of this scheme");
        return false;
    }
    /* without a mechanism of its own a bare Kerberos token finds no credential */
    major = gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs,
                             GSS_C_ACCEPT, &accept->cred, NULL, NULL);
    if (GSS_ERROR(major)) {
        because(accept, "no credential", major, minor);
        return false;
    }
    return true;
}

/* Windows' form of the name: user@REALM.EXAMPLE of Kerberos is REALM\user there. */
static bool learn_account(struct sim_accept *accept, gss_name_t name)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, minor;
    char shown[sizeof(accept->account)];
    const char *at;
    int len;

    major = gss_display_name(&minor, name, &text, NULL);
    if (GSS_ERROR(major)) {
        because(accept, "no name", major, minor);
        return false;
    }
    /* gss-ntlmssp counts the NUL in, MIT does not */
    len = snprintf(shown, sizeof(shown), "%.*s", (int)text.length,
                   (const char *)text.value);
    gss_release_buffer(&minor, &text);
    if (len < 0 || (size_t)len >= sizeof(shown))
        return false;
    at = strrchr(shown, '@');
    if (strchr(shown, '\\') || !at)
        snprintf(accept->account, sizeof(accept->account), "%s", shown);
    else
        snprintf(accept->account, sizeof(accept->account), "%.*s\\%.*s",
                 (int)strcspn(at + 1, "."), at + 1, (int)(at - shown), shown);
    return true;
}

/* For tests that look for it where it must not be: a line of HVSIM_SESSION_KEYS for each
 * login by NTLM. */
static void note_session_key(const struct sim_accept *accept)
{
    static gss_OID_desc session_key =
        {11, (void *)(uintptr_t) "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x05\x05"};
    const char *path = getenv("HVSIM_SESSION_KEYS");
    gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
    OM_uint32 minor;
    const unsigned char *key;
    FILE *file;
    size_t i;

    if (!path || gss_inquire_sec_context_by_oid(&minor, accept->context, &session_key,
                                                &set) != GSS_S_COMPLETE)
        return;
    file = set->count ? fopen(path, "a") : NULL;
    if (file) {
        key = set->elements[0].value;
        for (i = 0; i < set->elements[0].length; i++)
            fprintf(file, "%02x", key[i]);
        fputs("\n", file);
        fclose(file);
    }
    gss_release_buffer_set(&minor, &set);
}

static enum sim_step finish(struct sim_accept *accept, const struct sim_terms *terms,
                            gss_name_t name, const gss_OID_desc *mech, OM_uint32 flags)
{
    accept->ntlm = same_oid(mech, &ntlm_oid);
    if (terms->strict && terms->binding && !(flags & GSS_C_CHANNEL_BOUND_FLAG)) {
        snprintf(accept->why, sizeof(accept->why), "not bound to the TLS channel");
        return SIM_STEP_REFUSED;
    }
    if (accept->ntlm)
        note_session_key(accept);
    return learn_account(accept, name) ? SIM_STEP_DONE : SIM_STEP_REFUSED;
}

static enum sim_step step_locked(struct sim_accept *accept, const struct sim_terms *terms,
                                 const struct hvs_buf *token, struct hvs_buf *out)
{
    struct gss_channel_bindings_struct binding = {0};
    gss_buffer_desc in = {token->len, token->data};
    gss_buffer_desc reply = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME;
    gss_OID mech = GSS_C_NO_OID;
    OM_uint32 major, minor, ignored, flags = 0;
    enum sim_step step = SIM_STEP_REFUSED;

    if (terms->binding) {
        binding.application_data.value = (void *)terms->binding;
        binding.application_data.length = terms->binding_len;
    }
    /* never gss_inquire_context() with a target name: gss-ntlmssp 1.2 crashes when the
     * acceptor's credential has no name */
    major = gss_accept_sec_context(&minor, &accept->context, accept->cred, &in,
                                   terms->binding ? &binding : GSS_C_NO_CHANNEL_BINDINGS,
                                   &name, &mech, &reply, &flags, NULL, NULL);
    if (GSS_ERROR(major)) {
        because(accept, "refused", major, minor);
    } else {
        hvs_buf_add(out, reply.value, reply.length);
        step = major & GSS_S_CONTINUE_NEEDED ? SIM_STEP_MORE
                                             : finish(accept, terms, name, mech, flags);
    }
    gss_release_buffer(&ignored, &reply);
    gss_release_name(&ignored, &name);
    return step;
}

enum sim_step sim_accept_step(struct sim_accept *accept, const struct sim_terms *terms,
                              const char *token, size_t len, struct hvs_buf *out)
{
    struct hvs_buf fixed = HVS_BUF_INIT(65536);
    enum sim_step step = SIM_STEP_REFUSED;

    sim_ntlm_fix(&fixed, token, len);
    enter();
    if (fixed.len && (accept->cred || begin(accept, terms, token, len)))
        step = step_locked(accept, terms, &fixed, out);
    leave();
    hvs_buf_clear(&fixed);
    return step;
}

const char *sim_accept_account(const struct sim_accept *accept)
{
    return accept->account;
}

const char *sim_accept_why(const struct sim_accept *accept)
{
    return accept->why;
}

/* Is the signature as long as Windows would make it? SSPI is told where signature and
 * text part, and does not find a text whose trailer was left at the end: MIT's plain
 * gss_wrap() does that. RFC 4121 4.2.4: 05 04, flags, filler, EC, RRC; the header has
 * 16 bytes, the confounder too, and all that lies between was rotated there. */
static bool split_right(const struct sim_accept *accept, const char *token, size_t len,
                        size_t signature)
{
    const unsigned char *t = (const unsigned char *)token;

    if (accept->ntlm)
        return signature == 16;
    if (len < 16 || signature > len)
        return false;
    if (t[0] == 0x05 && t[1] == 0x04)
        return signature > 32 && ((size_t)t[6] << 8 | t[7]) == signature - 32;
    return true; /* RFC 4757, obsolete: one byte of padding */
}

bool sim_accept_unseal(struct sim_accept *accept, const char *token, size_t len,
                       size_t signature, size_t length, struct hvs_buf *out)
{
    gss_buffer_desc in = {len, (void *)token};
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, minor;
    bool good = false;
    int sealed = 0;

    if (!split_right(accept, token, len, signature))
        return false;
    enter();
    /* signature, text and padding in a row are what gss_unwrap() takes, in any mechanism
     * (the reverse does not hold: it may leave the trailer at the end) */
    major = gss_unwrap(&minor, accept->context, &in, &text, &sealed, NULL);
    if (!GSS_ERROR(major) && sealed &&
        (length == text.length || length == len - signature)) {
        hvs_buf_add(out, text.value, text.length);
        good = !out->failed;
    }
    gss_release_buffer(&minor, &text);
    leave();
    return good;
}

static bool seal_ntlm(struct sim_accept *accept, const char *text, size_t len,
                      struct hvs_buf *out, size_t *signature)
{
    gss_buffer_desc in = {len, (void *)text};
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, minor;
    int sealed = 0;

    /* gss-ntlmssp has no gss_wrap_iov(); its gss_wrap() is signature and text in a row */
    major = gss_wrap(&minor, accept->context, 1, GSS_C_QOP_DEFAULT, &in, &sealed, &token);
    *signature = 16;
    if (!GSS_ERROR(major) && sealed)
        hvs_buf_add(out, token.value, token.length);
    gss_release_buffer(&minor, &token);
    return !GSS_ERROR(major) && sealed;
}

static bool seal_iov(struct sim_accept *accept, const char *text, size_t len,
                     struct hvs_buf *out, size_t *signature, size_t *padding)
{
    gss_iov_buffer_desc v[3] = {
        {.type = GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE},
        {.type = GSS_IOV_BUFFER_TYPE_DATA},
        {.type = GSS_IOV_BUFFER_TYPE_PADDING | GSS_IOV_BUFFER_FLAG_ALLOCATE},
    };
    char *copy = malloc(len + 1);
    OM_uint32 major, minor;
    int sealed = 0;
    size_t i;

    if (!copy)
        return false;
    memcpy(copy, text, len);
    v[1].buffer.value = copy;
    v[1].buffer.length = len;
    major = gss_wrap_iov(&minor, accept->context, 1, GSS_C_QOP_DEFAULT, &sealed, v, 3);
    if (!GSS_ERROR(major) && sealed) {
        *signature = v[0].buffer.length;
        *padding = v[2].buffer.length;
        for (i = 0; i < 3; i++)
            hvs_buf_add(out, v[i].buffer.value, v[i].buffer.length);
    }
    v[1].buffer.value = NULL;
    gss_release_iov_buffer(&minor, v, 3);
    free(copy);
    return !GSS_ERROR(major) && sealed;
}

bool sim_accept_seal(struct sim_accept *accept, const char *text, size_t len,
                     struct hvs_buf *out, size_t *signature, size_t *padding)
{
    bool good;

    *padding = 0;
    enter();
    good = accept->ntlm ? seal_ntlm(accept, text, len, out, signature)
                        : seal_iov(accept, text, len, out, signature, padding);
    leave();
    return good && !out->failed;
}

#endif
