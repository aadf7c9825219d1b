#include "auth/gss.h"

#ifdef HVS_GSSAPI

#include "auth/gss_cache.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/secret.h"

#include <gssapi/gssapi_ext.h>
#include <krb5.h>

#include <stdio.h>
#include <string.h>

/* 1.2.840.113554.1.2.2 and 1.3.6.1.5.5.2; GSSAPI's types want them writable */
static char krb5_oid[] = "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02";
static char spnego_oid[] = "\x2b\x06\x01\x05\x05\x02";
gss_OID_desc hvs_gss_krb5 = {sizeof(krb5_oid) - 1, krb5_oid};
gss_OID_desc hvs_gss_spnego = {sizeof(spnego_oid) - 1, spnego_oid};

/* A credential that looks into our own cache alone. */
static int acquire(struct hvs_ticket *ticket, gss_OID mech, gss_cred_id_t *out,
                   struct hvs_error *err)
{
    gss_key_value_element_desc where = {"ccache", ticket->cache};
    gss_key_value_set_desc store = {1, &where};
    gss_OID_set_desc mechs = {1, mech};

    ticket->major = gss_acquire_cred_from(&ticket->minor, GSS_C_NO_NAME, GSS_C_INDEFINITE,
                                          &mechs, GSS_C_INITIATE, &store, out, NULL,
                                          NULL);
    if (GSS_ERROR(ticket->major))
        return hvs_gss_fail(err, ticket->major, ticket->minor, ticket->account);
    return 0;
}

/* What the KDC calls the service, which may be another name than was asked for. */
static int learn_target(struct hvs_ticket *ticket, gss_ctx_id_t context,
                        struct hvs_error *err)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 lifetime = 0, minor;
    int rc = -1;

    ticket->major = gss_inquire_context(&ticket->minor, context, NULL, &name, &lifetime,
                                        NULL, NULL, NULL, NULL);
    if (!GSS_ERROR(ticket->major))
        ticket->major = gss_canonicalize_name(&ticket->minor, name, &hvs_gss_krb5,
                                              &ticket->target);
    if (!GSS_ERROR(ticket->major))
        ticket->major = gss_display_name(&ticket->minor, name, &text, NULL);
    if (GSS_ERROR(ticket->major)) {
        hvs_gss_fail(err, ticket->major, ticket->minor, ticket->spn);
        goto out;
    }
    snprintf(ticket->spn, sizeof(ticket->spn), "%.*s", (int)text.length,
             (const char *)text.value);
    ticket->good_until = hvs_clock_ms() + (int64_t)lifetime * 1000;
    rc = 0;
out:
    gss_release_buffer(&minor, &text);
    gss_release_name(&minor, &name);
    return rc;
}

/* A context that nobody will see: making its token fetches the ticket into the cache.
 * Without mutual authentication it is complete at once, so it can be asked for names. */
static int fetch_service(struct hvs_ticket *ticket, const char *service, const char *host,
                         struct hvs_error *err)
{
    gss_buffer_desc text, token = GSS_C_EMPTY_BUFFER;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_cred_id_t cred = GSS_C_NO_CREDENTIAL;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 minor;
    int rc = -1;

    snprintf(ticket->spn, sizeof(ticket->spn), "%s@%s", service, host);
    text = (gss_buffer_desc){strlen(ticket->spn), ticket->spn};
    ticket->major = gss_import_name(&ticket->minor, &text, GSS_C_NT_HOSTBASED_SERVICE,
                                    &name);
    snprintf(ticket->spn, sizeof(ticket->spn), "%s/%s", service, host);
    if (GSS_ERROR(ticket->major)) {
        hvs_gss_fail(err, ticket->major, ticket->minor, ticket->spn);
        goto out;
    }
    if (acquire(ticket, &hvs_gss_krb5, &cred, err) < 0)
        goto out;
    ticket->major = gss_init_sec_context(&ticket->minor, cred, &context, name,
                                         &hvs_gss_krb5, 0, 0, GSS_C_NO_CHANNEL_BINDINGS,
                                         GSS_C_NO_BUFFER, NULL, &token, NULL, NULL);
    if (GSS_ERROR(ticket->major)) {
        hvs_gss_fail(err, ticket->major, ticket->minor, ticket->spn);
        goto out;
    }
    if (learn_target(ticket, context, err) < 0)
        goto out;
    rc = 0;
out:
    gss_release_buffer(&minor, &token);
    gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &cred);
    gss_release_name(&minor, &name);
    return rc;
}

/* MIT's SPNEGO offers every mechanism that is installed; a host, or whoever blocks the
 * KDC, could have NTLM from it. */
static int krb5_alone(struct hvs_ticket *ticket, struct hvs_error *err)
{
    gss_OID_set_desc krb5 = {1, &hvs_gss_krb5};

    if (acquire(ticket, &hvs_gss_spnego, &ticket->cred, err) < 0)
        return -1;
    ticket->major = gss_set_neg_mechs(&ticket->minor, ticket->cred, &krb5);
    if (GSS_ERROR(ticket->major))
        return hvs_gss_fail(err, ticket->major, ticket->minor, ticket->spn);
    return 0;
}

/* A computer account has all of these names as a rule, but a domain may lack one. The
 * next is asked for only when the KDC says that it does not know the one before. */
static int fetch_any_service(struct hvs_ticket *out,
                             const struct hvs_ticket_request *request,
                             struct hvs_error *err)
{
    static const char *const services[] = {"HTTP", "WSMAN", "host"};
    const size_t count = sizeof(services) / sizeof(services[0]);
    struct hvs_error first = {0}, next;
    size_t i = 0;

    if (fetch_service(out, request->service, request->host, &first) == 0)
        return 0;
    while (i < count && strcmp(services[i], request->service) != 0)
        i++;
    while (++i < count && out->minor == (OM_uint32)KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN) {
        next = (struct hvs_error){0};
        if (fetch_service(out, services[i], request->host, &next) == 0)
            return 0;
    }
    *err = first;
    return -1;
}

int hvs_ticket_fetch(struct hvs_ticket *out, const struct hvs_ticket_request *request,
                     struct hvs_error *err)
{
    if (hvs_cache_fill(out, &request->who, err) < 0 ||
        fetch_any_service(out, request, err) < 0)
        return -1;
    return krb5_alone(out, err);
}

void hvs_ticket_clear(struct hvs_ticket *ticket)
{
    OM_uint32 minor;

    gss_release_cred(&minor, &ticket->cred);
    gss_release_name(&minor, &ticket->target);
    hvs_cache_destroy(ticket->cache);
    hvs_wipe(ticket, sizeof(*ticket));
}

#endif
