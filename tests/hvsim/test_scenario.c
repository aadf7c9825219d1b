#include "support/test.h"

#include "hvsim/ask.h"
#include "hvsim/scenario.h"
#include "hvsim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Scenarios that are wrong: what is said about each. */
struct wrong_case {
    const char *name;
    const char *text;
    const char *says;
};

#define HOST(inside) "{\"hosts\":[{\"name\":\"H\"" inside "}]}"
#define VM(inside) HOST(",\"vms\":[{\"name\":\"a\"" inside "}]")
#define SNAPSHOT(inside) VM(",\"snapshots\":[{" inside "}]")

static const struct wrong_case wrongs[] = {
    {"no JSON", "{\"hosts\":", "line 1"},
    {"a key twice", "{\"hosts\":[],\"hosts\":[]}", "duplicate object key"},
    {"an array", "[]", "the scenario must be an object"},
    {"no host", "{}", "no host"},
    {"hosts of another type", "{\"hosts\":{}}",
     "'hosts' of the scenario must be an array"},
    {"an unknown key", HOST(",\"colour\":1"), "hosts[0] knows no 'colour'"},
    {"no name", "{\"hosts\":[{}]}", "hosts[0] has no 'name'"},
    {"hosts alike that are none", HOST(",\"count\":0"), "from 1 to 10000"},
    {"hosts alike of one name", HOST(",\"count\":2"),
     "'name' of hosts[0] needs a %d for the number of the host"},
    {"hosts alike of one machine",
     "{\"hosts\":[{\"name\":\"H%d\",\"count\":2,\"machine\":\"m.test\"}]}",
     "'machine' of hosts[0] needs a %d"},
    {"a number of one host", "{\"hosts\":[{\"name\":\"H%d\"}]}", "'H%d' is no host name"},
    {"two numbers", "{\"hosts\":[{\"name\":\"H%d%d\",\"count\":2}]}",
     "'H1%d' is no host name"},
    {"a mistake in hosts alike",
     "{\"hosts\":[{\"name\":\"H%d\",\"count\":2,\"colour\":1}]}",
     "hosts[0] knows no 'colour'"},
    {"a name with a space", "{\"hosts\":[{\"name\":\"a b\"}]}", "'a b' is no host name"},
    {"an unknown language", HOST(",\"locale\":\"fi-FI\""), "'locale' of hosts[0]"},
    {"a time zone that is none", HOST(",\"utc_offset\":900"), "from -840 to 840"},
    {"text for a number", HOST(",\"duration_ms\":\"2\""), "a whole number"},
    {"a number for a truth", HOST(",\"hyperv\":1"), "true or false"},
    {"a VM without a name", HOST(",\"vms\":[{}]"), "hosts[0].vms[0] has no 'name'"},
    {"an id that is none", VM(",\"id\":\"x\""), "hosts[0].vms[0] must be a GUID"},
    {"an id twice",
     HOST(",\"vms\":[{\"name\":\"a\",\"id\":\"" ASK_VM
          "\"},{\"name\":\"b\",\"id\":\"" ASK_VM "\"}]"),
     "the id of hosts[0].vms[1] is taken"},
    {"an unknown state", VM(",\"state\":\"asleep\""), "cannot be 'asleep'"},
    {"an unknown kind of snapshots", VM(",\"user_snapshot_type\":\"x\""),
     "cannot be 'x'"},
    {"an unknown type", SNAPSHOT("\"type\":\"x\""),
     "'type' of hosts[0].vms[0].snapshots[0] cannot be 'x'"},
    {"an unknown parent", SNAPSHOT("\"parent\":\"x\""), "names no snapshot"},
    {"itself as a parent", SNAPSHOT("\"name\":\"x\",\"parent\":\"x\""),
     "names no snapshot"},
    {"a time that is none", SNAPSHOT("\"created\":\"yesterday\""), "a time like"},
    {"an unknown place", VM(",\"current\":\"x\""), "'current' of hosts[0].vms[0]"},
    {"too many", HOST(",\"generate\":{\"vms\":1000000}"), "'generate' of hosts[0]"},
    {"an account without a user", "{\"hosts\":[{\"name\":\"H\"}],\"accounts\":[{}]}",
     "accounts[0] has no 'user'"},
    {"unknown rights",
     "{\"hosts\":[{\"name\":\"H\"}],\"accounts\":[{\"user\":\"a\",\"rights\":\"all\"}]}",
     "full, read or none"},
    {"an unknown switch", "{\"hosts\":[{\"name\":\"H\"}],\"switches\":{\"x\":\"y\"}}",
     "no switch is called 'x'"},
    {"a bad fault", "{\"hosts\":[{\"name\":\"H\"}],\"faults\":[\"x\"]}", "fault 'x'"},
};

static void test_wrong(void **state)
{
    const struct wrong_case *row = *state;
    struct hvs_error err = {0};
    struct ask ask;

    assert_int_equal(ask_open(&ask, row->text, NULL, &err), -1);
    assert_err(&err, HVS_USAGE, row->says);
}

