#ifndef BENCH_HOST_H
#define BENCH_HOST_H

#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* An hvsim of their own for programs that look at what they themselves take. */
extern char **environ;

struct host {
    pid_t pid;
    unsigned port;
};

/* Start hvsim, argv[0], with its standard output at *out: what it says when it is ready.
 * -1 on failure. */
static inline int spawn_host(pid_t *pid, char *const *argv, FILE **out)
{
    posix_spawn_file_actions_t actions;
    int pipes[2], rc;

    *out = NULL;
    if (pipe(pipes) < 0)
        return -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, pipes[0]);
    rc = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipes[1]);
    if (rc == 0)
        *out = fdopen(pipes[0], "r");
    else
        close(pipes[0]);
    return *out ? 0 : -1;
}

/* The port is that of "ready http://127.0.0.1:PORT". */
static inline int start_host(struct host *host, char *const *argv)
{
    char line[256] = "";
    const char *colon;
    FILE *out;

    if (spawn_host(&host->pid, argv, &out) < 0)
        return -1;
    if (!fgets(line, sizeof(line), out))
        line[0] = '\0';
    fclose(out);
    colon = strrchr(line, ':');
    host->port = strncmp(line, "ready ", 6) == 0 && colon
                     ? (unsigned)strtoul(colon + 1, NULL, 10)
                     : 0;
    return host->port ? 0 : -1;
}

static inline void stop_host(const struct host *host)
{
    kill(host->pid, SIGTERM);
    waitpid(host->pid, NULL, 0);
}

/* In KB; 0 where the system does not tell. */
static inline long resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    char line[128] = "", *end = line;
    long pages = 0;

    if (file) {
        if (fgets(line, sizeof(line), file)) {
            strtol(line, &end, 10);
            pages = strtol(end, NULL, 10);
        }
        fclose(file);
    }
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* The first line of a file. */
static inline int read_password(const char *name, char *out, size_t size)
{
    FILE *file = fopen(name, "r");
    int rc = file && fgets(out, (int)size, file) ? 0 : -1;

    if (file)
        fclose(file);
    out[strcspn(out, "\r\n")] = '\0';
    return rc;
}


#endif
