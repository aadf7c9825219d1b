#ifndef MANNERS_H
#define MANNERS_H

#include "hvsim/frame.h"
#include "hvsim/sim.h"

#include <stdbool.h>

enum sim_cbt { SIM_CBT_NONE, SIM_CBT_RELAXED, SIM_CBT_STRICT };

/* The switches that concern the front, as they stand for one request. */
struct sim_manners {
    bool negotiate, kerberos, basic; /* offered, and taken */
    bool allow_unencrypted;
    int clear_status;  /* what a clear body over http gets */
    bool first_open;   /* a plain 401 leaves the connection open */
    bool identify_path; /* /wsman-anon/identify exists */
    bool ignore_last_body;
    size_t max_envelope; /* bytes of a request's SOAP text */
    enum sim_cbt cbt;
    struct sim_frame_style frame;
};

/* Read them; `tls` tells over what. The world must be locked. */
void sim_manners_read(struct sim_manners *out, const struct sim_world *world, bool tls);

#endif