static int64_t fixed(void *arg)
{
    (void)arg;
    return INT64_C(1767225600000);
}

static struct sim_world *load(const char *name)
{
    struct hvs_buf path = HVS_BUF_INIT(256);
    struct hvs_error err = {0};
    struct sim_world *world;

    hvs_buf_printf(&path, "tests/fixtures/scenarios/%s.json", name);
    world = sim_world_new(hvs_buf_str(&path), fixed, NULL, &err);
    if (!world)
        fail_msg("%s: %s", name, err.message);
    hvs_buf_clear(&path);
    return world;
}

/* The built-in scenario is the one in the file, for all to read. */
static void test_builtin(void **state)
{
    json_t *builtin = json_loads(sim_scenario_builtin, 0, NULL);
    json_t *file = json_load_file("tests/fixtures/scenarios/small.json", 0, NULL);

    (void)state;
    assert_non_null(builtin);
    assert_true(json_equal(builtin, file));
    json_decref(builtin);
    json_decref(file);
}

static void test_files(void **state)
{
    static const struct {
        const char *name;
        size_t hosts, vms, snapshots; /* of the first host and its first VM */
    } files[] = {
        {"small", 1, 5, 4},     {"german", 1, 2, 2},    {"japanese", 1, 1, 2},
        {"disabled", 1, 6, 0},  {"no-hyperv", 1, 0, 0}, {"kinds", 1, 1, 8},
        {"two-hosts", 2, 1, 0}, {"big", 1, 1000, 20},
    };
    struct sim_world *world;
    const struct sim_host *host;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(files); i++) {
        world = load(files[i].name);
        host = sim_world_host(world, 0);
        assert_int_equal(sim_world_hosts(world), files[i].hosts);
        assert_int_equal(host->vm_count, files[i].vms);
        if (host->vm_count)
            assert_int_equal(host->vms[0]->snapshot_count, files[i].snapshots);
        sim_world_free(world);
    }
}

/* "count": each has a name of its own, VMs of its own, and ids that no other has. */
static void test_hosts_alike(void **state)
{
    static const char text[] =
        "{\"hosts\":[{\"name\":\"first\"},{\"name\":\"H%d\",\"machine\":\"h%d.test\","
        "\"count\":500,\"vms\":[{\"name\":\"a\",\"snapshots\":[{\"name\":\"s\"}]}],"
        "\"generate\":{\"vms\":1}}]}";
    const struct sim_host *one, *last;
    struct ask ask;

    (void)state;
    assert_int_equal(ask_open(&ask, text, NULL, NULL), 0);
    assert_int_equal(sim_world_hosts(ask.world), 501);
    one = sim_world_host(ask.world, 1);
    last = sim_world_host(ask.world, 500);
    assert_string_equal(one->name, "H1");
    assert_string_equal(last->name, "H500");
    assert_string_equal(last->machine, "h500.test");
    assert_int_equal(last->vm_count, 2);
    assert_string_equal(last->vms[0]->name, "a");
    assert_string_equal(last->vms[0]->snapshots[0]->name, "s");
    assert_string_not_equal(one->vms[0]->id, last->vms[0]->id);
    assert_string_not_equal(one->vms[1]->id, last->vms[1]->id);
    assert_string_not_equal(one->vms[0]->snapshots[0]->id,
                            last->vms[0]->snapshots[0]->id);
    ask_close(&ask);
}

/* What is wrong is said with the file's name. */
static void test_file_named(void **state)
{
    char path[] = "/tmp/hvsim-scenario-XXXXXX";
    static const char text[] = "{\"hosts\":[{\"name\":\"H\",\"colour\":1}]}";
    struct hvs_error err = {0};
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    assert_null(sim_world_new(path, fixed, NULL, &err));
    assert_err(&err, HVS_USAGE, path);
    assert_err(&err, HVS_USAGE, "hosts[0] knows no 'colour'");
    unlink(path);
}

/* Ids that the scenario leaves out are the same each time. */
static void test_same_ids(void **state)
{
    struct sim_world *one = load("big"), *two = load("big");
    const struct sim_host *a = sim_world_host(one, 0), *b = sim_world_host(two, 0);

    (void)state;
    assert_string_equal(a->vms[999]->id, b->vms[999]->id);
    assert_string_not_equal(a->vms[998]->id, a->vms[999]->id);
    assert_string_equal(a->vms[7]->snapshots[19]->id, b->vms[7]->snapshots[19]->id);
    assert_true(hvs_uuid_valid(a->vms[7]->id));
    sim_world_free(one);
    sim_world_free(two);
}

struct account_case {
    const char *name;  /* of the account */
    const char *found; /* "DOMAIN\\user", or NULL */
};

static const struct account_case accounts[] = {
    {"HVTEST\\hvuser", "HVTEST\\hvuser"},
    {"hvtest\\HVUSER", "HVTEST\\hvuser"},
    {"hvuser", "HVTEST\\hvuser"},
    {"hvuser@HVSNAP.TEST", "HVTEST\\hvuser"}, /* a realm that no account has */
    {"hvuser@hvtest", "HVTEST\\hvuser"},
    {"ELSEWHERE\\hvuser", "HVTEST\\hvuser"},
    {"OTHER\\hvuser", NULL}, /* a domain that has no such user */
    {"hvuser@OTHER", NULL},
    {"admin", "OTHER\\admin"},
    {"nobody", NULL},
    {"", NULL},
};

