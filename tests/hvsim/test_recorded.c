#include "support/test.h"

#include "hvsim/ask.h"
#include "hvsim/instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Our replies against those that a real host sent: the same tags with the same
 * attributes in the same order, byte for byte; only what stands between them differs.
 * The recordings are not part of the project; without them these tests are skipped.
 */

static char *load(const char *name)
{
    struct hvs_buf path = HVS_BUF_INIT(1024), text = HVS_BUF_INIT(1 << 20);
    char chunk[4096];
    FILE *file;
    size_t n;

    hvs_buf_printf(&path, "../shared/recorded/%s", name);
    file = fopen(hvs_buf_str(&path), "r");
    hvs_buf_clear(&path);
    if (!file)
        return NULL;
    while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
        hvs_buf_add(&text, chunk, n);
    fclose(file);
    return hvs_buf_take(&text, NULL);
}

/* The tags alone. */
static char *skeleton(const char *text)
{
    struct hvs_buf out = HVS_BUF_INIT(1 << 20);
    const char *end;

    for (; (text = strchr(text, '<')); text = end + 1) {
        end = strchr(text, '>');
        hvs_buf_add(&out, text, (size_t)(end - text) + 1);
    }
    return hvs_buf_take(&out, NULL);
}

/* Another text wherever the first one stands. Frees the old text. */
static char *swap(char *text, const char *from, const char *to)
{
    struct hvs_buf out = HVS_BUF_INIT(1 << 20);
    const char *rest = text, *at;

    for (; (at = strstr(rest, from)); rest = at + strlen(from)) {
        hvs_buf_add(&out, rest, (size_t)(at - rest));
        hvs_buf_puts(&out, to);
    }
    hvs_buf_puts(&out, rest);
    free(text);
    return hvs_buf_take(&out, NULL);
}

static void begin(struct ask *ask)
{
    assert_int_equal(
        ask_open(ask,
                 "{\"hosts\":[{\"name\":\"H\",\"locale\":\"ja-JP\",\"duration_ms\":0,"
                 "\"vms\":[{\"name\":\"a\",\"id\":\"" ASK_VM "\"},{\"name\":\"b\"}]}]}",
                 NULL, NULL),
        0);
}

static const char *pull(struct ask *ask, const char *class_)
{
    struct hvs_buf body = HVS_BUF_INIT(1024);
    const char *reply = hvs_buf_str(&ask->reply.body);

    hvs_buf_printf(&body,
                   "<n:Pull><n:EnumerationContext>%s</n:EnumerationContext></n:Pull>",
                   ask_between(reply, "<n:EnumerationContext>", "<"));
    reply = ask_soap(ask, SIM_NS_N "/Pull", class_, "", "", hvs_buf_str(&body));
    hvs_buf_clear(&body);
    return reply;
}

static void compare(const char *reply, char *recorded)
{
    char *ours = skeleton(reply), *theirs = skeleton(recorded);

    assert_string_equal(ours, theirs);
    free(ours);
    free(theirs);
    free(recorded);
}

static void test_computer_system(void **state)
{
    char *recorded = load("computersystem_pull_vm_running.xml");
    struct ask ask;

    (void)state;
    if (!recorded)
        skip();
    begin(&ask);
    ask_soap(&ask, SIM_NS_N "/Enumerate", ASK_CLASS("Msvm_ComputerSystem"), "", "",
             "<n:Enumerate/>");
    pull(&ask, ASK_CLASS("Msvm_ComputerSystem")); /* the host */
    compare(pull(&ask, ASK_CLASS("Msvm_ComputerSystem")), recorded);
    ask_close(&ask);
}

static void test_affected(void **state)
{
    char *recorded = load("affectedjobelement_pull_created.xml");
    struct ask ask;

    (void)state;
    if (!recorded)
        skip();
    begin(&ask);
    ask_create(&ask, ASK_VM);
    ask_soap(&ask, SIM_NS_N "/Enumerate", ASK_CLASS("Msvm_AffectedJobElement"), "", "",
             "<n:Enumerate/>");
    pull(&ask, ASK_CLASS("Msvm_AffectedJobElement")); /* the VM */
    compare(pull(&ask, ASK_CLASS("Msvm_AffectedJobElement")), recorded);
    ask_close(&ask);
}

/* The recorded job is of a sibling class, which has three properties more. */
static void test_job(void **state)
{
    char *recorded = load("storagejob_get_completed.xml");
    char job[37];
    struct ask ask;

    (void)state;
    if (!recorded)
        skip();
    recorded = swap(recorded, "Msvm_StorageJob", "Msvm_ConcreteJob");
    recorded = swap(recorded, "<p:Child xsi:nil=\"true\"/>", "");
    recorded = swap(recorded, "<p:Parent xsi:nil=\"true\"/>", "");
    recorded = swap(recorded, "<p:JobCompletionStatusCode>0</p:JobCompletionStatusCode>",
                    "");
    begin(&ask);
    ask_create(&ask, ASK_VM);
    ask_job(&ask, job);
    compare(ask_get(&ask, "Msvm_ConcreteJob", "InstanceID", job), recorded);
    ask_close(&ask);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_computer_system),
        cmocka_unit_test(test_affected),
        cmocka_unit_test(test_job),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
