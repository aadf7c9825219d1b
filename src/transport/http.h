#ifndef HVS_TRANSPORT_HTTP_H
#define HVS_TRANSPORT_HTTP_H

#include "base/buf.h"
#include "transport/pool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One host's connection, and one POST at a time on it. Hands over the bytes and the
 * Authorization header that it is given; knows nothing of logins or SOAP.
 *
 * libcurl repeats a POST by itself when a connection that it used before dies, and gives
 * a connection to whoever asks. So nothing is posted without asking first: once for each
 * post, with the connection at hand and before a byte is written.
 */
struct hvs_http;

/* Where to. Borrowed for hvs_http_new(). */
struct hvs_http_opts {
    const char *url;
    const char *ca_file; /* NULL for the system's */
    bool insecure;
    const char *const *pins; /* of the host's key, ending in NULL; they replace the checks
                                of chain and name. NULL for none */
    const char *connect_to;  /* "host:port" to connect to instead; NULL for the URL's */
    const char *proxy;       /* a URL; NULL for none, whatever the environment says */
    const char *proxy_user;  /* "user:password" for the proxy, or NULL */
    const char *cert_file, *key_file; /* a client certificate and its key, or NULL */
    size_t most_bytes;   /* of a reply's body */
};

/* What to post. Borrowed until it is done. */
struct hvs_post {
    const char *body;
    size_t len;
    const char *content_type;
    const char *extra_header; /* one more header line, or NULL */
    bool authorization;       /* the question below will bring an Authorization header */
    bool fresh;               /* on a new connection: the one before is out of step */
};

/*
 * The question: `connection` counts the connections of this host, `certificate` is the
 * leaf of this one in PEM, or NULL without TLS. Answer 0 to send, with the whole line
 * "Authorization: ..." in `authorization` if the post wants one; or -1 not to.
 */
typedef int hvs_http_ask(void *arg, uint64_t connection, const char *certificate,
                         struct hvs_buf *authorization);

/* What came of a post. */
struct hvs_posted {
    bool began;   /* the question was answered with yes: some of it may have been sent */
    bool refused; /* the question was answered with no, and that is why it failed */
    int net_code; /* CURLcode; 0 with a reply */
    char net_text[256];  /* what libcurl said about it */
    long verify;         /* what the TLS library says of the certificate; 0 for well */
    const char *proxy;   /* the proxy that it went through, without credentials; lent;
                            NULL for none */
    int proxy_status;    /* what the proxy answered when asked for the host; or 0 */
    int status;          /* HTTP status; 0 without a reply */
    int64_t date;        /* of the reply: ms since 1970, UTC; 0 without one */
    char content_type[160];
    const char *bytes;   /* the body; lent until the next post */
    size_t len;
    bool too_large;      /* the body passed most_bytes and was cut */
    const char *challenges; /* the WWW-Authenticate values, one a line; lent */
};

struct hvs_http *hvs_http_new(struct hvs_pool *pool, const struct hvs_http_opts *opts,
                              struct hvs_error *err) HVS_MUST_CHECK;

/* Closes the connection. NULL is fine. */
void hvs_http_free(struct hvs_http *http);

/* Begin a post that may take `timeout_ms` (0: no limit) in all. */
int hvs_http_start(struct hvs_http *http, const struct hvs_post *post, hvs_http_ask *ask,
                   void *arg, int64_t timeout_ms, struct hvs_error *err) HVS_MUST_CHECK;

/* Is it over? Then *out says how. */
bool hvs_http_done(struct hvs_http *http, struct hvs_posted *out);

/* The reply is used up: free it, unless it is a page of many alike. */
void hvs_http_forget(struct hvs_http *http);

/* Drop a post under way, and its connection; *out says as much as is known. */
void hvs_http_cancel(struct hvs_http *http, struct hvs_posted *out);

#endif
