#ifndef FAULTS_WIRE_H
#define FAULTS_WIRE_H

#include "hvsim/world.h"
#include "wsman/session.h"

#include <hvsnap/client.h>

/*
 * A network and a front without sockets: between a run of the library and a world of
 * hvsim, on a virtual clock. What the world's rules say shall happen to an exchange is
 * turned into what libcurl would report of it.
 */

enum wire_login {
    WIRE_BASIC,  /* HTTPS, a token with each request */
    WIRE_LEGS,   /* HTTPS, a login of two legs for each connection */
    WIRE_SEALED, /* HTTP, the same, and every message sealed */
    WIRE_LOGINS,
};

struct wire {
    struct sim_world *world;
    struct sim_host *host;
    struct hvs_client *client;
    enum wire_login login;
    int64_t now;        /* ms, of the virtual clock */
    uint64_t posts;     /* so far */
    unsigned resolver_hangs; /* at which post the name is never resolved; 0: none */
    bool kdc_hangs;     /* what blocks never comes back */
    int64_t date_ms;    /* somebody on the way alters each Date by so much */
    unsigned changes[8]; /* which requests of the host were changes: the first ones */
    size_t change_count;
    int64_t began, ended; /* when the run was begun, and over */
    bool endless;       /* it was not over after more turns than it can need */

    uint64_t connection;
    unsigned carried; /* posts on this one, so far */
    bool open, in;      /* the connection is up; the host knows who is on it */
    struct hvs_buf reply, challenges;
    struct hvs_buf waiting; /* a reply that the client has not read yet */
    int waiting_status;
};

/* A world of the scenario `file` (NULL: the built-in one), and a client to it. */
void wire_open(struct wire *wire, const char *file, enum wire_login login,
               uint32_t timeout_ms);
void wire_close(struct wire *wire);

/* "fault=2:refuse", "busy=32774": as sim_world_set(). */
void wire_set(struct wire *wire, const char *assignment);

/* Drive a run that was just started to its end. */
void wire_run(struct wire *wire, struct hvs_run *run);

/* Let time pass on the host: late requests act, jobs end. */
void wire_pass(struct wire *wire, int64_t ms);

#endif
