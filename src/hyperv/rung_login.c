#include "base/err.h"
#include "hyperv/ladder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The last exchange, or NULL. */
static const struct hvs_hop *last_hop(const struct hvs_ladder *ladder)
{
    const struct hvs_evidence *e = &ladder->evidence;

    return e->hop_count ? &e->hops[e->hop_count - 1] : NULL;
}

/* Ask, as one who is logged in, what the host is. */
static int identify(const struct hvs_ladder *ladder, struct hvs_client *client,
                    struct hvs_error *err)
{
    struct hvs_identity *identity = NULL;
    struct hvs_run *run;
    int rc;

    hvs_ladder_limit(ladder, client);
    if (hvs_identify_start(&run, client, false, err) < 0)
        return -1;
    hvs_ladder_drive(ladder, run);
    rc = hvs_identify_end(run, &identity, err);
    hvs_identity_free(identity);
    return rc;
}

void hvs_ladder_log_in(struct hvs_ladder *ladder)
{
    if (ladder->tried || !ladder->client)
        return;
    ladder->tried = true;
    if (identify(ladder, ladder->client, &ladder->refusal) == 0)
        ladder->refusal = (struct hvs_error){0};
    ladder->evidence = *hvs_client_evidence(ladder->client);
}

/* Did the host turn the account away, or something after that fail? */
static bool was_let_in(const struct hvs_ladder *ladder)
{
    const struct hvs_hop *hop = last_hop(ladder);

    return hop && !hop->login && hop->status && hop->status != 401;
}

/* Why a Windows host answers a login with a bare 401 and no word more. */
static void rank_causes(const struct hvs_ladder *ladder, struct hvs_finding *f)
{
    const bool tls = !ladder->opts.plain_http;
    const bool unchecked = ladder->opts.insecure && !ladder->opts.pins;
    const bool kerberos = strcmp(ladder->mechanism, "kerberos") == 0;
    const bool basic = strcmp(ladder->mechanism, "basic") == 0;
    const bool alone = !ladder->domain[0] && ladder->who.user &&
                       !strchr(ladder->who.user, '@');
    char binding[300];

    snprintf(
        binding, sizeof(binding),
        "a proxy or somebody in between ends the TLS connection: the host's listener "
        "must show CertificateThumbprint = %s",
        ladder->certificate.thumbprint);
    if (tls && !basic && unchecked)
        hvs_finding_cause(f, "%s", binding);
    if (kerberos)
        hvs_finding_cause(f, "another account than the host's owns %s",
                          ladder->evidence.spn);
    else
        hvs_finding_cause(f, "the password is wrong, or the account does not exist");
    if (!kerberos && !basic && alone)
        hvs_finding_cause(f, "the account is the domain's: write DOMAIN\\%s",
                          ladder->who.user);
    if (basic)
        hvs_finding_cause(f, "the account is not one of the host itself: Basic knows no "
                             "others");
    if (tls && !basic && !unchecked)
        hvs_finding_cause(f, "%s", binding);
    hvs_finding_cause(f, "the account is locked, disabled or expired, or its password "
                         "must be changed first");
    hvs_finding_cause(f, "the account may not log on to the host over the network");
    if (!kerberos && !basic)
        hvs_finding_cause(f, "the host or the domain refuses NTLM, for this account or "
                             "for all");
}

static void refused(struct hvs_ladder *ladder)
{
    const bool kerberos = strcmp(ladder->mechanism, "kerberos") == 0;
    struct hvs_finding *f = hvs_ladder_fail(ladder, HVS_RUNG_LOGIN, &ladder->refusal);
    const struct hvs_hop *hop = last_hop(ladder);

    if (!hop || hop->status != 401)
        return;
    rank_causes(ladder, f);
    hvs_finding_hint(f, "the host tells nobody but its own log why; each further try may "
                        "lock the account");
    /* 4625: an account failed to log on; its status says which of the causes it was */
    hvs_finding_on_host(f,
                        "Get-WinEvent -FilterHashtable @{LogName='Security'; Id=4625} "
                        "-MaxEvents 3 | Format-List TimeCreated, Message; %s",
                        ladder->opts.plain_http
                            ? "setspn -Q */$env:COMPUTERNAME"
                            : "winrm enumerate winrm/config/listener");
    if (kerberos)
        hvs_ladder_again(ladder, f,
                         &(struct hvs_again){.option = "--spn", .value = "host"});
    else
        hvs_ladder_again(ladder, f,
                         &(struct hvs_again){.option = "--user",
                                             .value = ladder->domain[0]
                                                          ? ladder->opts.user
                                                          : "DOMAIN\\USER"});
}

