#include "support/test.h"

#include "cli/command.h"
#include "cli/program.h"
#include "cli/settings.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The whole program over a library that this file brings along, so it is built in. */
#include "cli/fake_lib.c"

#define MAX_ARGS 9

/* What a run of the program left. */
struct result {
    int status;
    char out[20000];
    char err[20000];
};

static pid_t begin(const char *const *args, const char *env, int out, int err)
{
    char *argv[MAX_ARGS + 2] = {(char *)(uintptr_t) "hvsnap"};
    char *setting = strdup(env ? env : "");
    pid_t pid;
    int argc;

    for (argc = 1; argc <= MAX_ARGS && args[argc - 1]; argc++)
        argv[argc] = (char *)(uintptr_t)args[argc - 1];
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        setsid(); /* no terminal to ask on */
        setenv("HOME", "/nonexistent", 1);
        unsetenv("XDG_CONFIG_HOME");
        if (env) {
            setting[strcspn(setting, "=")] = '\0';
            setenv(setting, setting + strlen(setting) + 1, 1);
        }
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        argc = program_run(argc, argv);
        fflush(NULL);
        free(setting); /* or valgrind would tell */
        _exit(argc);
    }
    free(setting);
    assert_true(pid > 0);
    return pid;
}

static int status_of(pid_t pid)
{
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void slurp(FILE *file, char *text, size_t size)
{
    rewind(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

static void run_program(const char *const *args, const char *env, struct result *result)
{
    FILE *out = tmpfile(), *err = tmpfile();

    assert_non_null(out);
    assert_non_null(err);
    result->status = status_of(begin(args, env, fileno(out), fileno(err)));
    slurp(out, result->out, sizeof(result->out));
    slurp(err, result->err, sizeof(result->err));
}

struct run_case {
    const char *label;
    const char *args[MAX_ARGS];
    const char *env; /* one setting, or NULL */
    int status;
    const char *out; /* NULL for nothing, else a part of it */
    const char *err; /* NULL for nothing but progress, else a part of it */
};

static const struct run_case cases[] = {
    {"nothing", {NULL}, NULL, 2, NULL, "usage: hvsnap COMMAND"},
    {"help", {"--help"}, NULL, 0, "usage: hvsnap COMMAND", NULL},
    {"help as a command", {"help"}, NULL, 0, "usage: hvsnap COMMAND", NULL},
    {"help about a command", {"help", "list"}, NULL, 0, "usage: hvsnap list", NULL},
    {"help after a mistake", {"list", "--no", "-h"}, NULL, 0, "usage: hvsnap list", NULL},
    {"version", {"--version"}, NULL, 0, "hvsnap 0.0-fake\nfake/1.0\n", NULL},
    {"unknown command",
     {"snap"},
     NULL,
     2,
     NULL,
     "no command 'snap'\nhint: hvsnap --help"},
    {"unknown, as JSON",
     {"snap", "-o", "json"},
     NULL,
     2,
     "\"message\": \"no command 'snap'",
     "no command"},
    {"options first", {"-H", "hv01", "list"}, NULL, 2, NULL, "the command comes first"},
    {"unknown option", {"list", "--nope"}, NULL, 2, NULL, "list: no option '--nope'"},
    {"unknown option, then JSON",
     {"list", "--nope", "-ojson"},
     NULL,
     2,
     "\"error\": {\n    \"class\": \"usage\",\n    \"exit\": 2,",
     "no option"},
    {"wrong variable",
     {"list", "h/"},
     "HVSNAP_TIMEOUT=x",
     2,
     NULL,
     "HVSNAP_TIMEOUT wants"},
    {"no target", {"create"}, NULL, 2, NULL, "which VM?"},
    {"no host", {"list"}, NULL, 2, NULL, "which host?"},
    {"a host where a VM is due", {"create", "hv01/"}, NULL, 2, NULL, "names no VM"},
    {"no snapshot", {"delete", "hv01/web1"}, NULL, 2, NULL, "which snapshot?"},
    {"two to go back to", {"restore", "h/v", "a", "b"}, NULL, 2, NULL, "one snapshot"},
    {"both",
     {"restore", "h/v", "a", "--save", "--force-off"},
     NULL,
     2,
     NULL,
     "cannot go"},
    {"detached and named",
     {"create", "h/v", "-d", "-nx"},
     NULL,
     2,
     NULL,
     "--detach cannot"},
    {"no password off a terminal",
     {"list", "h/", "-ubob", "--auth", "ntlm"},
     NULL,
     2,
     NULL,
     "no terminal to ask for it on\nhint: give --password-file"},
    {"no user for a password",
     {"list", "h/"},
     "HVSNAP_PASSWORD_FILE=/x",
     2,
     NULL,
     "a password, but no user\nhint: give --user"},
    {"no user for NTLM", {"list", "h/", "--auth", "ntlm"}, NULL, 2, NULL, "needs a user"},
    {"negotiate may do without", {"list", "bob@h/"}, NULL, 0, "base", NULL},
    {"a wrong one changes nothing",
     {"create", "h/a", "h/b", "h"},
     NULL,
     2,
     NULL,
     "may be a host or a VM"},

    {"create",
     {"create", "h/v", "-n", "x"},
     NULL,
     0,
     "h     v   x",
     "h/v: the host works"},
    {"create, -H", {"create", "-H", "h", "a/b@c"}, NULL, 0, "h     a/b@c  auto", NULL},
    {"create, HVSNAP_HOST",
     {"create", "v"},
     "HVSNAP_HOST=h:1",
     0,
     "h:1   v   auto",
     NULL},
    {"create, ids", {"create", "h/v", "-o", "name"}, NULL, 0, ID_TWO "\n", NULL},
    {"create, detached", {"create", "h/v", "-d"}, NULL, 0, "started", NULL},
    {"create, detached, ids",
     {"create", "h/v", "-d", "-oname"},
     NULL,
     0,
     "11111111-2222",
     NULL},
    {"create, quiet", {"create", "h/v", "-q"}, NULL, 0, "auto", NULL},
    {"create, not found",
     {"create", "h/gone"},
     NULL,
     5,
     NULL,
     "hvsnap: h/gone: no VM 'gone'\nhint: hvsnap vms"},
    {"create, busy", {"create", "h/busy"}, NULL, 9, NULL, "another operation"},
    {"create, no rights", {"create", "h/denied"}, NULL, 4, NULL, "access denied"},
    {"create, lost",
     {"create", "h/lost"},
     NULL,
     12,
     NULL,
     "before you repeat it, look with hvsnap list 'h/lost'"},
    {"create, late", {"create", "h/late"}, NULL, 8, NULL, "goes on with job 11111111"},
    {"some failed", {"create", "h/v", "g/busy"}, NULL, 3, "h     v", "1 of 2 failed"},
    {"all failed alike", {"create", "h/busy", "g/busy"}, NULL, 9, NULL, "2 of 2 failed"},
    {"all failed, not alike",
     {"create", "h/busy", "g/gone"},
     NULL,
     1,
     NULL,
     "2 of 2 fail"},
    {"as JSON",
     {"create", "h/v", "h/busy", "-ojson"},
     NULL,
     3,
     "\"class\": \"partial\"",
     "busy"},
    {"as lines",
     {"create", "h/v", "-ondjson"},
     NULL,
     0,
     "{\"schema\":\"hvsnap/v1\",\"command\":\"create\",\"host\":\"h\"",
     NULL},

    {"list", {"list", "h/"}, NULL, 0, "web1  \u65e5\u672c\u8a9e  2", NULL},
    {"list, -H alone", {"list", "-H", "h"}, NULL, 0, "web1  base", NULL},
    {"list, wide", {"list", "h/", "-owide"}, NULL, 0, "PARENT", NULL},
    {"list, ids", {"list", "h/", "-oname"}, NULL, 0, ID_ONE "\n" ID_TWO "\n", NULL},
    {"list, two hosts", {"list", "h/", "g/"}, NULL, 0, "\ng     web1", NULL},
    {"list, tree", {"list", "h/", "--tree"}, NULL, 0, "* you are here", NULL},
    {"list, escaped", {"list", "h/evil"}, NULL, 0, "\\x1B[2J\\u{202E}\\xFF", NULL},
    {"list, escaped JSON",
     {"list", "h/evil", "-ojson"},
     NULL,
     0,
     "\\\\x1B[2J\\\\u{202E}\\\\xFF",
     NULL},
    {"vms", {"vms", "h/"}, NULL, 0, "web1  running  1d 03:46  2", NULL},
    {"vms, blind", {"vms", "blind@h/"}, NULL, 0, "VM", "may lack the rights"},
    {"restore", {"restore", "h/v", "a", "-y"}, NULL, 0, "done     off    a", "'base'"},
    {"restore, lost",
     {"restore", "h/v", "lost", "-y"},
     NULL,
     12,
     NULL,
     "look with hvsna"},
    {"restore, unasked", {"restore", "h/v", "a"}, NULL, 11, NULL, "hint: give --yes"},
    {"delete", {"delete", "h/v", "a"}, NULL, 0, "done     a", NULL},
    {"delete, some", {"delete", "h/v", "a", "gone"}, NULL, 3, "done", "h/v: gone: no VM"},
    {"doctor", {"doctor", "h"}, NULL, 0, "vms       pass    2 VMs", NULL},
    {"doctor, blind", {"doctor", "blind@h"}, NULL, 4, "vms       fail", NULL},
    {"doctor, ranked",
     {"doctor", "blind@h"},
     NULL,
     4,
     "likely: 1. no rights\n                          2. no VMs\n",
     NULL},
    {"doctor, what to do",
     {"doctor", "blind@h"},
     NULL,
     4,
     "try: give rights\n                  here: hvsnap doctor 'h'\n"
     "                  on the host: Add-LocalGroupMember x\n",
     NULL},
    {"doctor, other ways", {"doctor", "h", "--all"}, NULL, 0, "\nbasic     pass", NULL},
    {"doctor, no report",
     {"doctor", "h", "--report", "/nonexistent/report"},
     NULL,
     2,
     "vms",
     "cannot write '/nonexistent/report'"},
    {"doctor, JSON",
     {"doctor", "-H", "h", "-ojson"},
     NULL,
     0,
     "\"verdict\": \"pass\"",
     NULL},
    {"trace",
     {"list", "h/", "--trace"},
     NULL,
     0,
     "base",
     "> <s:Envelope>\n>   <s:Body/>"},
    {"insecure warns",
     {"list", "h/", "--insecure", "-q"},
     NULL,
     0,
     "base",
     "warning: --inse"},
    {"no more time", {"create", "h/v", "-t0"}, NULL, 0, "auto", NULL},
};

/* Progress aside. */
static bool only_progress(const char *text)
{
    static const char *const told[] = {": looking", ": asking", ": the host works",
                                       ": reading"};
    size_t i, len;

    for (; *text; text += len + 1) {
        len = strcspn(text, "\n");
        for (i = 0; i < COUNT(told); i++) {
            const char *at = strstr(text, told[i]);

            if (at && at < text + len)
                break;
        }
        if (i == COUNT(told))
            return false;
    }
    return true;
}

static void test_run(void **state)
{
    const struct run_case *row = *state;
    struct result result;

    run_program(row->args, row->env, &result);
    if (result.status != row->status)
        fail_msg("status %d, not %d: %s", result.status, row->status, result.err);
    if (!row->out)
        assert_string_equal(result.out, "");
    else if (!strstr(result.out, row->out))
        fail_msg("'%s' is not in '%s'", row->out, result.out);
    if (!row->err && !only_progress(result.err))
        fail_msg("nothing was due on stderr: '%s'", result.err);
    if (row->err && !strstr(result.err, row->err))
        fail_msg("'%s' is not in '%s'", row->err, result.err);
}

/* Read until the text is there. */
static void wait_for(int fd, const char *text)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    char got[4000] = "";
    size_t len = 0;
    ssize_t n;

    while (!strstr(got, text)) {
        assert_int_equal(poll(&poll_fd, 1, 10000), 1);
        n = read(fd, got + len, sizeof(got) - 1 - len);
        assert_true(n > 0);
        len += (size_t)n;
        got[len] = '\0';
    }
}

struct signal_case {
    const char *label;
    int number;
    int status;
    const char *message;
};

static const struct signal_case signals[] = {
    {"SIGINT", SIGINT, 130, "stopped by SIGINT"},
    {"SIGTERM", SIGTERM, 143, "stopped by SIGTERM"},
};

/* The run is stopped, its job is named, and the next target is not begun. */
static void test_signal(void **state)
{
    static const char *const args[] = {"create", "h/hang", "h/v", "-ojson", NULL};
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

/* --help of every command fits a screen, and shows every option that it takes. */
static void test_help(void **state)
{
    const char *args[] = {NULL, "--help", NULL};
    const struct command *const *command;
    const struct opt *row;
    struct result result;
    size_t lines, len;
    const char *at;

    (void)state;
    for (command = commands; *command; command++) {
        args[0] = (*command)->name;
        run_program(args, NULL, &result);
        for (at = result.out, lines = 0; *at; at += len + 1, lines++) {
            len = strcspn(at, "\n");
            assert_in_range(len, 0, 80);
        }
        assert_in_range(lines, 24, 40);
        assert_non_null(strstr(result.out, (*command)->operands));
        for (row = (*command)->opts; row->name; row++)
            assert_non_null(strstr(result.out, row->name));
        for (row = setting_rows; row->name; row++)
            assert_non_null(strstr(result.out, row->name));
    }
}

int main(void)
{
    struct CMUnitTest runs[COUNT(cases)], stops[COUNT(signals)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_unwritten),
        cmocka_unit_test(test_help),
    };
    int failed;

    CASES(runs, cases, test_run);
    CASES(stops, signals, test_signal);
    failed = cmocka_run_group_tests(runs, NULL, NULL);
    failed += cmocka_run_group_tests(stops, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
