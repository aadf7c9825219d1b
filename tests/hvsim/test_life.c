#include "support/test.h"

#include "hvsim/ask.h"
#include "hvsim/instance.h"
#include "hvsim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* VMs, snapshots and jobs over time, through the protocol and in the world itself. */

#define SECOND "7C1D8E52-90AF-4E1B-8B6C-3D2F5A6B7C8D"
#define SIBLING "A3E5D7F9-1B2C-4D3E-8F4A-5B6C7D8E9F01"
#define AUTOMATIC "C9B8A7F6-E5D4-4C3B-92A1-0F9E8D7C6B5A"

static void begin(struct ask *ask, const char *scenario, const char *setting)
{
    const char *settings[] = {setting, NULL};
    struct hvs_error err = {0};

    if (ask_open(ask, scenario, settings, &err) < 0)
        fail_msg("%s", err.message);
}

static int value_of(const struct ask *ask)
{
    const char *text = hvs_buf_str(&ask->reply.body);

    return (int)strtol(ask_between(text, "<p:ReturnValue>", "<"), NULL, 10);
}

static const char *job_field(struct ask *ask, const char *job, const char *field)
{
    struct hvs_buf from = HVS_BUF_INIT(256);
    const char *found;

    hvs_buf_printf(&from, "<p:%s>", field);
    found = ask_between(ask_get(ask, "Msvm_ConcreteJob", "InstanceID", job),
                        hvs_buf_str(&from), "</p:");
    hvs_buf_clear(&from);
    return found;
}

static const struct sim_vm *web1(const struct ask *ask)
{
    return ask->host->vms[0];
}

/* How many rows of Msvm_AffectedJobElement a job has, and whether one says "created". */
static size_t rows(struct ask *ask, const char *job, bool *created)
{
    struct hvs_buf query = HVS_BUF_INIT(512);
    const char *reply;

    hvs_buf_printf(&query,
                   "REFERENCES OF {Msvm_ConcreteJob.InstanceID='%s'} WHERE ResultClass = "
                   "Msvm_AffectedJobElement",
                   job);
    reply = ask_wql(ask, hvs_buf_str(&query));
    hvs_buf_clear(&query);
    *created = strstr(reply, "<p:ElementEffects>5<") != NULL;
    return ask_count(reply, "_Type\"");
}

/* From the Invoke to the job's disappearance. */
static void test_create(void **state)
{
    static const struct {
        int64_t at;
        const char *state, *percent;
    } steps[] = {
        {0, "2", "0"},    {100, "3", "0"},   {200, "4", "0"},   {300, "4", "9"},
        {600, "4", "40"}, {1400, "4", "75"}, {1800, "4", "95"}, {2000, "7", "100"},
    };
    struct ask ask;
    int64_t start;
    bool created;
    char job[37];
    size_t i;

    (void)state;
    begin(&ask, NULL, NULL);
    start = ask.now;
    ask_create(&ask, ASK_VM);
    assert_int_equal(value_of(&ask), 4096);
    ask_job(&ask, job);
    for (i = 0; i < COUNT(steps); i++) {
        ask.now = start + steps[i].at;
        assert_string_equal(job_field(&ask, job, "JobState"), steps[i].state);
        assert_string_equal(job_field(&ask, job, "PercentComplete"), steps[i].percent);
        assert_int_equal(rows(&ask, job, &created), steps[i].at < 2000 ? 1 : 2);
        assert_int_equal(created, steps[i].at >= 2000);
        assert_int_equal(web1(&ask)->snapshot_count, steps[i].at < 2000 ? 4 : 5);
    }
    assert_string_equal(web1(&ask)->current->name, "web1 - (1/1/2026 - 1:00:00 AM)");
    assert_string_equal(web1(&ask)->current->parent->id, AUTOMATIC);
    assert_string_equal(web1(&ask)->current->notes, "front end");
    assert_string_equal(web1(&ask)->current->job, job);
    assert_string_equal(job_field(&ask, job, "Owner"), "HVTEST\\hvuser");
    ask.now = start + 2000 + 299999;
    assert_string_equal(job_field(&ask, job, "JobState"), "7");
    ask.now++;
    assert_string_equal(job_field(&ask, job, "JobState"), "");
    rows(&ask, job, &created);
    assert_int_equal(ask.reply.status, 500);
    ask_close(&ask);
}

