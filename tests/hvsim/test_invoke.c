#include "support/test.h"

#include "hvsim/ask.h"
#include "hvsim/instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Methods: what their parameters may look like, and what they return. */

#define SNAPSHOTS "Msvm_VirtualSystemSnapshotService"
#define MANAGEMENT "Msvm_VirtualSystemManagementService"
#define EPR(class_, keys) \
    "<a:Address>" SIM_ANONYMOUS \
    "</a:Address><a:ReferenceParameters><w:ResourceURI>" ASK_CLASS( \
        class_) "</w:ResourceURI><w:SelectorSet>" keys \
                "</w:SelectorSet></a:ReferenceParameters>"
#define KEY(name, value) "<w:Selector Name=\"" name "\">" value "</w:Selector>"
#define VM(name, id) \
    "<p:" name ">" EPR("Msvm_ComputerSystem", KEY("Name", id)) "</p:" name ">"
#define SETTING(name, id) \
    "<p:" name ">" EPR("Msvm_VirtualSystemSettingData", \
                       KEY("InstanceID", "Microsoft:" id)) "</p:" name ">"
#define TYPE(number) "<p:SnapshotType>" number "</p:SnapshotType>"
#define SYSTEM VM("AffectedSystem", ASK_VM)
#define SETTINGS(text) "<p:SnapshotSettings>" text "</p:SnapshotSettings>"
#define BACKUP \
    "<INSTANCE CLASSNAME=\"Msvm_VirtualSystemSnapshotSettingData\"><PROPERTY " \
    "NAME=\"ConsistencyLevel\" TYPE=\"uint8\"><VALUE>1</VALUE></PROPERTY></INSTANCE>"

struct invoke_case {
    const char *name;
    const char *class_, *method, *selectors, *parameters;
    unsigned long code; /* of the fault; 0: it returns */
    int value;
};

