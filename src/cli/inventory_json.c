#include "cli/inventory.h"

#include "base/err.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How deep arrays and objects may stand in each other; the parser has no such limit that
 * could be set. */
#define JSON_DEPTH 64

/* A mistake at a path, whose parts are joined by '.'. */
#define FAIL(inventory, err, path, ...) \
    inventory_fail(inventory, 0, path, err, __VA_ARGS__)

static void join(char out[300], const char *first, const char *second, const char *third)
{
    snprintf(out, 300, "%.90s.%.90s%s%.90s", first, second, *third ? "." : "", third);
}

/* --- Variables ---------------------------------------------------------------------- */

/* A scalar as a label has it, yours to free; *skip for what is none. */
static char *label_text(const json_t *value, bool *skip)
{
    *skip = json_is_object(value) || json_is_array(value) || json_is_null(value);
    if (*skip)
        return NULL;
    if (json_is_string(value))
        return strdup(json_string_value(value));
    return json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
}

static int read_var(struct inventory *inventory, struct inventory_node *node,
                    const char *path, const char *key, const json_t *value,
                    struct hvs_error *err)
{
    char *text;
    bool skip;
    int rc;

    if (strncmp(key, "hvsnap_", 7) == 0 && !inventory_is_var(key))
        return FAIL(inventory, err, path, "unknown");
    if (inventory_is_var(key) && !json_is_string(value))
        return FAIL(inventory, err, path, "not a string");
    text = label_text(value, &skip);
    if (skip)
        return 0;
    if (!text)
        return hvs_err_memory(err);
    rc = inventory_set(node, key, text, err);
    free(text);
    return rc;
}

/* The variables of a host (_meta.hostvars.NAME) or of a group (NAME.vars). */
static int read_vars(struct inventory *inventory, struct inventory_node *node,
                     const char *first, const char *second, json_t *vars,
                     struct hvs_error *err)
{
    char path[300];
    const char *key;
    json_t *value;

    if (!json_is_object(vars)) {
        join(path, first, second, "");
        return FAIL(inventory, err, path, "not an object");
    }
    json_object_foreach(vars, key, value)
    {
        join(path, first, second, key);
        if (read_var(inventory, node, path, key, value, err) < 0)
            return -1;
    }
    return 0;
}

/* --- Groups ------------------------------------------------------------------------- */

/* An array of names: its hosts, or its children. */
static int read_names(struct inventory *inventory, struct inventory_node *group,
                      const char *key, json_t *names, struct hvs_error *err)
{
    struct inventory_table *table = strcmp(key, "hosts") == 0 ? &inventory->entries
                                                              : &inventory->groups;
    struct inventory_node *node;
    char path[300];
    const char *name;
    json_t *item;
    size_t i;

    join(path, group->name, key, "");
    if (!json_is_array(names))
        return FAIL(inventory, err, path, "not an array");
    json_array_foreach(names, i, item)
    {
        name = json_string_value(item);
        if (!name || !*name)
            return FAIL(inventory, err, path, "not a name");
        /* Ansible names groups here that it leaves out, as they are empty */
        node = inventory_get(table, name, 0, err);
        if (!node || inventory_put(node, group, 0, err) < 0)
            return -1;
    }
    return 0;
}

static int read_group(struct inventory *inventory, const char *name, json_t *object,
                      struct hvs_error *err)
{
    struct inventory_node *group = inventory_get(&inventory->groups, name, 0, err);
    const char *key;
    json_t *value;
    char path[300];
    int rc = 0;

    if (!group)
        return -1;
    if (!json_is_object(object))
        return FAIL(inventory, err, name,
                    "not an object, as in the output of "
                    "ansible-inventory --list");
    json_object_foreach(object, key, value)
    {
        join(path, name, key, "");
        if (strcmp(key, "hosts") == 0 || strcmp(key, "children") == 0)
            rc = read_names(inventory, group, key, value, err);
        else if (strcmp(key, "vars") == 0)
            rc = read_vars(inventory, group, name, key, value, err);
        else
            rc = FAIL(inventory, err, path, "unknown");
        if (rc < 0)
            return -1;
    }
    inventory->inherits = inventory->inherits || group->vars;
    return 0;
}

