/*
 * Memory runs out at every place of the program: once, and for good. Then there is an
 * error that says so, and what is claimed beside it is so; or, where it can do without,
 * all that there is when nothing fails. It never crashes, leaks, or takes a part for the
 * whole.
 *
 *     test_memory                           some of the places, evenly
 *     MEMORY_TRIES=0 test_memory            all of them
 *     MEMORY_ONLY=create test_memory        rows whose name begins so
 *     MEMORY_AT="0 17 0" MEMORY_ONLY=... test_memory    one, with all that is said
 */
#include "faults/memory.h"
#include "faults/numbers.h"

#include <hvsnap/error.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

/* TOGETHER: tries that are judged together. */
enum { TRIES = 3, NAME_ROOM = 100, TOGETHER = 200, LONG_S = 200, SHORT_S = 10 };

#define NAME "before the upgrade"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define KRB5_USER "--user hvuser@HVSNAP.TEST "
#define DOES(line, called, does) \
    { \
        .words = (line), .name = (called), .effect = (does) \
    }
#define GUARDS(line, command) \
    { \
        .words = (line), .effect = PROGRAM_GUARDS, .guarded = (command) \
    }

static const struct memory_row rows[] = {
    {.verb = DOES("create web1", NAME, PROGRAM_CREATES), .output = "json"},
    {.verb = DOES("create web1", NULL, PROGRAM_CREATES), .output = "wide"},
    {.verb = DOES("create web1 --label a=b --ttl 1d --checkpoint standard", NAME,
                  PROGRAM_CREATES),
     .output = "json",
     .login = LOGIN_NTLM},
    {.verb = DOES("create web1 --replace", "fresh install", PROGRAM_CREATES),
     .output = "name"},
    {.verb = DOES("create --together --inventory " FILE_INI " @tier=1", NULL,
                  PROGRAM_CREATES),
     .output = "json"},
    {.verb = DOES("create web1 --detach", NULL, PROGRAM_CREATES), .output = "ndjson"},
    {.verb = DOES("ensure web1", NAME, PROGRAM_CREATES), .output = "json"},
    {.verb = DOES("list web1", NULL, PROGRAM_READS), .output = "json"},
    {.verb = DOES("list web1", NULL, PROGRAM_READS), .output = "ndjson"},
    {.verb = DOES("list", NULL, PROGRAM_READS), .output = "wide"},
    {.verb = DOES("list --sort -created,name", NULL, PROGRAM_READS)},
    {.verb = DOES("list", NULL, PROGRAM_READS), .output = "name"},
    {.verb = DOES("list --tree", NULL, PROGRAM_READS), .login = LOGIN_NTLM},
    {.verb = DOES("list --tree", NULL, PROGRAM_READS), .login = LOGIN_SEALED},
    {.verb = DOES("list --inventory " FILE_INI " @prod", NULL, PROGRAM_READS)},
    {.verb = DOES("list --inventory " FILE_JSON " @all", NULL, PROGRAM_READS),
     .misread = true},
    {.verb = DOES("list --targets " FILE_TARGETS, NULL, PROGRAM_READS)},
    {.verb = DOES("list --label env=prod --match b*", NULL, PROGRAM_READS),
     .config = true},
    {.verb = DOES("list --trace", NULL, PROGRAM_READS), .varies = true},
    {.verb = DOES("show web1 " PROGRAM_SNAPSHOT, NULL, PROGRAM_READS)},
    {.verb = DOES("show web1 " PROGRAM_SNAPSHOT, NULL, PROGRAM_READS), .output = "json"},
    {.verb = DOES("delete web1 " PROGRAM_SNAPSHOT, NULL, PROGRAM_DELETES),
     .output = "json"},
    {.verb = DOES("delete web1 " PROGRAM_SNAPSHOT " --wait-merge", NULL,
                  PROGRAM_DELETES)},
    {.verb = DOES("delete web1 " PROGRAM_ROOT " --subtree --yes", NULL,
                  PROGRAM_DELETES_TREE),
     .output = "json"},
    {.verb = DOES("delete web1 " PROGRAM_ROOT " --subtree --yes", NULL,
                  PROGRAM_DELETES_TREE)},
    {.verb = DOES("restore web1 " PROGRAM_SNAPSHOT " --force-off --yes", NULL,
                  PROGRAM_RESTORES),
     .output = "json"},
    {.verb = DOES("set web1 " PROGRAM_SNAPSHOT " --label c=d", NAME, PROGRAM_SETS),
     .output = "json"},
    {.verb = DOES("prune web1 --keep-last 1", NULL, PROGRAM_PRUNES), .output = "json"},
    {.verb = DOES("prune web1 --keep-last 1 --dry-run", NULL, PROGRAM_READS)},
    {.verb = GUARDS("guard web1 --on-success delete", "true"), .output = "json"},
    {.verb = DOES("jobs", NULL, PROGRAM_READS), .output = "json"},
    {.verb = DOES("vms", NULL, PROGRAM_READS), .output = "json", .varies = true},
    {.verb = DOES("vms", NULL, PROGRAM_READS)},
    {.verb = DOES("doctor --report report --report-names no", NULL, PROGRAM_READS),
     .file = "report",
     .varies = true},
    {.verb = DOES("doctor", NULL, PROGRAM_READS),
     .output = "json",
     .login = LOGIN_NTLM,
     .varies = true},
    {.verb = DOES("list " KRB5_USER "--password-file ../password", NULL, PROGRAM_READS),
     .output = "json",
     .login = LOGIN_KRB5},
    {.verb = DOES("list", NULL, PROGRAM_READS), .login = LOGIN_KRB5},
    {.verb = DOES("list " KRB5_USER "--keytab ../user.keytab", NULL, PROGRAM_READS),
     .login = LOGIN_KRB5},
};

