#include "support/test.h"

#include "hvsim/ask.h"
#include "hvsim/instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Enumerate, Pull and Release as single requests. */

#define WQL(query) \
    "<w:Filter Dialect=\"http://schemas.microsoft.com/wbem/wsman/1/WQL\">" query \
    "</w:Filter>"
#define ALL WQL("SELECT * FROM Msvm_ComputerSystem")
#define NONE WQL("SELECT * FROM Msvm_ConcreteJob")
#define ENUMERATE(inside) "<n:Enumerate>" inside "</n:Enumerate>"
#define OPTIMIZED(count) \
    "<w:OptimizeEnumeration/><w:MaxElements>" count "</w:MaxElements>"
#define ANY ASK_CLASS("*")
#define ONE ASK_CLASS("Msvm_ComputerSystem")

static const char *enumerate(struct ask *ask, const char *uri, const char *body)
{
    return ask_soap(ask, SIM_NS_N "/Enumerate", uri, "", "", body);
}

static const char *pull_with(struct ask *ask, const char *uri, const char *context,
                             const char *more)
{
    struct hvs_buf body = HVS_BUF_INIT(4096);
    const char *reply;

    hvs_buf_printf(&body,
                   "<n:Pull><n:EnumerationContext>%s</n:EnumerationContext>%s</n:Pull>",
                   context, more);
    reply = ask_soap(ask, SIM_NS_N "/Pull", uri, "", "", hvs_buf_str(&body));
    hvs_buf_clear(&body);
    return reply;
}

static void context_of(const char *reply, char out[64])
{
    snprintf(out, 64, "%s", ask_between(reply, "<n:EnumerationContext>", "<"));
}

static unsigned long code_of(const char *reply)
{
    const char *code = ask_between(reply, " Code=\"", "\"");

    if (!*code)
        code = ask_between(reply, "error_Code xsi:type=\"cim:cimUnsignedInt\">", "<");
    return strtoul(code, NULL, 10);
}

static void begin(struct ask *ask, const char *first, const char *second)
{
    const char *settings[] = {first, second, NULL};

    assert_int_equal(ask_open(ask, NULL, settings, NULL), 0);
}

struct first_case {
    const char *name;
    const char *uri, *body;
    unsigned long code; /* 0: it is answered */
    size_t items;
    const char *holds;
};

#define FILTER(dialect, inside) \
    "<w:Filter Dialect=\"http://schemas.dmtf.org/wbem/wsman/1/" dialect "\">" inside \
    "</w:Filter>"
#define SELECTOR(name, value) "<w:Selector Name=\"" name "\">" value "</w:Selector>"
#define VM_EPR \
    "<a:Address>" SIM_ANONYMOUS "</a:Address><a:ReferenceParameters><w:ResourceURI>" ONE \
    "</w:ResourceURI><w:SelectorSet>" SELECTOR("CreationClassName", \
                                               "Msvm_ComputerSystem") \
        SELECTOR("Name", ASK_VM) "</w:SelectorSet></a:ReferenceParameters>"
#define ASSOCIATED(kind, object, more) \
    FILTER("cimbinding/associationFilter", \
           "<b:" kind " xmlns:b=\"" SIM_NS_B "\"><b:Object>" object "</b:Object>" more \
           "</b:" kind ">")
#define NAMED(name, value) "<b:" name ">" value "</b:" name ">"

