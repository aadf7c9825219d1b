#include "hyperv/client.h"

#include "auth/mech.h"
#include "base/clock.h"
#include "base/err.h"
#include "hyperv/endpoint.h"
#include "hyperv/fleet.h"
#include "wsman/envelope.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_opts(struct hvs_client_opts *out, const struct hvs_client_opts *opts,
                     struct hvs_error *err)
{
    const size_t least = offsetof(struct hvs_client_opts, host) + sizeof(opts->host);

    *out = (struct hvs_client_opts)HVS_CLIENT_OPTS_INIT;
    if (hvs_opts_copy(out, sizeof(*out), opts, least, "HVS_CLIENT_OPTS_INIT", err) < 0)
        return -1;
    if (out->auth == HVS_AUTH_CERTIFICATE && (!out->cert_file || out->plain_http))
        return hvs_err_set_hint(err, HVS_USAGE, 0, "give --cert, and use HTTPS",
                                "a login by certificate needs one, and TLS");
    if (out->auth == HVS_AUTH_BASIC && out->plain_http)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "use HTTPS, or --auth ntlm",
                                "Basic sends the password in clear, and needs TLS");
    return 0;
}

/* "DOMAIN\user" in two. The caller frees *domain. */
static int split_user(const struct hvs_client_opts *opts, struct hvs_credentials *who,
                      char **domain, struct hvs_error *err)
{
    const char *slash = opts->user ? strchr(opts->user, '\\') : NULL;

    *domain = strndup(opts->user ? opts->user : "",
                      slash ? (size_t)(slash - opts->user) : 0);
    if (!*domain)
        return hvs_err_memory(err);
    *who = (struct hvs_credentials){.user = slash ? slash + 1 : opts->user,
                                    .domain = *domain,
                                    .password = opts->password,
                                    .keytab = opts->keytab,
                                    .tickets = opts->tickets};
    return 0;
}

/* Whoever blocks the KDC would get an NTLM response to guess the password from. */
#define SAY_NTLM \
    "NTLM is not tried over clear HTTP unasked, since whoever listens could guess the " \
    "password from it: say --auth ntlm if you trust the network, or use HTTPS"

/* Nothing is left to try. */
static struct hvs_mech *no_way(const struct hvs_client_opts *opts,
                               const struct hvs_credentials *who, struct hvs_error *err)
{
    const char *why = "the user names no realm, so Kerberos is not tried";

    if (!hvs_gss_built())
        why = "this build knows no Kerberos";
    else if (hvs_host_is_address(opts->host))
        why = "that is an address, and Kerberos needs the host's name";
    if (who->user && who->password)
        hvs_err_set_hint(err, HVS_AUTH, 0, SAY_NTLM, "no way to log in to '%s': %s",
                         opts->host, why);
    else
        hvs_err_set_hint(err, HVS_AUTH, 0,
                         who->user ? "give a password: --password-file FILE"
                                   : "give --user and a password",
                         "no way to log in to '%s': %s, and there is no password",
                         opts->host, why);
    return NULL;
}

/* An account of the domain: a bare user may be one of the host itself, whose namesake a
 * KDC would take a wrong password for. */
static bool has_realm(const struct hvs_credentials *who)
{
    return !who->user || who->domain[0] || strchr(who->user, '@');
}

/* Kerberos where it can work; else NTLM. Which one is said in the evidence. Whether a
 * ticket or a keytab can be used is seen when it is: looking may take its time, and there
 * is no deadline yet. */
static struct hvs_mech *negotiate(const struct hvs_client_opts *opts,
                                  const struct hvs_credentials *who, const char *service,
                                  struct hvs_error *err)
{
    bool kerberos = !hvs_host_is_address(opts->host) && hvs_gss_built();
    struct hvs_mech *mech;

    if (kerberos && !who->password)
        return hvs_gss_new(who, service, opts->host, err);
    if (kerberos && opts->plain_http && has_realm(who)) {
        mech = hvs_gss_new(who, service, opts->host, err);
        if (mech)
            mech->instead = SAY_NTLM;
        return mech;
    }
    if (opts->plain_http || !who->user || !who->password)
        return no_way(opts, who, err);
    return hvs_ntlm_new(who, opts->host, err);
}

static struct hvs_mech *choose(const struct hvs_client_opts *opts,
                               const struct hvs_credentials *who, struct hvs_error *err)
{
    const char *service = opts->service ? opts->service : "HTTP";

    switch (opts->auth) {
    case HVS_AUTH_BASIC: return hvs_basic_new(who, err);
    case HVS_AUTH_NTLM: return hvs_ntlm_new(who, opts->host, err);
    case HVS_AUTH_KERBEROS: return hvs_gss_new(who, service, opts->host, err);
    case HVS_AUTH_CERTIFICATE: return hvs_certificate_new(err);
    case HVS_AUTH_NEGOTIATE: break;
    }
    return negotiate(opts, who, service, err);
}

static struct hvs_mech *open_mech(const struct hvs_client_opts *opts,
                                  struct hvs_error *err)
{
    struct hvs_credentials who;
    struct hvs_mech *mech;
    char *domain;

    if (split_user(opts, &who, &domain, err) < 0)
        return NULL;
    mech = choose(opts, &who, err);
    free(domain);
    return mech;
}

