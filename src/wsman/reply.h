#ifndef HVS_WSMAN_REPLY_H
#define HVS_WSMAN_REPLY_H

#include "auth/mech.h"
#include "transport/http.h"
#include "wsman/fault.h"
#include "wsman/op.h"

/* What came back for a request: unsealed, parsed and checked. */
struct hvs_reply {
    enum hvs_fate fate;
    xmlDoc *doc;            /* yours to free; NULL without one */
    const xmlNode *body;    /* of `doc`; NULL unless it answers the request */
    struct hvs_fault fault; /* when `is_fault` */
    bool is_fault;
    bool broken; /* the sealing is out of step: the connection is of no more use */
    struct hvs_buf unsealed;
    const char *text;     /* the SOAP text, of `unsealed` or as it was posted */
    size_t len;
    struct hvs_error err; /* unless fate is HVS_ANSWERED */
};

/* What a reply must be held against. */
struct hvs_reply_to {
    const char *host;   /* for messages */
    const char *action; /* of the request; NULL for Identify */
    const char *message_id;
    hvs_xml_wanted_fn *wanted; /* of rows; NULL for all */
    const struct hvs_error *step; /* why a token could not be made; NULL: no matter */
    struct hvs_mech
        *sealed; /* the mechanism that unseals; NULL where nothing is sealed */
};

void hvs_reply_read(struct hvs_reply *reply, const struct hvs_posted *posted,
                    const struct hvs_reply_to *to);
void hvs_reply_clear(struct hvs_reply *reply);

#endif
