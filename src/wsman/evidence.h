#ifndef HVS_WSMAN_EVIDENCE_H
#define HVS_WSMAN_EVIDENCE_H

#include "transport/http.h"

#include <hvsnap/client.h>

/* Add an exchange to what was seen: a leg of a login, or a request. The oldest makes room
 * for it. `line` gets it in words, for the trace. */
void hvs_evidence_add(struct hvs_evidence *seen, const struct hvs_posted *posted,
                      bool leg, char *line, size_t size);

#endif
