#include "hvsim/tls.h"

#include "base/err.h"

#include <openssl/err.h>
#include <string.h>

static int fail(struct hvs_error *err, const char *what, const char *file)
{
    const char *why = ERR_reason_error_string(ERR_peek_error());

    hvs_err_set(err, HVS_NET, 0, "%s '%s': %s", what, file, why ? why : "unknown error");
    ERR_clear_error();
    return -1;
}

/* A client that offers h2 alone is refused: logins belong to an HTTP/1.1 connection. */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                           const unsigned char *in, unsigned int in_len, void *arg)
{
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen;

    (void)ssl, (void)arg;
    if (SSL_select_next_proto(&chosen, out_len, ours, sizeof(ours) - 1, in, in_len) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

/* RFC 5929 4.1: the hash of the certificate's signature, but SHA-256 in place of MD5
 * and SHA-1, and, by custom, of what has no hash. */
static bool set_binding(struct sim_tls *tls, const X509 *cert)
{
    static const char prefix[] = "tls-server-end-point:";
    const EVP_MD *hash = EVP_sha256();
    unsigned int len = 0;
    int nid = NID_undef;

    if (X509_get_signature_info((X509 *)cert, &nid, NULL, NULL, NULL) == 1 &&
        nid != NID_md5 && nid != NID_sha1 && EVP_get_digestbynid(nid))
        hash = EVP_get_digestbynid(nid);
    memcpy(tls->binding, prefix, sizeof(prefix) - 1);
    if (X509_digest(cert, hash, (unsigned char *)tls->binding + sizeof(prefix) - 1,
                    &len) != 1)
        return false;
    tls->binding_len = sizeof(prefix) - 1 + len;
    return true;
}

static SSL_CTX *new_ctx(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

    if (!ctx)
        return NULL;
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
    return ctx;
}

int sim_tls_init(struct sim_tls *out, const struct sim_cert *cert, struct hvs_error *err)
{
    *out = (struct sim_tls){.ctx = new_ctx()};
    if (out->ctx && SSL_CTX_use_certificate(out->ctx, cert->cert) == 1 &&
        SSL_CTX_use_PrivateKey(out->ctx, cert->key) == 1 && set_binding(out, cert->cert))
        return 0;
    fail(err, "cannot use the certificate of", "this run");
    sim_tls_clear(out);
    return -1;
}

int sim_tls_load(struct sim_tls *out, const char *cert, const char *key,
                 struct hvs_error *err)
{
    *out = (struct sim_tls){.ctx = new_ctx()};
    if (!out->ctx || SSL_CTX_use_certificate_chain_file(out->ctx, cert) != 1)
        fail(err, "cannot use the certificate", cert);
    else if (SSL_CTX_use_PrivateKey_file(out->ctx, key, SSL_FILETYPE_PEM) != 1)
        fail(err, "cannot use the key", key);
    else if (!set_binding(out, SSL_CTX_get0_certificate(out->ctx)))
        fail(err, "cannot hash the certificate", cert);
    else
        return 0;
    sim_tls_clear(out);
    return -1;
}

int sim_tls_clients(struct sim_tls *tls, const char *ca_file, struct hvs_error *err)
{
    if (SSL_CTX_load_verify_locations(tls->ctx, ca_file, NULL) != 1)
        return fail(err, "cannot use the CA of clients", ca_file);
    /* the CA hint, by which a client chooses its certificate */
    SSL_CTX_set_client_CA_list(tls->ctx, SSL_load_client_CA_file(ca_file));
    SSL_CTX_set_verify(tls->ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_session_id_context(tls->ctx, (const unsigned char *)"hvsim", 5);
    return 0;
}

void sim_tls_peer(SSL *ssl, char *out, size_t size)
{
    X509 *cert = SSL_get1_peer_certificate(ssl);

    out[0] = '\0';
    if (cert && SSL_get_verify_result(ssl) == X509_V_OK &&
        X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, out,
                                  (int)size) < 0)
        out[0] = '\0';
    X509_free(cert);
}

void sim_tls_clear(struct sim_tls *tls)
{
    SSL_CTX_free(tls->ctx);
    *tls = (struct sim_tls){0};
}
