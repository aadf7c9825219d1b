#ifndef CONN_H
#define CONN_H

#include "hvsim/http.h"
#include "hvsim/login.h"
#include "hvsim/server.h"

/* A connection, and who has logged in on it. */
struct sim_conn {
    struct sim_server *server;
    const struct sim_listener *listener;
    struct sim_stream stream;
    struct sim_login login;
    struct hvs_buf in; /* read, and not used yet */
    unsigned number;
};

/* One request and its reply. */
struct sim_exchange {
    struct sim_conn *conn;
    struct sim_head head;
    struct hvs_buf body; /* as it came */
    struct hvs_buf text; /* the SOAP in it */
    bool unread;         /* the body, or part of it, is still on its way */
    bool utf16;
    const char *protocol; /* of the frame it came in; NULL when it came in clear */
    const char *account;  /* NULL: anonymous */
    bool anonymous;
    struct sim_manners manners;
    enum sim_mischief mischief;
    int64_t ms;
    int value;

    struct sim_answer answer;
    struct hvs_buf challenge;
    struct hvs_buf type;
    struct hvs_buf reply;
    char note[256]; /* what the world or the login said, for the log */
};

/* Serve a connection that was accepted on `fd`, until it ends. */
void sim_conn_serve(struct sim_conn *conn, int fd);

/* request.c: decide what the reply is. False when there will be none: the connection
 * was closed or reset. */
bool sim_exchange_handle(struct sim_exchange *x);

/* request.c: refuse with a status that http.sys itself would send. */
void sim_exchange_refuse(struct sim_exchange *x, int status);

/* send.c: send the reply, or do to it what the scenario wants. True when the connection
 * may carry another request. */
bool sim_exchange_send(struct sim_exchange *x);

/* conn.c: read the body that the head announced. */
bool sim_exchange_read_body(struct sim_exchange *x);

/* conn.c: one line for --log. */
void sim_exchange_log(const struct sim_exchange *x);

#endif
