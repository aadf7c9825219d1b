#include "support/feed.h"

#include <hvsnap/snapshot.h>

#include <stdlib.h>
#include <string.h>

#define WEB1 "11111111-0000-4000-8000-000000000001"

/* What was listed, a line a VM or snapshot, for one comparison. */
static char *describe(const struct hvs_snapshot_list *list)
{
    struct hvs_buf out = HVS_BUF_INIT(1 << 16);
    struct hvs_error err = {0};
    size_t i;

    for (i = 0; i < list->vm_count; i++)
        hvs_buf_printf(&out, "vm %s %u;", list->vms[i]->name,
                       (unsigned)list->vms[i]->snapshots);
    for (i = 0; i < list->count; i++) {
        const struct hvs_snapshot *row = list->items[i];

        hvs_buf_printf(&out, " %s/%s/%s%s%s%s;", row->vm_name, row->name,
                       hvs_snapshot_kind_name(row->kind), row->parent_id ? "/child" : "",
                       row->current ? "/now" : "", row->saved_state ? "/memory" : "");
    }
    return hvs_buf_take(&out, &err);
}

struct list_case {
    const char *name;
    const char *vm; /* NULL for all */
    const char *script;
    const char *posts;
    const char *list; /* as describe() has it; NULL: it must fail */
    enum hvs_class class_;
    const char *says;
};

static const struct list_case cases[] = {
    {"one VM by name: the VM, then its snapshots", "web1",
     "[vm|web1|3] [vm|web1|3,snapshot|1|new|10:01,old]", "Enumerate Enumerate",
     "vm web1 2; web1/old/user/now/memory; web1/new/user/child;", HVS_CLASS_DONE, ""},
    {"one VM by id", "{" WEB1 "}", "[vm|web1|3,old]", "Enumerate",
     "vm web1 1; web1/old/user/now/memory;", HVS_CLASS_DONE, ""},
    {"a VM without any", "web1", "[vm-root|web1] [vm-root|web1]", "Enumerate Enumerate",
     "vm web1 0;", HVS_CLASS_DONE, ""},
    {"the whole host", NULL,
     "[snapshot|1|b|10:02,snapshot|2|a|10:01,vm|web1|3,foreign|3|x,other-vm|db1,old]",
     "Enumerate",
     "vm db1 1;vm web1 3; db1/x/user; web1/old/user/now/memory; web1/a/user/child; "
     "web1/b/user/child;",
     HVS_CLASS_DONE, ""},
    {"a page more costs one more", NULL, "[vm|web1|3> [old> [snapshot|1|new|10:01]",
     "Enumerate Pull Pull", "vm web1 2; web1/old/user/now/memory; web1/new/user/child;",
     HVS_CLASS_DONE, ""},
    {"two VMs of one name", NULL, "[other-vm|web1,vm|web1|3,foreign|1|x,old]",
     "Enumerate", "vm web1 1;vm web1 1; web1/old/user/now/memory; web1/x/user;",
     HVS_CLASS_DONE, ""},
    {"snapshots of a VM that is not shown", NULL, "[foreign|1|x,vm|web1|3,old]",
     "Enumerate", "vm web1 1; /x/user; web1/old/user/now/memory;", HVS_CLASS_DONE, ""},
    {"every kind", NULL,
     "[vm-root|v,kind|1|1|Snapshot:Realized|false,kind|2|2|Snapshot:Realized|true,"
     "kind|3|3|Snapshot:Recovery|false,kind|4|4|Snapshot:Replica:ApplicationConsistent|"
     "false,"
     "kind|5|5|Snapshot:Missing|false,kind|6|6|Snapshot:Planned|false,"
     "kind|7|7|Snapshot:Odd|false,kind|8|8|System:Planned|false]",
     "Enumerate",
     "vm v 7; v/1/user; v/2/automatic; v/3/recovery; v/4/replica; v/5/missing; "
     "v/6/planned; "
     "v/7/other;",
     HVS_CLASS_DONE, ""},
    {"rows without a type are left out", NULL, "[bare|Microsoft:X,vm-root|v]",
     "Enumerate", "vm v 0;", HVS_CLASS_DONE, ""},
    {"nothing at all", NULL, "[]", "Enumerate", "", HVS_CLASS_DONE, ""},
    {"no such VM", "web1", "[]", "Enumerate", NULL, HVS_CLASS_NOT_FOUND,
     "no VM is called 'web1'"},
    {"no VM of that id", WEB1, "[]", "Enumerate", NULL, HVS_CLASS_NOT_FOUND,
     "no VM '" WEB1 "' is on this host"},
    {"an ambiguous name", "web1", "[vm|web1|3,other-vm|web1]", "Enumerate", NULL,
     HVS_CLASS_CONFLICT, "2 VMs are called 'web1'"},
    {"gone between the two questions", "web1", "[vm|web1|3] []", "Enumerate Enumerate",
     NULL, HVS_CLASS_NOT_FOUND, "no VM 'web1' is on this host"},
    {"no Hyper-V", NULL, "fault|0x8004100E|w:InternalError", "Enumerate", NULL,
     HVS_CLASS_NOT_FOUND, "0x8004100E"},
    {"an older host's words for it", NULL, "fault|0x8033801A|n:CannotProcessFilter",
     "Enumerate", NULL, HVS_CLASS_NOT_FOUND, "0x8033801A"},
};

