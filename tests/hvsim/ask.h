#ifndef SIM_ASK_H
#define SIM_ASK_H

#include "hvsim/sim.h"

/*
 * For tests: a world on a clock of the test's own, and requests to it, written the way a
 * well-behaved client writes them. No test's verdict is in here.
 */
struct ask {
    struct sim_world *world;
    struct sim_host *host;
    int64_t now;         /* milliseconds since 1970; move it at will */
    const char *account; /* who asks */
    const char *locale;  /* of the next request, or NULL */
    const char *size;    /* MaxEnvelopeSize of the next request, or NULL */
    struct sim_reply reply;
};

#define ASK_CLASS(name) "http://schemas.microsoft.com/wbem/wsman/1/wmi/" \
                        "root/virtualization/v2/" name
#define ASK_VM "0F6B2C44-7D0E-4B3E-9C51-2A61D5F0A1B2" /* web1 of the small host */
#define ASK_FIRST "5A4E9F10-2B7C-4D55-9D1B-7A3C0E6B8F21" /* its first snapshot */
#define ASK_SERVICE \
    "<w:Selector Name=\"CreationClassName\">Msvm_VirtualSystemSnapshotService" \
    "</w:Selector>"
#define ASK_MANAGEMENT \
    "<w:Selector Name=\"CreationClassName\">Msvm_VirtualSystemManagementService" \
    "</w:Selector>"

/* Begin a world: a scenario's text (NULL: the small host), and settings as
 * sim_world_set() takes them, NULL at the end. Returns -1 with *err set. */
int ask_open(struct ask *ask, const char *scenario, const char *const *settings,
             struct hvs_error *err);
void ask_close(struct ask *ask);

/* Send any text. The reply's text is good until the next request. */
const char *ask_text(struct ask *ask, const char *soap);

/* A request with the usual header: `selectors` are w:Selector elements, `extra` more
 * header blocks, both may be "". */
const char *ask_soap(struct ask *ask, const char *action, const char *uri,
                     const char *selectors, const char *extra, const char *body);

const char *ask_get(struct ask *ask, const char *class_, const char *key,
                    const char *value);

/* An optimised query on the namespace, up to 1000 items. */
const char *ask_wql(struct ask *ask, const char *query);

/* A method of a class; for services the selectors are known. */
const char *ask_invoke(struct ask *ask, const char *class_, const char *method,
                       const char *selectors, const char *parameters);

/* CreateSnapshot of a VM, of type 2. */
const char *ask_create(struct ask *ask, const char *vm);

/* ModifySystemSettings with this text in a CDATA section. */
const char *ask_modify(struct ask *ask, const char *instance);

/* A method of the snapshot service about one snapshot. */
const char *ask_snapshot(struct ask *ask, const char *method, const char *parameter,
                         const char *snapshot);

/* A parameter that is a reference. */
void ask_reference(struct hvs_buf *out, const char *parameter, const char *class_,
                   const char *key, const char *value);

/* What stands between two texts, the first time: "" when it does not. Good until the
 * next call. */
const char *ask_between(const char *text, const char *from, const char *to);

/* How often it stands there. */
size_t ask_count(const char *text, const char *what);

/* Job and snapshot ids of the last reply, copied. */
void ask_job(const struct ask *ask, char out[37]);

#endif
