#ifndef HVS_CLI_CONFIG_H
#define HVS_CLI_CONFIG_H

#include "cli/opt.h"

#include <stdio.h>

/*
 * The configuration files: INI with the sections [default] and [host NAME], whose keys
 * are the names of options. $XDG_CONFIG_HOME/hvsnap/config (or ~/.config/hvsnap/config)
 * comes before /etc/hvsnap/config, and in each file a host's own section before
 * [default]. Never a file of the current folder, which may be somebody else's.
 */
struct config {
    struct config_entry *first; /* in order of precedence within a host */
    struct config_entry **end;
    unsigned files;
};

/* Read the files that exist. A key that no option has is an error. */
int config_load(struct config *config, struct hvs_error *err) HVS_MUST_CHECK;

/* Read one; `path` is for messages. */
int config_read(struct config *config, FILE *file, const char *path,
                struct hvs_error *err) HVS_MUST_CHECK;

/* Fill what is not set yet from the sections that apply to a host. Rows must be
 * setting_rows. Strings stay good until config_clear(). */
int config_fill(const struct config *config, const char *host, struct opt_set *set,
                struct hvs_error *err) HVS_MUST_CHECK;

void config_clear(struct config *config);

#endif
