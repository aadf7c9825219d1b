#include "wsman/session_state.h"

#include "auth/frame.h"
#include "base/clock.h"
#include "base/err.h"
#include "wsman/envelope.h"
#include "wsman/evidence.h"
#include "wsman/trouble.h"

#include <stdlib.h>
#include <string.h>

enum { READ_TRIES = 3, MOST_LOGINS = 3, RETRY_MS = 250, TRIAL_MS = 20 };

/* How far a Date may be from the clock of the login: it is in seconds, and replies take
 * their time. And from our own: Kerberos lets nobody in beyond that. */
enum { DATE_MS = 5000, SKEW_MS = 300000 };

struct hvs_session *hvs_session_new(const struct hvs_session_opts *opts,
                                    struct hvs_error *err)
{
    struct hvs_session *session = calloc(1, sizeof(*session));

    if (!session) {
        hvs_mech_free(opts->mech);
        hvs_err_memory(err);
        return NULL;
    }
    session->mech = opts->mech;
    session->tls = opts->tls;
    session->trace = opts->trace;
    session->trace_arg = opts->trace_arg;
    session->host = strdup(opts->host);
    session->to = strdup(opts->to);
    session->language = strdup(opts->language);
    session->trial.lockout = opts->lockout;
    session->trial.account = opts->account ? strdup(opts->account) : NULL;
    session->text = (struct hvs_buf)HVS_BUF_INIT(HVS_MAX_ENVELOPE_SIZE);
    session->sealed = (struct hvs_buf)HVS_BUF_INIT(HVS_MAX_ENVELOPE_SIZE + 4096);
    hvs_login_init(&session->login, session->mech, opts->tls);
    if (!session->host || !session->to || !session->language ||
        (opts->account && !session->trial.account)) {
        hvs_err_memory(err);
        hvs_session_free(session);
        return NULL;
    }
    return session;
}

void hvs_session_free(struct hvs_session *session)
{
    if (!session)
        return;
    if (session->blocking)
        session->blocking->free(session->blocking);
    hvs_trial_over(&session->trial);
    hvs_login_clear(&session->login);
    hvs_mech_free(session->mech);
    hvs_reply_clear(&session->reply);
    hvs_buf_clear(&session->text);
    hvs_buf_clear(&session->sealed);
    free(session->host);
    free(session->to);
    free(session->language);
    free(session->trial.account);
    free(session);
}

static void note(const struct hvs_session *session, const char *what)
{
    if (session->trace)
        session->trace(session->trace_arg, HVS_TRACE_NOTE, what);
}

static void show(const struct hvs_session *session, enum hvs_trace_kind kind,
                 const char *text)
{
    if (session->trace && text && *text)
        session->trace(session->trace_arg, kind, text);
}

/* Keep what was seen: doctor prints it. */
static void witness(struct hvs_session *session, const struct hvs_posted *posted)
{
    char line[320];

    hvs_evidence_add(&session->evidence, posted, session->waiting == LEG, line,
                     sizeof(line));
    note(session, line);
}

static enum hvs_session_next over(struct hvs_session *session, struct hvs_event *event,
                                  enum hvs_fate fate)
{
    hvs_trial_over(&session->trial);
    session->waiting = NOTHING;
    *event = (struct hvs_event){.why = HVS_FAILED, .fate = fate, .cause = &session->err};
    return HVS_SESSION_OVER;
}

/* A fresh envelope, sealed for the connection that we are logged in on. */
static int prepare_request(struct hvs_session *session, struct hvs_error *err)
{
    hvs_buf_clear(&session->text);
    hvs_buf_clear(&session->sealed);
    if (hvs_envelope_build(&session->text, session->request, session->to,
                           session->language, session->message_id, err) < 0)
        return -1;
    show(session, HVS_TRACE_REQUEST, hvs_buf_str(&session->text));
    if (!hvs_session_seals(session))
        return 0;
    return hvs_frame_seal(session->mech, hvs_buf_str(&session->text), session->text.len,
                          &session->sealed, err);
}

