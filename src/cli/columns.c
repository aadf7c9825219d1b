#include "cli/columns.h"

#include "base/buf.h"
#include "base/err.h"
#include "cli/json.h"
#include "cli/values.h"

#include <stdlib.h>
#include <string.h>

/* What a cell is made of. */
struct cell {
    const char *host;
    const struct hvs_snapshot *s;
    bool utc;
    char text[1024];
};

typedef int compare_fn(const struct hvs_snapshot *a, const struct hvs_snapshot *b);

struct column {
    const char *name, *heading;
    const char *(*text)(struct cell *cell);
    compare_fn *compare; /* NULL: nothing to sort by */
};

static const char *when(struct cell *cell, int64_t ms)
{
    if (!cell->utc)
        return time_local(ms, cell->text);
    return *time_utc(ms, cell->text) ? cell->text : "-";
}

static const char *or_none(const char *text)
{
    return text && *text ? text : "-";
}

static const char *text_host(struct cell *c)
{
    return c->host;
}

static const char *text_vm(struct cell *c)
{
    return c->s->vm_name;
}

static const char *text_vm_id(struct cell *c)
{
    return c->s->vm_id;
}

static const char *text_name(struct cell *c)
{
    return c->s->name;
}

static const char *text_created(struct cell *c)
{
    return when(c, c->s->created_ms);
}

static const char *text_age(struct cell *c)
{
    return age_text(c->s->created_ms, c->text);
}

static const char *text_kind(struct cell *c)
{
    return hvs_snapshot_kind_name(c->s->kind);
}

static const char *text_type(struct cell *c)
{
    return c->s->type ? hvs_checkpoint_type_name(c->s->type) : "-";
}

static const char *text_memory(struct cell *c)
{
    return c->s->saved_state ? "yes" : "-";
}

static const char *text_now(struct cell *c)
{
    return c->s->current ? "yes" : "-";
}

static const char *text_id(struct cell *c)
{
    return c->s->id;
}

static const char *text_parent(struct cell *c)
{
    return or_none(c->s->parent_id);
}

static const char *text_labels(struct cell *c)
{
    return or_none(labels_text(c->s, c->text, sizeof(c->text)));
}

static const char *text_expires(struct cell *c)
{
    return when(c, c->s->expires_ms);
}

static const char *text_notes(struct cell *c)
{
    return or_none(c->s->notes);
}

static int by_vm(const struct hvs_snapshot *a, const struct hvs_snapshot *b)
{
    int order = strcmp(a->vm_name, b->vm_name);

    return order ? order : strcmp(a->vm_id, b->vm_id);
}

static int by_name(const struct hvs_snapshot *a, const struct hvs_snapshot *b)
{
    return strcmp(a->name, b->name);
}

static int by_created(const struct hvs_snapshot *a, const struct hvs_snapshot *b)
{
    return (a->created_ms > b->created_ms) - (a->created_ms < b->created_ms);
}

static int by_age(const struct hvs_snapshot *a, const struct hvs_snapshot *b)
{
    return by_created(b, a);
}

static int by_kind(const struct hvs_snapshot *a, const struct hvs_snapshot *b)
{
    return (int)a->kind - (int)b->kind;
}

static int by_id(const struct hvs_snapshot *a, const struct hvs_snapshot *b)
{
    return strcmp(a->id, b->id);
}

static int by_expires(const struct hvs_snapshot *a, const struct hvs_snapshot *b)
{
    return (a->expires_ms > b->expires_ms) - (a->expires_ms < b->expires_ms);
}

static const struct column all[] = {
    {"host", "HOST", text_host, NULL},
    {"vm", "VM", text_vm, by_vm},
    {"vm-id", "VM-ID", text_vm_id, NULL},
    {"name", "NAME", text_name, by_name},
    {"created", "CREATED", text_created, by_created},
    {"age", "AGE", text_age, by_age},
    {"kind", "KIND", text_kind, by_kind},
    {"type", "TYPE", text_type, NULL},
    {"memory", "MEMORY", text_memory, NULL},
    {"now", "NOW", text_now, NULL},
    {"id", "ID", text_id, by_id},
    {"parent", "PARENT", text_parent, NULL},
    {"labels", "LABELS", text_labels, NULL},
    {"expires", "EXPIRES", text_expires, by_expires},
    {"notes", "NOTES", text_notes, NULL},
};

