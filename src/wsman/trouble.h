#ifndef HVS_WSMAN_TROUBLE_H
#define HVS_WSMAN_TROUBLE_H

#include "transport/http.h"

/*
 * What to say when no SOAP came back: nothing at all, or an HTTP status. Each always
 * returns -1.
 */

/* The network's or TLS's failure. */
int hvs_trouble_net(const struct hvs_posted *posted, const char *host,
                    struct hvs_error *err);

/* An HTTP status, or a body that is no SOAP. */
int hvs_trouble_status(const struct hvs_posted *posted, const char *host,
                       struct hvs_error *err);

#endif
