#include "faults/program.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* JobType. */
enum { ANY = 0, MODIFY = 2, CREATE = 70, APPLY = 71, DESTROY = 72 };

/* What hvsnap said of its one target. */
struct said {
    int code;            /* its exit status */
    json_t *item;        /* of the document: lent */
    const char *outcome; /* "" where there is none */
    const char *message; /* of the error, or "" */
    bool changed;
};

static void is(struct program_case *c, enum program_verdict verdict, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static void is(struct program_case *c, enum program_verdict verdict, const char *fmt, ...)
{
    va_list args;

    if (c->verdict != PROGRAM_TRUE)
        return;
    c->verdict = verdict;
    va_start(args, fmt);
    vsnprintf(c->why, sizeof(c->why), fmt, args);
    va_end(args);
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

/* --- the truth */

static json_t *host_of(const json_t *state)
{
    return json_array_get(json_object_get(state, "hosts"), 0);
}

/* The snapshots of the VM; NULL where it is no longer there. */
static json_t *snapshots_of(const json_t *state)
{
    json_t *vm;
    size_t i;

    json_array_foreach(json_object_get(host_of(state), "vms"), i, vm)
    {
        if (strcmp(text_of(vm, "id"), PROGRAM_VM) == 0)
            return json_object_get(vm, "snapshots");
    }
    return NULL;
}

static json_t *find(const json_t *snapshots, const char *id)
{
    json_t *row;
    size_t i;

    json_array_foreach(snapshots, i, row)
    {
        if (strcmp(text_of(row, "id"), id) == 0)
            return row;
    }
    return NULL;
}

static bool is_there(const struct program_case *c, const char *id)
{
    return find(snapshots_of(c->after), id) != NULL;
}

/* How often it was done, of this type and to this one ("": any), by us or by somebody
 * else. */
static size_t done(const struct program_case *c, int type, const char *id, bool rival,
                   const char **last)
{
    json_t *row;
    size_t i, count = 0;

    json_array_foreach(json_object_get(host_of(c->after), "changes"), i, row)
    {
        if ((type != ANY && json_integer_value(json_object_get(row, "type")) != type) ||
            json_is_true(json_object_get(row, "rival")) != rival ||
            (*id && strcmp(text_of(row, "id"), id) != 0))
            continue;
        count++;
        if (last)
            *last = text_of(row, "id");
    }
    return count;
}

static size_t ours(const struct program_case *c, int type, const char *id)
{
    return done(c, type, id, false, NULL);
}

static bool has_rival(const struct program_case *c)
{
    return program_has(c, "admin-") || program_has(c, "same-") ||
           program_has(c, "vm-moved") || program_has(c, "vmms-");
}

/* --- the verdict */

/* The one thing that a done, a begun and a denied change have in common. */
static void judge_outcome(struct program_case *c, const struct said *said, size_t count,
                          bool so)
{
    if (strcmp(said->outcome, "done") == 0) {
        if (!so)
            is(c, PROGRAM_WRONG, "done, and it is not so");
    } else if (strcmp(said->outcome, "started") == 0) {
        if (!count && !has_rival(c) && !program_has(c, "job-"))
            is(c, PROGRAM_WRONG, "started, and it never came");
    } else if (strcmp(said->outcome, "not-done") == 0) {
        if (count)
            is(c, PROGRAM_LOSS, "not done, and it was");
        if (said->code == 0)
            is(c, PROGRAM_WRONG, "not done, and no error");
    } else if (strcmp(said->outcome, "unknown") == 0) {
        if (said->code == 0)
            is(c, PROGRAM_WRONG, "unknown, and no error");
    } else {
        is(c, PROGRAM_WRONG, "no outcome");
    }
    if (!said->changed && ours(c, ANY, ""))
        is(c, PROGRAM_LOSS, "not changed, and something was");
}

static void judge_taken(struct program_case *c, const struct said *said)
{
    const char *id = text_of(json_object_get(said->item, "snapshot"), "id"), *made = "";
    size_t count = done(c, CREATE, "", false, &made);
    json_t *row = find(snapshots_of(c->after), made);
    bool so = count == 1 && (!*id || strcmp(id, made) == 0);

    /* our own account's are not to be told from ours */
    so = so || (program_has(c, "same-") && done(c, CREATE, id, true, NULL));
    if (count > 1)
        is(c, PROGRAM_DUPLICATE, "%zu were taken", count);
    judge_outcome(c, said, count, so);
    if (said->code == 0 && c->verb->name && !program_has(c, "rename") && so && row &&
        strcmp(text_of(row, "name"), c->verb->name) != 0)
        is(c, PROGRAM_WRONG, "named, and it is called '%s'", text_of(row, "name"));
}

static void judge_create(struct program_case *c, const struct said *said)
{
    judge_taken(c, said);
    if (ours(c, DESTROY, "") || ours(c, APPLY, ""))
        is(c, PROGRAM_WRONG, "it did what nobody asked for");
}

static void judge_delete(struct program_case *c, const struct said *said)
{
    size_t count = ours(c, DESTROY, PROGRAM_SNAPSHOT);

    judge_outcome(c, said, count,
                  snapshots_of(c->after) && !is_there(c, PROGRAM_SNAPSHOT));
    if (ours(c, ANY, "") != count)
        is(c, PROGRAM_WRONG, "it did what nobody asked for");
}

/* What is left of the tree is what is said to be left. */
static void judge_list(struct program_case *c, const struct said *said)
{
    const json_t *left = json_object_get(said->item, "left");
    json_t *row;
    size_t i;

    json_array_foreach(snapshots_of(c->before), i, row)
    {
        const char *id = text_of(row, "id");

        if (is_there(c, id) != (find(left, id) != NULL))
            is(c, PROGRAM_WRONG, "the list tells otherwise of %s", id);
    }
}

/* All that the VM had is of the tree. */
static void judge_tree(struct program_case *c, const struct said *said)
{
    size_t count = ours(c, DESTROY, ""), there = 0, i;
    json_t *row;

    json_array_foreach(snapshots_of(c->before), i, row)
    {
        there += is_there(c, text_of(row, "id"));
    }
    judge_outcome(c, said, count, snapshots_of(c->after) && !there);
    if (strstr(said->message, "only a part is gone") && !has_rival(c))
        judge_list(c, said);
    if (ours(c, ANY, "") != count)
        is(c, PROGRAM_WRONG, "it did what nobody asked for");
}

static void judge_restore(struct program_case *c, const struct said *said)
{
    size_t count = ours(c, APPLY, PROGRAM_SNAPSHOT);

    if (count > 1)
        is(c, PROGRAM_DUPLICATE, "restored %zu times", count);
    judge_outcome(c, said, count, count || done(c, APPLY, PROGRAM_SNAPSHOT, true, NULL));
    if (ours(c, CREATE, "") || ours(c, DESTROY, "") || ours(c, APPLY, "") != count)
        is(c, PROGRAM_WRONG, "it did what nobody asked for");
}

static void judge_set(struct program_case *c, const struct said *said)
{
    size_t count = ours(c, MODIFY, PROGRAM_SNAPSHOT);
    json_t *row = find(snapshots_of(c->after), PROGRAM_SNAPSHOT);

    judge_outcome(c, said, count,
                  has_rival(c) ||
                      (count && row && strcmp(text_of(row, "name"), c->verb->name) == 0));
    if (ours(c, ANY, "") != count)
        is(c, PROGRAM_WRONG, "it did what nobody asked for");
}

/* Of each snapshot it says what came of it. */
static void judge_prune(struct program_case *c, const struct said *said)
{
    size_t told = 0, count, i;
    json_t *row;

    json_array_foreach(json_object_get(said->item, "snapshots"), i, row)
    {
        const char *id = text_of(json_object_get(row, "snapshot"), "id");
        const char *outcome = text_of(row, "outcome");

        count = ours(c, DESTROY, id);
        told += count;
        if (strcmp(outcome, "deleted") == 0 && is_there(c, id))
            is(c, PROGRAM_WRONG, "deleted, and %s is there", id);
        if (count && (strcmp(outcome, "kept") == 0 || strcmp(outcome, "not-done") == 0 ||
                      strcmp(outcome, "would-go") == 0))
            is(c, PROGRAM_LOSS, "%s, and %s is gone", outcome, id);
    }
    if (ours(c, ANY, "") != told)
        is(c, PROGRAM_WRONG, "it did what it does not tell");
    if (!said->changed && ours(c, ANY, ""))
        is(c, PROGRAM_LOSS, "not changed, and something was");
}

/* The snapshot, and what became of it when the command had ended. */
static void judge_guard(struct program_case *c, const struct said *said)
{
    const char *id = text_of(json_object_get(said->item, "snapshot"), "id");
    const char *after = text_of(said->item, "after");
    size_t applied = ours(c, APPLY, ""), destroyed = ours(c, DESTROY, "");

    judge_taken(c, said);
    if (applied > 1)
        is(c, PROGRAM_DUPLICATE, "restored %zu times", applied);
    if (applied != ours(c, APPLY, id) || destroyed != ours(c, DESTROY, id))
        is(c, PROGRAM_WRONG, "another snapshot than the one it took");
    if (json_is_null(json_object_get(said->item, "status")) && (applied || destroyed))
        is(c, PROGRAM_WRONG, "the command was not run, and its end has decided");
    if (strcmp(after, "restored") == 0) {
        if (!applied && !done(c, APPLY, id, true, NULL))
            is(c, PROGRAM_WRONG, "restored, and it is not so");
    } else if (strcmp(after, "deleted") == 0) {
        if (is_there(c, id))
            is(c, PROGRAM_WRONG, "deleted, and it is there");
    } else if (applied || destroyed) {
        if (strcmp(after, "unknown") != 0)
            is(c, PROGRAM_LOSS, "'%s', and it was restored or deleted", after);
    }
    if (!json_object_get(said->item, "error") &&
        (strcmp(after, "restored") != 0 && strcmp(after, "deleted") != 0))
        is(c, PROGRAM_WRONG, "no error, and the snapshot stays");
}

static void judge_read(struct program_case *c, const struct said *said)
{
    json_t *row;
    size_t i;

    if (ours(c, ANY, ""))
        is(c, PROGRAM_WRONG, "a reader changed something");
    if (said->code || strncmp(c->verb->words, "list", 4) != 0 || has_rival(c))
        return;
    json_array_foreach(snapshots_of(c->after), i, row)
    {
        if (!find(json_object_get(said->item, "snapshots"), text_of(row, "id")))
            is(c, PROGRAM_WRONG, "the list lacks %s", text_of(row, "id"));
    }
}

/* What guard exits with: 125 for all of its own failures, or the command's status. */
static int guard_code(const json_t *item, const json_t *error)
{
    enum { FAILED = 125 };

    return error ? FAILED : (int)json_integer_value(json_object_get(item, "status"));
}

/* The document and the exit status say the same. */
static void read_document(struct program_case *c, const json_t *document,
                          struct said *said)
{
    json_t *error;
    int code;

    said->item = json_array_get(json_object_get(document, "results"), 0);
    if (!said->item)
        said->item = json_array_get(json_object_get(document, "hosts"), 0);
    error = json_object_get(document, "error");
    code = c->verb->guarded ? guard_code(said->item, error)
                            : (int)json_integer_value(json_object_get(error, "exit"));
    if (json_object_get(said->item, "error"))
        error = json_object_get(said->item, "error");
    said->outcome = text_of(said->item, "outcome");
    said->message = text_of(error, "message");
    said->changed = json_is_true(json_object_get(said->item, "changed"));
    if (!document || !said->item)
        is(c, PROGRAM_WRONG, "no document, or nothing in it");
    else if (code != said->code)
        is(c, PROGRAM_WRONG, "exit status %d, and the document has %d", said->code, code);
    else if (error && !said->message[0])
        is(c, PROGRAM_WRONG, "an error without a word");
}

static void judge_run(struct program_case *c, int code)
{
    const bool guard = c->verb->guarded; /* its way back has the whole time again */

    if (c->took_ms > PROGRAM_TIMEOUT_S * 1000 * (1 + guard) + PROGRAM_GRACE_MS)
        is(c, PROGRAM_HANG, "it took %lld ms", (long long)c->took_ms);
    if (strstr(c->err, "LeakSanitizer"))
        is(c, PROGRAM_LEAK, "memory is lost");
    if (code < 0 || (code > 12 && !(guard && code == 125)) || code == 2 ||
        strstr(c->err, "Sanitizer"))
        is(c, PROGRAM_CRASH, "it ended with %d", c->status);
    if (c->host_status || !c->before || !c->after)
        is(c, PROGRAM_CRASH, "hvsim ended with %d", c->host_status);
    if ((c->kdc_hangs || c->resolver_hangs) && code == 0)
        is(c, PROGRAM_WRONG, "it got in all the same");
}

void program_judge(struct program_case *c)
{
    struct said said = {.code = WIFEXITED(c->status) ? WEXITSTATUS(c->status) : -1};
    json_t *document;

    judge_run(c, said.code);
    if (c->verdict != PROGRAM_TRUE)
        return;
    document = json_loads(c->out, 0, NULL);
    read_document(c, document, &said);
    switch (c->verb->effect) {
    case PROGRAM_CREATES: judge_create(c, &said); break;
    case PROGRAM_DELETES: judge_delete(c, &said); break;
    case PROGRAM_DELETES_TREE: judge_tree(c, &said); break;
    case PROGRAM_RESTORES: judge_restore(c, &said); break;
    case PROGRAM_SETS: judge_set(c, &said); break;
    case PROGRAM_PRUNES: judge_prune(c, &said); break;
    case PROGRAM_GUARDS: judge_guard(c, &said); break;
    case PROGRAM_READS: judge_read(c, &said); break;
    }
    json_decref(document);
}
