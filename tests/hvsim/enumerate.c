#include "hvsim/enumerate.h"

#include "hvsim/instance.h"
#include "hvsim/query.h"
#include "xml/doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MICROSOFT_WQL "http://schemas.microsoft.com/wbem/wsman/1/WQL"
#define SELECTOR_FILTER "http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter"
#define ASSOCIATION_FILTER \
    "http://schemas.dmtf.org/wbem/wsman/1/cimbinding/associationFilter"

enum { MOST_BATCH = 32000 };

enum mode { OBJECTS, REFERENCES, BOTH };

/* One enumeration: which objects are still to come. They are rendered when they are
 * pulled, so that what is gone by then does not appear. */
struct sim_context {
    char id[HVS_UUID_SIZE];
    char *account, *uri;
    struct sim_refs refs;
    size_t next;
    char **columns;
    size_t column_count;
    enum mode mode;
    int64_t touched;
    bool optimized;
    long max_elements, max_envelope; /* of an optimized Enumerate */
    bool broken;                     /* a Pull failed */
    uint32_t late_fault;             /* for the first Pull, or 0 */
};

static void free_context(struct sim_context *context)
{
    if (!context)
        return;
    while (context->column_count)
        free(context->columns[--context->column_count]);
    free(context->columns);
    free(context->account);
    free(context->uri);
    sim_refs_clear(&context->refs);
    free(context);
}

static void drop(struct sim_host *host, size_t i)
{
    free_context(host->contexts[i]);
    host->contexts[i] = host->contexts[--host->context_count];
}

void sim_contexts_expire(struct sim_host *host)
{
    long idle = sim_switch_number(&host->world->switches, SW_CONTEXT_IDLE);
    size_t i = 0;

    while (i < host->context_count) {
        if (host->now - host->contexts[i]->touched > idle * INT64_C(1000))
            drop(host, i);
        else
            i++;
    }
}

void sim_contexts_clear(struct sim_host *host)
{
    while (host->context_count)
        drop(host, 0);
}

/* A positive number below `node`, clamped; -1 when it is none, `usual` without a node. */
static long count_of(const xmlNode *node, long usual)
{
    char *text = sim_word(node), *end;
    long value = strtol(text, &end, 10);

    if (!node)
        value = usual;
    else if (*end || end == text || value < 1)
        value = -1;
    free(text);
    return value > MOST_BATCH ? MOST_BATCH : value;
}

static bool masks(const struct sim_context *context, const struct sim_class *class_,
                  bool mask[SIM_MOST_PROPERTIES])
{
    size_t i;
    int at;

    memset(mask, 0, SIM_MOST_PROPERTIES * sizeof(*mask));
    for (i = 0; i < context->column_count; i++) {
        at = sim_property_find(class_, context->columns[i]);
        if (at >= 0)
            mask[at] = true;
    }
    return context->column_count > 0;
}

/* One item; nothing when the object is gone. */
static void add_item(struct sim_host *host, const struct sim_context *context,
                     const struct sim_ref *ref, struct hvs_buf *out)
{
    bool mask[SIM_MOST_PROPERTIES];
    struct sim_row row;

    if (!sim_row_fill(&row, host, ref))
        return;
    if (context->mode == BOTH)
        hvs_buf_puts(out, "<w:Item>");
    if (context->mode != REFERENCES) {
        if (masks(context, ref->class_, mask))
            sim_fragment_add(out, &row, mask);
        else
            sim_instance_add(out, &row);
    }
    if (context->mode != OBJECTS)
        sim_wrapped_epr_add(out, host, ref);
    if (context->mode == BOTH)
        hvs_buf_puts(out, "</w:Item>");
}

/* As many items as are asked for and fit. -1 when not even one does. */
static int add_items(struct sim_call *call, struct sim_context *context, long most,
                     struct hvs_buf *out)
{
    size_t room = sim_answer_room(call);
    struct hvs_buf item = HVS_BUF_INIT((size_t)1 << 20);
    long count = 0;
    int rc = 0;

    for (; context->next < context->refs.count && count < most; context->next++) {
        add_item(call->host, context, &context->refs.refs[context->next], &item);
        if (out->len + item.len > room)
            break;
        count += item.len > 0;
        hvs_buf_add(out, hvs_buf_str(&item), item.len);
        hvs_buf_clear(&item);
    }
    if (!count && item.len) {
        context->broken = true;
        rc = sim_fail(call, call->max_envelope &&
                                    sim_answer_limit(call) == (size_t)call->max_envelope
                                ? 0x80338048
                                : 0x80338049);
    }
    hvs_buf_clear(&item);
    return rc;
}

/* <n:Items>..</n:Items>, or none for an empty result if a switch says so. */
static void wrap_items(struct sim_call *call, char prefix, const struct hvs_buf *items)
{
    if (items->len)
        hvs_buf_printf(&call->reply, "<%c:Items>%s</%c:Items>", prefix,
                       hvs_buf_str(items), prefix);
    else if (!sim_is(call->host, SW_EMPTY_RESULT, "no-items"))
        hvs_buf_printf(&call->reply, "<%c:Items/>", prefix);
}

