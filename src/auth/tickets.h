#ifndef HVS_AUTH_TICKETS_H
#define HVS_AUTH_TICKETS_H

#include "auth/mech.h"

#include <hvsnap/client.h>

/*
 * Kerberos tickets that the logins of a run share, so that the KDC is asked once for who
 * has a password or a keytab. A look-up may block for as long as another login asks the
 * KDC for the same: it is for the blocking thread alone. Held by whoever may be at it,
 * also by threads that a deadline has abandoned; the last one frees it.
 */
struct hvs_share {
    struct hvs_share *next;
    char *user, *domain, *password, *keytab; /* whose it is; NULL for none */
    char cache[64];          /* "MEMORY:...", with the ticket; or "": none yet */
    struct hvs_error failed; /* the KDC refused the account: not asked again */
    uint32_t minor;          /* ... of that */
};

/* Another holder, who calls hvs_tickets_free(). NULL is fine. */
struct hvs_tickets *hvs_tickets_hold(struct hvs_tickets *tickets);

/* What is shared for these credentials, for the caller alone until it leaves; new and
 * empty at the first time. NULL when memory ran out: then it need not leave. */
struct hvs_share *hvs_tickets_enter(struct hvs_tickets *tickets,
                                    const struct hvs_credentials *who);
void hvs_tickets_leave(struct hvs_tickets *tickets);

#endif