static int connect_parts(struct hvs_client *client, const struct hvs_client_opts *opts,
                         const struct hvs_endpoint *where, struct hvs_error *err)
{
    struct hvs_session_opts session = {.host = opts->host,
                                       .to = where->url,
                                       .language = opts->language ? opts->language
                                                                  : "en-US",
                                       .tls = !opts->plain_http,
                                       .account = opts->password ? opts->user : NULL,
                                       .lockout = opts->lockout,
                                       .trace = opts->trace,
                                       .trace_arg = opts->trace_arg};
    struct hvs_http_opts http = {.url = where->connect_url,
                                 .ca_file = opts->ca_file,
                                 .insecure = opts->insecure,
                                 .pins = opts->pins,
                                 .connect_to = where->connect_to,
                                 .proxy = opts->proxy,
                                 .cert_file = opts->cert_file,
                                 .key_file = opts->key_file ? opts->key_file
                                                            : opts->cert_file,
                                 .proxy_user = opts->proxy_user,
                                 .most_bytes = HVS_MAX_REPLY_SIZE};

    /* the frame around a sealed reply is not counted by the host */
    if (opts->plain_http)
        http.most_bytes += 1024;
    session.mech = open_mech(opts, err);
    if (!session.mech)
        return -1;
    client->session = hvs_session_new(&session, err);
    if (!client->session)
        return -1;
    client->fleet = opts->fleet;
    client->pool = opts->fleet ? hvs_fleet_pool(opts->fleet) : hvs_pool_new(err);
    if (!client->pool)
        return -1;
    if (opts->fleet)
        client->board = hvs_fleet_board(opts->fleet, where->url, opts->user);
    client->driver = hvs_driver_new(client->pool, &http, client->session, err);
    return client->driver ? 0 : -1;
}

int hvs_client_open(struct hvs_client **out, const struct hvs_client_opts *given,
                    struct hvs_error *err)
{
    struct hvs_client *client = NULL;
    struct hvs_client_opts opts;
    struct hvs_endpoint where = {0};
    int rc = -1;

    *out = NULL;
    if (read_opts(&opts, given, err) < 0 || hvs_endpoint_init(&where, &opts, err) < 0)
        goto out;
    client = calloc(1, sizeof(*client));
    if (!client) {
        hvs_err_memory(err);
        goto out;
    }
    client->timeout_ms = opts.timeout_ms;
    client->host = strdup(opts.host);
    if (!client->host) {
        hvs_err_memory(err);
        goto out;
    }
    if (connect_parts(client, &opts, &where, err) < 0)
        goto out;
    *out = client;
    client = NULL;
    rc = 0;
out:
    hvs_client_close(client);
    hvs_endpoint_clear(&where);
    return rc;
}

void hvs_client_close(struct hvs_client *client)
{
    if (!client)
        return;
    if (client->run)
        hvs_client_drop(client->run);
    hvs_driver_free(client->driver);
    hvs_session_free(client->session);
    if (!client->fleet)
        hvs_pool_free(client->pool);
    free(client->host);
    free(client);
}

void hvs_client_set_timeout(struct hvs_client *client, uint32_t timeout_ms)
{
    client->timeout_ms = timeout_ms;
}

const struct hvs_evidence *hvs_client_evidence(const struct hvs_client *client)
{
    return hvs_session_evidence(client->session);
}

int hvs_client_start(struct hvs_client *client, struct hvs_run *run, struct hvs_op *op,
                     void (*release)(struct hvs_run *run), struct hvs_error *err)
{
    int64_t now = hvs_clock_ms();

    run->client = client;
    run->session = client->session;
    run->free = release;
    if (client->run) {
        release(run);
        return hvs_err_set(err, HVS_USAGE, 0, "another operation runs on this client");
    }
    client->run = run;
    if (client->timeout_ms)
        run->deadline = now + client->timeout_ms;
    hvs_run_start(run, op, now);
    return 0;
}

enum hvs_run_state hvs_run_step(struct hvs_run *run)
{
    return hvs_driver_step(run->client->driver, run);
}

size_t hvs_run_fds(struct hvs_run *run, struct pollfd *fds, size_t max)
{
    return hvs_driver_fds(run->client->driver, fds, max);
}

int hvs_run_timeout(struct hvs_run *run)
{
    return hvs_driver_timeout(run->client->driver, run);
}

void hvs_run_on_progress(struct hvs_run *run, hvs_progress_fn *fn, void *arg)
{
    run->progress = fn;
    run->progress_arg = arg;
}

void hvs_run_stop(struct hvs_run *run, const struct hvs_error *why)
{
    run->hurry = run->stopped_once;
    if (run->hurry || (!run->undoing && !run->stop.domain))
        run->stop = *why;
    run->stopped_once = true;
}

const char *hvs_run_by_hand(const struct hvs_run *run)
{
    return run->by_hand ? run->by_hand : "";
}

bool hvs_run_is_held(const struct hvs_run *run)
{
    return run->held && !run->stop.domain;
}

void hvs_run_release(struct hvs_run *run)
{
    if (run->held)
        run->wake = run->now;
    run->held = false;
}

void hvs_client_wait(struct hvs_run *run)
{
    struct pollfd fds[8];
    size_t count;

    while (hvs_run_step(run) == HVS_RUN_GOES_ON) {
        hvs_run_release(run);
        count = hvs_run_fds(run, fds, sizeof(fds) / sizeof(fds[0]));
        poll(fds, (nfds_t)count, hvs_run_timeout(run));
    }
}

int hvs_client_finish(struct hvs_run *run, struct hvs_error *err)
{
    struct hvs_error why = {0};

    if (run->todo != HVS_END) {
        hvs_err_set(&why, HVS_USAGE, 0, "it was ended before it was over");
        hvs_err_class(&why, HVS_CLASS_INTERRUPTED);
        if (!run->stopped_once) /* a second one would leave it as it is */
            hvs_run_stop(run, &why);
        hvs_client_wait(run);
    }
    if (!run->err.domain)
        return 0;
    *err = run->err;
    return -1;
}

void hvs_client_drop(struct hvs_run *run)
{
    if (run->client->run == run)
        run->client->run = NULL;
    hvs_run_clear(run);
    run->free(run);
}
