#ifndef HVS_WSMAN_INVOKE_H
#define HVS_WSMAN_INVOKE_H

#include <hvsnap/error.h>

#include <libxml/tree.h>
#include <stdint.h>

/* What a method said. A non-zero ReturnValue comes as an ordinary reply, not a fault. */
struct hvs_invoked {
    uint32_t return_value;
    char job[64];        /* InstanceID of the job that it started, or "" */
    char job_class[256]; /* the job's resource URI: jobs come in several classes */
    char made[64];       /* InstanceID of what it made at once, or "" */
};

/* Read the METHOD_OUTPUT element in `body`; `action` ends in the method's name, `made`
 * names the out parameter that refers to what the method made, or is NULL. An id that
 * does not fit is an error. */
int hvs_invoke_read(const xmlNode *body, const char *action, const char *made,
                    struct hvs_invoked *out, struct hvs_error *err) HVS_MUST_CHECK;

#endif
