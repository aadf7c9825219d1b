#ifndef HVS_CLI_HOST_H
#define HVS_CLI_HOST_H

#include "cli/config.h"
#include "cli/notice.h"
#include "cli/secret.h"
#include "cli/settings.h"
#include "cli/target.h"

#include <hvsnap/fleet.h>

/* A client of a host: one operation at a time. */
struct seat {
    struct seat *next;
    struct hvs_client *client;
    bool taken;
};

/* A host of the call and its clients, shared by all targets with the same login. */
struct host {
    struct host *next;
    struct target where; /* who is asked, and as whom */
    char *name;          /* "hv01:5986" */
    uint32_t retries;
    struct seat *seats;          /* none where no client was wanted */
    size_t seat_count;
    size_t targets;              /* how many it has */
    bool logs_in_anew; /* whenever it must, by a password or a keytab */
    struct hvs_client_opts opts; /* what they are opened with; strings are lent */
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
    struct hvs_fleet *fleet;     /* all of the clients */
    bool no_clients; /* doctor opens its own */
};

/* The host of a target: one that is there already, or a new one, for which a password may
 * be asked. Nothing is sent yet. Lent. */
int hosts_get(struct hosts *hosts, const struct target *target, struct host **out,
              struct hvs_error *err) HVS_MUST_CHECK;

/* A client of the host that is free, or another one while there are fewer than `most`
 * (0: no limit). 1 when there is one, 0 when all are taken, -1 on failure. Lent until
 * host_give(). */
int host_take(struct host *host, size_t most, struct hvs_client **out,
              struct hvs_error *err) HVS_MUST_CHECK;
void host_give(struct host *host, const struct hvs_client *client);

/* Wipe the passwords, once no host will open a further client: where each has as many as
 * targets, or `most` (0: no limit). Where `doctor` opens its own, they stay. */
void hosts_forget(struct hosts *hosts, size_t most);

/* Let as many descriptors be open as so many targets need. */
void hosts_reserve(size_t targets);

void hosts_clear(struct hosts *hosts);

#endif
