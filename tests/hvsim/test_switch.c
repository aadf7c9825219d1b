#include "support/test.h"

#include "hvsim/instance.h"
#include "hvsim/switch_case.h"
#include "hvsim/world.h"

#include <stdlib.h>

/* The switches of what is done, both ways. */

#define SETTING(id) "Msvm_VirtualSystemSettingData", "InstanceID", "Microsoft:" id
#define RENAME(value) \
    "<INSTANCE CLASSNAME=\"Msvm_VirtualSystemSettingData\"><PROPERTY " \
    "NAME=\"InstanceID\" " \
    "TYPE=\"string\"><VALUE>Microsoft:" ASK_FIRST "</VALUE></PROPERTY><PROPERTY " \
    "NAME=\"ElementName\" TYPE=\"string\"><VALUE>" value \
    "</VALUE></PROPERTY></INSTANCE>"

static const char *get_first(struct ask *ask)
{
    return ask_get(ask, SETTING(ASK_FIRST));
}

static const char *get_nothing(struct ask *ask)
{
    return ask_get(ask, "Msvm_ConcreteJob", "InstanceID", ASK_VM);
}

static const char *create(struct ask *ask)
{
    return ask_create(ask, ASK_VM);
}

static const char *apply_running(struct ask *ask)
{
    return ask_snapshot(ask, "ApplySnapshot", "Snapshot", ASK_FIRST);
}

static const char *job_of(struct ask *ask, int64_t wait)
{
    char job[37];

    ask_job(ask, job);
    ask->now += wait;
    return ask_get(ask, "Msvm_ConcreteJob", "InstanceID", job);
}

static const char *apply_running_job(struct ask *ask)
{
    apply_running(ask);
    return job_of(ask, 2000);
}

static const char *create_twice(struct ask *ask)
{
    create(ask);
    return create(ask);
}

static const char *create_twice_job(struct ask *ask)
{
    create_twice(ask);
    return job_of(ask, 2000);
}

static const char *done_job(struct ask *ask)
{
    create(ask);
    return job_of(ask, 2000);
}

static const char *old_job(struct ask *ask)
{
    create(ask);
    return job_of(ask, 100000);
}

/* RequestStateChange of the job of a create: the reply, or the job so much later. */
static const char *stop_job(struct ask *ask, const char *state, int64_t wait)
{
    struct hvs_buf selector = HVS_BUF_INIT(256), value = HVS_BUF_INIT(256);
    const char *reply;
    char job[37];

    create(ask);
    ask_job(ask, job);
    ask->now += 500;
    hvs_buf_printf(&selector, "<w:Selector Name=\"InstanceID\">%s</w:Selector>", job);
    hvs_buf_printf(&value, "<p:RequestedState>%s</p:RequestedState>", state);
    reply = ask_invoke(ask, "Msvm_ConcreteJob", "RequestStateChange",
                       hvs_buf_str(&selector), hvs_buf_str(&value));
    hvs_buf_clear(&selector);
    hvs_buf_clear(&value);
    if (wait < 0)
        return reply;
    ask->now += wait;
    return ask_get(ask, "Msvm_ConcreteJob", "InstanceID", job);
}

static const char *terminate(struct ask *ask)
{
    return stop_job(ask, "4", -1);
}

static const char *terminated(struct ask *ask)
{
    return stop_job(ask, "4", 0);
}

static const char *terminated_later(struct ask *ask)
{
    return stop_job(ask, "4", 2000);
}

static const char *killed(struct ask *ask)
{
    return stop_job(ask, "5", 0);
}

static const char *rows_at_once(struct ask *ask)
{
    create(ask);
    ask->now += 2000;
    return ask_wql(ask, "SELECT * FROM Msvm_AffectedJobElement");
}

static const char *list_early(struct ask *ask)
{
    create(ask);
    return ask_wql(ask, "SELECT * FROM Msvm_VirtualSystemSettingData WHERE "
                        "VirtualSystemIdentifier='" ASK_VM "'");
}

static const char *destroy_first(struct ask *ask)
{
    ask_snapshot(ask, "DestroySnapshot", "AffectedSnapshot", ASK_FIRST);
    ask->now += 2000;
    return list_early(ask);
}

static const char *no_selectors(struct ask *ask)
{
    return ask_invoke(ask, "Msvm_VirtualSystemSnapshotService", "StartService", "", "");
}

