#include "faults/matrix.h"

#include "faults/dice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* The sanitizer's own look for leaks, where there is one. */
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

static const struct operations *const commands_of[] = {
#define FAULTS_OF(name) &faults_##name,
    COMMANDS(FAULTS_OF)};

static const uint32_t timeouts[] = {600000, 20000};
static const char *const logins[WIRE_LOGINS] = {"tls", "legs", "sealed"};
enum { MOST_CRASHES = 20, LOOK_EACH = 50 };

static const char *const verdicts[VERDICTS] = {"true", "DUPLICATE", "LOSS", "WRONG",
                                               "HANG"};

/* Shared with the process that does the work, so that a crash leaves it. */
struct shared {
    struct tally tally;
    long at; /* the case under way */
    char about[300];
};

/* A walk over the cases of an operation: the same for the same options. */
struct walk {
    const struct matrix_opts *opts;
    const struct operation *operation;
    struct shared *shared;
    long next; /* the number of the next case */
    long from; /* those before were done by a process that crashed */
    uint64_t dice;
    bool over;
};

size_t matrix_operations(void)
{
    size_t i, count = 0;

    for (i = 0; i < COUNT(commands_of); i++)
        count += commands_of[i]->count;
    return count;
}

static const struct operation *operation_at(size_t at)
{
    size_t i;

    for (i = 0; at >= commands_of[i]->count; i++)
        at -= commands_of[i]->count;
    return &commands_of[i]->rows[at];
}

const char *matrix_operation(size_t i)
{
    return operation_at(i)->name;
}

static bool chosen(const struct walk *walk, long number)
{
    uint64_t dice = ((uint64_t)walk->opts->seed << 32) + (uint64_t)number + 1;

    if (walk->opts->alone >= 0)
        return number == walk->opts->alone;
    dice_roll(&dice);
    return walk->opts->part <= 1 || (dice_roll(&dice) >> 33) % walk->opts->part == 0;
}

static void describe(const struct trial *trial, long number, char *out, size_t size)
{
    size_t i, len;

    snprintf(out, size, "%s #%ld (%s, %u s)", trial->operation->name, number,
             logins[trial->login], (unsigned)(trial->timeout_ms / 1000));
    for (i = 0; i < trial->fault_count; i++) {
        len = strlen(out);
        snprintf(out + len, size - len, " %u:%s", trial->faults[i].at,
                 trial->faults[i].fault->what);
    }
}

static void count(struct walk *walk, const struct trial *trial)
{
    struct tally *tally = &walk->shared->tally;

    tally->cases++;
    tally->verdicts[trial->verdict]++;
    tally->unknown += trial->claim.outcome == HVS_OUTCOME_UNKNOWN;
    tally->failed += trial->claim.err.domain != 0;
    if (trial->verdict != VERDICT_TRUE || walk->opts->talk)
        fprintf(stderr, "%s: %s%s%s; it said %s, %s\n", walk->shared->about,
                verdicts[trial->verdict], trial->why[0] ? ": " : "", trial->why,
                hvs_outcome_name(trial->claim.outcome),
                trial->claim.err.domain ? trial->claim.err.message : "well");
    if (trial->verdict != VERDICT_TRUE && walk->opts->first)
        walk->over = true;
}

/* A look takes longer than a case. */
static void look_for_leaks(const struct walk *walk)
{
    if (!__lsan_do_recoverable_leak_check || !__lsan_do_recoverable_leak_check())
        return;
    walk->shared->tally.leaks++;
    fprintf(stderr, "%s: LEAK, or in one of the %d cases before\n", walk->shared->about,
            LOOK_EACH);
    _exit(0);
}

static void do_case(struct walk *walk, struct trial *trial)
{
    long number = walk->next++;

    if (walk->over || number < walk->from || !chosen(walk, number))
        return;
    trial->verdict = VERDICT_TRUE;
    trial->why[0] = '\0';
    walk->shared->at = number;
    describe(trial, number, walk->shared->about, sizeof(walk->shared->about));
    trial_do(trial);
    count(walk, trial);
    trial_clear(trial);
    if (walk->shared->tally.cases % LOOK_EACH == 0)
        look_for_leaks(walk);
}

/* Faults that no operation with this login can meet. */
static bool fits(const struct trial *trial, const struct fault *fault)
{
    if (strcmp(fault->what, "kdc-hang") == 0)
        return trial->login != WIRE_BASIC;
    return !(fault->flags & FAULT_SEALED) || trial->login == WIRE_SEALED;
}

/* At and after each change: it breaks, or its job goes wrong, and somebody else is at
 * work there too, or at the clock; or the host denies what is there. */
static void rivals(struct walk *walk, struct trial *trial, const unsigned *changes,
                   size_t count)
{
    static const unsigned after[] = {0, 1, 2, 4};
    static const unsigned others = FAULT_RIVAL | FAULT_SPOIL | FAULT_CLOCK | FAULT_GONE;
    size_t c, i, n, a;

    trial->fault_count = 2;
    trial->timeout_ms = timeouts[0];
    for (c = 0; c < count; c++)
        for (i = 0; i < fault_kind_count; i++)
            for (n = 0; n < fault_kind_count; n++)
                for (a = 0; a < COUNT(after); a++) {
                    if (!(fault_kinds[i].flags & (FAULT_BREAK | FAULT_SPOIL)) ||
                        !(fault_kinds[n].flags & others) ||
                        !fits(trial, &fault_kinds[n]) ||
                        fault_kinds[i].flags & FAULT_RIVAL)
                        continue;
                    trial->faults[0].fault = &fault_kinds[i];
                    trial->faults[0].at = changes[c];
                    trial->faults[1].fault = &fault_kinds[n];
                    trial->faults[1].at = changes[c] + after[a];
                    do_case(walk, trial);
                }
}

