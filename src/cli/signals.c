#include "cli/signals.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What asks to stop. A terminal that is gone sends SIGHUP. */
static const struct {
    int number;
    enum hvs_class class_;
    const char *name;
} stops[] = {
    {SIGINT, HVS_CLASS_INTERRUPTED, "SIGINT"},
    {SIGTERM, HVS_CLASS_TERMINATED, "SIGTERM"},
    {SIGHUP, HVS_CLASS_HUNG_UP, "SIGHUP"},
    {SIGQUIT, HVS_CLASS_QUIT, "SIGQUIT"},
};
enum { STOPS = sizeof(stops) / sizeof(stops[0]) };

/* As they were when we were started: of those, and of SIGPIPE. */
static struct sigaction before[STOPS + 1];
static bool opened;

static volatile sig_atomic_t caught;
static int pipe_ends[2] = {-1, -1};
/* Written in turn: a handler may just be at the one before. */
static char words[2][16384];
static const char *volatile last_words;

static void on_signal(int number)
{
    int saved = errno;

    /* no person's impatience: of a terminal that is gone both the shell and the kernel
     * tell, and systemd's SendSIGHUP= sends it behind SIGTERM */
    if (caught && number == SIGHUP)
        return;
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

static int catch (int number, void (*handler)(int), struct sigaction *was,
                  struct hvs_error *err)
{
    struct sigaction action = {.sa_handler = handler};

    sigemptyset(&action.sa_mask);
    if (!opened && sigaction(number, NULL, was) < 0)
        goto fail;
    /* nohup and shells start background jobs with some of them ignored: leave it so */
    if (was->sa_handler == SIG_IGN && handler != SIG_IGN)
        return 0;
    if (sigaction(number, &action, NULL) == 0)
        return 0;
fail:
    return hvs_err_set(err, HVS_SYSTEM, errno, "cannot catch signals: %s",
                       strerror(errno));
}

int signals_open(struct hvs_error *err)
{
    size_t i;

    if (pipe_ends[0] < 0 && pipe(pipe_ends) < 0)
        return hvs_err_set(err, HVS_SYSTEM, errno, "cannot make a pipe: %s",
                           strerror(errno));
    for (i = 0; i < 2; i++) {
        fcntl(pipe_ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(pipe_ends[i], F_SETFL, O_NONBLOCK);
    }
    for (i = 0; i < STOPS; i++)
        if (catch (stops[i].number, on_signal, &before[i], err) < 0)
            return -1;
    if (catch (SIGPIPE, SIG_IGN, &before[STOPS], err) < 0)
        return -1;
    opened = true;
    return 0;
}

void signals_put_back(void)
{
    size_t i;

    for (i = 0; opened && i < STOPS; i++)
        sigaction(stops[i].number, &before[i], NULL);
    if (opened)
        sigaction(SIGPIPE, &before[STOPS], NULL);
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
    size_t i = 0;

    while (i < STOPS - 1 && stops[i].number != caught)
        i++;
    hvs_err_set(err, HVS_SYSTEM, EINTR, "stopped by %s", stops[i].name);
    return hvs_err_class(err, stops[i].class_);
}
