#include "support/test.h"

#include "hyperv/settings.h"
#include "xml/doc.h"

#include <stdio.h>
#include <string.h>

#define VM "AAAAAAAA-0000-4000-8000-000000000001"
#define OTHER "BBBBBBBB-0000-4000-8000-000000000002"

/* Read the properties of one row into a set. */
static int add(struct hvs_settings_set *set, const char *class_, const char *properties,
               struct hvs_error *err)
{
    char text[4096];
    xmlDoc *doc;
    int rc;

    snprintf(text, sizeof(text), "<p:%s xmlns:p='urn:p' xmlns:c='urn:c'>%s</p:%s>",
             class_, properties, class_);
    doc = hvs_xml_parse(text, strlen(text), err);
    assert_non_null(doc);
    rc = hvs_settings_add(set, xmlDocGetRootElement(doc), err);
    xmlFreeDoc(doc);
    return rc;
}

#define ID(id) "<p:InstanceID>" id "</p:InstanceID>"
#define OF "<p:VirtualSystemIdentifier>" VM "</p:VirtualSystemIdentifier>"
#define TYPE(type) "<p:VirtualSystemType>Microsoft:Hyper-V:" type "</p:VirtualSystemType>"
#define PARENT(path) "<p:Parent>" path "</p:Parent>"
#define PATH \
    "\\\\HV01\\root\\virtualization\\v2:Msvm_VirtualSystemSettingData.InstanceID="

struct row_case {
    const char *name;
    const char *properties;
    bool vm, snapshot;
    const char *guid, *parent;
};

static const struct row_case row_cases[] = {
    {"a VM", ID("Microsoft:" VM) OF TYPE("System:Realized"), true, false, VM, ""},
    {"a snapshot", ID("Microsoft:" OTHER) OF TYPE("Snapshot:Realized"), false, true,
     OTHER, ""},
    {"ids are shown in upper case", ID("Microsoft:abcdef-x") OF, false, false, "ABCDEF-x",
     ""},
    {"a VM that is being imported", ID("Microsoft:1") OF TYPE("System:Planned"), false,
     false, "1", ""},
    {"a replica's settings are no snapshot", ID("Microsoft:1") OF TYPE("Replica"), false,
     false, "1", ""},
    {"a type that only begins like one", ID("Microsoft:1") OF TYPE("System:Realized2"),
     false, false, "1", ""},
    {"whose, it does not say", ID("Microsoft:1") TYPE("Snapshot:Realized"), false, false,
     "1", ""},
    {"an id without its first part", ID("1234"), false, false, "1234", ""},
    {"a parent", ID("Microsoft:1") PARENT(PATH "\"Microsoft:cafe-2\""), false, false, "1",
     "CAFE-2"},
    {"a parent whose key is spelt otherwise",
     ID("Microsoft:1") PARENT("Msvm_X.instanceid=\"Microsoft:2\""), false, false, "1",
     "2"},
    {"a parent that is cut", ID("Microsoft:1") PARENT(PATH "\"Microsoft:2"), false, false,
     "1", ""},
    {"a parent that is no path", ID("Microsoft:1") PARENT("nonsense"), false, false, "1",
     ""},
    {"an empty parent", ID("Microsoft:1") PARENT(""), false, false, "1", ""},
    {"a parent that is far too long",
     ID("Microsoft:1")
         PARENT(PATH "\"Microsoft:00000000001111111111222222222233333333334444444444\""),
     false, false, "1", "000000000011111111112222222222333333333"},
};

static void test_row(void **state)
{
    const struct row_case *row = *state;
    struct hvs_settings_set set = {0};
    struct hvs_error err = {0};
    char parent[40];

    assert_int_equal(add(&set, "Msvm_VirtualSystemSettingData", row->properties, &err),
                     0);
    assert_int_equal(set.count, 1);
    assert_int_equal(hvs_settings_is_vm(&set.rows[0]), row->vm);
    assert_int_equal(hvs_settings_is_snapshot(&set.rows[0]), row->snapshot);
    assert_string_equal(hvs_settings_guid(&set.rows[0]), row->guid);
    hvs_settings_parent(&set.rows[0], parent);
    assert_string_equal(parent, row->parent);
    hvs_settings_set_clear(&set);
}

