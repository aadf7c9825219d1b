#include "support/test.h"

#include "hvsim/ask.h"
#include "hvsim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Snapshots that cannot be taken, and what the host says about it. */

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

struct fail_case {
    const char *name;
    const char *vm;   /* its members beside the name */
    int value;        /* of CreateSnapshot */
    const char *code; /* ErrorCode of its job; "0": it succeeds */
    const char *text; /* in ErrorDescription */
};

static const struct fail_case fails[] = {
    {"disabled", "\"user_snapshot_type\":\"disabled\"", 4096, "32768",
     "Checkpoint operation for 'a&lt;b' failed.\n\nCheckpoints have been disabled for "
     "'a&lt;b'.\n\nCheckpoints have been disabled for 'a&lt;b'. (Virtual machine "
     "ID " ASK_VM ")"},
    {"a guest that cannot",
     "\"user_snapshot_type\":\"production-only\",\"vss_broken\":true", 4096, "32768",
     "0x800423F4"},
    {"a guest that cannot, standard instead", "\"vss_broken\":true", 4096, "0", ""},
    {"a pass-through disk", "\"disks\":\"pass-through\"", 4096, "32770",
     "does not support checkpoints"},
    {"a shared disk", "\"disks\":\"vhd-set\"", 32770, NULL, NULL},
    {"a VM that starts", "\"state\":\"starting\"", 32775, NULL, NULL},
    {"a VM that is broken", "\"state\":\"off-critical\"", 32775, NULL, NULL},
    {"a saved VM", "\"state\":\"saved\"", 4096, "0", ""},
    {"a paused VM", "\"state\":\"paused\"", 4096, "0", ""},
};

static void test_failing(void **state)
{
    const struct fail_case *row = *state;
    struct hvs_buf scenario = HVS_BUF_INIT(4096);
    struct ask ask;
    const char *reply;
    char job[37];

    hvs_buf_printf(&scenario,
                   "{\"hosts\":[{\"name\":\"H\",\"duration_ms\":0,\"vms\":[{\"name\":"
                   "\"a<b\",\"id\":\"" ASK_VM "\",%s}]}]}",
                   row->vm);
    begin(&ask, hvs_buf_str(&scenario), NULL);
    ask_create(&ask, ASK_VM);
    assert_int_equal(value_of(&ask), row->value);
    if (row->code) {
        ask_job(&ask, job);
        reply = ask_get(&ask, "Msvm_ConcreteJob", "InstanceID", job);
        assert_string_equal(ask_between(reply, "<p:ErrorCode>", "<"), row->code);
        assert_non_null(
            strstr(ask_between(reply, "<p:ErrorDescription>", "</p:"), row->text));
        assert_string_equal(ask_between(reply, "<p:JobState>", "<"),
                            row->code[0] == '0' ? "7" : "10");
        assert_int_equal(web1(&ask)->snapshot_count, row->code[0] == '0');
    }
    ask_close(&ask);
    hvs_buf_clear(&scenario);
}

/* The same lines as objects of their own, in text that is escaped twice. */
static void test_errors(void **state)
{
    struct hvs_buf selector = HVS_BUF_INIT(256);
    struct ask ask;
    const char *reply;
    char job[37];

    (void)state;
    begin(&ask, NULL, "fault=CreateSnapshot:job-fail=0x80070070");
    ask_create(&ask, ASK_VM);
    ask_job(&ask, job);
    hvs_buf_printf(&selector, "<w:Selector Name=\"InstanceID\">%s</w:Selector>", job);
    reply = ask_invoke(&ask, "Msvm_ConcreteJob", "GetErrorEx", hvs_buf_str(&selector),
                       "");
    assert_null(strstr(reply, "<p:Errors"));
    assert_int_equal(value_of(&ask), 0);
    ask.now += 2000;
    reply = ask_invoke(&ask, "Msvm_ConcreteJob", "GetErrorEx", hvs_buf_str(&selector),
                       "");
    assert_int_equal(ask_count(reply,
                               "<p:Errors>&lt;INSTANCE CLASSNAME=&quot;Msvm_Error"),
                     3);
    assert_non_null(strstr(reply, "(0x80070070)"));
    reply = ask_invoke(&ask, "Msvm_ConcreteJob", "GetError", hvs_buf_str(&selector), "");
    assert_int_equal(ask_count(reply, "<p:Error>"), 1);
    assert_non_null(strstr(reply, "Checkpoint operation for 'web1' failed."));
    ask_close(&ask);
    hvs_buf_clear(&selector);
}

/* Fifty are allowed; backups count for themselves, and do not become the VM's place. */
static void test_limit(void **state)
{
    struct ask ask;
    char job[37];

    (void)state;
    begin(&ask,
          "{\"hosts\":[{\"name\":\"H\",\"duration_ms\":0,\"generate\":{\"vms\":1,"
          "\"snapshots\":49}}]}",
          NULL);
    ask_create(&ask, web1(&ask)->id);
    ask_create(&ask, web1(&ask)->id);
    ask_job(&ask, job);
    assert_string_equal(job_field(&ask, job, "JobState"), "10");
    assert_non_null(strstr(job_field(&ask, job, "ErrorDescription"), "which is 50"));
    assert_int_equal(web1(&ask)->snapshot_count, 50);
    ask_close(&ask);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(fails) + 2] = {
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_limit),
    };

    CASES(tests + 2, fails, test_failing);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
