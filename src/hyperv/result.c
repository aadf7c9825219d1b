#include "hyperv/result.h"

#include "base/err.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char rights[] =
    "the account must be in the host's 'Hyper-V Administrators', or an administrator";
static const char busy[] =
    "the VM is busy with another operation, or in a state that does "
    "not allow this; look with 'hvsnap vms'";

/* 1 to 6 are DMTF's, from 32768 on Microsoft's; methods and jobs share them. */
static const struct {
    uint32_t code;
    const char *name;
    enum hvs_class class_;
    const char *hint;
} results[] = {
    {1, "not supported", HVS_CLASS_REFUSED, ""},
    {2, "failed", HVS_CLASS_FAILED, ""},
    {3, "timeout", HVS_CLASS_FAILED, ""},
    {4, "invalid parameter", HVS_CLASS_FAILED, ""},
    {5, "invalid state", HVS_CLASS_REFUSED, busy},
    {6, "invalid type", HVS_CLASS_FAILED, ""},
    {32768, "failed", HVS_CLASS_FAILED,
     "the host's event log Hyper-V-VMMS-Admin says more"},
    {32769, "access denied", HVS_CLASS_AUTH, rights},
    {32770, "not supported", HVS_CLASS_REFUSED,
     "a VM with shared disks (VHD Set) can only be snapshotted with its group, and one "
     "with a pass-through disk not at all while it is attached"},
    {32771, "status is unknown", HVS_CLASS_UNKNOWN, ""},
    {32772, "timeout", HVS_CLASS_FAILED, ""},
    {32773, "invalid parameter", HVS_CLASS_FAILED, ""},
    {32774, "system is in use", HVS_CLASS_BUSY, busy},
    {32775, "invalid state for this operation", HVS_CLASS_REFUSED, busy},
    {32776, "incorrect data type", HVS_CLASS_FAILED, ""},
    {32777, "system is not available", HVS_CLASS_REFUSED, ""},
    {32778, "out of memory", HVS_CLASS_BUSY, "the host has too little memory left"},
    {32779, "file is in use", HVS_CLASS_BUSY, ""},
};

/* HRESULTs that turn up in the text of failed jobs. */
static const struct {
    uint32_t hresult;
    const char *hint;
} causes[] = {
    {0x80070002, "a file of the VM is missing: was a disk moved, or its chain broken?"},
    {0x80070005,
     "the host's own account lost its rights to the VM's files: grant 'NT VIRTUAL "
     "MACHINE\\<VM id>' full access to them with icacls"},
    {0x80070020, "another program holds the VM's disk: exclude the VM's folders from "
                 "antivirus and backup"},
    {0x80070032, "the storage does not support this"},
    {0x80070050, "a failed backup left an AutoRecovery file: remove the stale .avhdx"},
    {0x80070070, "the host's disk is full"},
    {0x8000FFFF, "often the storage or the chain of disks: see the host's event log "
                 "Hyper-V-VMMS-Admin"},
    {0x800423F2,
     "a VSS writer in the guest timed out: 'vssadmin list writers' there, or take "
     "a standard snapshot"},
    {0x800423F4,
     "a VSS writer in the guest failed: 'vssadmin list writers' there, or take a "
     "standard snapshot"},
    {0x800423FB, "a failed backup left an AutoRecovery file: remove the stale .avhdx"},
    {0xC03A000E, "the chain of disks is broken: a parent was changed or restored"},
    {0xC03A0012, "a parent disk was resized while snapshots existed"},
    {0xC03A0017, "a parent disk was resized while snapshots existed"},
};

static size_t find(uint32_t code)
{
    size_t i;

    for (i = 0; i < sizeof(results) / sizeof(results[0]); i++)
        if (results[i].code == code)
            break;
    return i;
}

const char *hvs_result_name(uint32_t code)
{
    size_t i = find(code);

    return i < sizeof(results) / sizeof(results[0]) ? results[i].name : "unknown result";
}

bool hvs_result_is_state(uint32_t code)
{
    return code == 5 || code == 32774 || code == 32775;
}

bool hvs_result_is_open(uint32_t code)
{
    return code == 3 || code == 32771 || code == 32772;
}

int hvs_result_error(uint32_t code, const char *what, struct hvs_error *err)
{
    size_t i = find(code);
    bool known = i < sizeof(results) / sizeof(results[0]);

    hvs_err_set_hint(err, HVS_JOB, code, known ? results[i].hint : "", "%s: %s (%u)",
                     what, hvs_result_name(code), (unsigned)code);
    return hvs_err_class(err, known ? results[i].class_ : HVS_CLASS_FAILED);
}

const char *hvs_result_hint(uint32_t code, const char *text)
{
    size_t i = find(code);
    const char *at;
    unsigned long hresult;

    for (at = strstr(text, "0x"); at; at = strstr(at + 2, "0x")) {
        hresult = strtoul(at, NULL, 16);
        for (size_t k = 0; k < sizeof(causes) / sizeof(causes[0]); k++)
            if (causes[k].hresult == hresult)
                return causes[k].hint;
    }
    return i < sizeof(results) / sizeof(results[0]) ? results[i].hint : "";
}
