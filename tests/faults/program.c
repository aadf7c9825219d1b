/*
 * program CASES SEED [CASE]: the fault matrix through the program. Each case holds what
 * hvsnap says, in JSON and by its exit status, against the truth that hvsim keeps in a
 * file.
 *
 * HVSNAP and HVSIM name the programs, HVSNAP_HUNG a hvsnap whose resolver never answers;
 * SRCDIR is the source. The same seed makes the same cases. Prints one line of figures;
 * what is not true, with the commands that repeat it, goes to stderr.
 */
#include "faults/program.h"

#include "cli/command.h"
#include "faults/dice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* How many run beside each other: at first, and of those that ended late. */
enum { AT_ONCE = 16, AT_REST = 4 };

#define NAME "before the upgrade"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct program_verb verbs[] = {
    {"create web1", NULL, PROGRAM_CREATES, 8, "CreateSnapshot", NULL},
    {"create web1", NAME, PROGRAM_CREATES, 10, "CreateSnapshot", NULL},
    {"create web1", NAME, PROGRAM_CREATES, 10, "ModifySystemSettings", NULL},
    {"create web1 --detach", NULL, PROGRAM_CREATES, 5, "CreateSnapshot", NULL},
    {"ensure web1", NAME, PROGRAM_CREATES, 10, "CreateSnapshot", NULL},
    {"delete web1 " PROGRAM_SNAPSHOT, NULL, PROGRAM_DELETES, 8, "DestroySnapshot", NULL},
    {"delete web1 " PROGRAM_ROOT " --subtree --yes", NULL, PROGRAM_DELETES_TREE, 8,
     "DestroySnapshotTree", NULL},
    {"restore web1 " PROGRAM_SNAPSHOT " --force-off --yes", NULL, PROGRAM_RESTORES, 12,
     "ApplySnapshot", NULL},
    {"restore web1 " PROGRAM_SNAPSHOT " --save --start --yes", NULL, PROGRAM_RESTORES, 15,
     "RequestStateChange", NULL},
    {"set web1 " PROGRAM_SNAPSHOT, NAME, PROGRAM_SETS, 8, "ModifySystemSettings", NULL},
    {"prune web1 --keep-last 1", NULL, PROGRAM_PRUNES, 12, "DestroySnapshot", NULL},
    {"guard web1 --on-failure restore", NULL, PROGRAM_GUARDS, 22, "ApplySnapshot",
     "false"},
    {"guard web1 --on-success delete", NULL, PROGRAM_GUARDS, 16, "DestroySnapshot",
     "true"},
    {"list web1", NULL, PROGRAM_READS, 5, NULL, NULL},
    {"show web1 " PROGRAM_SNAPSHOT, NULL, PROGRAM_READS, 5, NULL, NULL},
    {"jobs", NULL, PROGRAM_READS, 5, NULL, NULL},
    {"vms", NULL, PROGRAM_READS, 5, NULL, NULL},
    {"doctor", NULL, PROGRAM_READS, 12, NULL, NULL},
};

static const struct program_door doors[] = {
    {"https://127.0.0.1:0", "basic"},
    {"https://127.0.0.1:0", "ntlm"},
    {"http://127.0.0.1:0", "ntlm"},
};

static const char *const faults[] = {
    "refuse",
    "reset-before",
    "reset-read",
    "reset-after",
    "reset-within",
    "close",
    "tls-cut",
    "late=500",
    "late=6000",
    "late-act=300",
    "late-act=1500",
    "hang",
    "drip=1",
    "drip=1000",
    "truncate",
    "garbage",
    "html",
    "duplicate",
    "wrong-relates-to",
    "damage=0",
    "damage=3",
    "damage=6",
    "damage=7",
    "damage=8",
    "damage=9",
    "bare=401",
    "bare=404",
    "status=400",
    "status=401",
    "status=403",
    "status=404",
    "status=413",
    "status=500",
    "status=503",
    "fault=0x5",
    "fault=0x80338029",
    "fault=0x80338029:1",
    "fault=0x80338035:1",
    "fault=0x8033804D:1",
    "fault=0x803381A6",
    "fault=0x803381FA",
    "fault=0x80041033",
    "return=32768",
    "return=32771",
    "return=32775",
    "job-fail",
    "job-odd",
    "job-part",
    "job-slow=1500",
    "job-stuck=40",
    "vm-moved",
    "vmms-restart",
    "clock-back=3600000",
    "clock-forward=3600000",
    "admin-create",
    "admin-apply",
    "admin-destroy",
    "admin-off",
    "admin-rename",
    "same-create",
    "same-destroy",
};

