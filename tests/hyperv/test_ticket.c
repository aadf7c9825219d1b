#include "support/test.h"

#include "base/clock.h"

#include <hvsnap/client.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a cache holds is for test_gss_cache; here is what a look takes. */

static void test_none(void **state)
{
    (void)state;
    setenv("KRB5_CONFIG", "/dev/null", 1);
    setenv("KRB5CCNAME", "FILE:/nonexistent/ccache", 1);
    assert_false(hvs_ticket_at_hand(NULL, 5000));
    assert_false(hvs_ticket_at_hand("ops@CORP.EXAMPLE", 5000));
    assert_false(hvs_ticket_at_hand("CORP\\ops", 5000));
    assert_false(hvs_ticket_at_hand("ops", 5000));
}

/* The Kerberos library hangs, as it does in a look-up of its own: reading from a pipe
 * that nobody writes to does the same. */
static void test_hung(void **state)
{
    const char *tmp = getenv("TMPDIR");
    int64_t began = hvs_clock_ms();
    char path[256];

    (void)state;
    snprintf(path, sizeof(path), "%s/krb5-fifo.%d", tmp ? tmp : "/tmp", (int)getpid());
    assert_int_equal(mkfifo(path, 0600), 0);
    setenv("KRB5_CONFIG", path, 1);
    assert_false(hvs_ticket_at_hand("ops", 200));
    unlink(path);
    assert_true(hvs_clock_ms() - began < 200 + 250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_hung),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