static void singles(struct walk *walk, struct trial *trial, unsigned requests)
{
    size_t i, t;
    unsigned k;

    trial->fault_count = 1;
    for (t = 0; t < COUNT(timeouts); t++)
        for (k = 1; k <= requests; k++)
            for (i = 0; i < fault_kind_count; i++) {
                trial->timeout_ms = timeouts[t];
                trial->faults[0].fault = &fault_kinds[i];
                trial->faults[0].at = k;
                if (fits(trial, &fault_kinds[i]))
                    do_case(walk, trial);
            }
}

/* The second one may hit what finds out about the first. */
static void pairs(struct walk *walk, struct trial *trial, unsigned requests)
{
    unsigned n, i;

    trial->fault_count = 2;
    for (n = 0; n < walk->opts->pairs; n++) {
        trial->timeout_ms = timeouts[dice_roll(&walk->dice) % COUNT(timeouts)];
        for (i = 0; i < 2; i++) {
            trial->faults[i].fault =
                &fault_kinds[dice_roll(&walk->dice) % fault_kind_count];
            trial->faults[i].at = 1 +
                                  (unsigned)(dice_roll(&walk->dice) % (requests + i * 6));
        }
        if (fits(trial, trial->faults[0].fault) && fits(trial, trial->faults[1].fault))
            do_case(walk, trial);
    }
}

static void all_cases(struct walk *walk)
{
    struct trial trial = {.operation = walk->operation};
    int login;

    walk->dice = walk->opts->seed * UINT64_C(2654435761) + 88172645463325252;
    for (login = 0; login < WIRE_LOGINS; login++) {
        unsigned requests, changes[COUNT(trial.wire.changes)];
        size_t change_count;

        if (walk->opts->login && strcmp(walk->opts->login, logins[login]) != 0)
            continue;
        /* without a fault: it must go well, and it counts the requests */
        trial.login = (enum wire_login)login;
        trial.timeout_ms = timeouts[0];
        trial.fault_count = 0;
        trial.verdict = VERDICT_TRUE;
        trial_do(&trial);
        requests = (unsigned)trial.requests;
        change_count = trial.wire.change_count;
        memcpy(changes, trial.wire.changes, sizeof(changes));
        if (trial.verdict != VERDICT_TRUE || trial.claim.err.domain) {
            fprintf(stderr, "%s: without a fault: %s %s\n", walk->operation->name,
                    trial.why, trial.claim.err.message);
            walk->shared->tally.verdicts[VERDICT_WRONG]++;
        }
        trial_clear(&trial);
        singles(walk, &trial, requests);
        pairs(walk, &trial, requests);
        rivals(walk, &trial, changes, change_count);
    }
}

/* Begin a process that does the cases from walk->from on: a crash is a case too. */
static pid_t begin(struct walk *walk)
{
    pid_t pid;

    walk->next = 0;
    fflush(NULL);
    pid = fork();
    if (pid < 0)
        abort();
    if (pid == 0) {
        all_cases(walk);
        walk->shared->tally.total = (unsigned long)walk->next;
        look_for_leaks(walk);
        _exit(0);
    }
    return pid;
}

static struct shared *new_shared(void)
{
    FILE *file = tmpfile();
    struct shared *shared;

    if (!file || ftruncate(fileno(file), sizeof(*shared)) < 0)
        abort();
    shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file),
                  0);
    if (shared == MAP_FAILED)
        abort();
    fclose(file);
    shared->at = -1;
    return shared;
}

static bool wanted(const struct matrix_opts *opts, size_t i)
{
    return !opts->only ||
           strncmp(operation_at(i)->name, opts->only, strlen(opts->only)) == 0;
}

/* One process has ended: begin it again behind the case that it crashed at, or keep what
 * it counted. */
static void ended(struct walk *walk, pid_t *pid, int status, struct tally *tally)
{
    struct shared *shared = walk->shared;

    if (status) {
        fprintf(stderr, "%s: CRASH: status %d\n", shared->about, status);
        shared->tally.crashes++;
    }
    walk->from = shared->at + 1;
    if (status && shared->tally.crashes < MOST_CRASHES) {
        *pid = begin(walk);
        return;
    }
    *pid = 0;
    *tally = shared->tally;
    munmap(shared, sizeof(*shared));
}

void matrix_run(const struct matrix_opts *opts, struct tally *tallies)
{
    size_t count = matrix_operations(), next = 0, running = 0, i;
    struct walk *walks = calloc(count, sizeof(*walks));
    pid_t *pids = calloc(count, sizeof(*pids)), pid;
    int status;

    if (!walks || !pids)
        abort();
    while (next < count || running) {
        if (next < count && running < opts->jobs) {
            i = next++;
            if (!wanted(opts, i))
                continue;
            walks[i] = (struct walk){.opts = opts,
                                     .operation = operation_at(i),
                                     .shared = new_shared()};
            pids[i] = begin(&walks[i]);
            running++;
            continue;
        }
        pid = waitpid(-1, &status, 0);
        for (i = 0; pid > 0 && i < count; i++)
            if (pids[i] == pid) {
                ended(&walks[i], &pids[i], status, &tallies[i]);
                running -= !pids[i];
                if (opts->first && tallies[i].verdicts[VERDICT_TRUE] < tallies[i].cases)
                    next = count;
                break;
            }
    }
    free(walks);
    free(pids);
}
