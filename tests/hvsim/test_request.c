#include "support/test.h"

#include "hvsim/ask.h"
#include "hvsim/instance.h"

#include <stdlib.h>
#include <string.h>

/*
 * What the host says to a header or a body that is not right: the code, and the subcode
 * with its Action.
 */

#define ENVELOPE(header, body) \
    "<s:Envelope xmlns:s=\"" SIM_NS_S "\" xmlns:a=\"" SIM_NS_A "\" xmlns:n=\"" SIM_NS_N \
    "\" xmlns:w=\"" SIM_NS_W "\" xmlns:p=\"" SIM_NS_P "\"><s:Header>" header \
    "</s:Header><s:Body>" body "</s:Body></s:Envelope>"
#define REPLY_TO "<a:ReplyTo><a:Address>" SIM_ANONYMOUS "</a:Address></a:ReplyTo>"
#define ACTION(uri) "<a:Action>" uri "</a:Action>"
#define ID "<a:MessageID>uuid:1</a:MessageID>"
#define URI(uri) "<w:ResourceURI>" uri "</w:ResourceURI>"
#define HOST_KEYS \
    "<w:Selector Name=\"CreationClassName\">Msvm_ComputerSystem</w:Selector>" \
    "<w:Selector Name=\"Name\">hv01</w:Selector>"
#define SET(keys) "<w:SelectorSet>" keys "</w:SelectorSet>"
#define GET ACTION(SIM_NS_X "/Get")
#define SYSTEM URI(ASK_CLASS("Msvm_ComputerSystem"))
#define GOOD REPLY_TO GET ID SYSTEM SET(HOST_KEYS)
#define MUST " s:mustUnderstand=\"true\""

struct request_case {
    const char *name;
    const char *soap;
    unsigned long code; /* 0: it is answered */
    const char *subcode;
};

