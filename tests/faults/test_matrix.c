/*
 * Whatever breaks: never twice, never lost, and nothing claimed that is not so.
 *
 *     test_matrix                   a tenth of those of `make check-faults`
 *     test_matrix --cases 7000 --line   so many, and what came of them in one line
 *     test_matrix --only create --alone 4711 --talk     a case again
 */
#include "faults/matrix.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 4, PAIRS = 120, CASES = 700 };

static bool all_true(const struct tally *tally)
{
    return tally->verdicts[VERDICT_TRUE] == tally->cases &&
           !tally->verdicts[VERDICT_WRONG] && !tally->crashes && !tally->leaks;
}

static void print(const struct tally *t)
{
    printf("cases %lu, duplicates %lu, losses %lu, wrong claims %lu, crashes %lu, "
           "hangs %lu, leaks %lu\n",
           t->cases, t->verdicts[VERDICT_DUPLICATE], t->verdicts[VERDICT_LOSS],
           t->verdicts[VERDICT_WRONG], t->crashes, t->verdicts[VERDICT_HANG], t->leaks);
}

static void add(struct tally *sum, const struct tally *one)
{
    size_t v;

    sum->cases += one->cases;
    for (v = 0; v < VERDICTS; v++)
        sum->verdicts[v] += one->verdicts[v];
    sum->crashes += one->crashes;
    sum->leaks += one->leaks;
    sum->unknown += one->unknown;
    sum->failed += one->failed;
}

/* One of how many cases makes about so many? */
static unsigned part_for(unsigned long cases, const struct matrix_opts *opts)
{
    size_t i, count = matrix_operations();
    struct tally *tallies = calloc(count, sizeof(*tallies));
    struct matrix_opts none = *opts;
    unsigned long total = 0;

    if (!tallies)
        abort();
    none.part = UINT_MAX;
    matrix_run(&none, tallies);
    for (i = 0; i < count; i++)
        total += tallies[i].total;
    free(tallies);
    return total > cases ? (unsigned)(total / cases) : 1;
}

static void read_args(struct matrix_opts *opts, unsigned long *cases, char **argv)
{
    for (; *argv; argv++) {
        if (strcmp(*argv, "--part") == 0 && argv[1])
            opts->part = (unsigned)strtoul(*++argv, NULL, 10);
        else if (strcmp(*argv, "--cases") == 0 && argv[1])
            *cases = strtoul(*++argv, NULL, 10);
        else if (strcmp(*argv, "--jobs") == 0 && argv[1])
            opts->jobs = (unsigned)strtoul(*++argv, NULL, 10);
        else if (strcmp(*argv, "--line") == 0)
            opts->line = true;
        else if (strcmp(*argv, "--first") == 0)
            opts->first = true;
        else if (strcmp(*argv, "--talk") == 0)
            opts->talk = true;
        else if (strcmp(*argv, "--only") == 0 && argv[1])
            opts->only = *++argv;
        else if (strcmp(*argv, "--login") == 0 && argv[1])
            opts->login = *++argv;
        else if (strcmp(*argv, "--alone") == 0 && argv[1])
            opts->alone = strtol(*++argv, NULL, 10);
        else if (strcmp(*argv, "--seed") == 0 && argv[1])
            opts->seed = (unsigned)strtoul(*++argv, NULL, 10);
        else {
            fprintf(stderr, "test_matrix: what is '%s'?\n", *argv);
            exit(2);
        }
    }
}

int main(int argc, char **argv)
{
    struct matrix_opts opts = {.seed = SEED, .pairs = PAIRS, .alone = -1, .jobs = 1};
    size_t i, count = matrix_operations();
    struct tally *tallies = calloc(count, sizeof(*tallies)), sum = {0};
    const char *few = getenv("FAULTS_CASES");
    unsigned long cases = few ? strtoul(few, NULL, 10) : CASES;
    bool good = true;

    if (!tallies)
        return 2;
    read_args(&opts, &cases, argv + (argc > 0));
    if (!opts.part)
        opts.part = cases && opts.alone < 0 ? part_for(cases, &opts) : 1;
    matrix_run(&opts, tallies);
    if (!opts.line)
        printf("1..%zu\n", count);
    for (i = 0; i < count; i++) {
        const struct tally *tally = &tallies[i];

        if (opts.only && !tally->cases)
            continue;
        good = good && all_true(tally);
        add(&sum, tally);
        if (opts.line)
            continue;
        printf("%s %zu - %s (%lu cases, %lu failed, %lu unknown)\n",
               all_true(tally) ? "ok" : "not ok", i + 1, matrix_operation(i),
               tally->cases, tally->failed, tally->unknown);
    }
    print(&sum);
    free(tallies);
    return good && sum.cases ? 0 : 1;
}
