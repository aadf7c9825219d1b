#include "base/clock.h"
#include "base/err.h"
#include "base/utf8.h"
#include "hyperv/ladder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long a silent address is waited for. Those who drop what they do not want never
 * answer. */
enum { SILENCE_MS = 10000 };

/* --- name resolution */

struct lookup {
    struct hvs_blocking call;
    struct hvs_addresses addresses;
    char host[];
};

static void lookup_work(struct hvs_blocking *call)
{
    struct lookup *lookup = (struct lookup *)call;
    int rc = hvs_probe_resolve(&lookup->addresses, lookup->host, &call->err);

    (void)rc; /* the error says it */
}

static void lookup_free(struct hvs_blocking *call)
{
    free(call);
}

/* Who has to be found: the host, or where a tunnel begins. The port goes to *port. */
static void whom(const struct hvs_ladder *ladder, char *out, size_t size, unsigned *port)
{
    const char *to = ladder->opts.connect_to, *colon;

    *port = ladder->port;
    snprintf(out, size, "%s", to ? to : ladder->opts.host);
    if (!to)
        return;
    colon = strrchr(to, ':');
    if (colon && !strchr(colon, ']')) {
        *port = (unsigned)strtoul(colon + 1, NULL, 10);
        snprintf(out, size, "%.*s", (int)(colon - to), to);
    }
    if (out[0] == '[') {
        memmove(out, out + 1, strlen(out));
        out[strcspn(out, "]")] = '\0';
    }
}

static int resolve(struct hvs_ladder *ladder, const char *host, struct hvs_error *err)
{
    size_t len = strlen(host) + 1;
    struct lookup *lookup = calloc(1, sizeof(*lookup) + len);

    if (!lookup)
        return hvs_err_memory(err);
    lookup->call.work = lookup_work;
    lookup->call.free = lookup_free;
    memcpy(lookup->host, host, len);
    if (hvs_ladder_block(ladder, &lookup->call, err) < 0)
        return -1;
    if (lookup->call.err.domain)
        *err = lookup->call.err;
    ladder->addresses = lookup->addresses;
    lookup_free(&lookup->call);
    return err->domain ? -1 : 0;
}

void hvs_rung_resolve(struct hvs_ladder *ladder)
{
    struct hvs_finding *f;
    struct hvs_error err = {0};
    char host[512], list[700] = "";
    unsigned port;
    size_t i, len = 0;

    if (ladder->opts.proxy) {
        hvs_ladder_say(ladder, HVS_RUNG_RESOLVE, HVS_VERDICT_SKIPPED,
                       "the proxy looks the name up");
        return;
    }
    whom(ladder, host, sizeof(host), &port);
    if (resolve(ladder, host, &err) < 0) {
        if (err.class_ == HVS_CLASS_DEADLINE)
            hvs_err_prefix(&err, "no answer from the resolver");
        f = hvs_ladder_fail(ladder, HVS_RUNG_RESOLVE, &err);
        hvs_finding_command(f, "getent ahosts '%s'; cat /etc/resolv.conf", host);
        hvs_finding_on_host(f, "[System.Net.Dns]::GetHostByName($env:COMPUTERNAME)"
                               ".HostName; (Get-NetIPAddress).IPAddress");
        return;
    }
    for (i = 0; i < ladder->addresses.count && len < sizeof(list); i++)
        len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s", i ? ", " : "",
                                ladder->addresses.items[i].text);
    if (hvs_host_is_address(host))
        hvs_ladder_say(ladder, HVS_RUNG_RESOLVE, HVS_VERDICT_PASS, "it is an address");
    else
        hvs_ladder_say(ladder, HVS_RUNG_RESOLVE, HVS_VERDICT_PASS, "'%s' is %s", host,
                       list);
}

/* --- ports */

/* What connecting to a port came to: 0, or the last address's errno. */
static int try_port(const struct hvs_ladder *ladder, unsigned port, const char **address,
                    struct hvs_error *err)
{
    int64_t end, now;
    struct pollfd fd;
    int code = ETIMEDOUT;
    size_t i;

    for (i = 0; i < ladder->addresses.count; i++) {
        *address = ladder->addresses.items[i].text;
        fd = (struct pollfd){.events = POLLOUT};
        fd.fd = hvs_probe_connect(&ladder->addresses.items[i], (uint16_t)port);
        if (fd.fd < 0) {
            code = errno;
            continue;
        }
        end = hvs_clock_ms() + SILENCE_MS;
        while (!fd.revents && (now = hvs_clock_ms()) < end) {
            if (hvs_ladder_poll(ladder, &fd, 1, end - now, err) < 0) {
                hvs_probe_connected(fd.fd);
                return -1;
            }
        }
        code = hvs_probe_connected(fd.fd);
        code = fd.revents ? code : ETIMEDOUT;
        if (code == 0)
            return 0;
    }
    return code;
}

