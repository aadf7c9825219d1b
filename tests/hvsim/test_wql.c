#include "support/test.h"

#include "hvsim/ask.h"
#include "hvsim/mem.h"
#include "hvsim/wql.h"

#include <stdlib.h>
#include <string.h>

/* Queries of the small host: how many objects answer, and a text that is among them. */
struct query_case {
    const char *name;
    const char *query;
    size_t count;
    const char *holds; /* or NULL */
};

#define VM_PATH \
    "Msvm_ComputerSystem.CreationClassName='Msvm_ComputerSystem',Name='" ASK_VM "'"
#define SNAPSHOTS "VirtualSystemType LIKE 'Microsoft:Hyper-V:Snapshot:%'"
#define FROM_SETTINGS "SELECT * FROM Msvm_VirtualSystemSettingData WHERE "

static const struct query_case queries[] = {
    {"all of a class", "SELECT * FROM Msvm_ComputerSystem", 6, "<p:Name>HV01</p:Name>"},
    {"keywords in any case", "select * from msvm_computersystem", 6, NULL},
    {"by id", "SELECT * FROM Msvm_ComputerSystem WHERE Name = '" ASK_VM "'", 1, "web1"},
    {"by id in lower case",
     "SELECT * FROM Msvm_ComputerSystem WHERE Name = "
     "'0f6b2c44-7d0e-4b3e-9c51-2a61d5f0a1b2'",
     1, "web1"},
    {"by a name twice there",
     "SELECT * FROM Msvm_ComputerSystem WHERE ElementName='build'", 2, NULL},
    {"text compares without case",
     "SELECT * FROM Msvm_ComputerSystem WHERE ElementName=\"WEB1\"", 1, NULL},
    {"the settings of a VM",
     FROM_SETTINGS "ElementName = 'web1' AND VirtualSystemType = "
                   "'Microsoft:Hyper-V:System:Realized'",
     1, "Microsoft:" ASK_VM},
    {"the snapshots of a VM",
     FROM_SETTINGS "VirtualSystemIdentifier = '" ASK_VM "' AND " SNAPSHOTS, 4, NULL},
    {"all snapshots", FROM_SETTINGS SNAPSHOTS, 5, NULL},
    {"a number", "SELECT * FROM Msvm_ComputerSystem WHERE EnabledState = 3", 2, NULL},
    {"a number in quotes", "SELECT * FROM Msvm_ComputerSystem WHERE EnabledState = '3'",
     2, NULL},
    {"less", "SELECT * FROM Msvm_ComputerSystem WHERE EnabledState < 3", 4, NULL},
    {"not less", "SELECT * FROM Msvm_ComputerSystem WHERE EnabledState >= 3", 2, NULL},
    {"unequal", "SELECT * FROM Msvm_ComputerSystem WHERE EnabledState <> 2", 2, NULL},
    {"unequal, C", "SELECT * FROM Msvm_ComputerSystem WHERE EnabledState != 2", 2, NULL},
    {"a truth", FROM_SETTINGS "IsAutomaticSnapshot = TRUE", 1, NULL},
    {"and before or",
     FROM_SETTINGS "ElementName='db1' OR ElementName='web1' AND IsSaved=true", 1, NULL},
    {"brackets",
     FROM_SETTINGS "(ElementName='db1' OR ElementName='web1') AND IsSaved=false", 2,
     NULL},
    {"not", "SELECT * FROM Msvm_ComputerSystem WHERE NOT EnabledState = 2", 2, NULL},
    {"null", FROM_SETTINGS "Parent IS NULL AND " SNAPSHOTS, 2, NULL},
    {"not null", FROM_SETTINGS "Parent IS NOT NULL AND " SNAPSHOTS, 3, NULL},
    {"like one", FROM_SETTINGS "ElementName LIKE 'web_'", 1, NULL},
    {"like a set", FROM_SETTINGS "ElementName LIKE '[d-w]%[0-9]'", 2, NULL},
    {"like another", FROM_SETTINGS "ElementName LIKE '[^b]%1'", 2, NULL},
    {"not like", "SELECT * FROM Msvm_ComputerSystem WHERE NOT ElementName LIKE '%b%'", 2,
     NULL},
    {"time", FROM_SETTINGS "CreationTime > '20251231000000.000000+000' AND " SNAPSHOTS, 1,
     "nightly"},
    {"backslashes are doubled",
     FROM_SETTINGS "Parent = '\\\\\\\\HV01\\\\root\\\\virtualization\\\\v2:"
                   "Msvm_VirtualSystemSettingData.InstanceID=\"Microsoft:" ASK_FIRST
                   "\"'",
     2, NULL},
    {"a base class", "SELECT * FROM CIM_ComputerSystem", 6, NULL},
    {"a base class of several", "SELECT * FROM CIM_Service", 2, "vssnapsvc"},
    {"a class without objects", "SELECT * FROM Msvm_StorageJob", 0, NULL},
    {"nothing found", "SELECT * FROM Msvm_ConcreteJob WHERE InstanceID='" ASK_VM "'", 0,
     NULL},
    {"associators",
     "ASSOCIATORS OF {" VM_PATH "} WHERE AssocClass = Msvm_SnapshotOfVirtualSystem "
     "ResultClass = Msvm_VirtualSystemSettingData",
     4, NULL},
    {"the host of a path",
     "ASSOCIATORS OF {\\\\HV01\\root\\virtualization\\v2:" VM_PATH
     "} WHERE AssocClass=Msvm_MostCurrentSnapshotInBranch",
     1, "<p:IsAutomaticSnapshot>true"},
    {"associators by role",
     "ASSOCIATORS OF {" VM_PATH "} WHERE Role = ManagedElement ResultRole = SettingData",
     1, "Microsoft:" ASK_VM},
    {"associators from a snapshot",
     "ASSOCIATORS OF {Msvm_VirtualSystemSettingData.InstanceID='Microsoft:" ASK_FIRST
     "'} WHERE AssocClass = Msvm_ParentChildSettingData Role = Antecedent",
     2, "try nginx"},
    {"references",
     "REFERENCES OF {" VM_PATH "} WHERE ResultClass = Msvm_SnapshotOfVirtualSystem", 4,
     "<p:Dependent "},
    {"all references", "REFERENCES OF {" VM_PATH "}", 6, NULL},
};

