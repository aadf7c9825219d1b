#include "support/acceptor.h"

#include "support/test.h"

#ifdef HVS_GSSAPI

#include <gssapi/gssapi_ext.h>

#include <stdio.h>
#include <string.h>

static char ntlm_oid[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
static char spnego_oid[] = "\x2b\x06\x01\x05\x05\x02";
gss_OID_desc acceptor_ntlm = {sizeof(ntlm_oid) - 1, ntlm_oid};
gss_OID_desc acceptor_spnego = {sizeof(spnego_oid) - 1, spnego_oid};

bool acceptor_open(struct acceptor *acceptor, gss_OID mech)
{
    gss_OID_set_desc mechs = {1, mech};

    *acceptor = (struct acceptor){0};
    acceptor->major = gss_acquire_cred(&acceptor->minor, GSS_C_NO_NAME, GSS_C_INDEFINITE,
                                       &mechs, GSS_C_ACCEPT, &acceptor->cred, NULL, NULL);
    return !GSS_ERROR(acceptor->major);
}

void acceptor_close(struct acceptor *acceptor)
{
    OM_uint32 minor;

    gss_delete_sec_context(&minor, &acceptor->context, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &acceptor->cred);
}

static void take_client(struct acceptor *acceptor, gss_name_t name)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;

    if (gss_display_name(&minor, name, &text, NULL) == GSS_S_COMPLETE)
        snprintf(acceptor->client, sizeof(acceptor->client), "%.*s", (int)text.length,
                 (const char *)text.value);
    gss_release_buffer(&minor, &text);
}

bool acceptor_step(struct acceptor *acceptor, struct hvs_buf *in,
                   const struct hvs_buf *binding, struct hvs_buf *out)
{
    gss_buffer_desc from = {in->len, in->data}, to = GSS_C_EMPTY_BUFFER;
    struct gss_channel_bindings_struct bound = {0};
    gss_name_t client = GSS_C_NO_NAME;
    OM_uint32 minor;

    if (binding) {
        bound.application_data.length = binding->len;
        bound.application_data.value = binding->data;
    }
    acceptor->major =
        gss_accept_sec_context(&acceptor->minor, &acceptor->context, acceptor->cred,
                               &from, binding ? &bound : GSS_C_NO_CHANNEL_BINDINGS,
                               &client, NULL, &to, &acceptor->flags, NULL, NULL);
    acceptor->complete = acceptor->major == GSS_S_COMPLETE;
    if (acceptor->complete)
        take_client(acceptor, client);
    hvs_buf_clear(in);
    if (to.length)
        hvs_buf_add(out, to.value, to.length);
    gss_release_buffer(&minor, &to);
    gss_release_name(&minor, &client);
    return !GSS_ERROR(acceptor->major);
}

bool acceptor_unseal(struct acceptor *acceptor, const struct hvs_buf *signature,
                     const struct hvs_buf *sealed, struct hvs_buf *plain)
{
    struct hvs_buf token = HVS_BUF_INIT(4 << 20);
    gss_buffer_desc in, out = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;
    int conf = 0;

    hvs_buf_add(&token, hvs_buf_str(signature), signature->len);
    hvs_buf_add(&token, hvs_buf_str(sealed), sealed->len);
    in = (gss_buffer_desc){token.len, token.data};
    acceptor->major = gss_unwrap(&acceptor->minor, acceptor->context, &in, &out, &conf,
                                 NULL);
    if (out.length)
        hvs_buf_add(plain, out.value, out.length);
    gss_release_buffer(&minor, &out);
    hvs_buf_clear(&token);
    return acceptor->major == GSS_S_COMPLETE && conf;
}

/* gss-ntlmssp has no gss_wrap_iov(); its signature comes first anyway. */
static bool seal_whole(struct acceptor *acceptor, gss_buffer_t text,
                       struct hvs_buf *signature, struct hvs_buf *sealed)
{
    gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;
    int conf = 0;

    acceptor->major = gss_wrap(&minor, acceptor->context, 1, GSS_C_QOP_DEFAULT, text,
                               &conf, &out);
    if (acceptor->major != GSS_S_COMPLETE || !conf)
        return false;
    hvs_buf_add(signature, out.value, 16);
    hvs_buf_add(sealed, (const char *)out.value + 16, out.length - 16);
    gss_release_buffer(&minor, &out);
    return true;
}

void acceptor_seal_bytes(struct acceptor *acceptor, const void *bytes, size_t len,
                         struct hvs_buf *signature, struct hvs_buf *sealed)
{
    struct hvs_buf copy = HVS_BUF_INIT(4 << 20);
    gss_iov_buffer_desc iov[3] = {
        {.type = GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE},
        {.type = GSS_IOV_BUFFER_TYPE_DATA},
        {.type = GSS_IOV_BUFFER_TYPE_PADDING | GSS_IOV_BUFFER_FLAG_ALLOCATE},
    };
    OM_uint32 minor;
    int conf = 0;

    hvs_buf_add(&copy, bytes, len);
    iov[1].buffer = (gss_buffer_desc){copy.len, copy.data};
    acceptor->major = gss_wrap_iov(&minor, acceptor->context, 1, GSS_C_QOP_DEFAULT, &conf,
                                   iov, 3);
    if (acceptor->major == GSS_S_UNAVAILABLE) {
        assert_true(seal_whole(acceptor, &iov[1].buffer, signature, sealed));
    } else {
        assert_int_equal(acceptor->major, GSS_S_COMPLETE);
        hvs_buf_add(signature, iov[0].buffer.value, iov[0].buffer.length);
        hvs_buf_add(sealed, copy.data, copy.len);
        hvs_buf_add(sealed, iov[2].buffer.value, iov[2].buffer.length);
    }
    iov[1].buffer = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    gss_release_iov_buffer(&minor, iov, 3);
    hvs_buf_clear(&copy);
}

void acceptor_seal(struct acceptor *acceptor, const char *text, struct hvs_buf *signature,
                   struct hvs_buf *sealed)
{
    acceptor_seal_bytes(acceptor, text, strlen(text), signature, sealed);
}

size_t acceptor_key_size(struct acceptor *acceptor)
{
    gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
    OM_uint32 minor;
    size_t size = 0;

    if (gss_inquire_sec_context_by_oid(&minor, acceptor->context,
                                       GSS_C_INQ_SSPI_SESSION_KEY,
                                       &set) == GSS_S_COMPLETE &&
        set->count)
        size = set->elements[0].length;
    gss_release_buffer_set(&minor, &set);
    return size;
}

#endif
