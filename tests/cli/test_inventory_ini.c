#include "cli/choose.h"

static const struct error_case errors[] = {
    {"an unknown section", "[web]\n[web:vars]\n", "F:2: [web:vars]: no such section"},
    {"hosts are said so by nothing", "[web:hosts]\n", "F:1: [web:hosts]: no such sect"},
    {"two colons", "[a:children:children]\n", "F:1: [a:children:children]: no such"},
    {"no bracket", "[web\n", "F:1: a section without its ']'"},
    {"after a section", "[web] x\n", "F:1: [web]: 'x' is too much here"},
    {"no group's name", "[a=b]\n", "F:1: [a=b]: 'a=b' is not the name of a group"},
    {"an empty one", "[]\n", "F:1: ''"},
    {"one with a blank", "[a b]\n", "F:1: [a b]: 'a b' is not the name"},
    {"all", "[all]\n", "F:1: [all]: 'all' is every entry"},
    {"all as a child", "[a:children]\nall\n", "F:2: [a:children]: 'all' is every"},
    {"an unknown child", "[a]\n[b:children]\na\nc\n", "F:4: [b:children]: no group 'c'"},
    {"no child at all", "[b:children]\n\"\"\n", "F:2: [b:children]: '' is not the name"},
    {"a child twice", "[a]\n[b:children]\na\na\n", "F:4: [b:children]: 'a' is here a s"},
    {"two children in a line", "[b:children]\na c\n", "F:2: [b:children]: 'c' is too m"},
    {"itself", "[a:children]\na\n", "F:2: [a:children]: a cycle: a > a"},
    {"a cycle", "[a:children]\nb\n[b:children]\nc\n[c:children]\na\n",
     "F:2: [a:children]: a cycle: a > b > c > a"},
    {"no '='", "[web]\nh/v prod\n", "F:2: [web]: 'prod' is not KEY=VALUE; a target"},
    {"before a section", "h/v prod\n", "F:1: 'prod' is not KEY=VALUE"},
    {"no key", "[web]\nh/v =prod\n", "F:2: [web]: '=prod' is not KEY=VALUE"},
    {"no quote at the end", "[web]\n\"h/v\n", "F:2: [web]: a quote without its end"},
    {"in a label", "h/v k=\"v\n", "F:1: a quote without its end"},
    {"after a quote", "\"h/v\"x\n", "F:1: after a quote, there must be a blank"},
    {"no target", "[web]\n\"\" k=v\n", "F:2: [web]: an empty target"},
    {"twice in a group", "[web]\nh/v\nh/v\n", "F:3: [web]: 'h/v' is here a second time"},
    {"two values", "[a]\nh/v k=1\n[b]\nh/v k=2\n", "F:4: [b]: 'k' of 'h/v' is '1' alr"},
    {"a variable", "h/v hvsnap_host=x\n", "F:1: hvsnap_host: not in this kind of file"},
    {"a wrong target", "[web]\n\nhv01:x/v\n", "F:3: 'x' is not a port"},
    {"no host", "[web]\n/v\n", "F:2: the name of the host is empty"},
    {"a password", "bob:pw@h/v\n", "F:1: a target takes no password"},
    {"not text", "h/v\nh/\x01\n", "F:2: a control character"},
    {"not UTF-8", "h/v\n\xff\n", "F:2: not UTF-8"},
};

/* Nor a NUL, which is none of the signs that end a line. */
static void test_nul(void **state)
{
    static const char text[] = "h/v\nh/w\0x\n";
    struct inventory *inventory;
    struct hvs_error err = {0};

    (void)state;
    assert_int_equal(inventory_parse(&inventory, "F", text, sizeof(text) - 1, &err), -1);
    assert_err(&err, HVS_USAGE, "F:2: a control character");
}

int main(void)
{
    struct CMUnitTest tests[COUNT(errors)];
    const struct CMUnitTest others[] = {cmocka_unit_test(test_nul)};
    int failed;

    CASES(tests, errors, test_error);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
