#include "support/test.h"

#include "hvsim/instance.h"
#include "hvsim/switch_case.h"
#include "hvsim/world.h"

#include <stdlib.h>

/* The switches of what is read, both ways. */

#define SETTING(id) "Msvm_VirtualSystemSettingData", "InstanceID", "Microsoft:" id
#define FILTERED(query) \
    "<n:Enumerate><w:Filter " \
    "Dialect=\"http://schemas.microsoft.com/wbem/wsman/1/WQL\">" query \
    "</w:Filter></n:Enumerate>"

static const char *get_vm(struct ask *ask)
{
    return ask_wql(ask, "SELECT * FROM Msvm_ComputerSystem WHERE ElementName='web1'");
}

static const char *get_first(struct ask *ask)
{
    return ask_get(ask, SETTING(ASK_FIRST));
}

static const char *bad_query(struct ask *ask)
{
    return ask_wql(ask, "SELECT * FROM Msvm_Nothing");
}

static const char *create(struct ask *ask)
{
    return ask_create(ask, ASK_VM);
}

static const char *in_german(struct ask *ask)
{
    ask->locale = "de-DE";
    return get_vm(ask);
}

static const char *associators(struct ask *ask)
{
    return ask_wql(
        ask,
        "ASSOCIATORS OF {Msvm_VirtualSystemSettingData.InstanceID='Microsoft:" ASK_FIRST
        "'}");
}

static const char *references_in_where(struct ask *ask)
{
    return ask_wql(ask,
                   "SELECT * FROM Msvm_MostCurrentSnapshotInBranch WHERE Antecedent = "
                   "'Msvm_ComputerSystem.CreationClassName=\"Msvm_ComputerSystem\","
                   "Name=\"" ASK_VM "\"'");
}

static const char *nothing_found(struct ask *ask)
{
    return ask_wql(ask, "SELECT * FROM Msvm_ConcreteJob");
}

static const char *enumerate(struct ask *ask, const char *body)
{
    return ask_soap(ask, SIM_NS_N "/Enumerate", ASK_CLASS("*"), "", "", body);
}

static const char *pull(struct ask *ask, const char *uri, const char *more)
{
    struct hvs_buf body = HVS_BUF_INIT(4096);
    const char *reply = hvs_buf_str(&ask->reply.body);

    hvs_buf_printf(&body,
                   "<n:Pull><n:EnumerationContext>%s</n:EnumerationContext>%s</n:Pull>",
                   ask_between(reply, "<n:EnumerationContext>", "<"), more);
    reply = ask_soap(ask, SIM_NS_N "/Pull", uri, "", "", hvs_buf_str(&body));
    hvs_buf_clear(&body);
    return reply;
}

static const char *bad_query_first(struct ask *ask)
{
    return enumerate(ask, FILTERED("SELECT * FROM Msvm_Nothing"));
}

static const char *bad_query_pulled(struct ask *ask)
{
    bad_query_first(ask);
    return pull(ask, ASK_CLASS("*"), "");
}

static const char *late_pull(struct ask *ask)
{
    enumerate(ask, FILTERED("SELECT * FROM Msvm_ComputerSystem"));
    ask->now += 100000;
    return pull(ask, ASK_CLASS("*"), "");
}

/* Says whether the second context is the first. */
static const char *two_contexts(struct ask *ask)
{
    char first[64];
    const char *reply;

    reply = enumerate(ask, FILTERED("SELECT * FROM Msvm_ComputerSystem"));
    snprintf(first, sizeof(first), "%s",
             ask_between(reply, "<n:EnumerationContext>", "<"));
    reply = pull(ask, ASK_CLASS("*"), "");
    return strcmp(ask_between(reply, "<n:EnumerationContext>", "<"), first) == 0 ? "same"
                                                                                 : "new";
}

static const char *other_uri(struct ask *ask)
{
    enumerate(ask, FILTERED("SELECT * FROM Msvm_ComputerSystem"));
    return pull(ask, ASK_CLASS("Msvm_ComputerSystem"), "");
}

