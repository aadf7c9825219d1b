#ifndef TINY_H
#define TINY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * An HTTP server within the test, on a thread of its own: it does what its script says,
 * one step for each request, whichever connection that comes on, and keeps what it was
 * sent. Past the end of the script each request is kept and answered with TINY_OK.
 */
enum tiny_then { TINY_KEEP, TINY_CLOSE, TINY_RESET };

struct tiny_step {
    const char *reply; /* sent as it is; NULL for nothing */
    enum tiny_then then;
};

#define TINY_OK "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

struct tiny {
    unsigned port;
    struct tiny_inside *inside;
    char ca_file[256]; /* with TLS: its certificate, to trust */
    char pin[64];      /* "sha256//..." of its key */

    /* read these after tiny_stop() */
    unsigned connections, requests;
    char sent[8][8192]; /* the first requests, each with its body */
};

/* What its certificate is like, and its TLS. */
struct tiny_tls {
    const char *name;       /* the one name in it; NULL for localhost and 127.0.0.1 */
    int from_days, to_days; /* how long it holds, from today; 0, 0 for ten days */
    int newest;             /* TLS1_1_VERSION: nothing newer, and anybody; 0: as usual */
};

/* The steps are borrowed until tiny_stop(). tls NULL: plain HTTP. */
void tiny_start(struct tiny *tiny, const struct tiny_step *steps, size_t count,
                const struct tiny_tls *tls);

/* Wait until the server has ended this many connections. False after 5 s. */
bool tiny_wait_ended(struct tiny *tiny, unsigned count);

void tiny_stop(struct tiny *tiny);

/* A server that takes no connection at all: `port`, or any when it is 0, at a loopback
 * address such as "127.0.0.2". `full` makes connecting hang rather than wait its turn.
 * -1 where this system has no such thing. End it with deaf_stop(). */
struct deaf {
    int fd, fillers[8];
    unsigned port;
};
int deaf_start(struct deaf *deaf, const char *address, unsigned port, bool full);
void deaf_stop(struct deaf *deaf);

#endif
