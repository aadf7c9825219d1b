#ifndef HVS_CLI_INVENTORY_TREE_H
#define HVS_CLI_INVENTORY_TREE_H

#include <hvsnap/error.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * What an inventory holds, whatever it was written in: entries in groups in groups, and
 * variables of both. Labels are variables that do not begin with "hvsnap_".
 */

/* How deep groups may stand in each other. */
#define INVENTORY_DEPTH 32

#define INVENTORY_BUCKETS 1024

struct inventory_var {
    struct inventory_var *next;
    char *key, *value;
};

/* That a group holds something, and the line that says so. */
struct inventory_link {
    struct inventory_link *next;
    struct inventory_node *group;
    unsigned line;
};

/* An entry or a group. */
struct inventory_node {
    struct inventory_node *next;  /* in the order of the file */
    struct inventory_node *chain; /* in its bucket */
    char *name;
    unsigned line; /* the first that names it; 0 in JSON */
    bool known;    /* a group of the file, not only named as a child */
    bool chosen;
    struct inventory_var *vars;
    struct inventory_link *groups; /* that hold it */
    /* Marks; see inventory_tree.c. */
    unsigned held, covered;
    unsigned height;
};

/* Nodes by name, and in order. Start from {0}. */
struct inventory_table {
    struct inventory_node *first, *last;
    struct inventory_node *buckets[INVENTORY_BUCKETS];
};

struct inventory {
    char *path;
    bool json;
    bool inherits; /* some group has variables */
    struct inventory_table entries, groups;
    unsigned stamp; /* of the newest marks */
};

/* A variable and whose it is. */
struct inventory_value {
    const struct inventory_var *var;
    const struct inventory_node *node;
};

/* Fill an inventory from a text. */
int inventory_read_ini(struct inventory *inventory, const char *text, size_t len,
                       struct hvs_error *err) HVS_MUST_CHECK;
int inventory_read_json(struct inventory *inventory, const char *text, size_t len,
                        struct hvs_error *err) HVS_MUST_CHECK;

void inventory_free(struct inventory *inventory); /* NULL is fine */

/* The node of that name, or NULL. */
struct inventory_node *inventory_find(const struct inventory_table *table,
                                      const char *name);

/* The same, made where there is none; NULL without memory. */
struct inventory_node *inventory_get(struct inventory_table *table, const char *name,
                                     unsigned line, struct hvs_error *err);

/* A group holds the node from now on. 1 when it does already. */
int inventory_put(struct inventory_node *node, struct inventory_node *group,
                  unsigned line, struct hvs_error *err) HVS_MUST_CHECK;

/* Give a node a variable that it does not have yet. */
int inventory_set(struct inventory_node *node, const char *key, const char *value,
                  struct hvs_error *err) HVS_MUST_CHECK;

/* Its own variable of that name, or NULL. */
const struct inventory_var *inventory_own(const struct inventory_node *node,
                                          const char *key);

/* Fail where groups stand in themselves, or in too many others. */
int inventory_check_groups(struct inventory *inventory, struct hvs_error *err)
    HVS_MUST_CHECK;

/* The variable that holds for an entry: its own, or else that of the groups that hold it,
 * where a group's goes before those of the groups around it. More than one is left where
 * neither group holds the other: begin with {0}, false after the last. */
bool inventory_value(struct inventory *inventory, const struct inventory_node *entry,
                     const char *key, struct inventory_value *value);

/* Mark as chosen all entries that a group holds, however deep. How many it holds. */
size_t inventory_choose_group(struct inventory *inventory,
                              const struct inventory_node *group);

/* Record a mistake at `where`, a section or a path. Returns -1. */
int inventory_fail(const struct inventory *inventory, unsigned line, const char *where,
                   struct hvs_error *err, const char *fmt, ...) HVS_PRINTF(5, 6);

#endif
