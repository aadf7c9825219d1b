#include "support/test.h"

#include "base/quiet.h"

#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t told;

static void on_pipe(int number)
{
    (void)number;
    told++;
}

/* Write where nobody reads. */
static void write_to_nobody(void)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    close(ends[1]);
}

static void test_quiet(void **state)
{
    struct hvs_quiet quiet;

    (void)state;
    told = 0;
    hvs_quiet_begin(&quiet);
    write_to_nobody();
    hvs_quiet_end(&quiet);
    assert_int_equal(told, 0);
    write_to_nobody(); /* the caller's own are as before */
    assert_int_equal(told, 1);
}

/* One that was there before is not swallowed. */
static void test_pending(void **state)
{
    struct hvs_quiet quiet;
    sigset_t set, old;

    (void)state;
    told = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, &old);
    write_to_nobody();
    hvs_quiet_begin(&quiet);
    write_to_nobody();
    hvs_quiet_end(&quiet);
    assert_int_equal(told, 0);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    assert_int_equal(told, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quiet),
        cmocka_unit_test(test_pending),
    };
    const struct sigaction act = {.sa_handler = on_pipe};

    /* not signal(), which may take the handler off again after the first */
    sigaction(SIGPIPE, &act, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
