#include "faults/program_truth.h"

#include <stdio.h>
#include <string.h>

/* The one thing that a done, a begun and a denied change have in common. */
static void judge_outcome(const struct program_said *said, size_t count, bool so)
{
    if (strcmp(said->outcome, "done") == 0) {
        if (!so)
            program_is(said, PROGRAM_WRONG, "done, and it is not so");
    } else if (strcmp(said->outcome, "started") == 0) {
        if (!count && !truth_has_rival(said) && !truth_has(said, "job-"))
            program_is(said, PROGRAM_WRONG, "started, and it never came");
        if (said->code == 0 && !strstr(said->c->verb->words, "--detach"))
            program_is(said, PROGRAM_WRONG, "it was not waited for, and no error");
    } else if (strcmp(said->outcome, "not-done") == 0) {
        if (count)
            program_is(said, PROGRAM_LOSS, "not done, and it was");
        if (said->code == 0)
            program_is(said, PROGRAM_WRONG, "not done, and no error");
    } else if (strcmp(said->outcome, "unknown") == 0) {
        if (said->code == 0)
            program_is(said, PROGRAM_WRONG, "unknown, and no error");
    } else {
        program_is(said, PROGRAM_WRONG, "no outcome");
    }
    if (!said->changed && truth_ours(said, ANY, ""))
        program_is(said, PROGRAM_LOSS, "not changed, and something was");
}

static void judge_taken(const struct program_said *said)
{
    const char *id = truth_text(json_object_get(said->item, "snapshot"), "id"),
               *made = "";
    size_t count = truth_done(said, CREATE, "", false, &made);
    json_t *row = truth_find(truth_snapshots(said->host->after), made);
    bool so = count == 1 && (!*id || strcmp(id, made) == 0);

    /* our own account's are not to be told from ours */
    so = so || (truth_has(said, "same-") && truth_done(said, CREATE, id, true, NULL));
    if (count > 1)
        program_is(said, PROGRAM_DUPLICATE, "%zu were taken", count);
    judge_outcome(said, count, so);
    if (said->code == 0 && said->c->verb->name && !truth_has(said, "rename") && so &&
        row && strcmp(truth_text(row, "name"), said->c->verb->name) != 0)
        program_is(said, PROGRAM_WRONG, "named, and it is called '%s'",
                   truth_text(row, "name"));
}

/* Where it is all or nothing: it was taken and is there, or was deleted again. */
static void judge_whole(const struct program_said *said)
{
    const char *id = truth_text(json_object_get(said->item, "snapshot"), "id"),
               *made = "";
    size_t count = truth_done(said, CREATE, "", false, &made);
    bool there = *made && truth_is_there(said, made);
    bool same = truth_has(said, "same-");

    if (count > 1)
        program_is(said, PROGRAM_DUPLICATE, "%zu were taken", count);
    if (strcmp(said->outcome, "done") == 0) {
        if (!same && (count != 1 || (*id && strcmp(id, made) != 0) ||
                      (!there && !truth_has_rival(said))))
            program_is(said, PROGRAM_WRONG, "done, and it is not so");
    } else if (strcmp(said->outcome, "not-done") == 0) {
        if (there)
            program_is(said, PROGRAM_LOSS, "not done, and it is there");
        if (said->code == 0)
            program_is(said, PROGRAM_WRONG, "not done, and no error");
    } else {
        judge_outcome(said, count, false);
    }
    if (!said->changed && there)
        program_is(said, PROGRAM_LOSS, "not changed, and it is there");
    if (strstr(said->message, "deleted again, since") && !same &&
        (there || truth_ours(said, DESTROY, "") != count))
        program_is(said, PROGRAM_WRONG, "deleted again, and it is not so");
    if (truth_ours(said, APPLY, "") ||
        (!same && truth_ours(said, DESTROY, "") != truth_ours(said, DESTROY, made)) ||
        (said->code == 0 && truth_ours(said, DESTROY, "")))
        program_is(said, PROGRAM_WRONG, "it did what nobody asked for");
}

