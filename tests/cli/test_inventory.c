#include "cli/choose.h"

struct choice_case {
    const char *label;
    const char *text;
    const char *words; /* with a blank between */
    const char *base;  /* what -H says, or NULL */
    const char *targets, *error;
};

#define INI \
    "; remark\n" \
    "hv09/alone  env=test\n" \
    "[web]  # remark\n" \
    "hv01/web1 env=prod tier=1\n" \
    "\thttp://bob@hv02/web2 env=prod\n" \
    "\n" \
    "[db]\r\n" \
    "[fe80::1]:5985/db1 env=test\r\n" \
    "hv01/web1\n" \
    "[front:children]\n" \
    "web ; remark\n" \
    "[site:children]\n" \
    "front\n" \
    "db\n" \
    "[web]\n" \
    "hv03/web3 env= tier=1"
#define WEB "hv01/web1 http://bob@hv02/web2 hv03/web3"
#define SITE "hv01/web1 http://bob@hv02/web2 [fe80::1]:5985/db1 hv03/web3"

static const struct choice_case choices[] = {
    {"a group", INI, "web", NULL, WEB, NULL},
    {"a group of groups", INI, "front", NULL, WEB, NULL},
    {"a group of those", INI, "site", NULL, SITE, NULL},
    {"all", INI, "all", NULL, "hv09/alone " SITE, NULL},
    {"a label", INI, "env=prod", NULL, "hv01/web1 http://bob@hv02/web2", NULL},
    {"an empty label", INI, "env=", NULL, "hv03/web3", NULL},
    {"a union, in the order of the file", INI, "db env=test tier=1", NULL,
     "hv09/alone hv01/web1 [fe80::1]:5985/db1 hv03/web3", NULL},
    {"no group", INI, "wbe", NULL, NULL, "no group 'wbe' in 'F'"},
    {"no name", INI, "", NULL, NULL, "no group '' in 'F'"},
    {"no label", INI, "env=dev", NULL, NULL, "nothing in 'F' bears 'env=dev'"},
    {"no key", INI, "=prod", NULL, NULL, "nothing in 'F' bears '=prod'"},
    {"a group's key is whole", INI, "en=prod", NULL, NULL, "bears 'en=prod'"},
    {"an empty group", "[web]\n", "web", NULL, NULL, "'web' of 'F' holds nothing"},
    {"an empty file", "", "all", NULL, NULL, "'all' of 'F' holds nothing"},
    {"before it is known", "[a:children]\nb\n[b]\nh/v\n", "a", NULL, "h/v", NULL},
    {"by two ways", "[a]\nh/v\n[b:children]\na\n[c:children]\nb\na\n", "c", NULL, "h/v",
     NULL},
    {"blanks, quoted", "\"h/a b\" x=\"1 2\" \"y z=3\" q=1\n", "q=1", NULL, "h/a b", NULL},
    {"quotes in quotes", "\"h/a \"\"b\"\"\" # x\n", "all", NULL, "h/a \"b\"", NULL},
    {"quotes elsewhere are none", "h/a\"b x=c\"d\n", "x=c\"d", NULL, "h/a\"b", NULL},
    {"a quoted label", "h/v \"x=a\" y=\"\"\n", "x=a y=", NULL, "h/v", NULL},
    {"a value with '='", "h/v x=a=b\n", "x=a=b", NULL, "h/v", NULL},
    {"remarks begin words", "h/v#1 x=1#2 #y=3\n", "x=1#2", NULL, "h/v#1", NULL},
    {"only a VM", "web1\nh/v\n", "all", "bob@hv01:1", "bob@hv01:1/web1 h/v", NULL},
    {"only a VM, and no host", "\nweb1\n", "all", NULL, NULL, "F:2: 'web1' is on no h"},
    {"a VM called @x", "h/@x\n@x\n", "all", "h2", "h/@x h2/@x", NULL},
    {"a host", "h/\nhttps://g\n", "all", "h2", "h/ https://g/", NULL},
    {"labels add up", "[a]\nh/v x=1\n[b]\nh/v x=1 y=2\n", "y=2", NULL, "h/v", NULL},

    {"JSON: a target", HOST_VARS("x", "\"hvsnap_target\":\"http://b@h/v\""), "all", "g",
     "http://b@h/v", NULL},
    {"JSON: a host", HOST_VARS("x", "\"hvsnap_host\":\"https://h:1\""), "all", "g",
     "https://h:1/x", NULL},
    {"JSON: a host, a user and a VM",
     HOST_VARS("x",
               "\"hvsnap_host\":\"h\",\"hvsnap_user\":\"D\\\\u\",\"hvsnap_vm\":\"v\""),
     "all", NULL, "D\\u@h/v", NULL},
    {"JSON: a VM of -H", HOST_VARS("x", ""), "all", "bob@g:1", "bob@g:1/x", NULL},
    {"JSON: a VM of -H, and a user", HOST_VARS("x", "\"hvsnap_user\":\"u\""), "all",
     "bob@g", "u@g/x", NULL},
    {"JSON: no host", HOST_VARS("x", ""), "all", NULL, NULL, "F: x: 'x' is on no host"},
    {"JSON: a name that looks like more", HOST_VARS("a/b", ""), "all", "g", "g/a/b",
     NULL},
    {"JSON: labels of each kind",
     HOST_VARS("x", "\"a\":\"t\",\"b\":1,\"c\":1.1,\"d\":true,\"e\":null,\"f\":[1]"),
     "a=t b=1 c=1.1 d=true", "g", "g/x", NULL},
    {"JSON: null is no label", HOST_VARS("x", "\"e\":null"), "e=null", "g", NULL,
     "bears"},
    {"JSON: an array is no label", HOST_VARS("x", "\"e\":[1]"), "e=[1]", "g", NULL,
     "bears"},
    {"JSON: from a group", TWO_GROUPS("\"hvsnap_host\":\"h\"", "\"k\":2"), "k=2", NULL,
     "h/x", NULL},
    {"JSON: groups that agree",
     TWO_GROUPS("\"hvsnap_host\":\"h\"", "\"hvsnap_host\":\"h\""), "all", NULL, "h/x",
     NULL},
    {"JSON: its own wins",
     "{\"_meta\":{\"hostvars\":{\"x\":{\"hvsnap_host\":\"own\",\"k\":\"1\"}}},"
     "\"a\":{\"hosts\":[\"x\"],\"vars\":{\"hvsnap_host\":\"h\",\"k\":\"2\"}}}",
     "k=1", NULL, "own/x", NULL},
    {"JSON: its own label wins",
     "{\"_meta\":{\"hostvars\":{\"x\":{\"k\":\"1\"}}},"
     "\"a\":{\"hosts\":[\"x\"],\"vars\":{\"k\":\"2\"}}}",
     "k=2", "g", NULL, "bears 'k=2'"},
    {"JSON: a child wins",
     "{\"p\":{\"children\":[\"c\"],\"vars\":{\"hvsnap_host\":\"p\"}},"
     "\"c\":{\"hosts\":[\"x\"],\"vars\":{\"hvsnap_host\":\"c\"}}}",
     "p", NULL, "c/x", NULL},
    {"JSON: a child wins, be it in both",
     "{\"p\":{\"hosts\":[\"x\"],\"children\":[\"c\"],\"vars\":{\"hvsnap_host\":\"p\"}},"
     "\"c\":{\"hosts\":[\"x\"],\"vars\":{\"hvsnap_host\":\"c\"}}}",
     "p", NULL, "c/x", NULL},
    {"JSON: all loses",
     "{\"all\":{\"vars\":{\"hvsnap_host\":\"a\"}},"
     "\"c\":{\"hosts\":[\"x\"],\"vars\":{\"hvsnap_host\":\"c\"}},"
     "\"d\":{\"hosts\":[\"y\"]},\"_meta\":{\"hostvars\":{\"z\":{}}}}",
     "all", NULL, "c/x a/y a/z", NULL},
    {"JSON: labels of both groups", TWO_GROUPS("\"k\":1", "\"k\":2"), "k=2", "g", "g/x",
     NULL},
    {"JSON: a group left out", "{\"a\":{\"hosts\":[\"x\"],\"children\":[\"b\"]}}", "b",
     "g", NULL, "'b' of 'F' holds nothing"},
    {"JSON: newer ones", "{\"_meta\":{\"profile\":\"p\",\"hostvars\":{\"x\":{}}}}", "all",
     "g", "g/x", NULL},
    {"JSON: nothing", " \n{}", "all", "g", NULL, "'all' of 'F' holds nothing"},
};

static void test_choice(void **state)
{
    const struct choice_case *row = *state;
    struct hvs_buf targets = HVS_BUF_INIT(1000);
    struct inventory *inventory;
    struct hvs_error err = {0};

    if (parse(&inventory, row->text, &err) < 0)
        fail_msg("%s", err.message);
    assert_int_equal(choose(inventory, row->words, row->base, &targets, &err),
                     row->error ? -1 : 0);
    if (row->error)
        assert_err(&err, HVS_USAGE, row->error);
    else
        assert_string_equal(hvs_buf_str(&targets), row->targets);
    hvs_buf_clear(&targets);
    inventory_free(inventory);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(choices)];

    CASES(tests, choices, test_choice);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