static const char *modify(struct ask *ask)
{
    return ask_modify(ask, RENAME("renamed"));
}

static const char *modified(struct ask *ask)
{
    modify(ask);
    return get_first(ask);
}

static const char *modified_later(struct ask *ask)
{
    modify(ask);
    ask->now += 2000;
    return get_first(ask);
}

static const char *wrapped(struct ask *ask)
{
    return ask_invoke(
        ask, "Msvm_VirtualSystemSnapshotService", "CreateSnapshot", ASK_SERVICE,
        "<p:AffectedSystem><a:EndpointReference><a:ReferenceParameters><w:"
        "ResourceURI>" ASK_CLASS(
            "Msvm_ComputerSystem") "</w:ResourceURI><w:SelectorSet><w:Selector "
                                   "Name=\"Name\">" ASK_VM
                                   "</w:Selector></w:SelectorSet></a:ReferenceParameters>"
                                   "</a:EndpointReference></"
                                   "p:AffectedSystem><p:SnapshotType>2</p:SnapshotType>");
}

static const char *entities(struct ask *ask)
{
    return ask_modify(ask, RENAME("a&amp;b&lt;c"));
}

static const char *quotes(struct ask *ask)
{
    return ask_modify(ask, RENAME("&quot;a&apos;"));
}

static const char *escaped(struct ask *ask)
{
    struct hvs_buf text = HVS_BUF_INIT(4096);
    const char *reply;

    hvs_buf_puts(&text, "<p:SystemSettings>");
    sim_xml_add(&text, RENAME("b"));
    hvs_buf_puts(&text, "</p:SystemSettings>");
    reply = ask_invoke(ask, "Msvm_VirtualSystemManagementService", "ModifySystemSettings",
                       ASK_MANAGEMENT, hvs_buf_str(&text));
    hvs_buf_clear(&text);
    return reply;
}

static const char *read_only(struct ask *ask)
{
    return ask_modify(ask,
                      "<INSTANCE CLASSNAME=\"Msvm_VirtualSystemSettingData\"><PROPERTY "
                      "NAME=\"InstanceID\" TYPE=\"string\"><VALUE>Microsoft:" ASK_FIRST
                      "</VALUE></PROPERTY><PROPERTY NAME=\"Version\" TYPE=\"string\">"
                      "<VALUE>9.0</VALUE></PROPERTY></INSTANCE>");
}

static const char *unknown_instance(struct ask *ask)
{
    return ask_modify(ask,
                      "<INSTANCE CLASSNAME=\"Msvm_VirtualSystemSettingData\"><PROPERTY "
                      "NAME=\"InstanceID\" TYPE=\"string\"><VALUE>Microsoft:x</VALUE>"
                      "</PROPERTY></INSTANCE>");
}