static const struct first_case firsts[] = {
    {"plain", ONE, ENUMERATE(""), 0, 0,
     "<n:EnumerateResponse><n:EnumerationContext>uuid:"},
    {"optimized", ONE, ENUMERATE(OPTIMIZED("50")), 0, 6,
     "<n:EnumerationContext></n:EnumerationContext><w:Items><p:Msvm_ComputerSystem "},
    {"optimized, the end", ONE, ENUMERATE(OPTIMIZED("50")), 0, 6,
     "</w:Items><w:EndOfSequence/></n:EnumerateResponse>"},
    {"optimized, one without a number", ONE, ENUMERATE("<w:OptimizeEnumeration/>"), 0, 1,
     "</w:Items></n:EnumerateResponse>"},
    {"optimized, some", ONE, ENUMERATE(OPTIMIZED("4")), 0, 4,
     "<n:EnumerationContext>uuid:"},
    {"optimized, just enough", ONE, ENUMERATE(OPTIMIZED("6")), 0, 6,
     "<w:EndOfSequence/>"},
    {"optimized, nothing", ANY, ENUMERATE(OPTIMIZED("6") NONE), 0, 0,
     "</n:EnumerationContext><w:Items/><w:EndOfSequence/></n:EnumerateResponse>"},
    {"a query in the other namespace", ANY,
     ENUMERATE(
         OPTIMIZED("9") "<n:Filter Dialect=\"http://schemas.microsoft.com/wbem/wsman/1"
                        "/WQL\">SELECT * FROM Msvm_ComputerSystem</n:Filter>"),
     0, 6, "web1"},
    {"references", ONE,
     ENUMERATE(OPTIMIZED("50") "<w:EnumerationMode>EnumerateEPR</w:EnumerationMode>"), 0,
     0,
     "<w:Items><a:EndpointReference><a:Address>" SIM_ANONYMOUS
     "</a:Address><a:ReferenceParameters><w:ResourceURI>" ONE
     "</w:ResourceURI><w:SelectorSet><w:Selector Name=\"CreationClassName\">"
     "Msvm_ComputerSystem</w:Selector><w:Selector Name=\"Name\">HV01</w:Selector>"
     "</w:SelectorSet></a:ReferenceParameters></a:EndpointReference>"},
    {"objects and references", ONE,
     ENUMERATE(OPTIMIZED("50") "<w:EnumerationMode>EnumerateObjectAndEPR"
                               "</w:EnumerationMode>"),
     0, 6, "</p:Msvm_ComputerSystem><a:EndpointReference>"},
    {"an unknown mode", ONE,
     ENUMERATE("<w:EnumerationMode>Backwards</w:EnumerationMode>"), 0x80338042, 0, NULL},
    {"a base class", ASK_CLASS("CIM_Service"), ENUMERATE(OPTIMIZED("50")), 0, 2,
     "<p:Msvm_VirtualSystemManagementService "},
    {"an unknown class", ASK_CLASS("Msvm_Nothing"), ENUMERATE(""), 0x80041010, 0, NULL},
    {"no class and no filter", ANY, ENUMERATE(""), 0x8033803B, 0, NULL},
    {"a query on a class", ONE, ENUMERATE(ALL), 0x803380FB, 0, "n:CannotProcessFilter"},
    {"a bad query", ANY, ENUMERATE(WQL("SELECT")), 0x8033801A, 0,
     "n:CannotProcessFilter"},
    {"an unknown dialect", ANY, ENUMERATE("<w:Filter Dialect=\"http://x/\">x</w:Filter>"),
     0x80338019, 0, "n:FilterDialectRequestedUnavailable"},
    {"no dialect", ANY, ENUMERATE("<w:Filter>x</w:Filter>"), 0x80338019, 0, NULL},
    {"no number", ONE, ENUMERATE(OPTIMIZED("0")), 0x80338056, 0, NULL},
    {"the body of a Pull", ONE, "<n:Pull/>", 0x80338027, 0, NULL},
    {"an empty body", ONE, "", 0x80338027, 0, NULL},
    {"a polymorphism mode with a query", ANY,
     ENUMERATE(ALL "<b:PolymorphismMode xmlns:b=\"" SIM_NS_B
                   "\">None</b:PolymorphismMode>"),
     0x80338137, 0, NULL},
    {"the selector dialect", ONE,
     ENUMERATE(OPTIMIZED("9")
                   FILTER("wsman/SelectorFilter",
                          "<w:SelectorSet>" SELECTOR("ElementName", "BUILD")
                              SELECTOR("EnabledState", "3") "</w:SelectorSet>")),
     0, 1, "<p:ElementName>build</p:ElementName>"},
    {"the selector dialect with a quote", ONE,
     ENUMERATE(FILTER("wsman/SelectorFilter",
                      "<w:SelectorSet>" SELECTOR("ElementName", "'") "</w:SelectorSet>")),
     0x8033801A, 0, NULL},
    {"the selector dialect on an array", ONE,
     ENUMERATE(
         FILTER("wsman/SelectorFilter",
                "<w:SelectorSet>" SELECTOR("OperationalStatus", "2") "</w:SelectorSet>")),
     0x8033801A, 0, NULL},
    {"the association dialect", ANY,
     ENUMERATE(OPTIMIZED(
         "9") ASSOCIATED("AssociatedInstances", VM_EPR,
                         NAMED("AssociationClassName", "Msvm_SnapshotOfVirtualSystem")
                             NAMED("ResultClassName", "Msvm_VirtualSystemSettingData"))),
     0, 4, "<p:ElementName>try nginx</p:ElementName>"},
    {"the association dialect, wrapped", ANY,
     ENUMERATE(OPTIMIZED("9") ASSOCIATED(
         "AssociatedInstances", "<a:EndpointReference>" VM_EPR "</a:EndpointReference>",
         NAMED("AssociationClassName", "Msvm_MostCurrentSnapshotInBranch"))),
     0, 1, NULL},
    {"the association dialect, the links", ANY,
     ENUMERATE(OPTIMIZED("9")
                   ASSOCIATED("AssociationInstances", VM_EPR,
                              NAMED("ResultClassName", "Msvm_SnapshotOfVirtualSystem"))),
     0, 4, "<p:Antecedent "},
    {"the association dialect without an object", ANY,
     ENUMERATE(ASSOCIATED("AssociatedInstances", "", "")), 0x8033801A, 0, NULL},
};