/* Another session tries the account first: wait for what it hears. */
static enum hvs_session_next wait_for_turn(struct hvs_session *session, enum waiting what)
{
    session->put_off = true;
    session->waiting = what;
    session->wake = session->now + TRIAL_MS;
    return HVS_SESSION_SLEEP;
}

/* May the next thing be done, as far as the account goes? Asked in earnest before a
 * secret goes out; before a connection is made only whether it is of any use. */
static enum hvs_may_try may_begin(struct hvs_session *session)
{
    const struct hvs_login *login = &session->login;
    enum hvs_may_try may;

    if (session->request->anonymous || login->in)
        return HVS_TRY_FREELY;
    if (!login->prepared && session->mech->ops->prepare)
        return hvs_trial_ask(&session->trial, session->now, &session->err);
    may = hvs_trial_look(&session->trial, session->now, &session->err);
    /* who was put off once does not connect again for nothing */
    return may == HVS_TRY_LATER && !session->put_off ? HVS_TRY_FREELY : may;
}

static enum hvs_session_next begin(struct hvs_session *session, struct hvs_event *event,
                                   int64_t now)
{
    struct hvs_login *login = &session->login;
    const struct hvs_mech_ops *ops = session->mech->ops;
    enum hvs_may_try may;

    session->now = now;
    session->err = (struct hvs_error){0};
    if (login->denied.domain && !session->request->anonymous) {
        session->err = login->denied;
        return over(session, event, HVS_NOT_BEGUN);
    }
    may = may_begin(session);
    if (may == HVS_TRY_NOT)
        return over(session, event, HVS_NOT_BEGUN);
    if (may == HVS_TRY_LATER)
        return wait_for_turn(session, PAUSE);
    session->put_off = false;
    if (session->request->anonymous || ops->each_request || login->in) {
        if (prepare_request(session, &session->err) < 0)
            return over(session, event, HVS_NOT_BEGUN);
        session->waiting = REQUEST;
        return HVS_SESSION_POST;
    }
    if (!login->prepared && ops->prepare) {
        session->blocking = ops->prepare(session->mech, &session->err);
        if (session->err.domain)
            return over(session, event, HVS_NOT_BEGUN);
        if (session->blocking) {
            session->waiting = TICKET;
            return HVS_SESSION_BLOCK;
        }
    }
    login->prepared = false; /* a later login may need another ticket */
    hvs_login_reset(login);
    session->waiting = LEG;
    return HVS_SESSION_POST;
}

/* The first leg of a login holds no secret, the others do. */
static enum hvs_session_next next_leg(struct hvs_session *session,
                                      struct hvs_event *event)
{
    switch (hvs_trial_ask(&session->trial, session->now, &session->err)) {
    case HVS_TRY_NOT: return over(session, event, HVS_NOT_BEGUN);
    case HVS_TRY_LATER: return wait_for_turn(session, TURN);
    case HVS_TRY_FREELY:
    case HVS_TRY_FIRST: break;
    }
    session->put_off = false;
    session->waiting = LEG;
    return HVS_SESSION_POST;
}

enum hvs_session_next hvs_session_send(struct hvs_session *session, struct hvs_run *run,
                                       struct hvs_event *event)
{
    session->request = &run->request;
    session->tries = session->logins = 0;
    session->rejected = session->put_off = false;
    return begin(session, event, run->now);
}

/* Wait, the longer the more often. */
static enum hvs_session_next pause_for(struct hvs_session *session,
                                       const struct hvs_run *run)
{
    session->waiting = PAUSE;
    session->wake = run->now + hvs_clock_jitter(RETRY_MS << (2 * session->tries++));
    note(session, "trying again in a moment");
    return HVS_SESSION_SLEEP;
}

