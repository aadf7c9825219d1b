#ifndef OPT_H
#define OPT_H

#include "hvsim/cert.h"

#include <stdbool.h>
#include <stddef.h>

#define SIM_OPT_MANY 4096

/* A repeatable option's values, in their order. Borrowed from argv. */
struct sim_list {
    const char *at[SIM_OPT_MANY];
    size_t count;
};

/* The command line. */
struct sim_opts {
    const char *scenario;
    struct sim_list listen;
    struct sim_list set;
    struct sim_list fault;
    const char *cert, *key;
    const char *ca_out;
    const char *client_ca;
    enum sim_flaw flaw;
    const char *state;
    const char *keytab;
    bool log;
    bool help;
    bool version;
};

/* Fill it in. -1, with *err set, for what cannot be understood. */
int sim_opts_parse(struct sim_opts *out, int argc, char **argv, struct hvs_error *err);

/* The text of --help. */
const char *sim_opts_help(void);

#endif