static void test_first(void **state)
{
    const struct first_case *row = *state;
    struct ask ask;
    const char *reply;

    begin(&ask, NULL, NULL);
    reply = enumerate(&ask, row->uri, row->body);
    assert_int_equal(code_of(reply), row->code);
    assert_int_equal(ask_count(reply, "_Type\""),
                     row->code ? ask_count(reply, "_Type\"") : row->items);
    if (row->holds)
        assert_non_null(strstr(reply, row->holds));
    ask_close(&ask);
}

/* One item in each reply, and a new context with each. */
static void test_one_by_one(void **state)
{
    char context[64], last[64] = "";
    const char *reply;
    struct ask ask;
    int i;

    (void)state;
    begin(&ask, NULL, NULL);
    context_of(enumerate(&ask, ANY, ENUMERATE(ALL)), context);
    for (i = 0; i < 6; i++) {
        assert_string_not_equal(context, last);
        memcpy(last, context, sizeof(last));
        /* any URI of WMI will do */
        reply = pull_with(&ask, i % 2 ? SIM_WMI "root/virtualization/*" : ONE, context,
                          "");
        assert_int_equal(ask_count(reply, "_Type\""), 1);
        assert_int_equal(ask_count(reply,
                                   "</n:Items><n:EndOfSequence/></n:PullResponse>"),
                         i == 5);
        context_of(reply, context);
        assert_int_equal(context[0] == '\0', i == 5);
    }
    assert_int_equal(code_of(pull_with(&ask, ANY, last, "")), 0x8033801B);
    ask_close(&ask);
}

static void test_batch(void **state)
{
    char context[64];
    const char *reply;
    struct ask ask;

    (void)state;
    begin(&ask, NULL, NULL);
    context_of(enumerate(&ask, ONE, ENUMERATE("")), context);
    reply = pull_with(&ask, ONE, context, "<n:MaxElements>4</n:MaxElements>");
    assert_int_equal(ask_count(reply, "_Type\""), 4);
    context_of(reply, context);
    reply = pull_with(&ask, ONE, context, "<n:MaxElements>99999999</n:MaxElements>");
    assert_int_equal(ask_count(reply, "_Type\""), 2);
    assert_non_null(strstr(reply, "<n:PullResponse><n:Items><p:"));

    context_of(enumerate(&ask, ANY, ENUMERATE(NONE)), context);
    reply = pull_with(&ask, ANY, context, "");
    assert_non_null(
        strstr(reply, "<n:PullResponse><n:Items/><n:EndOfSequence/></n:PullResponse>"));
    ask_close(&ask);
}

/* What does not fit stays for the next Pull; what never fits is a fault, and the end. */
static void test_size(void **state)
{
    struct hvs_buf notes = HVS_BUF_INIT(65536);
    char context[64];
    const char *reply;
    struct ask ask;
    int i;

    (void)state;
    begin(&ask, NULL, NULL);
    ask.size = "12000";
    context_of(enumerate(&ask, ONE, ENUMERATE("")), context);
    reply = pull_with(&ask, ONE, context, "<n:MaxElements>50</n:MaxElements>");
    assert_in_range(ask_count(reply, "_Type\""), 1, 5);
    assert_in_range(ask.reply.body.len, 5000, 12000);
    context_of(reply, context);
    reply = pull_with(&ask, ONE, context, "<n:MaxElements>50</n:MaxElements>");
    assert_in_range(ask_count(reply, "_Type\""), 1, 5);
    ask_close(&ask);

    hvs_buf_puts(&notes,
                 "<INSTANCE CLASSNAME=\"Msvm_VirtualSystemSettingData\"><PROPERTY "
                 "NAME=\"InstanceID\" TYPE=\"string\"><VALUE>Microsoft:" ASK_VM
                 "</VALUE></PROPERTY><PROPERTY.ARRAY NAME=\"Notes\" "
                 "TYPE=\"string\"><VALUE.ARRAY><VALUE>");
    for (i = 0; i < 1000; i++)
        hvs_buf_puts(&notes, "long text");
    hvs_buf_puts(&notes, "</VALUE></VALUE.ARRAY></PROPERTY.ARRAY></INSTANCE>");
    begin(&ask, NULL, NULL);
    ask_modify(&ask, hvs_buf_str(&notes));
    ask.size = "8192";
    context_of(enumerate(&ask, ASK_CLASS("Msvm_VirtualSystemSettingData"), ENUMERATE("")),
               context);
    assert_int_equal(code_of(pull_with(&ask, ANY, context, "")), 0x80338048);
    assert_int_equal(code_of(pull_with(&ask, ANY, context, "")), 0x80338084);
    reply = ask_get(&ask, "Msvm_VirtualSystemSettingData", "InstanceID",
                    "Microsoft:" ASK_VM);
    assert_int_equal(code_of(reply), 0x80338048);
    assert_int_equal(sim_world_set(ask.world, "max-envelope=8", NULL), 0);
    ask.size = "512000";
    reply = ask_get(&ask, "Msvm_VirtualSystemSettingData", "InstanceID",
                    "Microsoft:" ASK_VM);
    assert_int_equal(code_of(reply), 0x80338049);
    ask_close(&ask);
    hvs_buf_clear(&notes);
}

