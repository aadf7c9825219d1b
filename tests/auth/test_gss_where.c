#include "support/test.h"

#include "auth/gss_where.h"

#ifdef HVS_GSSAPI

#include <krb5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char config[] = "[libdefaults]\n"
                             "  default_realm = CORP.EXAMPLE\n"
                             "[realms]\n"
                             "  CORP.EXAMPLE = {\n"
                             "    kdc = dc1.corp.example\n"
                             "    kdc = dc2.corp.example:88\n"
                             "  }\n";

struct where_case {
    const char *name;
    const char *user, *domain;
    const char *realm, *kdcs;
};

static const struct where_case cases[] = {
    {"nobody", NULL, "", "CORP.EXAMPLE", "dc1.corp.example, dc2.corp.example:88"},
    {"a bare user", "ops", "", "CORP.EXAMPLE", "dc1.corp.example, dc2.corp.example:88"},
    {"a realm", "ops@OTHER.EXAMPLE", "", "OTHER.EXAMPLE", ""},
    {"a domain that the default realm begins with", "ops", "corp", "CORP.EXAMPLE",
     "dc1.corp.example, dc2.corp.example:88"},
    {"another domain", "ops", "OTHER", "OTHER", ""},
    {"in small letters", "ops@corp.example", "", "CORP.EXAMPLE",
     "dc1.corp.example, dc2.corp.example:88"},
};

static void test_where(void **state)
{
    const struct where_case *row = *state;
    struct hvs_credentials who = {.user = row->user, .domain = row->domain};
    char path[] = "/tmp/hvsnap-test-XXXXXX";
    struct hvs_gss_where where;
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, config, strlen(config)), strlen(config));
    close(fd);
    setenv("KRB5_CONFIG", path, 1);
    hvs_gss_where(&where, &who);
    unlink(path);
    assert_string_equal(where.realm, row->realm);
    assert_string_equal(where.kdcs, row->kdcs);
}

static void test_trouble(void **state)
{
    static const struct {
        krb5_error_code code;
        enum hvs_gss_trouble trouble;
    } rows[] = {
        {0, HVS_GSS_OTHER},
        {KRB5_FCC_NOFILE, HVS_GSS_NO_TICKET},
        {KRB5KRB_AP_ERR_TKT_EXPIRED, HVS_GSS_NO_TICKET},
        {KRB5_KDC_UNREACH, HVS_GSS_NO_KDC},
        {KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, HVS_GSS_NO_SPN},
        {KRB5KRB_AP_ERR_SKEW, HVS_GSS_SKEW},
        {KRB5KDC_ERR_PREAUTH_FAILED, HVS_GSS_REFUSED},
        {KRB5KDC_ERR_CLIENT_REVOKED, HVS_GSS_REFUSED},
        {KRB5KRB_AP_ERR_MODIFIED, HVS_GSS_OTHER},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); i++)
        assert_int_equal(hvs_gss_trouble((uint32_t)rows[i].code), rows[i].trouble);
}

int main(void)
{
    const struct CMUnitTest more[] = {cmocka_unit_test(test_trouble)};
    struct CMUnitTest tests[COUNT(cases)];
    int failed;

    CASES(tests, cases, test_where);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(more, NULL, NULL);
}

#else

int main(void)
{
    print_message("built without Kerberos\n");
    return 77;
}

#endif