static const struct invoke_case invokes[] = {
    {"create", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE, SYSTEM SETTINGS("") TYPE("2"), 0,
     4096},
    {"create, in another order", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     TYPE("2") SYSTEM, 0, 4096},
    {"create, all keys of the service", SNAPSHOTS, "CreateSnapshot",
     ASK_SERVICE KEY("SystemName", "hv01") KEY("Name", "VSSNAPSVC"), SYSTEM TYPE("2"), 0,
     4096},
    {"create, all keys of the VM", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     "<p:AffectedSystem>" EPR("Msvm_ComputerSystem",
                              KEY("CreationClassName", "Msvm_ComputerSystem")
                                  KEY("Name", ASK_VM)) "</p:AffectedSystem>" TYPE("2"),
     0, 4096},
    {"create for backup", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     SYSTEM SETTINGS("<![CDATA[" BACKUP "]]>") TYPE("32768"), 0, 4096},
    {"create, nil for what may be left out", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     SYSTEM TYPE("2") "<p:ResultingSnapshot xmlns:xsi=\"" SIM_NS_XSI
                      "\" xsi:nil=\"true\"/>",
     0, 4096},
    {"create without a VM", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE, TYPE("2"), 0,
     32773},
    {"create without a type", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE, SYSTEM, 0, 32773},
    {"create of an unknown type", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     SYSTEM TYPE("7"), 0, 32773},
    {"create of an unknown VM", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     VM("AffectedSystem", ASK_FIRST) TYPE("2"), 0, 32773},
    {"create of the host", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     VM("AffectedSystem", "HV01") TYPE("2"), 0, 32773},
    {"create of another class", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     SETTING("AffectedSystem", ASK_VM) TYPE("2"), 0, 32773},
    {"create of a half reference", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     "<p:AffectedSystem>" EPR("Msvm_ComputerSystem",
                              KEY("CreationClassName",
                                  "Msvm_ComputerSystem")) "</p:AffectedSystem>" TYPE("2"),
     0, 32773},
    {"settings of another class", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     SYSTEM TYPE("2") SETTINGS("<![CDATA[<INSTANCE CLASSNAME=\"Msvm_X\"/>]]>"), 0, 32773},
    {"settings as elements", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     SYSTEM TYPE("2") SETTINGS("<p:ConsistencyLevel>1</p:ConsistencyLevel>"), 0x80338041,
     0},
    {"a wrapped reference", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     "<p:AffectedSystem><a:EndpointReference>" EPR(
         "Msvm_ComputerSystem",
         KEY("Name", ASK_VM)) "</a:EndpointReference></p:AffectedSystem>" TYPE("2"),
     0x80338041, 0},
    {"text for a reference", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     "<p:AffectedSystem>" ASK_VM "</p:AffectedSystem>" TYPE("2"), 0x80338041, 0},
    {"text for a number", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE, SYSTEM TYPE("full"),
     0x80338056, 0},
    {"a parameter twice", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     SYSTEM TYPE("2") TYPE("2"), 0x80338041, 0},
    {"an unknown parameter", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     SYSTEM TYPE("2") "<p:Name>x</p:Name>", 0x80338055, 0},
    {"a parameter in another namespace", SNAPSHOTS, "CreateSnapshot", ASK_SERVICE,
     SYSTEM "<w:SnapshotType>2</w:SnapshotType>", 0x80338058, 0},
    {"a service without selectors", SNAPSHOTS, "CreateSnapshot", "", SYSTEM TYPE("2"),
     0x8004102F, 0},
    {"another service's name", SNAPSHOTS, "CreateSnapshot", KEY("Name", "vmms"),
     SYSTEM TYPE("2"), 0x80338000, 0},
    {"a selector of the service that is no key", SNAPSHOTS, "CreateSnapshot",
     ASK_SERVICE KEY("ElementName", "x"), SYSTEM TYPE("2"), 0x8033805B, 0},
    {"apply on a running VM", SNAPSHOTS, "ApplySnapshot", ASK_SERVICE,
     SETTING("Snapshot", ASK_FIRST), 0, 32775},
    {"apply by a name of another method", SNAPSHOTS, "ApplySnapshot", ASK_SERVICE,
     SETTING("AffectedSnapshot", ASK_FIRST), 0x80338055, 0},
    {"apply the VM's own settings", SNAPSHOTS, "ApplySnapshot", ASK_SERVICE,
     SETTING("Snapshot", ASK_VM), 0, 32773},
    {"destroy", SNAPSHOTS, "DestroySnapshot", ASK_SERVICE,
     SETTING("AffectedSnapshot", ASK_FIRST), 0, 4096},
    {"destroy nothing", SNAPSHOTS, "DestroySnapshot", ASK_SERVICE,
     SETTING("AffectedSnapshot", "00000000-0000-0000-0000-000000000000"), 0, 32773},
    {"destroy a tree", SNAPSHOTS, "DestroySnapshotTree", ASK_SERVICE,
     SETTING("SnapshotSettingData", ASK_FIRST), 0, 4096},
    {"clear the state", SNAPSHOTS, "ClearSnapshotState", ASK_SERVICE,
     SETTING("SnapshotSettingData", ASK_FIRST), 0, 4096},
    {"start the service", SNAPSHOTS, "StartService", ASK_SERVICE, "", 0, 1},
    {"start a VM that runs", "Msvm_ComputerSystem", "RequestStateChange",
     KEY("CreationClassName", "Msvm_ComputerSystem") KEY("Name", ASK_VM),
     "<p:RequestedState>2</p:RequestedState>", 0, 32775},
    {"turn off", "Msvm_ComputerSystem", "RequestStateChange",
     KEY("CreationClassName", "Msvm_ComputerSystem") KEY("Name", ASK_VM),
     "<p:RequestedState>3</p:RequestedState>", 0, 4096},
    {"shut down, as once was", "Msvm_ComputerSystem", "RequestStateChange",
     KEY("CreationClassName", "Msvm_ComputerSystem") KEY("Name", ASK_VM),
     "<p:RequestedState>4</p:RequestedState>", 0, 32773},
    {"turn off the host", "Msvm_ComputerSystem", "RequestStateChange",
     KEY("CreationClassName", "Msvm_ComputerSystem") KEY("Name", "HV01"),
     "<p:RequestedState>3</p:RequestedState>", 0, 32770},
    {"a VM by half its key", "Msvm_ComputerSystem", "RequestStateChange",
     KEY("Name", ASK_VM), "<p:RequestedState>3</p:RequestedState>", 0x8033805A, 0},
    {"a method of no job", "Msvm_ConcreteJob", "GetErrorEx", KEY("InstanceID", ASK_VM),
     "", 0x80338000, 0},
};

