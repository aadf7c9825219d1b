/* --wait-busy: what waits in turn, for how long, and what it tells meanwhile. */
#include "cli/run_program.h"

#include <poll.h>
#include <signal.h>

struct busy_case {
    const char *label;
    const char *args[MAX_ARGS];
    int status;
    const char *out; /* a part of it; NULL for whatever */
    const char *err; /* a part of it */
    bool waits;      /* it says so */
};

static const struct busy_case cases[] = {
    {"create",
     {"create", "h/queue", "--wait-busy", "1m"},
     0,
     "queue  auto",
     "h/queue: waits in turn: the VM is off, and under way is: snapshot, 40 %",
     true},
    {"ensure",
     {"ensure", "h/queue", "-nx", "--wait-busy", "1m"},
     0,
     "queue",
     "h/queue: waits in turn",
     true},
    {"delete",
     {"delete", "h/v", "one", "queue", "two", "--wait-busy=1m", "-ojson"},
     0,
     "\"wanted\": \"two\"",
     "h/v: queue: waits in turn",
     true},
    {"delete, a tree",
     {"delete", "h/v", "queue", "--subtree", "-y", "--wait-busy", "1m"},
     0,
     "below",
     "waits in turn",
     true},
    {"set",
     {"set", "h/v", "queue", "-nx", "--wait-busy", "1m"},
     0,
     "changed",
     "h/v: queue: waits in turn",
     true},
    {"restore",
     {"restore", "h/v", "queue", "-y", "--wait-busy", "1m", "-ojson"},
     0,
     "\"outcome\": \"done\"",
     "h/v: queue: waits in turn",
     true},
    {"restore, its safety snapshot",
     {"restore", "h/v", "queue", "-y", "--safety-snapshot", "--wait-busy", "1m"},
     0,
     "done",
     "h/v: queue: waits in turn",
     true},
    {"guard",
     {"guard", "h/queue", "--wait-busy", "1m", "--", "echo", "hi"},
     0,
     "hi\n",
     "h/queue: waits in turn",
     true},
    {"guard, not asked to",
     {"guard", "h/busy", "--", "echo", "hi"},
     125,
     NULL,
     "hint: --wait-busy 5m waits in turn",
     false},
    {"quiet", {"create", "h/queue", "--wait-busy", "1m", "-q"}, 0, "auto", "", false},
    {"in vain",
     {"create", "h/busy", "--wait-busy", "1s"},
     9,
     NULL,
     "another operation is under way\nhint: still so at try 4",
     true},
    {"no longer than the call",
     {"create", "h/busy", "--wait-busy", "1h", "--timeout", "3s"},
     9,
     NULL,
     "hint: still so",
     true},
    {"too late at once",
     {"create", "h/busy", "--wait-busy", "1h", "--timeout", "1s"},
     9,
     NULL,
     "hint: still so at try 1",
     false},
    {"one of several in vain",
     {"delete", "h/v", "one", "busy", "two", "--wait-busy=1s", "-ojson"},
     3,
     "\"wanted\": \"two\"",
     "h/v: busy: another operation",
     true},
    {"not asked to",
     {"create", "h/busy"},
     9,
     NULL,
     "hint: --wait-busy 5m waits in turn",
     false},
    {"not asked to, and there is a hint",
     {"set", "h/v", "queue", "-nx"},
     9,
     NULL,
     "hint: look; --wait-busy 5m waits in turn",
     false},
    {"nothing is repeated that may have been done",
     {"create", "h/unsure", "--wait-busy", "1m"},
     9,
     NULL,
     "another operation",
     false},
    {"nor what failed otherwise",
     {"create", "h/gone", "--wait-busy", "1m"},
     5,
     NULL,
     "no VM",
     false},
    {"not of a command that only looks",
     {"show", "h/v", "busy", "--wait-busy", "1m"},
     2,
     NULL,
     "no option '--wait-busy'",
     false},
    {"nor is it named there", {"show", "h/v", "busy"}, 9, NULL, "under way\n", false},
    {"not at the same moment as others",
     {"create", "h/v", "g/w", "--together", "--wait-busy", "1m"},
     2,
     NULL,
     "--together cannot go with --wait-busy",
     false},
    {"nor is it named there, either",
     {"create", "h/busy", "g/busy", "--together", "-q"},
     9,
     NULL,
     "way\nhvsnap: g/busy: ",
     false},
    {"not a time",
     {"create", "h/v", "--wait-busy", "soon"},
     2,
     NULL,
     "--wait-busy wants a time",
     false},
};

