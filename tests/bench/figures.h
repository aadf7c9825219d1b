#ifndef BENCH_FIGURES_H
#define BENCH_FIGURES_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What commands cost, for programs that compare them. */
struct cost {
    double cpu_ms, wall_ms; /* the CPU is the user's and the system's */
    double peak_kb;
};

/* wait4() is everywhere we run, and in no standard; POSIX has RUSAGE_CHILDREN alone,
 * which adds up. */
pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage);

static inline double clock_ms(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static inline double usage_ms(const struct rusage *usage)
{
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1e3 +
           (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e3;
}

/* Run a command with its output thrown away. -1, with a word about it, when it fails. */
static inline int run_command(char *const *argv, struct cost *out)
{
    double began = clock_ms(CLOCK_MONOTONIC);
    struct rusage usage;
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        execvp(argv[0], argv);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) < 0)
        return -1;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "%s failed (status %d)\n", argv[0], status);
        return -1;
    }
    *out = (struct cost){.cpu_ms = usage_ms(&usage),
                         .wall_ms = clock_ms(CLOCK_MONOTONIC) - began,
                         .peak_kb = (double)usage.ru_maxrss};
    return 0;
}

static inline int ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

/* Sorts them. */
static inline double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof(*values), ascending);
    return count % 2 ? values[count / 2]
                     : (values[count / 2 - 1] + values[count / 2]) / 2;
}

#endif