static const char *other_count(struct ask *ask)
{
    ask_soap(ask, SIM_NS_N "/Enumerate", ASK_CLASS("Msvm_ComputerSystem"), "", "",
             "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>2</w:MaxElements>"
             "</n:Enumerate>");
    return pull(ask, ASK_CLASS("Msvm_ComputerSystem"),
                "<n:MaxElements>3</n:MaxElements>");
}

static const char *large(struct ask *ask)
{
    return ask_wql(ask, "SELECT * FROM Msvm_VirtualSystemSettingData");
}

static const char *nobody_lists(struct ask *ask)
{
    ask->account = "HVTEST\\hvnone";
    return ask_wql(ask, "SELECT * FROM Msvm_ComputerSystem");
}

static const char *nobody_gets(struct ask *ask)
{
    ask->account = "HVTEST\\hvnone";
    return get_first(ask);
}

static const char *nobody_creates(struct ask *ask)
{
    ask->account = "HVTEST\\hvnone";
    return create(ask);
}

static const char *open_two(struct ask *ask)
{
    enumerate(ask, FILTERED("SELECT * FROM Msvm_ComputerSystem"));
    return enumerate(ask, FILTERED("SELECT * FROM Msvm_ComputerSystem"));
}

static const char *open_many(struct ask *ask)
{
    const char *reply = "";
    int i;

    for (i = 0; i < 16; i++)
        reply = enumerate(ask, FILTERED("SELECT * FROM Msvm_ComputerSystem"));
    return reply;
}

static const char *hyperv_gone(struct ask *ask)
{
    ask->host->hyperv = false;
    return ask_wql(ask, "SELECT * FROM Msvm_ComputerSystem");
}

