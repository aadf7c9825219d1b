#ifndef HVS_CLI_COLUMNS_H
#define HVS_CLI_COLUMNS_H

#include "cli/table.h"

#include <hvsnap/hvsnap.h>

/*
 * The columns of a table of snapshots, and the order of its rows: the words of --columns
 * and --sort.
 */
enum { COLUMNS_MOST = 20 };

struct column;
struct columns {
    const struct column *items[COLUMNS_MOST];
    size_t count;
};

/* "vm,name,created"; fails for one that there is not, with all that there are. */
int columns_read(struct columns *out, const char *names,
                 struct hvs_error *err) HVS_MUST_CHECK;

/* Begin a table with their headings. */
void columns_start(const struct columns *columns, struct table *table);

/* Add a row. `utc`: times as JSON has them, not in the local time zone. */
void columns_add(const struct columns *columns, struct table *table, const char *host,
                 const struct hvs_snapshot *snapshot, bool utc);

/* Put snapshots into the order of "name,-created": each by its column, downwards after a
 * '-'. */
int columns_sort(const char *names, struct hvs_snapshot **items, size_t count,
                 struct hvs_error *err) HVS_MUST_CHECK;

#endif
