#ifndef TINY_TLS_H
#define TINY_TLS_H

#include "support/tiny.h"

#include <openssl/ssl.h>

/* A context with a fresh self-signed certificate, its PEM in ca_file, its pin in pin. */
SSL_CTX *tiny_tls_new(struct tiny *tiny, const struct tiny_tls *like);

#endif
