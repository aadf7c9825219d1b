#include "base/clock.h"
#include "base/err.h"
#include "hyperv/ladder.h"
#include "wsman/blocker.h"
#include "wsman/challenge.h"
#include "wsman/envelope.h"
#include "wsman/trouble.h"

#include <limits.h>
#include <poll.h>
#include <string.h>

enum { MOST_FDS = 8 };

int64_t hvs_ladder_left(const struct hvs_ladder *ladder)
{
    int64_t left;

    if (!ladder->deadline)
        return -1;
    left = ladder->deadline - hvs_clock_ms();
    return left > 0 ? left : 0;
}

static int stopped(struct hvs_error *err)
{
    hvs_err_set(err, HVS_USAGE, 0, "it was stopped before it was over");
    return hvs_err_class(err, HVS_CLASS_INTERRUPTED);
}

static int too_late(struct hvs_error *err)
{
    hvs_err_set_hint(err, HVS_NET, CURLE_OPERATION_TIMEDOUT,
                     "give it more time with --timeout",
                     "the time was over before it was done");
    return hvs_err_class(err, HVS_CLASS_DEADLINE);
}

int hvs_ladder_poll(const struct hvs_ladder *ladder, struct pollfd *fds, size_t count,
                    int64_t most_ms, struct hvs_error *err)
{
    struct pollfd all[MOST_FDS + 1];
    int64_t left = hvs_ladder_left(ladder), wait = most_ms;

    if (left == 0)
        return too_late(err);
    if (count > MOST_FDS)
        count = MOST_FDS;
    if (wait < 0 || (left > 0 && left < wait))
        wait = left;
    memcpy(all, fds, count * sizeof(*fds));
    all[count] = (struct pollfd){.fd = ladder->how.stop_fd, .events = POLLIN};
    if (poll(all, (nfds_t)count + 1, wait > INT_MAX ? INT_MAX : (int)wait) > 0 &&
        all[count].revents)
        return stopped(err);
    memcpy(fds, all, count * sizeof(*fds));
    return 0;
}

void hvs_ladder_limit(const struct hvs_ladder *ladder, struct hvs_client *client)
{
    int64_t left = hvs_ladder_left(ladder);

    hvs_client_set_timeout(client, left < 0 ? 0 : left ? (uint32_t)left : 1);
}

/* The run minds the deadline itself, and says better what it was at. */
void hvs_ladder_drive(const struct hvs_ladder *ladder, struct hvs_run *run)
{
    struct pollfd fds[MOST_FDS + 1];
    struct hvs_error why = {0};
    size_t count;

    while (hvs_run_step(run) == HVS_RUN_GOES_ON) {
        count = hvs_run_fds(run, fds, MOST_FDS);
        fds[count] = (struct pollfd){.fd = why.domain ? -1 : ladder->how.stop_fd,
                                     .events = POLLIN};
        if (poll(fds, (nfds_t)count + 1, hvs_run_timeout(run)) > 0 &&
            fds[count].revents) {
            stopped(&why);
            hvs_run_stop(run, &why);
        }
    }
}

int hvs_ladder_block(const struct hvs_ladder *ladder, struct hvs_blocking *call,
                     struct hvs_error *err)
{
    struct hvs_blocker *blocker = hvs_blocker_new(call, err);
    struct pollfd fd;

    if (!blocker) {
        call->free(call);
        return -1;
    }
    while (!hvs_blocker_done(blocker)) {
        fd = (struct pollfd){.fd = hvs_blocker_fd(blocker), .events = POLLIN};
        if (hvs_ladder_poll(ladder, &fd, 1, -1, err) < 0) {
            hvs_blocker_abandon(blocker);
            return -1;
        }
    }
    return 0;
}

/* The transport's question: look at the certificate, and say nothing more than asked. */
static int look(void *arg, uint64_t connection, const char *certificate,
                struct hvs_buf *authorization)
{
    struct hvs_knock *knock = arg;

    (void)connection;
    (void)authorization;
    hvs_buf_clear(&knock->certificate);
    if (certificate)
        hvs_buf_puts(&knock->certificate, certificate);
    return knock->hold_tongue ? -1 : 0;
}

static int wait_for(const struct hvs_ladder *ladder, struct hvs_pool *pool,
                    struct hvs_http *http, struct hvs_posted *posted,
                    struct hvs_error *err)
{
    struct pollfd fds[MOST_FDS];
    size_t count;

    for (;;) {
        hvs_pool_work(pool, hvs_clock_ms());
        if (hvs_http_done(http, posted))
            return 0;
        count = hvs_pool_fds(pool, fds, MOST_FDS);
        if (hvs_ladder_poll(ladder, fds, count, hvs_pool_timeout(pool, hvs_clock_ms()),
                            err) < 0)
            return -1;
    }
}

static void judge(const struct hvs_ladder *ladder, struct hvs_knock *knock)
{
    const struct hvs_posted *posted = &knock->posted;

    if (posted->status || posted->refused)
        return;
    hvs_trouble_net(posted, ladder->opts.host, &knock->trouble);
    knock->at_proxy = posted->proxy && !posted->began && posted->proxy_status != 200 &&
                      posted->net_code != CURLE_PEER_FAILED_VERIFICATION &&
                      posted->net_code != CURLE_SSL_CONNECT_ERROR;
}

int hvs_ladder_knock(const struct hvs_ladder *ladder, struct hvs_knock *knock,
                     struct hvs_error *err)
{
    static const struct hvs_post post = {.body = "",
                                         .content_type =
                                             "application/soap+xml;charset=UTF-8"};
    const struct hvs_client_opts *opts = &ladder->opts;
    struct hvs_http_opts to = {.url = ladder->where.connect_url,
                               .ca_file = opts->ca_file,
                               .insecure = opts->insecure || knock->unchecked,
                               .pins = knock->unchecked ? NULL : opts->pins,
                               .connect_to = ladder->where.connect_to,
                               .proxy = opts->proxy,
                               .proxy_user = opts->proxy_user,
                               .cert_file = opts->cert_file,
                               .key_file = opts->key_file ? opts->key_file
                                                          : opts->cert_file,
                               .most_bytes = HVS_MAX_ENVELOPE_SIZE};
    int64_t left = hvs_ladder_left(ladder);
    struct hvs_pool *pool = hvs_pool_new(err);
    struct hvs_http *http = pool ? hvs_http_new(pool, &to, err) : NULL;
    int rc = -1;

    knock->certificate = (struct hvs_buf)HVS_BUF_INIT(64 * 1024);
    if (!http ||
        hvs_http_start(http, &post, look, knock, left < 0 ? 0 : left + 1, err) < 0)
        goto out;
    if (wait_for(ladder, pool, http, &knock->posted, err) < 0) {
        hvs_http_cancel(http, &knock->posted);
        goto out;
    }
    judge(ladder, knock);
    hvs_challenge_schemes(knock->posted.challenges, knock->schemes,
                          sizeof(knock->schemes));
    rc = 0;
out:
    knock->posted.bytes = knock->posted.challenges = knock->posted.proxy = NULL;
    hvs_http_free(http);
    hvs_pool_free(pool);
    return rc;
}
