#ifndef HVS_BASE_INDEX_H
#define HVS_BASE_INDEX_H

#include <hvsnap/error.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * The rows of a list by their ids, in any case, so that thousands find theirs. The ids
 * are lent, and a row is its place in the list. One id may have several rows.
 */
struct hvs_index_entry {
    const char *id;
    size_t row;
};

struct hvs_index {
    struct hvs_index_entry *entries;
    size_t count;
};

/* Room for so many rows. Clear it after a failure too. */
int hvs_index_init(struct hvs_index *index, size_t most,
                   struct hvs_error *err) HVS_MUST_CHECK;
void hvs_index_clear(struct hvs_index *index);

/* Add the rows, then sort them, then look for them. */
void hvs_index_add(struct hvs_index *index, const char *id, size_t row);
void hvs_index_sort(struct hvs_index *index);

/* The first row of this id, in the order in which they were added; NULL when there is
 * none. Those of the same id follow it. */
const struct hvs_index_entry *hvs_index_find(const struct hvs_index *index,
                                             const char *id);

/* The next row of the same id, or NULL. */
const struct hvs_index_entry *hvs_index_next(const struct hvs_index *index,
                                             const struct hvs_index_entry *entry);

#endif
