/*
 * Run two commands in turn and compare what they cost: CPU (user and system) and peak
 * memory, each a median. Commands are separated by "--".
 *
 *     measure ROUNDS NAME COMMAND... -- NAME COMMAND...
 */
#include "bench/figures.h"

#include <string.h>

enum { MOST_ROUNDS = 1000 };

struct runs {
    char **argv;
    double cpu_ms[MOST_ROUNDS], wall_ms[MOST_ROUNDS], peak_kb[MOST_ROUNDS];
};

static int run_once(struct runs *runs, int round)
{
    struct cost cost;

    if (run_command(runs->argv + 1, &cost) < 0)
        return -1;
    runs->cpu_ms[round] = cost.cpu_ms;
    runs->wall_ms[round] = cost.wall_ms;
    runs->peak_kb[round] = cost.peak_kb;
    return 0;
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