static const char *const verdicts[] = {"true",  "DUPLICATE", "LOSS", "WRONG",
                                       "CRASH", "HANG",      "LEAK"};

bool program_has(const struct program_case *c, const char *word)
{
    return strstr(c->faults[0], word) || strstr(c->faults[1], word);
}

static unsigned roll(uint64_t *dice, size_t sides)
{
    return (unsigned)(dice_roll(dice) % sides);
}

/* What goes wrong at which request. That it was turned away is a lie where it was not,
 * and only where all is sealed somebody on the way can tell it. */
static void choose_fault(const struct program_case *c, uint64_t *dice, char *out,
                         size_t size)
{
    unsigned at = 1 + roll(dice, c->verb->requests);
    bool change = roll(dice, 2) && c->verb->method;
    bool clear = strncmp(c->door->listen, "http:", 5) == 0;
    const char *what;

    do
        what = faults[roll(dice, COUNT(faults))];
    while (strncmp(what, "bare=", 5) == 0 && !clear);
    if (change)
        snprintf(out, size, "%s:%s", c->verb->method, what);
    else
        snprintf(out, size, "%u:%s", at, what);
}

static void choose(struct program_case *c, unsigned long seed)
{
    uint64_t dice = (seed + 1) * UINT64_C(88172645463325252) + c->number;
    unsigned hung;
    size_t i;

    for (i = 0; i < 5; i++)
        roll(&dice, 1);
    c->verb = &verbs[roll(&dice, COUNT(verbs))];
    c->door = &doors[roll(&dice, COUNT(doors))];
    hung = roll(&dice, 40);
    c->kdc_hangs = hung == 0;
    c->resolver_hangs = hung == 1;
    if (hung < 2)
        return;
    c->fault_count = 1 + roll(&dice, 3) / 2;
    for (i = 0; i < c->fault_count; i++)
        choose_fault(c, &dice, c->faults[i], sizeof(c->faults[i]));
}

/* Tried in one process only: these need a job to begin with. */
static const char *const exempt[] = {"wait", "cancel"};

static bool is_tried(const char *command)
{
    size_t len = strlen(command), i;

    for (i = 0; i < COUNT(exempt); i++)
        if (strcmp(exempt[i], command) == 0)
            return true;
    for (i = 0; i < COUNT(verbs); i++)
        if (strncmp(verbs[i].words, command, len) == 0 &&
            (!verbs[i].words[len] || verbs[i].words[len] == ' '))
            return true;
    return false;
}

/* Every command is tried: who adds one adds a row. */
static const char *untried(void)
{
#define NAME_OF(name) #name,
    static const char *const names[] = {COMMANDS(NAME_OF)};
    size_t i;

    for (i = 0; i < COUNT(names); i++)
        if (!is_tried(names[i]))
            return names[i];
    return NULL;
}

static void tell(const struct program_case *c)
{
    size_t i;

    fprintf(stderr, "#%lu %s: %s\n  hvsim --listen %s", c->number, verdicts[c->verdict],
            c->why, c->door->listen);
    for (i = 0; i < c->fault_count; i++)
        fprintf(stderr, " --fault %s", c->faults[i]);
    fprintf(stderr, "%s%s\n  hvsnap %s%s%s --auth %s --timeout %ds%s%s\n",
            c->kdc_hangs ? ", and a KDC that hangs" : "",
            c->resolver_hangs ? ", and a resolver that hangs" : "", c->verb->words,
            c->verb->name ? " --name " : "", c->verb->name ? c->verb->name : "",
            c->kdc_hangs ? "kerberos" : c->door->auth, PROGRAM_TIMEOUT_S,
            c->verb->guarded ? " -- " : "", c->verb->guarded ? c->verb->guarded : "");
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

    choose(&c, seed);
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

    if (!count || !getenv("HVSNAP") || !getenv("HVSNAP_HUNG") || !getenv("HVSIM") ||
        !getenv("SRCDIR")) {
        fprintf(stderr,
                "usage: HVSNAP=... HVSNAP_HUNG=... HVSIM=... SRCDIR=... %s CASES "
                "SEED [CASE]\n",
                argv[0]);
        return 2;
    }
    if (untried()) {
        fprintf(stderr, "program: no case tries '%s': add a row\n", untried());
        return 1;
    }
    if (argc > 3)
        return (int)do_case(strtoul(argv[3], NULL, 10), seed, TALK);
    return do_all(count, seed);
}
