/* What ends the program otherwise than by its own accord, and its help. */
#include "cli/run_program.h"

#include "cli/command.h"
#include "cli/settings.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>

struct signal_case {
    const char *label;
    int number;
    int status;
    const char *message;
};

static const struct signal_case signals[] = {
    {"SIGINT", SIGINT, 130, "stopped by SIGINT"},
    {"SIGTERM", SIGTERM, 143, "stopped by SIGTERM"},
    {"SIGHUP", SIGHUP, 129, "stopped by SIGHUP"},
    {"SIGQUIT", SIGQUIT, 131, "stopped by SIGQUIT"},
};

/* The run is stopped, its job is named, and the next target is not begun. */
static void test_signal(void **state)
{
    static const char *const args[] = {"create",     "h/hang", "h/v", "-ojson",
                                       "--per-host", "1",      NULL};
    const struct signal_case *row = *state;
    FILE *out = tmpfile();
    char text[20000];
    int ends[2];
    pid_t pid;

    assert_non_null(out);
    assert_int_equal(pipe(ends), 0);
    pid = begin(args, NULL, fileno(out), ends[1]);
    close(ends[1]);
    wait_for(ends[0], "reading back");
    kill(pid, row->number);
    wait_for(ends[0], "goes on with job 11111111-2222");
    assert_int_equal(status_of(pid), row->status);
    close(ends[0]);
    slurp(out, text, sizeof(text));
    assert_non_null(strstr(text, row->message));
    assert_non_null(strstr(text, "\"outcome\": \"started\""));
    assert_non_null(strstr(text, "\"outcome\": \"not-done\""));
    assert_non_null(strstr(text, "not begun"));
}

/* Who has ended makes room at once, though another one goes on without a word. */
static void test_room(void **state)
{
    static const char *const args[] = {"create", "h/hang",     "g/v", "g/w",
                                       "-oname", "--parallel", "2",   NULL};
    FILE *out = tmpfile();
    int ends[2];
    pid_t pid;

    (void)state;
    assert_non_null(out);
    assert_int_equal(pipe(ends), 0);
    pid = begin(args, NULL, fileno(out), ends[1]);
    close(ends[1]);
    wait_for(ends[0], "g/w: reading back");
    kill(pid, SIGINT);
    assert_int_equal(status_of(pid), 130);
    close(ends[0]);
    fclose(out);
}

/* A reader that is gone, and a disk that is full. */
static void test_unwritten(void **state)
{
    static const char *const args[] = {"list", "h/", NULL};
    static const char *const help[] = {"list", "--help", NULL};
    FILE *err = tmpfile();
    char text[20000];
    int ends[2], full = open("/dev/full", O_WRONLY);

    (void)state;
    assert_non_null(err);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(status_of(begin(args, NULL, ends[1], fileno(err))), 1);
    close(ends[1]);
    if (full >= 0) {
        assert_int_equal(status_of(begin(help, NULL, full, fileno(err))), 1);
        close(full);
    }
    slurp(err, text, sizeof(text));
    assert_non_null(strstr(text, "cannot write the result: Broken pipe"));
    if (full >= 0)
        assert_non_null(strstr(text, "cannot write: No space left"));
}

/* The text has no line over 80 columns. Returns how many there are. */
static size_t count_lines(const char *text)
{
    size_t lines, len;

    for (lines = 0; *text; text += len + 1, lines++) {
        len = strcspn(text, "\n");
        assert_in_range(len, 0, 80);
    }
    return lines;
}

/* --help of every command fits a screen, and shows every option of its own. */
static void test_help(void **state)
{
    static const char *const options[] = {"help", "options", NULL};
    const char *args[] = {NULL, "--help", NULL};
    const struct command *const *command;
    const struct opt *row;
    struct result result;

    (void)state;
    for (command = commands; *command; command++) {
        args[0] = (*command)->name;
        run_program(args, NULL, &result);
        assert_in_range(count_lines(result.out), 15, 50);
        assert_non_null(strstr(result.out, (*command)->operands));
        for (row = (*command)->opts; row->name; row++)
            assert_non_null(strstr(result.out, row->name));
        assert_non_null(strstr(result.out, "--host HOST"));
        assert_null(strstr(result.out, "--tls-name"));
    }
    run_program(options, NULL, &result);
    count_lines(result.out);
    for (row = setting_rows; row->name; row++)
        assert_non_null(strstr(result.out, row->name));
}

int main(void)
{
    struct CMUnitTest stops[COUNT(signals)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_unwritten),
        cmocka_unit_test(test_help),
    };
    int failed;

    CASES(stops, signals, test_signal);
    failed = cmocka_run_group_tests(stops, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