static void test_list(void **state)
{
    const struct list_case *row = *state;
    struct hvs_client *client = feed_client(600000);
    struct hvs_snapshot_list *list;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;
    char *text;
    int rc;

    assert_int_equal(hvs_snapshot_list_start(&run, client, row->vm, &err), 0);
    feed_run(&feed, run, row->script);
    rc = hvs_snapshot_list_end(run, &list, &err);
    assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    assert_int_equal(feed.changes, 0);
    if (row->list) {
        assert_int_equal(rc, 0);
        text = describe(list);
        assert_string_equal(text, row->list);
        free(text);
    } else {
        assert_int_equal(rc, -1);
        assert_null(list);
        assert_string_equal(hvs_class_name(err.class_), hvs_class_name(row->class_));
        assert_err(&err, err.domain, row->says);
    }
    hvs_snapshot_list_free(list);
    feed_clear(&feed);
    hvs_client_close(client);
}

struct vms_case {
    const char *name;
    const char *vm;
    const char *script;
    const char *list; /* NULL: it must fail */
    const char *says;
};

static const struct vms_case vms_cases[] = {
    {"settings and states", NULL, "[vm|web1|5,old] [host,system|2|2|32772]",
     "web1 running/merge 6138294371 9.0 2 standard 1;", ""},
    {"a state without a name", NULL, "[vm-root|web1] [system|32770|2|2]",
     "web1 32770/ 6138294371 9.0 2 production 0;", ""},
    {"a VM whose state is not shown", NULL, "[vm|web1|0] [host]",
     "web1 0/ 0 9.0 2 unknown 0;", ""},
    {"by name, both of them", "web1", "[vm|web1|3,other-vm|web1,old] [host]",
     "web1 0/ 0 9.0 2 production 1;web1 0/ 0 9.0 2 production 0;", ""},
    {"by id", "{22222222-0000-4000-8000-000000000002}", "[vm|web1|3,other-vm|db1] [host]",
     "db1 0/ 0 9.0 2 production 0;", ""},
    {"none of that name", "web2", "[vm|web1|3] [host]", NULL, "no VM is called 'web2'"},
    {"no rights, it seems", NULL, "[] []", "no rights?", ""},
    {"an empty host", NULL, "[] [host]", "", ""},
};

static void test_vms(void **state)
{
    const struct vms_case *row = *state;
    struct hvs_client *client = feed_client(600000);
    struct hvs_buf out = HVS_BUF_INIT(1 << 16);
    struct hvs_error err = {0};
    struct hvs_vm_list *list;
    struct feed feed = {0};
    struct hvs_run *run;
    char number[16];
    size_t i;
    int rc;

    assert_int_equal(hvs_vm_list_start(&run, client, row->vm, &err), 0);
    feed_run(&feed, run, row->script);
    rc = hvs_vm_list_end(run, &list, &err);
    assert_string_equal(hvs_buf_str(&feed.log), "Enumerate Enumerate");
    assert_int_equal(rc, row->list ? 0 : -1);
    if (!row->list)
        assert_err(&err, HVS_USAGE, row->says);
    for (i = 0; list && i < list->count; i++) {
        const struct hvs_vm *vm = list->items[i];

        hvs_buf_printf(&out, "%s %s/%s %llu %s %u %s %u;", vm->name,
                       hvs_vm_state_name(vm->state, number), vm->operation,
                       (unsigned long long)vm->uptime_ms, vm->version,
                       (unsigned)vm->generation, hvs_checkpoint_type_name(vm->checkpoint),
                       (unsigned)vm->snapshots);
    }
    if (list && list->maybe_no_rights)
        hvs_buf_puts(&out, "no rights?");
    if (row->list)
        assert_string_equal(hvs_buf_str(&out), row->list);
    hvs_buf_clear(&out);
    hvs_vm_list_free(list);
    feed_clear(&feed);
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(vms_cases)];

    CASES(tests, cases, test_list);
    CASES(tests + COUNT(cases), vms_cases, test_vms);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
