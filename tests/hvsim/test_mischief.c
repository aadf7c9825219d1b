#include "support/test.h"

#include "hvsim/ask.h"
#include "hvsim/mischief.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rules as they are written. */
struct spec_case {
    const char *name; /* the rule itself */
    uint64_t number;  /* all 0: it is refused */
    const char *kind;
    long nth;
    enum sim_deed deed;
    enum sim_mischief mischief;
    int64_t ms;
    int value;
};

#define HTTP(what) SIM_DEED_HTTP, what

static const struct spec_case specs[] = {
    {"3:reset-read", 3, NULL, 1, HTTP(SIM_RESET_READ), 0, 0},
    {"login:status=503", 0, "login", 1, HTTP(SIM_STATUS), 0, 503},
    {"login#2:refuse", 0, "login", 2, HTTP(SIM_REFUSE), 0, 0},
    {"Get#*:late=250", 0, "Get", 0, HTTP(SIM_LATE), 250, 0},
    {"Pull:drip=5:100", 0, "Pull", 1, HTTP(SIM_DRIP), 5, 100},
    {"Get:reset-within=17", 0, "Get", 1, HTTP(SIM_RESET_WITHIN), 0, 17},
    {"CreateSnapshot:late-act=1000", 0, "CreateSnapshot", 1, HTTP(SIM_LATE_ACT), 1000, 0},
    {"Get:fault=0x80338029", 0, "Get", 1, SIM_DEED_FAULT, SIM_NONE, 0, (int)0x80338029},
    {"Get:return=32775", 0, "Get", 1, SIM_DEED_RETURN, SIM_NONE, 0, 32775},
    {"Get:vm-moved", 0, "Get", 1, SIM_DEED_VM_MOVED, SIM_NONE, 0, 0},
    {"Get:clock-back=5000", 0, "Get", 1, SIM_DEED_CLOCK_BACK, SIM_NONE, 0, 5000},
    {"Get:same-apply", 0, "Get", 1, SIM_DEED_ADMIN_APPLY, SIM_NONE, 0, 0},
    {"Get:same-type=2", 0, "Get", 1, SIM_DEED_ADMIN_TYPE, SIM_NONE, 0, 2},
    {"Get:same-", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"Get:same-late", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"Get:clock-back", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"Get", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {":html", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"Get:", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"Get:explode", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"Get:late=soon", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"Get:late=1:", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"Get:late=1x", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"Get:late=-1", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"Get#0:html", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"Get#x:html", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"0:html", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"Get:status", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
    {"Get:fault", 0, NULL, 0, SIM_DEED_HTTP, SIM_NONE, 0, 0},
};

static void test_spec(void **state)
{
    const struct spec_case *row = *state;
    bool good = row->number || row->kind;
    struct hvs_error err = {0};
    struct sim_rule rule;
    int64_t ms;
    int value;

    assert_int_equal(sim_rule_parse(&rule, row->name, &err), good ? 0 : -1);
    if (good) {
        assert_int_equal(rule.number, row->number);
        if (row->kind)
            assert_string_equal(rule.kind, row->kind);
        assert_int_equal(rule.nth, row->nth);
        assert_int_equal(rule.deed, row->deed);
        assert_int_equal(rule.mischief, row->mischief);
        sim_rule_numbers(&rule, &ms, &value);
        assert_int_equal(ms, row->ms);
        assert_int_equal(value, row->value);
    } else {
        assert_err(&err, HVS_USAGE, "fault '");
    }
    sim_rule_clear(&rule);
}

/* What each mischief does to a CreateSnapshot: is it done, and is there a reply? */
struct deed_case {
    const char *name;
    const char *rule;
    enum sim_mischief mischief;
    bool done;
    const char *reply; /* a part of it; NULL: none */
};

static const struct deed_case deeds[] = {
    {"reset before", "fault=CreateSnapshot:reset-before", SIM_RESET_BEFORE, false, NULL},
    {"reset when read", "fault=CreateSnapshot:reset-read", SIM_RESET_READ, false, NULL},
    {"reset after", "fault=CreateSnapshot:reset-after", SIM_RESET_AFTER, true, "4096"},
    {"reset within", "fault=CreateSnapshot:reset-within", SIM_RESET_WITHIN, true, "4096"},
    {"late", "fault=CreateSnapshot:late=10", SIM_LATE, true, "4096"},
    {"hang", "fault=CreateSnapshot:hang", SIM_HANG, true, "4096"},
    {"drip", "fault=CreateSnapshot:drip=1", SIM_DRIP, true, "4096"},
    {"truncate", "fault=CreateSnapshot:truncate", SIM_TRUNCATE, true, "4096"},
    {"garbage", "fault=CreateSnapshot:garbage", SIM_GARBAGE, true, "4096"},
    {"HTML", "fault=CreateSnapshot:html", SIM_HTML, false, NULL},
    {"status", "fault=CreateSnapshot:status=503", SIM_STATUS, false, NULL},
    {"a fault", "fault=CreateSnapshot:fault=0x80338029", SIM_NONE, false, "w:TimedOut"},
    {"an unknown fault", "fault=CreateSnapshot:fault=0x80041006", SIM_NONE, false,
     "Code=\"2147749894\""},
    {"a return value", "fault=CreateSnapshot:return=32775", SIM_NONE, false, "32775"},
    {"another message", "fault=CreateSnapshot:wrong-relates-to", SIM_NONE, true,
     "00000000-0000-4000-8000-00000000BAD0</a:RelatesTo>"},
    {"for another", "fault=CreateSnapshot#2:return=32775", SIM_NONE, true, "4096"},
    {"for all", "fault=CreateSnapshot#*:return=32775", SIM_NONE, false, "32775"},
    {"in another case", "fault=createsnapshot:return=32775", SIM_NONE, false, "32775"},
    {"the VM moves", "fault=CreateSnapshot:vm-moved", SIM_NONE, false, "32773"},
    {"somebody else is first", "fault=CreateSnapshot:admin-create", SIM_NONE, true,
     "32775"},
};

static void test_deed(void **state)
{
    const struct deed_case *row = *state;
    const char *settings[] = {row->rule, NULL};
    struct ask ask;
    const char *reply;

    assert_int_equal(ask_open(&ask, NULL, settings, NULL), 0);
    reply = ask_create(&ask, ASK_VM);
    assert_int_equal(ask.reply.mischief, row->mischief);
    assert_int_equal(ask.reply.body.len > 0, row->reply != NULL);
    if (row->reply)
        assert_non_null(strstr(reply, row->reply));
    if (row->mischief == SIM_STATUS)
        assert_int_equal(ask.reply.value, 503);
    reply = ask_wql(&ask, "SELECT * FROM Msvm_ConcreteJob");
    assert_int_equal(ask_count(reply, "_Type\""), row->done);
    ask_close(&ask);
}

/* It is done later, once, whether anybody asks by then or much later. */
static void test_late_act(void **state)
{
    const char *settings[] = {"fault=CreateSnapshot:late-act=5000", NULL};
    const char *reply;
    struct ask ask;

    (void)state;
    assert_int_equal(ask_open(&ask, NULL, settings, NULL), 0);
    ask_create(&ask, ASK_VM);
    assert_int_equal(ask.reply.mischief, SIM_LATE_ACT);
    assert_int_equal(ask.reply.ms, 5000);
    ask.now += 4999;
    reply = ask_wql(&ask, "SELECT * FROM Msvm_ConcreteJob");
    assert_int_equal(ask_count(reply, "_Type\""), 0);
    ask.now += 10001;
    reply = ask_wql(&ask, "SELECT * FROM Msvm_ConcreteJob");
    assert_int_equal(ask_count(reply, "_Type\""), 1);
    assert_string_equal(ask_between(reply, "<p:StartTime><cim:Datetime>", "<"),
                        "2026-01-01T00:00:05Z");
    assert_string_equal(ask_between(reply, "<p:JobState>", "<"), "7");
    ask_close(&ask);
}

/* By number: the front asks before it reads, and the rest comes with the answer. */
static void test_by_number(void **state)
{
    const char *settings[] = {"fault=2:html", "fault=3:truncate", "fault=login:late=7",
                              "fault=3:admin-off", NULL};
    struct ask ask;
    int64_t ms = 0;
    int value = 0;

    (void)state;
    assert_int_equal(ask_open(&ask, NULL, settings, NULL), 0);
    assert_int_equal(sim_host_before(ask.host, "login", &ms, &value), SIM_LATE);
    assert_int_equal(ms, 7);
    assert_int_equal(sim_host_before(ask.host, "request", &ms, &value), SIM_HTML);
    assert_int_equal(sim_host_before(ask.host, "request", &ms, &value), SIM_NONE);
    ask_wql(&ask, "SELECT * FROM Msvm_ComputerSystem WHERE Name='" ASK_VM "'");
    assert_int_equal(ask.reply.mischief, SIM_TRUNCATE);
    assert_non_null(strstr(hvs_buf_str(&ask.reply.body), "<p:EnabledState>4<"));
    assert_int_equal(sim_host_before(ask.host, "request", &ms, &value), SIM_NONE);
    ask_wql(&ask, "SELECT * FROM Msvm_ComputerSystem");
    assert_int_equal(ask.reply.mischief, SIM_NONE);
    ask_close(&ask);
}

struct job_case {
    const char *name;
    const char *rule;
    const char *state, *code;
    bool made;
};

static const struct job_case jobs[] = {
    {"fails", "fault=CreateSnapshot:job-fail", "10", "32768", false},
    {"fails with a code", "fault=CreateSnapshot:job-fail=32774", "10", "32774", false},
    {"fails with an HRESULT", "fault=CreateSnapshot:job-fail=0x80070005", "10", "32768",
     false},
    {"warns", "fault=CreateSnapshot:job-warn", "32768", "0", true},
    {"is stuck", "fault=CreateSnapshot:job-stuck=9", "4", "0", false},
};

static void test_job(void **state)
{
    const struct job_case *row = *state;
    const char *settings[] = {row->rule, NULL};
    struct ask ask;
    const char *reply;
    char job[37];

    assert_int_equal(ask_open(&ask, NULL, settings, NULL), 0);
    ask_create(&ask, ASK_VM);
    ask_job(&ask, job);
    ask.now += 3000;
    reply = ask_get(&ask, "Msvm_ConcreteJob", "InstanceID", job);
    assert_string_equal(ask_between(reply, "<p:JobState>", "<"), row->state);
    assert_string_equal(ask_between(reply, "<p:ErrorCode>", "<"), row->code);
    reply = ask_wql(&ask, "SELECT * FROM Msvm_VirtualSystemSettingData WHERE "
                          "VirtualSystemIdentifier='" ASK_VM "'");
    assert_int_equal(ask_count(reply, "_Type\""), row->made ? 6 : 5);
    ask_close(&ask);
}

/* A restart of the service takes the jobs along, and what they would have done. */
static void test_restart(void **state)
{
    const char *settings[] = {"early-snapshot=on", "fault=Get:vmms-restart", NULL};
    struct ask ask;
    const char *reply;
    char job[37];

    (void)state;
    assert_int_equal(ask_open(&ask, NULL, settings, NULL), 0);
    ask_create(&ask, ASK_VM);
    ask_job(&ask, job);
    ask_get(&ask, "Msvm_ConcreteJob", "InstanceID", job);
    assert_int_equal(ask.reply.status, 500);
    ask.now += 3000;
    reply = ask_wql(&ask, "SELECT * FROM Msvm_VirtualSystemSettingData WHERE "
                          "VirtualSystemIdentifier='" ASK_VM "'");
    assert_int_equal(ask_count(reply, "_Type\""), 5);
    ask_create(&ask, ASK_VM);
    assert_non_null(strstr(hvs_buf_str(&ask.reply.body), "4096"));
    ask_close(&ask);
}

/* What a second administrator does before a request, seen by that request. */
struct rival_case {
    const char *name;
    const char *rule;
    const char *query, *holds;
};

#define SNAPSHOTS \
    "SELECT * FROM Msvm_VirtualSystemSettingData WHERE VirtualSystemIdentifier='" ASK_VM \
    "'"

static const struct rival_case rivals[] = {
    {"renames", "fault=Enumerate:admin-rename", SNAPSHOTS, "renamed by a rival"},
    {"sets the kind", "fault=Enumerate:admin-type=2", SNAPSHOTS,
     "<p:UserSnapshotType>2</p:UserSnapshotType>"},
    {"turns off", "fault=Enumerate:admin-off",
     "SELECT * FROM Msvm_ComputerSystem WHERE Name='" ASK_VM "'", "<p:EnabledState>4<"},
    {"destroys", "fault=Enumerate:admin-destroy",
     "SELECT * FROM Msvm_ConcreteJob WHERE JobType=72", "<p:Owner>HVTEST\\rival<"},
    {"takes one", "fault=Enumerate:admin-create",
     "SELECT * FROM Msvm_ConcreteJob WHERE JobType=70", "<p:Owner>HVTEST\\rival<"},
    {"takes one with our account", "fault=Enumerate:same-create",
     "SELECT * FROM Msvm_ConcreteJob WHERE JobType=70", "<p:Owner>HVTEST\\hvuser<"},
};

static void test_rival(void **state)
{
    const struct rival_case *row = *state;
    const char *settings[] = {row->rule, NULL};
    struct ask ask;

    assert_int_equal(ask_open(&ask, NULL, settings, NULL), 0);
    assert_non_null(strstr(ask_wql(&ask, row->query), row->holds));
    ask_close(&ask);
}

/* He has the VM go back: to a running one, which makes a job that fails here. */
static void test_apply(void **state)
{
    const char *settings[] = {"apply-running=job", "fault=Enumerate:admin-apply", NULL};
    struct ask ask;
    const char *reply;

    (void)state;
    assert_int_equal(ask_open(&ask, NULL, settings, NULL), 0);
    reply = ask_wql(&ask, "SELECT * FROM Msvm_ConcreteJob WHERE JobType=71");
    assert_string_equal(ask_between(reply, "<p:Owner>", "<"), "HVTEST\\rival");
    ask_close(&ask);
}

/* The clock is set: what was written down stays, what comes bears the new time, and a job
 * takes no longer. */
static void test_clock(void **state)
{
    const char *settings[] = {"fault=Get#2:clock-back=3600000",
                              "fault=Get#4:clock-forward=7200000", NULL};
    struct ask ask;
    const char *reply;
    char job[37];

    (void)state;
    assert_int_equal(ask_open(&ask, NULL, settings, NULL), 0);
    ask_create(&ask, ASK_VM);
    ask_job(&ask, job);
    ask_get(&ask, "Msvm_ConcreteJob", "InstanceID", job);
    assert_int_equal(sim_host_clock(ask.host), ask.now);
    reply = ask_get(&ask, "Msvm_ConcreteJob", "InstanceID", job);
    assert_int_equal(sim_host_clock(ask.host), ask.now - 3600000);
    assert_string_equal(ask_between(reply, "<p:TimeSubmitted><cim:Datetime>", "<"),
                        "2026-01-01T00:00:00Z");
    assert_string_equal(ask_between(reply, "<p:JobState>", "<"), "2");
    ask.now += 3000;
    reply = ask_get(&ask, "Msvm_ConcreteJob", "InstanceID", job);
    assert_string_equal(ask_between(reply, "<p:JobState>", "<"), "7");
    assert_string_equal(ask_between(reply, "<p:TimeOfLastStateChange><cim:Datetime>",
                                    "<"),
                        "2025-12-31T23:00:02Z");
    reply = ask_get(&ask, "Msvm_ConcreteJob", "InstanceID", job);
    assert_int_equal(sim_host_clock(ask.host), ask.now + 3600000);
    assert_string_equal(ask_between(reply, "<p:ElapsedTime><cim:Interval>", "<"),
                        "P0DT0H0M2S");
    ask_close(&ask);
}

/* A tree that is destroyed in part: with an error, or as if all were well. */
static void test_part(void **state)
{
    static const char *const rules[] = {"fault=DestroySnapshotTree:job-part",
                                        "fault=DestroySnapshotTree:job-part=0"};
    static const char *const states[] = {"10", "7"};
    const char *reply;
    struct ask ask;
    char job[37];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rules); i++) {
        const char *settings[] = {rules[i], NULL};

        assert_int_equal(ask_open(&ask, NULL, settings, NULL), 0);
        ask_snapshot(&ask, "DestroySnapshotTree", "SnapshotSettingData", ASK_FIRST);
        ask_job(&ask, job);
        ask.now += 3000;
        reply = ask_get(&ask, "Msvm_ConcreteJob", "InstanceID", job);
        assert_string_equal(ask_between(reply, "<p:JobState>", "<"), states[i]);
        reply = ask_wql(&ask, SNAPSHOTS);
        assert_int_equal(ask_count(reply, "_Type\""), 4);
        assert_non_null(strstr(reply, ASK_FIRST));
        ask_close(&ask);
    }
}

