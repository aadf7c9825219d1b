#ifndef HVS_HYPERV_CLIENT_H
#define HVS_HYPERV_CLIENT_H

#include "hyperv/opts.h"
#include "wsman/driver.h"
#include "wsman/op.h"
#include "wsman/session.h"

#include <hvsnap/client.h>

struct hvs_client {
    struct hvs_pool *pool;
    struct hvs_fleet *fleet; /* whose the pool is; NULL: the client's own */
    struct hvs_job_board *board; /* the fleet's, for this host; or NULL */
    struct hvs_session *session;
    struct hvs_driver *driver;
    char *host;
    uint32_t timeout_ms;
    struct hvs_run *run; /* the one under way */
};

/*
 * Begin a run on a client: `run` is the zeroed first member of the operation's own
 * struct, `op` its root, `free` frees that struct. Fails, and frees, when another run is
 * under way.
 */
int hvs_client_start(struct hvs_client *client, struct hvs_run *run, struct hvs_op *op,
                     void (*free)(struct hvs_run *run),
                     struct hvs_error *err) HVS_MUST_CHECK;

/* End a run: stops it if it is not over, steps it to its end, and hands out its error.
 * 0 when it went well. The run is still there: free it with hvs_client_drop(). */
int hvs_client_finish(struct hvs_run *run, struct hvs_error *err) HVS_MUST_CHECK;
void hvs_client_drop(struct hvs_run *run);

/* Step a run to its end, waiting in poll(). */
void hvs_client_wait(struct hvs_run *run);

#endif
