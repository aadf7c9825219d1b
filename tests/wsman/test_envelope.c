#include "support/test.h"

#include "wsman/envelope.h"
#include "wsman/names.h"
#include "xml/doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID "0A0B0C0D-0000-4000-8000-000000000001"
#define URL "https://hv01:5986/wsman"

static const struct hvs_request_kind get_kind = {.template = "get-job",
                                                 .action = HVS_ACTION_GET,
                                                 .effect = HVS_READ};

static void init(struct hvs_request *request, size_t limit)
{
    *request = (struct hvs_request){.header = HVS_BUF_INIT(limit),
                                    .body = HVS_BUF_INIT(limit)};
}

static void clear(struct hvs_request *request)
{
    hvs_buf_clear(&request->header);
    hvs_buf_clear(&request->body);
}

/* The text of a header block of an envelope that was built. */
static char *block(const xmlDoc *doc, const char *ns, const char *name)
{
    const xmlNode *header = hvs_xml_child(xmlDocGetRootElement(doc), HVS_NS_SOAP,
                                          "Header");

    return hvs_xml_string(hvs_xml_child(header, ns, name));
}

#define ASSERT_BLOCK(doc, ns, name, expected) \
    do { \
        char *text_ = block(doc, ns, name); \
        assert_string_equal(text_, expected); \
        free(text_); \
    } while (0)

static void test_build(void **state)
{
    const struct hvs_param params[] = {{"INSTANCE_ID", "a<b"}};
    struct hvs_buf out = HVS_BUF_INIT(100000), again = HVS_BUF_INIT(100000);
    char id[HVS_UUID_SIZE], second[HVS_UUID_SIZE], expected[100];
    struct hvs_request request;
    struct hvs_error err = {0};
    xmlDoc *doc;

    (void)state;
    init(&request, 10000);
    request.resource = "urn:x/Job";
    assert_int_equal(hvs_request_fill(&request, &get_kind, params, 1, &err), 0);
    assert_string_equal(request.action, HVS_ACTION_GET);
    assert_int_equal(request.effect, HVS_READ);
    assert_int_equal(hvs_envelope_build(&out, &request, URL, "ja-JP", id, &err), 0);
    assert_int_equal(hvs_envelope_build(&again, &request, URL, "ja-JP", second, &err), 0);
    assert_string_not_equal(id, second); /* each post has a MessageID of its own */
    doc = hvs_xml_parse(hvs_buf_str(&out), out.len, &err);
    assert_non_null(doc);
    snprintf(expected, sizeof(expected), "uuid:%s", id);
    ASSERT_BLOCK(doc, HVS_NS_ADDRESSING, "MessageID", expected);
    ASSERT_BLOCK(doc, HVS_NS_ADDRESSING, "To", URL);
    ASSERT_BLOCK(doc, HVS_NS_ADDRESSING, "Action", HVS_ACTION_GET);
    ASSERT_BLOCK(doc, HVS_NS_WSMAN, "ResourceURI", "urn:x/Job");
    ASSERT_BLOCK(doc, HVS_NS_WSMAN, "MaxEnvelopeSize", "512000");
    ASSERT_BLOCK(doc, HVS_NS_WSMAN, "OperationTimeout", "PT60S");
    ASSERT_BLOCK(doc, HVS_NS_WSMAN, "SelectorSet", "a<b");
    xmlFreeDoc(doc);
    hvs_buf_clear(&out);
    hvs_buf_clear(&again);
    clear(&request);
}

static void test_identify(void **state)
{
    static const struct hvs_request_kind kind = {.template = "identify",
                                                 .effect = HVS_READ};
    struct hvs_buf out = HVS_BUF_INIT(100000);
    struct hvs_request request;
    struct hvs_error err = {0};
    char id[HVS_UUID_SIZE];

    (void)state;
    init(&request, 10000);
    assert_int_equal(hvs_request_fill(&request, &kind, NULL, 0, &err), 0);
    assert_null(request.action);
    assert_int_equal(hvs_envelope_build(&out, &request, URL, "en-US", id, &err), 0);
    /* it is the whole envelope already, and says nothing of us */
    assert_non_null(strstr(hvs_buf_str(&out), "wsmid:Identify/>"));
    assert_null(strstr(hvs_buf_str(&out), "hv01"));
    hvs_buf_clear(&out);
    clear(&request);
}

struct bad_fill_case {
    const char *name;
    const char *template;
    const char *id; /* NULL: left out */
    size_t limit;
    const char *error;
};

static const struct bad_fill_case bad_fills[] = {
    {"no such template", "nosuch", "x", 10000, "no template 'nosuch'"},
    {"a value too few", "get-job", NULL, 10000, "template wants INSTANCE_ID"},
    {"a bad value", "get-job", "\r", 10000, "cannot be sent"},
    {"too long", "get-job", "x", 40, "makes too long a request"},
};

