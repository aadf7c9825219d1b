#include "cli/inventory.h"

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PLACE_MAX 8192

/* The variables that say which VM an entry is. */
enum { TARGET, HOST, USER, VM, VARS };

static const char *const vars[VARS] = {
    [TARGET] = "hvsnap_target",
    [HOST] = "hvsnap_host",
    [USER] = "hvsnap_user",
    [VM] = "hvsnap_vm",
};

bool inventory_is_var(const char *key)
{
    size_t i;

    for (i = 0; i < VARS; i++)
        if (strcmp(vars[i], key) == 0)
            return true;
    return false;
}

/* Name the place of an entry, or of the variable that the error is about. */
static int fail_at(const struct inventory *inventory, const struct inventory_node *entry,
                   const struct inventory_value *value, struct hvs_error *err)
{
    struct hvs_buf place = HVS_BUF_INIT(PLACE_MAX);
    bool own = !value || value->node == entry;

    if (!inventory->json)
        hvs_buf_printf(&place, "%.190s:%u", inventory->path, entry->line);
    else if (!value)
        hvs_buf_printf(&place, "%.100s: %.90s", inventory->path, entry->name);
    else
        hvs_buf_printf(&place, "%.80s: %s%.60s%s.%s", inventory->path,
                       own ? "_meta.hostvars." : "", value->node->name,
                       own ? "" : ".vars", value->var->key);
    hvs_err_prefix(err, hvs_buf_str(&place));
    hvs_buf_clear(&place);
    return -1;
}

/* What the variables come to; two groups may not disagree. */
static int look_up(struct inventory *inventory, const struct inventory_node *entry,
                   struct inventory_value found[VARS], struct hvs_error *err)
{
    struct inventory_value next;
    size_t i;

    for (i = 0; i < VARS; i++) {
        found[i] = next = (struct inventory_value){0};
        while (inventory_value(inventory, entry, vars[i], &next)) {
            if (!found[i].var)
                found[i] = next;
            if (strcmp(found[i].var->value, next.var->value) == 0)
                continue;
            hvs_err_set(err, HVS_USAGE, 0, "%.80s.vars has another value for '%.80s'",
                        next.node->name, entry->name);
            return fail_at(inventory, entry, &found[i], err);
        }
    }
    for (i = HOST; i < VARS; i++) {
        if (!found[TARGET].var || !found[i].var)
            continue;
        hvs_err_set(err, HVS_USAGE, 0, "cannot go with hvsnap_target");
        return fail_at(inventory, entry, &found[i], err);
    }
    return 0;
}

/* The host of an entry that is not one target: its own, or `base`. */
static int find_host(const struct inventory_value found[VARS], const struct target *base,
                     struct target *out, struct hvs_error *err)
{
    const struct inventory_var *user = found[USER].var;
    int rc;

    if (found[HOST].var)
        rc = target_parse_host(out, found[HOST].var->value, err);
    else
        rc = target_copy(out, base, NULL, err);
    if (rc < 0 || !user)
        return rc;
    if (found[HOST].var && out->user)
        return hvs_err_set(err, HVS_USAGE, 0, "a user, and hvsnap_user too");
    if (!*user->value)
        return hvs_err_set(err, HVS_USAGE, 0, "the user is empty");
    free(out->user);
    out->user = strdup(user->value);
    return out->user ? 0 : hvs_err_memory(err);
}

int inventory_target(struct inventory *inventory, const struct inventory_node *entry,
                     const struct target *base, struct target *out, struct hvs_error *err)
{
    struct inventory_value found[VARS] = {{0}}, *about = NULL;
    struct target host = {0};
    int rc = -1;

    *out = (struct target){0};
    if (look_up(inventory, entry, found, err) < 0)
        return -1;
    if (found[TARGET].var) {
        if (target_parse(out, found[TARGET].var->value, err) < 0)
            return fail_at(inventory, entry, &found[TARGET], err);
        return 0;
    }
    if (!found[HOST].var && !base) {
        hvs_err_set_hint(err, HVS_USAGE, 0,
                         inventory->json ? "set hvsnap_host or hvsnap_target, or give -H"
                                         : "write HOST/VM, or give -H",
                         "'%.200s' is on no host", entry->name);
        return fail_at(inventory, entry, NULL, err);
    }
    about = found[HOST].var ? &found[HOST] : found[USER].var ? &found[USER] : NULL;
    if (find_host(found, base, &host, err) < 0)
        goto out;
    about = found[VM].var ? &found[VM] : NULL;
    if (target_copy(out, &host, about ? about->var->value : entry->name, err) < 0)
        goto out;
    rc = 0;
out:
    if (rc < 0)
        fail_at(inventory, entry, about, err);
    target_clear(&host);
    return rc;
}