enum { ALL = sizeof(all) / sizeof(all[0]) };

static const struct column *find(const char *option, const char *name,
                                 struct hvs_error *err)
{
    bool sort = strcmp(option, "--sort") == 0;
    struct hvs_buf names = HVS_BUF_INIT(400);
    size_t i;

    for (i = 0; i < ALL; i++)
        if ((!sort || all[i].compare) && strcmp(all[i].name, name) == 0)
            return &all[i];
    for (i = 0; i < ALL; i++)
        if (!sort || all[i].compare)
            hvs_buf_printf(&names, "%s%s", names.len ? ", " : "", all[i].name);
    hvs_err_set_hint(err, HVS_USAGE, 0, hvs_buf_str(&names), "%s: no column '%.100s'",
                     option, name);
    hvs_buf_clear(&names);
    return NULL;
}

int columns_read(struct columns *out, const char *names, struct hvs_error *err)
{
    char word[40];

    *out = (struct columns){0};
    while (next_word(&names, word, sizeof(word))) {
        if (out->count == COLUMNS_MOST)
            return hvs_err_set(err, HVS_USAGE, 0, "--columns takes %d at the most",
                               COLUMNS_MOST);
        out->items[out->count] = find("--columns", word, err);
        if (!out->items[out->count++])
            return -1;
    }
    if (!out->count)
        return hvs_err_set(err, HVS_USAGE, 0, "--columns names none");
    return 0;
}

void columns_start(const struct columns *columns, struct table *table)
{
    const char *headings[COLUMNS_MOST];
    size_t i;

    for (i = 0; i < columns->count; i++)
        headings[i] = columns->items[i]->heading;
    table_start(table, headings, columns->count);
}

void columns_add(const struct columns *columns, struct table *table, const char *host,
                 const struct hvs_snapshot *snapshot, bool utc)
{
    struct cell cell = {.host = host, .s = snapshot, .utc = utc};
    size_t i;

    for (i = 0; i < columns->count; i++)
        table_cell(table, columns->items[i]->text(&cell));
}

/* qsort() hands on nothing but the rows: each brings the order along. */
struct order {
    struct {
        compare_fn *compare;
        bool down;
    } keys[COLUMNS_MOST];
    size_t count;
};

struct entry {
    struct hvs_snapshot *snapshot;
    const struct order *order;
    size_t place; /* what is equal stays as it was */
};

static int compare(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    const struct order *order = left->order;
    size_t i;
    int way;

    for (i = 0; i < order->count; i++) {
        way = order->keys[i].compare(left->snapshot, right->snapshot);
        if (way)
            return order->keys[i].down ? -way : way;
    }
    return left->place < right->place ? -1 : 1;
}

static int read_order(struct order *order, const char *names, struct hvs_error *err)
{
    const struct column *column;
    char word[40];

    while (next_word(&names, word, sizeof(word)) && order->count < COLUMNS_MOST) {
        bool down = word[0] == '-';

        column = find("--sort", word + down, err);
        if (!column)
            return -1;
        order->keys[order->count].compare = column->compare;
        order->keys[order->count++].down = down;
    }
    return 0;
}

int columns_sort(const char *names, struct hvs_snapshot **items, size_t count,
                 struct hvs_error *err)
{
    struct order order = {0};
    struct entry *entries;
    size_t i;

    if (read_order(&order, names, err) < 0)
        return -1;
    entries = calloc(count + 1, sizeof(*entries));
    if (!entries)
        return hvs_err_memory(err);
    for (i = 0; i < count; i++)
        entries[i] = (struct entry){items[i], &order, i};
    qsort(entries, count, sizeof(*entries), compare);
    for (i = 0; i < count; i++)
        items[i] = entries[i].snapshot;
    free(entries);
    return 0;
}
