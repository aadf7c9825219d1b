#ifndef HVS_HYPERV_FLEET_H
#define HVS_HYPERV_FLEET_H

#include "transport/pool.h"

#include <hvsnap/fleet.h>

/* What the clients of a fleet share. Lent. */
struct hvs_pool *hvs_fleet_pool(const struct hvs_fleet *fleet);

/* What those of one host and account share; `user` may be NULL. NULL without memory. */
struct hvs_job_board *hvs_fleet_board(struct hvs_fleet *fleet, const char *url,
                                      const char *user);

#endif