static const char *words(int code)
{
    switch (code) {
    case 0: return "answers";
    case ECONNREFUSED: return "refuses";
    case ETIMEDOUT: return "is silent";
    default: return strerror(code);
    }
}

/* Nothing at the port that is wanted; perhaps at the other scheme's. */
static void no_port(struct hvs_ladder *ladder, unsigned port, int code, int other)
{
    static const char *const on[] = {
        /* MS's own rule lets 5985 through alone */
        "Enable-PSRemoting -Force; $c = New-SelfSignedCertificate -DnsName "
        "([System.Net.Dns]::GetHostByName($env:COMPUTERNAME).HostName) "
        "-CertStoreLocation Cert:\\LocalMachine\\My; New-Item -Path "
        "WSMan:\\localhost\\Listener -Transport HTTPS -Address * "
        "-CertificateThumbPrint $c.Thumbprint -Force; New-NetFirewallRule "
        "-DisplayName 'WinRM over HTTPS' -Direction Inbound -Protocol TCP -LocalPort "
        "5986 -Action Allow",
        "Enable-PSRemoting -Force",
    };
    const bool plain = ladder->opts.plain_http;
    struct hvs_error err = {0};
    struct hvs_finding *f;

    if (other == 0) {
        hvs_err_set_hint(&err, HVS_NET, CURLE_COULDNT_CONNECT,
                         plain ? "use HTTPS: leave http:// out"
                               : "say --port 5985 or write http://: every message is "
                                 "sealed there",
                         "%u %s, but %u answers", port, words(code), plain ? 5986 : 5985);
        f = hvs_ladder_fail(ladder, HVS_RUNG_TCP, &err);
        hvs_ladder_again(ladder, f, &(struct hvs_again){.other_scheme = true});
        if (!plain)
            hvs_finding_on_host(f, "%s", on[0]);
        return;
    }
    hvs_err_set_hint(&err, HVS_NET, CURLE_COULDNT_CONNECT,
                     code == ETIMEDOUT
                         ? "a firewall drops it, or the host is off"
                         : "WinRM is off, listens elsewhere, or a firewall refuses",
                     "nothing answers on port %u: it %s", port, words(code));
    f = hvs_ladder_fail(ladder, HVS_RUNG_TCP, &err);
    hvs_finding_on_host(f, "%s; winrm enumerate winrm/config/listener",
                        on[plain ? 1 : 0]);
}

/* The proxy connects: does it, and to the host? */
static void ask_proxy(struct hvs_ladder *ladder)
{
    struct hvs_knock knock = {.unchecked = true, .hold_tongue = true};
    struct hvs_error err = {0};

    if (hvs_ladder_knock(ladder, &knock, &err) == 0 && knock.at_proxy)
        err = knock.trouble;
    hvs_buf_clear(&knock.certificate);
    if (err.domain)
        hvs_ladder_fail(ladder, HVS_RUNG_TCP, &err);
    else
        hvs_ladder_say(ladder, HVS_RUNG_TCP, HVS_VERDICT_PASS, "%u, by way of the proxy",
                       ladder->port);
}

void hvs_rung_tcp(struct hvs_ladder *ladder)
{
    const struct hvs_client_opts *opts = &ladder->opts;
    const char *at = "", *other_at = "";
    struct hvs_error err = {0};
    int code, other = -2;
    unsigned port;
    char host[512];

    if (ladder->opts.proxy) {
        ask_proxy(ladder);
        return;
    }
    whom(ladder, host, sizeof(host), &port);
    code = try_port(ladder, port, &at, &err);
    if (code >= 0 && !opts->port && !opts->connect_to)
        other = try_port(ladder, opts->plain_http ? 5986 : 5985, &other_at, &err);
    if (code < 0 || other == -1) {
        if (code == 0)
            err = (struct hvs_error){0};
        else if (err.class_ == HVS_CLASS_DEADLINE)
            hvs_err_prefix(&err, "no answer to the connection");
    }
    if (err.domain)
        hvs_ladder_fail(ladder, HVS_RUNG_TCP, &err);
    else if (code)
        no_port(ladder, port, code, other);
    else if (other < 0)
        hvs_ladder_say(ladder, HVS_RUNG_TCP, HVS_VERDICT_PASS, "%u answers at %s", port,
                       at);
    else
        hvs_ladder_say(ladder, HVS_RUNG_TCP, HVS_VERDICT_PASS, "%u answers at %s; %u %s",
                       port, at, opts->plain_http ? 5986 : 5985, words(other));
}
