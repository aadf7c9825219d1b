#include "cli/door.h"

#include "base/clock.h"

#include <stdio.h>

enum { LOOK_MS = 1000, LEAST_MS = 50, HTTPS_PORT = 5986, COULDNT_CONNECT = 7 };

/* Was it the usual port, and asked for without a detour? */
static bool usual(const struct hvs_client_opts *opts)
{
    return !opts->plain_http && (!opts->port || opts->port == HTTPS_PORT) &&
           !opts->proxy && !opts->connect_to;
}

/* What answers an anonymous Identify is WinRM. No login is tried. */
static bool answers(const struct hvs_client_opts *asked, int64_t ms)
{
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_identity *identity = NULL;
    struct hvs_client *client;
    struct hvs_error ignored = {0};

    opts.host = asked->host;
    opts.plain_http = true;
    opts.auth = HVS_AUTH_NTLM;
    opts.user = opts.password = "-"; /* a client has some, and these are never sent */
    opts.timeout_ms = (uint32_t)ms;
    if (hvs_client_open(&client, &opts, &ignored) < 0)
        return false;
    if (hvs_identify(client, true, &identity, &ignored) < 0)
        identity = NULL;
    hvs_client_close(client);
    hvs_identity_free(identity);
    return identity != NULL;
}

void door_look(const struct call *call, const struct work *work, struct hvs_error *err)
{
    int64_t left = LOOK_MS;

    if (err->domain != HVS_NET || err->code != COULDNT_CONNECT ||
        !usual(&work->host->opts))
        return;
    if (call->deadline && call->deadline - hvs_clock_ms() < left)
        left = call->deadline - hvs_clock_ms();
    if (left < LEAST_MS || !answers(&work->host->opts, left))
        return;
    snprintf(err->hint, sizeof(err->hint),
             "HTTPS is not open there, but port 5985 answers: say --port 5985, or write "
             "the host as http://%.200s; every message is sealed on that way",
             work->host->opts.host);
}
