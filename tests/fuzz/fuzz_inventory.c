#include "cli/inventory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
    if (!truth)
        abort();
}

static size_t count_chosen(struct inventory *inventory)
{
    const struct inventory_node *entry = NULL;
    size_t count = 0;

    while ((entry = inventory_next(inventory, entry)))
        count++;
    return count;
}

static void forget(struct inventory *inventory)
{
    struct inventory_node *entry;

    for (entry = inventory->entries.first; entry; entry = entry->next)
        entry->chosen = false;
}

/* With the host of -H every entry is a target; without, only the lack of one fails. */
static void check_targets(struct inventory *inventory)
{
    const struct target base = {.host = (char *)(uintptr_t) "h"};
    const struct inventory_node *entry;

    for (entry = inventory->entries.first; entry; entry = entry->next) {
        struct hvs_error err = {0}, none = {0};
        struct target target;
        char *place = inventory_place(inventory, entry);

        must(place && *entry->name);
        free(place);
        must(inventory_target(inventory, entry, &base, &target, &err) == 0);
        must(target.host && *target.host && (!target.vm || *target.vm));
        target_clear(&target);
        if (inventory_target(inventory, entry, NULL, &target, &none) < 0)
            must(strstr(none.message, "is on no host") != NULL);
        target_clear(&target);
    }
}

/* A group chooses none but entries, and no more of them than all. */
static void check_groups(struct inventory *inventory, size_t all)
{
    const struct inventory_node *group;

    for (group = inventory->groups.first; group; group = group->next) {
        struct hvs_error err = {0};
        size_t count;

        forget(inventory);
        count = inventory_choose_group(inventory, group);
        must(count <= all && count == count_chosen(inventory));
        if (strchr(group->name, '=') || strcmp(group->name, "all") == 0)
            continue;
        must(inventory_choose(inventory, group->name, &err) == (count ? 0 : -1));
    }
}

/* Whatever bears a label is chosen by it. */
static void check_labels(struct inventory *inventory)
{
    const struct inventory_node *entry;
    const struct inventory_var *var;

    for (entry = inventory->entries.first; entry; entry = entry->next) {
        for (var = entry->vars; var; var = var->next) {
            struct hvs_error err = {0};
            size_t len = strlen(var->key) + strlen(var->value) + 2;
            char *word = malloc(len);

            must(word != NULL);
            snprintf(word, len, "%s=%s", var->key, var->value);
            forget(inventory);
            if (!strchr(var->key, '='))
                must(inventory_choose(inventory, word, &err) == 0 && entry->chosen);
            free(word);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct inventory *inventory;
    struct hvs_error err = {0}, empty = {0};
    size_t all;

    if (inventory_parse(&inventory, "F", (const char *)data, size, &err) < 0) {
        must(!inventory && err.domain == HVS_USAGE && *err.message);
        return 0;
    }
    if (inventory_choose(inventory, "all", &empty) < 0)
        must(!inventory->entries.first);
    all = count_chosen(inventory);
    if (all <= 64) { /* the checks below look at each for each */
        check_targets(inventory);
        check_groups(inventory, all);
        check_labels(inventory);
    }
    inventory_free(inventory);
    return 0;
}
