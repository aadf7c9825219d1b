#include "cli/child.h"

#include "base/err.h"
#include "cli/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { MOST_INHERITED = 256, MOST_FDS = 65536, CANNOT_RUN = 126, NOT_THERE = 127 };

static bool inherited[MOST_INHERITED], kept_back[MOST_INHERITED];
static const char *withheld; /* a variable; NULL for none */

/* What we change of ourselves. */
static struct {
    bool noted;
    mode_t mask;
    struct rlimit core, files;
    char key_log[4096]; /* "SSLKEYLOGFILE=...", or "" */
} start;

void child_note_start(void)
{
    const char *key_log = getenv("SSLKEYLOGFILE");
    int fd;

    for (fd = 0; fd < MOST_INHERITED; fd++)
        inherited[fd] = fcntl(fd, F_GETFD) >= 0;
    start.mask = umask(0);
    umask(start.mask);
    if (key_log)
        snprintf(start.key_log, sizeof(start.key_log), "SSLKEYLOGFILE=%s", key_log);
    start.noted = getrlimit(RLIMIT_CORE, &start.core) == 0 &&
                  getrlimit(RLIMIT_NOFILE, &start.files) == 0;
}

void child_keep_back(int fd)
{
    if (fd >= 0 && fd < MOST_INHERITED)
        kept_back[fd] = true;
}

void child_keep_back_variable(const char *name)
{
    withheld = name;
}

static bool is_handed_on(const char *variable)
{
    size_t len = withheld ? strlen(withheld) : 0;

    if (len && strncmp(variable, withheld, len) == 0 && variable[len] == '=')
        return false;
    return strncmp(variable, "HVSNAP_", 7) != 0;
}

/* What stands for options of ours stays here: it may name a file with a password. */
static char **environment(void)
{
    size_t count = 0, kept = 0, i;
    char **out;

    while (environ[count])
        count++;
    out = calloc(count + 2, sizeof(*out));
    for (i = 0; out && i < count; i++)
        if (is_handed_on(environ[i]))
            out[kept++] = environ[i];
    if (out && *start.key_log)
        out[kept] = start.key_log;
    return out;
}

/* A file can be opened anew by who has it, from its beginning. */
static void replace_kept_back(void)
{
    struct stat st;
    int fd, null = open("/dev/null", O_RDWR);

    for (fd = 0; fd <= STDERR_FILENO; fd++)
        if (kept_back[fd] && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
            dup2(null, fd) < 0)
            close(fd);
    if (null > STDERR_FILENO)
        close(null);
}

/* In the child, where only async-signal-safe calls may be made until it is another
 * program; execvp() looks at PATH, and is as safe as it can be with one thread. */
static void become(char *const *argv, char **env)
{
    long most = sysconf(_SC_OPEN_MAX);
    int fd;

    signals_put_back();
    if (start.noted) {
        umask(start.mask);
        setrlimit(RLIMIT_CORE, &start.core);
        setrlimit(RLIMIT_NOFILE, &start.files);
    }
    replace_kept_back();
    if (most < 0 || most > MOST_FDS)
        most = MOST_FDS;
    for (fd = STDERR_FILENO + 1; fd < most; fd++)
        if (fd >= MOST_INHERITED || !inherited[fd] || kept_back[fd])
            close(fd);
    environ = env;
    execvp(argv[0], argv);
    _exit(errno == ENOENT ? NOT_THERE : CANNOT_RUN);
}

/* Wait for it; a pipe whose other end it holds tells nothing that waitpid() does not, so
 * it is asked from time to time whether a signal has come meanwhile. */
static int wait_for(pid_t pid, int *status)
{
    enum { LOOK_MS = 200 };
    struct pollfd signal_ = {.fd = signals_fd(), .events = POLLIN};
    bool passed_on = false;
    int how = 0;
    pid_t got;

    for (;;) {
        got = waitpid(pid, &how, passed_on || signals_caught() ? WNOHANG : 0);
        if (got == pid)
            break;
        if (got < 0 && errno != EINTR)
            return -1;
        if ((signals_caught() == SIGTERM || signals_caught() == SIGHUP) && !passed_on)
            kill(pid, signals_caught());
        passed_on = passed_on || signals_caught();
        if (passed_on)
            signal_.fd = -1;
        poll(&signal_, 1, got == 0 ? LOOK_MS : 0);
    }
    *status = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
    return 0;
}

int child_run(char *const *argv, int *status, struct hvs_error *err)
{
    char **env = environment();
    int rc = -1;
    pid_t pid;

    if (!env)
        return hvs_err_memory(err);
    pid = fork();
    if (pid == 0)
        become(argv, env);
    if (pid < 0 || wait_for(pid, status) < 0)
        hvs_err_set(err, HVS_SYSTEM, errno, "cannot run '%.200s': %s", argv[0],
                    strerror(errno));
    else
        rc = 0;
    free(env);
    return rc;
}
