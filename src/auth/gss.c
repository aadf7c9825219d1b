#include "auth/gss.h"

#include "base/err.h"

#ifdef HVS_GSSAPI

#include "auth/bytes.h"
#include "auth/gss_cache.h"
#include "auth/tickets.h"
#include "base/clock.h"
#include "base/secret.h"

#include <gssapi/gssapi_ext.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No GSS_C_DCE_STYLE, which changes the padding, and no delegation. */
enum {
    WANTED = GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG |
             GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG,
    NEEDED = GSS_C_MUTUAL_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG,
    MARGIN_MS = 60000, /* a ticket that ends within it is fetched anew */
};

struct gss {
    struct hvs_mech mech;
    struct hvs_ticket_request request;
    struct hvs_ticket ticket;
    gss_ctx_id_t context;
};

/* The fetching of a ticket, apart from the mechanism, which may be freed meanwhile. */
struct fetch {
    struct hvs_blocking call;
    struct hvs_ticket_request request;
    struct hvs_ticket ticket;
};

/* All strings in one block, so that all of it is wiped at once. */
static bool copy_request(struct hvs_ticket_request *out,
                         const struct hvs_ticket_request *from)
{
    const char **fields[] = {&out->who.user,   &out->who.domain, &out->who.password,
                             &out->who.keytab, &out->who.ccache, &out->service,
                             &out->host};
    size_t count = sizeof(fields) / sizeof(fields[0]), i, len, at = 0;

    *out = *from;
    out->block_len = 0;
    for (i = 0; i < count; i++)
        out->block_len += *fields[i] ? strlen(*fields[i]) + 1 : 0;
    out->block = malloc(out->block_len);
    out->who.tickets = NULL;
    if (!out->block)
        return false;
    out->who.tickets = hvs_tickets_hold(from->who.tickets);
    for (i = 0; i < count; i++) {
        if (!*fields[i])
            continue;
        len = strlen(*fields[i]) + 1;
        memcpy(out->block + at, *fields[i], len);
        *fields[i] = out->block + at;
        at += len;
    }
    return true;
}

static void clear_request(struct hvs_ticket_request *request)
{
    if (request->block)
        hvs_wipe(request->block, request->block_len);
    free(request->block);
    hvs_tickets_free(request->who.tickets);
}

static void fetch_work(struct hvs_blocking *call)
{
    struct fetch *fetch = (struct fetch *)call;
    int rc = hvs_ticket_fetch(&fetch->ticket, &fetch->request, &call->err);

    (void)rc; /* the error says it */
}

static void fetch_free(struct hvs_blocking *call)
{
    struct fetch *fetch = (struct fetch *)call;

    hvs_ticket_clear(&fetch->ticket);
    clear_request(&fetch->request);
    free(fetch);
}

static struct hvs_blocking *krb_prepare(struct hvs_mech *mech, struct hvs_error *err)
{
    struct gss *gss = (struct gss *)mech;
    struct fetch *fetch;

    if (gss->ticket.cred && hvs_clock_ms() < gss->ticket.good_until - MARGIN_MS)
        return NULL;
    fetch = calloc(1, sizeof(*fetch));
    if (!fetch || !copy_request(&fetch->request, &gss->request)) {
        hvs_err_memory(err);
        if (fetch)
            fetch_free(&fetch->call);
        return NULL;
    }
    fetch->call.work = fetch_work;
    fetch->call.free = fetch_free;
    return &fetch->call;
}

/* Also after a failure: `doctor` wants to know how far it came. */
static void keep_evidence(struct hvs_mech_evidence *out, const struct hvs_ticket *ticket)
{
    out->gss_major = ticket->major;
    out->gss_minor = ticket->minor;
    memcpy(out->spn, ticket->spn, sizeof(out->spn));
    memcpy(out->account, ticket->account, sizeof(out->account));
    memcpy(out->domain, ticket->domain, sizeof(out->domain));
}

static int krb_prepared(struct hvs_mech *mech, struct hvs_blocking *done,
                        struct hvs_error *err)
{
    struct fetch *fetch = (struct fetch *)done;
    struct gss *gss = (struct gss *)mech;

    keep_evidence(&mech->evidence, &fetch->ticket);
    mech->evidence.refused = hvs_gss_refused(fetch->ticket.minor);
    if (done->err.domain != HVS_OK) {
        if (err && err->domain == HVS_OK)
            *err = done->err;
        if (mech->instead && !mech->evidence.refused)
            hvs_err_add_hint(err, mech->instead);
        return -1;
    }
    hvs_ticket_clear(&gss->ticket);
    gss->ticket = fetch->ticket;
    mech->evidence.until_ms = hvs_clock_utc_ms() +
                              (gss->ticket.good_until - hvs_clock_ms());
    fetch->ticket = (struct hvs_ticket){0};
    return 0;
}

