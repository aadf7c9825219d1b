#ifndef HVS_CLI_INVENTORY_H
#define HVS_CLI_INVENTORY_H

#include "cli/inventory_tree.h"
#include "cli/target.h"

/*
 * Targets that groups and labels stand for. A file of them is INI,
 *
 *     [web]
 *     hv01/web1 env=prod
 *     "hv01/web server 2" env=test
 *     [front:children]
 *     web
 *
 * or what `ansible-inventory --list` prints, where these variables of a host, or of a
 * group of its, say which VM it is: hvsnap_target, a whole target, or else hvsnap_host,
 * hvsnap_user and, where it is not the name of the host, hvsnap_vm.
 *
 * It is taken as a whole or not at all: what no part of it means anything to is an error.
 */

/* Take a file apart; `path` is for messages. */
int inventory_parse(struct inventory **out, const char *path, const char *text,
                    size_t len, struct hvs_error *err) HVS_MUST_CHECK;

/* Choose, on top of what is chosen, the entries of "GROUP", those that bear "KEY=VALUE",
 * or "all". Choosing none is an error. */
int inventory_choose(struct inventory *inventory, const char *what,
                     struct hvs_error *err) HVS_MUST_CHECK;

/* The first chosen entry after `last`, in the order of the file; NULL at the end. */
const struct inventory_node *inventory_next(const struct inventory *inventory,
                                            const struct inventory_node *last);

/* The target that an entry is. One that names no host is a VM of `base`, or an error
 * where that is NULL. */
int inventory_target(struct inventory *inventory, const struct inventory_node *entry,
                     const struct target *base, struct target *out,
                     struct hvs_error *err) HVS_MUST_CHECK;

/* Is it a variable that says which VM an entry is? */
bool inventory_is_var(const char *key);

/* Where it stands: "hosts.ini:4", "hosts.json: web1". Yours to free, NULL without
 * memory. */
char *inventory_place(const struct inventory *inventory,
                      const struct inventory_node *entry);

#endif
