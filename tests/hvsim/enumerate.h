#ifndef SIM_ENUMERATE_H
#define SIM_ENUMERATE_H

#include "hvsim/call.h"

/* Enumerate, Pull and Release. Each returns 0 with call->reply filled, or -1. */
int sim_enumerate(struct sim_call *call);
int sim_pull(struct sim_call *call);
int sim_release(struct sim_call *call);

/* Drop the contexts that nobody pulled from for too long; or all of them. */
void sim_contexts_expire(struct sim_host *host);
void sim_contexts_clear(struct sim_host *host);

#endif
