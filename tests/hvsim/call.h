#ifndef SIM_CALL_H
#define SIM_CALL_H

#include "hvsim/class.h"

#include <libxml/tree.h>

/*
 * One request on its way through the host: what was asked, and the fault that it met, if
 * any. Functions that can meet one return 0 or -1.
 */

struct sim_selector {
    char *name, *value; /* the value of a reference is NULL */
    const xmlNode *node;
};

/* What a fault says beside its code. */
struct sim_fault {
    uint32_t code; /* 0: none */
    char *info;    /* the object or query that it is about, or NULL */
    const char *operation; /* what WMI was asked for: "GetObject", ... */
    const char *detail;    /* the end of a faultDetail URI, instead of the usual one */
    char *header, *header_ns; /* the header block that was not understood */
};

struct sim_call {
    struct sim_host *host;
    const char *account; /* canonical "DOMAIN\\user"; NULL: nobody */
    enum sim_rights rights;

    xmlDoc *doc;
    xmlNode *body; /* the first element in it, or NULL */
    bool identify; /* which needs no header */
    char *action, *uri, *message_id;
    long max_envelope; /* what the request allows, in bytes; 0: it does not say */
    enum sim_language language; /* of faults */
    char *fragment;            /* w:FragmentTransfer, or NULL */
    struct sim_selector *selectors; /* without __cimnamespace */
    size_t selector_count;

    /* what the URI names */
    bool config;                   /* WinRM's own settings, nothing of WMI */
    bool wildcard;                 /* namespace/ * */
    bool known_namespace;
    const struct sim_class *class_; /* NULL: wildcard, or no such class */
    char *class_name;

    char *note; /* the query or the like, for the log; or NULL */
    char *kind; /* "Get", "Pull", "CreateSnapshot", ...: for counters and faults */
    const struct sim_rule *rule; /* what becomes of a method, on command; or NULL */
    struct sim_fault fault;
    uint32_t fault_behind; /* after it was done, on command; 0: none */
    struct hvs_buf reply; /* the body's content */
    const char *scope;    /* which namespaces the reply declares */
};

/* Meet a fault; returns -1. The first one counts. */
int sim_fail(struct sim_call *call, uint32_t code);

/* The same with the operation and the object that it was about, for WMI's own. */
int sim_fail_at(struct sim_call *call, uint32_t code, const char *operation,
                const char *info);

void sim_call_clear(struct sim_call *call);

/* The text of an element, to the letter or trimmed; "" for NULL. The caller frees. */
char *sim_string(const xmlNode *node);
char *sim_word(const xmlNode *node);

/* Parse a request and check its header as Windows does. */
int sim_call_read(struct sim_call *call, const char *body, size_t len, bool utf16);

/* Fill class_, class_name, wildcard and known_namespace from a ResourceURI; false when it
 * is none of WMI's. */
bool sim_uri_read(struct sim_call *call, const char *uri);

int sim_selectors_read(struct sim_call *call, const xmlNode *set,
                       struct sim_selector **selectors, size_t *count);
void sim_selectors_free(struct sim_selector *selectors, size_t count);

/* Find the one object that the call's selectors name. A service needs only `some` of its
 * keys. Selectors of the wrong name and a missing object are faults. */
int sim_object_find(struct sim_call *call, bool some, struct sim_ref *out);

/* Follow a reference, whose a:ReferenceParameters is a child of `node`. Any keys will do
 * that name one object. */
enum sim_found { SIM_FOUND, SIM_NOT_FOUND, SIM_MALFORMED };
enum sim_found sim_ref_read(struct sim_call *call, const xmlNode *node,
                            struct sim_ref *out);

/* Wrap call->reply, or the fault, as the SOAP text of the answer. Returns the status. */
int sim_answer_add(struct sim_call *call, struct hvs_buf *out, bool wrong_relates_to);

/* How many bytes of items fit into the answer. */
size_t sim_answer_room(const struct sim_call *call);

/* How large it may be at most. */
size_t sim_answer_limit(const struct sim_call *call);

#endif