/* The manual names every word. */
static void check_manual(const char *word)
{
    static char text[100000];
    char path[500];
    const char *at;
    FILE *file;

    if (!getenv("SRCDIR"))
        return;
    snprintf(path, sizeof(path), "%s/docs/hvsim.1", getenv("SRCDIR"));
    file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    for (at = strstr(text, word); at; at = strstr(at + 1, word))
        if (strchr(" \n", at[-1]) && strchr(" \n", at[strlen(word)]))
            return;
    fail_msg("not in hvsim.1: %s", word);
}

/* So does the help. */
static void test_help(void **state)
{
    const char *word;
    size_t i;

    (void)state;
    for (i = 0; (word = sim_fault_word(i)); i++) {
        if (!strstr(sim_fault_help(), word))
            fail_msg("not in the help: %s", word);
        check_manual(word);
    }
    assert_true(i > 30);
}

int main(void)
{
    struct CMUnitTest
        tests[COUNT(specs) + COUNT(deeds) + COUNT(jobs) + COUNT(rivals) + 7] = {
            cmocka_unit_test(test_late_act), cmocka_unit_test(test_by_number),
            cmocka_unit_test(test_restart),  cmocka_unit_test(test_help),
            cmocka_unit_test(test_apply),    cmocka_unit_test(test_clock),
            cmocka_unit_test(test_part),
        };
    struct CMUnitTest *next = tests + 7;

    CASES(next, specs, test_spec);
    next += COUNT(specs);
    CASES(next, deeds, test_deed);
    next += COUNT(deeds);
    CASES(next, jobs, test_job);
    next += COUNT(jobs);
    CASES(next, rivals, test_rival);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
