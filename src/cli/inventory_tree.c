#include "cli/inventory_tree.h"

#include "base/buf.h"
#include "base/err.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a */
static size_t bucket_of(const char *name)
{
    uint32_t hash = 2166136261u;

    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return hash % INVENTORY_BUCKETS;
}

struct inventory_node *inventory_find(const struct inventory_table *table,
                                      const char *name)
{
    struct inventory_node *node;

    for (node = table->buckets[bucket_of(name)]; node; node = node->chain)
        if (strcmp(node->name, name) == 0)
            return node;
    return NULL;
}

struct inventory_node *inventory_get(struct inventory_table *table, const char *name,
                                     unsigned line, struct hvs_error *err)
{
    struct inventory_node *node = inventory_find(table, name), **bucket;

    if (node)
        return node;
    node = calloc(1, sizeof(*node));
    if (node)
        node->name = strdup(name);
    if (!node || !node->name) {
        free(node);
        hvs_err_memory(err);
        return NULL;
    }
    node->line = line;
    if (table->last)
        table->last->next = node;
    else
        table->first = node;
    table->last = node;
    bucket = &table->buckets[bucket_of(name)];
    node->chain = *bucket;
    *bucket = node;
    return node;
}

int inventory_put(struct inventory_node *node, struct inventory_node *group,
                  unsigned line, struct hvs_error *err)
{
    struct inventory_link *link;

    for (link = node->groups; link; link = link->next)
        if (link->group == group)
            return 1;
    link = calloc(1, sizeof(*link));
    if (!link)
        return hvs_err_memory(err);
    *link = (struct inventory_link){node->groups, group, line};
    node->groups = link;
    return 0;
}

int inventory_set(struct inventory_node *node, const char *key, const char *value,
                  struct hvs_error *err)
{
    struct inventory_var *var = calloc(1, sizeof(*var));

    if (!var)
        return hvs_err_memory(err);
    var->next = node->vars;
    node->vars = var;
    var->key = strdup(key);
    var->value = strdup(value);
    return var->key && var->value ? 0 : hvs_err_memory(err);
}

const struct inventory_var *inventory_own(const struct inventory_node *node,
                                          const char *key)
{
    const struct inventory_var *var;

    for (var = node->vars; var; var = var->next)
        if (strcmp(var->key, key) == 0)
            return var;
    return NULL;
}

/* --- The shape ---------------------------------------------------------------------- */

enum { NEW, ON_THE_WAY, CHECKED }; /* `held`, while the shape is checked */

/* The groups from where the check began up to where it is. */
struct way {
    struct inventory *inventory;
    struct inventory_node *nodes[INVENTORY_DEPTH + 1];
    struct hvs_error *err;
};

static int fail_at(const struct way *way, const struct inventory_link *link,
                   const char *what)
{
    char where[300];

    snprintf(where, sizeof(where), "%.200s%cchildren", link->group->name,
             way->inventory->json ? '.' : ':');
    return inventory_fail(way->inventory, link->line, where, way->err, "%s", what);
}

static int fail_cycle(const struct way *way, size_t depth,
                      const struct inventory_link *link)
{
    struct hvs_buf text = HVS_BUF_INIT(300);
    const struct inventory_node *node;
    size_t i = depth + 1;

    hvs_buf_printf(&text, "a cycle: %.60s", link->group->name);
    do {
        node = way->nodes[--i];
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the way has no holes */
        hvs_buf_printf(&text, " > %.60s", node->name);
    } while (node != link->group && text.len < 200);
    if (node != link->group)
        hvs_buf_puts(&text, " > ...");
    fail_at(way, link, hvs_buf_str(&text));
    hvs_buf_clear(&text);
    return -1;
}

static int climb(struct way *way, struct inventory_node *node, size_t depth)
{
    const struct inventory_link *link;
    struct inventory_node *group;

    way->nodes[depth] = node;
    node->held = ON_THE_WAY;
    for (link = node->groups; link; link = link->next) {
        group = link->group;
        if (group->held == ON_THE_WAY)
            return fail_cycle(way, depth, link);
        if (group->held == NEW && depth < INVENTORY_DEPTH &&
            climb(way, group, depth + 1) < 0)
            return -1;
        if (group->held == NEW || group->height == INVENTORY_DEPTH)
            return fail_at(way, link, "groups in groups, too deep");
        if (node->height <= group->height)
            node->height = group->height + 1;
    }
    node->held = CHECKED;
    return 0;
}