void judge_create(const struct program_said *said)
{
    if (said->c->verb->bound & PROGRAM_WHOLE) {
        judge_whole(said);
        return;
    }
    judge_taken(said);
    if (truth_ours(said, DESTROY, "") || truth_ours(said, APPLY, ""))
        program_is(said, PROGRAM_WRONG, "it did what nobody asked for");
}

void judge_delete(const struct program_said *said)
{
    size_t count = truth_ours(said, DESTROY, PROGRAM_SNAPSHOT);

    judge_outcome(said, count,
                  truth_snapshots(said->host->after) &&
                      !truth_is_there(said, PROGRAM_SNAPSHOT));
    if (truth_ours(said, ANY, "") != count)
        program_is(said, PROGRAM_WRONG, "it did what nobody asked for");
}

/* What is left of the tree is what is said to be left. */
static void judge_list(const struct program_said *said)
{
    const json_t *left = json_object_get(said->item, "left");
    json_t *row;
    size_t i;

    json_array_foreach(truth_snapshots(said->host->before), i, row)
    {
        const char *id = truth_text(row, "id");

        if (truth_is_there(said, id) != (truth_find(left, id) != NULL))
            program_is(said, PROGRAM_WRONG, "the list tells otherwise of %s", id);
    }
}

/* All that the VM had is of the tree. */
void judge_tree(const struct program_said *said)
{
    size_t count = truth_ours(said, DESTROY, ""), there = 0, i;
    json_t *row;

    json_array_foreach(truth_snapshots(said->host->before), i, row)
    {
        there += truth_is_there(said, truth_text(row, "id"));
    }
    judge_outcome(said, count, truth_snapshots(said->host->after) && !there);
    if (strstr(said->message, "only a part is gone") && !truth_has_rival(said))
        judge_list(said);
    if (truth_ours(said, ANY, "") != count)
        program_is(said, PROGRAM_WRONG, "it did what nobody asked for");
}

void judge_restore(const struct program_said *said)
{
    size_t count = truth_ours(said, APPLY, PROGRAM_SNAPSHOT);

    if (count > 1)
        program_is(said, PROGRAM_DUPLICATE, "restored %zu times", count);
    judge_outcome(said, count,
                  count || truth_done(said, APPLY, PROGRAM_SNAPSHOT, true, NULL));
    if (truth_ours(said, CREATE, "") || truth_ours(said, DESTROY, "") ||
        truth_ours(said, APPLY, "") != count)
        program_is(said, PROGRAM_WRONG, "it did what nobody asked for");
}

void judge_set(const struct program_said *said)
{
    size_t count = truth_ours(said, MODIFY, PROGRAM_SNAPSHOT);
    json_t *row = truth_find(truth_snapshots(said->host->after), PROGRAM_SNAPSHOT);

    judge_outcome(said, count,
                  truth_has_rival(said) ||
                      (count && row &&
                       strcmp(truth_text(row, "name"), said->c->verb->name) == 0));
    if (truth_ours(said, ANY, "") != count)
        program_is(said, PROGRAM_WRONG, "it did what nobody asked for");
}

/* Of each snapshot it says what came of it. */
void judge_prune(const struct program_said *said)
{
    size_t told = 0, count, i;
    json_t *row;

    json_array_foreach(json_object_get(said->item, "snapshots"), i, row)
    {
        const char *id = truth_text(json_object_get(row, "snapshot"), "id");
        const char *outcome = truth_text(row, "outcome");

        count = truth_ours(said, DESTROY, id);
        told += count;
        if (strcmp(outcome, "deleted") == 0 && truth_is_there(said, id))
            program_is(said, PROGRAM_WRONG, "deleted, and %s is there", id);
        if (count && (strcmp(outcome, "kept") == 0 || strcmp(outcome, "not-done") == 0 ||
                      strcmp(outcome, "would-go") == 0))
            program_is(said, PROGRAM_LOSS, "%s, and %s is gone", outcome, id);
    }
    if (truth_ours(said, ANY, "") != told)
        program_is(said, PROGRAM_WRONG, "it did what it does not tell");
    if (!said->code && !truth_ours(said, DESTROY, "") && !truth_has_rival(said))
        program_is(said, PROGRAM_WRONG, "no error, and nothing was deleted");
    if (!said->changed && truth_ours(said, ANY, ""))
        program_is(said, PROGRAM_LOSS, "not changed, and something was");
}

