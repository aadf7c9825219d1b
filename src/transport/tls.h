#ifndef HVS_TRANSPORT_TLS_H
#define HVS_TRANSPORT_TLS_H

#include <hvsnap/error.h>

#include <stdbool.h>

/* "sha256//", 44 signs of base64, and the NUL. */
#define HVS_PIN_SIZE 53

/* The pin of a certificate in PEM: SHA-256 of its SubjectPublicKeyInfo, as curl prints
 * it. */
int hvs_tls_pin(char out[HVS_PIN_SIZE], const char *certificate, struct hvs_error *err)
    HVS_MUST_CHECK;

/* Is it such a pin to the letter? */
bool hvs_tls_pin_valid(const char *pin);

#endif
