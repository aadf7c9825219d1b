#ifndef HVS_CLI_SETTINGS_H
#define HVS_CLI_SETTINGS_H

#include "cli/opt.h"

/* What every command takes: how to reach a host, and how to print. */
struct settings {
    const char *host;
    const char *targets;   /* a file, "-" for standard input */
    const char *inventory; /* the same */
    const char *user;
    int auth; /* enum hvs_auth_method */
    const char *password_file;
    uint32_t password_fd; /* UINT32_MAX for none */
    const char *keytab;
    const char *cert, *key;
    const char *ca_file;
    bool insecure;
    struct opt_list pin; /* each with one or more, commas between */
    const char *tls_name;
    const char *connect_to;
    const char *proxy;
    const char *proxy_user_file;
    uint32_t port;
    int spn;
    int64_t timeout; /* ms; 0 for none, -1 for the command's own */
    int output;      /* enum output_format */
    bool trace;
    bool quiet;
    const char *language;
    uint32_t retries;
    uint32_t parallel; /* targets at the same time; 0: all */
    uint32_t per_host; /* of one host */
    bool help;
    bool version;
};

#define SETTINGS_INIT                                                        \
    {.password_fd = UINT32_MAX, .timeout = -1, .retries = 2, .parallel = 500, \
     .per_host = 4}

/* In the order of --help. */
extern const struct opt setting_rows[];

/* Fill what is not set from HVSNAP_HOST, HVSNAP_USER and so on; an empty variable counts
 * as absent. */
int settings_from_env(struct opt_set *set, struct hvs_error *err) HVS_MUST_CHECK;

/* The service name that --spn stands for. */
const char *settings_service(const struct settings *settings);

#endif