/* The snapshot, and what became of it when the command had ended. */
void judge_guard(const struct program_said *said)
{
    const char *id = truth_text(json_object_get(said->item, "snapshot"), "id");
    const char *after = truth_text(said->item, "after");
    size_t applied = truth_ours(said, APPLY, ""),
           destroyed = truth_ours(said, DESTROY, "");

    judge_taken(said);
    if (applied > 1)
        program_is(said, PROGRAM_DUPLICATE, "restored %zu times", applied);
    if (applied != truth_ours(said, APPLY, id) ||
        destroyed != truth_ours(said, DESTROY, id))
        program_is(said, PROGRAM_WRONG, "another snapshot than the one it took");
    if (json_is_null(json_object_get(said->item, "status")) && (applied || destroyed))
        program_is(said, PROGRAM_WRONG,
                   "the command was not run, and its end has decided");
    if (strcmp(after, "restored") == 0) {
        if (!applied && !truth_done(said, APPLY, id, true, NULL))
            program_is(said, PROGRAM_WRONG, "restored, and it is not so");
    } else if (strcmp(after, "deleted") == 0) {
        if (truth_is_there(said, id))
            program_is(said, PROGRAM_WRONG, "deleted, and it is there");
    } else if (applied || destroyed) {
        if (strcmp(after, "unknown") != 0)
            program_is(said, PROGRAM_LOSS, "'%s', and it was restored or deleted", after);
    }
    if (!json_object_get(said->item, "error") &&
        (strcmp(after, "restored") != 0 && strcmp(after, "deleted") != 0))
        program_is(said, PROGRAM_WRONG, "no error, and the snapshot stays");
}

/* Nothing but what is there, and all of it. */
static void judge_rows(const struct program_said *said, const char *name,
                       const json_t *truth)
{
    json_t *rows = json_object_get(said->item, name), *row;
    size_t i;

    json_array_foreach(truth, i, row)
    {
        if (!truth_find(rows, truth_text(row, "id")))
            program_is(said, PROGRAM_WRONG, "it lacks %s", truth_text(row, "id"));
    }
    json_array_foreach(rows, i, row)
    {
        if (!truth_find(truth, truth_text(row, "id")))
            program_is(said, PROGRAM_WRONG, "it tells of %s", truth_text(row, "id"));
    }
}

void judge_read(const struct program_said *said)
{
    const char *words = said->c->verb->words;
    const json_t *host = truth_host(said->host->after);

    if (truth_ours(said, ANY, ""))
        program_is(said, PROGRAM_WRONG, "a reader changed something");
    if (said->code || truth_has_rival(said))
        return;
    if (strncmp(words, "list", 4) == 0)
        judge_rows(said, "snapshots", truth_snapshots(said->host->after));
    else if (strncmp(words, "vms", 3) == 0)
        judge_rows(said, "vms", json_object_get(host, "vms"));
    else if (strncmp(words, "jobs", 4) == 0)
        judge_rows(said, "jobs", json_object_get(host, "jobs"));
    else if (strncmp(words, "show", 4) == 0 &&
             strcmp(truth_text(json_object_get(said->item, "snapshot"), "id"),
                    PROGRAM_SNAPSHOT) != 0)
        program_is(said, PROGRAM_WRONG, "it shows another one");
}