static void test_bad_fill(void **state)
{
    const struct bad_fill_case *row = *state;
    const struct hvs_param params[] = {{"INSTANCE_ID", row->id}};
    struct hvs_request_kind kind = get_kind;
    struct hvs_request request;
    struct hvs_error err = {0};

    init(&request, row->limit);
    kind.template = row->template;
    assert_int_equal(hvs_request_fill(&request, &kind, params, 1, &err), -1);
    assert_err(&err, HVS_USAGE, row->error);
    clear(&request);
}

#define ENVELOPE(header, body) \
    "<s:Envelope xmlns:s='" HVS_NS_SOAP "' xmlns:a='" HVS_NS_ADDRESSING "'>" header \
    "<s:Body>" body "</s:Body></s:Envelope>"
#define RELATES(id) "<a:RelatesTo>" id "</a:RelatesTo>"
#define ACTION(text) "<a:Action>" text "</a:Action>"
#define HEADER(blocks) "<s:Header>" blocks "</s:Header>"
#define FAULT "<s:Fault/>"

struct check_case {
    const char *name;
    const char *xml;
    const char *error; /* NULL: it is the answer */
};

static const struct check_case checks[] = {
    {"the answer",
     ENVELOPE(HEADER(ACTION(HVS_ACTION_GET "Response") RELATES("uuid:" ID)), "<x/>"),
     NULL},
    {"other prefixes, blanks around, blocks between",
     "<e:Envelope xmlns:e='" HVS_NS_SOAP "'><e:Header><To xmlns='" HVS_NS_ADDRESSING
     "'>x</To><RelatesTo xmlns='" HVS_NS_ADDRESSING "'>\n uuid:" ID
     " </RelatesTo><Action xmlns='" HVS_NS_ADDRESSING "'> " HVS_ACTION_GET
     "Response\n</Action></e:Header><e:Body/></e:Envelope>",
     NULL},
    {"to another request",
     ENVELOPE(HEADER(ACTION(HVS_ACTION_GET "Response") RELATES("uuid:1" ID)), ""),
     "the reply answers another request"},
    {"to no request", ENVELOPE(HEADER(ACTION(HVS_ACTION_GET "Response")), ""),
     "does not say that it answers"},
    {"with an empty RelatesTo",
     ENVELOPE(HEADER(ACTION(HVS_ACTION_GET "Response") RELATES("")), ""),
     "the reply answers another request"},
    {"with another action",
     ENVELOPE(HEADER(ACTION(HVS_ACTION_PULL "Response") RELATES("uuid:" ID)), ""),
     "does not say that it answers"},
    {"with the request's own action",
     ENVELOPE(HEADER(ACTION(HVS_ACTION_GET) RELATES("uuid:" ID)), ""),
     "does not say that it answers"},
    {"without an action", ENVELOPE(HEADER(RELATES("uuid:" ID)), ""),
     "does not say that it answers"},
    {"without a header", ENVELOPE("", ""), "does not say that it answers"},
    {"a RelatesTo of another namespace",
     ENVELOPE(HEADER(ACTION(HVS_ACTION_GET "Response") "<RelatesTo>uuid:" ID
                                                       "</RelatesTo>"),
              ""),
     "does not say that it answers"},
    {"a fault", ENVELOPE(HEADER(ACTION("urn:fault") RELATES("uuid:" ID)), FAULT), NULL},
    {"a fault that relates to nothing", ENVELOPE(HEADER(ACTION("urn:fault")), FAULT),
     NULL},
    {"a fault without a header", ENVELOPE("", FAULT), NULL},
    {"somebody else's fault", ENVELOPE(HEADER(RELATES("uuid:2")), FAULT),
     "the reply answers another request"},
    {"no envelope", "<html/>", "no SOAP envelope"},
    {"SOAP 1.1",
     "<s:Envelope "
     "xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body/></s:Envelope>",
     "no SOAP envelope"},
    {"no body", "<s:Envelope xmlns:s='" HVS_NS_SOAP "'><s:Header/></s:Envelope>",
     "no SOAP envelope"},
    {"a body in something else", "<x xmlns:s='" HVS_NS_SOAP "'><s:Body/></x>",
     "no SOAP envelope"},
};

static void test_check(void **state)
{
    const struct check_case *row = *state;
    struct hvs_error err = {0};
    const xmlNode *body;
    xmlDoc *doc = hvs_xml_parse(row->xml, strlen(row->xml), &err);

    assert_non_null(doc);
    body = hvs_envelope_check(doc, HVS_ACTION_GET, ID, &err);
    if (row->error) {
        assert_null(body);
        assert_err(&err, HVS_XML, row->error);
    } else {
        assert_non_null(body);
        assert_string_equal((const char *)body->name, "Body");
    }
    /* Identify has no header to hold a reply against */
    if (!strstr(row->error ? row->error : "", "no SOAP"))
        assert_non_null(hvs_envelope_check(doc, NULL, "", &err));
    xmlFreeDoc(doc);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(checks) + COUNT(bad_fills) + 2];
    struct CMUnitTest *at = tests;

    CASES(at, checks, test_check);
    CASES(at += COUNT(checks), bad_fills, test_bad_fill);
    at += COUNT(bad_fills);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_build);
    *at = (struct CMUnitTest)cmocka_unit_test(test_identify);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
