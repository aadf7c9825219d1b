#ifndef HVSNAP_FLEET_H
#define HVSNAP_FLEET_H

#include <hvsnap/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Operations on many clients at the same time, in one thread and over one curl_multi.
 *
 * Open each client with hvs_client_opts.fleet, start a run on it, add the run:
 *
 *     hvs_snapshot_create_start(&run, client, &opts, &err);
 *     hvs_fleet_add(fleet, run, ended, mine, &err);
 *     ...
 *     while (hvs_fleet_step(fleet))
 *         hvs_fleet_wait(fleet, NULL, 0, -1);
 *
 * A client still does one operation at a time: several at once on a host need several
 * clients. Use a fleet, its clients and its runs from one thread.
 */
struct hvs_fleet;

/** *out is yours to free; NULL on failure. */
HVS_API int hvs_fleet_new(struct hvs_fleet **out, struct hvs_error *err) HVS_MUST_CHECK;

/** Only when all of its clients are closed. NULL is fine. */
HVS_API void hvs_fleet_free(struct hvs_fleet *fleet);

/** Told from hvs_fleet_step() that a run is over. Its _end() is the callee's to call, who
 * may also add other runs. */
typedef void hvs_fleet_ended_fn(void *arg, struct hvs_run *run);

/** Have the fleet step a run of one of its clients, from now to its end. Fails, and
 * leaves the run to the caller, when memory ran out or the client is of another fleet. */
HVS_API int hvs_fleet_add(struct hvs_fleet *fleet, struct hvs_run *run,
                          hvs_fleet_ended_fn *ended, void *arg,
                          struct hvs_error *err) HVS_MUST_CHECK;

/** Do what can be done without waiting; how many runs are left. */
HVS_API size_t hvs_fleet_step(struct hvs_fleet *fleet);

/** Give up all of them: hvs_run_stop() on each. `why` is copied. */
HVS_API void hvs_fleet_stop(struct hvs_fleet *fleet, const struct hvs_error *why);

/** For a loop of your own: fill at most `max` rows; how many there are, which may be
 * more. */
HVS_API size_t hvs_fleet_fds(const struct hvs_fleet *fleet, struct pollfd *fds,
                             size_t max);

/** How long to poll at the most, in ms, before hvs_fleet_step() must be called; -1 for
 * ever. */
HVS_API int hvs_fleet_timeout(const struct hvs_fleet *fleet);

/** Poll until there is something to do, `most_ms` (-1: no limit) at the longest, or until
 * one of `count` descriptors of yours is ready, whose revents are then filled. */
HVS_API void hvs_fleet_wait(struct hvs_fleet *fleet, struct pollfd *yours, size_t count,
                            int most_ms);

#ifdef __cplusplus
}
#endif

#endif