static int read_hosts(struct inventory *inventory, json_t *hostvars,
                      struct hvs_error *err)
{
    struct inventory_node *entry;
    const char *name;
    json_t *vars;

    if (!json_is_object(hostvars))
        return FAIL(inventory, err, "_meta.hostvars", "not an object");
    json_object_foreach(hostvars, name, vars)
    {
        if (!*name)
            return FAIL(inventory, err, "_meta.hostvars", "not a name");
        entry = inventory_get(&inventory->entries, name, 0, err);
        if (!entry || read_vars(inventory, entry, "_meta.hostvars", name, vars, err) < 0)
            return -1;
    }
    return 0;
}

static int read_meta(struct inventory *inventory, json_t *meta, struct hvs_error *err)
{
    char path[300];
    const char *key;
    json_t *value;

    if (!json_is_object(meta))
        return FAIL(inventory, err, "_meta", "not an object");
    json_object_foreach(meta, key, value)
    {
        join(path, "_meta", key, "");
        if (strcmp(key, "hostvars") == 0) {
            if (read_hosts(inventory, value, err) < 0)
                return -1;
        } else if (strcmp(key, "profile") != 0) { /* how newer ones wrote it */
            return FAIL(inventory, err, path, "unknown");
        }
    }
    return 0;
}

/* The group "all" holds whatever no other group does, and the groups that no other group
 * does, whether it says so or not. */
static int complete_all(struct inventory *inventory, struct hvs_error *err)
{
    struct inventory_node *all = inventory_find(&inventory->groups, "all"), *node;

    if (!all)
        return 0;
    for (node = inventory->entries.first; node; node = node->next)
        if (!node->groups && inventory_put(node, all, 0, err) < 0)
            return -1;
    for (node = inventory->groups.first; node; node = node->next)
        if (!node->groups && node != all && inventory_put(node, all, 0, err) < 0)
            return -1;
    return 0;
}

/* Is it nested no deeper than may be? */
static bool is_shallow(const char *text, size_t len)
{
    size_t depth = 0, i;
    bool string = false;

    for (i = 0; i < len; i++) {
        if (string && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            string = !string;
        else if (!string && (text[i] == '{' || text[i] == '['))
            depth++;
        else if (!string && depth && (text[i] == '}' || text[i] == ']'))
            depth--;
        if (depth > JSON_DEPTH)
            return false;
    }
    return true;
}

int inventory_read_json(struct inventory *inventory, const char *text, size_t len,
                        struct hvs_error *err)
{
    json_error_t error;
    json_t *root = NULL, *value;
    const char *name, *near;
    int rc = -1;

    if (!is_shallow(text, len))
        return FAIL(inventory, err, "", "over %d levels deep", JSON_DEPTH);
    root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    if (!root && !*error.text) { /* it has words for all else */
        hvs_err_memory(err);
        goto out;
    }
    if (!root) {
        /* not what it is near to, which may be a password */
        near = strstr(error.text, " near ");
        hvs_err_set(err, HVS_USAGE, 0, "%.200s:%d: %.*s", inventory->path, error.line,
                    near ? (int)(near - error.text) : JSON_ERROR_TEXT_LENGTH, error.text);
        goto out;
    }
    json_object_foreach(root, name, value)
    {
        if ((strcmp(name, "_meta") == 0 ? read_meta(inventory, value, err)
                                        : read_group(inventory, name, value, err)) < 0)
            goto out;
    }
    if (complete_all(inventory, err) < 0)
        goto out;
    rc = 0;
out:
    json_decref(root);
    return rc;
}
