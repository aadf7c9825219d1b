#ifndef HVS_WSMAN_FATE_H
#define HVS_WSMAN_FATE_H

#include "transport/http.h"
#include "wsman/fault.h"
#include "wsman/op.h"

/*
 * What a request did to the host, from what came back. `readable` says that the reply was
 * a SOAP envelope that answers this very request, unsealed where it had to be; `fault` is
 * the fault in it, or NULL. `signed_` says that nobody on the way can have written it:
 * TLS.
 *
 * Not begun is claimed only on proof: nothing was sent, HTTP turned it away at the door
 * (401, 404, 411, 413, 415) and none but it can have said so, or a fault whose row says
 * so. All else is in doubt.
 */
enum hvs_fate hvs_fate(const struct hvs_posted *posted, bool signed_, bool readable,
                       const struct hvs_fault *fault);

#endif
