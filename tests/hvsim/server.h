#ifndef SERVER_H
#define SERVER_H

#include "hvsim/sim.h"
#include "hvsim/stream.h"
#include "hvsim/tls.h"

#include <pthread.h>
#include <stdbool.h>

/* One address where a pretend host listens. */
struct sim_listener {
    int fd;
    bool tls;
    struct sim_host *host;
    char url[512]; /* with the real port, for clients */
};

/* What all connections share. Set up by main, constant once the threads run; but for
 * the world, which `lock` guards. */
struct sim_server {
    struct sim_world *world;
    pthread_mutex_t lock;
    const char *state_file; /* or NULL */
    bool log;
    int stop_fd; /* readable: leave */
    struct sim_tls tls;
    struct sim_listener *listeners;
    size_t count;
};

/* Write the state file, if there is one. Takes the lock. */
void sim_server_save(struct sim_server *server);

/* What a host's clock shows. Takes the lock. */
int64_t sim_server_now(struct sim_server *server, const struct sim_host *host);

/* Add a listener to the server's for `url`, http[s]://ADDRESS[:PORT][/HOST]; with a HOST
 * of "*" one for each host, at ports that follow each other unless PORT is 0. */
int sim_listeners_open(struct sim_server *server, const char *url, struct hvs_error *err);
void sim_listener_close(struct sim_listener *listener);

/* Serve, a thread for each connection, until stop_fd is readable; then join them. */
int sim_server_run(struct sim_server *server, struct hvs_error *err);

#endif
