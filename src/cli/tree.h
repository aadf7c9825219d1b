#ifndef HVS_CLI_TREE_H
#define HVS_CLI_TREE_H

#include "cli/table.h"

#include <hvsnap/snapshot.h>

/* The columns that a tree needs in its table, which has no headings. */
#define TREE_COLUMNS 5

/* Add a tree of snapshots per VM, marked where the VM now stands. Snapshots whose parent
 * is not listed, or whose parents form a circle, are drawn as roots and say so. `ascii`
 * is for locales without box characters; `host` stands before a VM's name, or is NULL. */
void tree_add(struct table *table, const struct hvs_snapshot_list *list, const char *host,
              bool ascii);

#endif