struct bad_case {
    const char *name;
    const char *properties;
    const char *error;
};

static const struct bad_case bad_cases[] = {
    {"no id", OF, "Msvm_VirtualSystemSettingData has no InstanceID"},
    {"a bad time", ID("Microsoft:1") "<p:CreationTime>yesterday</p:CreationTime>",
     "bad CreationTime 'yesterday'"},
    {"an id that is a command", ID("Microsoft:$(touch x)") OF TYPE("Snapshot:Realized"),
     "an id that is no GUID"},
    {"a VM of such",
     ID("Microsoft:" OTHER) "<p:VirtualSystemIdentifier>;calc.exe;#"
                            "</p:VirtualSystemIdentifier>" TYPE("Snapshot:Realized"),
     "an id that is no GUID"},
    {"a bad truth", ID("Microsoft:1") "<p:IsSaved>maybe</p:IsSaved>",
     "bad IsSaved 'maybe'"},
    {"a bad number", ID("Microsoft:1") "<p:UserSnapshotType>-3</p:UserSnapshotType>",
     "bad UserSnapshotType '-3'"},
};

static void test_bad(void **state)
{
    const struct bad_case *row = *state;
    struct hvs_settings_set set = {0};
    struct hvs_error err = {0};

    assert_int_equal(add(&set, "Msvm_VirtualSystemSettingData", row->properties, &err),
                     -1);
    assert_err(&err, HVS_XML, row->error);
    assert_int_equal(set.count, 0);
    hvs_settings_set_clear(&set);
}

static void test_set(void **state)
{
    struct hvs_settings_set set = {0};
    struct hvs_error err = {0};
    char id[100];
    size_t i;

    (void)state;
    assert_int_equal(add(&set, "Msvm_ComputerSystem", "<p:Name>x</p:Name>", &err), 0);
    assert_int_equal(set.count, 0);
    for (i = 0; i < 40; i++) {
        snprintf(id, sizeof(id), "<p:InstanceID>Microsoft:%zu</p:InstanceID>", i % 20);
        assert_int_equal(add(&set, "Msvm_VirtualSystemSettingData", id, &err), 0);
    }
    assert_int_equal(set.count, 20); /* each id once */
    hvs_settings_set_drop(&set);
    assert_int_equal(set.count, 19);
    hvs_settings_set_clear(&set);
    assert_null(set.rows);
}

#define SNAPSHOT \
    ID("Microsoft:" OTHER) \
    OF TYPE("Snapshot:Realized") PARENT( \
        PATH \
        "\"Microsoft:A1\"") "<p:ElementName> two blanks  " \
                            "</p:ElementName><p:Notes>first</p:Notes><p:Notes>x</" \
                            "p:Notes>" \
                            "<p:CreationTime><c:Datetime>2026-07-29T14:10:59.467886Z</" \
                            "c:Datetime></p:CreationTime>" \
                            "<p:IsSaved>true</p:IsSaved><p:IsAutomaticSnapshot>true</" \
                            "p:IsAutomaticSnapshot>"

