/*
 * The doctor of the pretend libhvsnap. The user says what it finds: "blind" has no
 * rights, anybody else has all.
 */
#include <hvsnap/hvsnap.h>

#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNGS = HVS_RUNG_LIMITS + 1 };

const char *hvs_rung_name(enum hvs_rung rung)
{
    static const char *const names[] = {"resolve", "tcp",     "tls",      "winrm",
                                        "clock",   "schemes", "kerberos", "login",
                                        "binding", "sealing", "wmi",      "hyper-v",
                                        "vms",     "methods", "limits"};

    return names[rung];
}

const char *hvs_verdict_name(enum hvs_verdict verdict)
{
    static const char *const names[] = {"skipped", "pass", "warning", "fail"};

    return names[verdict];
}

static void fill_evidence(struct hvs_evidence *e, const struct hvs_client_opts *client)
{
    snprintf(e->mechanism, sizeof(e->mechanism), "ntlm");
    snprintf(e->account, sizeof(e->account), "%s", client->user ? client->user : "");
    e->hop_count = 1;
    e->hops[0].status = 200;
    e->hops[0].our_clock = 1700000000000;
}

static void fill_vms(struct hvs_finding *f, bool blind, struct hvs_error *err)
{
    f->verdict = blind ? HVS_VERDICT_FAIL : HVS_VERDICT_PASS;
    snprintf(f->seen, sizeof(f->seen), "%s", blind ? "none\nnot one" : "2 VMs");
    if (!blind)
        return;
    snprintf(f->causes, sizeof(f->causes), "no rights\nno VMs");
    snprintf(f->hint, sizeof(f->hint), "give rights");
    snprintf(f->command, sizeof(f->command), "hvsnap doctor 'h'");
    snprintf(f->host_command, sizeof(f->host_command), "Add-LocalGroupMember x");
    hvs_err_set_hint(err, HVS_AUTH, 0, "give rights", "none");
}

int hvs_doctor(struct hvs_doctor_report **out, const struct hvs_client_opts *client,
               const struct hvs_doctor_opts *opts, struct hvs_error *err)
{
    struct hvs_doctor_report *report = calloc(1, sizeof(*report));
    struct hvs_evidence *evidence = calloc(1, sizeof(*evidence));
    struct hvs_certificate *certificate = calloc(1, sizeof(*certificate));
    size_t i;

    fill_evidence(evidence, client);
    snprintf(certificate->names, sizeof(certificate->names), "%s", client->host);
    report->evidence = evidence;
    report->certificate = certificate;
    report->findings = calloc(RUNGS + 1, sizeof(*report->findings));
    for (i = 0; i < (size_t)RUNGS + (opts && opts->all ? 1 : 0); i++) {
        struct hvs_finding *f = calloc(1, sizeof(*f));

        report->findings[report->count++] = f;
        f->rung = i < RUNGS ? (enum hvs_rung)i : HVS_RUNG_LOGIN;
        f->verdict = HVS_VERDICT_PASS;
        if (i == RUNGS)
            snprintf(f->mechanism, sizeof(f->mechanism), "basic");
        if (i == HVS_RUNG_RESOLVE)
            snprintf(f->seen, sizeof(f->seen), "'%s' is 10.0.0.1", client->host);
        if (i == HVS_RUNG_VMS)
            fill_vms(f, client->user && strcmp(client->user, "blind") == 0, err);
    }
    *out = report;
    return err->domain ? -1 : 0;
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