static const struct request_case requests[] = {
    {"good", ENVELOPE(GOOD, ""), 0, ""},
    {"good in any order", ENVELOPE(SET(HOST_KEYS) SYSTEM ID GET REPLY_TO, ""), 0, ""},
    {"an id without a scheme",
     ENVELOPE(REPLY_TO GET "<a:MessageID>7</a:MessageID>" SYSTEM SET(HOST_KEYS), ""), 0,
     ""},
    {"no XML", "hello", 0x80338043, "w:SchemaValidationError"},
    {"cut XML", "<s:Envelope xmlns:s=\"" SIM_NS_S "\"><s:Header>", 0x80338043,
     "w:SchemaValidationError"},
    {"SOAP 1.1",
     "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body/>"
     "</s:Envelope>",
     0x80338043, "w:SchemaValidationError"},
    {"no body", "<s:Envelope xmlns:s=\"" SIM_NS_S "\"><s:Header/></s:Envelope>",
     0x80338027, "w:SchemaValidationError"},
    {"no header", "<s:Envelope xmlns:s=\"" SIM_NS_S "\"><s:Body/></s:Envelope>",
     0x80338011, "a:MessageInformationHeaderRequired"},
    {"no MessageID", ENVELOPE(REPLY_TO GET SYSTEM SET(HOST_KEYS), ""), 0x8033800F,
     "a:InvalidMessageInformationHeader"},
    {"empty MessageID",
     ENVELOPE(REPLY_TO GET "<a:MessageID> </a:MessageID>" SYSTEM SET(HOST_KEYS), ""),
     0x8033800F, "a:InvalidMessageInformationHeader"},
    {"no ReplyTo", ENVELOPE(GET ID SYSTEM SET(HOST_KEYS), ""), 0x80338011,
     "a:MessageInformationHeaderRequired"},
    {"another ReplyTo",
     ENVELOPE("<a:ReplyTo><a:Address>http://me/</a:Address></a:ReplyTo>" GET ID SYSTEM
                  SET(HOST_KEYS),
              ""),
     0x80338042, "w:UnsupportedFeature"},
    {"another FaultTo",
     ENVELOPE(GOOD "<a:FaultTo><a:Address>http://me/</a:Address></a:FaultTo>", ""),
     0x80338042, "w:UnsupportedFeature"},
    {"no Action", ENVELOPE(REPLY_TO ID SYSTEM SET(HOST_KEYS), ""), 0x80338011,
     "a:MessageInformationHeaderRequired"},
    {"unknown Action",
     ENVELOPE(REPLY_TO ACTION("http://example.com/Get") ID SYSTEM SET(HOST_KEYS), ""),
     0x80338013, "a:ActionNotSupported"},
    {"an Action of another class",
     ENVELOPE(REPLY_TO ACTION(ASK_CLASS("Msvm_ConcreteJob/GetErrorEx"))
                  ID SYSTEM SET(HOST_KEYS),
              ""),
     0x80338031, "w:ActionMismatch"},
    {"an unknown method",
     ENVELOPE(REPLY_TO ACTION(ASK_CLASS("Msvm_ComputerSystem/Explode"))
                  ID SYSTEM SET(HOST_KEYS),
              ""),
     0x8004102E, "w:InternalError"},
    {"Put", ENVELOPE(REPLY_TO ACTION(SIM_NS_X "/Put") ID SYSTEM SET(HOST_KEYS), ""),
     0x80338102, "a:ActionNotSupported"},
    {"no ResourceURI", ENVELOPE(REPLY_TO GET ID SET(HOST_KEYS), ""), 0x8033803B,
     "a:DestinationUnreachable"},
    {"an odd ResourceURI", ENVELOPE(REPLY_TO GET ID URI("http://x/y") SET(HOST_KEYS), ""),
     0x8033803B, "a:DestinationUnreachable"},
    {"https in the ResourceURI",
     ENVELOPE(REPLY_TO GET ID URI("https://schemas.microsoft.com/wbem/wsman/1/wmi/root/"
                                  "virtualization/v2/Msvm_ComputerSystem") SET(HOST_KEYS),
              ""),
     0x8033803B, "a:DestinationUnreachable"},
    {"a class by the DMTF's URI",
     ENVELOPE(REPLY_TO GET ID URI("http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/"
                                  "Msvm_ComputerSystem") SET(HOST_KEYS),
              ""),
     0x80338139, "a:DestinationUnreachable"},
    {"the old namespace",
     ENVELOPE(REPLY_TO GET ID URI(SIM_WMI "root/virtualization/Msvm_ComputerSystem")
                  SET(HOST_KEYS),
              ""),
     0x8004100E, "w:InternalError"},
    {"an unknown class",
     ENVELOPE(REPLY_TO GET ID URI(ASK_CLASS("Msvm_Nothing")) SET(HOST_KEYS), ""),
     0x80041010, "w:InternalError"},
    {"a class in lower case",
     ENVELOPE(REPLY_TO GET ID URI(ASK_CLASS("msvm_computersystem")) SET(HOST_KEYS), ""),
     0, ""},
    {"an unknown header", ENVELOPE(GOOD "<p:Future>1</p:Future>", ""), 0, ""},
    {"an unknown mandatory header", ENVELOPE(GOOD "<p:Future" MUST ">1</p:Future>", ""),
     0x80338010, "s:MustUnderstand"},
    {"mustUnderstand in no namespace",
     ENVELOPE(GOOD "<p:Future mustUnderstand=\"true\">1</p:Future>", ""), 0, ""},
    {"the robust kind of connection",
     ENVELOPE(GOOD "<p:OperationID>uuid:2</p:OperationID>", ""), 0x80338042,
     "w:UnsupportedFeature"},
    {"Locale", ENVELOPE(GOOD "<w:Locale xml:lang=\"xx-XX\"/>", ""), 0, ""},
    {"mandatory Locale", ENVELOPE(GOOD "<w:Locale xml:lang=\"en-US\"" MUST "/>", ""),
     0x80338087, "w:UnsupportedFeature"},
    {"a small envelope", ENVELOPE(GOOD "<w:MaxEnvelopeSize>8191</w:MaxEnvelopeSize>", ""),
     0x8033807E, "w:EncodingLimit"},
    {"the smallest envelope",
     ENVELOPE(GOOD "<w:MaxEnvelopeSize>8192</w:MaxEnvelopeSize>", ""), 0, ""},
    {"an envelope of no size",
     ENVELOPE(GOOD "<w:MaxEnvelopeSize>big</w:MaxEnvelopeSize>", ""), 0x8033800F,
     "a:InvalidMessageInformationHeader"},
    {"a time-out",
     ENVELOPE(GOOD "<w:OperationTimeout>PT60.000S</w:OperationTimeout>", ""), 0, ""},
    {"a negative time-out",
     ENVELOPE(GOOD "<w:OperationTimeout>PT-1S</w:OperationTimeout>", ""), 0x8033800F,
     "a:InvalidMessageInformationHeader"},
    {"a time-out in weeks",
     ENVELOPE(GOOD "<w:OperationTimeout>P1W</w:OperationTimeout>", ""), 0x8033800F,
     "a:InvalidMessageInformationHeader"},
    {"options",
     ENVELOPE(GOOD "<w:OptionSet" MUST "><w:Option Name=\"wmi:x\">1</w:Option>"
                   "</w:OptionSet>",
              ""),
     0, ""},
    {"a fragment",
     ENVELOPE(GOOD "<w:FragmentTransfer" MUST ">Name</w:FragmentTransfer>", ""), 0, ""},
    {"a fragment that is not mandatory",
     ENVELOPE(GOOD "<w:FragmentTransfer>Name</w:FragmentTransfer>", ""), 0x8033800F,
     "a:InvalidMessageInformationHeader"},
    {"a fragment from the root",
     ENVELOPE(GOOD "<w:FragmentTransfer" MUST ">/Name</w:FragmentTransfer>", ""),
     0x8033801A, "n:CannotProcessFilter"},
    {"no selector", ENVELOPE(REPLY_TO GET ID SYSTEM, ""), 0x803380FA,
     "w:InvalidSelectors"},
    {"a selector that is no key",
     ENVELOPE(REPLY_TO GET ID SYSTEM SET(
                  HOST_KEYS "<w:Selector Name=\"ElementName\">HV01</w:Selector>"),
              ""),
     0x8033805B, "w:InvalidSelectors"},
    {"a key too few",
     ENVELOPE(REPLY_TO GET ID SYSTEM SET("<w:Selector Name=\"Name\">HV01</w:Selector>"),
              ""),
     0x8033805A, "w:InvalidSelectors"},
    {"a key twice",
     ENVELOPE(REPLY_TO GET ID SYSTEM SET(HOST_KEYS
                                         "<w:Selector Name=\"NAME\">HV01</w:Selector>"),
              ""),
     0x8033805F, "w:InvalidSelectors"},
    {"a selector without a name",
     ENVELOPE(REPLY_TO GET ID SYSTEM SET(HOST_KEYS "<w:Selector>HV01</w:Selector>"), ""),
     0x80338041, "w:SchemaValidationError"},
    {"the URI's own namespace",
     ENVELOPE(REPLY_TO GET ID SYSTEM SET(HOST_KEYS
                                         "<w:Selector Name=\"__cimnamespace\">"
                                         "root\\virtualization\\v2</w:Selector>"),
              ""),
     0, ""},
    {"another namespace",
     ENVELOPE(REPLY_TO GET ID SYSTEM SET(HOST_KEYS "<w:Selector Name=\"__cimnamespace\">"
                                                   "root/cimv2</w:Selector>"),
              ""),
     0x8033813B, "w:InternalError"},
    {"a missing instance",
     ENVELOPE(REPLY_TO GET ID URI(ASK_CLASS("Msvm_ConcreteJob"))
                  SET("<w:Selector Name=\"InstanceID\">" ASK_VM "</w:Selector>"),
              ""),
     0x80338000, "a:DestinationUnreachable"},
};

