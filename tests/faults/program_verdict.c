#include "faults/program_truth.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { FAILED = 1, PARTIAL = 3, DEADLINE = 8 }; /* exit statuses */

/* How the targets fared, by what is said of each. */
struct tally {
    size_t done, failed;
    int first;  /* exit status of the first failure */
    bool alike; /* that of each */
};

static void count_error(struct tally *tally, const json_t *error)
{
    int code = (int)json_integer_value(json_object_get(error, "exit"));

    if (!tally->failed++) {
        tally->first = code;
        tally->alike = true;
    }
    tally->alike = tally->alike && code == tally->first;
}

/* An item, and the snapshots in it that have errors of their own. The first error. */
static json_t *count_item(struct tally *tally, const json_t *item)
{
    json_t *first = json_object_get(item, "error"), *error, *row;
    size_t i, failed = tally->failed;

    if (first)
        count_error(tally, first);
    json_array_foreach(json_object_get(item, "snapshots"), i, row)
    {
        error = json_object_get(row, "error");
        if (error)
            count_error(tally, error);
        if (!first)
            first = error;
    }
    tally->done += failed == tally->failed;
    return first;
}

/* hvsnap(1): 3 where some failed and some did not; else what they have in common. */
static int exit_of(const struct tally *tally)
{
    if (!tally->failed)
        return 0;
    if (tally->done)
        return PARTIAL;
    return tally->alike ? tally->first : FAILED;
}

/* What guard exits with: 125 for all of its own failures, or the command's status. */
static int guard_code(const json_t *item, const json_t *error)
{
    enum { GUARD_FAILED = 125 };

    return error ? GUARD_FAILED
                 : (int)json_integer_value(json_object_get(item, "status"));
}

/* The document, the exit status and what is said of each target are the same. */
static void judge_exit(const struct program_said *said, const json_t *document,
                       const struct tally *tally, int status)
{
    const json_t *error = json_object_get(document, "error");
    int code = (int)json_integer_value(json_object_get(error, "exit"));
    bool twice = strstr(said[0].message, "could not be deleted again") ||
                 (said[1].message && strstr(said[1].message, "could not be deleted"));

    if (said->c->verb->guarded)
        code = guard_code(said->item, error);
    /* one that failed in both of its rounds tells the second failure alone */
    else if (exit_of(tally) != code && !(twice && code == FAILED))
        program_is(said, PROGRAM_WRONG, "exit status %d, and the items make %d", code,
                   exit_of(tally));
    if (code != status)
        program_is(said, PROGRAM_WRONG, "exit status %d, and the document has %d", status,
                   code);
    if (error && !*truth_text(error, "message"))
        program_is(said, PROGRAM_WRONG, "an error without a word");
}

/* What is said of a host, in the one item that has its name. */
static void read_item(struct program_said *said, const json_t *items, struct tally *tally)
{
    bool in_order = said->c->verb->effect != PROGRAM_PRUNES;
    size_t i, mine = (size_t)(said->host - said->c->hosts), found = 0;
    json_t *row;

    json_array_foreach(items, i, row)
    {
        if (strcmp(truth_text(row, "host"), said->host->label) != 0)
            continue;
        said->item = row;
        found++;
        if (in_order && i != mine)
            program_is(said, PROGRAM_WRONG, "not in the order of the targets");
    }
    if (found != 1) {
        program_is(said, PROGRAM_WRONG, "it is told of %zu times", found);
        return;
    }
    said->error = count_item(tally, said->item);
    said->code = (int)json_integer_value(json_object_get(said->error, "exit"));
    said->message = truth_text(said->error, "message");
    said->outcome = truth_text(said->item, "outcome");
    said->changed = json_is_true(json_object_get(said->item, "changed"));
    if (said->error && !*said->message)
        program_is(said, PROGRAM_WRONG, "an error without a word");
}

/* "The time is up", while there is some. */
static void judge_deadline(const struct program_said *said)
{
    int64_t whole = said->c->timeout_s * INT64_C(1000);

    if (said->c->verb->bound & PROGRAM_WHOLE ||
        (said->c->verb->several && said->c->verb->effect == PROGRAM_PRUNES))
        whole -= whole / 4; /* is kept for what comes after */
    if (said->code == DEADLINE && said->c->took_ms < whole - 50)
        program_is(said, PROGRAM_WRONG, "the time is up after %lld ms",
                   (long long)said->c->took_ms);
}

static void judge_said(const struct program_said *said)
{
    judge_deadline(said);
    switch (said->c->verb->effect) {
    case PROGRAM_CREATES: judge_create(said); break;
    case PROGRAM_DELETES: judge_delete(said); break;
    case PROGRAM_DELETES_TREE: judge_tree(said); break;
    case PROGRAM_RESTORES: judge_restore(said); break;
    case PROGRAM_SETS: judge_set(said); break;
    case PROGRAM_PRUNES: judge_prune(said); break;
    case PROGRAM_GUARDS: judge_guard(said); break;
    case PROGRAM_READS: judge_read(said); break;
    case PROGRAM_WAITS: judge_wait(said); break;
    case PROGRAM_CANCELS: judge_cancel(said); break;
    }
}

static void judge_document(struct program_said *said, const json_t *document, int status)
{
    const struct program_case *c = said->c;
    json_t *items = json_object_get(document, "results");
    struct tally tally = {0};
    size_t i;

    if (!items)
        items = json_object_get(document, "hosts");
    if (json_array_size(items) != c->host_count) {
        program_is(said, PROGRAM_WRONG, "no document, or not one item for each target");
        return;
    }
    for (i = 0; i < c->host_count; i++)
        read_item(&said[i], items, &tally);
    if (c->verdict != PROGRAM_TRUE)
        return;
    judge_exit(said, document, &tally, status);
    for (i = 0; i < c->host_count; i++)
        judge_said(&said[i]);
    if (c->verb->several)
        judge_several(said);
}

static void judge_run(const struct program_said *said, int code)
{
    const struct program_case *c = said->c;
    const bool guard = c->verb->guarded; /* its way back has the whole time again */
    size_t i;

    if (c->took_ms > c->timeout_s * 1000 * (1 + guard) + PROGRAM_GRACE_MS)
        program_is(said, PROGRAM_HANG, "it took %lld ms", (long long)c->took_ms);
    if (strstr(c->err, "LeakSanitizer"))
        program_is(said, PROGRAM_LEAK, "memory is lost");
    if (code < 0 || (code > 12 && !(guard && code == 125)) || code == 2 ||
        strstr(c->err, "Sanitizer"))
        program_is(said, PROGRAM_CRASH, "it ended with %d", c->status);
    for (i = 0; i < c->host_count; i++)
        if (c->hosts[i].status || !c->hosts[i].before || !c->hosts[i].after)
            program_is(said, PROGRAM_CRASH, "hvsim ended with %d", c->hosts[i].status);
    if ((c->kdc_hangs || c->resolver_hangs) && code == 0)
        program_is(said, PROGRAM_WRONG, "it got in all the same");
}

void program_judge(struct program_case *c)
{
    int code = WIFEXITED(c->status) ? WEXITSTATUS(c->status) : -1;
    struct program_said said[PROGRAM_HOSTS] = {{.c = c, .host = &c->hosts[0]},
                                               {.c = c, .host = &c->hosts[1]}};
    json_t *document;

    judge_run(said, code);
    if (c->verdict != PROGRAM_TRUE)
        return;
    document = json_loads(c->out, 0, NULL);
    judge_document(said, document, code);
    json_decref(document);
}
