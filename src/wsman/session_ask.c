#include "auth/frame.h"
#include "base/err.h"
#include "wsman/evidence.h"
#include "wsman/session_state.h"

static const char soap_type[] = "application/soap+xml;charset=UTF-8";

bool hvs_session_seals(const struct hvs_session *session)
{
    return !session->tls && !session->mech->ops->each_request &&
           !session->request->anonymous;
}

void hvs_session_forget(struct hvs_session *session)
{
    hvs_reply_clear(&session->reply);
}

int64_t hvs_session_wake(const struct hvs_session *session)
{
    return session->wake;
}

void hvs_session_show(const struct hvs_session *session, struct hvs_post *out,
                      bool *change)
{
    bool leg = session->waiting == LEG, sealed = !leg && hvs_session_seals(session);
    const struct hvs_buf *body = sealed ? &session->sealed : &session->text;
    bool anonymous = !leg && session->request->anonymous;

    *out = (struct hvs_post){.body = leg ? "" : hvs_buf_str(body),
                             .len = leg ? 0 : body->len,
                             .content_type = sealed ? HVS_FRAME_TYPE : soap_type,
                             .extra_header = anonymous ? "WSMANIDENTIFY: unauthenticated"
                                                       : NULL,
                             .fresh = session->stale,
                             .authorization = leg || (session->mech->ops->each_request &&
                                                      !anonymous)};
    *change = !leg && session->request->effect == HVS_CHANGE;
}

struct hvs_blocking *hvs_session_blocking(struct hvs_session *session)
{
    struct hvs_blocking *blocking = session->blocking;

    session->blocking = NULL;
    return blocking;
}

void hvs_session_unblock(struct hvs_session *session, struct hvs_blocking *done)
{
    const struct hvs_mech_ops *ops = session->mech->ops;
    struct hvs_error err = done->err;

    /* told of a failure too: it keeps what was seen for the evidence */
    if (ops->prepared && ops->prepared(session->mech, done, &err) < 0 && !err.domain)
        hvs_err_set(&err, HVS_AUTH, 0, "the login could not be prepared");
    session->login.prepared = !err.domain;
    if (!session->login.prepared)
        session->login.step = err;
    done->free(done);
}

int hvs_session_ask(void *arg, uint64_t connection, const char *certificate,
                    struct hvs_buf *authorization)
{
    struct hvs_session *session = arg;
    enum hvs_may_try may;

    if (session->waiting == LEG)
        return hvs_login_ask(&session->login, connection, certificate, authorization);
    if (session->request->anonymous)
        return 0;
    if (session->mech->ops->each_request) {
        may = hvs_trial_ask(&session->trial, session->now, &session->login.step);
        session->put_off = may == HVS_TRY_LATER;
        if (may == HVS_TRY_LATER || may == HVS_TRY_NOT)
            return -1;
        return hvs_login_ask(&session->login, connection, certificate, authorization);
    }
    return session->login.in && session->login.connection == connection ? 0 : -1;
}

const struct hvs_evidence *hvs_session_evidence(struct hvs_session *session)
{
    hvs_evidence_of_mech(&session->evidence, session->mech);
    return &session->evidence;
}

const struct hvs_mech *hvs_session_mech(const struct hvs_session *session)
{
    return session->mech;
}