/* A bare 401 does not say that it was the binding. With `all`, when more tries are
 * allowed, the same login on clear HTTP tells: it is sealed there, and not bound. */
static bool taken_unbound(const struct hvs_ladder *ladder)
{
    struct hvs_client_opts opts = ladder->opts;
    const struct hvs_hop *hop = last_hop(ladder);
    const bool kerberos = strcmp(ladder->mechanism, "kerberos") == 0;
    struct hvs_error ignored = {0};
    struct hvs_client *client;
    bool taken;

    if (!ladder->how.all || opts.plain_http || !hop || hop->status != 401 ||
        (!kerberos && strcmp(ladder->mechanism, "ntlm") != 0) ||
        (opts.port && opts.port != 5986) || opts.proxy || opts.connect_to)
        return false;
    if (opts.pins && !kerberos)
        return false; /* whoever may listen there could try passwords on what it says */
    opts.plain_http = true;
    opts.port = 0;
    opts.auth = kerberos ? HVS_AUTH_KERBEROS : HVS_AUTH_NTLM;
    opts.tls_name = NULL;
    opts.pins = NULL;
    opts.insecure = false;
    opts.lockout = NULL; /* it has the refusal that we ask about */
    if (hvs_client_open(&client, &opts, &ignored) < 0)
        return false;
    taken = identify(ladder, client, &ignored) == 0;
    hvs_client_close(client);
    return taken;
}

/* Nobody can be named to the host, or not by what was given. */
static void no_means(struct hvs_ladder *ladder)
{
    struct hvs_finding *f = hvs_ladder_fail(ladder, HVS_RUNG_LOGIN, &ladder->no_client);
    struct hvs_again again = {.option = "--password-file", .value = "FILE"};

    if (!ladder->who.user)
        again = (struct hvs_again){.option = "--user", .value = "DOMAIN\\USER"};
    else if (ladder->who.password)
        again = (struct hvs_again){.auth = "ntlm"};
    hvs_ladder_again(ladder, f, &again);
}

void hvs_rung_login(struct hvs_ladder *ladder)
{
    const struct hvs_evidence *e = &ladder->evidence;

    if (!ladder->client && ladder->no_client.domain != HVS_AUTH) {
        hvs_ladder_say(ladder, HVS_RUNG_LOGIN, HVS_VERDICT_SKIPPED,
                       "the password is not sent in clear");
        return;
    }
    if (!ladder->client) {
        no_means(ladder);
        return;
    }
    hvs_ladder_log_in(ladder);
    if (ladder->refusal.domain && !was_let_in(ladder)) {
        ladder->unbound = taken_unbound(ladder);
        if (ladder->unbound)
            hvs_ladder_say(ladder, HVS_RUNG_LOGIN, HVS_VERDICT_PASS,
                           "by %s, but on port 5985 alone", ladder->mechanism);
        else
            refused(ladder);
        return;
    }
    hvs_ladder_say(ladder, HVS_RUNG_LOGIN, HVS_VERDICT_PASS, "by %s%s%s%s%s",
                   ladder->mechanism, e->account[0] ? " as " : "", e->account,
                   e->domain[0] ? " of " : "", e->domain);
}

/* What the host was shown and what it has are two certificates. */
static void mismatch(struct hvs_ladder *ladder)
{
    struct hvs_error why = ladder->refusal;
    struct hvs_finding *f;

    snprintf(why.message, sizeof(why.message),
             "the host takes this login on port 5985, where it is bound to nothing, and "
             "refuses it when it is bound to the certificate %s",
             ladder->certificate.thumbprint);
    why.detail[0] = '\0';
    f = hvs_ladder_fail(ladder, HVS_RUNG_BINDING, &why);
    hvs_finding_hint(f, "a proxy or somebody in between ends the TLS connection: the "
                        "host's listener must show this CertificateThumbprint");
    hvs_finding_on_host(f, "winrm enumerate winrm/config/listener");
    hvs_ladder_again(ladder, f, &(struct hvs_again){.other_scheme = true});
}

void hvs_rung_binding(struct hvs_ladder *ladder)
{
    struct hvs_finding *f;

    if (ladder->unbound) {
        mismatch(ladder);
        return;
    }
    if (ladder->opts.plain_http)
        hvs_ladder_say(ladder, HVS_RUNG_BINDING, HVS_VERDICT_SKIPPED,
                       "clear HTTP has no certificate to be bound to");
    else if (ladder->opts.auth == HVS_AUTH_BASIC ||
             ladder->opts.auth == HVS_AUTH_CERTIFICATE)
        hvs_ladder_say(ladder, HVS_RUNG_BINDING, HVS_VERDICT_SKIPPED,
                       "a login by %s cannot be bound", ladder->mechanism);
    else if (ladder->evidence.bound)
        hvs_ladder_say(ladder, HVS_RUNG_BINDING, HVS_VERDICT_PASS,
                       "the login was bound to the certificate %s",
                       ladder->certificate.thumbprint);
    else {
        f = hvs_ladder_say(ladder, HVS_RUNG_BINDING, HVS_VERDICT_WARN,
                           "the login was not bound to the host's certificate");
        hvs_finding_hint(f, "a host whose CbtHardeningLevel is Strict would refuse it");
        hvs_finding_on_host(f, "winrm get winrm/config/service");
    }
}