/* The Action that goes with a subcode's prefix. */
static const char *action_of(const char *subcode)
{
    switch (subcode[0]) {
    case 'n': return SIM_NS_N "/fault";
    case 'w': return "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault";
    default: return SIM_NS_A "/fault";
    }
}

static void test_request(void **state)
{
    const struct request_case *row = *state;
    struct ask ask;
    const char *reply, *code;

    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    reply = ask_text(&ask, row->soap);
    assert_null(strchr(reply, '\n'));
    code = ask_between(reply, " Code=\"", "\"");
    if (!*code)
        code = ask_between(reply, "error_Code xsi:type=\"cim:cimUnsignedInt\">", "<");
    assert_int_equal(strtoul(code, NULL, 10), row->code);
    assert_int_equal(ask.reply.status, row->code ? 500 : 200);
    if (row->code) {
        assert_string_equal(ask_between(reply, "<a:Action>", "<"),
                            action_of(row->subcode));
        assert_non_null(
            strstr(ask_between(reply, "<s:Code>", "</s:Code>"), row->subcode));
    }
    ask_close(&ask);
}

static void test_identify(void **state)
{
    static const char soap[] =
        "<s:Envelope xmlns:s=\"" SIM_NS_S "\" xmlns:wsmid=\"" SIM_NS_ID
        "\"><s:Header/><s:Body><wsmid:Identify/></s:Body></s:Envelope>";
    struct ask ask;

    (void)state;
    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    assert_non_null(strstr(ask_text(&ask, soap), "OS: 10.0.20348 SP: 0.0 Stack: 3.0"));
    ask.account = NULL;
    assert_non_null(strstr(ask_text(&ask, soap), "OS: 0.0.0 SP: 0.0 Stack: 3.0"));
    assert_null(strstr(ask_text(&ask, soap), "SecurityProfiles"));
    assert_string_equal(sim_host_last(ask.host), "Identify -");
    /* nothing else without a login */
    assert_non_null(strstr(ask_text(&ask, ENVELOPE(GOOD, "")), "Code=\"5\""));
    ask_close(&ask);
}

