#ifndef HVS_WSMAN_EVIDENCE_H
#define HVS_WSMAN_EVIDENCE_H

#include "auth/mech.h"
#include "transport/http.h"

#include <hvsnap/client.h>

/* Add an exchange to what was seen: a leg of a login, or a request. The oldest makes room
 * for it. `line` gets it in words, for the trace. */
void hvs_evidence_add(struct hvs_evidence *seen, const struct hvs_posted *posted,
                      bool leg, char *line, size_t size);

/* What the login itself left: who we are, by what. */
void hvs_evidence_of_mech(struct hvs_evidence *seen, const struct hvs_mech *mech);

#endif
