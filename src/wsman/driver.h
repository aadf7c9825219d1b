#ifndef HVS_WSMAN_DRIVER_H
#define HVS_WSMAN_DRIVER_H

#include "transport/http.h"
#include "wsman/op.h"

/*
 * Does what a run asks for: posts, sleeps, runs a blocking call on a thread. It never
 * waits by itself: somebody's loop polls what it names, as long as it says.
 */
struct hvs_driver;

/* `pool` and `session` are lent, and outlive it. */
struct hvs_driver *hvs_driver_new(struct hvs_pool *pool, const struct hvs_http_opts *opts,
                                  struct hvs_session *session, struct hvs_error *err)
    HVS_MUST_CHECK;

/* Closes the connection; a blocking call under way is abandoned to its thread. NULL is
 * fine. */
void hvs_driver_free(struct hvs_driver *driver);

/* Go as far as it goes without waiting. */
enum hvs_run_state hvs_driver_step(struct hvs_driver *driver, struct hvs_run *run);

size_t hvs_driver_fds(struct hvs_driver *driver, struct pollfd *fds, size_t max);
int hvs_driver_timeout(struct hvs_driver *driver, const struct hvs_run *run);

#endif
