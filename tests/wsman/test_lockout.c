#include "support/feed.h"

#include "wsman/lockout.h"

#include <hvsnap/vm.h>

#include <string.h>

enum { NOW = 1000 };

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
    assert_int_equal(hvs_trial_ask(&trial, NOW, &err), row->refused   ? HVS_TRY_NOT
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
    assert_int_equal(hvs_trial_ask(&nowhere, NOW, &err), HVS_TRY_FREELY);
    assert_int_equal(hvs_trial_ask(&nobody, NOW, &err), HVS_TRY_FREELY);
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
    assert_int_equal(hvs_trial_ask(&one, NOW, &err), HVS_TRY_FIRST);
    assert_int_equal(hvs_trial_ask(&one, NOW, &err), HVS_TRY_FREELY);
    assert_int_equal(hvs_trial_ask(&two, NOW, &err), HVS_TRY_LATER);
    assert_int_equal(hvs_trial_ask(&other, NOW, &err), HVS_TRY_FIRST);
    hvs_trial_over(&two); /* it is not the one that is waited for */
    assert_int_equal(hvs_trial_ask(&two, NOW, &err), HVS_TRY_LATER);
    hvs_trial_over(&one);
    assert_int_equal(hvs_trial_ask(&two, NOW, &err), HVS_TRY_FIRST);
    assert_int_equal(hvs_trial_ask(&one, NOW, &err), HVS_TRY_LATER);
    hvs_trial_good(&two);
    assert_int_equal(hvs_trial_ask(&one, NOW, &err), HVS_TRY_FREELY);
    hvs_trial_refused(&one, "hv01");
    assert_int_equal(hvs_trial_ask(&two, NOW, &err), HVS_TRY_NOT);
    hvs_lockout_free(lockout);
}

/* Whoever says nothing holds up the others for a while, and twice as long each time. */
static void test_silent(void **state)
{
    struct hvs_lockout *lockout = hvs_lockout_new();
    struct hvs_trial one = trial_of(lockout, "a"), two = trial_of(lockout, "a");
    struct hvs_trial three = trial_of(lockout, "a");
    struct hvs_error err = {0};

    (void)state;
    assert_int_equal(hvs_trial_ask(&one, 0, &err), HVS_TRY_FIRST);
    /* the time counts from when somebody waits */
    assert_int_equal(hvs_trial_ask(&two, 10000, &err), HVS_TRY_LATER);
    assert_int_equal(hvs_trial_ask(&two, 11999, &err), HVS_TRY_LATER);
    assert_int_equal(hvs_trial_look(&two, 12000, &err), HVS_TRY_FIRST);
    assert_int_equal(hvs_trial_ask(&two, 12000, &err), HVS_TRY_FIRST);
    hvs_trial_over(&one); /* nobody waits for it any more */
    assert_int_equal(hvs_trial_ask(&three, 12000, &err), HVS_TRY_LATER);
    assert_int_equal(hvs_trial_ask(&three, 15999, &err), HVS_TRY_LATER);
    assert_int_equal(hvs_trial_look(&one, 16000, &err), HVS_TRY_FIRST);
    assert_int_equal(hvs_trial_ask(&three, 16000, &err), HVS_TRY_FIRST);
    hvs_trial_good(&two); /* its answer comes late, and counts */
    assert_int_equal(hvs_trial_ask(&one, 16000, &err), HVS_TRY_FREELY);
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

/* One that tries already, and says nothing: after a while the login is tried all the
 * same. */
static void test_waits(void **state)
{
    struct hvs_lockout *lockout = hvs_lockout_new();
    struct hvs_trial silent = trial_of(lockout, "admin");
    struct hvs_client *client = open_client("hv01", lockout);
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_vm_list *vms;
    struct hvs_run *run;
    int64_t waited = 0;
    size_t i;

    (void)state;
    assert_int_equal(hvs_trial_ask(&silent, NOW, &err), HVS_TRY_FIRST);
    assert_int_equal(hvs_vm_list_start(&run, client, NULL, &err), 0);
    feed_run(&feed, run, "[] []");
    assert_int_equal(hvs_vm_list_end(run, &vms, &err), 0);
    assert_string_equal(hvs_buf_str(&feed.log), "Enumerate(no) Enumerate Enumerate");
    for (i = 0; i < feed.naps; i++)
        waited += feed.nap[i];
    assert_int_equal(waited, 2000);
    hvs_vm_list_free(vms);
    hvs_client_close(client);
    feed_clear(&feed);
    hvs_trial_over(&silent);
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
    struct CMUnitTest tests[COUNT(cases) + 6];

    CASES(tests, cases, test_check);
    tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(test_none);
    tests[COUNT(cases) + 1] = (struct CMUnitTest)cmocka_unit_test(test_hosts);
    tests[COUNT(cases) + 2] = (struct CMUnitTest)cmocka_unit_test(test_trial);
    tests[COUNT(cases) + 3] = (struct CMUnitTest)cmocka_unit_test(test_quota);
    tests[COUNT(cases) + 4] = (struct CMUnitTest)cmocka_unit_test(test_silent);
    tests[COUNT(cases) + 5] = (struct CMUnitTest)cmocka_unit_test(test_waits);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
