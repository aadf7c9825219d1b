#ifndef FAKE_MECH_H
#define FAKE_MECH_H

#include "auth/mech.h"

/*
 * A mechanism whose tokens one can read: it says "one", and "two" when it is told
 * "more"; "proof" from the host ends it. Anything else from the host is an error. Sealed
 * text is the text itself, signed "sign".
 */
struct fake_mech {
    struct hvs_mech mech;
    struct hvs_mech_ops ops; /* its own, so that a test may name it otherwise */
    unsigned steps, resets, prepares;
    bool blocks;      /* something blocking must be done before the first step */
    bool blocked_bad; /* and it fails */
    bool has_ticket;  /* it was done, and need not be done again */
    char binding[64]; /* what it was last bound to, "" for nothing */
    size_t binding_len;
    bool at_once;     /* the context stands after "one": nothing proves the host */
};

struct fake_mech *fake_mech_new(void);

#endif
