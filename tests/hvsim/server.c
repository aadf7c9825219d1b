#include "hvsim/conn.h"

#include "base/err.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define STATE_MS 250 /* jobs move on by themselves: how old the state file may be */
#define STACK_BYTES (512 * 1024) /* libxml2 and GSSAPI are content with less */

/* A connection and its thread. */
struct worker {
    struct worker *next;
    struct sim_conn conn;
    pthread_t thread;
    int fd;
    atomic_bool done;
};

void sim_server_save(struct sim_server *server)
{
    struct hvs_error err = {0};

    if (!server->state_file)
        return;
    pthread_mutex_lock(&server->lock);
    if (sim_world_state(server->world, server->state_file, &err) < 0)
        fprintf(stderr, "hvsim: %s\n", err.message);
    pthread_mutex_unlock(&server->lock);
}

int64_t sim_server_now(struct sim_server *server, const struct sim_host *host)
{
    int64_t now;

    pthread_mutex_lock(&server->lock);
    now = sim_host_clock(host);
    now += strtol(sim_world_switch(server->world, "clock-ahead"), NULL, 10) *
           INT64_C(1000);
    pthread_mutex_unlock(&server->lock);
    return now;
}

static void *work(void *arg)
{
    struct worker *worker = arg;

    sim_conn_serve(&worker->conn, worker->fd);
    atomic_store(&worker->done, true);
    return NULL;
}

/* Join the workers that are done, or all of them. */
static void reap(struct worker **list, bool all)
{
    struct worker *worker;

    while ((worker = *list)) {
        if (!all && !atomic_load(&worker->done)) {
            list = &worker->next;
            continue;
        }
        pthread_join(worker->thread, NULL);
        *list = worker->next;
        free(worker);
    }
}

static void add_worker(struct sim_server *server, struct worker **list,
                       const struct sim_listener *listener, int fd, unsigned number)
{
    struct worker *worker = calloc(1, sizeof(*worker));
    pthread_attr_t attr;
    int why = ENOMEM;

    if (worker) {
        worker->conn.server = server;
        worker->conn.listener = listener;
        worker->conn.number = number;
        worker->fd = fd;
        pthread_attr_init(&attr);
        pthread_attr_setstacksize(&attr, STACK_BYTES);
        why = pthread_create(&worker->thread, &attr, work, worker);
        pthread_attr_destroy(&attr);
    }
    if (why) {
        fprintf(stderr, "hvsim: connection #%u dropped: %s\n", number, strerror(why));
        close(fd);
        free(worker);
        return;
    }
    worker->next = *list;
    *list = worker;
}

int sim_server_run(struct sim_server *server, struct hvs_error *err)
{
    struct pollfd *fds = calloc(server->count + 1, sizeof(*fds));
    struct worker *workers = NULL;
    unsigned number = 0;
    size_t i;
    int fd, ready;

    if (!fds)
        return hvs_err_memory(err);
    fds[server->count] = (struct pollfd){.fd = server->stop_fd, .events = POLLIN};
    for (i = 0; i < server->count; i++)
        fds[i] = (struct pollfd){.fd = server->listeners[i].fd, .events = POLLIN};
    while (!fds[server->count].revents) {
        ready = poll(fds, (nfds_t)server->count + 1, server->state_file ? STATE_MS : -1);
        if (ready == 0)
            sim_server_save(server);
        if (ready <= 0)
            continue;
        reap(&workers, false);
        for (i = 0; i < server->count; i++) {
            if (!fds[i].revents)
                continue;
            fd = accept(fds[i].fd, NULL, NULL);
            if (fd >= 0)
                add_worker(server, &workers, &server->listeners[i], fd, ++number);
            else if (errno == EMFILE || errno == ENFILE)
                poll(&fds[server->count], 1, 50); /* until a connection ends */
        }
    }
    reap(&workers, true);
    free(fds);
    return 0;
}
