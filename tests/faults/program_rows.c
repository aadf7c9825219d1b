#include "faults/program.h"

#include "cli/command.h"
#include "faults/dice.h"

#include <stdio.h>
#include <string.h>

#define NAME "before the upgrade"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* How long a job lasts that is waited for, and one that is to be there all the time. */
enum { SOON_MS = 1200, NEVER_MS = 900000 };

/* Of one host. */
#define ONE(words, name, effect, requests, method) \
    { \
        words, name, effect, requests, method, NULL, false, 0, 0, NULL \
    }
#define GUARD(words, requests, method, command) \
    { \
        words, NULL, PROGRAM_GUARDS, requests, method, command, false, 0, 0, NULL \
    }
/* Of one that is at a job. */
#define JOB(words, name, effect, requests, method, job_ms, manner) \
    { \
        words, name, effect, requests, method, NULL, false, 0, job_ms, manner \
    }
/* Of two. */
#define TWO(words, name, effect, requests, method, bound) \
    { \
        words, name, effect, requests, method, NULL, true, bound, 0, NULL \
    }

static const struct program_verb verbs[] = {
    ONE("create web1", NULL, PROGRAM_CREATES, 8, "CreateSnapshot"),
    ONE("create web1", NAME, PROGRAM_CREATES, 10, "CreateSnapshot"),
    ONE("create web1", NAME, PROGRAM_CREATES, 10, "ModifySystemSettings"),
    ONE("create web1 --detach", NULL, PROGRAM_CREATES, 5, "CreateSnapshot"),
    ONE("ensure web1", NAME, PROGRAM_CREATES, 10, "CreateSnapshot"),
    ONE("delete web1 " PROGRAM_SNAPSHOT, NULL, PROGRAM_DELETES, 8, "DestroySnapshot"),
    ONE("delete web1 " PROGRAM_ROOT " --subtree --yes", NULL, PROGRAM_DELETES_TREE, 8,
        "DestroySnapshotTree"),
    ONE("restore web1 " PROGRAM_SNAPSHOT " --force-off --yes", NULL, PROGRAM_RESTORES, 12,
        "ApplySnapshot"),
    ONE("restore web1 " PROGRAM_SNAPSHOT " --save --start --yes", NULL, PROGRAM_RESTORES,
        15, "RequestStateChange"),
    ONE("set web1 " PROGRAM_SNAPSHOT, NAME, PROGRAM_SETS, 8, "ModifySystemSettings"),
    ONE("prune web1 --keep-last 1", NULL, PROGRAM_PRUNES, 12, "DestroySnapshot"),
    GUARD("guard web1 --on-failure restore", 22, "ApplySnapshot", "false"),
    GUARD("guard web1 --on-success delete", 16, "DestroySnapshot", "true"),
    ONE("list web1", NULL, PROGRAM_READS, 5, NULL),
    ONE("show web1 " PROGRAM_SNAPSHOT, NULL, PROGRAM_READS, 5, NULL),
    ONE("vms", NULL, PROGRAM_READS, 5, NULL),
    ONE("doctor", NULL, PROGRAM_READS, 12, NULL),
    JOB("jobs", NULL, PROGRAM_READS, 5, NULL, NEVER_MS, NULL),
    JOB("wait JOB", NULL, PROGRAM_WAITS, 8, "Get", SOON_MS, NULL),
    JOB("wait JOB", NAME, PROGRAM_WAITS, 12, "ModifySystemSettings", SOON_MS, NULL),
    JOB("cancel JOB", NULL, PROGRAM_CANCELS, 6, "RequestStateChange", NEVER_MS, NULL),
    JOB("cancel JOB", NULL, PROGRAM_CANCELS, 8, "RequestStateChange", NEVER_MS,
        "job-stop=slow"),
    JOB("cancel JOB", NULL, PROGRAM_CANCELS, 8, "RequestStateChange", NEVER_MS,
        "job-stop=kill"),
    TWO("create web1", NULL, PROGRAM_CREATES, 8, "CreateSnapshot", 0),
    TWO("create web1", NAME, PROGRAM_CREATES, 10, "ModifySystemSettings", 0),
    TWO("create web1 --detach", NULL, PROGRAM_CREATES, 5, "CreateSnapshot", 0),
    TWO("create web1 --together", NULL, PROGRAM_CREATES, 8, "CreateSnapshot",
        PROGRAM_TOGETHER),
    TWO("create web1 --all-or-nothing", NAME, PROGRAM_CREATES, 12, "CreateSnapshot",
        PROGRAM_WHOLE),
    TWO("create web1 --all-or-nothing", NULL, PROGRAM_CREATES, 12, "DestroySnapshot",
        PROGRAM_WHOLE),
    TWO("create web1 --together --all-or-nothing", NAME, PROGRAM_CREATES, 12,
        "CreateSnapshot", PROGRAM_TOGETHER | PROGRAM_WHOLE),
    TWO("ensure web1", NAME, PROGRAM_CREATES, 10, "CreateSnapshot", 0),
    TWO("prune web1 --keep-last 1", NULL, PROGRAM_PRUNES, 12, "DestroySnapshot", 0),
    TWO("list web1", NULL, PROGRAM_READS, 5, NULL, 0),
    TWO("vms", NULL, PROGRAM_READS, 5, NULL, 0),
    {"jobs", NULL, PROGRAM_READS, 5, NULL, NULL, true, 0, NEVER_MS, NULL},
};

