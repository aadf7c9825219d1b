#include "wsman/enumeration.h"

#include "base/err.h"
#include "wsman/envelope.h"
#include "wsman/fault.h"
#include "wsman/names.h"
#include "xml/doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ELEMENTS = 50, MOST_RESTARTS = 3, MOST_FILTER = 64 * 1024 };
/* So long behind the deadline a context may still be given back: a host that hangs is
 * not waited for. */
enum { LATE_MS = 100 };
/* What is kept has yet to be sorted and shown: for so many bytes of it, a ms before the
 * deadline. */
enum { KEPT_A_MS = 32 * 1024 };
enum { ENUMERATING = 1, PULLING };

/* A list that a host never ends would be read until memory is gone. A real one has up to
 * 1024 VMs with 50 snapshots each, of a few KB on the wire, of which some 350 bytes are
 * kept: as much as most_kept is for. WS-Enumeration allows a page without any row, for a
 * host that needs longer, but not for ever. */
enum { MOST_EMPTY = 100, ROW_WEIGHS = 256, MOST_KEPT = 16 << 20 };
static const uint64_t most_bytes = 256 << 20;

static enum hvs_want enumerate(struct hvs_query *self, struct hvs_run *run,
                               struct hvs_error *err)
{
    static const struct hvs_request_kind kind = {.template = "enumerate",
                                                 .action = HVS_ACTION_ENUMERATE,
                                                 .effect = HVS_READ};
    char most[16];
    const struct hvs_param params[] = {{"MAX_ELEMENTS", most},
                                       {"FILTER",
                                        self->whole ? "" : hvs_buf_str(&self->filter)}};

    self->op.phase = ENUMERATING;
    /* Windows takes WQL on the namespace's wildcard alone (0x803380FB otherwise) */
    snprintf(self->resource, sizeof(self->resource), "%s/%s", self->space,
             self->whole ? self->class_ : "*");
    snprintf(most, sizeof(most), "%u", self->max_elements);
    if (hvs_request_fill(&run->request, &kind, params, 2, err) < 0)
        return HVS_FAIL;
    run->request.resource = self->resource;
    run->request.wanted = self->wanted;
    return HVS_SEND;
}

static enum hvs_want pull(struct hvs_query *self, struct hvs_run *run,
                          struct hvs_error *err)
{
    static const struct hvs_request_kind kind = {.template = "pull",
                                                 .action = HVS_ACTION_PULL,
                                                 .effect = HVS_PULL};
    char most[16];
    const struct hvs_param params[] = {{"CONTEXT", self->context},
                                       {"MAX_ELEMENTS", most}};

    self->op.phase = PULLING;
    snprintf(most, sizeof(most), "%u", self->max_elements);
    if (hvs_request_fill(&run->request, &kind, params, 2, err) < 0)
        return HVS_FAIL;
    run->request.resource = self->resource;
    run->request.wanted = self->wanted;
    return HVS_SEND;
}

/* The undo: a context left open counts against the account's quota on the host. */
static enum hvs_want release_step(struct hvs_op *op, struct hvs_run *run,
                                  const struct hvs_event *event, struct hvs_error *err)
{
    static const struct hvs_request_kind kind = {.template = "release",
                                                 .action = HVS_ACTION_RELEASE,
                                                 .effect = HVS_READ};
    struct hvs_query *self =
        (struct hvs_query *)((char *)op - offsetof(struct hvs_query, release));
    const struct hvs_param params[] = {{"CONTEXT", self->context}};

    if (event->why != HVS_START)
        return HVS_DONE;
    if (hvs_request_fill(&run->request, &kind, params, 1, err) < 0)
        return HVS_FAIL;
    run->request.resource = self->resource;
    return HVS_SEND;
}

static void forget_context(struct hvs_query *self, struct hvs_run *run)
{
    free(self->context);
    self->context = NULL;
    hvs_run_undone(run, &self->release);
}

/* A child of the reply by its local name: EndOfSequence and Items are in the namespace of
 * WS-Enumeration or of WS-Man, by the kind of reply and the age of the host. */
static const xmlNode *child(const xmlNode *parent, const char *name)
{
    const xmlNode *node;

    for (node = hvs_xml_first(parent); node; node = hvs_xml_next(node))
        if (hvs_xml_is(node, HVS_NS_ENUMERATION, name) ||
            hvs_xml_is(node, HVS_NS_WSMAN, name))
            return node;
    return NULL;
}

/* What a row may come to in memory; what nobody wants of it is not there. */
static size_t weigh(const xmlNode *item)
{
    const xmlNode *node;
    size_t sum = 0;

    for (node = item->children; node; node = node->next)
        sum += node->content ? strlen((const char *)node->content) : weigh(node);
    return sum;
}

static int read_rows(struct hvs_query *self, const xmlNode *items, struct hvs_error *err)
{
    const xmlNode *item = items ? hvs_xml_first(items) : NULL;

    self->empty = item ? 0 : self->empty + 1;
    for (; item; item = hvs_xml_next(item), self->rows++) {
        self->weight = ROW_WEIGHS + weigh(item);
        self->kept += self->weight;
        if (self->row(self, item, err) < 0)
            return -1;
    }
    if (self->kept <= self->most_kept && self->empty <= MOST_EMPTY &&
        self->bytes <= most_bytes)
        return 0;
    return hvs_err_set(
        err, HVS_XML, 0,
        "the host's list does not end: %lu rows and %llu bytes so far, and "
        "%u pages without a row",
        self->rows, (unsigned long long)self->bytes, self->empty);
}