static void test_snapshot(void **state)
{
    struct hvs_settings_set set = {0};
    struct hvs_snapshot *snapshot;
    struct hvs_error err = {0};

    (void)state;
    add(&set, "Msvm_VirtualSystemSettingData", SNAPSHOT, &err);
    add(&set, "Msvm_VirtualSystemSettingData",
        ID("Microsoft:" VM) OF TYPE("System:Realized") PARENT(
            PATH
            "\"Microsoft:bbbbbbbb-0000-4000-8000-000000000002\"") "<p:ElementName>web1</"
                                                                  "p:ElementName>",
        &err);
    snapshot = hvs_snapshot_new(&set.rows[0], &set.rows[1], &err);
    assert_string_equal(snapshot->id, OTHER);
    assert_string_equal(snapshot->name, " two blanks  ");
    assert_string_equal(snapshot->vm_id, VM);
    assert_string_equal(snapshot->vm_name, "web1");
    assert_string_equal(snapshot->parent_id, "A1");
    assert_string_equal(snapshot->notes, "first");
    assert_true(snapshot->created_ms == INT64_C(1785334259467));
    assert_int_equal(snapshot->kind, HVS_KIND_AUTOMATIC);
    assert_true(snapshot->current);
    assert_true(snapshot->saved_state);
    hvs_snapshot_free(snapshot);

    snapshot = hvs_snapshot_new(&set.rows[1], NULL, &err);
    assert_string_equal(snapshot->vm_name, "");
    assert_string_equal(snapshot->notes, "");
    assert_true(snapshot->created_ms == HVS_TIME_NONE);
    assert_false(snapshot->current);
    hvs_snapshot_free(snapshot);
    hvs_settings_set_clear(&set);
}

#define NOTES(id) \
    TYPE("Snapshot:Realized") \
    "<p:Notes>By Bob.\n--- hvsnap: snapshot " id " ---\nlabel: team=ops\nexpires: " \
    "2026-07-29T14:10:00Z\n--- hvsnap: end ---</p:Notes>"

/* Labels and a lifetime are those of the snapshot that their block names. */
static void test_labels(void **state)
{
    struct hvs_settings_set set = {0};
    struct hvs_snapshot *snapshot;
    struct hvs_error err = {0};

    (void)state;
    add(&set, "Msvm_VirtualSystemSettingData", ID("Microsoft:" VM) OF NOTES(VM), &err);
    add(&set, "Msvm_VirtualSystemSettingData", ID("Microsoft:" OTHER) OF NOTES(VM), &err);
    snapshot = hvs_snapshot_new(&set.rows[0], NULL, &err);
    assert_string_equal(snapshot->notes, "By Bob.");
    assert_int_equal(snapshot->label_count, 1);
    assert_string_equal(snapshot->labels[0].key, "team");
    assert_string_equal(snapshot->labels[0].value, "ops");
    assert_true(snapshot->expires_ms == INT64_C(1785334200000));
    hvs_snapshot_free(snapshot);
    snapshot = hvs_snapshot_new(&set.rows[1], NULL, &err);
    assert_string_equal(snapshot->notes, "By Bob.");
    assert_int_equal(snapshot->label_count, 0);
    assert_true(snapshot->expires_ms == HVS_TIME_NONE);
    hvs_snapshot_free(snapshot);
    hvs_settings_set_clear(&set);
}

struct vm_case {
    const char *name;
    const char *properties;
    unsigned generation;
    enum hvs_checkpoint_type checkpoint;
    const char *version;
    bool stands;
};

#define SUB(n) \
    "<p:VirtualSystemSubType>Microsoft:Hyper-V:SubType:" #n "</p:VirtualSystemSubType>"
#define CHECK(n) "<p:UserSnapshotType>" #n "</p:UserSnapshotType>"

static const struct vm_case vm_cases[] = {
    {"generation 1, standard", SUB(1) CHECK(5) "<p:Version>5.0</p:Version>", 1,
     HVS_CHECKPOINT_STANDARD, "5.0", false},
    {"generation 2, production only", SUB(2) CHECK(4), 2, HVS_CHECKPOINT_PRODUCTION_ONLY,
     "", false},
    {"disabled", CHECK(2), 0, HVS_CHECKPOINT_DISABLED, "", false},
    {"before Windows Server 2016", "", 0, HVS_CHECKPOINT_UNKNOWN, "", false},
    {"numbers that nobody knows", SUB(9) CHECK(77), 0, HVS_CHECKPOINT_UNKNOWN, "", false},
    {"on a snapshot", PARENT(PATH "\"Microsoft:A1\""), 0, HVS_CHECKPOINT_UNKNOWN, "",
     true},
};

