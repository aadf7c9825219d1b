#include "support/test.h"

#include "cli/target.h"

#include <stdlib.h>
#include <string.h>

struct target_case {
    const char *text;
    bool is_host; /* as --host takes it */
    enum target_scheme scheme;
    const char *user;
    const char *host; /* NULL when it is refused */
    unsigned port;
    const char *vm;
    const char *error;
};

#define NOT NULL, NULL, 0, NULL

static const struct target_case cases[] = {
    {"hv01/web1", false, SCHEME_NONE, NULL, "hv01", 0, "web1", NULL},
    {"hv01/", false, SCHEME_NONE, NULL, "hv01", 0, NULL, NULL},
    {"https://hv01", false, SCHEME_HTTPS, NULL, "hv01", 0, NULL, NULL},
    {"HTTP://hv01:80/w", false, SCHEME_HTTP, NULL, "hv01", 80, "w", NULL},
    {"hv01:5985/web1", false, SCHEME_NONE, NULL, "hv01", 5985, "web1", NULL},
    {"bob@hv01/web1", false, SCHEME_NONE, "bob", "hv01", 0, "web1", NULL},
    {"bob@CORP.LOCAL@hv01/web1", false, SCHEME_NONE, "bob@CORP.LOCAL", "hv01", 0, "web1",
     NULL},
    {"CORP\\bob@hv01/web1", false, SCHEME_NONE, "CORP\\bob", "hv01", 0, "web1", NULL},
    {"https://CORP\\bob@hv01/", false, SCHEME_HTTPS, "CORP\\bob", "hv01", 0, NULL, NULL},
    {"hv01/a@b/c:1", false, SCHEME_NONE, NULL, "hv01", 0, "a@b/c:1", NULL},
    {"hv01//x", false, SCHEME_NONE, NULL, "hv01", 0, "/x", NULL},
    {"hv01/ 100% <web>", false, SCHEME_NONE, NULL, "hv01", 0, " 100% <web>", NULL},
    {"10.0.0.1/w", false, SCHEME_NONE, NULL, "10.0.0.1", 0, "w", NULL},
    {"[::1]/w", false, SCHEME_NONE, NULL, "::1", 0, "w", NULL},
    {"[::1]:80/w", false, SCHEME_NONE, NULL, "::1", 80, "w", NULL},
    {"u@[fe80::1%eth0]:80/w", false, SCHEME_NONE, "u", "fe80::1%eth0", 80, "w", NULL},
    {"https://[fe80::1%25eth0]/w", false, SCHEME_HTTPS, NULL, "fe80::1%eth0", 0, "w",
     NULL},
    {"hv01", false, SCHEME_NONE, NOT, "may be a host or a VM"},
    {"", false, SCHEME_NONE, NOT, "may be a host or a VM"},
    {"/web1", false, SCHEME_NONE, NOT, "host is empty"},
    {"bob@/web1", false, SCHEME_NONE, NOT, "host is empty"},
    {"@hv01/w", false, SCHEME_NONE, NOT, "no user before the '@'"},
    {"bob:pw@hv01/w", false, SCHEME_NONE, NOT, "takes no password"},
    {"hv01:/w", false, SCHEME_NONE, NOT, "not a port"},
    {"hv01:0/w", false, SCHEME_NONE, NOT, "not a port"},
    {"hv01:65536/w", false, SCHEME_NONE, NOT, "not a port"},
    {"hv01:99999999999999999999/w", false, SCHEME_NONE, NOT, "not a port"},
    {"hv01:+5/w", false, SCHEME_NONE, NOT, "not a port"},
    {"fe80::1/w", false, SCHEME_NONE, NOT, "more than one ':'"},
    {"[fe80::1/w", false, SCHEME_NONE, NOT, "lacks its ']'"},
    {"[hv01]/w", false, SCHEME_NONE, NOT, "not an IPv6 address"},
    {"[::1%]/w", false, SCHEME_NONE, NOT, "not an IPv6 address"},
    {"[fe80::1%eth 0]/w", false, SCHEME_NONE, NOT, "not an IPv6 address"},
    {"[fe80::1%eth0?x]/w", false, SCHEME_NONE, NOT, "not an IPv6 address"},
    {"[fe80::1%eth%30]/w", false, SCHEME_NONE, NOT, "not an IPv6 address"},
    {"[fe80::1%\xc3\xa9th0]/w", false, SCHEME_NONE, NOT, "not an IPv6 address"},
    {"[fe80::1%a123456789b123456789c123456789d123456789e123456789f123456789g1234]/w",
     false, SCHEME_NONE, NOT, "not an IPv6 address"},
    {"[]/w", false, SCHEME_NONE, NOT, "not an IPv6 address"},
    {"[::1]x/w", false, SCHEME_NONE, NOT, "nothing but a port"},
    {"hv 01/w", false, SCHEME_NONE, NOT, "not the name of a host"},
    {"hv01?x/w", false, SCHEME_NONE, NOT, "not the name of a host"},
    {"hv01\t/w", false, SCHEME_NONE, NOT, "not the name of a host"},
    {"hv\xc2\x9b/w", false, SCHEME_NONE, NOT, "not the name of a host"},
    {"hv\u202e10/w", false, SCHEME_NONE, NOT, "not the name of a host"},
    {"hv\u200b01/w", false, SCHEME_NONE, NOT, "not the name of a host"},
    {"hv\xff/w", false, SCHEME_NONE, NOT, "not the name of a host"},
    {"m\u00fcnchen/w", false, SCHEME_NONE, NULL, "m\u00fcnchen", 0, "w", NULL},

    {"hv01", true, SCHEME_NONE, NULL, "hv01", 0, NULL, NULL},
    {"bob@hv01:5985", true, SCHEME_NONE, "bob", "hv01", 5985, NULL, NULL},
    {"http://hv01:5985/wsman", true, SCHEME_HTTP, NULL, "hv01", 5985, NULL, NULL},
    {"https://hv01/", true, SCHEME_HTTPS, NULL, "hv01", 0, NULL, NULL},
    {"[::1]:5986", true, SCHEME_NONE, NULL, "::1", 5986, NULL, NULL},
    {"hv01/web1", true, SCHEME_NONE, NOT, "more than a host"},
    {"", true, SCHEME_NONE, NOT, "host is empty"},
    {"https://", true, SCHEME_NONE, NOT, "host is empty"},
};

