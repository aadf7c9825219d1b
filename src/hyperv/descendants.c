#include "hyperv/descendants.h"

#include "base/err.h"
#include "base/index.h"

#include <stdlib.h>

/* Which snapshots have which parent, and which of them are found already. */
struct family {
    char (*parents)[40];
    struct hvs_index by_parent;
    bool *taken;
};

static void clear(struct family *family)
{
    hvs_index_clear(&family->by_parent);
    free(family->parents);
    free(family->taken);
}

/* The one at the top is nobody's child: a circle of parents would come back to it. */
static int find_parents(struct family *family, const struct hvs_settings_set *set,
                        const struct hvs_settings *top, struct hvs_error *err)
{
    const struct hvs_settings *row;
    size_t i;

    family->parents = calloc(set->count, sizeof(*family->parents));
    family->taken = calloc(set->count, sizeof(*family->taken));
    if (!family->parents || !family->taken)
        return hvs_err_memory(err);
    if (hvs_index_init(&family->by_parent, set->count, err) < 0)
        return -1;
    for (i = 0; i < set->count; i++) {
        row = &set->rows[i];
        if (!hvs_settings_is_snapshot(row) || row == top)
            continue;
        hvs_settings_parent(row, family->parents[i]);
        hvs_index_add(&family->by_parent, family->parents[i], i);
    }
    hvs_index_sort(&family->by_parent);
    return 0;
}

const struct hvs_settings **hvs_descendants(const struct hvs_settings_set *set,
                                            const struct hvs_settings *snapshot,
                                            size_t *count, struct hvs_error *err)
{
    const struct hvs_settings **rows = calloc(set->count, sizeof(*rows));
    const struct hvs_index_entry *at;
    struct family family = {0};
    size_t i;

    *count = 0;
    if (!rows)
        hvs_err_memory(err);
    if (!rows || find_parents(&family, set, snapshot, err) < 0) {
        free(rows);
        clear(&family);
        return NULL;
    }
    rows[(*count)++] = snapshot;
    for (i = 0; i < *count; i++) {
        /* all of one parent, or none: two snapshots may have one id */
        at = hvs_index_find(&family.by_parent, hvs_settings_guid(rows[i]));
        for (; at && !family.taken[at->row]; at = hvs_index_next(&family.by_parent, at)) {
            family.taken[at->row] = true;
            rows[(*count)++] = &set->rows[at->row];
        }
    }
    clear(&family);
    return rows;
}
