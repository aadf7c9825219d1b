#include "base/index.h"

#include "base/err.h"

#include <stdlib.h>
#include <strings.h>

int hvs_index_init(struct hvs_index *index, size_t most, struct hvs_error *err)
{
    *index = (struct hvs_index){.entries = calloc(most + 1, sizeof(*index->entries))};
    return index->entries ? 0 : hvs_err_memory(err);
}

void hvs_index_clear(struct hvs_index *index)
{
    free(index->entries);
    *index = (struct hvs_index){0};
}

void hvs_index_add(struct hvs_index *index, const char *id, size_t row)
{
    index->entries[index->count++] = (struct hvs_index_entry){id, row};
}

static int by_id(const void *a, const void *b)
{
    const struct hvs_index_entry *left = a, *right = b;
    int order = strcasecmp(left->id, right->id);

    if (order)
        return order;
    return left->row < right->row ? -1 : left->row > right->row;
}

void hvs_index_sort(struct hvs_index *index)
{
    qsort(index->entries, index->count, sizeof(*index->entries), by_id);
}

/* Not by bsearch(), which finds any of several. */
const struct hvs_index_entry *hvs_index_find(const struct hvs_index *index,
                                             const char *id)
{
    size_t from = 0, to = index->count, middle;

    while (from < to) {
        middle = from + (to - from) / 2;
        if (strcasecmp(index->entries[middle].id, id) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    if (from == index->count || strcasecmp(index->entries[from].id, id) != 0)
        return NULL;
    return &index->entries[from];
}

const struct hvs_index_entry *hvs_index_next(const struct hvs_index *index,
                                             const struct hvs_index_entry *entry)
{
    const struct hvs_index_entry *next = entry + 1;

    if (next == index->entries + index->count || strcasecmp(next->id, entry->id) != 0)
        return NULL;
    return next;
}
