#include "cli/choose.h"

static const struct error_case errors[] = {
    {"wrong", "{\n\"a\": }", "F:2: unexpected token"},
    {"no word of what it holds", "{\"a\": secret}", "F:1: invalid token"},
    {"cut", "{\"a\":{", "F:1: string or '}' expected"},
    {"a NUL", "{\"a\\u0000\":{}}", "F:1: "},
    {"twice", "{\"a\":{},\"a\":{}}", "F:1: duplicate object key"},
    {"no object", "{\"web\":[\"h\"]}", "F: web: not an object"},
    {"an unknown key", "{\"web\":{\"host\":[]}}", "F: web.host: unknown"},
    {"no array", "{\"web\":{\"hosts\":{}}}", "F: web.hosts: not an array"},
    {"no name", "{\"web\":{\"children\":[1]}}", "F: web.children: not a name"},
    {"an empty name", "{\"web\":{\"hosts\":[\"\"]}}", "F: web.hosts: not a name"},
    {"no variables", "{\"web\":{\"vars\":1}}", "F: web.vars: not an object"},
    {"no meta", "{\"_meta\":1}", "F: _meta: not an object"},
    {"unknown meta", "{\"_meta\":{\"hosts\":1}}", "F: _meta.hosts: unknown"},
    {"no hosts", "{\"_meta\":{\"hostvars\":1}}", "F: _meta.hostvars: not an obj"},
    {"a host without a name", HOST_VARS("", ""), "F: _meta.hostvars: not a name"},
    {"a host's are no variables", "{\"_meta\":{\"hostvars\":{\"x\":1}}}",
     "F: _meta.hostvars.x: not an object"},
    {"an unknown variable", HOST_VARS("web1", "\"hvsnap_vmm\":\"v\""),
     "F: _meta.hostvars.web1.hvsnap_vmm: unknown"},
    {"one of a group", "{\"web\":{\"vars\":{\"hvsnap_hots\":\"h\"}}}",
     "F: web.vars.hvsnap_hots: unknown"},
    {"not a string", HOST_VARS("x", "\"hvsnap_vm\":1"),
     "F: _meta.hostvars.x.hvsnap_vm: not a string"},
    {"a wrong target", HOST_VARS("x", "\"hvsnap_target\":\"h\""),
     "F: _meta.hostvars.x.hvsnap_target: 'h' may be a host or a VM"},
    {"a wrong host", HOST_VARS("x", "\"hvsnap_host\":\"h/v\""),
     "F: _meta.hostvars.x.hvsnap_host: 'h/v' is more than a host"},
    {"a wrong host of a group", TWO_GROUPS("\"hvsnap_host\":\"h:x\"", ""),
     "F: a.vars.hvsnap_host: 'x' is not a port"},
    {"an empty VM", HOST_VARS("x", "\"hvsnap_vm\":\"\""),
     "F: _meta.hostvars.x.hvsnap_vm: the name of the VM is empty"},
    {"an empty user", HOST_VARS("x", "\"hvsnap_user\":\"\""),
     "F: _meta.hostvars.x.hvsnap_user: the user is empty"},
    {"two users", HOST_VARS("x", "\"hvsnap_host\":\"a@h\",\"hvsnap_user\":\"b\""),
     "F: _meta.hostvars.x.hvsnap_host: a user, and hvsnap_user too"},
    {"a target and a host",
     HOST_VARS("x", "\"hvsnap_target\":\"h/v\",\"hvsnap_host\":\"h\""),
     "F: _meta.hostvars.x.hvsnap_host: cannot go with hvsnap_target"},
    {"groups that disagree", TWO_GROUPS("\"hvsnap_host\":\"h\"", "\"hvsnap_host\":\"g\""),
     "F: a.vars.hvsnap_host: b.vars has another value for 'x'"},
    {"a cycle", "{\"a\":{\"children\":[\"b\"]},\"b\":{\"children\":[\"a\"]}}",
     ".children: a cycle: "},
    {"all in a group", "{\"a\":{\"children\":[\"all\"]},\"all\":{}}", "a cycle: "},
};

/* JSON, to what depth; brackets in strings do not count. */
static void test_json_depth(void **state)
{
    struct inventory *inventory;
    struct hvs_error err = {0};
    int depth, i;

    (void)state;
    for (depth = 64; depth <= 65; depth++) {
        struct hvs_buf text = HVS_BUF_INIT(1000);

        hvs_buf_puts(&text, "{\"_meta\":{\"hostvars\":{\"x\":{\"[\\\"{\":");
        for (i = 4; i < depth; i++)
            hvs_buf_puts(&text, "[");
        for (i = 4; i < depth; i++)
            hvs_buf_puts(&text, "]");
        hvs_buf_puts(&text, "}}}}");
        assert_int_equal(parse(&inventory, hvs_buf_str(&text), &err),
                         depth == 64 ? 0 : -1);
        inventory_free(inventory);
        hvs_buf_clear(&text);
    }
    assert_err(&err, HVS_USAGE, "F: over 64 levels deep");
}

static char *read_fixture(const char *name)
{
    char path[100], *text = calloc(1, 10000);
    FILE *file;

    snprintf(path, sizeof(path), "tests/fixtures/inventory/%s", name);
    file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(text);
    assert_true(fread(text, 1, 9999, file) > 0);
    fclose(file);
    return text;
}

/* What Ansible's own tool wrote, both ways. */
static void test_ansible(void **state)
{
    static const struct {
        const char *words, *targets;
    } rows[] = {
        {"prod", "ops@hv02/db1 ops@hv01/web1 ops@hv01/Web 2"},
        {"web", "ops@hv01/web1 ops@hv01/Web 2"},
        {"tier=1 ratio=1.5", "ops@hv02/db1 ops@hv01/Web 2"},
        {"env=prod", "ops@hv02/db1 ops@hv01/web1 ops@hv01/Web 2"},
    };
    const char *const names[] = {"list.json", "export.json"};
    size_t i, n;

    (void)state;
    for (i = 0; i < 2 * COUNT(rows); i++) {
        struct hvs_buf found = HVS_BUF_INIT(1000);
        struct inventory *inventory;
        struct hvs_error err = {0};
        char *text = read_fixture(names[i % 2]);

        n = i / 2;
        assert_int_equal(parse(&inventory, text, &err), 0);
        assert_int_equal(choose(inventory, rows[n].words, NULL, &found, &err), 0);
        assert_string_equal(hvs_buf_str(&found), rows[n].targets);
        assert_int_equal(choose(inventory, "all", NULL, &found, &err), -1);
        assert_err(&err, HVS_USAGE, "F: switch1: 'switch1' is on no host");
        inventory_free(inventory);
        hvs_buf_clear(&found);
        free(text);
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT(errors)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_json_depth),
        cmocka_unit_test(test_ansible),
    };
    int failed;

    CASES(tests, errors, test_error);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
