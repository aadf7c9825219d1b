#include "base/clock.h"
#include "base/err.h"
#include "hyperv/ladder.h"

#include <stdlib.h>
#include <string.h>

enum { RUNGS = HVS_RUNG_LIMITS + 1, MOST_FINDINGS = RUNGS + 4 };

static const struct {
    const char *name;
    hvs_rung_fn *climb;
} rungs[RUNGS] = {
    [HVS_RUNG_RESOLVE] = {"resolve", hvs_rung_resolve},
    [HVS_RUNG_TCP] = {"tcp", hvs_rung_tcp},
    [HVS_RUNG_TLS] = {"tls", hvs_rung_tls},
    [HVS_RUNG_WINRM] = {"winrm", hvs_rung_winrm},
    [HVS_RUNG_CLOCK] = {"clock", hvs_rung_clock},
    [HVS_RUNG_SCHEMES] = {"schemes", hvs_rung_schemes},
    [HVS_RUNG_KERBEROS] = {"kerberos", hvs_rung_kerberos},
    [HVS_RUNG_LOGIN] = {"login", hvs_rung_login},
    [HVS_RUNG_BINDING] = {"binding", hvs_rung_binding},
    [HVS_RUNG_SEALING] = {"sealing", hvs_rung_sealing},
    [HVS_RUNG_WMI] = {"wmi", hvs_rung_wmi},
    [HVS_RUNG_HYPERV] = {"hyper-v", hvs_rung_hyperv},
    [HVS_RUNG_VMS] = {"vms", hvs_rung_vms},
    [HVS_RUNG_METHODS] = {"methods", hvs_rung_methods},
    [HVS_RUNG_LIMITS] = {"limits", hvs_rung_limits},
};

const char *hvs_rung_name(enum hvs_rung rung)
{
    return (unsigned)rung < RUNGS ? rungs[rung].name : "?";
}

const char *hvs_verdict_name(enum hvs_verdict verdict)
{
    static const char *const names[] = {"skipped", "pass", "warning", "fail"};

    return (unsigned)verdict < 4 ? names[verdict] : "?";
}

/* The rungs' own findings come first, in their order. */
static int make_report(struct hvs_ladder *ladder, struct hvs_error *err)
{
    struct hvs_doctor_report *report = calloc(1, sizeof(*report));
    int i;

    ladder->report = report;
    if (!report)
        return hvs_err_memory(err);
    report->findings = calloc(MOST_FINDINGS, sizeof(struct hvs_finding *));
    if (!report->findings)
        return hvs_err_memory(err);
    for (i = 0; i < RUNGS; i++) {
        ladder->found[i] = calloc(1, sizeof(struct hvs_finding));
        if (!ladder->found[i])
            return hvs_err_memory(err);
        ladder->found[i]->rung = (enum hvs_rung)i;
        report->findings[report->count++] = ladder->found[i];
    }
    return 0;
}

static int read_opts(struct hvs_ladder *ladder, const struct hvs_client_opts *client,
                     const struct hvs_doctor_opts *how, struct hvs_error *err)
{
    const size_t least = offsetof(struct hvs_client_opts, host) + sizeof(client->host);

    ladder->opts = (struct hvs_client_opts)HVS_CLIENT_OPTS_INIT;
    ladder->how = (struct hvs_doctor_opts)HVS_DOCTOR_OPTS_INIT;
    if (hvs_opts_copy(&ladder->opts, sizeof(ladder->opts), client, least,
                      "HVS_CLIENT_OPTS_INIT", err) < 0)
        return -1;
    if (how && hvs_opts_copy(&ladder->how, sizeof(ladder->how), how, sizeof(how->size),
                             "HVS_DOCTOR_OPTS_INIT", err) < 0)
        return -1;
    if (ladder->opts.timeout_ms)
        ladder->deadline = hvs_clock_ms() + ladder->opts.timeout_ms;
    return hvs_endpoint_init(&ladder->where, &ladder->opts, err);
}

