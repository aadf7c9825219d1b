/*
 * program CASES SEED [CASE]: the fault matrix through the program. Each case holds what
 * hvsnap says, in JSON and by its exit status, against the truth that hvsim keeps in a
 * file. A third of them are of two hosts, and something goes wrong at one of these.
 *
 * ONLY in the environment is what the words of a command begin with: no others then.
 * HVSNAP and HVSIM name the programs, HVSNAP_HUNG a hvsnap whose resolver never answers;
 * SRCDIR is the source. The same seed makes the same cases. Prints one line of figures;
 * what is not true, with the commands that repeat it, goes to stderr.
 */
#include "faults/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* How many run beside each other: at first, and of those that ended late. */
enum { AT_ONCE = 16, AT_REST = 4 };

static const char *const verdicts[] = {"true",  "DUPLICATE", "LOSS", "WRONG",
                                       "CRASH", "HANG",      "LEAK"};

bool program_has(const struct program_case *c, const char *word)
{
    return strstr(c->faults[0], word) || strstr(c->faults[1], word);
}

static void tell(const struct program_case *c)
{
    const struct program_verb *verb = c->verb;
    size_t i;

    fprintf(stderr, "#%lu %s: %s\n  hvsim --listen %s", c->number, verdicts[c->verdict],
            c->why, c->door->listen);
    if (verb->manner)
        fprintf(stderr, " --set %s", verb->manner);
    for (i = 0; i < c->fault_count; i++)
        fprintf(stderr, " --fault %s", c->faults[i]);
    if (verb->several)
        fprintf(stderr, ", which is %s, beside one without", c->hosts[c->faulty].label);
    if (verb->job_ms)
        fprintf(stderr, ", at a job of %u ms", verb->job_ms);
    fprintf(stderr, "%s%s\n  hvsnap %s%s%s --auth %s --timeout %ds%s%s\n",
            c->kdc_hangs ? ", and a KDC that hangs" : "",
            c->resolver_hangs ? ", and a resolver that hangs" : "", verb->words,
            verb->name ? " --name " : "", verb->name ? verb->name : "",
            c->kdc_hangs ? "kerberos" : c->door->auth, c->timeout_s,
            verb->guarded ? " -- " : "", verb->guarded ? verb->guarded : "");
    fprintf(stderr, "  status %d after %lld ms\n%s%s",
            WIFEXITED(c->status) ? WEXITSTATUS(c->status) : -1, (long long)c->took_ms,
            c->out, c->err);
}

/* Beside many others; beside a few; by itself, with all that is said. */
enum how { BESIDE, APART, TALK };

static enum program_verdict do_case(unsigned long number, unsigned long seed,
                                    enum how how)
{
    struct program_case c = {.number = number};

    program_choose(&c, seed, getenv("ONLY"));
    program_do(&c);
    program_judge(&c);
    if (how == TALK ||
        (c.verdict != PROGRAM_TRUE && (how == APART || c.verdict != PROGRAM_HANG)))
        tell(&c);
    program_clear(&c);
    return c.verdict;
}

static void print(unsigned long count, const unsigned long *tally)
{
    printf(
        "through the program: cases %lu, duplicates %lu, losses %lu, wrong claims %lu, "
        "crashes %lu, hangs %lu, leaks %lu\n",
        count, tally[PROGRAM_DUPLICATE], tally[PROGRAM_LOSS], tally[PROGRAM_WRONG],
        tally[PROGRAM_CRASH], tally[PROGRAM_HANG], tally[PROGRAM_LEAK]);
}

/* In a process of its own: its exit status is the verdict. */
static pid_t begin(unsigned long number, unsigned long seed, enum how how)
{
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid < 0)
        abort();
    if (pid == 0)
        _exit((int)do_case(number, seed, how));
    return pid;
}

static enum program_verdict verdict_of(int status)
{
    if (!WIFEXITED(status) || WEXITSTATUS(status) >= PROGRAM_VERDICTS)
        return PROGRAM_CRASH;
    return (enum program_verdict)WEXITSTATUS(status);
}

/* The cases whose verdict is `those`, so many at once. */
static void do_those(enum program_verdict *came, unsigned long count,
                     enum program_verdict those, unsigned long seed, enum how how)
{
    unsigned long next = 0, running = 0, most = how == BESIDE ? AT_ONCE : AT_REST, i;
    pid_t *pids = calloc(count, sizeof(*pids)), pid;
    int status;

    if (!pids)
        abort();
    while (next < count || running) {
        if (next < count && running < most) {
            if (came[next] == those) {
                pids[next] = begin(next, seed, how);
                running++;
            }
            next++;
            continue;
        }
        pid = wait(&status);
        running--;
        for (i = 0; i < next; i++)
            if (pids[i] == pid) {
                came[i] = verdict_of(status);
                pids[i] = 0;
            }
    }
    free(pids);
}

/* All cases. One that ended late may have had to wait for the others: it is done again
 * when they are through. */
static int do_all(unsigned long count, unsigned long seed)
{
    unsigned long tally[PROGRAM_VERDICTS] = {0}, i;
    enum program_verdict *came = calloc(count, sizeof(*came));

    if (!came)
        abort();
    do_those(came, count, PROGRAM_TRUE, seed, BESIDE);
    do_those(came, count, PROGRAM_HANG, seed, APART);
    for (i = 0; i < count; i++)
        tally[came[i]]++;
    free(came);
    print(count, tally);
    return tally[PROGRAM_TRUE] == count ? 0 : 1;
}

int main(int argc, char **argv)
{
    unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    struct program_case first = {0};

    if (!count || !getenv("HVSNAP") || !getenv("HVSNAP_HUNG") || !getenv("HVSIM") ||
        !getenv("SRCDIR")) {
        fprintf(stderr,
                "usage: HVSNAP=... HVSNAP_HUNG=... HVSIM=... SRCDIR=... %s CASES "
                "SEED [CASE]\n",
                argv[0]);
        return 2;
    }
    if (program_untried()) {
        fprintf(stderr, "program: no case tries '%s': add a row\n", program_untried());
        return 1;
    }
    if (!program_choose(&first, seed, getenv("ONLY"))) {
        fprintf(stderr, "program: no case of '%s'\n", getenv("ONLY"));
        return 2;
    }
    if (argc > 3)
        return (int)do_case(strtoul(argv[3], NULL, 10), seed, TALK);
    return do_all(count, seed);
}
