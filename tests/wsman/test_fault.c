#include "support/test.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "wsman/fault.h"
#include "wsman/names.h"
#include "xml/doc.h"

#include <stdio.h>
#include <string.h>

#define BODY(fault) "<s:Body xmlns:s='" HVS_NS_SOAP "'>" fault "</s:Body>"
#define FAULT(subcode, text, detail) \
    BODY("<s:Fault><s:Code><s:Value>s:Sender</s:Value>" subcode \
         "</s:Code><s:Reason>" text "</s:Reason>" detail "</s:Fault>")
#define SUBCODE(qname) "<s:Subcode><s:Value>" qname "</s:Value></s:Subcode>"
#define TEXT(text) "<s:Text xml:lang='en-US'>" text "</s:Text>"
#define DETAIL(inside) "<s:Detail>" inside "</s:Detail>"
#define WSMAN(code, message) \
    "<f:WSManFault xmlns:f='" HVS_NS_WSMAN_FAULT "' Code='" code \
    "' Machine='hv01'><f:Message>" message "</f:Message></f:WSManFault>"
#define PROVIDER(inside) \
    "<f:ProviderFault xmlns:f='" HVS_NS_WSMAN_FAULT \
    "' provider='WMI Provider' path='x.dll'>" inside "</f:ProviderFault>"
#define STATUS(inside) \
    "<f:ExtendedError xmlns:f='" HVS_NS_WSMAN_FAULT \
    "'><p:__ExtendedStatus xmlns:p='urn:s' " \
    "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>" inside \
    "</p:__ExtendedStatus></f:ExtendedError>"
#define WMI(inside) \
    "<p:MSFT_WmiError xmlns:p='" HVS_NS_WMI_ERROR "'>" inside "</p:MSFT_WmiError>"

struct fault_case {
    const char *name;
    const char *xml;
    uint32_t code;
    const char *subcode, *text, *detail;
    const char *symbol; /* of its row */
};