/* Basic, and no TLS: refused here, before the host can. */
static void clear_text(struct hvs_ladder *ladder)
{
    struct hvs_finding *f;

    f = hvs_ladder_fail(ladder, HVS_RUNG_SEALING, &ladder->no_client);
    hvs_finding_hint(f,
                     "a host refuses clear text too: log in by NTLM or Kerberos, which "
                     "seal, or use HTTPS");
    hvs_ladder_again(ladder, f, &(struct hvs_again){.auth = "ntlm"});
}

void hvs_rung_sealing(struct hvs_ladder *ladder)
{
    const struct hvs_error *why = &ladder->refusal;
    struct hvs_finding *f;

    if (!ladder->opts.plain_http) {
        hvs_ladder_say(ladder, HVS_RUNG_SEALING, HVS_VERDICT_SKIPPED,
                       "TLS keeps the messages secret");
    } else if (!ladder->client) {
        clear_text(ladder);
    } else if (!why->domain || why->domain == HVS_SOAP) {
        hvs_ladder_say(ladder, HVS_RUNG_SEALING, HVS_VERDICT_PASS,
                       "messages are sealed by %s, both ways", ladder->mechanism);
    } else {
        f = hvs_ladder_fail(ladder, HVS_RUNG_SEALING, why);
        hvs_finding_hint(f, "something in between may change what is sent: use HTTPS");
        hvs_ladder_again(ladder, f, &(struct hvs_again){.other_scheme = true});
        hvs_finding_on_host(f, "winrm get winrm/config/service");
    }
}

/* --- the other ways */

static void try_other(struct hvs_ladder *ladder, enum hvs_auth_method method,
                      const char *name)
{
    struct hvs_doctor_report *report = ladder->report;
    struct hvs_finding *f = calloc(1, sizeof(*f));
    struct hvs_client_opts opts = ladder->opts;
    struct hvs_client *client = NULL;
    struct hvs_error err = {0};

    if (!f)
        return;
    report->findings[report->count++] = f;
    f->rung = HVS_RUNG_LOGIN;
    snprintf(f->mechanism, sizeof(f->mechanism), "%s", name);
    opts.auth = method;
    if (method == HVS_AUTH_NTLM && opts.plain_http) {
        snprintf(f->seen, sizeof(f->seen), "%s",
                 "not over clear HTTP, unless --auth ntlm says so");
        f->verdict = HVS_VERDICT_SKIPPED;
        if (ladder->how.told)
            ladder->how.told(ladder->how.told_arg, f);
        return;
    }
    /* one refused login stops those that the same password is tried in */
    if (hvs_client_open(&client, &opts, &err) < 0) {
        snprintf(f->seen, sizeof(f->seen), "%s", err.message);
    } else if (identify(ladder, client, &err) == 0) {
        f->verdict = HVS_VERDICT_PASS;
        snprintf(f->seen, sizeof(f->seen), "%s", "the host lets us in");
    } else {
        f->verdict = HVS_VERDICT_FAIL;
        snprintf(f->seen, sizeof(f->seen), "%s", err.message);
        hvs_finding_hint(f, err.hint);
    }
    if (ladder->how.told)
        ladder->how.told(ladder->how.told_arg, f);
    hvs_client_close(client);
}

void hvs_ladder_other_logins(struct hvs_ladder *ladder)
{
    static const struct {
        enum hvs_auth_method method;
        const char *name;
    } ways[] = {{HVS_AUTH_KERBEROS, "kerberos"},
                {HVS_AUTH_NTLM, "ntlm"},
                {HVS_AUTH_BASIC, "basic"}};
    size_t i;

    if (ladder->found[HVS_RUNG_WINRM]->verdict < HVS_VERDICT_PASS ||
        ladder->found[HVS_RUNG_WINRM]->verdict == HVS_VERDICT_FAIL)
        return; /* there is nobody to log in to */
    for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        if (strcmp(ways[i].name, ladder->mechanism) != 0)
            try_other(ladder, ways[i].method, ways[i].name);
}
