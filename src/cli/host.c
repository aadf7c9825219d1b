#include "cli/host.h"

#include "base/err.h"
#include "cli/trace.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static struct host *find(const struct hosts *hosts, const struct target *where)
{
    struct host *host;

    for (host = hosts->first; host; host = host->next) {
        if (target_same_host(&host->where, where))
            return host;
    }
    return NULL;
}

/* What holds for this target: the target itself, then options and environment, then the
 * sections of the configuration. */
static int resolve(const struct hosts *hosts, const struct target *target,
                   struct settings *out, struct hvs_error *err)
{
    struct opt_set set = {.rows = setting_rows, .into = out};

    *out = (struct settings)SETTINGS_INIT;
    opt_fill(&set, &hosts->given);
    if (config_fill(&hosts->config, target->host, &set, err) < 0)
        return -1;
    if (target->user)
        out->user = target->user;
    if (target->port)
        out->port = target->port;
    if (out->port > UINT16_MAX)
        return hvs_err_set(err, HVS_USAGE, 0, "%u is not a port", (unsigned)out->port);
    if (!out->user && (opt_seen(&hosts->given, "password-file") ||
                       opt_seen(&hosts->given, "password-fd")))
        return hvs_err_set_hint(err, HVS_USAGE, 0, "give --user, or USER@ in the target",
                                "a password, but no user");
    if (!out->user && (out->auth == HVS_AUTH_NTLM || out->auth == HVS_AUTH_BASIC))
        return hvs_err_set_hint(err, HVS_USAGE, 0, "give --user, or USER@ in the target",
                                "this way to log in needs a user");
    return 0;
}

/* "--pin A,B --pin C" as a list that ends in NULL. */
static int copy_pins(struct host *host, const struct opt_list *given,
                     struct hvs_error *err)
{
    size_t most = 0, count = 0, i, len;
    const char *at;

    for (i = 0; i < given->count; i++)
        for (at = given->items[i], most++; (at = strchr(at, ',')); at++)
            most++;
    if (!most)
        return 0;
    host->pins = calloc(most + 1, sizeof(*host->pins));
    if (!host->pins)
        return hvs_err_memory(err);
    for (i = 0; i < given->count; i++) {
        for (at = given->items[i];; at += len + 1) {
            len = strcspn(at, ",");
            host->pins[count] = strndup(at, len);
            if (!host->pins[count++])
                return hvs_err_memory(err);
            if (!at[len])
                break;
        }
    }
    return 0;
}

static int proxy_user(struct hosts *hosts, const struct settings *settings,
                      struct hvs_client_opts *opts, struct hvs_error *err)
{
    if (!settings->proxy_user_file || !settings->proxy)
        return 0;
    if (secret_of_file(&hosts->secrets, settings->proxy_user_file, hosts->notice,
                       &opts->proxy_user, err) < 0)
        return -1;
    if (strchr(opts->proxy_user, ':'))
        return 0;
    return hvs_err_set_hint(err, HVS_USAGE, 0, "its first line is USER:PASSWORD",
                            "'%s' holds no user of the proxy", settings->proxy_user_file);
}

/* Where every message is sealed: HTTP's own port says so as well, but for https://. */
static bool is_plain(const struct host *host, const struct settings *settings)
{
    return host->where.scheme == SCHEME_HTTP ||
           (host->where.scheme == SCHEME_NONE && settings->port == HTTP_PORT);
}

/* What the library is told; all of it is lent from the host and the settings. */
static int fill_opts(struct hosts *hosts, struct host *host,
                     const struct settings *settings, struct hvs_error *err)
{
    struct hvs_client_opts *opts = &host->opts;

    *opts = (struct hvs_client_opts)HVS_CLIENT_OPTS_INIT;
    if (copy_pins(host, &settings->pin, err) < 0)
        return -1;
    opts->host = host->where.host;
    opts->port = (uint16_t)settings->port;
    opts->plain_http = is_plain(host, settings);
    opts->auth = (enum hvs_auth_method)settings->auth;
    opts->user = settings->user;
    opts->keytab = settings->keytab;
    opts->service = settings_service(settings);
    opts->cert_file = settings->cert;
    opts->key_file = settings->key;
    opts->ca_file = settings->ca_file;
    opts->insecure = settings->insecure;
    opts->pins = (const char *const *)host->pins;
    opts->tls_name = settings->tls_name;
    opts->connect_to = settings->connect_to;
    opts->proxy = settings->proxy;
    opts->language = settings->language;
    if (!hosts->lockout)
        hosts->lockout = hvs_lockout_new();
    if (!hosts->lockout)
        return hvs_err_memory(err);
    if (!hosts->tickets)
        hosts->tickets = hvs_tickets_new();
    if (!hosts->tickets)
        return hvs_err_memory(err);
    if (!hosts->no_clients && !hosts->fleet && hvs_fleet_new(&hosts->fleet, err) < 0)
        return -1;
    opts->fleet = hosts->fleet;
    opts->lockout = hosts->lockout;
    opts->tickets = hosts->tickets;
    if (settings->trace) {
        opts->trace = trace_told;
        opts->trace_arg = hosts->notice;
    }
    if (proxy_user(hosts, settings, opts, err) < 0)
        return -1;
    if (secret_get(&hosts->secrets, settings, hosts->notice, &opts->password, err) < 0)
        return -1;
    host->logs_in_anew = opts->password || opts->keytab;
    return 0;
}