static const struct fault_case cases[] = {
    {"WinRM's own",
     FAULT(SUBCODE("w:TimedOut"), TEXT("It took too long."),
           DETAIL(WSMAN("2150858793", "It  took\n too long. "))),
     0x80338029, "TimedOut", "It took too long.", "", "OPERATION_TIMEDOUT"},
    {"a provider's",
     FAULT(SUBCODE("a:DestinationUnreachable"), TEXT("outer"),
           DETAIL("<w:FaultDetail xmlns:w='" HVS_NS_WSMAN
                  "'>http://x</w:FaultDetail>" WSMAN(
                      "2150858752",
                      PROVIDER(WSMAN("2150858753", "inner ") STATUS(
                          "<p:Description>why</p:Description><p:Operation>GetObject</"
                          "p:Operation>"
                          "<p:ParameterInfo>Msvm_X.Y=&quot;1&quot;</p:ParameterInfo>"
                          "<p:StatusCode/>"))))),
     0x80338001, "DestinationUnreachable", "inner",
     "Description: why\nParameterInfo: Msvm_X.Y=\"1\"", "INVALID_ACTIONURI"},
    {"a provider's without one of its own",
     FAULT(SUBCODE("w:InternalError"), TEXT("reason"),
           DETAIL(WSMAN("2150858752", PROVIDER(STATUS("<p:Description/>"))))),
     0x80338000, "InternalError", "reason", "", "RESOURCE_NOT_FOUND"},
    {"MSFT_WmiError, with its number",
     FAULT(SUBCODE("w:InternalError"), TEXT("x"),
           DETAIL(WMI("<p:CIMStatusCode>27</p:CIMStatusCode><p:Message>quota</p:Message>"
                      "<p:MessageID>HRESULT 0x80041003</p:MessageID>"
                      "<p:error_Category>30</p:error_Category>"
                      "<p:error_Code>2150859174</p:error_Code>"
                      "<p:error_Type>HRESULT</p:error_Type>"))),
     0x803381A6, "InternalError", "quota", "", "QUOTA_MAX_OPERATIONS"},
    {"MSFT_WmiError, with its number in words",
     FAULT(SUBCODE("w:InternalError"), TEXT("x"),
           DETAIL(WMI("<p:Message>bad namespace</p:Message>"
                      "<p:MessageID>HRESULT 0x8004100e</p:MessageID>"))),
     0x8004100E, "InternalError", "bad namespace", "", "WBEM_E_INVALID_NAMESPACE"},
    {"MSFT_WmiError without any",
     FAULT(SUBCODE("w:InternalError"), TEXT("x"),
           DETAIL(WMI("<p:Message>bad</p:Message><p:MessageID>MI_RESULT 5</p:MessageID>"
                      "<p:error_Code>0</p:error_Code>"))),
     0, "InternalError", "bad", "", ""},
    {"no detail: the subcode tells", FAULT(SUBCODE("w:AccessDenied"), TEXT("no"), ""), 0,
     "AccessDenied", "no", "", "ERROR_ACCESS_DENIED"},
    {"a number that nobody knows: the subcode tells",
     FAULT(SUBCODE("n:InvalidEnumerationContext"), TEXT("no"),
           DETAIL(WSMAN("3000000000", "no"))),
     3000000000u, "InvalidEnumerationContext", "no", "",
     "ENUMERATE_INVALID_ENUMERATION_CONTEXT"},
    {"the subcode's prefix is anything", FAULT(SUBCODE("zz:QuotaLimit"), TEXT("no"), ""),
     0, "QuotaLimit", "no", "", "QUOTA_LIMIT"},
    {"a subcode without a prefix", FAULT(SUBCODE("TimedOut"), TEXT("no"), ""), 0,
     "TimedOut", "no", "", "OPERATION_TIMEDOUT"},
    {"a plain Win32 number",
     FAULT("", TEXT("Zugriff verweigert"), DETAIL(WSMAN("5", "nein"))), 5, "", "nein", "",
     "ERROR_ACCESS_DENIED"},
    {"a number in hexadecimal", FAULT("", TEXT("x"), DETAIL(WSMAN("0x80041003", "x"))),
     0x80041003, "", "x", "", "WBEM_E_ACCESS_DENIED"},
    {"a number that does not fit",
     FAULT("", TEXT("x"), DETAIL(WSMAN("99999999999", "x"))), 0, "", "x", "", ""},
    {"a negative number", FAULT("", TEXT("x"), DETAIL(WSMAN("-5", "x"))), 0, "", "x", "",
     ""},
    {"no number", FAULT("", TEXT("x"), DETAIL(WSMAN("", "x"))), 0, "", "x", "", ""},
    {"an empty fault", BODY("<s:Fault/>"), 0, "", "", "", ""},
    {"no text", FAULT(SUBCODE("s:MustUnderstand"), TEXT(""), ""), 0, "MustUnderstand", "",
     "", ""},
    {"a text in another language",
     FAULT("", "<s:Text xml:lang=''>\xe7\x84\xa1\xe5\x8a\xb9</s:Text>", ""), 0, "",
     "\xe7\x84\xa1\xe5\x8a\xb9", "", ""},
};

static void test_read(void **state)
{
    const struct fault_case *row = *state;
    struct hvs_error err = {0};
    struct hvs_fault fault;
    xmlDoc *doc = hvs_xml_parse(row->xml, strlen(row->xml), &err);

    assert_non_null(doc);
    assert_true(hvs_fault_read(xmlDocGetRootElement(doc), &fault));
    assert_int_equal(fault.code, row->code);
    assert_string_equal(fault.subcode, row->subcode);
    assert_string_equal(fault.text, row->text);
    assert_string_equal(fault.detail, row->detail);
    assert_string_equal(fault.row->symbol, row->symbol);
    assert_int_equal(hvs_fault_error(&fault, &err), -1);
    assert_err(&err, HVS_SOAP, *row->text ? row->text : "nothing");
    /* the symbol of the host's own number, never of what the subcode stands for */
    assert_int_equal(*row->symbol && strstr(err.message, row->symbol) != NULL,
                     *row->symbol && row->code == fault.row->code);
    assert_int_equal(err.class_, fault.row->class_);
    assert_string_equal(err.hint, fault.row->hint ? fault.row->hint : "");
    assert_int_equal(hvs_fault_flags(&err), fault.row->flags);
    xmlFreeDoc(doc);
}

/* A full quota is no refused login, and has an exit status of its own: whichever it is,
 * and in the shape that hosts send it in. */
struct quota_case {
    const char *name;
    const char *code; /* as MSFT_WmiError has it */
};

static const struct quota_case quota_cases[] = {
    {"0x803381A5", "2150859173"}, {"0x803381A6", "2150859174"},
    {"0x803381A7", "2150859175"}, {"0x803381E5", "2150859237"},
    {"0x803381E6", "2150859238"}, {"0x803381E7", "2150859239"},
    {"0x803381E8", "2150859240"}, {"0x803381E9", "2150859241"},
    {"0x803381EA", "2150859242"},
};

