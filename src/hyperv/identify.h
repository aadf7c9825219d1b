#ifndef HVS_HYPERV_IDENTIFY_H
#define HVS_HYPERV_IDENTIFY_H

#include <hvsnap/client.h>

#include <libxml/tree.h>

/* What the s:Body of a reply to Identify says. Free with hvs_identity_free(). */
struct hvs_identity *hvs_identity_read(const xmlNode *body,
                                       struct hvs_error *err) HVS_MUST_CHECK;

#endif