int inventory_check_groups(struct inventory *inventory, struct hvs_error *err)
{
    struct way way = {.inventory = inventory, .err = err};
    struct inventory_node *group;

    for (group = inventory->groups.first; group; group = group->next)
        if (group->held == NEW && climb(&way, group, 0) < 0)
            return -1;
    inventory->stamp = CHECKED;
    return 0;
}

/* --- What is inherited -------------------------------------------------------------- */

/* Mark the groups that hold a node: as `held`, or as `covered`. Ends, and soon, since the
 * groups were checked. */
static void mark_held(const struct inventory_node *node, unsigned stamp)
{
    const struct inventory_link *link;

    for (link = node->groups; link; link = link->next) {
        if (link->group->held == stamp)
            continue;
        link->group->held = stamp;
        mark_held(link->group, stamp);
    }
}

static void mark_covered(const struct inventory_node *node, unsigned stamp)
{
    const struct inventory_link *link;

    for (link = node->groups; link; link = link->next) {
        if (link->group->covered == stamp)
            continue;
        link->group->covered = stamp;
        mark_covered(link->group, stamp);
    }
}

/* Mark the groups that hold an entry, and those around one that has the variable. */
static void mark(struct inventory *inventory, const struct inventory_node *entry,
                 const char *key)
{
    const struct inventory_node *group;
    unsigned stamp = ++inventory->stamp;

    mark_held(entry, stamp);
    for (group = inventory->groups.first; group; group = group->next)
        if (group->held == stamp && inventory_own(group, key))
            mark_covered(group, stamp);
}

bool inventory_value(struct inventory *inventory, const struct inventory_node *entry,
                     const char *key, struct inventory_value *value)
{
    const struct inventory_node *node = value->node;

    if (!node) {
        value->node = entry;
        value->var = inventory_own(entry, key);
        if (value->var)
            return true;
        if (inventory->inherits)
            mark(inventory, entry, key);
    }
    if (node == entry || !inventory->inherits)
        return false;
    for (node = node ? node->next : inventory->groups.first; node; node = node->next) {
        if (node->held != inventory->stamp || node->covered == inventory->stamp)
            continue;
        value->node = node;
        value->var = inventory_own(node, key);
        if (value->var)
            return true;
    }
    return false;
}

size_t inventory_choose_group(struct inventory *inventory,
                              const struct inventory_node *group)
{
    struct inventory_node *entry;
    size_t count = 0;

    for (entry = inventory->entries.first; entry; entry = entry->next) {
        mark_held(entry, ++inventory->stamp);
        if (group->held != inventory->stamp)
            continue;
        entry->chosen = true;
        count++;
    }
    return count;
}

/* --- Mistakes, and the end ---------------------------------------------------------- */

int inventory_fail(const struct inventory *inventory, unsigned line, const char *where,
                   struct hvs_error *err, const char *fmt, ...)
{
    char what[400];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(what, sizeof(what), fmt, ap);
    va_end(ap);
    if (inventory->json)
        return hvs_err_set(err, HVS_USAGE, 0, "%.200s: %.200s%s%s", inventory->path,
                           where, *where ? ": " : "", what);
    if (!*where)
        return hvs_err_set(err, HVS_USAGE, 0, "%.200s:%u: %s", inventory->path, line,
                           what);
    return hvs_err_set(err, HVS_USAGE, 0, "%.200s:%u: [%.100s]: %s", inventory->path,
                       line, where, what);
}

static void free_node(struct inventory_node *node)
{
    struct inventory_link *link;
    struct inventory_var *var;

    while ((var = node->vars)) {
        node->vars = var->next;
        free(var->key);
        free(var->value);
        free(var);
    }
    while ((link = node->groups)) {
        node->groups = link->next;
        free(link);
    }
    free(node->name);
    free(node);
}

static void clear_table(struct inventory_table *table)
{
    struct inventory_node *node;

    while ((node = table->first)) {
        table->first = node->next;
        free_node(node);
    }
}

void inventory_free(struct inventory *inventory)
{
    if (!inventory)
        return;
    clear_table(&inventory->entries);
    clear_table(&inventory->groups);
    free(inventory->path);
    free(inventory);
}
