#include "support/test.h"

#include "auth/mech.h"

#include <string.h>

struct basic_case {
    const char *name;
    struct hvs_credentials who;
    const char *token; /* NULL: refused */
    const char *why;
};

static const struct basic_case cases[] = {
    {"user and password", {.user = "admin", .password = "s:e c"}, "admin:s:e c", NULL},
    {"a domain",
     {.user = "admin", .domain = "HV01", .password = "x"},
     "HV01\\admin:x",
     NULL},
    {"an empty password", {.user = "admin", .password = ""}, "admin:", NULL},
    {"UTF-8",
     {.user = "j\xc3\xbcrgen", .password = "\xe2\x82\xac"},
     "j\xc3\xbcrgen:\xe2\x82\xac",
     NULL},
    {"no user", {.password = "x"}, NULL, "needs a user name"},
    {"an empty user", {.user = "", .password = "x"}, NULL, "needs a user name"},
    {"no password", {.user = "admin"}, NULL, "needs a password"},
    {"a colon in the user", {.user = "a:b", .password = "x"}, NULL, "colon"},
    {"a colon in the domain",
     {.user = "a", .domain = "b:c", .password = "x"},
     NULL,
     "colon"},
    {"a line end in the password", {.user = "a", .password = "x\r\n"}, NULL, "control"},
    {"a DEL in the user", {.user = "a\x7f", .password = "x"}, NULL, "control"},
};

static void test_token(void **state)
{
    const struct basic_case *row = *state;
    struct hvs_buf out = HVS_BUF_INIT(100);
    struct hvs_error err = {0};
    struct hvs_mech *mech = hvs_basic_new(&row->who, &err);
    int i;

    if (!row->token) {
        assert_null(mech);
        assert_err(&err, HVS_USAGE, row->why);
        return;
    }
    assert_non_null(mech);
    assert_string_equal(mech->ops->scheme, "Basic");
    assert_true(mech->ops->each_request);
    assert_null(mech->ops->prepare);
    assert_null(mech->ops->seal);
    assert_string_equal(mech->evidence.account, row->who.user);
    for (i = 0; i < 2; i++) { /* with every request */
        assert_int_equal(mech->ops->step(mech, NULL, 0, NULL, &out, &err), 0);
        assert_string_equal(hvs_buf_str(&out), row->token);
        assert_true(mech->complete);
        hvs_buf_clear(&out);
    }
    hvs_mech_free(mech);
}

static void test_answer(void **state)
{
    static const struct hvs_credentials who = {.user = "admin", .password = "x"};
    struct hvs_buf out = HVS_BUF_INIT(100);
    struct hvs_error err = {0};
    struct hvs_mech *mech = hvs_basic_new(&who, &err);

    (void)state;
    assert_int_equal(mech->ops->step(mech, "x", 1, NULL, &out, &err), -1);
    assert_err(&err, HVS_AUTH, "token");
    hvs_mech_free(mech);
}

int main(void)
{
    struct CMUnitTest tests[1 + COUNT(cases)] = {cmocka_unit_test(test_answer)};

    CASES(tests + 1, cases, test_token);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
