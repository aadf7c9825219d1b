#include "cli/output.h"

#include "base/buf.h"
#include "base/err.h"
#include "cli/escape.h"
#include "cli/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENT_MAX (256u << 20)

void output_open(struct output *out, enum output_format format, FILE *to,
                 const char *command, const char *list)
{
    *out = (struct output){.format = format, .to = to, .command = command, .list = list};
    if (format == OUTPUT_JSON)
        out->items = json_array();
}

bool output_is_json(const struct output *out)
{
    return out->format == OUTPUT_JSON || out->format == OUTPUT_NDJSON;
}

/* Write JSON by way of the escape. What it replaces can only stand inside a string. */
static void write_json(struct output *out, const json_t *value, size_t flags)
{
    struct hvs_buf safe = HVS_BUF_INIT(DOCUMENT_MAX);
    char *text = value ? json_dumps(value, flags | JSON_PRESERVE_ORDER) : NULL, *done;

    if (text)
        escape_add(&safe, text, strlen(text), ESCAPE_JSON);
    done = text ? hvs_buf_take(&safe, NULL) : NULL;
    if (done)
        fprintf(out->to, "%s\n", done);
    else
        out->failed = true;
    free(done);
    free(text);
}

/* {"schema", "command"} and whatever else there is to say; `event` may be NULL. */
static json_t *envelope(const struct output *out, const char *event, json_t *more)
{
    json_t *doc = json_object();

    json_put(&doc, "schema", json_string("hvsnap/v1"));
    json_put(&doc, "command", json_text(out->command));
    if (event)
        json_put(&doc, "event", json_string(event));
    if (doc && more && json_object_update(doc, more) < 0) {
        json_decref(doc);
        doc = NULL;
    }
    return doc;
}

void output_event(struct output *out, const char *event, json_t *line)
{
    json_t *whole = line ? envelope(out, event, line) : NULL;

    write_json(out, whole, JSON_COMPACT);
    fflush(out->to);
    json_decref(whole);
    json_decref(line);
}

void output_item(struct output *out, json_t *item)
{
    out->any = true;
    if (!item) {
        out->failed = true;
        return;
    }
    if (out->format == OUTPUT_JSON) {
        json_push(&out->items, item);
        out->failed = out->failed || !out->items;
        return;
    }
    output_event(out, json_object_get(item, "error") ? "failed" : "done", item);
}

void output_member(struct output *out, const char *key, json_t *value)
{
    if (out->format == OUTPUT_NDJSON) {
        output_event(out, key, value);
        return;
    }
    if (!out->members)
        out->members = json_object();
    json_put(&out->members, key, value);
    out->failed = out->failed || !out->members;
}

void output_id(struct output *out, const char *id)
{
    char *safe = escape_line(id);

    if (safe)
        fprintf(out->to, "%s\n", safe);
    else
        out->failed = true;
    free(safe);
}

static void end_json(struct output *out, const struct hvs_error *failure, size_t flags)
{
    json_t *doc = envelope(out, out->format == OUTPUT_NDJSON ? "failed" : NULL, NULL);

    if (out->items)
        json_put(&doc, out->list, json_incref(out->items));
    if (out->members && doc)
        json_object_update_missing(doc, out->members);
    json_put_error(&doc, failure);
    write_json(out, doc, flags);
    json_decref(doc);
}

int output_end(struct output *out, const struct hvs_error *failure, struct hvs_error *err)
{
    if (out->format == OUTPUT_JSON)
        end_json(out, failure, JSON_INDENT(2));
    else if (out->format == OUTPUT_NDJSON && !out->any && failure->domain)
        end_json(out, failure, JSON_COMPACT);
    else if (output_is_json(out) || (failure->domain && !table_rows(&out->table)))
        ; /* headings of nothing would be no answer */
    else if (!table_print(&out->table, out->to))
        out->failed = true;
    if (out->failed)
        return hvs_err_memory(err);
    errno = 0;
    if (fflush(out->to) != 0 || ferror(out->to))
        return hvs_err_set_hint(err, HVS_SYSTEM, errno,
                                "what was done on the host is done",
                                "cannot write the result: %s",
                                strerror(errno ? errno : EIO));
    return 0;
}

void output_clear(struct output *out)
{
    table_clear(&out->table);
    json_decref(out->items);
    json_decref(out->members);
    out->items = out->members = NULL;
}