static void test_busy(void **state)
{
    struct ask ask;

    (void)state;
    begin(&ask, NULL, NULL);
    ask_create(&ask, ASK_VM);
    ask_create(&ask, ASK_VM);
    assert_int_equal(value_of(&ask), 32775);
    ask_snapshot(&ask, "DestroySnapshot", "AffectedSnapshot", ASK_FIRST);
    assert_int_equal(value_of(&ask), 32775);
    ask_create(&ask, "2D9C4B1A-6E5F-4A7B-8C3D-9E0F1A2B3C4D"); /* another VM */
    assert_int_equal(value_of(&ask), 4096);
    assert_non_null(
        strstr(ask_wql(&ask, "SELECT * FROM Msvm_ComputerSystem WHERE Name='" ASK_VM "'"),
               "<p:OperationalStatus>11</p:OperationalStatus><p:OperationalStatus>"
               "32768</p:OperationalStatus>"));
    ask.now += 2000;
    ask_create(&ask, ASK_VM);
    assert_int_equal(value_of(&ask), 4096);
    ask_close(&ask);
}

/* Children move up, the VM with them; then the disks are merged behind everything. */
static void test_destroy(void **state)
{
    struct ask ask;
    const char *reply;

    (void)state;
    begin(&ask, NULL, NULL);
    ask_snapshot(&ask, "DestroySnapshot", "AffectedSnapshot", AUTOMATIC);
    assert_int_equal(value_of(&ask), 4096);
    ask.now += 2000;
    reply = ask_wql(&ask, "SELECT * FROM Msvm_ComputerSystem WHERE Name='" ASK_VM "'");
    assert_string_equal(web1(&ask)->current->id, SECOND);
    assert_non_null(strstr(reply, "<p:OperationalStatus>2</p:OperationalStatus>"
                                  "<p:OperationalStatus>32772</p:OperationalStatus>"));
    assert_int_equal(ask_count(ask_wql(&ask,
                                       "SELECT * FROM Msvm_ConcreteJob WHERE JobType=50"),
                               "_Type\""),
                     1);
    ask_snapshot(&ask, "DestroySnapshot", "AffectedSnapshot", ASK_FIRST);
    assert_int_equal(value_of(&ask), 4096);
    ask.now += 2000;
    ask_wql(&ask, "SELECT * FROM Msvm_ConcreteJob");
    assert_int_equal(web1(&ask)->snapshot_count, 2);
    assert_null(web1(&ask)->snapshots[0]->parent);
    assert_null(web1(&ask)->snapshots[1]->parent);
    ask_close(&ask);
}

static void test_destroy_tree(void **state)
{
    struct ask ask;

    (void)state;
    begin(&ask, NULL, NULL);
    ask_snapshot(&ask, "DestroySnapshotTree", "SnapshotSettingData", SECOND);
    ask.now += 2000;
    ask_wql(&ask, "SELECT * FROM Msvm_ConcreteJob");
    assert_int_equal(web1(&ask)->snapshot_count, 2);
    assert_string_equal(web1(&ask)->current->id, ASK_FIRST);
    assert_string_equal(web1(&ask)->snapshots[1]->id, SIBLING);
    ask_close(&ask);
}

static void change_state(struct ask *ask, int wanted)
{
    char parameters[128];

    snprintf(parameters, sizeof(parameters), "<p:RequestedState>%d</p:RequestedState>",
             wanted);
    ask_invoke(ask, "Msvm_ComputerSystem", "RequestStateChange",
               "<w:Selector Name=\"CreationClassName\">Msvm_ComputerSystem</w:Selector>"
               "<w:Selector Name=\"Name\">" ASK_VM "</w:Selector>",
               parameters);
}