/* The context stands: is it what we wanted? */
static int check_context(struct gss *gss, gss_OID chosen, OM_uint32 flags,
                         struct hvs_error *err)
{
    if (!chosen || chosen->length != hvs_gss_krb5.length ||
        memcmp(chosen->elements, hvs_gss_krb5.elements, chosen->length) != 0)
        return hvs_err_set(err, HVS_AUTH, 0,
                           "the login to '%s' ended up with another mechanism than "
                           "Kerberos",
                           gss->ticket.spn);
    if ((flags & NEEDED) != NEEDED)
        return hvs_err_set(err, HVS_AUTH, 0,
                           "the host of '%s' did not prove itself, or cannot seal "
                           "messages",
                           gss->ticket.spn);
    gss->mech.complete = true;
    return 0;
}

static int next_token(struct gss *gss, struct hvs_bytes in, const struct hvs_buf *binding,
                      struct hvs_buf *out, struct hvs_error *err)
{
    struct gss_channel_bindings_struct bound = {0};
    gss_buffer_desc from = {in.len, (void *)(uintptr_t)in.data}, to = GSS_C_EMPTY_BUFFER;
    struct hvs_mech_evidence *evidence = &gss->mech.evidence;
    OM_uint32 major, minor, flags = 0;
    gss_OID chosen = GSS_C_NO_OID;
    int rc = -1;

    if (binding) {
        bound.application_data.length = binding->len;
        bound.application_data.value = binding->data;
    }
    evidence->bound = binding != NULL;
    major = gss_init_sec_context(&evidence->gss_minor, gss->ticket.cred, &gss->context,
                                 gss->ticket.target, &hvs_gss_spnego, WANTED, 0,
                                 binding ? &bound : GSS_C_NO_CHANNEL_BINDINGS, &from,
                                 &chosen, &to, &flags, NULL);
    evidence->gss_major = major;
    if (GSS_ERROR(major)) {
        hvs_gss_fail(err, major, evidence->gss_minor, gss->ticket.spn);
        goto out;
    }
    hvs_bytes_add(out, to.value, to.length);
    if (out->failed) {
        hvs_err_memory(err);
        goto out;
    }
    rc = major & GSS_S_CONTINUE_NEEDED ? 0 : check_context(gss, chosen, flags, err);
out:
    gss_release_buffer(&minor, &to);
    return rc;
}

static int krb_step(struct hvs_mech *mech, const void *in, size_t len,
                    const struct hvs_buf *binding, struct hvs_buf *out,
                    struct hvs_error *err)
{
    struct gss *gss = (struct gss *)mech;

    if (!gss->ticket.cred)
        return hvs_err_set(err, HVS_USAGE, 0,
                           "the Kerberos ticket was not fetched first");
    if (mech->complete && len)
        return hvs_err_set(err, HVS_AUTH, 0,
                           "the host sent a Kerberos token after the last one");
    if (mech->complete)
        return 0;
    if (gss->context && !len)
        return hvs_err_set_hint(
            err, HVS_AUTH, 0,
            "it may not be the host that it says it is, or something between us and it "
            "drops headers",
            "the host did not prove itself: it sent no Kerberos token");
    if (!gss->context && len)
        return hvs_err_set(err, HVS_AUTH, 0,
                           "the host sent a Kerberos token before the first one");
    return next_token(gss, (struct hvs_bytes){in, len}, binding, out, err);
}

/* The signature must stand apart from the sealed text, as SSPI has it: gss_wrap() would
 * leave half of it behind the text. */
static int krb_seal(struct hvs_mech *mech, const void *plain, size_t len,
                    struct hvs_buf *signature, struct hvs_buf *sealed, size_t *padding,
                    struct hvs_error *err)
{
    struct gss *gss = (struct gss *)mech;
    gss_iov_buffer_desc iov[3] = {
        {.type = GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE},
        {.type = GSS_IOV_BUFFER_TYPE_DATA},
        {.type = GSS_IOV_BUFFER_TYPE_PADDING | GSS_IOV_BUFFER_FLAG_ALLOCATE},
    };
    OM_uint32 major, minor, ignored;
    size_t at = sealed->len;
    int rc = -1, conf = 0;

    hvs_bytes_add(sealed, plain, len);
    if (sealed->failed)
        return hvs_err_memory(err);
    iov[1].buffer = (gss_buffer_desc){len, len ? sealed->data + at : NULL};
    major = gss_wrap_iov(&minor, gss->context, 1, GSS_C_QOP_DEFAULT, &conf, iov, 3);
    mech->evidence.gss_major = major;
    mech->evidence.gss_minor = minor;
    if (GSS_ERROR(major) || !conf) {
        hvs_buf_clear(sealed); /* it may still be plain */
        hvs_gss_fail(err, major, minor, gss->ticket.spn);
        goto out;
    }
    hvs_bytes_add(signature, iov[0].buffer.value, iov[0].buffer.length);
    hvs_bytes_add(sealed, iov[2].buffer.value, iov[2].buffer.length);
    *padding = iov[2].buffer.length;
    if (signature->failed || sealed->failed) {
        hvs_err_memory(err);
        goto out;
    }
    rc = 0;
out:
    iov[1].buffer = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    gss_release_iov_buffer(&ignored, iov, 3);
    return rc;
}

