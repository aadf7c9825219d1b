#ifndef SIM_H
#define SIM_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The seam of hvsim. Above it: sockets, TLS, HTTP, logins, sealing (the front). Below it:
 * what a Hyper-V host is and what it answers (the world), with no I/O but the scenario
 * and state files, so that a test can also hold a world in its own process, on a clock
 * of its own.
 */

struct sim_world; /* everything: hosts, VMs, snapshots, jobs, switches, faults */
struct sim_host;  /* one pretend Hyper-V host of it */

/* The world's clock: milliseconds since 1970 in UTC. */
typedef int64_t sim_clock(void *arg);

/* A plain-text request that the front has authenticated and unsealed. */
struct sim_request {
    const char *account;    /* "DOMAIN\\user", or NULL for an anonymous Identify */
    const char *body;       /* the SOAP text */
    size_t len;
    bool utf16;             /* charset of the Content-Type */
};

/* What the front shall do to this exchange; the world only says it. Numbers are the
 * scenario's own: which request, how many milliseconds, at which byte. */
enum sim_mischief {
    SIM_NONE,
    SIM_REFUSE,       /* close at once instead of accepting the connection */
    SIM_RESET_BEFORE, /* reset before the body is read; nothing was done */
    SIM_RESET_READ,   /* reset after it was read, before it was done */
    SIM_RESET_AFTER,  /* do it, then reset without a reply */
    SIM_RESET_WITHIN, /* do it, send half of the reply, then reset */
    SIM_LATE_ACT,     /* reset after reading; the world does it `ms` later, by itself */
    SIM_LATE,         /* do it, reply `ms` later */
    SIM_HANG,         /* do it, never reply */
    SIM_DRIP,         /* do it, reply one byte each `ms` */
    SIM_TRUNCATE,     /* do it, send a Content-Length of the half with the half */
    SIM_HTML,         /* not done: 200 with an HTML page */
    SIM_GARBAGE,      /* do it, send bytes that are no XML */
    SIM_STATUS,       /* not done: the bare HTTP status in `value` */
    SIM_BARE,         /* do it, answer with the bare HTTP status in `value` */
    SIM_DUPLICATE,    /* do it, send the reply twice on the connection */
    SIM_CLOSE,        /* do it, close cleanly without a byte */
    SIM_TLS_CUT,      /* do it, end in mid-reply without a close_notify */
    SIM_DAMAGE,       /* do it, spoil the field `value` of the reply */
};

/* What the world answers. The front adds status line, headers and the seal. */
struct sim_reply {
    int status;               /* 200 or 500 */
    struct hvs_buf body;      /* SOAP text; empty for a bare status */
    enum sim_mischief mischief;
    int64_t ms;               /* for the mischiefs that take time */
    int value;                /* SIM_STATUS */
};

/* Read a scenario (NULL: the built-in small host). NULL on failure, with *err set. */
struct sim_world *sim_world_new(const char *scenario_file, sim_clock *clock, void *arg,
                                struct hvs_error *err);
void sim_world_free(struct sim_world *world);

/* Override one switch, or add a fault: "name=value", "fault=SPEC". */
int sim_world_set(struct sim_world *world, const char *assignment, struct hvs_error *err);

/* The switches, for --help and the manual: the i-th one's name, its values ("on|off",
 * or "NUMBER", "TEXT"), its default and what it decides. False after the last. */
struct sim_switch_row {
    const char *name, *values, *usual, *about;
};
bool sim_switch_row(size_t i, struct sim_switch_row *out);

/* What a fault's SPEC may say, in lines for --help. */
const char *sim_fault_help(void);

/* The world's time now: nothing sets it back. */
int64_t sim_world_now(const struct sim_world *world);

size_t sim_world_hosts(const struct sim_world *world);
struct sim_host *sim_world_host(struct sim_world *world, size_t i);
const char *sim_host_name(const struct sim_host *host);

/* What the host's own clock shows now, for the Date header: on command it jumps. */
int64_t sim_host_clock(const struct sim_host *host);

/* Password of an account ("DOMAIN\\user" or "user"), for Basic; NULL when unknown. */
const char *sim_world_password(const struct sim_world *world, const char *account);

/* The users as gss-ntlmssp wants them: lines "DOMAIN:user:password". */
void sim_world_users(const struct sim_world *world, struct hvs_buf *out);

/* The front calls it for each HTTP request once its header is read and before its body
 * is: `kind` is "login" (an empty or tokened POST) or "request". Counts it, and says
 * which mischief shall happen before anything is done. For a login that is any
 * mischief; for a request only those that need no answer (refuse, reset-before,
 * reset-read, html, status): the rest comes with the answer. */
enum sim_mischief sim_host_before(struct sim_host *host, const char *kind, int64_t *ms,
                                  int *value);

/* And for each login that it refused: another counter. */
void sim_host_refused(struct sim_host *host);

/* Do it and answer. Never fails: what cannot be answered becomes a SOAP fault. */
void sim_host_answer(struct sim_host *host, const struct sim_request *request,
                     struct sim_reply *reply);

/* One line for --log: the Action's last word, the class, the query, the answer. */
const char *sim_host_last(const struct sim_host *host);

/* How the front shall behave: switches that concern HTTP, logins and sealing. The value
 * is the switch's current text ("on", "off", "strict", ...), never NULL. */
const char *sim_world_switch(const struct sim_world *world, const char *name);

/* Write the truth as JSON (hosts, VMs, snapshots, jobs, counters), atomically. The
 * schema is in state.c. */
int sim_world_state(struct sim_world *world, const char *file, struct hvs_error *err);

#endif