static void test_vm(void **state)
{
    const struct vm_case *row = *state;
    struct hvs_settings_set set = {0};
    struct hvs_error err = {0};
    char text[1000];
    struct hvs_vm *vm;

    snprintf(text, sizeof(text), "%s%s", ID("Microsoft:" VM) OF, row->properties);
    assert_int_equal(add(&set, "Msvm_VirtualSystemSettingData", text, &err), 0);
    vm = hvs_vm_new(&set.rows[0], &err);
    assert_int_equal(vm->generation, row->generation);
    assert_int_equal(vm->checkpoint, row->checkpoint);
    assert_string_equal(vm->version, row->version);
    assert_int_equal(vm->current_id != NULL, row->stands);
    hvs_vm_free(vm);
    hvs_settings_set_clear(&set);
}

/* More than any host has are refused, and the rest stays. */
static void test_no_end(void **state)
{
    enum { MOST = 1024 * 55 };
    struct hvs_settings_set set = {0};
    struct hvs_error err = {0};
    char id[100];
    size_t i;

    (void)state;
    for (i = 0; i <= MOST; i++) {
        snprintf(id, sizeof(id), "<p:InstanceID>Microsoft:%zu</p:InstanceID>", i);
        assert_int_equal(add(&set, "Msvm_VirtualSystemSettingData", id, &err),
                         i < MOST ? 0 : -1);
    }
    assert_err(&err, HVS_XML, "the host's list does not end: 56320 rows");
    assert_int_equal(set.count, MOST);
    hvs_settings_set_clear(&set);
}

/* A name that is as long as may be is taken, and one byte more is refused. */
static void test_long_name(void **state)
{
    char name[HVS_MOST_NAME_BYTES + 2] = "", text[2000];
    struct hvs_settings_set set = {0};
    struct hvs_error err = {0};
    size_t spent = HVS_MOST_COPIES - 2;

    (void)state;
    memset(name, 'n', HVS_MOST_NAME_BYTES);
    snprintf(text, sizeof(text), "%s<p:ElementName>%s</p:ElementName>", ID("Microsoft:1"),
             name);
    assert_int_equal(add(&set, "Msvm_VirtualSystemSettingData", text, &err), 0);
    assert_string_equal(set.rows[0].name, name);
    snprintf(text, sizeof(text), "%s<p:ElementName>%sn</p:ElementName>",
             ID("Microsoft:2"), name);
    assert_int_equal(add(&set, "Msvm_VirtualSystemSettingData", text, &err), -1);
    assert_err(&err, HVS_XML, "the host has a name of 1025 bytes, and 1024 are taken");
    assert_int_equal(set.count, 1);
    hvs_settings_set_clear(&set);

    err = (struct hvs_error){0};
    assert_int_equal(hvs_copies_spend(&spent, 2, &err), 0);
    assert_int_equal(hvs_copies_spend(&spent, 0, &err), 0);
    assert_int_equal(hvs_copies_spend(&spent, 1, &err), -1);
    assert_err(&err, HVS_XML, "names and labels are too many");
}

int main(void)
{
    struct CMUnitTest tests[COUNT(row_cases) + COUNT(bad_cases) + COUNT(vm_cases) + 5];
    struct CMUnitTest *at = tests;

    CASES(at, row_cases, test_row);
    CASES(at += COUNT(row_cases), bad_cases, test_bad);
    CASES(at += COUNT(bad_cases), vm_cases, test_vm);
    at += COUNT(vm_cases);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_set);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_snapshot);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_no_end);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_long_name);
    *at = (struct CMUnitTest)cmocka_unit_test(test_labels);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
