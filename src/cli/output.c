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
}

bool output_is_json(const struct output *out)
{
    return out->format == OUTPUT_JSON || out->format == OUTPUT_NDJSON;
}

static bool is_compact(const struct output *out)
{
    return out->format == OUTPUT_NDJSON;
}

/* A million of them for a large host: not by printf(). */
static void new_line(struct output *out, size_t depth)
{
    static const char blanks[] = "\n          ";

    if (!is_compact(out))
        fwrite(blanks, 1, 1 + 2 * depth, out->to);
}

/* Of jansson: it does not look what comes of a key, so the buffer remembers. */
static int dumped(const char *text, size_t len, void *arg)
{
    struct hvs_buf *buf = arg;

    hvs_buf_add(buf, text, len);
    return buf->failed ? -1 : 0;
}

/* Write JSON by way of the escape. What it replaces can only stand inside a string, where
 * line breaks cannot: those are between the lines, which go `depth` to the right. */
static void write_value(struct output *out, const json_t *value, size_t depth)
{
    size_t flags = JSON_PRESERVE_ORDER | JSON_ENCODE_ANY;
    struct hvs_buf plain = HVS_BUF_INIT(DOCUMENT_MAX), safe = plain;
    char *text, *at;
    size_t line;

    flags |= is_compact(out) ? JSON_COMPACT : JSON_INDENT(2);
    if (!value || json_dump_callback(value, dumped, &plain, flags) < 0 || plain.failed)
        hvs_buf_fail(&safe);
    else
        escape_add(&safe, hvs_buf_str(&plain), plain.len, ESCAPE_JSON);
    hvs_buf_clear(&plain);
    text = at = hvs_buf_take(&safe, NULL);
    if (!text)
        out->failed = true;
    for (; at && *at; at += line + (at[line] == '\n')) {
        line = strcspn(at, "\n");
        fwrite(at, 1, line, out->to);
        if (at[line])
            new_line(out, depth);
    }
    free(text);
}

/* The elements one by one: all of them together may take a hundred times the memory. */
static void write_array(struct output *out, const struct output_array *array,
                        size_t depth)
{
    json_t *element;
    size_t i;

    putc('[', out->to);
    for (i = 0; i < array->count; i++) {
        if (i)
            putc(',', out->to);
        new_line(out, depth + 1);
        element = array->element(array->arg, i);
        write_value(out, element, depth + 1);
        json_decref(element);
    }
    if (i)
        new_line(out, depth);
    putc(']', out->to);
}

static void write_key(struct output *out, const char *key, bool first, size_t depth)
{
    if (!first)
        putc(',', out->to);
    new_line(out, depth);
    fprintf(out->to, is_compact(out) ? "\"%s\":" : "\"%s\": ", key);
}

/* The members of an object, with the arrays in the places that were kept for them. */
static void write_members(struct output *out, json_t *object, bool first,
                          const struct output_array *arrays, size_t depth)
{
    const struct output_array *array;
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        write_key(out, key, first, depth);
        first = false;
        for (array = arrays; array && array->key && strcmp(array->key, key) != 0; array++)
            ;
        if (array && array->key)
            write_array(out, array, depth);
        else
            write_value(out, value, depth);
    }
}

/* {"schema", "command"} and what happens, if it is told. */
static json_t *envelope(const struct output *out, const char *event)
{
    json_t *doc = json_object();

    json_put(&doc, "schema", json_string("hvsnap/v1"));
    json_put(&doc, "command", json_text(out->command));
    if (event)
        json_put(&doc, "event", json_string(event));
    return doc;
}

/* A line under `ndjson`. */
static void write_line(struct output *out, const char *event, json_t *line,
                       const struct output_array *arrays)
{
    json_t *head = envelope(out, event);

    out->failed = out->failed || !head || !line;
    if (!out->failed) {
        putc('{', out->to);
        write_members(out, head, true, NULL, 0);
        write_members(out, line, false, arrays, 0);
        fputs("}\n", out->to);
        fflush(out->to);
    }
    json_decref(head);
    json_decref(line);
}

void output_event(struct output *out, const char *event, json_t *line)
{
    write_line(out, event, line, NULL);
}

/* The document up to its first item. */
static void begin_document(struct output *out)
{
    json_t *head = envelope(out, NULL);

    out->failed = out->failed || !head;
    if (!out->failed) {
        putc('{', out->to);
        write_members(out, head, true, NULL, 1);
        write_key(out, out->list, false, 1);
        putc('[', out->to);
    }
    json_decref(head);
}

static void write_item(struct output *out, json_t *item,
                       const struct output_array *arrays, bool first)
{
    if (!first)
        putc(',', out->to);
    new_line(out, 2);
    putc('{', out->to);
    write_members(out, item, true, arrays, 3);
    new_line(out, 2);
    putc('}', out->to);
}

void output_item_of(struct output *out, json_t *item, const struct output_array *arrays)
{
    bool first = !out->any;

    out->any = true;
    out->failed = out->failed || !item;
    if (out->format != OUTPUT_JSON) {
        write_line(out, json_object_get(item, "error") ? "failed" : "done", item, arrays);
        return;
    }
    if (first)
        begin_document(out);
    if (!out->failed)
        write_item(out, item, arrays, first);
    json_decref(item);
}

void output_item(struct output *out, json_t *item)
{
    output_item_of(out, item, NULL);
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

static void end_document(struct output *out, const struct hvs_error *failure)
{
    json_t *more = json_object(), *value;
    const char *key;

    if (!out->any)
        begin_document(out);
    else
        new_line(out, 1);
    json_object_foreach(out->members, key, value) /* jansson's own copy fails silently */
    {
        json_put(&more, key, json_incref(value));
    }
    json_put_error(&more, failure);
    out->failed = out->failed || !more;
    if (!out->failed) {
        putc(']', out->to);
        write_members(out, more, false, NULL, 1);
        fputs("\n}\n", out->to);
    }
    json_decref(more);
}

/* The one line of a call that failed before its first. */
static void end_lines(struct output *out, const struct hvs_error *failure)
{
    json_t *line = json_object();

    json_put_error(&line, failure);
    write_line(out, "failed", line, NULL);
}

int output_end(struct output *out, const struct hvs_error *failure, struct hvs_error *err)
{
    if (out->format == OUTPUT_JSON)
        end_document(out, failure);
    else if (out->format == OUTPUT_NDJSON && !out->any && failure->domain)
        end_lines(out, failure);
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
    json_decref(out->members);
    out->members = NULL;
}
