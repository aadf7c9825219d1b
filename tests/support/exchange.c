#include "support/exchange.h"

#include "support/test.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

void exchange_open(struct exchange *exchange, const struct hvs_http_opts *given)
{
    struct hvs_http_opts opts = *given;
    struct hvs_error err = {0};

    if (!opts.most_bytes)
        opts.most_bytes = 1000;
    *exchange = (struct exchange){0};
    exchange->pool = hvs_pool_new(&err);
    assert_non_null(exchange->pool);
    exchange->http = hvs_http_new(exchange->pool, &opts, &err);
    assert_non_null(exchange->http);
}

void exchange_close(struct exchange *exchange)
{
    hvs_http_free(exchange->http);
    hvs_pool_free(exchange->pool);
}

static int answer(void *arg, uint64_t connection, const char *certificate,
                  struct hvs_buf *authorization)
{
    struct exchange *exchange = arg;

    exchange->asked++;
    exchange->connection = connection;
    snprintf(exchange->certificate, sizeof(exchange->certificate), "%s",
             certificate ? certificate : "");
    if (exchange->authorization)
        hvs_buf_puts(authorization, exchange->authorization);
    return exchange->refuse || (exchange->only && exchange->only != connection) ? -1 : 0;
}

void exchange_start(struct exchange *exchange, const char *body, int64_t timeout_ms)
{
    struct hvs_post post = {.body = body,
                            .len = strlen(body),
                            .content_type = "application/soap+xml;charset=UTF-8",
                            .fresh = exchange->fresh,
                            .authorization = exchange->authorization != NULL};
    struct hvs_error err = {0};

    exchange->asked = 0;
    assert_int_equal(hvs_http_start(exchange->http, &post, answer, exchange, timeout_ms,
                                    &err),
                     0);
}

void exchange_wait(struct exchange *exchange, struct hvs_posted *out)
{
    struct pollfd fds[8];
    int64_t now = hvs_clock_ms(), limit = now + EXCHANGE_MS + 10000;
    size_t count;

    for (;;) {
        hvs_pool_work(exchange->pool, now);
        if (hvs_http_done(exchange->http, out))
            return;
        assert_true(now < limit);
        count = hvs_pool_fds(exchange->pool, fds, COUNT(fds));
        poll(fds, (nfds_t)count, hvs_pool_timeout(exchange->pool, now));
        now = hvs_clock_ms();
    }
}

void exchange_post(struct exchange *exchange, const char *body, int64_t timeout_ms,
                   struct hvs_posted *out)
{
    exchange_start(exchange, body, timeout_ms);
    exchange_wait(exchange, out);
}
