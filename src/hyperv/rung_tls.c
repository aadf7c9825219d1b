#include "base/clock.h"
#include "base/err.h"
#include "hyperv/ladder.h"
#include "transport/cert.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char show_listener[] = "winrm enumerate winrm/config/listener";

/* "2026-01-31" */
static const char *day(int64_t ms, char buf[32])
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;

    if (!gmtime_r(&seconds, &tm) || !strftime(buf, 32, "%Y-%m-%d", &tm))
        snprintf(buf, 32, "?");
    return buf;
}

/* What the certificate says, whoever signed it. */
static void describe(struct hvs_ladder *ladder, enum hvs_verdict verdict,
                     const char *what)
{
    const struct hvs_certificate *c = &ladder->certificate;
    char from[32], to[32];

    hvs_ladder_say(ladder, HVS_RUNG_TLS, verdict,
                   "%s\nfor %.200s, from %s to %s, by %.100s\nthumbprint %s\n%s", what,
                   c->names[0] ? c->names : c->subject, day(c->not_before, from),
                   day(c->not_after, to), c->issuer, c->thumbprint, c->pin);
}

/* The first name in the certificate that could be given with --tls-name. */
static bool first_name(const struct hvs_certificate *c, char *out, size_t size)
{
    snprintf(out, size, "%.*s", (int)strcspn(c->names, ","), c->names);
    return out[0] && !strchr(out, '*') && !hvs_host_is_address(out);
}

/* The certificate was refused: what helps depends on what is wrong with it. */
static void refused(struct hvs_ladder *ladder, const struct hvs_posted *posted,
                    const struct hvs_error *err)
{
    const struct hvs_certificate *c = &ladder->certificate;
    struct hvs_finding *f;
    char message[600], name[300];

    f = hvs_ladder_fail(ladder, HVS_RUNG_TLS, err);
    if (!c->pin[0])
        return;
    snprintf(message, sizeof(message), "%s", err->message);
    describe(ladder, HVS_VERDICT_FAIL, message);
    hvs_finding_on_host(f, "%s", show_listener);
    if (strstr(message, "names another") && first_name(c, name, sizeof(name))) {
        hvs_finding_hint(f, "is that another name of this very host? then say so");
        hvs_ladder_again(ladder, f,
                         &(struct hvs_again){.option = "--tls-name", .value = name});
        return;
    }
    hvs_ladder_again(ladder, f, &(struct hvs_again){.option = "--pin", .value = c->pin});
    if (posted->verify == X509_V_ERR_CERT_HAS_EXPIRED)
        hvs_finding_on_host(f,
                            "Get-ChildItem Cert:\\LocalMachine\\My | Select-Object "
                            "Thumbprint, NotAfter, Subject; %s",
                            show_listener);
    else if (posted->verify == X509_V_ERR_CERT_NOT_YET_VALID)
        hvs_finding_on_host(f, "Get-Date; w32tm /resync");
    else
        hvs_finding_hint(f, "give the CA that signed it with --ca-file; or pin the key, "
                            "once the host's listener shows the same thumbprint");
}

/* A second look, at a certificate that was refused: nothing is said to its owner. */
static void look_again(struct hvs_ladder *ladder)
{
    struct hvs_knock knock = {.unchecked = true, .hold_tongue = true};
    struct hvs_error err = {0};

    if (hvs_ladder_knock(ladder, &knock, &err) == 0 && knock.certificate.len &&
        hvs_cert_read(&ladder->certificate, hvs_buf_str(&knock.certificate), &err) < 0)
        ladder->certificate.pin[0] = '\0';
    hvs_buf_clear(&knock.certificate);
}

/* No TLS at all. */
static void no_tls(struct hvs_ladder *ladder, const struct hvs_error *err)
{
    struct hvs_finding *f = hvs_ladder_fail(ladder, HVS_RUNG_TLS, err);

    if (ladder->err.code != CURLE_SSL_CONNECT_ERROR)
        return;
    hvs_ladder_again(ladder, f, &(struct hvs_again){.other_scheme = true});
    hvs_finding_on_host(f, "%s", show_listener);
}

static void trusted(struct hvs_ladder *ladder)
{
    const struct hvs_client_opts *opts = &ladder->opts;
    struct hvs_finding *f = ladder->found[HVS_RUNG_TLS];

    if (!opts->insecure || opts->pins) {
        describe(ladder, HVS_VERDICT_PASS,
                 opts->pins ? "it has the pinned key" : "trusted");
        return;
    }
    describe(ladder, HVS_VERDICT_WARN, "not checked, as --insecure says");
    hvs_finding_hint(f, "pin its key instead, once the host's listener shows the same "
                        "thumbprint");
    hvs_ladder_again(ladder, f,
                     &(struct hvs_again){.option = "--pin",
                                         .value = ladder->certificate.pin});
    hvs_finding_on_host(f, "%s", show_listener);
}

void hvs_rung_tls(struct hvs_ladder *ladder)
{
    struct hvs_knock knock = {.hold_tongue = true};
    struct hvs_error err = {0};

    if (ladder->opts.plain_http) {
        hvs_ladder_say(ladder, HVS_RUNG_TLS, HVS_VERDICT_SKIPPED,
                       "clear HTTP: messages are sealed instead");
        return;
    }
    if (hvs_ladder_knock(ladder, &knock, &err) < 0) {
        hvs_err_prefix(&err, "no TLS connection");
        hvs_ladder_fail(ladder, HVS_RUNG_TLS, &err);
    } else if (knock.posted.refused) {
        if (hvs_cert_read(&ladder->certificate, hvs_buf_str(&knock.certificate), &err) <
            0)
            hvs_ladder_fail(ladder, HVS_RUNG_TLS, &err);
        else
            trusted(ladder);
    } else {
        err = knock.trouble;
        if (knock.posted.net_code == CURLE_PEER_FAILED_VERIFICATION ||
            knock.posted.net_code == CURLE_SSL_PINNEDPUBKEYNOTMATCH) {
            look_again(ladder);
            refused(ladder, &knock.posted, &err);
        } else {
            no_tls(ladder, &err);
        }
    }
    hvs_buf_clear(&knock.certificate);
}
