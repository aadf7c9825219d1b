#include "hvsim/call.h"

#include "base/utf8.h"
#include "hvsim/config.h"
#include "hvsim/instance.h"
#include "hvsim/times.h"
#include "xml/doc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LONGEST_ID = 2048, SMALLEST_ENVELOPE = 8192 };

int sim_fail(struct sim_call *call, uint32_t code)
{
    if (!call->fault.code)
        call->fault.code = code;
    return -1;
}

int sim_fail_at(struct sim_call *call, uint32_t code, const char *operation,
                const char *info)
{
    if (call->fault.code)
        return -1;
    call->fault.operation = operation;
    call->fault.info = sim_copy(info);
    return sim_fail(call, code);
}

void sim_call_clear(struct sim_call *call)
{
    xmlFreeDoc(call->doc);
    free(call->action);
    free(call->uri);
    free(call->message_id);
    free(call->fragment);
    free(call->class_name);
    free(call->kind);
    free(call->note);
    free(call->fault.info);
    free(call->fault.header);
    free(call->fault.header_ns);
    sim_selectors_free(call->selectors, call->selector_count);
    hvs_buf_clear(&call->reply);
}

char *sim_string(const xmlNode *node)
{
    char *text = node ? hvs_xml_string(node) : NULL;

    return text ? text : sim_copy("");
}

char *sim_word(const xmlNode *node)
{
    char *text = node ? hvs_xml_word(node) : NULL;

    return text ? text : sim_copy("");
}

/* Windows also takes UTF-16, little-endian; its declaration would then say so. */
static bool from_utf16(struct hvs_buf *out, const char *body, size_t len)
{
    const unsigned char *at = (const unsigned char *)body;
    uint32_t c, low;
    char text[4];
    size_t i, n;

    for (i = 0; i + 1 < len; i += 2) {
        c = at[i] | (uint32_t)at[i + 1] << 8;
        if (c >= 0xd800 && c < 0xdc00 && i + 3 < len) {
            low = at[i + 2] | (uint32_t)at[i + 3] << 8;
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            i += 2;
        }
        if (c == 0xfeff && i == 0)
            continue;
        n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        text[0] = (char)(n == 1 ? c : (0xf0 << (4 - n) & 0xf0) | c >> 6 * (n - 1));
        for (low = 1; low < n; low++)
            text[low] = (char)(0x80 | (c >> 6 * (n - 1 - low) & 0x3f));
        hvs_buf_add(out, text, n);
    }
    return len % 2 == 0 && !out->failed;
}

static int parse(struct sim_call *call, const char *body, size_t len, bool utf16)
{
    struct hvs_buf text = HVS_BUF_INIT((size_t)4 << 20);
    const char *from = body;

    if (utf16) {
        if (from_utf16(&text, body, len)) {
            from = hvs_buf_str(&text);
            /* the declaration names an encoding that it no longer has */
            if (strncmp(from, "<?xml", 5) == 0 && strstr(from, "?>"))
                from = strstr(from, "?>") + 2;
            len = strlen(from);
        } else {
            len = 0;
        }
    }
    call->doc = hvs_xml_parse(from, len, NULL);
    hvs_buf_clear(&text);
    return call->doc ? 0 : sim_fail(call, 0x80338043);
}

static bool must_understand(const xmlNode *node)
{
    xmlChar *value = xmlGetNsProp((xmlNode *)node, (const xmlChar *)"mustUnderstand",
                                  (const xmlChar *)SIM_NS_S);
    bool must = value && (xmlStrEqual(value, (const xmlChar *)"true") ||
                          xmlStrEqual(value, (const xmlChar *)"1"));

    xmlFree(value);
    return must;
}

/* The blocks that WinRM knows. */
static const struct {
    const char *ns, *name;
} known[] = {
    {SIM_NS_A, "To"},
    {SIM_NS_A, "ReplyTo"},
    {SIM_NS_A, "FaultTo"},
    {SIM_NS_A, "From"},
    {SIM_NS_A, "Action"},
    {SIM_NS_A, "MessageID"},
    {SIM_NS_A, "RelatesTo"},
    {SIM_NS_W, "ResourceURI"},
    {SIM_NS_W, "SelectorSet"},
    {SIM_NS_W, "OptionSet"},
    {SIM_NS_W, "Locale"},
    {SIM_NS_W, "MaxEnvelopeSize"},
    {SIM_NS_W, "OperationTimeout"},
    {SIM_NS_W, "FragmentTransfer"},
    {SIM_NS_W, "RequestEPR"},
    {SIM_NS_W, "RequestTotalItemsCountEstimate"},
    {SIM_NS_P, "DataLocale"},
    {SIM_NS_P, "SessionId"},
    {SIM_NS_P, "ActivityId"},
};