static void test_account(void **state)
{
    const struct account_case *row = *state;
    struct sim_world *world = load("two-hosts");
    const struct sim_account *found = sim_account_find(world, row->name);
    struct hvs_buf text = HVS_BUF_INIT(256);

    assert_int_equal(found != NULL, row->found != NULL);
    if (found) {
        hvs_buf_printf(&text, "%s\\%s", found->domain, found->user);
        assert_string_equal(hvs_buf_str(&text), row->found);
        assert_ptr_equal(sim_world_password(world, row->name), found->password);
    } else {
        assert_null(sim_world_password(world, row->name));
    }
    hvs_buf_clear(&text);
    sim_world_free(world);
}

static void test_users(void **state)
{
    struct hvs_buf users = HVS_BUF_INIT(1024);
    struct ask ask;

    (void)state;
    assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
    sim_world_users(ask.world, &users);
    assert_string_equal(hvs_buf_str(&users), "HVTEST:hvuser:Passw0rd!\n"
                                             "HVTEST:hvread:Passw0rd!\n"
                                             "HVTEST:hvnone:Passw0rd!\n");
    hvs_buf_clear(&users);
    ask_close(&ask);
}

/* Who may do what. */
static void test_rights(void **state)
{
    static const struct {
        const char *account;
        size_t sees;
        const char *creates;
    } rows[] = {
        {"HVTEST\\hvuser", 6, "4096"},
        {"HVTEST\\hvread", 6, "32769"},
        {"HVTEST\\hvnone", 0, "32769"},
        {"HVTEST\\stranger", 0, "32769"},
    };
    struct ask ask;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); i++) {
        assert_int_equal(ask_open(&ask, NULL, NULL, NULL), 0);
        ask.account = rows[i].account;
        assert_int_equal(ask_count(ask_wql(&ask, "SELECT * FROM Msvm_ComputerSystem"),
                                   "_Type\""),
                         rows[i].sees);
        assert_string_equal(ask_between(ask_create(&ask, ASK_VM), "<p:ReturnValue>", "<"),
                            rows[i].creates);
        ask_close(&ask);
    }
}

/* The state file holds what there is. */
static void test_state(void **state)
{
    const char *settings[] = {"fault=CreateSnapshot#2:late-act=60000", NULL};
    char path[] = "/tmp/hvsim-state-XXXXXX";
    int fd = mkstemp(path), created, gets, late, type, rival;
    struct hvs_error err = {0};
    const char *parent, *made, *changed;
    struct ask ask;
    json_t *root;
    int64_t ms = 0;
    int value = 0;

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(ask_open(&ask, NULL, settings, NULL), 0);
    sim_host_before(ask.host, "login", &ms, &value);
    sim_host_before(ask.host, "request", &ms, &value);
    ask_create(&ask, ASK_VM);
    ask_create(&ask, ASK_VM);
    ask.now += 2000; /* what became due is in it, though nobody asked */
    assert_int_equal(sim_world_state(ask.world, path, &err), 0);
    root = json_load_file(path, 0, NULL);
    assert_int_equal(json_unpack(root, "{s:[{s:{s:i, s:i, s:i}, s:[{s:s}], s:[{s:s}]}]}",
                                 "hosts", "counters", "requests", &gets, "logins", &value,
                                 "CreateSnapshot", &created, "jobs", "snapshot", &made,
                                 "vms", "parent", &parent),
                     0);
    assert_int_equal(gets, 2);
    assert_int_equal(value, 1);
    assert_int_equal(created, 2);
    assert_string_equal(parent, made);
    assert_int_equal(json_unpack(root, "{s:[{s:i, s:[{s:i, s:s, s:b}]}]}", "hosts",
                                 "late_requests", &late, "changes", "type", &type, "id",
                                 &changed, "rival", &rival),
                     0);
    assert_int_equal(late, 1);
    assert_int_equal(type, 70);
    assert_string_equal(changed, made);
    assert_false(rival);
    json_decref(root);
    assert_int_equal(sim_world_state(ask.world, "/nonexistent/state", &err), -1);
    assert_err(&err, HVS_SYSTEM, "cannot write the state");
    unlink(path);
    ask_close(&ask);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(wrongs) + COUNT(accounts) + 8] = {
        cmocka_unit_test(test_builtin),     cmocka_unit_test(test_files),
        cmocka_unit_test(test_same_ids),    cmocka_unit_test(test_users),
        cmocka_unit_test(test_rights),      cmocka_unit_test(test_state),
        cmocka_unit_test(test_hosts_alike), cmocka_unit_test(test_file_named),
    };

    CASES(tests + 8, wrongs, test_wrong);
    CASES(tests + 8 + COUNT(wrongs), accounts, test_account);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
