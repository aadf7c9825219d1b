#ifndef HVS_WSMAN_ENVELOPE_H
#define HVS_WSMAN_ENVELOPE_H

#include "base/uuid.h"
#include "wsman/op.h"
#include "wsman/template.h"

#include <libxml/tree.h>

/*
 * SOAP envelopes: a request's made from its templates, a reply's checked.
 */

/* What a host must answer a request within, and how much we take; both are sent. */
enum { HVS_OPERATION_TIMEOUT_S = 60, HVS_MAX_ENVELOPE_SIZE = 512000 };

/* The largest reply that is read: a host may count its bytes otherwise than we do. */
enum { HVS_MAX_REPLY_SIZE = 2 << 20 };

/* One kind of request: a template, and what its header says. */
struct hvs_request_kind {
    const char *template;
    const char *action;
    const char *resource; /* NULL: the caller's, set in the request beforehand */
    enum hvs_effect effect;
};

/* Fill `request` from its template: header blocks, then the s:Body. */
int hvs_request_fill(struct hvs_request *request, const struct hvs_request_kind *kind,
                     const struct hvs_param *params, size_t count,
                     struct hvs_error *err) HVS_MUST_CHECK;

/* Append the whole envelope. The message id is new each time. */
int hvs_envelope_build(struct hvs_buf *out, const struct hvs_request *request,
                       const char *to, const char *language,
                       char message_id[HVS_UUID_SIZE],
                       struct hvs_error *err) HVS_MUST_CHECK;

/*
 * Is `doc` an envelope that answers the request with this action and message id? Returns
 * its s:Body, or NULL with *err set. A fault may lack RelatesTo, as some of Windows' do;
 * a wrong one is an error everywhere. `action` NULL: Identify, whose reply has no header.
 */
const xmlNode *hvs_envelope_check(const xmlDoc *doc, const char *action,
                                  const char *message_id, struct hvs_error *err);

#endif
