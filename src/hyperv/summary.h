#ifndef HVS_HYPERV_SUMMARY_H
#define HVS_HYPERV_SUMMARY_H

#include "hyperv/system.h"

#include <libxml/tree.h>

/*
 * A VM's state and what goes on on it, in one question: GetSummaryInformation. How hosts
 * write the jobs that it nests is recorded nowhere, so what is not understood there is
 * passed over.
 */
struct hvs_summary {
    bool found;                /* the host knows the VM */
    struct hvs_system system;  /* its state and status; no strings */
    bool job;                  /* one is under way: */
    uint32_t job_type;
    uint32_t percent;
};

/* Send the question. HVS_SEND, or HVS_FAIL. */
enum hvs_want hvs_summary_ask(struct hvs_run *run, const char *vm_id,
                              struct hvs_error *err);

/* Read the reply. Fails when it is no such reply, or the method said no. */
int hvs_summary_read(const xmlNode *body, struct hvs_summary *out,
                     struct hvs_error *err) HVS_MUST_CHECK;

#endif