static void test_utf16(void **state)
{
    static const char soap[] =
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" ENVELOPE(GOOD, "");
    struct sim_request request = {"HVTEST\\hvuser", NULL, 0, true};
    char wide[2 * sizeof(soap)];
    struct ask ask;
    size_t i;

    (void)state;
    wide[0] = '\xff';
    wide[1] = '\xfe';
    for (i = 0; i < sizeof(soap) - 1; i++) {
        wide[2 * i + 2] = soap[i];
        wide[2 * i + 3] = '\0';
    }
    request.body = wide;
    request.len = 2 * sizeof(soap);
    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    sim_host_answer(ask.host, &request, &ask.reply);
    assert_int_equal(ask.reply.status, 200);
    ask_close(&ask);
}

struct language_case {
    const char *name;
    const char *host, *locale;
    const char *lang, *fault, *caption;
};

static const struct language_case languages[] = {
    {"English", "en-US", NULL, "en-US", "cannot process", "Hosting Computer System"},
    {"German", "de-DE", NULL, "de-DE", "nicht verarbeiten", "Hostcomputersystem"},
    {"Japanese", "ja-JP", NULL, "ja-JP", "処理できません",
     "ホスト コンピューター システム"},
    {"Japanese, asked for in English", "ja-JP", "en-US", "en-US", "cannot process",
     "ホスト コンピューター システム"},
    {"English, asked for in German", "en-US", "de-AT", "de-DE", "nicht verarbeiten",
     "Hosting Computer System"},
    {"a language that is not installed", "de-DE", "fi-FI", "de-DE", "nicht verarbeiten",
     "Hostcomputersystem"},
};

static void test_language(void **state)
{
    const struct language_case *row = *state;
    struct hvs_buf scenario = HVS_BUF_INIT(1024);
    struct ask ask;
    const char *reply;

    hvs_buf_printf(&scenario, "{\"hosts\":[{\"name\":\"HV01\",\"locale\":\"%s\"}]}",
                   row->host);
    assert_int_equal(ask_open(&ask, hvs_buf_str(&scenario), NULL, NULL), 0);
    ask.locale = row->locale;
    reply = ask_get(&ask, "Msvm_ConcreteJob", "InstanceID", "x");
    assert_string_equal(ask_between(reply, "<s:Envelope xml:lang=\"", "\""), row->lang);
    assert_string_equal(ask_between(reply, "<s:Text xml:lang=\"", "\""), row->lang);
    assert_non_null(strstr(reply, row->fault));
    reply = ask_wql(&ask, "SELECT * FROM Msvm_ComputerSystem");
    assert_string_equal(ask_between(reply, "<s:Envelope xml:lang=\"", "\""), row->lang);
    assert_string_equal(ask_between(reply, "<p:Caption>", "<"), row->caption);
    ask_close(&ask);
    hvs_buf_clear(&scenario);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(requests) + COUNT(languages) + 2] = {
        cmocka_unit_test(test_identify),
        cmocka_unit_test(test_utf16),
    };

    CASES(tests + 2, requests, test_request);
    CASES(tests + 2 + COUNT(requests), languages, test_language);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
