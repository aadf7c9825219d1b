#include "support/test.h"

#include "hvsim/ask.h"
#include "hvsim/instance.h"

#include <string.h>

/* GetSummaryInformation: typed objects, one for each VM or setting that was asked for. */

#define MANAGEMENT "Msvm_VirtualSystemManagementService"
#define WANT(code) "<p:RequestedInformation>" code "</p:RequestedInformation>"
#define SETTING(id) \
    "<p:SettingData><a:Address>" SIM_ANONYMOUS "</a:Address><a:ReferenceParameters>" \
    "<w:ResourceURI>" ASK_CLASS( \
        "Msvm_VirtualSystemSettingData") "</w:ResourceURI><w:SelectorSet><w:Selector " \
                                         "Name=\"InstanceID\">Microsoft:" id \
                                         "</w:Selector></w:SelectorSet></" \
                                         "a:ReferenceParameters></p:SettingData>"

struct summary_case {
    const char *name;
    const char *parameters;
    size_t entries;
    const char *holds, *lacks; /* or NULL */
};

static const struct summary_case cases[] = {
    {"all VMs", WANT("0") WANT("1") WANT("100"), 5,
     "<p1:ElementName>archive</p1:ElementName><p1:EnabledState>3</p1:EnabledState>",
     NULL},
    {"what was not asked for", WANT("0") WANT("1"), 5,
     "<p1:EnabledState xsi:nil=\"true\"/>", "<p1:EnabledState>"},
    {"nothing asked for", "", 5, "<p1:Name xsi:nil=\"true\"/>", "web1"},
    {"one VM", SETTING(ASK_VM) WANT("0") WANT("3"), 1,
     "<p1:Name>" ASK_VM "</p1:Name><p1:Notes>front end</p1:Notes>", NULL},
    {"a snapshot", SETTING(ASK_FIRST) WANT("0") WANT("1"), 1,
     "<p1:ElementName>fresh install</p1:ElementName>", NULL},
    {"VMs only, of a snapshot", SETTING(ASK_FIRST) WANT("0") WANT("100") WANT("107"), 1,
     "<p1:EnabledState xsi:nil=\"true\"/>", "<p1:Snapshots"},
    {"one that is not there",
     SETTING(ASK_VM) SETTING("00000000-0000-0000-0000-000000000000") WANT("0"), 2,
     "<p1:Name></p1:Name>", NULL},
    {"snapshots", SETTING(ASK_VM) WANT("107"), 1,
     "<p1:Snapshots xmlns:p2=\"" ASK_CLASS(
         "Msvm_VirtualSystemSettingData") "\" "
                                          "xsi:type=\"p2:Msvm_VirtualSystemSettingData_"
                                          "Type\">",
     "<p1:AsynchronousTasks"},
    {"jobs", SETTING(ASK_VM) WANT("108"), 1, "<p2:JobType>70</p2:JobType>",
     "<p1:Snapshots"},
    {"an unknown code", SETTING(ASK_VM) WANT("9999"), 1, NULL, "web1"},
};

static void test_summary(void **state)
{
    const struct summary_case *row = *state;
    struct ask ask;
    const char *reply;

    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    ask_create(&ask, ASK_VM); /* so that there is a job */
    reply = ask_invoke(&ask, MANAGEMENT, "GetSummaryInformation", ASK_MANAGEMENT,
                       row->parameters);
    assert_int_equal(ask_count(reply, "<p:SummaryInformation xmlns:p1=\"" ASK_CLASS(
                                          "Msvm_SummaryInformation") "\" "),
                     row->entries);
    assert_non_null(
        strstr(reply, "<p:ReturnValue>0</p:ReturnValue><p:SummaryInformation "));
    if (row->holds)
        assert_non_null(strstr(reply, row->holds));
    if (row->lacks)
        assert_null(strstr(reply, row->lacks));
    ask_close(&ask);
}

/* A merge goes on behind the job that deleted, and is shown as the VM shows it. */
static void test_merge(void **state)
{
    struct ask ask;
    const char *reply;

    (void)state;
    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    ask_snapshot(&ask, "DestroySnapshot", "AffectedSnapshot", ASK_FIRST);
    ask.now += 2000;
    reply = ask_invoke(&ask, MANAGEMENT, "GetSummaryInformation", ASK_MANAGEMENT,
                       SETTING(ASK_VM) WANT("108") WANT("110"));
    assert_non_null(strstr(reply, "<p2:JobType>50</p2:JobType>"));
    assert_non_null(strstr(reply, "<p1:OperationalStatus>2</p1:OperationalStatus>"
                                  "<p1:OperationalStatus>32772</p1:OperationalStatus>"));
    ask_close(&ask);
}

/* A reader may ask, and a caller without rights may not. */
static void test_rights(void **state)
{
    struct ask ask;

    (void)state;
    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    ask.account = "HVTEST\\hvread";
    assert_non_null(strstr(ask_invoke(&ask, MANAGEMENT, "GetSummaryInformation",
                                      ASK_MANAGEMENT, WANT("1")),
                           "web1"));
    ask.account = "HVTEST\\hvnone";
    assert_non_null(strstr(ask_invoke(&ask, MANAGEMENT, "GetSummaryInformation",
                                      ASK_MANAGEMENT, WANT("1")),
                           "<p:ReturnValue>32769<"));
    ask_close(&ask);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 2] = {cmocka_unit_test(test_rights),
                                                 cmocka_unit_test(test_merge)};

    CASES(tests + 2, cases, test_summary);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