static int split_user(struct hvs_ladder *ladder, struct hvs_error *err)
{
    const struct hvs_client_opts *opts = &ladder->opts;
    const char *slash = opts->user ? strchr(opts->user, '\\') : NULL;

    ladder->domain = strndup(opts->user ? opts->user : "",
                             slash ? (size_t)(slash - opts->user) : 0);
    ladder->who = (struct hvs_credentials){.user = slash ? slash + 1 : opts->user,
                                           .domain = ladder->domain,
                                           .password = opts->password,
                                           .keytab = opts->keytab};
    return ladder->domain ? 0 : hvs_err_memory(err);
}

/* Who would log in, and how. Without the means the ladder can be climbed up to there all
 * the same; any other mistake is the caller's. */
static int open_client(struct hvs_ladder *ladder, struct hvs_error *err)
{
    const struct hvs_client_opts *opts = &ladder->opts;
    bool clear = opts->auth == HVS_AUTH_BASIC && opts->plain_http;

    ladder->port = opts->port ? opts->port : opts->plain_http ? 5985 : 5986;
    if (hvs_client_open(&ladder->client, opts, &ladder->no_client) == 0) {
        ladder->evidence = *hvs_client_evidence(ladder->client);
        memcpy(ladder->mechanism, ladder->evidence.mechanism, sizeof(ladder->mechanism));
        return 0;
    }
    if (ladder->no_client.domain == HVS_AUTH || clear)
        return 0;
    *err = ladder->no_client;
    return -1;
}

/* The name of the first rung that failed. */
static const char *failed_rung(const struct hvs_ladder *ladder)
{
    int i;

    for (i = 0; i < RUNGS && ladder->found[i]->verdict != HVS_VERDICT_FAIL; i++)
        ;
    return i < RUNGS ? rungs[i].name : "one before";
}

static void climb(struct hvs_ladder *ladder)
{
    int i;

    for (i = 0; i < RUNGS; i++) {
        if (!ladder->err.domain && !ladder->found[i]->seen[0])
            rungs[i].climb(ladder);
        else if (!ladder->found[i]->seen[0])
            hvs_ladder_say(ladder, (enum hvs_rung)i, HVS_VERDICT_SKIPPED,
                           "not looked at, since %s failed", failed_rung(ladder));
        if (ladder->how.told)
            ladder->how.told(ladder->how.told_arg, ladder->found[i]);
    }
    if (ladder->how.all)
        hvs_ladder_other_logins(ladder);
}

/* What the report keeps when the ladder goes. */
static int keep(struct hvs_ladder *ladder, struct hvs_error *err)
{
    struct hvs_evidence *evidence = malloc(sizeof(*evidence));
    struct hvs_certificate *certificate = NULL;

    ladder->report->evidence = evidence;
    if (!evidence)
        return hvs_err_memory(err);
    *evidence = ladder->evidence;
    if (!ladder->certificate.thumbprint[0])
        return 0;
    certificate = malloc(sizeof(*certificate));
    ladder->report->certificate = certificate;
    if (!certificate)
        return hvs_err_memory(err);
    *certificate = ladder->certificate;
    return 0;
}

int hvs_doctor(struct hvs_doctor_report **out, const struct hvs_client_opts *client,
               const struct hvs_doctor_opts *opts, struct hvs_error *err)
{
    struct hvs_ladder *ladder = calloc(1, sizeof(*ladder));
    int rc = -1;

    *out = NULL;
    if (!ladder)
        return hvs_err_memory(err);
    if (read_opts(ladder, client, opts, err) < 0 || split_user(ladder, err) < 0 ||
        make_report(ladder, err) < 0 || open_client(ladder, err) < 0)
        goto out;
    climb(ladder);
    if (keep(ladder, err) < 0)
        goto out;
    *out = ladder->report;
    ladder->report = NULL;
    if (ladder->err.domain) {
        *err = ladder->err;
        goto out;
    }
    rc = 0;
out:
    hvs_client_close(ladder->client);
    hvs_doctor_report_free(ladder->report);
    hvs_endpoint_clear(&ladder->where);
    free(ladder->domain);
    free(ladder);
    return rc;
}

void hvs_doctor_report_free(struct hvs_doctor_report *report)
{
    size_t i;

    if (!report)
        return;
    for (i = 0; i < report->count; i++)
        free(report->findings[i]);
    free(report->findings);
    free((void *)report->evidence);
    free((void *)report->certificate);
    free(report);
}