/* Every entry is a target, or a VM of whatever host -H names. */
static int check_entries(struct inventory *inventory, struct hvs_error *err)
{
    const struct inventory_node *entry;
    const struct target any = {.host = (char *)(uintptr_t) "any"};
    struct target target;

    for (entry = inventory->entries.first; entry; entry = entry->next) {
        if (inventory_target(inventory, entry, &any, &target, err) < 0)
            return -1;
        target_clear(&target);
    }
    return 0;
}

int inventory_parse(struct inventory **out, const char *path, const char *text,
                    size_t len, struct hvs_error *err)
{
    struct inventory *inventory = calloc(1, sizeof(*inventory));
    size_t blanks = 0;
    int rc = -1;

    *out = NULL;
    if (inventory)
        inventory->path = strdup(path);
    if (!inventory || !inventory->path) {
        hvs_err_memory(err);
        goto out;
    }
    while (blanks < len && text[blanks] && strchr(" \t\r\n", text[blanks]))
        blanks++;
    inventory->json = blanks < len && text[blanks] == '{';
    if ((inventory->json ? inventory_read_json : inventory_read_ini)(inventory, text, len,
                                                                     err) < 0 ||
        inventory_check_groups(inventory, err) < 0 || check_entries(inventory, err) < 0)
        goto out;
    *out = inventory;
    inventory = NULL;
    rc = 0;
out:
    inventory_free(inventory);
    return rc;
}

static size_t choose_all(struct inventory *inventory)
{
    struct inventory_node *entry;
    size_t count = 0;

    for (entry = inventory->entries.first; entry; entry = entry->next, count++)
        entry->chosen = true;
    return count;
}

static bool bears(struct inventory *inventory, const struct inventory_node *entry,
                  const char *key, const char *wanted)
{
    struct inventory_value value = {0};

    while (inventory_value(inventory, entry, key, &value))
        if (strcmp(value.var->value, wanted) == 0)
            return true;
    return false;
}

static int choose_label(struct inventory *inventory, const char *what, size_t key_len,
                        struct hvs_error *err)
{
    struct inventory_node *entry;
    char *key = strndup(what, key_len);
    size_t count = 0;

    if (!key)
        return hvs_err_memory(err);
    for (entry = inventory->entries.first; entry; entry = entry->next) {
        if (!bears(inventory, entry, key, what + key_len + 1))
            continue;
        entry->chosen = true;
        count++;
    }
    free(key);
    return count ? 0
                 : hvs_err_set(err, HVS_USAGE, 0, "nothing in '%.200s' bears '%.200s'",
                               inventory->path, what);
}

int inventory_choose(struct inventory *inventory, const char *what, struct hvs_error *err)
{
    const struct inventory_node *group;
    size_t key_len = strcspn(what, "=");

    if (what[key_len])
        return choose_label(inventory, what, key_len, err);
    group = inventory_find(&inventory->groups, what);
    if (strcmp(what, "all") == 0) {
        if (choose_all(inventory))
            return 0;
    } else if (!group) {
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "@KEY=VALUE chooses by a label; the name of a VM that "
                                "begins with @ is written with @@",
                                "no group '%.200s' in '%.200s'", what, inventory->path);
    } else if (inventory_choose_group(inventory, group)) {
        return 0;
    }
    return hvs_err_set(err, HVS_USAGE, 0, "'%.200s' of '%.200s' holds nothing", what,
                       inventory->path);
}

const struct inventory_node *inventory_next(const struct inventory *inventory,
                                            const struct inventory_node *last)
{
    const struct inventory_node *entry = last ? last->next : inventory->entries.first;

    while (entry && !entry->chosen)
        entry = entry->next;
    return entry;
}

char *inventory_place(const struct inventory *inventory,
                      const struct inventory_node *entry)
{
    struct hvs_buf place = HVS_BUF_INIT(PLACE_MAX);

    if (inventory->json)
        hvs_buf_printf(&place, "%.100s: %.90s", inventory->path, entry->name);
    else
        hvs_buf_printf(&place, "%.190s:%u", inventory->path, entry->line);
    return hvs_buf_take(&place, NULL);
}
