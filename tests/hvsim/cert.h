#ifndef CERT_H
#define CERT_H

#include <hvsnap/error.h>

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stddef.h>

/* What can be wrong with a certificate that hvsim makes. */
enum sim_flaw {
    SIM_FLAW_NONE,
    SIM_FLAW_EXPIRED,
    SIM_FLAW_NOT_YET,
    SIM_FLAW_NAME, /* made out to another host */
};

/* A certificate for this run, its key, and the authority that signed it. */
struct sim_cert {
    EVP_PKEY *key;
    X509 *cert;
    X509 *ca;
};

/* Make them: EC P-256, for localhost, 127.0.0.1, ::1 and `names` (host names or
 * addresses). The authority's key is forgotten at once. */
int sim_cert_make(struct sim_cert *out, const char *const *names, size_t count,
                  enum sim_flaw flaw, struct hvs_error *err);
void sim_cert_clear(struct sim_cert *cert);

/* Write a certificate as PEM, atomically. */
int sim_cert_write(X509 *cert, const char *file, struct hvs_error *err);

#endif
