#include "support/exchange.h"
#include "support/test.h"
#include "support/tiny.h"

#include "base/clock.h"

#include <signal.h>
#include <stdio.h>

/* A loop of somebody else's drives it, in a program that dies of a SIGPIPE. */

static int yes(void *arg, uint64_t connection, const char *certificate,
               struct hvs_buf *authorization)
{
    uint64_t *seen = arg;

    (void)certificate;
    (void)authorization;
    *seen = connection;
    raise(SIGPIPE); /* as a write would, to a host that has closed */
    return 0;
}

static struct hvs_http *open_http(struct hvs_pool *pool, unsigned port)
{
    struct hvs_error err = {0};
    struct hvs_http *http;
    char url[64];

    snprintf(url, sizeof(url), "http://127.0.0.1:%u/wsman", port);
    http = hvs_http_new(pool, &(struct hvs_http_opts){.url = url, .most_bytes = 1000},
                        &err);
    assert_non_null(http);
    return http;
}

static void start(struct hvs_http *http, uint64_t *seen, int64_t timeout_ms)
{
    static const struct hvs_post post = {.body = "<hv/>",
                                         .len = 5,
                                         .content_type = "text/xml"};
    struct hvs_error err = {0};

    assert_int_equal(hvs_http_start(http, &post, yes, seen, timeout_ms, &err), 0);
}

static void turn(struct hvs_pool *pool)
{
    struct pollfd fds[64];
    int64_t now = hvs_clock_ms();
    size_t count = hvs_pool_fds(pool, fds, COUNT(fds));

    poll(fds, (nfds_t)count, hvs_pool_timeout(pool, now));
    hvs_pool_work(pool, hvs_clock_ms());
}

static void test_idle(void **state)
{
    struct hvs_error err = {0};
    struct hvs_pool *pool = hvs_pool_new(&err);
    struct pollfd fds[1];

    (void)state;
    assert_non_null(pool);
    assert_int_equal(hvs_pool_fds(pool, fds, 1), 0);
    assert_int_equal(hvs_pool_timeout(pool, hvs_clock_ms()), -1);
    hvs_pool_work(pool, hvs_clock_ms());
    hvs_pool_free(pool);
    hvs_pool_free(NULL);
}

/* A post just begun wants to be worked on at once; when it is over nothing is waited
 * for but the idle connection. */
static void test_timeout(void **state)
{
    struct hvs_error err = {0};
    struct hvs_pool *pool = hvs_pool_new(&err);
    struct hvs_posted posted;
    struct hvs_http *http;
    struct tiny tiny;
    uint64_t seen = 0;

    (void)state;
    tiny_start(&tiny, NULL, 0, NULL);
    http = open_http(pool, tiny.port);
    start(http, &seen, 5000);
    assert_int_equal(hvs_pool_timeout(pool, hvs_clock_ms() + 100), 0);
    while (!hvs_http_done(http, &posted))
        turn(pool);
    assert_int_equal(posted.status, 200);
    assert_false(hvs_http_done(http, &posted));
    hvs_http_free(http);
    hvs_pool_free(pool);
    tiny_stop(&tiny);
}

/* What the loop has polled for is believed, unless it is of other descriptors. */
static void test_polled(void **state)
{
    struct hvs_error err = {0};
    struct hvs_pool *pool = hvs_pool_new(&err);
    struct hvs_posted posted;
    struct hvs_http *http;
    struct pollfd fds[4];
    struct tiny tiny;
    uint64_t seen = 0;
    size_t count;
    int other;

    (void)state;
    tiny_start(&tiny, NULL, 0, NULL);
    http = open_http(pool, tiny.port);
    for (other = 0; other < 3; other++) {
        start(http, &seen, 5000);
        while (!hvs_http_done(http, &posted)) {
            count = hvs_pool_fds(pool, fds, COUNT(fds));
            poll(fds, (nfds_t)count, hvs_pool_timeout(pool, hvs_clock_ms()));
            if (other == 1 && count)
                fds[0] = (struct pollfd){.fd = -1};
            hvs_pool_polled(pool, fds, other == 2 ? count + 1 : count);
            hvs_pool_work(pool, hvs_clock_ms());
        }
        assert_int_equal(posted.status, 200);
    }
    hvs_http_free(http);
    hvs_pool_free(pool);
    tiny_stop(&tiny);
    assert_int_equal(tiny.requests, 3);
}

/* libcurl would hand one's connection to the other, who did not log in on it. */
static void test_own_connection(void **state)
{
    struct hvs_error err = {0};
    struct hvs_pool *pool = hvs_pool_new(&err);
    struct hvs_http *https[2];
    struct hvs_posted posted;
    struct tiny tiny;
    uint64_t seen[2] = {0};
    int i, round;

    (void)state;
    tiny_start(&tiny, NULL, 0, NULL);
    for (i = 0; i < 2; i++)
        https[i] = open_http(pool, tiny.port);
    for (round = 0; round < 2; round++) {
        for (i = 0; i < 2; i++) {
            start(https[i], &seen[i], 5000);
            while (!hvs_http_done(https[i], &posted))
                turn(pool);
            assert_int_equal(posted.status, 200);
            assert_int_equal(seen[i], 1);
        }
    }
    for (i = 0; i < 2; i++)
        hvs_http_free(https[i]);
    hvs_pool_free(pool);
    tiny_stop(&tiny);
    assert_int_equal(tiny.connections, 2);
    assert_int_equal(tiny.requests, 4);
}

/* Many hosts at once, all of them deaf: each has a descriptor, each ends in its time. */
static void test_many(void **state)
{
    enum { MANY = 40 };
    struct hvs_error err = {0};
    struct hvs_pool *pool = hvs_pool_new(&err);
    struct hvs_http *https[MANY];
    struct hvs_posted posted;
    struct pollfd fds[MANY];
    struct deaf deaf;
    uint64_t seen[MANY] = {0};
    int64_t limit = hvs_clock_ms() + 10000;
    int i, over = 0;

    (void)state;
    assert_int_equal(deaf_start(&deaf, "127.0.0.1", 0, false), 0);
    for (i = 0; i < MANY; i++) {
        https[i] = open_http(pool, deaf.port);
        start(https[i], &seen[i], 400);
    }
    while (hvs_pool_fds(pool, fds, MANY) < MANY && hvs_clock_ms() < limit)
        turn(pool);
    assert_int_equal(hvs_pool_fds(pool, fds, MANY), MANY);
    fds[8].fd = -7;
    assert_int_equal(hvs_pool_fds(pool, fds, 8), MANY); /* no more than 8 are filled */
    assert_int_equal(fds[8].fd, -7);
    assert_in_range(hvs_pool_timeout(pool, hvs_clock_ms()), 0, 400);
    while (over < MANY && hvs_clock_ms() < limit) {
        turn(pool);
        for (i = 0; i < MANY; i++) {
            if (!hvs_http_done(https[i], &posted))
                continue;
            assert_int_equal(posted.net_code, CURLE_OPERATION_TIMEDOUT);
            over++;
        }
    }
    assert_int_equal(over, MANY);
    assert_int_equal(hvs_pool_fds(pool, fds, MANY), 0);
    for (i = 0; i < MANY; i++)
        hvs_http_free(https[i]);
    hvs_pool_free(pool);
    deaf_stop(&deaf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_idle),   cmocka_unit_test(test_timeout),
        cmocka_unit_test(test_polled), cmocka_unit_test(test_own_connection),
        cmocka_unit_test(test_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