static const struct switch_case cases[] = {
    {"empty-array=absent", get_vm, NULL, "<p:Roles"},
    {"empty-array=nil", get_vm, "<p:Roles xsi:nil=\"true\"/><p:Status>", NULL},
    {"epr-namespace=absent", create, NULL, "__cimnamespace"},
    {"epr-namespace=present", create,
     "<w:Selector Name=\"__cimnamespace\">root/virtualization/v2</w:Selector>"
     "</w:SelectorSet>",
     NULL},
    {"fault-detail=usual", bad_query, "<f:ProviderFault", "MSFT_WmiError"},
    {"fault-detail=provider-fault", bad_query, "<f:ProviderFault", "MSFT_WmiError"},
    {"fault-detail=wmi-error", bad_query,
     "error_Code xsi:type=\"cim:cimUnsignedInt\">2150858778<", "WSManFault"},
    {"fault-detail=none", bad_query, "</s:Reason></s:Fault>", "Detail"},
    {"null-out=nil", create, "<p:ResultingSnapshot xsi:nil=\"true\"/>", NULL},
    {"null-out=absent", create, "<p:ReturnValue>4096<", "ResultingSnapshot"},
    {"null-out=filled", create,
     "<p:Job xsi:nil=\"true\"/><p:ResultingSnapshot xmlns:a=", "4096"},
    {"null-property=nil", get_vm, "<p:InstanceID xsi:nil=\"true\"/>", NULL},
    {"null-property=absent", get_vm, "web1", "<p:InstanceID"},
    {"properties=recorded", get_vm, NULL, "<p:Zone"},
    {"properties=more", get_vm,
     "<p:TransitioningToState xsi:nil=\"true\"/><p:ZeroTouchState>4<", NULL},
    {"property-order=ignore-case", get_first, "</p:BaseBoardSerialNumber><p:BIOSGUID>",
     NULL},
    {"property-order=bytes", get_first, "</p:BIOSSerialNumber><p:BaseBoardSerialNumber>",
     NULL},
    {"quota-relates-to=absent", open_many, "HRESULT 0x803381a6", "RelatesTo"},
    {"quota-relates-to=present", open_many, "<a:RelatesTo>uuid:", NULL},
    {"times=z", get_first, "<cim:Datetime>2025-12-12T00:00:00Z</cim:Datetime>", NULL},
    {"times=offset", get_first, "<cim:Datetime>2025-12-12T01:00:00+01:00</cim:Datetime>",
     NULL},
    {"times=plain", get_first, "<p:CreationTime>2025-12-12T00:00:00Z</p:CreationTime>",
     NULL},
    {"value-language=host", in_german, "<p:Caption>Virtual Machine<", NULL},
    {"value-language=request", in_german, "<p:Caption>Virtueller Computer<", NULL},

    {"association-queries=answer", associators, "<w:Items><p:Msvm_ComputerSystem ", NULL},
    {"association-queries=fault", associators, "n:CannotProcessFilter", NULL},
    {"bad-wql=enumerate", bad_query_first, "2150858778", NULL},
    {"bad-wql=pull", bad_query_first, "<n:EnumerationContext>uuid:", NULL},
    {"[pull] bad-wql=pull", bad_query_pulled, "2150858778", NULL},
    {"context-idle=240", late_pull, "<p:Msvm_ComputerSystem ", NULL},
    {"context-idle=60", late_pull, "n:InvalidEnumerationContext", NULL},
    {"context-string=new", two_contexts, "new", NULL},
    {"context-string=same", two_contexts, "same", NULL},
    {"empty-result=items", nothing_found, "<w:Items/><w:EndOfSequence/>", NULL},
    {"empty-result=no-items", nothing_found, "<w:EndOfSequence/>", "Items"},
    {"optimized-end=w", nothing_found, "<w:EndOfSequence/>", "<n:EndOfSequence/>"},
    {"optimized-end=n", nothing_found, "<n:EndOfSequence/>", "<w:EndOfSequence/>"},
    {"pull-parameters=strict", other_count, "2150859181", NULL},
    {"pull-parameters=loose", other_count, "<n:PullResponse>", NULL},
    {"pull-uri=any", other_uri, "<n:PullResponse>", NULL},
    {"pull-uri=equal", other_uri, "2150858811", NULL},
    {"ref-in-where=fault", references_in_where, "2150858778", NULL},
    {"ref-in-where=compare", references_in_where, "<p:Antecedent ", NULL},
    {"missing-namespace=filter", hyperv_gone, "HRESULT 0x8033801a", NULL},
    {"missing-namespace=namespace", hyperv_gone, "HRESULT 0x8004100e", NULL},

    {"max-envelope=500", large, "<w:EndOfSequence/>", NULL},
    {"max-envelope=32", large, "<n:EnumerationContext>uuid:", "EndOfSequence"},
    {"no-rights=empty", nobody_lists, "<w:Items/>", NULL},
    {"[get] no-rights=empty", nobody_gets, "a:DestinationUnreachable", NULL},
    {"[create] no-rights=empty", nobody_creates, "<p:ReturnValue>32769<", NULL},
    {"no-rights=fault", nobody_lists, "2150859012", NULL},
    {"[get] no-rights=fault", nobody_gets, "w:AccessDenied", NULL},
    {"[create] no-rights=fault", nobody_creates, "2150859012", NULL},
    {"operations=15", open_two, "<n:EnumerationContext>uuid:", NULL},
    {"operations=1", open_two, "HRESULT 0x803381a6", NULL},
    {"quota-fault=internal-error", open_many, "w:InternalError", NULL},
    {"quota-fault=quota-limit", open_many, "w:QuotaLimit", NULL},
};

static void test_all(void **state)
{
    (void)state;
    check_all_tried(cases, COUNT(cases), SW_EMPTY_ARRAY, SW_REF_IN_WHERE);
    check_all_tried(cases, COUNT(cases), SW_MAX_ENVELOPE, SW_QUOTA_FAULT);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1] = {
        cmocka_unit_test(test_all),
    };

    CASES(tests + 1, cases, test_switch);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
