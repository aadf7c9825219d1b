#ifndef TLS_H
#define TLS_H

#include "hvsim/cert.h"

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

/* The TLS side of all https listeners: one certificate, TLS 1.2 or later, HTTP/1.1 as
 * the only protocol that ALPN can agree on. */
struct sim_tls {
    SSL_CTX *ctx;
    char binding[128]; /* tls-server-end-point (RFC 5929 4) of the certificate */
    size_t binding_len;
};

/* With a certificate of our own making... */
int sim_tls_init(struct sim_tls *out, const struct sim_cert *cert, struct hvs_error *err);

/* ...or from files: PEM, the chain behind the certificate. */
int sim_tls_load(struct sim_tls *out, const char *cert, const char *key,
                 struct hvs_error *err);

/* Ask clients for a certificate that a CA of this file signed. They may have none. */
int sim_tls_clients(struct sim_tls *tls, const char *ca_file, struct hvs_error *err);

/* Whose certificate the peer has: its common name, or "". */
void sim_tls_peer(SSL *ssl, char *out, size_t size);
void sim_tls_clear(struct sim_tls *tls);

#endif