static const struct switch_case cases[] = {
    {"apply-running=32775", apply_running, "<p:ReturnValue>32775<", NULL},
    {"apply-running=job", apply_running, "<p:ReturnValue>4096<", NULL},
    {"[job] apply-running=job", apply_running_job, "<p:ErrorCode>32775<", NULL},
    {"busy=32775", create_twice, "<p:ReturnValue>32775<", NULL},
    {"busy=32774", create_twice, "<p:ReturnValue>32774<", NULL},
    {"busy=job", create_twice, "<p:ReturnValue>4096<", NULL},
    {"[job] busy=job", create_twice_job, "<p:ErrorCode>32775<", NULL},
    {"create-row-lag=0", rows_at_once, "<p:ElementEffects>5<", NULL},
    {"create-row-lag=500", rows_at_once, "<p:ElementEffects>0<", "<p:ElementEffects>5<"},
    {"destroy-children=keep", destroy_first, "<p:ElementName>try nginx<",
     "fresh install"},
    {"destroy-children=destroy", destroy_first, "web1", "<p:ElementName>try nginx<"},
    {"done-error-code=0", done_job, "<p:ErrorCode>0<", NULL},
    {"done-error-code=1", done_job, "<p:ErrorCode>32768<", "<p:JobState>10<"},
    {"early-snapshot=off", list_early, NULL, "<p:ElementName>web1 - (1/1/2026"},
    {"early-snapshot=on", list_early, "<p:ElementName>web1 - (1/1/2026", NULL},
    {"invoke-no-selectors=wmi", no_selectors, "2147749935", NULL},
    {"invoke-no-selectors=internal-error", no_selectors, "w:InternalError", "2147749935"},
    {"job-retention=300", old_job, "<p:JobState>7<", NULL},
    {"job-retention=60", old_job, "a:DestinationUnreachable", NULL},
    {"job-stop=done", terminate, "<p:ReturnValue>0<", NULL},
    {"[then] job-stop=done", terminated, "<p:JobState>8<", NULL},
    {"[killed] job-stop=done", killed, "<p:JobState>9<", NULL},
    {"job-stop=slow", terminate, "<p:ReturnValue>4096<", NULL},
    {"[then] job-stop=slow", terminated, "<p:JobState>6<", NULL},
    {"[later] job-stop=slow", terminated_later, "<p:JobState>8<", NULL},
    {"[killed] job-stop=slow", killed, "<p:JobState>9<", NULL},
    {"job-stop=kill", terminate, "<p:ReturnValue>1<", NULL},
    {"[then] job-stop=kill", terminated, "<p:JobState>4<", NULL},
    {"[killed] job-stop=kill", killed, "<p:JobState>9<", NULL},
    {"missing-instance=provider-fault", get_nothing, "a:DestinationUnreachable", NULL},
    {"missing-instance=wmi-error", get_nothing, "HRESULT 0x80041002", NULL},
    {"modify=done", modified, "<p:ElementName>renamed<", NULL},
    {"modify=job", modify, "<p:ReturnValue>4096<", NULL},
    {"[before] modify=job", modified, "<p:ElementName>fresh install<", NULL},
    {"[after] modify=job", modified_later, "<p:ElementName>renamed<", NULL},
    {"modify=unchanged", modify, "<p:ReturnValue>0<", NULL},
    {"[after] modify=unchanged", modified_later, "<p:ElementName>fresh install<", NULL},
    {"ref-wrapper=refuse", wrapped, "w:SchemaValidationError", NULL},
    {"ref-wrapper=accept", wrapped, "<p:ReturnValue>4096<", NULL},

    {"embedded-entities=refuse", entities, "<p:ReturnValue>32768<", NULL},
    {"embedded-entities=decode", entities, "<p:ReturnValue>0<", NULL},
    {"embedded-escaped=accept", escaped, "<p:ReturnValue>0<", NULL},
    {"embedded-escaped=refuse", escaped, "<p:ReturnValue>32773<", NULL},
    {"embedded-quotes=refuse", quotes, "<p:ReturnValue>32768<", NULL},
    {"embedded-quotes=decode", quotes, "<p:ReturnValue>0<", NULL},
    {"embedded-read-only=fail", read_only, "<p:ReturnValue>4096<", NULL},
    {"embedded-read-only=ignore", read_only, "<p:ReturnValue>0<", NULL},
    {"unknown-instance=32773", unknown_instance, "<p:ReturnValue>32773<", NULL},
    {"unknown-instance=32768", unknown_instance, "<p:ReturnValue>32768<", NULL},
};

static void test_refused(void **state)
{
    static const char *const wrong[] = {"cbt",           "cbt=",       "cbt=loose",
                                        "CBT=none",      "colour=red", "operations=many",
                                        "operations=-1", "=on",        "context-idle=",
                                        "busy=3277"};
    struct sim_switch_row row;
    struct ask ask;
    size_t i;

    (void)state;
    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    for (i = 0; i < COUNT(wrong); i++) {
        struct hvs_error err = {0};

        assert_int_equal(sim_world_set(ask.world, wrong[i], &err), -1);
        assert_string_equal(hvs_domain_name(err.domain), "usage");
    }
    for (i = 0; sim_switch_row(i, &row); i++)
        assert_int_equal(sim_switch_find(row.name), i);
    assert_int_equal(i, SW_COUNT);
    assert_string_equal(sim_world_switch(ask.world, "cbt"), "relaxed");
    assert_string_equal(sim_world_switch(ask.world, "schemes"), "");
    assert_int_equal(sim_world_set(ask.world, "schemes=Basic", NULL), 0);
    assert_string_equal(sim_world_switch(ask.world, "schemes"), "Basic");
    ask_close(&ask);
}

static void test_all(void **state)
{
    (void)state;
    check_all_tried(cases, COUNT(cases), SW_APPLY_RUNNING, SW_UNKNOWN_INSTANCE);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 2] = {
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_refused),
    };

    CASES(tests + 2, cases, test_switch);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