/* Would the same read fare better a little later? */
static bool worth_repeating(const struct hvs_session *session,
                            const struct hvs_posted *posted)
{
    const struct hvs_error *err = &session->err;

    if (session->request->effect != HVS_READ || session->tries >= READ_TRIES ||
        session->login.denied.domain)
        return false;
    if (err->domain == HVS_SOAP)
        return session->reply.is_fault &&
               session->reply.fault.row->flags & HVS_FAULT_RETRY;
    if (err->domain == HVS_HTTP)
        return err->class_ == HVS_CLASS_BUSY;
    if (err->domain == HVS_XML)
        return !session->reply.broken;
    /* a host that was never there is not waited for */
    return err->domain == HVS_NET && (session->met || (posted && posted->began));
}

/* It failed: again, or tell the operation. */
static enum hvs_session_next failed(struct hvs_session *session, struct hvs_run *run,
                                    const struct hvs_posted *posted, enum hvs_fate fate,
                                    struct hvs_event *event)
{
    if (run->stop.domain) {
        session->err = run->stop;
        if (posted || session->waiting == TICKET)
            hvs_trouble_late(&session->err, session->host, posted,
                             session->waiting == LEG);
        return over(session, event, fate);
    }
    if (worth_repeating(session, posted))
        return pause_for(session, run);
    return over(session, event, fate);
}

/* It came to nothing: there, the host may be in the middle of it. */
static void give_up_login(struct hvs_session *session)
{
    hvs_login_reset(&session->login);
    session->stale = true;
}

static enum hvs_session_next leg_over(struct hvs_session *session, struct hvs_run *run,
                                      const struct hvs_posted *posted,
                                      struct hvs_event *event)
{
    switch (hvs_login_answer(&session->login, posted, session->host, &session->err)) {
    case HVS_LOGIN_LEG: session->told = run->now; return next_leg(session, event);
    case HVS_LOGIN_IN:
        session->clock = session->mech->evidence.host_ms;
        session->clock_seen = session->told;
        hvs_trial_good(&session->trial);
        return begin(session, event, run->now);
    case HVS_LOGIN_RESET:
        if (session->logins++ < MOST_LOGINS)
            return begin(session, event, run->now);
        hvs_err_set(&session->err, HVS_NET, posted->net_code,
                    "'%s' closes its connections in the middle of a login",
                    session->host);
        break;
    case HVS_LOGIN_FAILED: break;
    }
    give_up_login(session);
    if (session->login.denied.domain)
        hvs_trial_refused(&session->trial, session->host);
    return failed(session, run, posted, HVS_NOT_BEGUN, event);
}

/* The login is gone, and the request was turned away with it: log in anew. */
static bool may_login_again(struct hvs_session *session, const struct hvs_posted *posted,
                            enum hvs_fate fate)
{
    if (session->request->anonymous || session->mech->ops->each_request ||
        (session->request->effect != HVS_READ && fate != HVS_NOT_BEGUN))
        return false;
    if (posted->status == 401)
        return !session->rejected && (session->rejected = true);
    return posted->refused && session->logins++ < MOST_LOGINS;
}

/* A 401 to who was logged in: the account is refused. But where all is sealed anybody on
 * the way may have said so of a request that is not to be repeated: a new login tells. */
static void turned_away(struct hvs_session *session, const struct hvs_posted *posted,
                        enum hvs_fate fate)
{
    session->err = (struct hvs_error){0};
    if (session->request->effect != HVS_READ && fate == HVS_IN_DOUBT) {
        hvs_err_set(&session->err, HVS_NET, 0,
                    "'%s' answers HTTP 401 in the middle of a session", session->host);
        return;
    }
    hvs_login_deny(&session->login, posted, session->host, &session->err);
    hvs_trial_refused(&session->trial, session->host);
}

/* The Date of a reply is the host's where TLS brought it. Where only the body is sealed
 * anybody on the way may have set it: it has to agree with what the login proved, or else
 * with our own clock as well as Kerberos wants it to. */
