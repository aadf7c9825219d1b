#include "hyperv/fleet.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "hyperv/client.h"
#include "hyperv/job_board.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

struct member {
    struct hvs_run *run;
    hvs_fleet_ended_fn *ended;
    void *arg;
};

struct hvs_fleet {
    struct hvs_pool *pool;
    struct hvs_job_board *boards;
    struct member *members;
    size_t count, cap;
    struct pollfd *fds; /* of hvs_fleet_wait() */
    size_t fds_cap;
};

int hvs_fleet_new(struct hvs_fleet **out, struct hvs_error *err)
{
    struct hvs_fleet *fleet = calloc(1, sizeof(*fleet));

    *out = NULL;
    if (!fleet)
        return hvs_err_memory(err);
    fleet->pool = hvs_pool_new(err);
    if (!fleet->pool) {
        free(fleet);
        return -1;
    }
    *out = fleet;
    return 0;
}

void hvs_fleet_free(struct hvs_fleet *fleet)
{
    struct hvs_job_board *board;

    if (!fleet)
        return;
    while ((board = fleet->boards)) {
        fleet->boards = board->next;
        hvs_job_board_free(board);
    }
    hvs_pool_free(fleet->pool);
    free(fleet->members);
    free(fleet->fds);
    free(fleet);
}

struct hvs_pool *hvs_fleet_pool(const struct hvs_fleet *fleet)
{
    return fleet->pool;
}

struct hvs_job_board *hvs_fleet_board(struct hvs_fleet *fleet, const char *url,
                                      const char *user)
{
    struct hvs_buf key = HVS_BUF_INIT(8192);
    struct hvs_job_board *board;

    hvs_buf_printf(&key, "%s %s", url, user ? user : "");
    for (board = fleet->boards; board; board = board->next)
        if (strcmp(board->key, hvs_buf_str(&key)) == 0)
            break;
    if (!board && (board = hvs_job_board_new(hvs_buf_str(&key)))) {
        board->next = fleet->boards;
        fleet->boards = board;
    }
    hvs_buf_clear(&key);
    return board;
}

int hvs_fleet_add(struct hvs_fleet *fleet, struct hvs_run *run, hvs_fleet_ended_fn *ended,
                  void *arg, struct hvs_error *err)
{
    size_t cap = fleet->cap ? fleet->cap * 2 : 8;
    struct member *grown;

    if (run->client->fleet != fleet)
        return hvs_err_set(err, HVS_USAGE, 0, "the client is not of this fleet");
    if (fleet->count == fleet->cap) {
        grown = realloc(fleet->members, cap * sizeof(*grown));
        if (!grown)
            return hvs_err_memory(err);
        fleet->members = grown;
        fleet->cap = cap;
    }
    fleet->members[fleet->count++] =
        (struct member){.run = run, .ended = ended, .arg = arg};
    return 0;
}

size_t hvs_fleet_step(struct hvs_fleet *fleet)
{
    struct member member;
    size_t i = 0;

    hvs_pool_work(fleet->pool, hvs_clock_ms());
    while (i < fleet->count) {
        member = fleet->members[i];
        if (hvs_driver_look(member.run->client->driver, member.run) == HVS_RUN_GOES_ON) {
            i++;
            continue;
        }
        fleet->members[i] = fleet->members[--fleet->count];
        member.ended(member.arg, member.run); /* may add others */
    }
    return fleet->count;
}

void hvs_fleet_stop(struct hvs_fleet *fleet, const struct hvs_error *why)
{
    size_t i;

    for (i = 0; i < fleet->count; i++)
        hvs_run_stop(fleet->members[i].run, why);
}

size_t hvs_fleet_fds(const struct hvs_fleet *fleet, struct pollfd *fds, size_t max)
{
    size_t count = hvs_pool_fds(fleet->pool, fds, max), i;
    int fd;

    for (i = 0; i < fleet->count; i++) {
        fd = hvs_driver_block_fd(fleet->members[i].run->client->driver);
        if (fd < 0)
            continue;
        if (count < max)
            fds[count] = (struct pollfd){.fd = fd, .events = POLLIN};
        count++;
    }
    return count;
}

int hvs_fleet_timeout(const struct hvs_fleet *fleet)
{
    int64_t now = hvs_clock_ms(), wait, one;
    size_t i;

    wait = hvs_pool_timeout(fleet->pool, now);
    for (i = 0; i < fleet->count && wait; i++) {
        const struct hvs_run *run = fleet->members[i].run;

        one = hvs_driver_wait(run->client->driver, run, now);
        if (wait < 0 || (one >= 0 && one < wait))
            wait = one;
    }
    return (int)wait;
}

/* Room for `count` rows; false without memory. */
static bool reserve(struct hvs_fleet *fleet, size_t count)
{
    struct pollfd *grown;

    if (count <= fleet->fds_cap)
        return true;
    grown = realloc(fleet->fds, count * 2 * sizeof(*grown));
    if (!grown)
        return false;
    fleet->fds = grown;
    fleet->fds_cap = count * 2;
    return true;
}

void hvs_fleet_wait(struct hvs_fleet *fleet, struct pollfd *yours, size_t count,
                    int most_ms)
{
    enum { BLIND_MS = 10 }; /* without memory for all of them */
    int wait = hvs_fleet_timeout(fleet);
    size_t ours = hvs_fleet_fds(fleet, NULL, 0), i;

    if (most_ms >= 0 && (wait < 0 || wait > most_ms))
        wait = most_ms;
    if (!reserve(fleet, ours + count)) {
        poll(yours, (nfds_t)count, wait < 0 || wait > BLIND_MS ? BLIND_MS : wait);
        return;
    }
    for (i = 0; i < count; i++)
        fleet->fds[i] = yours[i];
    hvs_fleet_fds(fleet, fleet->fds + count, ours);
    poll(fleet->fds, (nfds_t)(ours + count), wait);
    hvs_pool_polled(fleet->pool, fleet->fds + count, hvs_pool_fds(fleet->pool, NULL, 0));
    for (i = 0; i < count; i++)
        yours[i].revents = fleet->fds[i].revents;
}
