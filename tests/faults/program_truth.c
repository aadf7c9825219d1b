#include "faults/program_truth.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void program_is(const struct program_said *said, enum program_verdict verdict,
                const char *fmt, ...)
{
    struct program_case *c = said->c;
    va_list args;
    size_t len;

    if (c->verdict != PROGRAM_TRUE)
        return;
    c->verdict = verdict;
    va_start(args, fmt);
    vsnprintf(c->why, sizeof(c->why), fmt, args);
    va_end(args);
    len = strlen(c->why);
    if (c->host_count > 1 && said->host)
        snprintf(c->why + len, sizeof(c->why) - len, ", at %s", said->host->label);
}

const char *truth_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

bool truth_has(const struct program_said *said, const char *word)
{
    return said->host == &said->c->hosts[said->c->faulty] && program_has(said->c, word);
}

bool truth_has_rival(const struct program_said *said)
{
    return truth_has(said, "admin-") || truth_has(said, "same-") ||
           truth_has(said, "vm-moved") || truth_has(said, "vmms-");
}

json_t *truth_host(const json_t *state)
{
    return json_array_get(json_object_get(state, "hosts"), 0);
}

json_t *truth_snapshots(const json_t *state)
{
    json_t *vm;
    size_t i;

    json_array_foreach(json_object_get(truth_host(state), "vms"), i, vm)
    {
        if (strcmp(truth_text(vm, "name"), PROGRAM_VM) == 0)
            return json_object_get(vm, "snapshots");
    }
    return NULL;
}

json_t *truth_find(const json_t *rows, const char *id)
{
    json_t *row;
    size_t i;

    json_array_foreach(rows, i, row)
    {
        if (strcmp(truth_text(row, "id"), id) == 0)
            return row;
    }
    return NULL;
}

bool truth_is_there(const struct program_said *said, const char *id)
{
    return truth_find(truth_snapshots(said->host->after), id) != NULL;
}

json_t *truth_job(const struct program_said *said)
{
    return truth_find(json_object_get(truth_host(said->host->after), "jobs"),
                      said->host->job);
}

const char *truth_made(const struct program_said *said)
{
    json_t *row, *job = truth_job(said);
    size_t i;

    if (!*said->host->job)
        return "";
    if (*truth_text(job, "snapshot"))
        return truth_text(job, "snapshot");
    json_array_foreach(truth_snapshots(said->host->after), i, row)
    {
        if (strcmp(truth_text(row, "job"), said->host->job) == 0)
            return truth_text(row, "id");
    }
    return "";
}

size_t truth_done(const struct program_said *said, int type, const char *id, bool rival,
                  const char **last)
{
    const char *made = truth_made(said);
    json_t *row;
    size_t i, count = 0;
    int its;

    json_array_foreach(json_object_get(truth_host(said->host->after), "changes"), i, row)
    {
        its = (int)json_integer_value(json_object_get(row, "type"));
        if ((type != ANY && its != type) ||
            json_is_true(json_object_get(row, "rival")) != rival ||
            (*id && strcmp(truth_text(row, "id"), id) != 0) ||
            (its == CREATE && strcmp(truth_text(row, "id"), made) == 0))
            continue;
        count++;
        if (last)
            *last = truth_text(row, "id");
    }
    return count;
}

size_t truth_ours(const struct program_said *said, int type, const char *id)
{
    return truth_done(said, type, id, false, NULL);
}