static void test_expiry(void **state)
{
    char context[64];
    struct ask ask;
    int i;

    (void)state;
    begin(&ask, NULL, NULL);
    context_of(enumerate(&ask, ONE, ENUMERATE("")), context);
    for (i = 0; i < 3; i++) {
        ask.now += 240000;
        context_of(pull_with(&ask, ONE, context, ""), context);
        assert_int_equal(ask.reply.status, 200);
    }
    ask.now += 240001;
    assert_int_equal(code_of(pull_with(&ask, ONE, context, "")), 0x8033801B);
    ask_close(&ask);
}

static void test_release(void **state)
{
    struct hvs_buf body = HVS_BUF_INIT(1024);
    char context[64];
    const char *reply;
    struct ask ask;

    (void)state;
    begin(&ask, NULL, NULL);
    context_of(enumerate(&ask, ONE, ENUMERATE("")), context);
    hvs_buf_printf(
        &body, "<n:Release><n:EnumerationContext>%s</n:EnumerationContext></n:Release>",
        context);
    reply = ask_soap(&ask, SIM_NS_N "/Release", ONE, "", "", hvs_buf_str(&body));
    assert_string_equal(ask_between(reply, "<a:Action>", "<"),
                        SIM_NS_N "/ReleaseResponse");
    assert_non_null(strstr(reply, "<s:Body></s:Body>"));
    reply = ask_soap(&ask, SIM_NS_N "/Release", ONE, "", "", hvs_buf_str(&body));
    assert_int_equal(code_of(reply), 0x8033801B);
    assert_int_equal(code_of(pull_with(&ask, ONE, context, "")), 0x8033801B);
    ask_close(&ask);
    hvs_buf_clear(&body);
}

/* Fifteen at once, per account; a context is its opener's own. */
static void test_quota(void **state)
{
    char context[64];
    const char *reply;
    struct ask ask;
    int i;

    (void)state;
    begin(&ask, NULL, NULL);
    for (i = 0; i < 15; i++) {
        context_of(enumerate(&ask, ONE, ENUMERATE("")), context);
        assert_int_equal(ask.reply.status, 200);
    }
    reply = enumerate(&ask, ONE, ENUMERATE(""));
    assert_int_equal(code_of(reply), 0x803381A6);
    assert_null(strstr(reply, "RelatesTo"));
    assert_non_null(strstr(reply, "<p:MSFT_WmiError b:IsCIM_Error=\"true\""));
    assert_non_null(strstr(reply, "HRESULT 0x803381a6"));
    ask.account = "HVTEST\\hvread";
    assert_int_equal(code_of(pull_with(&ask, ONE, context, "")), 0x8033801B);
    enumerate(&ask, ONE, ENUMERATE(""));
    assert_int_equal(ask.reply.status, 200);
    ask.account = "hvuser@HVSNAP.TEST"; /* the same account by another name */
    pull_with(&ask, ONE, context, "<n:MaxElements>50</n:MaxElements>");
    assert_int_equal(ask.reply.status, 200);
    enumerate(&ask, ONE, ENUMERATE(""));
    assert_int_equal(ask.reply.status, 200);
    ask_close(&ask);
}

/* What goes away between two Pulls does not come. */
static void test_vanishing(void **state)
{
    char context[64];
    const char *reply;
    struct ask ask;

    (void)state;
    begin(&ask, "fault=Pull#2:vm-moved", NULL);
    context_of(enumerate(&ask, ONE, ENUMERATE("")), context);
    context_of(pull_with(&ask, ONE, context, ""), context); /* the host itself */
    reply = pull_with(&ask, ONE, context, "<n:MaxElements>50</n:MaxElements>");
    assert_null(strstr(reply, "web1"));
    assert_int_equal(ask_count(reply, "_Type\""), 4);
    ask_close(&ask);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(firsts) + 7] = {
        cmocka_unit_test(test_one_by_one), cmocka_unit_test(test_batch),
        cmocka_unit_test(test_size),       cmocka_unit_test(test_expiry),
        cmocka_unit_test(test_release),    cmocka_unit_test(test_quota),
        cmocka_unit_test(test_vanishing),
    };

    CASES(tests + 7, firsts, test_first);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
