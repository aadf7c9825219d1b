#include "cli/door.h"

#include <stdio.h>
#include <string.h>

enum { LOOK_MS = 1000, LEAST_MS = 50, COULDNT_CONNECT = 7, TIMED_OUT = 28 };

/* Windows' own firewall drops what comes for a port that is not let through. */
static bool is_closed(const struct hvs_error *err)
{
    return err->domain == HVS_NET &&
           (err->code == COULDNT_CONNECT ||
            (err->code == TIMED_OUT && err->class_ == HVS_CLASS_CONNECT));
}

/* Was it the usual port, and asked for without a detour? */
static bool usual(const struct hvs_client_opts *opts)
{
    return !opts->plain_http && (!opts->port || opts->port == HTTPS_PORT) &&
           !opts->proxy && !opts->connect_to;
}

void door_look(struct door *door, const struct target *target,
               const struct hvs_client_opts *asked, struct hvs_fleet *fleet, int64_t left,
               const struct hvs_error *why, struct hvs_run **run)
{
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_error ignored = {0};

    *run = NULL;
    if (door->tried || !is_closed(why) || !usual(asked) || (left && left < LEAST_MS))
        return;
    door->tried = true;
    door->host = asked->host;
    door->said = target->scheme != SCHEME_NONE || target->port;
    door->silent = why->code == TIMED_OUT;
    opts.host = asked->host;
    opts.plain_http = true;
    opts.auth = HVS_AUTH_NTLM;
    opts.user = opts.password = "-"; /* a client has some, and these are never sent */
    opts.timeout_ms = (uint32_t)(left && left < LOOK_MS ? left : LOOK_MS);
    opts.fleet = fleet;
    if (hvs_client_open(&door->client, &opts, &ignored) < 0)
        return;
    if (hvs_identify_start(run, door->client, true, &ignored) < 0) {
        hvs_client_close(door->client);
        door->client = NULL;
        *run = NULL;
    }
}

void door_seen(struct door *door, struct hvs_run *run, struct hvs_error *err)
{
    bool v6 = strchr(door->host, ':') != NULL;
    struct hvs_identity *identity = NULL;
    struct hvs_error ignored = {0};

    if (hvs_identify_end(run, &identity, &ignored) == 0)
        snprintf(err->hint, sizeof(err->hint),
                 "HTTPS %s there, but port 5985 answers: %swrite the host as "
                 "http://%s%.200s%s; every message is sealed on that way",
                 door->silent ? "is silent" : "is not open",
                 door->said ? "" : "say --port 5985, or ", v6 ? "[" : "", door->host,
                 v6 ? "]" : "");
    hvs_client_close(door->client);
    door->client = NULL;
    hvs_identity_free(identity);
}