static void test_quota(void **state)
{
    const struct quota_case *row = *state;
    struct hvs_error err = {0};
    struct hvs_fault fault;
    char xml[4096];
    xmlDoc *doc;

    snprintf(xml, sizeof(xml),
             FAULT(SUBCODE("w:QuotaLimit"), TEXT("full"),
                   DETAIL(WMI("<p:Message>full</p:Message><p:error_Code>%s"
                              "</p:error_Code>"))),
             row->code);
    doc = hvs_xml_parse(xml, strlen(xml), &err);
    assert_non_null(doc);
    assert_true(hvs_fault_read(xmlDocGetRootElement(doc), &fault));
    hvs_fault_error(&fault, &err);
    assert_err(&err, HVS_SOAP, row->name);
    assert_int_equal(err.class_, HVS_CLASS_BUSY);
    assert_non_null(strstr(err.hint, "wait, or raise"));
    xmlFreeDoc(doc);
}

static void test_no_fault(void **state)
{
    static const char xml[] = BODY("<x/>");
    struct hvs_error err = {0};
    struct hvs_fault fault;
    xmlDoc *doc = hvs_xml_parse(xml, sizeof(xml) - 1, &err);

    (void)state;
    assert_false(hvs_fault_read(xmlDocGetRootElement(doc), &fault));
    xmlFreeDoc(doc);
    /* and no other error has its flags */
    err = (struct hvs_error){.domain = HVS_HTTP, .code = 0x80338000};
    assert_int_equal(hvs_fault_flags(&err), 0);
}

/* How a message of any length is cut: behind a whole character. */
static void test_long_text(void **state)
{
    struct hvs_error err = {0};
    struct hvs_fault fault;
    char xml[8192], text[4000];
    size_t i, shift;

    (void)state;
    for (shift = 0; shift < 4; shift++) {
        memset(text, 'x', shift);
        for (i = shift; i + 4 < sizeof(text); i += 3)
            memcpy(text + i, "\xe4\xbb\xae", 3);
        text[i] = '\0';
        snprintf(xml, sizeof(xml), FAULT(SUBCODE("w:AccessDenied"), TEXT("%s"), ""),
                 text);
        xmlDoc *doc = hvs_xml_parse(xml, strlen(xml), &err);

        assert_non_null(doc);
        assert_true(hvs_fault_read(xmlDocGetRootElement(doc), &fault));
        hvs_fault_error(&fault, &err);
        assert_true(hvs_utf8_valid(fault.text, strlen(fault.text)));
        assert_true(hvs_utf8_valid(err.message, strlen(err.message)));
        assert_non_null(strstr(err.message, "\xe4\xbb\xae (AccessDenied)"));
        err = (struct hvs_error){0};
        xmlFreeDoc(doc);
    }
}

static void test_nested(void **state)
{
    struct hvs_error err = {0};
    struct hvs_fault fault;
    struct hvs_buf xml = HVS_BUF_INIT(100000);
    xmlDoc *doc;
    int i;

    (void)state;
    hvs_buf_puts(&xml, "<s:Body xmlns:s='" HVS_NS_SOAP "'><s:Fault><s:Detail>");
    for (i = 0; i < 20; i++)
        hvs_buf_printf(&xml,
                       "<f:WSManFault xmlns:f='" HVS_NS_WSMAN_FAULT
                       "' Code='%d'><f:Message>"
                       "<f:ProviderFault>",
                       i + 1);
    for (i = 0; i < 20; i++)
        hvs_buf_puts(&xml, "</f:ProviderFault></f:Message></f:WSManFault>");
    hvs_buf_puts(&xml, "</s:Detail></s:Fault></s:Body>");
    doc = hvs_xml_parse(hvs_buf_str(&xml), xml.len, &err);
    assert_non_null(doc);
    assert_true(hvs_fault_read(xmlDocGetRootElement(doc), &fault));
    assert_int_equal(fault.code, 5); /* as deep as it looks */
    xmlFreeDoc(doc);
    hvs_buf_clear(&xml);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(quota_cases) + 3];
    struct CMUnitTest *at = tests;

    CASES(at, cases, test_read);
    CASES(at += COUNT(cases), quota_cases, test_quota);
    at += COUNT(quota_cases);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_no_fault);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_long_text);
    *at = (struct CMUnitTest)cmocka_unit_test(test_nested);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
