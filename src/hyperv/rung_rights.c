#include "base/err.h"
#include "hyperv/ladder.h"

#include <stdio.h>
#include <string.h>

/* The codes are those of winerror.h, wsmerror.h and wbemcli.h. */
enum hvs_rung hvs_rung_of_fault(const struct hvs_error *err)
{
    if (err->class_ == HVS_CLASS_BUSY)
        return HVS_RUNG_LIMITS; /* a quota, or a service that is not up */
    switch ((uint32_t)err->code) {
    case 0x8033801A: /* the filter cannot be processed: its namespace is missing */
    case 0x80338014: /* the resource is offline */
    case 0x8004100E: /* no such namespace */
    case 0x80041010: /* no such class */
    case 0x80041013: /* the provider cannot be loaded */
    case 0x800706BA: /* no RPC server */ return HVS_RUNG_HYPERV;
    default: return HVS_RUNG_WMI;
    }
}

/* In the order of what is least. */
void hvs_ladder_give_rights(const struct hvs_ladder *ladder, struct hvs_finding *f)
{
    const char *user = ladder->opts.user ? ladder->opts.user : ladder->evidence.account;

    hvs_finding_on_host(f,
                        "Add-LocalGroupMember 'Remote Management Users' '%s'; "
                        "Add-LocalGroupMember 'Hyper-V Administrators' '%s'",
                        user, user);
}

void hvs_ladder_fault(struct hvs_ladder *ladder, const struct hvs_error *err)
{
    enum hvs_rung rung = err->domain == HVS_SOAP ? hvs_rung_of_fault(err) : HVS_RUNG_WMI;
    struct hvs_finding *f;
    int i;

    /* what stands before it on the ladder is then not in question */
    for (i = HVS_RUNG_WMI; i < (int)rung; i++)
        if (!ladder->found[i]->seen[0])
            hvs_ladder_say(ladder, (enum hvs_rung)i, HVS_VERDICT_SKIPPED,
                           "the host did not get so far");
    f = hvs_ladder_fail(ladder, rung, err);
    switch (rung) {
    case HVS_RUNG_HYPERV:
        hvs_finding_on_host(f, "Get-Service vmms; Install-WindowsFeature Hyper-V "
                               "-IncludeManagementTools -Restart");
        break;
    case HVS_RUNG_LIMITS:
        hvs_finding_on_host(f,
                            "Set-Item 'WSMan:\\localhost\\Plugin\\WMI Provider\\Quotas\\"
                            "MaxConcurrentOperationsPerUser' 100; Set-Item "
                            "WSMan:\\localhost\\Service\\"
                            "MaxConcurrentOperationsPerUser 1500; "
                            "Restart-Service WinRM");
        break;
    default:
        if (err->class_ == HVS_CLASS_AUTH)
            hvs_ladder_give_rights(ladder, f);
        break;
    }
}

static struct hvs_vm_list *list_vms(struct hvs_ladder *ladder, struct hvs_error *err)
{
    struct hvs_vm_list *list = NULL;
    struct hvs_run *run;

    hvs_ladder_limit(ladder, ladder->client);
    if (hvs_vm_list_start(&run, ladder->client, NULL, err) < 0)
        return NULL;
    hvs_ladder_drive(ladder, run);
    if (hvs_vm_list_end(run, &list, err) < 0)
        return NULL;
    return list;
}

/* Not even the host's own row: Hyper-V shows an account without rights an empty list
 * rather than an error. */
static void no_rights(struct hvs_ladder *ladder)
{
    struct hvs_error err = {0};
    struct hvs_finding *f;

    hvs_err_set_hint(
        &err, HVS_AUTH, 0,
        "hosts show an account without rights an empty list: put it into the "
        "host's group Hyper-V Administrators, and log in anew",
        "the host shows no VMs, and not even itself");
    f = hvs_ladder_fail(ladder, HVS_RUNG_VMS, &err);
    hvs_ladder_give_rights(ladder, f);
}

/* One look answers three rungs. */
static void look(struct hvs_ladder *ladder)
{
    struct hvs_error err = {0};
    struct hvs_vm_list *list;

    if (ladder->refusal.domain == HVS_SOAP) {
        hvs_ladder_fault(ladder, &ladder->refusal);
        return;
    }
    if (ladder->refusal.domain) {
        hvs_ladder_fail(ladder, HVS_RUNG_WMI, &ladder->refusal);
        return;
    }
    list = list_vms(ladder, &err);
    ladder->evidence = *hvs_client_evidence(ladder->client);
    if (!list) {
        hvs_ladder_fault(ladder, &err);
        return;
    }
    hvs_ladder_say(ladder, HVS_RUNG_WMI, HVS_VERDICT_PASS, "queries are answered");
    hvs_ladder_say(ladder, HVS_RUNG_HYPERV, HVS_VERDICT_PASS,
                   "root\\virtualization\\v2 is there");
    if (list->maybe_no_rights)
        no_rights(ladder);
    else
        hvs_ladder_say(ladder, HVS_RUNG_VMS, HVS_VERDICT_PASS, "%zu VM%s", list->count,
                       list->count == 1 ? "" : "s");
    if (list->count)
        snprintf(ladder->vm, sizeof(ladder->vm), "%s", list->items[0]->id);
    hvs_vm_list_free(list);
}

void hvs_rung_wmi(struct hvs_ladder *ladder)
{
    look(ladder);
}

/* Both were said with the rung before them. */
void hvs_rung_hyperv(struct hvs_ladder *ladder)
{
    (void)ladder;
}

void hvs_rung_vms(struct hvs_ladder *ladder)
{
    (void)ladder;
}
