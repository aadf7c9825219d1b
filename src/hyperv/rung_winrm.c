#include "base/err.h"
#include "base/utf8.h"
#include "hyperv/ladder.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Kerberos refuses tickets when clocks differ by more: what RFC 4120, 3.2.3 suggests and
 * Windows has. */
#define SKEW_MS (5 * 60 * 1000)

/* A client that asks what needs no login. It has credentials, since a client must, but
 * never uses them. */
static struct hvs_client *stranger(const struct hvs_ladder *ladder, struct hvs_error *err)
{
    struct hvs_client_opts opts = ladder->opts;
    struct hvs_client *client;

    opts.auth = opts.plain_http ? HVS_AUTH_NTLM : HVS_AUTH_BASIC;
    opts.user = opts.password = "-";
    opts.keytab = opts.cert_file = opts.key_file = NULL;
    opts.lockout = NULL;
    if (hvs_client_open(&client, &opts, err) < 0)
        return NULL;
    hvs_ladder_limit(ladder, client);
    return client;
}

/* The last answer among the hops, or NULL. */
static const struct hvs_hop *last_answer(const struct hvs_evidence *evidence)
{
    unsigned i;

    for (i = evidence->hop_count; i; i--)
        if (evidence->hops[i - 1].status)
            return &evidence->hops[i - 1];
    return NULL;
}

static void not_winrm(struct hvs_ladder *ladder, struct hvs_error *err)
{
    struct hvs_finding *f;

    if (hvs_err_is_memory(err)) {
        hvs_ladder_fail(ladder, HVS_RUNG_WINRM, err);
        return;
    }
    hvs_err_class(err, err->class_ == HVS_CLASS_FAILED ? HVS_CLASS_CONNECT : err->class_);
    f = hvs_ladder_fail(ladder, HVS_RUNG_WINRM, err);
    hvs_finding_on_host(f, "winrm quickconfig; Start-Service WinRM; winrm enumerate "
                           "winrm/config/listener");
    if (err->domain == HVS_NET)
        hvs_ladder_again(ladder, f, &(struct hvs_again){.other_scheme = true});
}

static void greet(struct hvs_ladder *ladder, const struct hvs_identity *identity)
{
    char vendor[160], version[160]; /* anybody may have said so */
    struct hvs_finding *f;

    snprintf(vendor, sizeof(vendor), "%s",
             identity->vendor ? identity->vendor : "somebody");
    snprintf(version, sizeof(version), "%s",
             identity->version ? identity->version : "no version");
    hvs_utf8_one_line(vendor);
    hvs_utf8_one_line(version);
    if (strstr(vendor, "Microsoft")) {
        hvs_ladder_say(ladder, HVS_RUNG_WINRM, HVS_VERDICT_PASS, "%s, %s", vendor,
                       version);
        return;
    }
    f = hvs_ladder_say(ladder, HVS_RUNG_WINRM, HVS_VERDICT_WARN,
                       "it speaks WS-Management, but is by %s, %s", vendor, version);
    hvs_finding_hint(f, "Hyper-V is on Windows alone: is it the right host?");
}

void hvs_rung_winrm(struct hvs_ladder *ladder)
{
    struct hvs_identity *identity = NULL;
    struct hvs_run *run = NULL;
    struct hvs_error err = {0};
    const struct hvs_hop *hop;
    struct hvs_client *client = stranger(ladder, &err);

    if (client && hvs_identify_start(&run, client, true, &err) == 0) {
        hvs_ladder_drive(ladder, run);
        if (hvs_identify_end(run, &identity, &err) == 0)
            greet(ladder, identity);
    }
    if (client) /* kept for the clock */
        memcpy(ladder->evidence.hops, hvs_client_evidence(client)->hops,
               sizeof(ladder->evidence.hops));
    ladder->evidence.hop_count = client ? hvs_client_evidence(client)->hop_count : 0;
    hop = last_answer(&ladder->evidence);
    if (!identity && hop && hop->status == 401)
        hvs_ladder_say(ladder, HVS_RUNG_WINRM, HVS_VERDICT_WARN,
                       "it does not say what it is before a login");
    else if (!identity)
        not_winrm(ladder, &err);
    hvs_identity_free(identity);
    hvs_client_close(client);
}