static void new_id(struct sim_context *context)
{
    if (hvs_uuid_new(context->id, NULL) < 0)
        abort();
}

/* The dialect decides who reads the filter. */
static int run_filter(struct sim_call *call, const xmlNode *filter,
                      struct sim_context *context)
{
    xmlChar *value = xmlGetNoNsProp((xmlNode *)filter, (const xmlChar *)"Dialect");
    const char *dialect = value ? (const char *)value : "";
    char *text = sim_string(filter);
    int rc;

    if (strcmp(dialect, MICROSOFT_WQL) == 0)
        rc = !call->wildcard || call->selector_count
                 ? sim_fail(call, 0x803380FB)
                 : sim_query_wql(call, text, &context->refs, &context->columns,
                                 &context->column_count);
    else if (strcmp(dialect, SELECTOR_FILTER) == 0)
        rc = sim_query_selectors(call, filter, &context->refs);
    else if (strcmp(dialect, ASSOCIATION_FILTER) == 0)
        rc = call->wildcard ? sim_query_association(call, filter, &context->refs)
                            : sim_fail(call, 0x803380FB);
    else
        rc = sim_fail(call, 0x80338019);
    xmlFree(value);
    call->note = text;
    return rc;
}

static int check_namespace(struct sim_call *call, bool filtered)
{
    if (call->known_namespace)
        return 0;
    return sim_fail_at(call,
                       filtered && sim_is(call->host, SW_MISSING_NAMESPACE, "filter")
                           ? 0x8033801A
                           : 0x8004100E,
                       "ExecQuery", call->uri);
}

static int find_items(struct sim_call *call, const xmlNode *ask,
                      struct sim_context *context)
{
    const xmlNode *filter = hvs_xml_child(ask, SIM_NS_W, "Filter");

    if (!filter)
        filter = hvs_xml_child(ask, SIM_NS_N, "Filter");
    if (check_namespace(call, filter != NULL) < 0)
        return -1;
    if (call->rights == SIM_RIGHTS_NONE && sim_is(call->host, SW_NO_RIGHTS, "fault"))
        return sim_fail_at(call, 0x80338104, "ExecQuery", call->uri);
    /* MS-WSMV 3.1.4.1.27: shallow modes do not go together with a query */
    if (filter && hvs_xml_child(ask, SIM_NS_B, "PolymorphismMode"))
        return sim_fail(call, 0x80338137);
    if (filter)
        return run_filter(call, filter, context);
    if (call->wildcard)
        return sim_fail(call, 0x8033803B);
    if (call->selector_count)
        return sim_fail(call, 0x80338108);
    return sim_query_class(call, &context->refs);
}

static int read_mode(struct sim_call *call, const xmlNode *ask, enum mode *mode)
{
    const xmlNode *node = hvs_xml_child(ask, SIM_NS_W, "EnumerationMode");
    char *text = sim_word(node);

    *mode = OBJECTS;
    if (strcmp(text, "EnumerateEPR") == 0)
        *mode = REFERENCES;
    else if (strcmp(text, "EnumerateObjectAndEPR") == 0)
        *mode = BOTH;
    else if (node && strcmp(text, "EnumerateObject") != 0)
        sim_fail(call, 0x80338042);
    free(text);
    return call->fault.code ? -1 : 0;
}

static int check_quota(struct sim_call *call)
{
    const struct sim_host *host = call->host;
    long open = 0;
    size_t i;

    for (i = 0; i < host->context_count; i++)
        open += strcmp(host->contexts[i]->account, call->account) == 0;
    if (open < sim_switch_number(&host->world->switches, SW_OPERATIONS))
        return 0;
    return sim_fail(call, sim_is(host, SW_QUOTA_FAULT, "quota-limit") ? 0x803381E8
                                                                      : 0x803381A6);
}

/* The items with the answer, if they were asked for. */
static int add_optimized(struct sim_call *call, struct sim_context *context)
{
    const char *end = sim_is(call->host, SW_OPTIMIZED_END, "n") ? "n" : "w";
    struct hvs_buf items = HVS_BUF_INIT((size_t)64 << 20);
    int rc = add_items(call, context, context->max_elements, &items);

    if (rc == 0 && context->next == context->refs.count) {
        hvs_buf_puts(&call->reply, "<n:EnumerationContext></n:EnumerationContext>");
        wrap_items(call, 'w', &items);
        hvs_buf_printf(&call->reply, "<%s:EndOfSequence/>", end);
    } else if (rc == 0) {
        hvs_buf_printf(&call->reply,
                       "<n:EnumerationContext>uuid:%s</n:EnumerationContext>",
                       context->id);
        wrap_items(call, 'w', &items);
    }
    hvs_buf_clear(&items);
    return rc;
}

