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

/* The time was over, as *err says: what was it waited for? `posted` is the post that did
 * not come to its end, a leg of a login or not; NULL: it was the KDC. */
int hvs_trouble_late(struct hvs_error *err, const char *host,
                     const struct hvs_posted *posted, bool leg);

/* An HTTP status, or a body that is no SOAP. */
int hvs_trouble_status(const struct hvs_posted *posted, const char *host,
                       struct hvs_error *err);

#endif
