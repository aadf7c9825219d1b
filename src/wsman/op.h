#ifndef HVS_WSMAN_OP_H
#define HVS_WSMAN_OP_H

#include "base/buf.h"
#include "xml/doc.h"

#include <hvsnap/client.h>

#include <stdbool.h>
#include <stdint.h>

/*
 * Operations: conversations with one host, without I/O. An operation is told what
 * happened and says what it wants next; a run steps a tree of them; a session makes
 * envelopes and logins of what they send; a driver posts bytes and waits.
 */

/* What an operation wants next; step() fills the member of the run named here. */
enum hvs_want {
    HVS_SEND, /* run->request; then HVS_REPLY or HVS_FAILED */
    HVS_WAIT, /* run->wait_ms; then HVS_WOKE */
    HVS_CALL, /* run->child, to its end; then HVS_RETURNED */
    HVS_DONE,
    HVS_FAIL, /* *err says why */
};
enum hvs_why { HVS_START, HVS_REPLY, HVS_FAILED, HVS_WOKE, HVS_RETURNED };

/* What a request did to the host. Only hvs_fate(), in wsman/fate.c, decides. */
enum hvs_fate { HVS_ANSWERED, HVS_NOT_BEGUN, HVS_IN_DOUBT };

struct hvs_event {
    enum hvs_why why;
    enum hvs_fate fate;            /* HVS_FAILED */
    const xmlNode *body;           /* HVS_REPLY: the SOAP Body, lent for this step */
    size_t size;                   /* HVS_REPLY: of the whole envelope, in bytes */
    const struct hvs_error *cause; /* HVS_FAILED; HVS_RETURNED: NULL when it is done */
};

/* READ: the session may repeat it. PULL: nobody may, a page would be lost: enumerate
 * anew. CHANGE: struct hvs_change alone. The text is plain: the session adds the
 * envelope and seals it, anew for each post. */
enum hvs_effect { HVS_READ, HVS_PULL, HVS_CHANGE };
struct hvs_request {
    enum hvs_effect effect;
    const char *action;   /* NULL: `body` is the whole envelope (Identify) */
    const char *resource;
    bool anonymous;       /* Identify before any login */
    hvs_xml_wanted_fn *wanted; /* of the reply's rows: NULL for all properties */
    struct hvs_buf header; /* more header blocks: the selectors */
    struct hvs_buf body;   /* the s:Body element */
};

struct hvs_run;
struct hvs_session;
struct hvs_posted;

/* First member of your struct; those it calls are members beside it, so a whole tree of
 * operations is one allocation. */
struct hvs_op {
    enum hvs_want (*step)(struct hvs_op *op, struct hvs_run *run,
                          const struct hvs_event *event, struct hvs_error *err);
    struct hvs_op *parent; /* the run's */
    int phase;             /* yours; 0 at HVS_START */
};

/* What the driver must do before hvs_run_answer(). */
enum hvs_todo {
    HVS_POST,  /* what the session shows */
    HVS_BLOCK, /* run->blocking on a thread of its own */
    HVS_SLEEP, /* until run->wake */
    HVS_END,
};

/* What runs after any end, on a time of its own. */
enum { HVS_MOST_UNDO = 4, HVS_UNDO_MS = 5000 };
struct hvs_undo {
    struct hvs_op *op;
    unsigned ms;
    int64_t deadline; /* monotonic ms: not beyond; 0 for none */
};

struct hvs_driver;
struct hvs_client;

/* An operation under way on a session: all that a driver touches. */
struct hvs_run {
    struct hvs_session *session;
    struct hvs_op *top, *child;
    struct hvs_undo undo[HVS_MOST_UNDO]; /* in the order in which they were begun */
    size_t undo_count;
    struct hvs_request request;
    unsigned wait_ms;
    int64_t now;          /* monotonic ms, as the driver last said */
    int64_t began;        /* `now` at the start */
    int64_t wake;         /* HVS_SLEEP: until when */
    int64_t deadline;     /* monotonic ms; 0 for none */
    int64_t host_time;    /* Date of the last reply, ms since 1970; 0 before any */
    int64_t host_seen;    /* `now` when that came */
    bool started, undoing;
    bool stopped_once;    /* hvs_run_stop() was called */
    bool hurry;           /* ... and again: nothing is undone any more */
    bool held;            /* an operation waits for hvs_run_release() */
    const char *by_hand;  /* how a person would undo it; NULL: nothing to tell. Lent */
    bool sending;         /* an operation waits for the session */
    struct hvs_error err; /* at HVS_END: of the operation at the root */
    struct hvs_error stop; /* set: whatever is asked for fails with it */
    enum hvs_todo todo;
    hvs_progress_fn *progress;
    void *progress_arg;
    bool noted;           /* `shown` was */
    struct hvs_progress shown;
    char shown_job[64];

    struct hvs_client *client; /* hyperv/client.c's: whose run it is */
    void (*free)(struct hvs_run *run); /* the operation's own part, and the run */
};

/* Ready a zeroed run; its first step comes with the first answer. */
void hvs_run_start(struct hvs_run *run, struct hvs_op *op, int64_t now);

/* The driver did what `todo` asked for; `posted` for HVS_POST, NULL otherwise. */
void hvs_run_answer(struct hvs_run *run, const struct hvs_posted *posted, int64_t now);

/* Free what the run itself holds. */
void hvs_run_clear(struct hvs_run *run);

/* For operations: have `op` run after any end; no, it is not needed any more. */
void hvs_run_undo(struct hvs_run *run, const struct hvs_undo *undo);
void hvs_run_undone(struct hvs_run *run, const struct hvs_op *op);

/* For operations: tell whoever watches. `job` may be NULL. */
void hvs_run_note(struct hvs_run *run, enum hvs_phase phase, const char *job,
                  unsigned percent);

/* What time is it on the host? By its last Date; ms since 1970, 0 before any. */
int64_t hvs_run_host_now(const struct hvs_run *run);

/* Fail since the time is over. */
int hvs_run_late(struct hvs_error *err);

/* For operations: call a child. Always returns HVS_CALL. */
enum hvs_want hvs_call(struct hvs_run *run, struct hvs_op *child);

/* For operations: fail with what a child or a request failed with. */
enum hvs_want hvs_fail(struct hvs_error *err, const struct hvs_error *cause);

#endif