static const struct program_door doors[] = {
    {"https://127.0.0.1:0", "basic", 2},
    {"https://127.0.0.1:0", "ntlm", 4},
    {"http://127.0.0.1:0", "ntlm", 4},
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

static unsigned roll(uint64_t *dice, size_t sides)
{
    return (unsigned)(dice_roll(dice) % sides);
}

/* What goes wrong at which request. That it was turned away is a lie where it was not,
 * and only where all is sealed somebody on the way can tell it. */
static void choose_fault(const struct program_case *c, uint64_t *dice, char *out,
                         size_t size)
{
    unsigned before = c->verb->job_ms ? c->door->to_begin : 0;
    unsigned at = before + 1 + roll(dice, c->verb->requests);
    bool change = roll(dice, 2) && c->verb->method;
    bool login = roll(dice, 3) == 0 && c->verb->several; /* the others wait for it */
    bool clear = strncmp(c->door->listen, "http:", 5) == 0;
    const char *what;

    do
        what = faults[roll(dice, COUNT(faults))];
    while (strncmp(what, "bare=", 5) == 0 && !clear);
    if (login)
        snprintf(out, size, "%u:%s", before + 1 + at % 3, what);
    else if (change)
        snprintf(out, size, "%s:%s", c->verb->method, what);
    else
        snprintf(out, size, "%u:%s", at, what);
}

/* One of those whose words begin so. */
static const struct program_verb *choose_verb(uint64_t *dice, const char *only)
{
    size_t i, count = 0, nth;

    for (i = 0; i < COUNT(verbs); i++)
        count += strncmp(verbs[i].words, only, strlen(only)) == 0;
    if (!count)
        return NULL;
    nth = roll(dice, count);
    for (i = 0;; i++)
        if (strncmp(verbs[i].words, only, strlen(only)) == 0 && !nth--)
            return &verbs[i];
}

bool program_choose(struct program_case *c, unsigned long seed, const char *only)
{
    uint64_t dice = (seed + 1) * UINT64_C(88172645463325252) + c->number;
    unsigned hung;
    size_t i;

    for (i = 0; i < 5; i++)
        roll(&dice, 1);
    c->verb = choose_verb(&dice, only ? only : "");
    if (!c->verb)
        return false;
    c->host_count = c->verb->several ? 2 : 1;
    c->timeout_s = c->verb->several ? PROGRAM_SEVERAL_S : PROGRAM_ONE_S;
    c->door = &doors[roll(&dice, COUNT(doors))];
    c->faulty = roll(&dice, c->host_count);
    hung = roll(&dice, 40);
    c->kdc_hangs = hung == 0 && !c->verb->several;
    c->resolver_hangs = hung == 1 && !c->verb->several && !c->verb->job_ms;
    if (c->kdc_hangs || c->resolver_hangs)
        return true;
    c->fault_count = 1 + roll(&dice, 3) / 2;
    for (i = 0; i < c->fault_count; i++)
        choose_fault(c, &dice, c->faults[i], sizeof(c->faults[i]));
    return true;
}

static bool is_tried(const char *command)
{
    size_t len = strlen(command), i;

    for (i = 0; i < COUNT(verbs); i++)
        if (strncmp(verbs[i].words, command, len) == 0 &&
            (!verbs[i].words[len] || verbs[i].words[len] == ' '))
            return true;
    return false;
}

/* Every command is tried: who adds one adds a row. */
const char *program_untried(void)
{
#define NAME_OF(name) #name,
    static const char *const names[] = {COMMANDS(NAME_OF)};
    size_t i;

    for (i = 0; i < COUNT(names); i++)
        if (!is_tried(names[i]))
            return names[i];
    return NULL;
}