static void check_answer(const char *reply, unsigned long code, int value)
{
    const char *number = ask_between(reply, " Code=\"", "\"");

    assert_int_equal(strtoul(number, NULL, 10), code);
    if (!code)
        assert_int_equal(strtol(ask_between(reply, "<p:ReturnValue>", "<"), NULL, 10),
                         value);
}

static void test_invoke(void **state)
{
    const struct invoke_case *row = *state;
    struct ask ask;

    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    check_answer(ask_invoke(&ask, row->class_, row->method, row->selectors,
                            row->parameters),
                 row->code, row->value);
    ask_close(&ask);
}

/* The element around the parameters may be in any namespace, but must have its name. */
static void test_input_element(void **state)
{
    static const char action[] = ASK_CLASS(SNAPSHOTS "/StartService");
    struct ask ask;

    (void)state;
    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    check_answer(ask_soap(&ask, action, ASK_CLASS(SNAPSHOTS), ASK_SERVICE, "",
                          "<x:StartService_INPUT xmlns:x=\"urn:x\"/>"),
                 0, 1);
    check_answer(ask_soap(&ask, action, ASK_CLASS(SNAPSHOTS), ASK_SERVICE, "",
                          "<x:StopService_INPUT xmlns:x=\"urn:x\"/>"),
                 0x80338015, 0);
    check_answer(ask_soap(&ask, action, ASK_CLASS(SNAPSHOTS), ASK_SERVICE, "", ""),
                 0x80338015, 0);
    ask_close(&ask);
}

static void test_output(void **state)
{
    struct ask ask;
    const char *reply;
    char job[37];

    (void)state;
    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    reply = ask_create(&ask, ASK_VM);
    ask_job(&ask, job);
    assert_string_equal(ask_between(reply, "<a:Action>", "<"),
                        ASK_CLASS(SNAPSHOTS "/CreateSnapshotResponse"));
    assert_non_null(
        strstr(reply, "<s:Body><p:CreateSnapshot_OUTPUT xmlns:xsi=\"" SIM_NS_XSI
                      "\" xmlns:p=\"" ASK_CLASS(SNAPSHOTS) "\" xmlns:cim=\"" SIM_NS_CIM
                                                           "\"><p:Job xmlns:a=\"" SIM_NS_A
                                                           "\" xmlns:w=\"" SIM_NS_W
                                                           "\"><a:Address>"));
    assert_non_null(strstr(reply,
                           "</w:SelectorSet></a:ReferenceParameters></p:Job>"
                           "<p:ResultingSnapshot xsi:nil=\"true\"/><p:ReturnValue>4096"
                           "</p:ReturnValue></p:CreateSnapshot_OUTPUT></s:Body>"));
    assert_string_equal(sim_host_last(ask.host),
                        "CreateSnapshot " SNAPSHOTS " returns 4096");
    ask_close(&ask);
}

struct modify_case {
    const char *name;
    const char *instance;
    int value;
    const char *query; /* finds one setting afterwards, or NULL */
};

#define INSTANCE(inside) \
    "<INSTANCE CLASSNAME=\"Msvm_VirtualSystemSettingData\">" inside "</INSTANCE>"
#define PROPERTY(name, type, value) \
    "<PROPERTY NAME=\"" name "\" TYPE=\"" type "\"><VALUE>" value "</VALUE></PROPERTY>"
#define ID(id) PROPERTY("InstanceID", "string", "Microsoft:" id)
#define NOTES(values) \
    "<PROPERTY.ARRAY NAME=\"Notes\" TYPE=\"string\"><VALUE.ARRAY>" values \
    "</VALUE.ARRAY></PROPERTY.ARRAY>"