static int add_seat(struct host *host, struct hvs_error *err)
{
    struct seat *seat = calloc(1, sizeof(*seat));

    if (!seat)
        return hvs_err_memory(err);
    if (hvs_client_open(&seat->client, &host->opts, err) < 0) {
        free(seat);
        return -1;
    }
    seat->next = host->seats;
    host->seats = seat;
    host->seat_count++;
    return 0;
}

int host_take(struct host *host, size_t most, struct hvs_client **out,
              struct hvs_error *err)
{
    struct seat *seat;

    for (seat = host->seats; seat && seat->taken; seat = seat->next)
        ;
    if (!seat && most && host->seat_count >= most)
        return 0;
    if (!seat && add_seat(host, err) < 0)
        return -1;
    if (!seat)
        seat = host->seats;
    seat->taken = true;
    *out = seat->client;
    return 1;
}

void host_give(struct host *host, const struct hvs_client *client)
{
    struct seat *seat;

    for (seat = host->seats; seat; seat = seat->next)
        if (seat->client == client)
            seat->taken = false;
}

static int open_client(struct hosts *hosts, struct host *host,
                       const struct settings *settings, struct hvs_error *err)
{
    if (fill_opts(hosts, host, settings, err) < 0)
        return -1;
    if (settings->insecure && !host->opts.plain_http)
        notice_warn(hosts->notice,
                    "--insecure: anybody between here and '%s' can log in as you",
                    host->name);
    /* the first one at once: it looks whether the options can be used */
    return hosts->no_clients ? 0 : add_seat(host, err);
}

static void host_free(struct host *host)
{
    struct seat *seat;
    char **pin;

    if (host) {
        while ((seat = host->seats)) {
            host->seats = seat->next;
            hvs_client_close(seat->client);
            free(seat);
        }
        for (pin = host->pins; pin && *pin; pin++)
            free(*pin);
        free(host->pins);
        target_clear(&host->where);
        free(host->name);
        free(host);
    }
}

int hosts_get(struct hosts *hosts, const struct target *target, struct host **out,
              struct hvs_error *err)
{
    struct host *host = find(hosts, target), **end;
    int rc = -1;

    *out = host;
    if (host) {
        host->targets++;
        return 0;
    }
    host = calloc(1, sizeof(*host));
    if (!host)
        return hvs_err_memory(err);
    if (target_copy(&host->where, target, NULL, err) < 0 ||
        resolve(hosts, target, &host->settings, err) < 0)
        goto out;
    host->targets = 1;
    host->retries = host->settings.retries;
    host->name = target_host_name(target);
    if (!host->name) {
        hvs_err_memory(err);
        goto out;
    }
    if (open_client(hosts, host, &host->settings, err) < 0)
        goto out;
    for (end = &hosts->first; *end; end = &(*end)->next)
        ;
    *end = *out = host;
    host = NULL;
    rc = 0;
out:
    host_free(host);
    return rc;
}

void hosts_forget(struct hosts *hosts, size_t most)
{
    struct host *host;

    if (hosts->no_clients || !hosts->secrets.first)
        return;
    for (host = hosts->first; host; host = host->next)
        if (host->seat_count < host->targets && (!most || host->seat_count < most))
            return;
    for (host = hosts->first; host; host = host->next)
        host->opts.password = host->opts.proxy_user = NULL;
    secrets_clear(&hosts->secrets);
}

/* A socket for each, a pipe where a ticket is fetched, and what we have open anyway. */
void hosts_reserve(size_t targets)
{
    const rlim_t need = (rlim_t)targets * 3 + 64;
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur >= need)
        return;
    files.rlim_cur = need < files.rlim_max ? need : files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

void hosts_clear(struct hosts *hosts)
{
    struct host *host, *next;

    for (host = hosts->first; host; host = next) {
        next = host->next;
        host_free(host);
    }
    hosts->first = NULL;
    hvs_fleet_free(hosts->fleet);
    hosts->fleet = NULL;
    hvs_lockout_free(hosts->lockout);
    hosts->lockout = NULL;
    hvs_tickets_free(hosts->tickets);
    hosts->tickets = NULL;
    secrets_clear(&hosts->secrets);
    config_clear(&hosts->config);
}
