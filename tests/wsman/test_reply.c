#include "support/fake_mech.h"
#include "support/test.h"

#include "auth/frame.h"
#include "wsman/names.h"
#include "wsman/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID "0A0B0C0D-0000-4000-8000-000000000001"
#define SOAP "application/soap+xml;charset=UTF-8"
#define REPLY(action, id, body) \
    "<s:Envelope xmlns:s='" HVS_NS_SOAP "' xmlns:a='" HVS_NS_ADDRESSING "'><s:Header>" \
    "<a:Action>" action "</a:Action><a:RelatesTo>uuid:" id "</a:RelatesTo></s:Header>" \
    "<s:Body>" body "</s:Body></s:Envelope>"
#define GOOD REPLY(HVS_ACTION_GET "Response", ID, "<x/>")
#define FAULT(code) \
    REPLY("urn:fault", ID, \
          "<s:Fault><s:Detail><f:WSManFault xmlns:f='" HVS_NS_WSMAN_FAULT \
          "' Code='" code "'/></s:Detail></s:Fault>")

#define SUBCODE(name) \
    REPLY("urn:fault", ID, \
          "<s:Fault><s:Code><s:Subcode><s:Value>w:" name \
          "</s:Value></s:Subcode></s:Code></s:Fault>")

enum how { CLEAR, SEALED, FORGED, UNFRAMED };

struct reply_case {
    const char *name;
    int status;
    const char *type; /* NULL: as `how` has it */
    const char *body;
    bool seals; /* we seal */
    enum how how;
    enum hvs_fate fate;
    enum hvs_domain domain;
    const char *says;
    bool broken;
};

static const struct reply_case cases[] = {
    {"the answer", 200, SOAP, GOOD, false, CLEAR, HVS_ANSWERED, HVS_OK, "", false},
    {"its type in another case", 200, "Application/SOAP+XML", GOOD, false, CLEAR,
     HVS_ANSWERED, HVS_OK, "", false},
    {"to another request", 200, SOAP, REPLY(HVS_ACTION_GET "Response", "2", ""), false,
     CLEAR, HVS_IN_DOUBT, HVS_XML, "hv01: the reply answers another request", false},
    {"with another action", 200, SOAP, REPLY("urn:x", ID, ""), false, CLEAR, HVS_IN_DOUBT,
     HVS_XML, "does not say that it answers", false},
    {"cut", 200, SOAP, "<s:Envelope", false, CLEAR, HVS_IN_DOUBT, HVS_XML,
     "hv01: malformed XML", false},
    {"with a DOCTYPE", 200, SOAP, "<!DOCTYPE x>" GOOD, false, CLEAR, HVS_IN_DOUBT,
     HVS_XML, "hv01: reply carries a DOCTYPE", false},
    {"empty", 200, SOAP, "", false, CLEAR, HVS_IN_DOUBT, HVS_HTTP, "not with SOAP",
     false},
    {"HTML", 200, "text/html", GOOD, false, CLEAR, HVS_IN_DOUBT, HVS_HTTP,
     "not with SOAP", false},
    {"no type", 200, "", GOOD, false, CLEAR, HVS_IN_DOUBT, HVS_HTTP, "not with SOAP",
     false},
    {"a reply in an error", 500, SOAP, GOOD, false, CLEAR, HVS_IN_DOUBT, HVS_HTTP,
     "HTTP 500", false},
    {"a fault of the door", 500, SOAP, FAULT("5"), false, CLEAR, HVS_NOT_BEGUN, HVS_SOAP,
     "0x00000005", false},
    {"a fault that leaves it open", 500, SOAP, FAULT("2150858793"), false, CLEAR,
     HVS_IN_DOUBT, HVS_SOAP, "0x80338029", false},
    {"done, and its reply too large to send", 500, SOAP, FAULT("2150858829"), false,
     CLEAR, HVS_IN_DOUBT, HVS_SOAP, "0x8033804D", false},
    {"a limit without a number: the same, maybe", 500, SOAP, SUBCODE("EncodingLimit"),
     false, CLEAR, HVS_IN_DOUBT, HVS_SOAP, "(EncodingLimit)", false},
    {"a reference that cannot be shown", 500, SOAP, FAULT("2150859009"), false, CLEAR,
     HVS_IN_DOUBT, HVS_SOAP, "0x80338101", false},
    {"a subcode of the door", 500, SOAP, SUBCODE("AccessDenied"), false, CLEAR,
     HVS_NOT_BEGUN, HVS_SOAP, "(AccessDenied)", false},
    {"a number that nobody knows", 500, SOAP, FAULT("3735879681"), false, CLEAR,
     HVS_IN_DOUBT, HVS_SOAP, "0xDEAD0001", false},
    {"somebody else's fault", 500, SOAP,
     "<s:Envelope xmlns:s='" HVS_NS_SOAP "' xmlns:a='" HVS_NS_ADDRESSING
     "'><s:Header><a:RelatesTo>uuid:2</a:RelatesTo></s:Header><s:Body><s:Fault/></s:Body>"
     "</s:Envelope>",
     false, CLEAR, HVS_IN_DOUBT, HVS_XML, "answers another request", false},
    {"401 is believed whatever it brings", 401, SOAP, GOOD, false, CLEAR, HVS_NOT_BEGUN,
     HVS_AUTH, "no longer knows our login", false},
    {"404", 404, "text/html", "<html/>", false, CLEAR, HVS_NOT_BEGUN, HVS_HTTP,
     "HTTP 404", false},

    {"sealed", 200, NULL, GOOD, true, SEALED, HVS_ANSWERED, HVS_OK, "", false},
    {"a sealed fault", 500, NULL, FAULT("5"), true, SEALED, HVS_NOT_BEGUN, HVS_SOAP,
     "0x00000005", false},
    {"sealed, and to another request", 200, NULL,
     REPLY(HVS_ACTION_GET "Response", "2", ""), true, SEALED, HVS_IN_DOUBT, HVS_XML,
     "answers another request", false},
    {"signed by somebody else", 200, NULL, GOOD, true, FORGED, HVS_IN_DOUBT, HVS_AUTH,
     "hv01: the signature does not fit", true},
    {"a frame that is none", 200, NULL, GOOD, true, UNFRAMED, HVS_IN_DOUBT, HVS_HTTP,
     "hv01: ", true},
    {"in clear, where we seal", 200, SOAP, GOOD, true, CLEAR, HVS_IN_DOUBT, HVS_AUTH,
     "which is not believed", true},
    {"a fault in clear, where we seal", 500, SOAP, FAULT("5"), true, CLEAR, HVS_IN_DOUBT,
     HVS_AUTH, "which is not believed", true},
    {"a status in clear, where we seal", 503, "text/html", "<html/>", true, CLEAR,
     HVS_IN_DOUBT, HVS_HTTP, "HTTP 503", false},
    {"sealed, where we do not", 200, HVS_FRAME_TYPE, GOOD, false, SEALED, HVS_IN_DOUBT,
     HVS_HTTP, "not with SOAP", false},
};

