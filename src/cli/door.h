#ifndef HVS_CLI_DOOR_H
#define HVS_CLI_DOOR_H

#include "cli/target.h"

#include <hvsnap/hvsnap.h>

/*
 * When the port of HTTPS refused or was silent: is that of clear HTTP open? What answers
 * an anonymous Identify there is WinRM; no login is tried.
 */
struct door {
    struct hvs_client *client; /* of its own: the port and the login are others */
    const char *host;          /* lent */
    bool said;                 /* the target has a scheme or a port: no --port then */
    bool silent;               /* HTTPS was, rather than refused */
    bool tried;
};

/* Worth a look after this failure? Then *run is it, to be driven for a second at the
 * most and handed to door_seen(); `left` is what is left of the call, in ms, 0 for no
 * limit. */
void door_look(struct door *door, const struct target *target,
               const struct hvs_client_opts *asked, struct hvs_fleet *fleet, int64_t left,
               const struct hvs_error *why, struct hvs_run **run);

/* What was seen: where it is open, the hint of *err says so, and how to go there. */
void door_seen(struct door *door, struct hvs_run *run, struct hvs_error *err);

#endif
