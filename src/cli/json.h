#ifndef HVS_CLI_JSON_H
#define HVS_CLI_JSON_H

#include <hvsnap/hvsnap.h>

#include <jansson.h>

/*
 * What the library returns, as JSON: docs/json.md has the shapes, which only ever gain
 * members. Each returns a new value, NULL without memory.
 */

/* A string; null for NULL. Text that is not UTF-8 is escaped. */
json_t *json_text(const char *text);

/* The same, with null for "" too. */
json_t *json_text_or_null(const char *text);

json_t *json_snapshot(const struct hvs_snapshot *snapshot); /* null for NULL */
json_t *json_vm(const struct hvs_vm *vm);
json_t *json_job(const struct hvs_job *job); /* null for NULL */
json_t *json_error_of(const struct hvs_error *err);

/* Add "error" to an object, if there is one. */
void json_put_error(json_t **object, const struct hvs_error *err);

/* Add to an object or an array, taking the value over. Without memory it becomes NULL. */
void json_put(json_t **object, const char *key, json_t *value);
void json_push(json_t **array, json_t *value);

/* "2026-01-31T23:59:59Z", or "" for HVS_TIME_NONE. Returns `buf`. */
const char *time_utc(int64_t ms, char buf[32]);

/* "2026-01-31 23:59:59" in the local time zone, or "-". Returns `buf`. */
const char *time_local(int64_t ms, char buf[32]);

#endif
