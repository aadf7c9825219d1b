#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "transport/http.h"

/*
 * One host's connection in a pool of its own, and what the question before each post was
 * asked and how it is answered.
 */
struct exchange {
    struct hvs_pool *pool;
    struct hvs_http *http;

    bool refuse;               /* answer no */
    bool fresh;                /* the next posts go out on new connections */
    uint64_t only;             /* answer no on any other connection than this; 0: any */
    const char *authorization; /* the header's whole line, or NULL */

    unsigned asked;
    uint64_t connection;    /* of the last question */
    char certificate[4096]; /* of the last question; "" for none */
};

/* Long enough for anything that does not hang, under a sanitizer too, where reading the
 * system's CAs takes several seconds. */
enum { EXCHANGE_MS = 60000 };

/* A reply may have 1000 bytes when the options do not say how many. */
void exchange_open(struct exchange *exchange, const struct hvs_http_opts *opts);
void exchange_close(struct exchange *exchange);

/* Begin to post `body`. */
void exchange_start(struct exchange *exchange, const char *body, int64_t timeout_ms);

/* Work until the post is over. */
void exchange_wait(struct exchange *exchange, struct hvs_posted *out);

/* Both. */
void exchange_post(struct exchange *exchange, const char *body, int64_t timeout_ms,
                   struct hvs_posted *out);

#endif
