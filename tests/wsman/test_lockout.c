#include "support/feed.h"

#include "wsman/lockout.h"

#include <hvsnap/vm.h>

#include <string.h>

struct lockout_case {
    const char *name;
    const char *account;
    bool refused;
};

static const struct lockout_case cases[] = {
    {"the same account", "CORP\\admin", true},
    {"in another case of letters", "corp\\ADMIN", true},
    {"another account", "CORP\\eve", false},
    {"the start of one", "CORP\\adm", false},
    {"no password is tried", NULL, false},
};

static struct hvs_trial trial_of(struct hvs_lockout *lockout, const char *account)
{
    return (struct hvs_trial){.lockout = lockout, .account = (char *)(uintptr_t)account};
}

static void test_check(void **state)
{
    const struct lockout_case *row = *state;
    struct hvs_lockout *lockout = hvs_lockout_new();
    struct hvs_trial other = trial_of(lockout, "CORP\\other");
    struct hvs_trial admin = trial_of(lockout, "CORP\\admin");
    struct hvs_trial trial = trial_of(lockout, row->account);
    struct hvs_error err = {0};

    hvs_trial_refused(&other, "hv02");
    hvs_trial_refused(&admin, "hv01");
    assert_int_equal(hvs_trial_ask(&trial, &err), row->refused   ? HVS_TRY_NOT
                                                  : row->account ? HVS_TRY_FIRST
                                                                 : HVS_TRY_FREELY);
    if (row->refused)
        assert_err(&err, HVS_AUTH, "'hv01' refused the account");
    hvs_lockout_free(lockout);
}

static void test_none(void **state)
{
    struct hvs_lockout *lockout = hvs_lockout_new();
    struct hvs_trial nowhere = trial_of(NULL, "a"), nobody = trial_of(lockout, NULL);
    struct hvs_error err = {0};

    (void)state;
    hvs_trial_refused(&nowhere, "hv01");
    hvs_trial_refused(&nobody, "hv01");
    assert_int_equal(hvs_trial_ask(&nowhere, &err), HVS_TRY_FREELY);
    assert_int_equal(hvs_trial_ask(&nobody, &err), HVS_TRY_FREELY);
    hvs_trial_over(&nobody);
    hvs_lockout_free(lockout);
    hvs_lockout_free(NULL);
}

/* One tries, the others wait for what becomes of it. */
static void test_trial(void **state)
{
    struct hvs_lockout *lockout = hvs_lockout_new();
    struct hvs_trial one = trial_of(lockout, "a"), two = trial_of(lockout, "A");
    struct hvs_trial other = trial_of(lockout, "b");
    struct hvs_error err = {0};

    (void)state;
    assert_int_equal(hvs_trial_ask(&one, &err), HVS_TRY_FIRST);
    assert_int_equal(hvs_trial_ask(&one, &err), HVS_TRY_FREELY);
    assert_int_equal(hvs_trial_ask(&two, &err), HVS_TRY_LATER);
    assert_int_equal(hvs_trial_ask(&other, &err), HVS_TRY_FIRST);
    hvs_trial_over(&two); /* it is not the one that is waited for */
    assert_int_equal(hvs_trial_ask(&two, &err), HVS_TRY_LATER);
    hvs_trial_over(&one);
    assert_int_equal(hvs_trial_ask(&two, &err), HVS_TRY_FIRST);
    assert_int_equal(hvs_trial_ask(&one, &err), HVS_TRY_LATER);
    hvs_trial_good(&two);
    assert_int_equal(hvs_trial_ask(&one, &err), HVS_TRY_FREELY);
    hvs_trial_refused(&one, "hv01");
    assert_int_equal(hvs_trial_ask(&two, &err), HVS_TRY_NOT);
    hvs_lockout_free(lockout);
}

static struct hvs_client *open_client(const char *host, struct hvs_lockout *lockout)
{
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_client *client;
    struct hvs_error err = {0};

    opts.host = host;
    opts.auth = HVS_AUTH_BASIC;
    opts.user = "admin";
    opts.password = "wrong";
    opts.lockout = lockout;
    assert_int_equal(hvs_client_open(&client, &opts, &err), 0);
    return client;
}

/* `says` NULL: it must go well; with a domain, else. */
static void list_as(struct hvs_client *client, const char *script, const char *posts,
                    enum hvs_domain domain, const char *says)
{
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_vm_list *vms;
    struct hvs_run *run;

    assert_int_equal(hvs_vm_list_start(&run, client, NULL, &err), 0);
    feed_run(&feed, run, script);
    assert_int_equal(hvs_vm_list_end(run, &vms, &err), says ? -1 : 0);
    assert_string_equal(hvs_buf_str(&feed.log), posts);
    if (says)
        assert_err(&err, domain, says);
    hvs_vm_list_free(vms);
    feed_clear(&feed);
}

static void list(struct hvs_client *client, const char *script, const char *posts,
                 const char *says)
{
    list_as(client, script, posts, HVS_AUTH, says);
}

/* What one host refuses is asked of no other, whichever comes first. */
static void test_hosts(void **state)
{
    struct hvs_lockout *lockout = hvs_lockout_new();
    struct hvs_client *first = open_client("hv01", lockout);
    struct hvs_client *second = open_client("hv02", lockout);
    struct hvs_client *apart = open_client("hv03", NULL);

    (void)state;
    list(second, "[] []", "Enumerate Enumerate", NULL);
    list(first, "401|Basic_realm=\"x\"", "Enumerate", "'hv01' refused to log in 'admin'");
    list(second, "", "", "'hv01' refused the account 'admin', so it is not tried again");
    list(apart, "[] []", "Enumerate Enumerate", NULL);
    hvs_client_close(first);
    hvs_client_close(second);
    hvs_client_close(apart);
    hvs_lockout_free(lockout);
}

/* Nor is a full quota taken for a refusal: the next host is asked. */
static void test_quota(void **state)
{
    struct hvs_lockout *lockout = hvs_lockout_new();
    struct hvs_client *first = open_client("hv01", lockout);
    struct hvs_client *second = open_client("hv02", lockout);

    (void)state;
    list_as(first,
            "fault|0x803381E8|w:QuotaLimit fault|0x803381E8|w:QuotaLimit "
            "fault|0x803381E8|w:QuotaLimit fault|0x803381E8|w:QuotaLimit",
            "Enumerate Enumerate Enumerate Enumerate", HVS_SOAP, "0x803381E8");
    list(second, "[] []", "Enumerate Enumerate", NULL);
    list(first, "[] []", "Enumerate Enumerate", NULL);
    hvs_client_close(first);
    hvs_client_close(second);
    hvs_lockout_free(lockout);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 4];

    CASES(tests, cases, test_check);
    tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(test_none);
    tests[COUNT(cases) + 1] = (struct CMUnitTest)cmocka_unit_test(test_hosts);
    tests[COUNT(cases) + 2] = (struct CMUnitTest)cmocka_unit_test(test_trial);
    tests[COUNT(cases) + 3] = (struct CMUnitTest)cmocka_unit_test(test_quota);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
