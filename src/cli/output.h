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
 * `json` there is exactly one document, after a failure too; under `ndjson` a line per
 * target, or one for a call that failed before its first.
 */
struct output {
    enum output_format format;
    FILE *to;
    const char *command; /* NULL while it is not known */
    const char *list;    /* what the array in the document is called */
    struct table table;
    json_t *items, *members;
    bool any; /* an item was added */
    bool failed;
};

void output_open(struct output *out, enum output_format format, FILE *to,
                 const char *command, const char *list);

bool output_is_json(const struct output *out);

/* Add what came of one target, which is taken over; NULL means that memory ran out. */
void output_item(struct output *out, json_t *item);

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
