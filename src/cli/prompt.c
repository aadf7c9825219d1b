#include "cli/prompt.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "cli/escape.h"
#include "cli/secret.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* All that would end or stop the process while the echo is off. */
static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
#define WATCHED (sizeof(watched) / sizeof(watched[0]))

static volatile sig_atomic_t pending[WATCHED];
static volatile sig_atomic_t wake = -1;

static void on_signal(int number)
{
    int saved = errno;
    size_t i;

    for (i = 0; i < WATCHED; i++) {
        if (watched[i] == number)
            pending[i] = 1;
    }
    if (write(wake, "!", 1) < 0) {
        /* a full pipe is readable, which is all that is wanted */
    }
    errno = saved;
}

/* The terminal and the signals as they were, and the pipe that wakes us. */
struct quiet_tty {
    int tty;
    struct termios was;
    struct sigaction before[WATCHED];
    int pipe_ends[2];
};

/* Put everything back, then let the signals do what they would have done. True when the
 * only one was a stop, after which the question is asked again. */
static bool leave(struct quiet_tty *q, bool typed)
{
    bool again = false;
    size_t i;

    /* the end of a line that was typed is echoed, that of a broken off one is not */
    if (!typed && write(q->tty, "\n", 1) < 0) {
        /* nobody looks any more */
    }
    tcsetattr(q->tty, TCSAFLUSH, &q->was);
    for (i = 0; i < WATCHED; i++)
        sigaction(watched[i], &q->before[i], NULL);
    wake = -1;
    close(q->pipe_ends[0]);
    close(q->pipe_ends[1]);
    for (i = 0; i < WATCHED; i++) {
        if (!pending[i])
            continue;
        again = watched[i] == SIGTSTP;
        kill(getpid(), watched[i]);
    }
    return again;
}

/* The signal that came, as an exit status. */
static enum hvs_class class_of_stop(void)
{
    size_t i = 0;

    while (i < WATCHED && !pending[i])
        i++;
    return i < WATCHED ? (enum hvs_class)(128 + watched[i]) : HVS_CLASS_INTERRUPTED;
}

static int enter(struct quiet_tty *q, struct hvs_error *err)
{
    struct sigaction action = {.sa_handler = on_signal};
    struct termios quiet;
    size_t i;

    if (tcgetattr(q->tty, &q->was) < 0 || pipe(q->pipe_ends) < 0)
        return hvs_err_set(err, HVS_SYSTEM, errno, "cannot ask for the password: %s",
                           strerror(errno));
    wake = q->pipe_ends[1];
    sigemptyset(&action.sa_mask);
    for (i = 0; i < WATCHED; i++) {
        pending[i] = 0;
        sigaction(watched[i], NULL, &q->before[i]);
        if (q->before[i].sa_handler != SIG_IGN)
            sigaction(watched[i], &action, NULL);
    }
    quiet = q->was;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    quiet.c_lflag |= ICANON | ECHONL | ISIG;
    if (tcsetattr(q->tty, TCSAFLUSH, &quiet) < 0) {
        hvs_err_set(err, HVS_SYSTEM, errno, "cannot turn off the echo: %s",
                    strerror(errno));
        leave(q, true);
        return -1;
    }
    return 0;
}

/* Read the line that was typed: in canonical mode it comes whole. */
static ssize_t read_typed(struct quiet_tty *q, char *line, size_t size,
                          struct hvs_error *err)
{
    struct pollfd fds[] = {{.fd = q->tty, .events = POLLIN},
                           {.fd = q->pipe_ends[0], .events = POLLIN}};
    ssize_t len;

    while (poll(fds, 2, -1) < 0) {
        if (errno != EINTR)
            return hvs_err_set(err, HVS_SYSTEM, errno, "cannot wait for the password");
    }
    if (fds[1].revents)
        return -1;
    len = read(q->tty, line, size);
    if (len < 0)
        return hvs_err_set(err, HVS_SYSTEM, errno, "cannot read the password: %s",
                           strerror(errno));
    if (!len || line[len - 1] != '\n')
        return hvs_err_set(err, HVS_USAGE, 0,
                           len ? "the password is too long" : "no password was typed");
    return len - 1;
}

static void ask(int tty, const char *user)
{
    struct hvs_buf text = HVS_BUF_INIT(8192);

    hvs_buf_puts(&text, "password of ");
    escape_add(&text, user, strlen(user), ESCAPE_LINE);
    hvs_buf_puts(&text, ": ");
    if (write(tty, hvs_buf_str(&text), text.len) < 0) {
        /* a terminal that cannot be written shows it when it is read */
    }
    hvs_buf_clear(&text);
}

char *prompt_password(int tty, const char *user, struct hvs_error *err)
{
    struct quiet_tty q = {.tty = tty};
    struct hvs_buf out = HVS_BUF_INIT(SECRET_MAX);
    char line[SECRET_MAX + 2];
    char *password = NULL;
    ssize_t len;
    bool again;

    do {
        if (enter(&q, err) < 0)
            return NULL;
        ask(tty, user);
        len = read_typed(&q, line, sizeof(line), err);
        again = leave(&q, len >= 0);
    } while (again && len < 0 && err->domain == HVS_OK);
    if (len < 0 && err->domain == HVS_OK) {
        hvs_err_set(err, HVS_SYSTEM, EINTR, "stopped while asking for the password");
        hvs_err_class(err, class_of_stop());
    } else if (len == 0) {
        hvs_err_set(err, HVS_USAGE, 0, "no password was typed");
    } else if (len > 0 && !hvs_utf8_valid(line, (size_t)len)) {
        hvs_err_set(err, HVS_USAGE, 0, "the password is not UTF-8 text");
    } else if (len > 0) {
        hvs_buf_add(&out, line, (size_t)len);
        password = hvs_buf_take(&out, err);
    }
    hvs_wipe(line, sizeof(line));
    return password;
}