static void test_query(void **state)
{
    const struct query_case *row = *state;
    struct ask ask;
    const char *reply;

    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    reply = ask_wql(&ask, row->query);
    assert_int_equal(ask.reply.status, 200);
    assert_int_equal(ask_count(reply, "_Type\""), row->count);
    if (row->holds)
        assert_non_null(strstr(reply, row->holds));
    if (!row->count)
        assert_non_null(
            strstr(reply, "</n:EnumerationContext><w:Items/><w:EndOfSequence/>"));
    ask_close(&ask);
}

struct bad_case {
    const char *name;
    const char *query;
    unsigned long code;
};

static const struct bad_case bad[] = {
    {"empty", "", 0x8033801A},
    {"no query", "DELETE FROM Msvm_ComputerSystem", 0x8033801A},
    {"no class", "SELECT * FROM", 0x8033801A},
    {"unknown class", "SELECT * FROM Msvm_Nothing", 0x8033801A},
    {"unknown property", "SELECT * FROM Msvm_ComputerSystem WHERE Colour='red'",
     0x8033801A},
    {"unknown column", "SELECT Colour FROM Msvm_ComputerSystem", 0x8033801A},
    {"text for a number", "SELECT * FROM Msvm_ComputerSystem WHERE EnabledState='on'",
     0x8033801A},
    {"an array", "SELECT * FROM Msvm_ComputerSystem WHERE OperationalStatus=2",
     0x8033801A},
    {"a reference", "SELECT * FROM Msvm_AffectedJobElement WHERE AffectedElement='x'",
     0x8033801A},
    {"a time of another form", FROM_SETTINGS "CreationTime > '2025-12-31T00:00:00Z'",
     0x8033801A},
    {"a literal without its end", FROM_SETTINGS "ElementName = 'web1", 0x8033801A},
    {"no literal", FROM_SETTINGS "ElementName = web1", 0x8033801A},
    {"a bracket too few", FROM_SETTINGS "(ElementName = 'web1'", 0x8033801A},
    {"something behind", "SELECT * FROM Msvm_ComputerSystem;", 0x8033801A},
    {"order", "SELECT * FROM Msvm_ComputerSystem ORDER BY Name", 0x8033801A},
    {"a path without braces", "ASSOCIATORS OF Msvm_ComputerSystem", 0x8033801A},
    {"an association with AND",
     "ASSOCIATORS OF {" VM_PATH "} WHERE AssocClass=Msvm_SettingsDefineState AND "
     "ResultClass=Msvm_VirtualSystemSettingData",
     0x8033801A},
    {"an unknown association",
     "ASSOCIATORS OF {" VM_PATH "} WHERE AssocClass=Msvm_Nothing", 0x8033801A},
    {"a quoted class", "ASSOCIATORS OF {" VM_PATH "} WHERE AssocClass='Msvm_X'",
     0x8033801A},
    {"references through an association",
     "REFERENCES OF {" VM_PATH "} WHERE AssocClass=Msvm_SettingsDefineState", 0x8033801A},
    {"associators of nothing",
     "ASSOCIATORS OF {Msvm_ConcreteJob.InstanceID='" ASK_VM "'}", 0x80338000},
    {"associators of half a key",
     "ASSOCIATORS OF {Msvm_ComputerSystem.Name='" ASK_VM "'}", 0x8033805A},
};

