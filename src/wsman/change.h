#ifndef HVS_WSMAN_CHANGE_H
#define HVS_WSMAN_CHANGE_H

#include "wsman/op.h"

/*
 * One change of the host's state, sent at most once. Nothing else may send an
 * HVS_CHANGE: the run asserts it.
 *
 * Not begun: it is sent again while `tries` last. In doubt: never, before `find_out`,
 * which only reads, has said what the host did; its outcome is what may be claimed.
 */
struct hvs_find_out {
    struct hvs_op op;
    enum hvs_outcome outcome; /* what was found; left HVS_OUTCOME_UNKNOWN when it fails */
};

struct hvs_change {
    struct hvs_op op;
    struct hvs_request request;    /* filled by the owner */
    struct hvs_find_out *find_out; /* required */
    unsigned tries;                /* how often it may be sent again */
    const char *made_param; /* the out parameter that refers to what it made; or NULL */
    bool (*is_open)(uint32_t return_value); /* does it leave all open? NULL: no */
    bool jobless; /* "started" (4096) may come without a job */
    int64_t sent_at;               /* run->now when it was last sent; 0: never */
    int64_t over_at;               /* run->now when the last of it can have reached the
                                      host: the answer came, or the connection was gone */
    int64_t host_time;             /* the host's clock shortly before it was sent */
    int64_t host_seen;             /* run->now at that moment */
    enum hvs_outcome outcome;      /* at the end: what may be claimed */
    bool found;                    /* the reply was lost, and find_out spoke */
    bool found_early;              /* ... "not done" of a try that could still act */
    uint32_t return_value;
    char job[64];                  /* InstanceID, "" for none */
    char job_class[256];           /* its resource URI */
    char made[64];                 /* InstanceID of what it made at once, or "" */
    struct hvs_error lost;         /* what happened to the reply */
};

void hvs_change_init(struct hvs_change *change, struct hvs_find_out *find_out,
                     unsigned tries);
void hvs_change_clear(struct hvs_change *change);

/* Is it the one operation that may send a change? */
bool hvs_is_change(const struct hvs_op *op);

/* How long after a change left us "nothing found" proves nothing: a request can act when
 * its connection is long gone. The operation's time-out and five seconds. */
enum { HVS_SETTLE_MS = 65000 };

/* For finding out: can the request no longer act? */
bool hvs_change_settled(const struct hvs_change *change, const struct hvs_run *run);

/* For finding out: the host did not answer. Is it to be asked again? Counts in *lost. */
bool hvs_find_out_may_ask_again(const struct hvs_run *run, const struct hvs_error *cause,
                                unsigned *lost);

/* For finding out: look again in a while; `phase` is the one that HVS_WOKE comes in. */
enum hvs_want hvs_find_out_pause(struct hvs_op *op, struct hvs_run *run, int phase);

#endif
