/*
 * Run two commands in turn and compare what they cost: CPU (user and system) and peak
 * memory, each a median. Commands are separated by "--".
 *
 *     measure ROUNDS NAME COMMAND... -- NAME COMMAND...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

enum { MOST_ROUNDS = 1000 };

struct runs {
    char **argv;
    double cpu_ms[MOST_ROUNDS], wall_ms[MOST_ROUNDS], peak_kb[MOST_ROUNDS];
};

/* wait4() is everywhere we run, and in no standard; POSIX has RUSAGE_CHILDREN alone,
 * which adds up. */
pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage);

static double ms(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

static double wall(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int run_once(struct runs *runs, int round)
{
    struct rusage usage;
    double began = wall();
    int status = 0, null;
    pid_t pid = fork();

    if (pid == 0) {
        null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execvp(runs->argv[1], runs->argv + 1);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) < 0)
        return -1;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "%s failed (status %d)\n", runs->argv[0], status);
        return -1;
    }
    runs->cpu_ms[round] = ms(usage.ru_utime) + ms(usage.ru_stime);
    runs->wall_ms[round] = wall() - began;
    runs->peak_kb[round] = (double)usage.ru_maxrss;
    return 0;
}

static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof(*values), ascending);
    return count % 2 ? values[count / 2]
                     : (values[count / 2 - 1] + values[count / 2]) / 2;
}

int main(int argc, char **argv)
{
    static struct runs runs[2];
    double cpu[2], time_ms[2], peak[2];
    int rounds, i, k, split = 0;

    for (i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            argv[i] = NULL;
            split = i;
        }
    }
    rounds = argc > 2 ? (int)strtol(argv[1], NULL, 10) : 0;
    if (rounds < 1 || rounds > MOST_ROUNDS || split < 4 || split + 2 >= argc) {
        fprintf(stderr, "usage: %s ROUNDS NAME COMMAND... -- NAME COMMAND...\n", argv[0]);
        return 2;
    }
    runs[0].argv = argv + 2;
    runs[1].argv = argv + split + 1;
    for (i = 0; i < rounds; i++)
        for (k = 0; k < 2; k++)
            if (run_once(&runs[k], i) < 0)
                return 1;
    for (k = 0; k < 2; k++) {
        cpu[k] = median(runs[k].cpu_ms, rounds);
        time_ms[k] = median(runs[k].wall_ms, rounds);
        peak[k] = median(runs[k].peak_kb, rounds);
        printf("%-24s %7.2f ms CPU %8.2f ms %9.0f KiB\n", runs[k].argv[0], cpu[k],
               time_ms[k], peak[k]);
    }
    printf("%-24s %7.2f x   CPU %8.2f x  %+9.0f KiB\n", "ratio", cpu[0] / cpu[1],
           time_ms[0] / time_ms[1], peak[0] - peak[1]);
    return 0;
}
