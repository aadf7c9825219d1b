#include "cli/signals.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t caught;
static int pipe_ends[2] = {-1, -1};
/* Written in turn: a handler may just be at the one before. */
static char words[2][16384];
static const char *volatile last_words;

static void on_signal(int number)
{
    int saved = errno;

    if (caught) {
        if (last_words && write(STDERR_FILENO, last_words, strlen(last_words)) < 0) {
            /* nobody reads it */
        }
        _exit(128 + number);
    }
    caught = number;
    if (write(pipe_ends[1], "!", 1) < 0) {
        /* a full pipe is readable, which is all that is wanted */
    }
    errno = saved;
}

static int catch (int number, void (*handler)(int), struct hvs_error *err)
{
    struct sigaction action = {.sa_handler = handler};
    struct sigaction before;

    sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &before) < 0)
        goto fail;
    /* nohup and shells start background jobs with SIGINT ignored: leave it so */
    if (before.sa_handler == SIG_IGN && handler != SIG_IGN)
        return 0;
    if (sigaction(number, &action, NULL) == 0)
        return 0;
fail:
    return hvs_err_set(err, HVS_SYSTEM, errno, "cannot catch signals: %s",
                       strerror(errno));
}

int signals_open(struct hvs_error *err)
{
    int i;

    if (pipe_ends[0] < 0 && pipe(pipe_ends) < 0)
        return hvs_err_set(err, HVS_SYSTEM, errno, "cannot make a pipe: %s",
                           strerror(errno));
    for (i = 0; i < 2; i++) {
        fcntl(pipe_ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(pipe_ends[i], F_SETFL, O_NONBLOCK);
    }
    if (catch (SIGINT, on_signal, err) < 0 || catch (SIGTERM, on_signal, err) < 0)
        return -1;
    return catch (SIGPIPE, SIG_IGN, err);
}

int signals_fd(void)
{
    return pipe_ends[0];
}

int signals_caught(void)
{
    return caught;
}

void signals_say_last(const char *text)
{
    char *next = words[last_words == words[0]];

    snprintf(next, sizeof(words[0]), "%s", text);
    last_words = next;
}

int signals_error(struct hvs_error *err)
{
    bool term = caught == SIGTERM;

    hvs_err_set(err, HVS_SYSTEM, EINTR, "stopped by %s", term ? "SIGTERM" : "SIGINT");
    return hvs_err_class(err, term ? HVS_CLASS_TERMINATED : HVS_CLASS_INTERRUPTED);
}