static void test_busy(void **state)
{
    const struct busy_case *row = *state;
    struct result result;

    run_program(row->args, NULL, &result);
    if (result.status != row->status)
        fail_msg("status %d, not %d: %s", result.status, row->status, result.err);
    if (row->out && !strstr(result.out, row->out))
        fail_msg("'%s' is not in '%s'", row->out, result.out);
    if (!strstr(result.err, row->err))
        fail_msg("'%s' is not in '%s'", row->err, result.err);
    if (row->waits != !!strstr(result.err, "waits in turn: "))
        fail_msg("'%s' says otherwise", result.err);
}

/* Who waits holds up nobody, not even where one at a time may be done. */
static void test_others(void **state)
{
    static const char *const args[] = {"create",     "h/queue",    "h/v",
                                       "-ondjson",   "--per-host", "1",
                                       "--parallel", "1",          "--wait-busy=1m",
                                       NULL};
    struct result result;
    const char *busy, *other, *own;

    (void)state;
    run_program(args, NULL, &result);
    assert_int_equal(result.status, 0);
    busy = strstr(result.out, "\"phase\":\"busy\",\"percent\":null,\"job\":null,");
    assert_non_null(busy);
    assert_non_null(strstr(busy, "\"reason\":\"the VM is off, and under way is: snap"));
    other = strstr(busy, "\"event\":\"done\"");
    assert_non_null(other);
    assert_non_null(strstr(other, "\"name\":\"v\""));
    own = strstr(other + 1, "\"event\":\"done\"");
    assert_non_null(own);
    assert_non_null(strstr(own, "\"name\":\"queue\""));
    /* it is begun again, but tells of its start once */
    busy = strstr(result.out,
                  "\"event\":\"started\",\"host\":\"h\",\"target\":\"h/queue\"");
    assert_non_null(busy);
    assert_null(
        strstr(busy + 1, "\"event\":\"started\",\"host\":\"h\",\"target\":\"h/queue\""));
}

/* A signal ends the waiting: what was done before stays so, the rest is not begun. */
static void test_signal(void **state)
{
    static const char *const args[] = {"delete",         "h/v",    "one", "busy", "two",
                                       "--wait-busy=1h", "-ojson", NULL};
    FILE *out = tmpfile();
    char text[20000];
    int ends[2];
    pid_t pid;

    (void)state;
    assert_non_null(out);
    assert_int_equal(pipe(ends), 0);
    pid = begin(args, NULL, fileno(out), ends[1]);
    close(ends[1]);
    wait_for(ends[0], "waits in turn");
    kill(pid, SIGINT);
    wait_for(ends[0], "h/v: two: not begun: stopped by SIGINT");
    assert_int_equal(status_of(pid), 130);
    close(ends[0]);
    slurp(out, text, sizeof(text));
    assert_non_null(strstr(text, "\"outcome\": \"done\""));
    assert_non_null(strstr(text, "\"wanted\": \"busy\""));
    assert_non_null(strstr(text, "\"message\": \"not begun: stopped by SIGINT\""));
    assert_non_null(strstr(text, "\"hint\": \"1 of 3 were done\""));
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_signal),
    };
    int failed;

    CASES(tests, cases, test_busy);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