static int check_understood(struct sim_call *call, const xmlNode *header)
{
    const xmlNode *node;
    size_t i;

    for (node = hvs_xml_first(header); node; node = hvs_xml_next(node)) {
        for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
            if (hvs_xml_is(node, known[i].ns, known[i].name))
                break;
        if (i < sizeof(known) / sizeof(known[0]))
            continue;
        /* it asks for replies in several envelopes, which this host does not do */
        if (hvs_xml_is(node, SIM_NS_P, "OperationID"))
            return sim_fail(call, 0x80338042);
        if (must_understand(node)) {
            call->fault.header = sim_copy((const char *)node->name);
            call->fault.header_ns = sim_copy(node->ns ? (const char *)node->ns->href
                                                      : "");
            return sim_fail(call, 0x80338010);
        }
    }
    return 0;
}

static int check_locale(struct sim_call *call, const xmlNode *header)
{
    const xmlNode *node = hvs_xml_child(header, SIM_NS_W, "Locale");
    xmlChar *tag = node ? xmlNodeGetLang((xmlNode *)node) : NULL;

    if (tag)
        sim_language_find((const char *)tag, &call->language);
    xmlFree(tag);
    return node && must_understand(node) ? sim_fail(call, 0x80338087) : 0;
}

/* ReplyTo must be there, and both it and FaultTo must be anonymous. */
static int check_address(struct sim_call *call, const xmlNode *header, const char *name,
                         bool needed)
{
    const xmlNode *node = hvs_xml_child(header, SIM_NS_A, name);
    char *address;
    bool good;

    if (!node)
        return needed ? sim_fail(call, 0x80338011) : 0;
    address = sim_word(hvs_xml_child(node, SIM_NS_A, "Address"));
    good = strcmp(address, SIM_ANONYMOUS) == 0;
    free(address);
    if (good)
        return 0;
    call->fault.detail = "AddressingMode";
    return sim_fail(call, 0x80338042);
}

static int check_limits(struct sim_call *call, const xmlNode *header)
{
    const xmlNode *size = hvs_xml_child(header, SIM_NS_W, "MaxEnvelopeSize");
    const xmlNode *timeout = hvs_xml_child(header, SIM_NS_W, "OperationTimeout");
    char *text = sim_word(size), *end;
    int64_t ms;
    int rc = 0;

    call->max_envelope = strtol(text, &end, 10);
    if (size && (*end || !*text || call->max_envelope < 0))
        rc = sim_fail(call, 0x8033800F);
    else if (size && call->max_envelope < SMALLEST_ENVELOPE)
        rc = sim_fail(call, 0x8033807E);
    free(text);
    text = sim_word(timeout);
    if (timeout && !sim_duration_parse(text, &ms))
        rc = sim_fail(call, 0x8033800F);
    free(text);
    return rc;
}

static int check_fragment(struct sim_call *call, const xmlNode *header)
{
    const xmlNode *node = hvs_xml_child(header, SIM_NS_W, "FragmentTransfer");

    if (!node)
        return 0;
    call->fragment = sim_word(node);
    if (!must_understand(node))
        return sim_fail(call, 0x8033800F);
    return call->fragment[0] == '/' ? sim_fail(call, 0x8033801A) : 0;
}

static int read_header(struct sim_call *call, const xmlNode *header)
{
    const xmlNode *id = hvs_xml_child(header, SIM_NS_A, "MessageID");
    const xmlNode *set = hvs_xml_child(header, SIM_NS_W, "SelectorSet");

    call->message_id = sim_string(id);
    call->action = sim_word(hvs_xml_child(header, SIM_NS_A, "Action"));
    call->uri = sim_word(hvs_xml_child(header, SIM_NS_W, "ResourceURI"));
    if (check_locale(call, header) < 0 || check_understood(call, header) < 0)
        return -1;
    if (!call->message_id[strspn(call->message_id, " \t\r\n")] ||
        strlen(call->message_id) > LONGEST_ID)
        return sim_fail(call, 0x8033800F);
    if (!*call->action)
        return sim_fail(call, 0x80338011);
    if (check_address(call, header, "ReplyTo", true) < 0 ||
        check_address(call, header, "FaultTo", false) < 0 ||
        check_limits(call, header) < 0 || check_fragment(call, header) < 0)
        return -1;
    call->config = strcasecmp(call->uri, SIM_CONFIG) == 0;
    if (!call->config && !sim_uri_read(call, call->uri))
        return -1;
    if (set)
        return sim_selectors_read(call, set, &call->selectors, &call->selector_count);
    return 0;
}

int sim_call_read(struct sim_call *call, const char *body, size_t len, bool utf16)
{
    const xmlNode *root, *header, *content;

    if (parse(call, body, len, utf16) < 0)
        return -1;
    root = xmlDocGetRootElement(call->doc);
    if (!hvs_xml_is(root, SIM_NS_S, "Envelope"))
        return sim_fail(call, 0x80338043);
    content = hvs_xml_child(root, SIM_NS_S, "Body");
    if (!content)
        return sim_fail(call, 0x80338027);
    call->body = hvs_xml_first(content);
    if (call->body && hvs_xml_is(call->body, SIM_NS_ID, "Identify")) {
        call->identify = true;
        return 0;
    }
    header = hvs_xml_child(root, SIM_NS_S, "Header");
    if (!header)
        return sim_fail(call, 0x80338011);
    return read_header(call, header);
}
