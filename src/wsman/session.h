#ifndef HVS_WSMAN_SESSION_H
#define HVS_WSMAN_SESSION_H

#include "auth/mech.h"
#include "transport/http.h"
#include "wsman/op.h"

/*
 * One host and one account: the only place where tokens meet HTTP headers. It turns an
 * operation's request into login legs and envelopes, and what came back into an event.
 * It repeats reads, never a change. No I/O: a driver posts what it shows.
 */
struct hvs_session;

/* Borrowed for hvs_session_new(), but `mech`, which it takes over. */
struct hvs_session_opts {
    struct hvs_mech *mech;
    const char *host;     /* for messages */
    const char *account;  /* as the user wrote it, where a password is tried; or NULL */
    struct hvs_lockout *lockout; /* lent; or NULL */
    const char *to;       /* a:To, the URL */
    const char *language;
    bool tls;
    hvs_trace_fn *trace;
    void *trace_arg;
};

struct hvs_session *hvs_session_new(const struct hvs_session_opts *opts,
                                    struct hvs_error *err) HVS_MUST_CHECK;
void hvs_session_free(struct hvs_session *session);

/* What the driver must do next. OVER: *event has what the operation is told. */
enum hvs_session_next {
    HVS_SESSION_POST,
    HVS_SESSION_BLOCK,
    HVS_SESSION_SLEEP,
    HVS_SESSION_OVER,
};

/* For the run: an operation wants run->request sent. */
enum hvs_session_next hvs_session_send(struct hvs_session *session, struct hvs_run *run,
                                       struct hvs_event *event);

/* For the run: the driver is back. `posted` for a post, NULL otherwise. A body in *event
 * is good until the next call. */
enum hvs_session_next hvs_session_answer(struct hvs_session *session, struct hvs_run *run,
                                         const struct hvs_posted *posted,
                                         struct hvs_event *event);

/* The reply is used up: free what it holds. */
void hvs_session_forget(struct hvs_session *session);

/* HVS_SESSION_SLEEP: until when, on the run's clock. */
int64_t hvs_session_wake(const struct hvs_session *session);

/* HVS_SESSION_POST: what to post, and whether it can change anything on the host. */
void hvs_session_show(const struct hvs_session *session, struct hvs_post *out,
                      bool *change);

/* HVS_SESSION_BLOCK: what to call on a thread; the driver takes it over. When the thread
 * is done it is given back by hvs_session_unblock(); one that is abandoned is not. */
struct hvs_blocking *hvs_session_blocking(struct hvs_session *session);
void hvs_session_unblock(struct hvs_session *session, struct hvs_blocking *done);

/* The transport's question, of type hvs_http_ask; `arg` is the session. */
int hvs_session_ask(void *arg, uint64_t connection, const char *certificate,
                    struct hvs_buf *authorization);

/* What was seen so far. Lent. */
const struct hvs_evidence *hvs_session_evidence(struct hvs_session *session);

/* How this session logs in. Lent. */
const struct hvs_mech *hvs_session_mech(const struct hvs_session *session);

#endif
