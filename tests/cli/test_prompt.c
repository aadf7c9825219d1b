/* pseudo-terminals are an X/Open extension */
#define _XOPEN_SOURCE 700

#include "support/test.h"

#include "base/secret.h"
#include "cli/prompt.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

struct terminal {
    int master, slave;
    char shown[4000];
    size_t len;
};

static void open_terminal(struct terminal *t)
{
    *t = (struct terminal){.master = posix_openpt(O_RDWR | O_NOCTTY)};
    assert_true(t->master >= 0);
    assert_int_equal(grantpt(t->master), 0);
    assert_int_equal(unlockpt(t->master), 0);
    t->slave = open(ptsname(t->master), O_RDWR | O_NOCTTY);
    assert_true(t->slave >= 0);
}

static void close_terminal(struct terminal *t)
{
    close(t->slave);
    close(t->master);
}

/* A child on that terminal that asks for a password: its exit status is 0 when it is the
 * one that was typed, else the error's class. */
static pid_t ask(const struct terminal *t, const char *user, const char *want)
{
    struct hvs_error err = {0};
    char *password;
    int status, tty;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid != 0)
        return pid;
    setsid();
    signal(SIGINT, SIG_DFL);
    tty = open(ptsname(t->master), O_RDWR);
    password = prompt_password(tty, user, &err);
    status = password && want ? strcmp(password, want) != 0 : (int)err.class_;
    hvs_secret_free(password); /* or valgrind would tell */
    close(tty);
    _exit(status);
}

static void wait_shown(struct terminal *t, const char *text)
{
    struct pollfd poll_fd = {.fd = t->master, .events = POLLIN};
    ssize_t n;

    while (!strstr(t->shown, text)) {
        assert_int_equal(poll(&poll_fd, 1, 10000), 1);
        n = read(t->master, t->shown + t->len, sizeof(t->shown) - 1 - t->len);
        assert_true(n > 0);
        t->len += (size_t)n;
        t->shown[t->len] = '\0';
    }
}

static void type(const struct terminal *t, const char *text)
{
    assert_int_equal(write(t->master, text, strlen(text)), strlen(text));
}

static bool echoes(const struct terminal *t)
{
    struct termios now;

    assert_int_equal(tcgetattr(t->slave, &now), 0);
    return now.c_lflag & ECHO;
}

static int status_of(pid_t pid)
{
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct prompt_case {
    const char *label;
    const char *user;
    const char *typed;
    const char *password; /* NULL when it is refused */
    const char *shown;
    int status;
};

static const struct prompt_case cases[] = {
    {"a word", "bob", "sEcret\n", "sEcret", "password of bob: ", 0},
    {"blanks", "bob", " a b \n", " a b ", "password of bob: ", 0},
    {"Japanese", "\u82b1", "\u79d8\u5bc6\n", "\u79d8\u5bc6", "password of \u82b1: ", 0},
    {"escaped", "b\033[2Job", "x\n", "x", "password of b\\x1B[2Job: ", 0},
    {"nothing", "bob", "\n", NULL, "password of bob: ", 2},
    {"the end", "bob", "\004", NULL, "password of bob: ", 2},
    {"no UTF-8", "bob", "\xff\n", NULL, "password of bob: ", 2},
    {"Ctrl-C", "bob", "sEc\003", NULL, "password of bob: ", 130},
    {"Ctrl-backslash", "bob", "sEc\034", NULL, "password of bob: ", 128 + SIGQUIT},
};

static void test_prompt(void **state)
{
    const struct prompt_case *row = *state;
    struct terminal t;
    pid_t pid;

    open_terminal(&t);
    assert_true(echoes(&t));
    pid = ask(&t, row->user, row->password);
    wait_shown(&t, row->shown);
    assert_false(echoes(&t));
    type(&t, row->typed);
    assert_int_equal(status_of(pid), row->status);
    assert_true(echoes(&t));
    assert_null(strstr(t.shown, "sEc"));
    close_terminal(&t);
}

/* A job that was stopped asks again when it goes on. The child here has no shell to wake
 * it, for which reason the kernel does not stop it. */
static void test_stopped(void **state)
{
    struct terminal t;
    pid_t pid;

    (void)state;
    open_terminal(&t);
    pid = ask(&t, "bob", "secret");
    wait_shown(&t, "password of bob: ");
    t.len = 0;
    t.shown[0] = '\0';
    type(&t, "lost\032");
    wait_shown(&t, "password of bob: ");
    type(&t, "secret\n");
    assert_int_equal(status_of(pid), 0);
    assert_true(echoes(&t));
    close_terminal(&t);
}

static void test_no_terminal(void **state)
{
    struct hvs_error err = {0};
    int fd = open("/dev/null", O_RDWR);

    (void)state;
    assert_null(prompt_password(fd, "bob", &err));
    assert_err(&err, HVS_SYSTEM, "cannot ask for the password");
    close(fd);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_stopped),
        cmocka_unit_test(test_no_terminal),
    };
    int failed;

    CASES(tests, cases, test_prompt);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
