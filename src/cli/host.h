#ifndef HVS_CLI_HOST_H
#define HVS_CLI_HOST_H

#include "cli/config.h"
#include "cli/notice.h"
#include "cli/secret.h"
#include "cli/settings.h"
#include "cli/target.h"

#include <hvsnap/client.h>

/* A host of the call and its client, shared by all targets with the same login. */
struct host {
    struct host *next;
    struct target where; /* who is asked, and as whom */
    char *name;          /* "hv01:5986" */
    uint32_t retries;
    struct hvs_client *client;   /* NULL where none was wanted */
    struct hvs_client_opts opts; /* what it was opened with; strings are lent */
    char **pins;                 /* of `opts`, ending in NULL */
    struct settings settings;    /* that hold for it; strings are lent */
};

/* Where settings come from, and the hosts so far. */
struct hosts {
    struct host *first;
    struct opt_set given; /* by options and the environment */
    struct config config;
    struct secrets secrets;
    struct notice *notice;
    struct hvs_lockout *lockout; /* accounts that one host refused */
    struct hvs_tickets *tickets; /* for which the KDC is asked once */
    bool no_clients; /* doctor opens its own */
};

/* The host of a target: one that is there already, or a new one, for which a password may
 * be asked. Nothing is sent yet. Lent. */
int hosts_get(struct hosts *hosts, const struct target *target, struct host **out,
              struct hvs_error *err) HVS_MUST_CHECK;

void hosts_clear(struct hosts *hosts);

#endif
