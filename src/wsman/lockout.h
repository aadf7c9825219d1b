#ifndef HVS_WSMAN_LOCKOUT_H
#define HVS_WSMAN_LOCKOUT_H

#include <hvsnap/client.h>

/* A host refused this account; `host` is for messages. NULL arguments are fine. */
void hvs_lockout_add(struct hvs_lockout *lockout, const char *account, const char *host);

/* Was it refused before? Then *err says by whom, and -1. */
int hvs_lockout_check(struct hvs_lockout *lockout, const char *account,
                      struct hvs_error *err) HVS_MUST_CHECK;

#endif