/* A snapshot with memory gives a saved VM, one without a VM that is off. */
static void test_apply(void **state)
{
    struct ask ask;

    (void)state;
    begin(&ask, NULL, NULL);
    ask_snapshot(&ask, "ApplySnapshot", "Snapshot", ASK_FIRST);
    assert_int_equal(value_of(&ask), 32775);
    change_state(&ask, SIM_OFF);
    assert_non_null(
        strstr(ask_wql(&ask, "SELECT * FROM Msvm_ComputerSystem WHERE Name='" ASK_VM "'"),
               "<p:EnabledState>4<"));
    ask.now += 2000;
    ask_snapshot(&ask, "ApplySnapshot", "Snapshot", ASK_FIRST);
    assert_int_equal(value_of(&ask), 4096);
    ask.now += 2000;
    ask_snapshot(&ask, "ClearSnapshotState", "SnapshotSettingData", ASK_FIRST);
    assert_int_equal(web1(&ask)->state, SIM_SAVED);
    assert_string_equal(web1(&ask)->current->id, ASK_FIRST);
    assert_string_equal(web1(&ask)->applied->id, ASK_FIRST);
    ask.now += 2000;
    ask_snapshot(&ask, "ApplySnapshot", "Snapshot", ASK_FIRST);
    ask.now += 2000;
    ask_wql(&ask, "SELECT * FROM Msvm_ConcreteJob");
    assert_int_equal(web1(&ask)->state, SIM_OFF);
    assert_string_equal(web1(&ask)->name, "web1");
    ask_close(&ask);
}

static const char *stop(struct ask *ask, const char *job, const char *parameters)
{
    struct hvs_buf selector = HVS_BUF_INIT(256);
    const char *reply;

    hvs_buf_printf(&selector, "<w:Selector Name=\"InstanceID\">%s</w:Selector>", job);
    reply = ask_invoke(ask, "Msvm_ConcreteJob", "RequestStateChange",
                       hvs_buf_str(&selector), parameters);
    hvs_buf_clear(&selector);
    return reply;
}

static void test_cancel(void **state)
{
    struct ask ask;
    char job[37];

    (void)state;
    begin(&ask, NULL, "early-snapshot=on");
    ask_create(&ask, ASK_VM);
    ask_job(&ask, job);
    assert_int_equal(web1(&ask)->snapshot_count, 5);
    ask.now += 600;
    stop(&ask, job,
         "<p:RequestedState>4</p:RequestedState><p:TimeoutPeriod><cim:Interval "
         "xmlns:cim=\"" SIM_NS_CIM "\">P0DT0H1M0S</cim:Interval>"
         "</p:TimeoutPeriod>");
    assert_int_equal(value_of(&ask), 4098);
    stop(&ask, job, "<p:RequestedState>9</p:RequestedState>");
    assert_int_equal(value_of(&ask), 5);
    stop(&ask, job, "<p:RequestedState>4</p:RequestedState>");
    assert_int_equal(value_of(&ask), 0);
    assert_string_equal(job_field(&ask, job, "JobState"), "8");
    assert_string_equal(job_field(&ask, job, "PercentComplete"), "40");
    assert_int_equal(web1(&ask)->snapshot_count, 4);
    assert_null(web1(&ask)->busy);
    stop(&ask, job, "<p:RequestedState>5</p:RequestedState>");
    assert_int_equal(value_of(&ask), 4097);
    ask_close(&ask);
}