static void make_body(struct hvs_buf *out, struct hvs_mech *mech,
                      const struct reply_case *row)
{
    struct hvs_error err = {0};

    if (row->how == SEALED)
        assert_int_equal(hvs_frame_seal(mech, row->body, strlen(row->body), out, &err),
                         0);
    else if (row->how == FORGED)
        hvs_frame_add(out, "evil", 4, row->body, strlen(row->body));
    else
        hvs_buf_puts(out, row->body);
}

static void test_reply(void **state)
{
    const struct reply_case *row = *state;
    struct hvs_buf body = HVS_BUF_INIT(100000);
    struct hvs_mech *mech = &fake_mech_new()->mech;
    const struct hvs_reply_to to = {.host = "hv01",
                                    .action = HVS_ACTION_GET,
                                    .message_id = ID,
                                    .sealed = row->seals ? mech : NULL};
    struct hvs_posted posted = {.began = true, .status = row->status};
    struct hvs_reply reply;

    mech->complete = true;
    make_body(&body, mech, row);
    snprintf(posted.content_type, sizeof(posted.content_type), "%s",
             row->type ? row->type : HVS_FRAME_TYPE);
    posted.bytes = hvs_buf_str(&body);
    posted.len = body.len;
    posted.challenges = "";
    hvs_reply_read(&reply, &posted, &to);
    assert_err(&reply.err, row->domain, row->says);
    assert_int_equal(reply.fate, row->fate);
    assert_int_equal(reply.broken, row->broken);
    if (row->broken)
        assert_string_equal(reply.err.hint,
                            "something in between may alter what is sent: use HTTPS");
    if (row->fate == HVS_ANSWERED)
        assert_string_equal((const char *)reply.body->name, "Body");
    hvs_reply_clear(&reply);
    hvs_buf_clear(&body);
    hvs_mech_free(mech);
}

static void test_no_reply(void **state)
{
    const struct hvs_reply_to to = {.host = "hv01", .message_id = ID};
    struct hvs_posted posted = {.net_code = CURLE_RECV_ERROR,
                                .began = true,
                                .bytes = "",
                                .challenges = ""};
    struct hvs_reply reply;

    (void)state;
    hvs_reply_read(&reply, &posted, &to);
    assert_int_equal(reply.fate, HVS_IN_DOUBT);
    assert_err(&reply.err, HVS_NET, "broke before the reply was whole");
    hvs_reply_clear(&reply);
    posted.began = false;
    hvs_reply_read(&reply, &posted, &to);
    assert_int_equal(reply.fate, HVS_NOT_BEGUN);
    hvs_reply_clear(&reply);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];

    CASES(tests, cases, test_reply);
    tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(test_no_reply);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