static void test_bad(void **state)
{
    const struct bad_case *row = *state;
    struct ask ask;
    const char *reply;

    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    reply = ask_wql(&ask, row->query);
    assert_int_equal(ask.reply.status, 500);
    assert_int_equal(strtoul(ask_between(reply, "Code=\"", "\""), NULL, 10), row->code);
    ask_close(&ask);
}

/* A query as long as somebody may send it, and one that is nested as deep. */
static void test_limits(void **state)
{
    struct hvs_buf query = HVS_BUF_INIT(1 << 20);
    struct sim_wql wql;
    int i;

    (void)state;
    hvs_buf_puts(&query, "SELECT * FROM C WHERE a=1");
    for (i = 0; i < 600; i++)
        hvs_buf_puts(&query, " OR a=1");
    assert_int_equal(sim_wql_parse(&wql, hvs_buf_str(&query)), 0x8004106C);
    sim_wql_clear(&wql);
    hvs_buf_clear(&query);

    hvs_buf_puts(&query, "SELECT * FROM C WHERE ");
    for (i = 0; i < 100000; i++)
        hvs_buf_puts(&query, "(");
    assert_int_equal(sim_wql_parse(&wql, hvs_buf_str(&query)), 0x8033801A);
    sim_wql_clear(&wql);
    hvs_buf_clear(&query);
}

static void test_projection(void **state)
{
    struct ask ask;
    const char *reply;

    (void)state;
    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    reply = ask_wql(&ask, "SELECT Parent, elementname, CreationTime FROM "
                          "Msvm_VirtualSystemSettingData WHERE ElementName='nightly'");
    assert_string_equal(
        ask_between(reply, "<w:Items>", "</w:Items>"),
        "<w:XmlFragment xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance"
        "\"><CreationTime><Datetime>2025-12-31T12:00:00Z</Datetime>"
        "</CreationTime><ElementName>nightly</ElementName>"
        "<Parent xsi:nil=\"true\"/></w:XmlFragment>");
    ask_close(&ask);
}

struct path_case {
    const char *name;
    const char *path;
    const char *class_; /* NULL: not understood */
    const char *keys[4];
};

static const struct path_case paths[] = {
    {"one key", "A.B='c'", "A", {"B", "c"}},
    {"two keys", "A.B=\"c\",D='e'", "A", {"B", "c", "D", "e"}},
    {"a host", "\\\\H\\root\\x:A.B='c'", "A", {"B", "c"}},
    {"a colon in a key", "A.B='Microsoft:c'", "A", {"B", "Microsoft:c"}},
    {"escapes", "A.B=\"c\\\\d\\\"e\"", "A", {"B", "c\\d\"e"}},
    {"a singleton", "A=@", "A", {NULL}},
    {"no class", ".B='c'", NULL, {NULL}},
    {"no key", "A", NULL, {NULL}},
    {"no quote", "A.B=c", NULL, {NULL}},
    {"no end", "A.B='c", NULL, {NULL}},
    {"something behind", "A.B='c'x", NULL, {NULL}},
    {"a comma behind", "A.B='c',", NULL, {NULL}},
};

static void test_path(void **state)
{
    const struct path_case *row = *state;
    struct sim_search keys = {0};
    char *class_;
    size_t i;

    assert_int_equal(sim_path_parse(row->path, &class_, &keys), row->class_ != NULL);
    if (row->class_) {
        assert_string_equal(class_, row->class_);
        for (i = 0; i < keys.count; i++) {
            assert_string_equal(keys.terms[i].name, row->keys[2 * i]);
            assert_string_equal(keys.terms[i].value, row->keys[2 * i + 1]);
        }
        assert_true(2 * i == 4 || !row->keys[2 * i]);
    }
    free(class_);
    sim_search_clear(&keys);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(queries) + COUNT(bad) + COUNT(paths) + 2] = {
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_projection),
    };

    CASES(tests + 2, queries, test_query);
    CASES(tests + 2 + COUNT(queries), bad, test_bad);
    CASES(tests + 2 + COUNT(queries) + COUNT(bad), paths, test_path);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