static void test_automatic(void **state)
{
    struct ask ask;

    (void)state;
    begin(&ask,
          "{\"hosts\":[{\"name\":\"H\",\"duration_ms\":0,\"vms\":[{\"name\":\"a\",\"id\":"
          "\"" ASK_VM "\",\"state\":\"off\",\"automatic_snapshots\":true}]}]}",
          NULL);
    change_state(&ask, SIM_RUNNING);
    ask_wql(&ask, "SELECT * FROM Msvm_ConcreteJob");
    assert_int_equal(web1(&ask)->snapshot_count, 1);
    change_state(&ask, SIM_OFF);
    ask_wql(&ask, "SELECT * FROM Msvm_ConcreteJob");
    assert_int_equal(web1(&ask)->snapshot_count, 0);
    change_state(&ask, SIM_RUNNING);
    ask_wql(&ask, "SELECT * FROM Msvm_ConcreteJob");
    assert_int_equal(web1(&ask)->state, SIM_RUNNING);
    assert_int_equal(web1(&ask)->snapshot_count, 1);
    assert_true(web1(&ask)->snapshots[0]->automatic);
    assert_string_equal(web1(&ask)->snapshots[0]->name,
                        "Automatic Checkpoint - a - (1/1/2026 - 12:00:00 AM)");
    ask_close(&ask);
}

static void test_names(void **state)
{
    static const struct {
        const char *locale, *name;
    } cases[] = {
        {"de-DE", "a - (31.12.2025 - 19:00:00)"},
        {"ja-JP", "a - (2025/12/31 - 19:00:00)"},
        {"en-US", "a - (12/31/2025 - 7:00:00 PM)"},
    };
    struct hvs_buf scenario = HVS_BUF_INIT(1024);
    struct ask ask;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        hvs_buf_printf(
            &scenario,
            "{\"hosts\":[{\"name\":\"H\",\"locale\":\"%s\",\"utc_offset\":-300,"
            "\"duration_ms\":0,\"vms\":[{\"name\":\"a\",\"id\":\"" ASK_VM "\"}]}]}",
            cases[i].locale);
        begin(&ask, hvs_buf_str(&scenario), NULL);
        ask_create(&ask, ASK_VM);
        ask.now += 900;
        ask_create(&ask, ASK_VM); /* in the same second, so of the same name */
        ask_wql(&ask, "SELECT * FROM Msvm_ConcreteJob");
        assert_int_equal(web1(&ask)->snapshot_count, 2);
        assert_string_equal(web1(&ask)->snapshots[0]->name, cases[i].name);
        assert_string_equal(web1(&ask)->snapshots[1]->name, cases[i].name);
        ask_close(&ask);
        hvs_buf_clear(&scenario);
    }
}

/* Many rounds within the time that jobs are kept: each is found at once. */
enum { ROUNDS = 2000 };

static void test_many(void **state)
{
    char id[37];
    struct ask ask;
    int i;

    (void)state;
    begin(&ask, NULL, NULL);
    ask.host->vms[4]->duration_ms = 0;
    for (i = 0; i < ROUNDS; i++) {
        ask.now += 1;
        ask_create(&ask, ask.host->vms[4]->id);
        assert_int_equal(value_of(&ask), 4096);
        ask_job(&ask, id);
        assert_string_equal(job_field(&ask, id, "JobState"), "7");
        ask_snapshot(&ask, "DestroySnapshot", "AffectedSnapshot",
                     ask.host->vms[4]->snapshots[0]->id);
        assert_int_equal(value_of(&ask), 4096);
    }
    /* the last destruction is still to be noticed; a merge goes on behind the others */
    assert_in_range(ask.host->ended_count, 2 * ROUNDS - 1, 2 * ROUNDS + 1);
    ask.now += 400000;
    ask_wql(&ask, "SELECT * FROM Msvm_ConcreteJob");
    assert_in_range(ask.host->ended_count, 0, 2);
    ask_close(&ask);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create),  cmocka_unit_test(test_busy),
        cmocka_unit_test(test_destroy), cmocka_unit_test(test_destroy_tree),
        cmocka_unit_test(test_apply),   cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_names),   cmocka_unit_test(test_automatic),
        cmocka_unit_test(test_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