struct result {
    const struct memory_row *row;
    char name[NAME_ROOM];
    struct memory_try good; /* where nothing fails */
    int timeout_s;          /* by what that took here: all hold on to their time */
    unsigned long places, tried, hit, well;
    bool bad;
};

/* program_judge() asks: no fault but ours. */
bool program_has(const struct program_case *c, const char *word)
{
    (void)c;
    (void)word;
    return false;
}

static void is(char *why, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void is(char *why, const char *fmt, ...)
{
    va_list args;

    if (*why)
        return;
    va_start(args, fmt);
    vsnprintf(why, 300, fmt, args);
    va_end(args);
}

static int code_of(const struct memory_try *one)
{
    return WIFEXITED(one->status) ? WEXITSTATUS(one->status) : -1;
}

static const json_t *changes_of(const json_t *state)
{
    return json_object_get(json_array_get(json_object_get(state, "hosts"), 0), "changes");
}

static bool is_same_change(const struct memory_try *a, const struct memory_try *b)
{
    const json_t *one = changes_of(a->after), *other = changes_of(b->after);
    size_t count = json_array_size(one), i;

    for (i = 0; i < count; i++)
        if (json_integer_value(json_object_get(json_array_get(one, i), "type")) !=
            json_integer_value(json_object_get(json_array_get(other, i), "type")))
            return false;
    return count == json_array_size(other);
}

/* --- the verdict */

static void judge_end(const struct memory_try *one, char *why)
{
    int code = code_of(one);

    if (strstr(one->err, "LeakSanitizer"))
        is(why, "memory is lost");
    if (code < 0 || strstr(one->err, "Sanitizer") || strstr(one->err, "runtime error"))
        is(why, "it ended with %d", one->status);
    if (!one->told)
        is(why, "it did not come to its end");
    if (one->file && strstr(one->file, "hvuser"))
        is(why, "a name that was to be hidden");
    if (one->live)
        is(why, "%lu allocations are lost", one->live);
}

/* As if nothing had failed, in what is printed and in what is done. */
static void judge_success(const struct memory_row *row, const struct memory_try *good,
                          const struct memory_try *one, char *why)
{
    bool exact = row->verb.effect == PROGRAM_READS && !row->varies;

    if (!memory_same(good->out, one->out, exact))
        is(why, "no error, and another output");
    if (!memory_same(good->file, one->file, exact))
        is(why, "no error, and another file");
    if (!is_same_change(good, one))
        is(why, "no error, and other changes");
}

/* 125 is what guard fails with; all others are in the manual page. */
static bool is_status(const struct memory_row *row, int code)
{
    if (row->verb.guarded)
        return code == 125;
    if (row->misread && code == HVS_CLASS_USAGE)
        return true;
    return code == HVS_CLASS_FAILED || code == HVS_CLASS_PARTIAL ||
           code == HVS_CLASS_DEADLINE || code == HVS_CLASS_UNKNOWN;
}

static void judge_failure(const struct memory_row *row, const struct memory_try *one,
                          char *why)
{
    int code = code_of(one);

    if (!is_status(row, code))
        is(why, "exit status %d", code);
    /* what came of a change may matter more, and the time may not last to find out */
    if (code == HVS_CLASS_DEADLINE || code == HVS_CLASS_UNKNOWN || row->misread ||
        strstr(one->err, "the time was over"))
        return;
    if (!strstr(one->err, "out of memory") && !strstr(one->out, "out of memory"))
        is(why, "it does not say why");
}

/* What the document claims, where there is one, against what is so. */
static void judge_claims(const struct memory_row *row, const struct memory_try *one,
                         char *why)
{
    struct program_case c = {.verb = &row->verb,
                             .status = one->status,
                             .host_count = 1,
                             .out = one->out,
                             .err = one->err};
    struct program_host *host = &c.hosts[0];
    json_t *document = json_loads(one->out, 0, NULL);
    json_t *list = json_object_get(document, "results");
    bool told = json_array_size(list) ||
                json_array_size(json_object_get(document, "hosts"));
    const json_t *item = json_array_get(list, 0);
    bool put_back = json_is_object(json_object_get(item, "checkpoint"));

    json_decref(document);
    if ((!told && code_of(one)) || put_back) /* that changes something, and it does not */
        return;
    host->before = one->before;
    host->after = one->after;
    snprintf(host->label, sizeof(host->label), "%s", one->label);
    snprintf(host->name, sizeof(host->name), "%.*s", (int)strcspn(one->label, ":"),
             one->label);
    program_judge(&c);
    if (c.verdict != PROGRAM_TRUE)
        is(why, "%s", c.why);
}

static bool judge(struct result *result, struct memory_try *one)
{
    const struct memory_row *row = result->row;
    char why[300] = "";

    judge_end(one, why);
    if (code_of(one))
        judge_failure(row, one, why);
    else
        judge_success(result->row, &result->good, one, why);
    if (row->output && strcmp(row->output, "json") == 0)
        judge_claims(row, one, why);
    if (*why)
        printf("# %s: MEMORY_AT='%d %lu %d': %s\n", result->name, (int)one->plan.whose,
               one->plan.at, one->plan.on, why);
    if (*why || getenv("MEMORY_AT"))
        printf("# status %d\n%s\n%s\n", code_of(one), one->out, one->err);
    return !*why;
}

/* --- trying */

static void try_these(struct result *result, struct memory_try *tries, size_t count)
{
    size_t i;

    memory_do(result->row, tries, count);
    for (i = 0; i < count; i++) {
        result->tried++;
        result->hit += tries[i].failed;
        result->well += !code_of(&tries[i]);
        result->bad = !judge(result, &tries[i]) || result->bad;
        memory_clear(&tries[i]);
    }
}

/* How many of so many: all when `most` is 0, of libxml2's a third, which are alike. */
static unsigned long share_of(unsigned long all, unsigned long most, int whose)
{
    unsigned long share = whose == ALLOC_OURS ? most : (most + 2) / 3;

    return most && share < all ? share : all;
}

/* Evenly, in each row beginning elsewhere; each once and with all that come after it. */
static void try_all(struct result *result, unsigned long most)
{
    struct memory_try tries[TOGETHER] = {{.pid = 0}};
    unsigned long all, count, shift, i;
    size_t used = 0;
    int whose, on;

    for (whose = 0; whose < ALLOC_ALL_OF_US; whose++) {
        all = result->good.counts[whose];
        result->places += all;
        count = share_of(all, most, whose);
        shift = all > count ? (unsigned long)(result->row - rows) * 7 % (all / count) : 0;
        for (i = 0; i < count; i++)
            for (on = 0; on < 2; on++) {
                tries[used].timeout_s = result->timeout_s;
                tries[used++].plan = (struct alloc_plan){(enum alloc_whose)whose,
                                                         1 + shift + i * all / count, on};
                if (used < TOGETHER)
                    continue;
                try_these(result, tries, used);
                used = 0;
            }
    }
    try_these(result, tries, used);
}

static void try_one(struct result *result, const char *at)
{
    struct memory_try one = {.timeout_s = result->timeout_s};
    unsigned long given[3];

    if (!numbers_read(at, given, 3))
        abort();
    one.plan.whose = (enum alloc_whose)given[0];
    one.plan.at = given[1];
    one.plan.on = given[2];
    try_these(result, &one, 1);
}

/* Twice as it should be: what is the same can be relied on. */
static void try_row(struct result *result, unsigned long most)
{
    struct memory_try good[2] = {{.timeout_s = LONG_S}, {.timeout_s = LONG_S}};
    const char *at = getenv("MEMORY_AT");
    time_t began = time(NULL);

    memory_do(result->row, good, 2);
    result->good = good[0];
    result->timeout_s = SHORT_S + 10 * (int)(time(NULL) - began);
    if (code_of(&good[0]) || !judge(result, &good[1])) {
        printf("# %s: it fails by itself: %s\n", result->name, good[0].err);
        result->bad = true;
    } else if (at) {
        try_one(result, at);
    } else {
        try_all(result, most);
    }
    if (!result->bad && !result->hit) {
        printf("# %s: memory never ran out\n", result->name);
        result->bad = true;
    }
    memory_clear(&good[0]);
    memory_clear(&good[1]);
}

static void name_row(struct result *result)
{
    static const char *const logins[] = {"", ", ntlm", ", sealed", ", kerberos"};
    const struct memory_row *row = result->row;

    snprintf(result->name, sizeof(result->name), "%.60s%s%s%s%s", row->verb.words,
             row->output ? " -o " : "", row->output ? row->output : "",
             logins[row->login], row->config ? ", configured" : "");
}

int main(void)
{
    const char *few = getenv("MEMORY_TRIES"), *only = getenv("MEMORY_ONLY");
    unsigned long most = few ? strtoul(few, NULL, 10) : TRIES;
    size_t i, number = 0;
    const char *why;
    bool good = true;

    setvbuf(stdout, NULL, _IOLBF, 0);
    memory_open();
    for (i = 0; i < COUNT(rows); i++) {
        struct result result = {.row = &rows[i]};

        name_row(&result);
        if (only && strncmp(result.name, only, strlen(only)) != 0)
            continue;
        number++;
        why = memory_lacks(rows[i].login);
        if (why) {
            printf("ok %zu # SKIP %s: %s\n", number, result.name, why);
            continue;
        }
        try_row(&result, most);
        good = good && !result.bad;
        printf("%s %zu - %s: %lu places, %lu tries, %lu well\n",
               result.bad ? "not ok" : "ok", number, result.name, result.places,
               result.tried, result.well);
    }
    printf("1..%zu\n", number);
    memory_close();
    return good && number ? 0 : 1;
}