#define WHERE "SELECT * FROM Msvm_VirtualSystemSettingData WHERE "
#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static const struct modify_case modifies[] = {
    {"rename a snapshot",
     INSTANCE(ID(ASK_FIRST) PROPERTY("ElementName", "string", "a&#38;b")), 0,
     WHERE "InstanceID='Microsoft:" ASK_FIRST "' AND ElementName='a&b'"},
    {"rename a VM", INSTANCE(ID(ASK_VM) PROPERTY("ElementName", "string", "試験")), 0,
     WHERE "InstanceID='Microsoft:" ASK_VM "' AND ElementName='試験'"},
    {"a name of 100", INSTANCE(ID(ASK_FIRST) PROPERTY("ElementName", "string", HUNDRED)),
     0, WHERE "ElementName='" HUNDRED "'"},
    {"a name of 101",
     INSTANCE(ID(ASK_FIRST) PROPERTY("ElementName", "string", HUNDRED "!")), 32773, NULL},
    {"a blank name", INSTANCE(ID(ASK_FIRST) PROPERTY("ElementName", "string", " ")),
     32773, NULL},
    {"notes", INSTANCE(ID(ASK_FIRST) NOTES("<VALUE>one&#xA;two</VALUE>")), 0, NULL},
    {"the kind of snapshots",
     INSTANCE(ID(ASK_VM) PROPERTY("UserSnapshotType", "uint16", "5")), 0,
     WHERE "InstanceID='Microsoft:" ASK_VM "' AND UserSnapshotType=5"},
    {"an unknown kind of snapshots",
     INSTANCE(ID(ASK_VM) PROPERTY("UserSnapshotType", "uint16", "9")), 32773, NULL},
    {"no number", INSTANCE(ID(ASK_VM) PROPERTY("UserSnapshotType", "uint16", "x")), 32773,
     NULL},
    {"nothing to change", INSTANCE(ID(ASK_VM)), 0, NULL},
    {"no id", INSTANCE(PROPERTY("ElementName", "string", "x")), 32773, NULL},
    {"an unknown id",
     INSTANCE(ID("00000000-0000-0000-0000-000000000000")
                  PROPERTY("ElementName", "string", "x")),
     32773, NULL},
    {"another class", "<INSTANCE CLASSNAME=\"Msvm_ComputerSystem\"/>", 32773, NULL},
    {"an unknown property", INSTANCE(ID(ASK_VM) PROPERTY("Colour", "string", "red")),
     32773, NULL},
    {"a scalar for an array", INSTANCE(ID(ASK_VM) PROPERTY("Notes", "string", "x")),
     32773, NULL},
    {"an interval",
     INSTANCE(ID(ASK_VM) PROPERTY("AutomaticStartupActionDelay", "datetime",
                                  "00000000003000.000000:000")),
     0, NULL},
    {"an interval as ISO has it",
     INSTANCE(ID(ASK_VM)
                  PROPERTY("AutomaticStartupActionDelay", "datetime", "P0DT0H30M0S")),
     32768, NULL},
    {"an interval as a string",
     INSTANCE(ID(ASK_VM) PROPERTY("AutomaticStartupActionDelay", "string",
                                  "00000000003000.000000:000")),
     32768, NULL},
    {"a named entity",
     INSTANCE(ID(ASK_FIRST) PROPERTY("ElementName", "string", "a&amp;b")), 32768, NULL},
    {"a read-only property",
     INSTANCE(ID(ASK_VM) PROPERTY("ElementName", "string", "x")
                  PROPERTY("Version", "string", "9.0")),
     4096, WHERE "ElementName='web1'"},
};

static void test_modify(void **state)
{
    const struct modify_case *row = *state;
    struct ask ask;
    char job[37];

    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    check_answer(ask_modify(&ask, row->instance), 0, row->value);
    ask_job(&ask, job);
    ask.now += 2000;
    if (row->query)
        assert_int_equal(ask_count(ask_wql(&ask, row->query), "_Type\""), 1);
    if (row->value == 4096)
        assert_string_equal(ask_between(ask_get(&ask, "Msvm_ConcreteJob", "InstanceID",
                                                job),
                                        "<p:JobState>", "<"),
                            "10");
    ask_close(&ask);
}

/* Only the first element of Notes survives. */
static void test_notes(void **state)
{
    struct ask ask;
    const char *reply;

    (void)state;
    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    ask_modify(&ask, INSTANCE(ID(ASK_FIRST) NOTES("<VALUE>one&#xA;two</VALUE><VALUE>three"
                                                  "</VALUE>")));
    reply = ask_get(&ask, "Msvm_VirtualSystemSettingData", "InstanceID",
                    "Microsoft:" ASK_FIRST);
    assert_string_equal(ask_between(reply, "<p:Notes>", "</p:Notes><p:Parent"),
                        "one\ntwo");
    ask_close(&ask);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(invokes) + COUNT(modifies) + 3] = {
        cmocka_unit_test(test_input_element),
        cmocka_unit_test(test_output),
        cmocka_unit_test(test_notes),
    };

    CASES(tests + 3, invokes, test_invoke);
    CASES(tests + 3 + COUNT(invokes), modifies, test_modify);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
