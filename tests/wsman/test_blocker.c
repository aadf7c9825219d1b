#include "support/test.h"

#include "base/err.h"
#include "wsman/blocker.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

/* A call that waits until it is let go, and tells when it is freed. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static bool let_go;
static unsigned worked, freed;

static void work(struct hvs_blocking *self)
{
    pthread_mutex_lock(&lock);
    while (!let_go)
        pthread_cond_wait(&moved, &lock);
    worked++;
    hvs_err_set(&self->err, HVS_AUTH, 7, "from the thread");
    pthread_mutex_unlock(&lock);
}

static void free_call(struct hvs_blocking *self)
{
    free(self);
    pthread_mutex_lock(&lock);
    freed++;
    pthread_cond_broadcast(&moved);
    pthread_mutex_unlock(&lock);
}

static struct hvs_blocker *start(bool at_once)
{
    struct hvs_blocking *call = calloc(1, sizeof(*call));
    struct hvs_blocker *blocker;
    struct hvs_error err = {0};

    let_go = at_once;
    worked = freed = 0;
    call->work = work;
    call->free = free_call;
    blocker = hvs_blocker_new(call, &err);
    assert_non_null(blocker);
    return blocker;
}

static void go(void)
{
    pthread_mutex_lock(&lock);
    let_go = true;
    pthread_cond_broadcast(&moved);
    pthread_mutex_unlock(&lock);
}

static void wait_freed(void)
{
    pthread_mutex_lock(&lock);
    while (!freed)
        pthread_cond_wait(&moved, &lock);
    pthread_mutex_unlock(&lock);
}

static int readable(const struct hvs_blocker *blocker, int ms)
{
    struct pollfd fd = {.fd = hvs_blocker_fd(blocker), .events = POLLIN};

    return poll(&fd, 1, ms);
}

static void test_done(void **state)
{
    struct hvs_blocker *blocker = start(false);
    struct hvs_blocking *call;

    (void)state;
    assert_null(hvs_blocker_done(blocker));
    assert_int_equal(readable(blocker, 0), 0);
    go();
    assert_int_equal(readable(blocker, 10000), 1);
    call = hvs_blocker_done(blocker);
    assert_non_null(call);
    assert_err(&call->err, HVS_AUTH, "from the thread");
    assert_int_equal(worked, 1);
    assert_int_equal(freed, 0); /* it is ours now */
    call->free(call);
}

/* Left alone while it hangs: its thread frees what it holds when it comes back. */
static void test_abandoned(void **state)
{
    struct hvs_blocker *blocker = start(false);

    (void)state;
    hvs_blocker_abandon(blocker);
    assert_int_equal(freed, 0);
    go();
    wait_freed();
    assert_int_equal(worked, 1);
    assert_int_equal(freed, 1);
}

/* Left alone when it is over: there is no thread to free it. */
static void test_abandoned_late(void **state)
{
    struct hvs_blocker *blocker = start(true);

    (void)state;
    assert_int_equal(readable(blocker, 10000), 1);
    hvs_blocker_abandon(blocker);
    wait_freed();
    assert_int_equal(freed, 1);
    hvs_blocker_abandon(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_done),
        cmocka_unit_test(test_abandoned),
        cmocka_unit_test(test_abandoned_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