void hvs_rung_clock(struct hvs_ladder *ladder)
{
    const struct hvs_hop *hop = last_answer(&ladder->evidence);
    bool kerberos = strcmp(ladder->mechanism, "kerberos") == 0;
    struct hvs_error err = {0};
    struct hvs_finding *f;
    const char *which;
    int64_t ahead;

    if (!hop || !hop->host_clock) {
        hvs_ladder_say(ladder, HVS_RUNG_CLOCK, HVS_VERDICT_SKIPPED,
                       "the host does not tell its time");
        return;
    }
    ahead = hop->host_clock - hop->our_clock;
    which = ahead > 0 ? "ahead of" : "behind";
    if (llabs(ahead) < SKEW_MS) {
        hvs_ladder_say(ladder, HVS_RUNG_CLOCK, HVS_VERDICT_PASS,
                       "%" PRId64 " s between the host's clock and ours",
                       (int64_t)llabs(ahead) / 1000);
        return;
    }
    hvs_err_set_hint(&err, HVS_AUTH, 0,
                     "set both by NTP: with over 300 s between them Kerberos fails",
                     "the host's clock is %" PRId64 " s %s ours",
                     (int64_t)llabs(ahead) / 1000, which);
    if (kerberos) {
        f = hvs_ladder_fail(ladder, HVS_RUNG_CLOCK, &err);
    } else {
        f = hvs_ladder_say(ladder, HVS_RUNG_CLOCK, HVS_VERDICT_WARN, "%s", err.message);
        hvs_finding_hint(f, err.hint);
    }
    hvs_finding_command(f, "timedatectl; sudo timedatectl set-ntp true");
    hvs_finding_on_host(f, "Get-Date; w32tm /query /status; w32tm /resync");
}

/* Is `scheme` a word of "Negotiate, Kerberos, Basic"? */
static bool offers(const char *schemes, const char *scheme)
{
    size_t len = strlen(scheme);

    for (; *schemes; schemes += strspn(schemes, ", ")) {
        size_t span = strcspn(schemes, ",");

        if (span == len && strncasecmp(schemes, scheme, len) == 0)
            return true;
        schemes += span;
    }
    return false;
}

static void not_offered(struct hvs_ladder *ladder, const char *scheme,
                        const char *schemes)
{
    struct hvs_error err = {0};
    struct hvs_finding *f;
    bool basic = offers(schemes, "Basic") && !ladder->opts.plain_http;

    hvs_err_set_hint(&err, HVS_AUTH, 0,
                     basic ? "switch it on there, or log in by --auth basic, which takes "
                             "accounts of the host itself alone"
                           : "switch it on there",
                     "the host does not offer %s, but %s", scheme,
                     schemes[0] ? schemes : "nothing at all");
    f = hvs_ladder_fail(ladder, HVS_RUNG_SCHEMES, &err);
    hvs_finding_on_host(f, "Set-Item WSMan:\\localhost\\Service\\Auth\\%s $true", scheme);
    if (basic)
        hvs_ladder_again(ladder, f, &(struct hvs_again){.auth = "basic"});
    else if (strcmp(scheme, "Basic") == 0)
        hvs_ladder_again(ladder, f, &(struct hvs_again){.auth = "negotiate"});
}

void hvs_rung_schemes(struct hvs_ladder *ladder)
{
    const char *scheme = "Negotiate";
    struct hvs_knock knock = {0};
    struct hvs_error err = {0};

    if (ladder->opts.auth == HVS_AUTH_CERTIFICATE) {
        hvs_ladder_say(ladder, HVS_RUNG_SCHEMES, HVS_VERDICT_SKIPPED,
                       "a TLS client certificate is not among them");
        return;
    }
    if (ladder->opts.auth == HVS_AUTH_BASIC)
        scheme = "Basic";
    if (hvs_ladder_knock(ladder, &knock, &err) == 0)
        err = knock.trouble;
    if (err.domain)
        hvs_ladder_fail(ladder, HVS_RUNG_SCHEMES, &err);
    else if (knock.posted.status != 401)
        hvs_ladder_say(ladder, HVS_RUNG_SCHEMES, HVS_VERDICT_WARN,
                       "it answers HTTP %d to a request without a login, not 401",
                       knock.posted.status);
    else if (!offers(knock.schemes, scheme) && ladder->mechanism[0])
        not_offered(ladder, scheme, knock.schemes);
    else
        hvs_ladder_say(ladder, HVS_RUNG_SCHEMES, HVS_VERDICT_PASS, "%s", knock.schemes);
    hvs_buf_clear(&knock.certificate);
}