static void assert_text(const char *got, const char *want)
{
    assert_int_equal(!got, !want);
    if (want)
        assert_string_equal(got, want);
}

static void test_target(void **state)
{
    const struct target_case *row = *state;
    struct hvs_error err = {0};
    struct target target;
    int rc = row->is_host ? target_parse_host(&target, row->text, &err)
                          : target_parse(&target, row->text, &err);

    assert_int_equal(rc, row->host ? 0 : -1);
    assert_text(target.host, row->host);
    assert_text(target.user, row->user);
    assert_text(target.vm, row->vm);
    assert_int_equal(target.port, row->port);
    if (row->error)
        assert_err(&err, HVS_USAGE, row->error);
    else
        assert_int_equal(target.scheme, row->scheme);
    target_clear(&target);
}

struct name_case {
    const char *text;
    const char *name;
};

static const struct name_case names[] = {
    {"hv01", "hv01"},
    {"https://bob@hv01:1234/", "hv01:1234"},
    {"[fe80::1%25eth0]:5985", "[fe80::1%eth0]:5985"},
};

static void test_name(void **state)
{
    const struct name_case *row = *state;
    struct hvs_error err = {0};
    struct target target, copy;
    char *name;

    assert_int_equal(target_parse_host(&target, row->text, &err), 0);
    assert_int_equal(target_copy(&copy, &target, "a/b@c", &err), 0);
    assert_string_equal(copy.vm, "a/b@c");
    name = target_host_name(&copy);
    assert_string_equal(name, row->name);
    free(name);
    target_clear(&copy);
    assert_int_equal(target_copy(&copy, &target, "", &err), -1);
    assert_err(&err, HVS_USAGE, "name of the VM is empty");
    target_clear(&target);
}

int main(void)
{
    struct CMUnitTest parsed[COUNT(cases)], named[COUNT(names)];
    int failed;

    CASES(parsed, cases, test_target);
    CASES(named, names, test_name);
    failed = cmocka_run_group_tests(parsed, NULL, NULL);
    return failed + cmocka_run_group_tests(named, NULL, NULL);
}
