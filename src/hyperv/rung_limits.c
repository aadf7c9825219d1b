#include "base/err.h"
#include "hyperv/ladder.h"
#include "wsman/envelope.h"
#include "wsman/names.h"
#include "xml/doc.h"
#include "xml/map.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* The settings of WinRM itself: MS-WSMV 2.2.4.10. */
#define CONFIG "http://schemas.microsoft.com/wbem/wsman/1/config"

struct limits {
    uint32_t envelope_kb, timeout_ms, batch_items;
};
struct service_limits {
    uint32_t user_operations, connections;
};
struct config {
    struct hvs_run run;
    struct hvs_op op;
    struct limits limits;
    struct service_limits service;
};

static const struct hvs_field limit_fields[] = {
    HVS_FIELD(struct limits, envelope_kb, "MaxEnvelopeSizekb", true),
    HVS_FIELD(struct limits, timeout_ms, "MaxTimeoutms", true),
    HVS_FIELD(struct limits, batch_items, "MaxBatchItems", false),
};
static const struct hvs_field service_fields[] = {
    HVS_FIELD(struct service_limits, user_operations, "MaxConcurrentOperationsPerUser",
              false),
    HVS_FIELD(struct service_limits, connections, "MaxConnections", false),
};

static enum hvs_want read_config(struct config *self, const xmlNode *body,
                                 struct hvs_error *err)
{
    const xmlNode *node = hvs_xml_child(body, CONFIG, "Config"), *service;

    if (!node)
        return hvs_err_set(err, HVS_XML, 0, "the reply holds no Config"), HVS_FAIL;
    service = hvs_xml_child(node, CONFIG, "Service");
    if (hvs_xml_map(node, limit_fields, 3, &self->limits, err) < 0 ||
        (service && hvs_xml_map(service, service_fields, 2, &self->service, err) < 0))
        return HVS_FAIL;
    return HVS_DONE;
}

static enum hvs_want step(struct hvs_op *op, struct hvs_run *run,
                          const struct hvs_event *event, struct hvs_error *err)
{
    static const struct hvs_request_kind kind = {.template = "get-config",
                                                 .action = HVS_ACTION_GET,
                                                 .resource = CONFIG,
                                                 .effect = HVS_READ};

    (void)op;
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why == HVS_START) {
        hvs_run_note(run, HVS_PHASE_FIND, NULL, 0);
        return hvs_request_fill(&run->request, &kind, NULL, 0, err) < 0 ? HVS_FAIL
                                                                        : HVS_SEND;
    }
    return read_config((struct config *)run, event->body, err);
}

static void release(struct hvs_run *run)
{
    free(run);
}

static int ask(struct hvs_ladder *ladder, struct config *out, struct hvs_error *err)
{
    struct config *self = calloc(1, sizeof(*self));
    int rc;

    if (!self)
        return hvs_err_memory(err);
    self->op.step = step;
    hvs_ladder_limit(ladder, ladder->client);
    if (hvs_client_start(ladder->client, &self->run, &self->op, release, err) < 0)
        return -1;
    hvs_ladder_drive(ladder, &self->run);
    rc = hvs_client_finish(&self->run, err);
    *out = *self;
    hvs_client_drop(&self->run);
    return rc;
}

static void told(struct hvs_ladder *ladder, const struct config *config)
{
    const struct limits *l = &config->limits;
    bool small = (uint64_t)l->envelope_kb * 1024 < HVS_MAX_ENVELOPE_SIZE;
    struct hvs_finding *f;

    f = hvs_ladder_say(ladder, HVS_RUNG_LIMITS,
                       small ? HVS_VERDICT_WARN : HVS_VERDICT_PASS,
                       "replies of %" PRIu32 " KB, we take %d; %" PRIu32
                       " s for a request, we ask for "
                       "%d; %" PRIu32 " operations of one user, %" PRIu32 " connections",
                       l->envelope_kb, HVS_MAX_ENVELOPE_SIZE / 1024, l->timeout_ms / 1000,
                       HVS_OPERATION_TIMEOUT_S, config->service.user_operations,
                       config->service.connections);
    if (!small)
        return;
    hvs_finding_hint(f, "hosts with many VMs need more pages, or more room");
    hvs_finding_on_host(f, "Set-Item WSMan:\\localhost\\MaxEnvelopeSizekb 500");
}

void hvs_rung_limits(struct hvs_ladder *ladder)
{
    struct config config = {0};
    struct hvs_error err = {0};

    if (ask(ladder, &config, &err) == 0)
        told(ladder, &config);
    else if (err.class_ == HVS_CLASS_BUSY || err.class_ == HVS_CLASS_DEADLINE ||
             hvs_err_is_stop(&err) || hvs_err_is_memory(&err))
        hvs_ladder_fail(ladder, HVS_RUNG_LIMITS, &err);
    else
        hvs_ladder_say(ladder, HVS_RUNG_LIMITS, HVS_VERDICT_SKIPPED,
                       "%s (%.300s)\nwe take replies of %d KB and ask for %d s",
                       err.class_ == HVS_CLASS_AUTH
                           ? "the host shows its limits to administrators alone"
                           : "the host does not show its limits",
                       err.message, HVS_MAX_ENVELOPE_SIZE / 1024,
                       HVS_OPERATION_TIMEOUT_S);
    ladder->evidence = *hvs_client_evidence(ladder->client);
}
