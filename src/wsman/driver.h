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

/* The same for one of many on a pool, which somebody else has just had work. */
enum hvs_run_state hvs_driver_look(struct hvs_driver *driver, struct hvs_run *run);

/* Readable when a blocking call under way is over; -1 when there is none. */
int hvs_driver_block_fd(const struct hvs_driver *driver);

size_t hvs_driver_fds(struct hvs_driver *driver, struct pollfd *fds, size_t max);
int hvs_driver_timeout(struct hvs_driver *driver, const struct hvs_run *run);

/* The same without the pool's own. */
int64_t hvs_driver_wait(const struct hvs_driver *driver, const struct hvs_run *run,
                        int64_t now);

#endif
