#include "support/feed.h"

#include "hyperv/find.h"

#include <hvsnap/snapshot.h>

#include <string.h>

#define WEB1 "11111111-0000-4000-8000-000000000001"
#define DB1 "22222222-0000-4000-8000-000000000002"

struct vm_case {
    const char *name;
    const char *wanted;
    const char *script;
    const char *posts;
    const char *vm_id; /* of the VM whose snapshots are asked for; NULL: none is found */
    const char *says;
};

/* A create finds its VM; then nothing answers. */
static const struct vm_case vm_cases[] = {
    {"by name", "web1", "[vm|web1|3]", "Enumerate", WEB1, ""},
    {"a name among others", "web1", "[other-vm|WEB1,vm|web1|3]", "Enumerate", WEB1, ""},
    {"by id", WEB1, "[vm|web1|3,old]", "Enumerate", WEB1, ""},
    {"by id in braces and lower case", "{22222222-0000-4000-8000-000000000002}",
     "[other-vm|db1]", "Enumerate", DB1, ""},
    {"a name that looks like an id", DB1,
     "[] [vm|22222222-0000-4000-8000-000000000002|3]", "Enumerate Enumerate", WEB1, ""},
    {"an id that nothing has", DB1, "[] []", "Enumerate Enumerate", NULL,
     "no VM is called '" DB1 "'"},
    {"a host that pays no heed to the filter", "web1", "[vm|web1|3,other-vm|db1,old]",
     "Enumerate", WEB1, ""},
    {"a snapshot is no VM", "old", "[old]", "Enumerate", NULL, "no VM is called 'old'"},
    {"none", "web1", "[]", "Enumerate", NULL, "no VM is called 'web1'"},
    {"in another case alone", "web1", "[vm|Web1|3]", "Enumerate", NULL,
     "'Web1' is there"},
    {"several", "web1", "[vm|web1|3,other-vm|web1]", "Enumerate", NULL,
     "2 VMs are called 'web1'"},
    {"the filter is refused: every row is read", "web1",
     "fault|0x8033801A|n:CannotProcessFilter [other-vm|db1,old,vm|web1|3]",
     "Enumerate Enumerate", WEB1, ""},
};

static void test_vm(void **state)
{
    const struct vm_case *row = *state;
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;
    struct hvs_client *client = feed_client(600000);
    struct hvs_buf script = HVS_BUF_INIT(4096), posts = HVS_BUF_INIT(400);
    struct hvs_create_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;

    opts.vm = row->wanted;
    opts.retries = 0;
    hvs_buf_printf(&script, "%s%s", row->script, row->vm_id ? " unsent" : "");
    hvs_buf_printf(&posts, "%s%s", row->posts, row->vm_id ? " CreateSnapshot" : "");
    assert_int_equal(hvs_snapshot_create_start(&run, client, &opts, &err), 0);
    feed_run(&feed, run, hvs_buf_str(&script));
    assert_int_equal(hvs_snapshot_create_end(run, &result, &err), -1);
    assert_string_equal(hvs_buf_str(&feed.log), hvs_buf_str(&posts));
    assert_string_equal(result->vm_id, row->vm_id ? row->vm_id : "");
    if (!row->vm_id)
        assert_err(&err, HVS_USAGE, row->says);
    hvs_create_result_free(result);
    hvs_buf_clear(&script);
    hvs_buf_clear(&posts);
    feed_clear(&feed);
    hvs_client_close(client);
}

struct snapshot_case {
    const char *name;
    const char *wanted;
    const char *id; /* the found one's; NULL: none */
    const char *says;
};

#define SNAPSHOT "Microsoft:Hyper-V:Snapshot:Realized"
#define GUID "ABCD0000-0000-4000-8000-0000000000"

static const struct {
    const char *id, *name;
} known[] = {
    {"Microsoft:" GUID "01", "one"},
    {"Microsoft:" GUID "02", "twin"},
    {"Microsoft:" GUID "03", "twin"},
    {"Microsoft:BEEF0000-0000-4000-8000-000000000004", "abcd"},
    {"Microsoft:FACE0000-0000-4000-8000-000000000005", GUID "01"},
    {"Microsoft:CAFE0000-0000-4000-8000-000000000006", "cafe"},
    {"Microsoft:DEAD0000-0000-4000-8000-000000000007", NULL},
};

/* The VM's own row, and its snapshots. */
static struct hvs_settings_set settings(void)
{
    static struct hvs_settings rows[COUNT(known) + 1];
    size_t i;

    rows[0] = (struct hvs_settings){.instance_id = (char *)"Microsoft:" WEB1,
                                    .name = (char *)"web1",
                                    .vm_id = (char *)WEB1,
                                    .type = (char *)"Microsoft:Hyper-V:System:Realized"};
    for (i = 0; i < COUNT(known); i++)
        rows[i + 1] = (struct hvs_settings){.instance_id = (char *)known[i].id,
                                            .name = (char *)known[i].name,
                                            .vm_id = (char *)WEB1,
                                            .type = (char *)SNAPSHOT};
    return (struct hvs_settings_set){.rows = rows, .count = COUNT(rows)};
}

static const struct snapshot_case snapshot_cases[] = {
    {"by name", "one", GUID "01", ""},
    {"by a whole id", GUID "02", GUID "02", ""},
    {"in braces and lower case", "{abcd0000-0000-4000-8000-000000000003}", GUID "03", ""},
    {"by the start of an id", "beef", "BEEF0000-0000-4000-8000-000000000004", ""},
    {"three digits are too few", "bee", NULL, "the VM has no snapshot 'bee'"},
    {"the start of several ids", GUID, NULL, "3 snapshots answer to"},
    {"a name that several bear", "twin", NULL, "2 snapshots answer to 'twin'"},
    {"a name that is the start of others' ids", "abcd", NULL,
     "4 snapshots answer to 'abcd'"},
    {"a name that is the start of its own id", "cafe",
     "CAFE0000-0000-4000-8000-000000000006", ""},
    {"a whole id that another bears as its name", GUID "01", GUID "01", ""},
    {"names are told apart by case", "ONE", NULL, "the VM has no snapshot 'ONE'"},
    {"the VM itself is none", "web1", NULL, "the VM has no snapshot 'web1'"},
    {"nor by its id", WEB1, NULL, "the VM has no snapshot"},
    {"one without a name, by its id", "DEAD", "DEAD0000-0000-4000-8000-000000000007", ""},
};

static void test_snapshot(void **state)
{
    const struct snapshot_case *row = *state;
    struct hvs_settings_set set = settings();
    const struct hvs_settings *found;
    struct hvs_error err = {0};

    found = hvs_find_snapshot(&set, row->wanted, &err);
    if (row->id) {
        assert_string_equal(err.message, "");
        assert_string_equal(hvs_settings_guid(found), row->id);
    } else {
        assert_null(found);
        assert_err(&err, HVS_USAGE, row->says);
    }
}

static void test_several_are_listed(void **state)
{
    struct hvs_settings_set set = settings();
    struct hvs_error err = {0};

    (void)state;
    assert_null(hvs_find_snapshot(&set, "twin", &err));
    assert_string_equal(err.detail, GUID "02  -  twin\n" GUID "03  -  twin");
    assert_int_equal(err.class_, HVS_CLASS_CONFLICT);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(vm_cases) + COUNT(snapshot_cases) + 1];

    CASES(tests, vm_cases, test_vm);
    CASES(tests + COUNT(vm_cases), snapshot_cases, test_snapshot);
    tests[COUNT(tests) - 1] =
        (struct CMUnitTest)cmocka_unit_test(test_several_are_listed);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
