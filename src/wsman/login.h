#ifndef HVS_WSMAN_LOGIN_H
#define HVS_WSMAN_LOGIN_H

#include "auth/mech.h"
#include "transport/http.h"

/*
 * A login on one connection: which leg comes next, and what the host says to it. The
 * context that it makes belongs to that connection and dies with it.
 */
struct hvs_login {
    struct hvs_mech *mech; /* lent */
    bool tls;              /* there is a certificate to be bound to */
    bool prepared;         /* what may block has been done for the next context */
    bool in;               /* the context stands, on `connection` */
    bool begun;            /* the first token is out, on `connection` */
    uint64_t connection;
    struct hvs_buf token;    /* the host's, for the next step */
    struct hvs_buf binding;  /* channel binding of this connection's certificate */
    struct hvs_error step;   /* why the last token could not be made */
    struct hvs_error denied; /* the host refused this account: never tried again */
};

void hvs_login_init(struct hvs_login *login, struct hvs_mech *mech, bool tls);
void hvs_login_clear(struct hvs_login *login);

/* Forget the context: the next leg is the first of a new login. */
void hvs_login_reset(struct hvs_login *login);

/* The transport's question before a leg, or before a request of a mechanism that sends a
 * token with each. */
int hvs_login_ask(struct hvs_login *login, uint64_t connection, const char *certificate,
                  struct hvs_buf *authorization);

enum hvs_login_next {
    HVS_LOGIN_LEG,    /* post the next leg */
    HVS_LOGIN_IN,     /* done: requests may go out on this connection */
    HVS_LOGIN_RESET,  /* the connection was lost on the way: begin anew */
    HVS_LOGIN_FAILED, /* *err says why */
};

/* What came of a leg. `host` is for messages. */
enum hvs_login_next hvs_login_answer(struct hvs_login *login,
                                     const struct hvs_posted *posted, const char *host,
                                     struct hvs_error *err);

/* Record that the host refused this account, with the likely causes. Returns -1. */
int hvs_login_deny(struct hvs_login *login, const struct hvs_posted *posted,
                   const char *host, struct hvs_error *err);

#endif