static void read_clock(struct hvs_session *session, struct hvs_run *run, int64_t date)
{
    int64_t signed_ = session->clock ? session->clock + run->now - session->clock_seen
                                     : 0;
    int64_t known = signed_ ? signed_ : hvs_clock_utc_ms();
    int64_t most = signed_ ? DATE_MS : SKEW_MS;

    if (!date)
        return;
    run->host_time = date;
    run->host_seen = run->now;
    if (!session->tls && signed_)
        run->host_time = signed_ / 1000 * 1000; /* times of jobs may have no more */
    if (!session->tls && (date < known - most || date > known + most)) {
        run->host_time = 0;
        note(session, "the Date of this reply is not that of the host's login");
    }
    session->evidence.clock_known = run->host_time != 0;
    session->evidence.clock_ahead_ms = run->host_time - hvs_clock_utc_ms();
}

static enum hvs_session_next request_over(struct hvs_session *session,
                                          struct hvs_run *run,
                                          const struct hvs_posted *posted,
                                          struct hvs_event *event)
{
    struct hvs_reply_to to = {.host = session->host,
                              .action = session->request->action,
                              .message_id = session->message_id,
                              .wanted = session->request->wanted,
                              .step = &session->login.step,
                              .sealed = hvs_session_seals(session) ? session->mech
                                                                   : NULL};
    struct hvs_reply *reply = &session->reply;
    enum hvs_fate fate;

    hvs_reply_read(reply, posted, &to);
    if (!session->tls && reply->body && !session->request->anonymous)
        read_clock(session, run, posted->date);
    if (posted->status && posted->status != 401)
        hvs_trial_good(&session->trial); /* of a mechanism without legs */
    show(session, HVS_TRACE_REPLY, reply->text);
    fate = reply->fate;
    if (fate == HVS_ANSWERED) {
        session->waiting = NOTHING;
        *event = (struct hvs_event){.why = HVS_REPLY,
                                    .fate = fate,
                                    .body = reply->body,
                                    .size = reply->len};
        return HVS_SESSION_OVER;
    }
    session->stale = reply->broken || (posted->status == 200 && !reply->body);
    if (!posted->status || posted->status == 401 || session->stale)
        hvs_login_reset(&session->login);
    if (may_login_again(session, posted, fate) && !run->stop.domain)
        return begin(session, event, run->now);
    if (session->put_off && posted->refused)
        return wait_for_turn(session, PAUSE);
    session->err = reply->err;
    if (posted->status == 401 && !session->request->anonymous)
        turned_away(session, posted, fate);
    return failed(session, run, posted, fate, event);
}

enum hvs_session_next hvs_session_answer(struct hvs_session *session, struct hvs_run *run,
                                         const struct hvs_posted *posted,
                                         struct hvs_event *event)
{
    hvs_reply_clear(&session->reply);
    session->err = (struct hvs_error){0};
    session->now = run->now;
    if (posted) {
        witness(session, posted);
        session->met = session->met || posted->status;
        session->stale = false;
        if (session->tls)
            read_clock(session, run, posted->date);
    }
    if (run->stop.domain && session->waiting != REQUEST) {
        if (session->waiting == LEG || session->waiting == TURN)
            give_up_login(session);
        else
            hvs_login_reset(&session->login);
        return failed(session, run, posted, HVS_NOT_BEGUN, event);
    }
    switch (session->waiting) {
    case TICKET:
        if (session->login.prepared) {
            if (session->mech->evidence.until_ms)
                hvs_trial_good(&session->trial); /* the KDC knew the password */
            return begin(session, event, run->now);
        }
        session->err = session->login.step;
        if (session->mech->evidence.refused)
            hvs_trial_refused(&session->trial, session->host);
        return failed(session, run, NULL, HVS_NOT_BEGUN, event);
    case PAUSE: return begin(session, event, run->now);
    case TURN: return next_leg(session, event);
    case LEG:
        if (posted)
            return leg_over(session, run, posted, event);
        break;
    case REQUEST:
        if (posted)
            return request_over(session, run, posted, event);
        break;
    case NOTHING: break;
    }
    hvs_err_set(&session->err, HVS_SYSTEM, 0, "an answer that nobody waits for");
    return over(session, event, HVS_NOT_BEGUN);
}