int sim_enumerate(struct sim_call *call)
{
    struct sim_context *context = sim_new(sizeof(*context));
    const xmlNode *ask = call->body;
    int rc = -1;

    call->scope = "sanw";
    if (!ask || !hvs_xml_is(ask, SIM_NS_N, "Enumerate")) {
        sim_fail(call, 0x80338027);
        goto out;
    }
    context->optimized = hvs_xml_child(ask, SIM_NS_W, "OptimizeEnumeration") != NULL;
    context->max_elements = count_of(hvs_xml_child(ask, SIM_NS_W, "MaxElements"), 1);
    context->max_envelope = call->max_envelope;
    context->touched = call->host->now;
    context->account = sim_copy(call->account);
    context->uri = sim_copy(call->uri);
    if (context->max_elements < 0) {
        sim_fail(call, 0x80338056);
        goto out;
    }
    if (read_mode(call, ask, &context->mode) < 0 || check_quota(call) < 0)
        goto out;
    if (find_items(call, ask, context) < 0) {
        if (context->optimized || !sim_is(call->host, SW_BAD_WQL, "pull"))
            goto out;
        context->late_fault = call->fault.code;
        free(call->fault.info);
        call->fault = (struct sim_fault){0};
    }
    new_id(context);
    hvs_buf_puts(&call->reply, "<n:EnumerateResponse>");
    if (!context->optimized)
        hvs_buf_printf(&call->reply,
                       "<n:EnumerationContext>uuid:%s</n:EnumerationContext>",
                       context->id);
    else if (add_optimized(call, context) < 0)
        goto out;
    hvs_buf_puts(&call->reply, "</n:EnumerateResponse>");
    if (!context->optimized || context->next < context->refs.count) {
        *SIM_MORE(call->host->contexts, call->host->context_count) = context;
        context = NULL;
    }
    rc = 0;
out:
    free_context(context);
    return rc;
}

/* The context that the request names, which must be the caller's own. */
static struct sim_context *find_context(struct sim_call *call, const xmlNode *ask)
{
    const xmlNode *node = hvs_xml_child(ask, SIM_NS_N, "EnumerationContext");
    char *text = sim_word(node);
    const char *id = strncasecmp(text, "uuid:", 5) == 0 ? text + 5 : text;
    struct sim_context *found = NULL;
    size_t i;

    for (i = 0; i < call->host->context_count; i++)
        if (strcasecmp(call->host->contexts[i]->id, id) == 0 &&
            strcmp(call->host->contexts[i]->account, call->account) == 0)
            found = call->host->contexts[i];
    free(text);
    if (!found)
        sim_fail(call, 0x8033801B);
    return found;
}

static int check_pull(struct sim_call *call, const struct sim_context *context,
                      long max_elements)
{
    if (context->broken)
        return sim_fail(call, 0x80338084);
    if (context->late_fault)
        return sim_fail_at(call, context->late_fault, "ExecQuery", context->uri);
    if (max_elements < 0)
        return sim_fail(call, 0x80338056);
    if (sim_is(call->host, SW_PULL_URI, "equal") &&
        strcasecmp(context->uri, call->uri) != 0)
        return sim_fail(call, 0x8033803B);
    if (context->optimized && sim_is(call->host, SW_PULL_PARAMETERS, "strict") &&
        (max_elements != context->max_elements ||
         call->max_envelope != context->max_envelope))
        return sim_fail(call, 0x803381AD);
    return 0;
}

static void forget(struct sim_host *host, const struct sim_context *context)
{
    size_t i;

    for (i = 0; host->contexts[i] != context; i++)
        ;
    drop(host, i);
}

int sim_pull(struct sim_call *call)
{
    struct hvs_buf items = HVS_BUF_INIT((size_t)64 << 20);
    const xmlNode *ask = call->body;
    struct sim_context *context;
    long most;
    int rc = -1;

    call->scope = "sanw";
    if (!ask || !hvs_xml_is(ask, SIM_NS_N, "Pull"))
        return sim_fail(call, 0x80338027);
    context = find_context(call, ask);
    if (!context)
        return -1;
    most = count_of(hvs_xml_child(ask, SIM_NS_N, "MaxElements"), 1);
    context->touched = call->host->now;
    if (check_pull(call, context, most) < 0 ||
        add_items(call, context, most, &items) < 0) {
        context->broken = true;
        goto out;
    }
    hvs_buf_puts(&call->reply, "<n:PullResponse>");
    if (context->next < context->refs.count) {
        if (sim_is(call->host, SW_CONTEXT_STRING, "new"))
            new_id(context);
        hvs_buf_printf(&call->reply,
                       "<n:EnumerationContext>uuid:%s</n:EnumerationContext>",
                       context->id);
        wrap_items(call, 'n', &items);
    } else {
        wrap_items(call, 'n', &items);
        hvs_buf_puts(&call->reply, "<n:EndOfSequence/>");
        forget(call->host, context);
    }
    hvs_buf_puts(&call->reply, "</n:PullResponse>");
    rc = 0;
out:
    hvs_buf_clear(&items);
    return rc;
}

int sim_release(struct sim_call *call)
{
    struct sim_context *context;

    call->scope = "sanw";
    if (!call->body || !hvs_xml_is(call->body, SIM_NS_N, "Release"))
        return sim_fail(call, 0x80338027);
    context = find_context(call, call->body);
    if (!context)
        return -1;
    forget(call->host, context);
    return 0;
}