/* The two together are a token as gss_wrap() makes them. Anything but plain success
 * means a message replayed, lost, or out of order. */
static int krb_unseal(struct hvs_mech *mech, const void *signature, size_t signature_len,
                      const void *sealed, size_t len, struct hvs_buf *plain,
                      struct hvs_error *err)
{
    struct gss *gss = (struct gss *)mech;
    struct hvs_buf token = HVS_BUF_INIT(signature_len + len);
    gss_buffer_desc in, out = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, minor, ignored;
    int rc = -1, conf = 0;

    hvs_bytes_add(&token, signature, signature_len);
    hvs_bytes_add(&token, sealed, len);
    if (token.failed) {
        hvs_err_memory(err);
        goto out;
    }
    in = (gss_buffer_desc){token.len, token.data};
    major = gss_unwrap(&minor, gss->context, &in, &out, &conf, NULL);
    mech->evidence.gss_major = major;
    mech->evidence.gss_minor = minor;
    if (major != GSS_S_COMPLETE || !conf) {
        hvs_err_set(err, HVS_AUTH, minor,
                    "the seal of the host's reply is broken: it was altered, or is not "
                    "the next one");
        goto out;
    }
    hvs_bytes_add(plain, out.value, out.length);
    if (plain->failed) {
        hvs_err_memory(err);
        goto out;
    }
    rc = 0;
out:
    if (out.value)
        hvs_wipe(out.value, out.length);
    gss_release_buffer(&ignored, &out);
    hvs_buf_clear(&token);
    return rc;
}

static void krb_reset(struct hvs_mech *mech)
{
    struct gss *gss = (struct gss *)mech;
    OM_uint32 minor;

    gss_delete_sec_context(&minor, &gss->context, GSS_C_NO_BUFFER);
    mech->evidence.bound = false;
}

static void krb_free(struct hvs_mech *mech)
{
    struct gss *gss = (struct gss *)mech;

    krb_reset(mech);
    hvs_ticket_clear(&gss->ticket);
    clear_request(&gss->request);
    free(gss);
}

static const struct hvs_mech_ops krb_ops = {
    .name = "kerberos",
    .binds = true,
    .scheme = "Negotiate",
    .prepare = krb_prepare,
    .prepared = krb_prepared,
    .step = krb_step,
    .seal = krb_seal,
    .unseal = krb_unseal,
    .reset = krb_reset,
    .free = krb_free,
};

static int check(const struct hvs_credentials *who, const char *host,
                 struct hvs_error *err)
{
    struct in_addr ignored;

    if (strchr(host, ':') || inet_pton(AF_INET, host, &ignored) == 1)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "use the host's name, or --auth ntlm",
                                "Kerberos needs a host name, and '%s' is an address",
                                host);
    if (who->password && (!who->user || !*who->user))
        return hvs_err_set(err, HVS_USAGE, 0,
                           "Kerberos needs a user name for the password");
    return 0;
}

struct hvs_mech *hvs_gss_new(const struct hvs_credentials *who, const char *service,
                             const char *host, struct hvs_error *err)
{
    struct hvs_ticket_request request = {.who = *who, .service = service, .host = host};
    struct gss *gss;

    if (check(who, host, err) < 0)
        return NULL;
    gss = calloc(1, sizeof(*gss));
    if (!gss) {
        hvs_err_memory(err);
        return NULL;
    }
    gss->mech.ops = &krb_ops;
    if (!copy_request(&gss->request, &request)) {
        hvs_err_memory(err);
        krb_free(&gss->mech);
        return NULL;
    }
    return &gss->mech;
}

bool hvs_gss_built(void)
{
    return true;
}

bool hvs_gss_at_hand(const struct hvs_credentials *who)
{
    return hvs_cache_at_hand(who);
}

#else

struct hvs_mech *hvs_gss_new(const struct hvs_credentials *who, const char *service,
                             const char *host, struct hvs_error *err)
{
    (void)who;
    (void)service;
    (void)host;
    hvs_err_set_hint(err, HVS_USAGE, 0,
                     "use --auth ntlm, or build it where the Kerberos headers are "
                     "installed",
                     "this build of hvsnap knows no Kerberos");
    return NULL;
}

bool hvs_gss_built(void)
{
    return false;
}

bool hvs_gss_at_hand(const struct hvs_credentials *who)
{
    (void)who;
    return false;
}

#endif
