#include "support/test.h"

#include "auth/gss.h"

#ifdef HVS_GSSAPI

#include <krb5.h>

#include <string.h>

struct error_case {
    const char *name;
    OM_uint32 major;
    krb5_error_code minor;
    const char *message, *hint;
};

/* Those that no test makes a KDC say, and how the others look. */
static const struct error_case cases[] = {
    {"clock skew at the host", GSS_S_FAILURE, KRB5KRB_AP_ERR_SKEW, "clocks",
     "five minutes"},
    {"clock skew at the KDC", GSS_S_FAILURE, KRB5_KDCREP_SKEW, "clocks", "five minutes"},
    {"an expired ticket", GSS_S_FAILURE, KRB5KRB_AP_ERR_TKT_EXPIRED,
     "Kerberos for 'HTTP/hv01': the ticket has expired", "kinit"},
    {"an expired password", GSS_S_FAILURE, KRB5KDC_ERR_KEY_EXP, "password has expired",
     "change it"},
    {"a locked account", GSS_S_FAILURE, KRB5KDC_ERR_CLIENT_REVOKED, "locked or disabled",
     "administrator"},
    {"a ticket for another account", GSS_S_FAILURE, KRB5KRB_AP_ERR_MODIFIED,
     "cannot read the ticket", "--spn host"},
    {"a realm that nobody knows", GSS_S_FAILURE, KRB5_REALM_UNKNOWN,
     "no KDC of this realm", "spelling"},
    {"no default realm", GSS_S_FAILURE, KRB5_CONFIG_NODEFREALM, "no realm", "user@REALM"},
    {"another binding", GSS_S_BAD_BINDINGS, 0, "another TLS connection", "TLS"},
    {"a code without a row", GSS_S_FAILURE, KRB5_PROG_ETYPE_NOSUPP, "encryption type",
     "KRB5_TRACE"},
    {"no code at all", GSS_S_DEFECTIVE_TOKEN, 0,
     "Kerberos for 'HTTP/hv01': ", "KRB5_TRACE"},
};

static void test_error(void **state)
{
    const struct error_case *row = *state;
    struct hvs_error err = {0};

    assert_int_equal(hvs_gss_fail(&err, row->major, (OM_uint32)row->minor, "HTTP/hv01"),
                     -1);
    assert_err(&err, HVS_AUTH, row->message);
    assert_err(&err, HVS_AUTH, "'HTTP/hv01'");
    assert_non_null(strstr(err.hint, row->hint));
    assert_true(err.code == (int64_t)(OM_uint32)row->minor);
    assert_int_equal(err.class_, HVS_CLASS_AUTH);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_error);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
    print_message("built without GSSAPI\n");
    return 77;
}

#endif
