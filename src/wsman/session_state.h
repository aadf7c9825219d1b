#ifndef HVS_WSMAN_SESSION_STATE_H
#define HVS_WSMAN_SESSION_STATE_H

#include "base/uuid.h"
#include "wsman/lockout.h"
#include "wsman/login.h"
#include "wsman/reply.h"
#include "wsman/session.h"

/* The inside of a session, for session.c (what comes next) and session_ask.c (what the
 * driver asks of it) alone. */

/* What the driver is at for us. */
enum waiting { NOTHING, TICKET, LEG, TURN, REQUEST, PAUSE };

struct hvs_session {
    struct hvs_mech *mech;
    struct hvs_login login;
    char *host, *to, *language;
    struct hvs_trial trial; /* of the account, where a password is tried */
    bool tls;
    hvs_trace_fn *trace;
    void *trace_arg;

    enum waiting waiting;
    bool met;        /* the host has answered at least once */
    unsigned tries;  /* repeats of this read so far */
    unsigned logins; /* logins begun anew for this request */
    bool rejected;   /* one of them because of a 401 */
    bool stale;      /* the connection is out of step: the next post is on another */
    bool put_off;    /* another session tries the account: the post was not sent */
    int64_t now, wake;
    int64_t told;     /* `now` when the host answered the last leg */
    int64_t clock;    /* the host's, by the login, at `clock_seen`; 0: it told none */
    int64_t clock_seen;
    struct hvs_blocking *blocking;
    char message_id[HVS_UUID_SIZE];
    struct hvs_buf text;   /* the envelope */
    struct hvs_buf sealed; /* the same as a frame */
    const struct hvs_request *request;
    struct hvs_reply reply;
    struct hvs_error err; /* what *event points to */
    struct hvs_evidence evidence;
};

/* Does this request go out sealed? Clear HTTP takes nothing else. */
bool hvs_session_seals(const struct hvs_session *session);

#endif
