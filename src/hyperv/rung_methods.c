#include "base/err.h"
#include "hyperv/ladder.h"
#include "hyperv/names.h"
#include "hyperv/result.h"
#include "wsman/envelope.h"
#include "wsman/invoke.h"

#include <stdio.h>
#include <stdlib.h>

#define METHOD "GetSummaryInformation"

/* Ask for the name of one VM by a method: it only reads, but takes the right to execute
 * methods, without which no snapshot is taken. */
struct summary {
    struct hvs_run run;
    struct hvs_op op;
    char settings[80]; /* of the VM */
};

static enum hvs_want step(struct hvs_op *op, struct hvs_run *run,
                          const struct hvs_event *event, struct hvs_error *err)
{
    static const struct hvs_request_kind kind = {.template = "get-summary",
                                                 .action = HVS_V2 "/" HVS_CLASS_MANAGEMENT
                                                                  "/" METHOD,
                                                 .resource = HVS_V2
                                                 "/" HVS_CLASS_MANAGEMENT,
                                                 .effect = HVS_READ};
    const struct hvs_param params[] = {
        {"INSTANCE_ID", ((struct summary *)run)->settings}};
    struct hvs_invoked said;

    (void)op;
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why == HVS_START) {
        hvs_run_note(run, HVS_PHASE_FIND, NULL, 0);
        return hvs_request_fill(&run->request, &kind, params, 1, err) < 0 ? HVS_FAIL
                                                                          : HVS_SEND;
    }
    if (hvs_invoke_read(event->body, kind.action, NULL, &said, err) < 0)
        return HVS_FAIL;
    if (!said.return_value)
        return HVS_DONE;
    hvs_result_error(said.return_value, METHOD, err);
    return HVS_FAIL;
}

static void release(struct hvs_run *run)
{
    free(run);
}

static int ask(struct hvs_ladder *ladder, struct hvs_error *err)
{
    struct summary *self = calloc(1, sizeof(*self));
    int rc;

    if (!self)
        return hvs_err_memory(err);
    self->op.step = step;
    snprintf(self->settings, sizeof(self->settings), "Microsoft:%s", ladder->vm);
    hvs_ladder_limit(ladder, ladder->client);
    if (hvs_client_start(ladder->client, &self->run, &self->op, release, err) < 0)
        return -1;
    hvs_ladder_drive(ladder, &self->run);
    rc = hvs_client_finish(&self->run, err);
    hvs_client_drop(&self->run);
    return rc;
}

static void denied(struct hvs_ladder *ladder, const struct hvs_error *err)
{
    struct hvs_finding *f = hvs_ladder_fail(ladder, HVS_RUNG_METHODS, err);

    hvs_finding_hint(f, "the account may read, but execute no methods: put it into both "
                        "groups, or see to 'Execute Methods' on root\\virtualization\\v2 "
                        "in wmimgmt.msc there");
    hvs_ladder_give_rights(ladder, f);
}

void hvs_rung_methods(struct hvs_ladder *ladder)
{
    struct hvs_error err = {0};
    int rc;

    if (!ladder->vm[0]) {
        hvs_ladder_say(ladder, HVS_RUNG_METHODS, HVS_VERDICT_SKIPPED,
                       "there is no VM to ask about");
        return;
    }
    rc = ask(ladder, &err);
    ladder->evidence = *hvs_client_evidence(ladder->client);
    if (rc == 0)
        hvs_ladder_say(ladder, HVS_RUNG_METHODS, HVS_VERDICT_PASS,
                       "methods may be called: " METHOD " is answered");
    else if (err.class_ == HVS_CLASS_AUTH)
        denied(ladder, &err);
    else if (err.class_ == HVS_CLASS_BUSY)
        hvs_ladder_fault(ladder, &err);
    else if (err.class_ == HVS_CLASS_DEADLINE || hvs_err_is_stop(&err) ||
             hvs_err_is_memory(&err))
        hvs_ladder_fail(ladder, HVS_RUNG_METHODS, &err);
    else
        hvs_ladder_say(ladder, HVS_RUNG_METHODS, HVS_VERDICT_WARN,
                       "whether methods may be called is not known: %.700s", err.message);
}
