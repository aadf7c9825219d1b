#ifndef HVS_CLI_OUTPUT_H
#define HVS_CLI_OUTPUT_H

#include "cli/table.h"

#include <hvsnap/error.h>

#include <jansson.h>

/* In the order of the words of --output. */
enum output_format {
    OUTPUT_TABLE,
    OUTPUT_WIDE,
    OUTPUT_NAME,
    OUTPUT_JSON,
    OUTPUT_NDJSON,
};

/*
 * What a call prints on standard output: rows of a table, ids, or JSON.
 *
 * Nothing that adds needs checking: a failure sticks, and output_end() reports it. Under
 * `json` there is exactly one document, after a failure too; written bit by bit, it stays
 * without its end where memory ran out; under `ndjson` a line per
 * target, or one for a call that failed before its first.
 */
struct output {
    enum output_format format;
    FILE *to;
    const char *command; /* NULL while it is not known */
    const char *list;    /* what the array in the document is called */
    struct table table;
    json_t *members;
    bool any; /* an item was added */
    bool failed;
};

void output_open(struct output *out, enum output_format format, FILE *to,
                 const char *command, const char *list);

bool output_is_json(const struct output *out);

/* Add what came of one target, which is taken over; NULL means that memory ran out. */
void output_item(struct output *out, json_t *item);

/* The same, with long arrays in it, whose elements are made one by one as they are
 * written: a host may have 60,000 snapshots. `item` has an empty array for each, in its
 * place; `arrays` end with one without a key. */
struct output_array {
    const char *key;
    size_t count;
    json_t *(*element)(const void *arg, size_t i); /* a new one; NULL without memory */
    const void *arg;
};
void output_item_of(struct output *out, json_t *item, const struct output_array *arrays);

/* Under `ndjson`, and only there: a line about something that happens, with "event" and
 * the members of `line`, which is taken over. */
void output_event(struct output *out, const char *event, json_t *line);

/* Add a member to the document, or print it as a line of that event; taken over. */
void output_member(struct output *out, const char *key, json_t *value);

/* Print one id, under `name`. */
void output_id(struct output *out, const char *id);

/* Print what is left, with the error that the call as a whole ends with, if any, and make
 * sure that all of it was written. */
int output_end(struct output *out, const struct hvs_error *failure,
               struct hvs_error *err) HVS_MUST_CHECK;

void output_clear(struct output *out);

#endif
