#include "hyperv/identify.h"

#include "base/err.h"
#include "hyperv/client.h"
#include "wsman/envelope.h"
#include "wsman/names.h"
#include "xml/doc.h"
#include "xml/map.h"

#include <stdlib.h>

struct identify {
    struct hvs_run run;
    struct hvs_op op;
    bool anonymous;
    struct hvs_identity *identity;
};

static const struct hvs_field fields[] = {
    HVS_FIELD(struct hvs_identity, vendor, "ProductVendor", false),
    HVS_FIELD(struct hvs_identity, version, "ProductVersion", false),
    HVS_FIELD(struct hvs_identity, protocol, "ProtocolVersion", true),
};

struct hvs_identity *hvs_identity_read(const xmlNode *body, struct hvs_error *err)
{
    const xmlNode *reply = hvs_xml_child(body, HVS_NS_IDENTITY, "IdentifyResponse");
    struct hvs_identity *identity;

    if (!reply) {
        hvs_err_set(err, HVS_XML, 0, "the reply holds no IdentifyResponse");
        return NULL;
    }
    identity = calloc(1, sizeof(*identity));
    if (!identity) {
        hvs_err_memory(err);
        return NULL;
    }
    if (hvs_xml_map(reply, fields, 3, identity, err) == 0)
        return identity;
    free(identity); /* it is cleared */
    return NULL;
}

static enum hvs_want identify_step(struct hvs_op *op, struct hvs_run *run,
                                   const struct hvs_event *event, struct hvs_error *err)
{
    static const struct hvs_request_kind kind = {.template = "identify",
                                                 .effect = HVS_READ};
    struct identify *self = (struct identify *)run;

    (void)op;
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why == HVS_START) {
        hvs_run_note(run, HVS_PHASE_FIND, NULL, 0);
        if (hvs_request_fill(&run->request, &kind, NULL, 0, err) < 0)
            return HVS_FAIL;
        run->request.anonymous = self->anonymous;
        return HVS_SEND;
    }
    self->identity = hvs_identity_read(event->body, err);
    return self->identity ? HVS_DONE : HVS_FAIL;
}

static void release(struct hvs_run *run)
{
    struct identify *self = (struct identify *)run;

    hvs_identity_free(self->identity);
    free(self);
}

int hvs_identify_start(struct hvs_run **out, struct hvs_client *client, bool anonymous,
                       struct hvs_error *err)
{
    struct identify *self = calloc(1, sizeof(*self));

    *out = NULL;
    if (!self)
        return hvs_err_memory(err);
    self->op.step = identify_step;
    self->anonymous = anonymous;
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_identify_end(struct hvs_run *run, struct hvs_identity **out,
                     struct hvs_error *err)
{
    struct identify *self = (struct identify *)run;
    int rc = hvs_client_finish(run, err);

    *out = NULL;
    if (rc == 0) {
        *out = self->identity;
        self->identity = NULL;
    }
    hvs_client_drop(run);
    return rc;
}

int hvs_identify(struct hvs_client *client, bool anonymous, struct hvs_identity **out,
                 struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_identify_start(&run, client, anonymous, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_identify_end(run, out, err);
}

void hvs_identity_free(struct hvs_identity *identity)
{
    if (identity)
        hvs_xml_map_clear(fields, 3, identity);
    free(identity);
}
