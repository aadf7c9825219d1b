#ifndef HVS_TRANSPORT_CERT_H
#define HVS_TRANSPORT_CERT_H

#include <hvsnap/doctor.h>

/* Read what a certificate in PEM says of itself. Nothing of it is verified. */
int hvs_cert_read(struct hvs_certificate *out, const char *pem,
                  struct hvs_error *err) HVS_MUST_CHECK;

#endif