static enum hvs_want read_page(struct hvs_query *self, struct hvs_run *run,
                               const struct hvs_event *event, struct hvs_error *err)
{
    const xmlNode *body = event->body;
    const char *name = self->op.phase == PULLING ? "PullResponse" : "EnumerateResponse";
    const xmlNode *page = hvs_xml_child(body, HVS_NS_ENUMERATION, name);
    const xmlNode *context;
    char *text;

    if (!page) {
        hvs_err_set(err, HVS_XML, 0, "the reply holds no %s", name);
        return HVS_FAIL;
    }
    context = child(page, "EnumerationContext");
    text = context ? hvs_xml_word(context) : strdup("");
    if (!text)
        return hvs_err_memory(err), HVS_FAIL;
    forget_context(self, run);
    /* an optimised reply that is the last one carries an empty context */
    if (*text && !child(page, "EndOfSequence")) {
        self->context = text;
        hvs_run_undo(run, &(struct hvs_undo){.op = &self->release,
                                             .ms = HVS_UNDO_MS,
                                             .deadline = run->deadline
                                                             ? run->deadline + LATE_MS
                                                             : 0});
    } else {
        free(text);
    }
    self->bytes += event->size;
    if (read_rows(self, child(page, "Items"), err) < 0)
        return HVS_FAIL;
    if (run->deadline && run->now + (int64_t)(self->kept / KEPT_A_MS) >= run->deadline) {
        hvs_run_late(err);
        return HVS_FAIL;
    }
    if (self->context)
        return pull(self, run, err);
    if (child(page, "EndOfSequence"))
        return HVS_DONE;
    hvs_err_set(err, HVS_XML, 0, "the host stopped in the middle of a list");
    return HVS_FAIL;
}

static enum hvs_want again(struct hvs_query *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    self->restarts++;
    self->rows = self->kept = 0;
    self->empty = 0;
    /* what is lost cannot be released: the host drops it in its own time */
    forget_context(self, run);
    if (self->restart)
        self->restart(self);
    return enumerate(self, run, err);
}

static enum hvs_want failed(struct hvs_query *self, struct hvs_run *run,
                            const struct hvs_event *event, struct hvs_error *err)
{
    unsigned flags = hvs_fault_flags(event->cause);
    bool pulling = self->op.phase == PULLING;

    if (run->stop.domain)
        return hvs_fail(err, event->cause);
    if (flags & HVS_FAULT_FILTER && !self->whole && !self->no_fallback) {
        self->whole = true;
        return again(self, run, err);
    }
    if (self->restarts < MOST_RESTARTS && flags & HVS_FAULT_SMALLER &&
        self->max_elements > 1) {
        self->max_elements /= 4;
        self->max_elements += !self->max_elements;
        return again(self, run, err);
    }
    if (self->restarts < MOST_RESTARTS && event->cause->class_ != HVS_CLASS_AUTH &&
        (pulling || flags & HVS_FAULT_RESTART))
        return again(self, run, err);
    if (pulling)
        forget_context(self, run);
    return hvs_fail(err, event->cause);
}

static enum hvs_want query_step(struct hvs_op *op, struct hvs_run *run,
                                const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_query *self = (struct hvs_query *)op;

    switch (event->why) {
    case HVS_START:
        self->restarts = self->empty = 0;
        self->rows = self->kept = 0;
        self->bytes = 0;
        self->max_elements = MAX_ELEMENTS;
        self->whole = !self->filter.len;
        if (self->restart)
            self->restart(self);
        return enumerate(self, run, err);
    case HVS_REPLY: return read_page(self, run, event, err);
    case HVS_FAILED: return failed(self, run, event, err);
    case HVS_WOKE:
    case HVS_RETURNED: break;
    }
    return HVS_FAIL;
}

void hvs_query_init(struct hvs_query *query, const char *space, const char *class_,
                    int (*row)(struct hvs_query *, const xmlNode *, struct hvs_error *),
                    void (*restart)(struct hvs_query *), void *owner)
{
    *query = (struct hvs_query){.op.step = query_step,
                                .release.step = release_step,
                                .space = space,
                                .class_ = class_,
                                .filter = HVS_BUF_INIT(MOST_FILTER),
                                .row = row,
                                .restart = restart,
                                .owner = owner,
                                .most_kept = MOST_KEPT};
}

void hvs_query_dropped(struct hvs_query *query)
{
    query->kept -= query->weight;
}

int hvs_query_filter(struct hvs_query *query, const char *template,
                     const struct hvs_param *params, size_t count, struct hvs_error *err)
{
    const char *text = hvs_template_text(template);

    hvs_buf_clear(&query->filter);
    if (!text)
        return hvs_err_set(err, HVS_USAGE, 0, "no template '%s'", template);
    if (hvs_template_fill(&query->filter, text, params, count, err) < 0)
        return -1;
    return query->filter.failed ? hvs_err_memory(err) : 0;
}

void hvs_query_clear(struct hvs_query *query)
{
    hvs_buf_clear(&query->filter);
    free(query->context);
    query->context = NULL;
}
