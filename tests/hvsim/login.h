#ifndef LOGIN_H
#define LOGIN_H

#include "hvsim/accept.h"
#include "hvsim/manners.h"

/*
 * Who is at the other end of a connection. A login by Negotiate or Kerberos belongs to
 * the connection and lasts until it closes; Basic belongs to one request.
 */
struct sim_login {
    struct sim_accept *accept; /* begun, or done */
    bool done;
    bool kerberos;       /* by the scheme Kerberos, which names the frames */
    const char *scheme;  /* of the last Authorization, for the log; "-" */
    char account[512];
    char why[256]; /* of the last refusal */
};

enum sim_verdict {
    SIM_DENIED,  /* a plain 401 */
    SIM_GO_ON,   /* a 401 with the token: the login has another leg */
    SIM_LOGGED,  /* this leg finished a login; there may be a token to send */
    SIM_ALLOWED, /* Basic, a certificate: this request may be done */
};

/* Where the request came from. */
struct sim_door {
    const struct sim_world *world; /* locked by the caller */
    const struct sim_manners *manners;
    const char *binding; /* of the listener's certificate; NULL without TLS */
    size_t binding_len;
    char peer[256]; /* the account of the client's certificate, or "" */
};

void sim_login_clear(struct sim_login *login);

/* Take an Authorization header. Appends the WWW-Authenticate line to send with it. */
enum sim_verdict sim_login_take(struct sim_login *login, const struct sim_door *door,
                                const char *authorization, struct hvs_buf *challenge);

/* The WWW-Authenticate lines of a plain 401, one for each scheme. */
void sim_login_offer(struct hvs_buf *out, const struct sim_manners *manners);

/* The frame protocol that fits the login. */
const char *sim_login_protocol(const struct sim_login *login);

#endif
