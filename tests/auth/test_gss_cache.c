#include "support/kdc.h"
#include "support/test.h"

#include "auth/mech.h"

#ifdef HVS_GSSAPI

#include <krb5.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/*
 * Ticket caches of the user's: hvuser's, that user's when expired, and none.
 */

static struct kdc kdc;
static const char *why_not;

/* A cache file with a ticket of hvuser's, as kinit leaves it. */
static void make_cache(const char *name, bool expired)
{
    krb5_context context;
    krb5_principal who;
    krb5_ccache cache;
    krb5_creds creds;

    assert_int_equal(krb5_init_context(&context), 0);
    assert_int_equal(krb5_parse_name(context, "hvuser", &who), 0);
    assert_int_equal(krb5_cc_resolve(context, kdc_path(&kdc, name), &cache), 0);
    assert_int_equal(krb5_get_init_creds_password(context, &creds, who, "Passw0rd!", NULL,
                                                  NULL, 0, NULL, NULL),
                     0);
    if (expired)
        creds.times.endtime = (krb5_timestamp)(time(NULL) - 60);
    assert_int_equal(krb5_cc_initialize(context, cache, who), 0);
    assert_int_equal(krb5_cc_store_cred(context, cache, &creds), 0);
    krb5_free_cred_contents(context, &creds);
    krb5_cc_close(context, cache);
    krb5_free_principal(context, who);
    krb5_free_context(context);
}

static int start(void **state)
{
    (void)state;
    why_not = kdc_start(&kdc);
    unsetenv("KRB5_CLIENT_KTNAME");
    if (why_not)
        return 0;
    make_cache("good", false);
    make_cache("expired", true);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    kdc_stop(&kdc);
    return 0;
}

struct cache_case {
    const char *name;
    struct hvs_credentials who; /* `ccache` and `keytab`: files of the KDC's */
    const char *by_default;     /* the cache that the environment names */
    bool at_hand, fetched;      /* what hvs_gss_at_hand() says, and prepare() */
    const char *why;
};

static const struct cache_case cases[] = {
    {"a cache by name", {.ccache = "good"}, "none", true, true, NULL},
    {"the default cache", {.user = NULL}, "good", true, true, NULL},
    {"the user's own", {.user = "hvuser"}, "good", true, true, NULL},
    {"the user's own, by name",
     {.user = "hvuser@hvsnap.test", .ccache = "good"},
     "none",
     true,
     true,
     NULL},
    {"none", {.user = NULL}, "none", false, false, "there is no ticket"},
    {"none by that name", {.ccache = "none"}, "good", false, false, "there is no ticket"},
    {"expired", {.user = NULL}, "expired", false, false, "the ticket has expired"},
    {"expired, by name",
     {.ccache = "expired"},
     "good",
     false,
     false,
     "the ticket has expired"},
    {"another user's",
     {.user = "hvother"},
     "good",
     false,
     false,
     "those of 'hvuser@HVSNAP.TEST', not of 'hvother'"},
    {"an unknown type", {.ccache = "NONSENSE:x"}, "good", false, false, "Kerberos for"},
    {"a keytab", {.keytab = "user.keytab"}, "none", false, true, NULL},
    {"no such keytab", {.keytab = "none"}, "good", true, false, "no such file"},
    {"no such keytab, of a user",
     {.user = "hvuser", .keytab = "none"},
     "good",
     true,
     false,
     "none': there is no such file"},
    {"a file that is no keytab",
     {.user = "hvuser", .keytab = "krb5.conf"},
     "good",
     true,
     false,
     "that is no keytab"},
    {"a keytab without the user",
     {.user = "hvother", .keytab = "user.keytab"},
     "good",
     false,
     false,
     "for 'hvother@HVSNAP.TEST': the keytab has no key"},
    {"a password, which needs no cache",
     {.user = "hvuser", .password = "Passw0rd!"},
     "good",
     true,
     true,
     NULL},
};

static const char *in_folder(char *out, size_t size, const char *name)
{
    if (!name || strchr(name, ':'))
        return name;
    snprintf(out, size, "%s", kdc_path(&kdc, name));
    return out;
}

static void test_cache(void **state)
{
    const struct cache_case *row = *state;
    struct hvs_credentials who = row->who;
    char ccache[512], keytab[512];
    struct hvs_error err = {0};
    struct hvs_blocking *call;
    struct hvs_mech *mech;

    if (why_not) {
        print_message("%s\n", why_not);
        skip();
    }
    setenv("KRB5CCNAME", kdc_path(&kdc, row->by_default), 1);
    who.ccache = in_folder(ccache, sizeof(ccache), who.ccache);
    who.keytab = in_folder(keytab, sizeof(keytab), who.keytab);
    assert_int_equal(hvs_gss_at_hand(&who), row->at_hand);
    mech = hvs_gss_new(&who, "HTTP", "localhost", &err);
    assert_non_null(mech);
    call = mech->ops->prepare(mech, &err);
    assert_non_null(call);
    call->work(call);
    assert_int_equal(mech->ops->prepared(mech, call, &err), row->fetched ? 0 : -1);
    call->free(call);
    if (row->fetched)
        assert_string_equal(mech->evidence.account, "hvuser");
    else
        assert_err(&err, HVS_AUTH, row->why);
    hvs_mech_free(mech);
}

static void look_at(const char *name, struct stat *out)
{
    assert_int_equal(stat(kdc_path(&kdc, name), out), 0);
}

/* What we fetch stays with us: the user's cache may be read-only, or shared. */
static void test_untouched(void **state)
{
    struct hvs_credentials who = {.user = NULL};
    struct stat before, after;
    struct hvs_error err = {0};
    struct hvs_blocking *call;
    struct hvs_mech *mech;

    (void)state;
    if (why_not) {
        print_message("%s\n", why_not);
        skip();
    }
    who.ccache = kdc_path(&kdc, "good");
    mech = hvs_gss_new(&who, "WSMAN", "localhost", &err);
    assert_non_null(mech);
    look_at("good", &before);
    call = mech->ops->prepare(mech, &err);
    call->work(call);
    assert_int_equal(mech->ops->prepared(mech, call, &err), 0);
    call->free(call);
    look_at("good", &after);
    assert_int_equal(before.st_size, after.st_size);
    assert_true(before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
                before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
    assert_string_equal(mech->evidence.spn, "WSMAN/localhost@HVSNAP.TEST");
    hvs_mech_free(mech);
}

/* Nothing of a mechanism's is left in the process once it is gone. */
static void test_destroyed(void **state)
{
    struct hvs_credentials who = {.user = "hvuser", .password = "Passw0rd!"};
    struct hvs_error err = {0};
    struct hvs_blocking *call;
    krb5_cccol_cursor cursor;
    krb5_context context;
    struct hvs_mech *mech;
    krb5_ccache cache;
    int left = 0;

    (void)state;
    if (why_not) {
        print_message("%s\n", why_not);
        skip();
    }
    mech = hvs_gss_new(&who, "HTTP", "localhost", &err);
    assert_non_null(mech);
    call = mech->ops->prepare(mech, &err);
    call->work(call);
    assert_int_equal(mech->ops->prepared(mech, call, &err), 0);
    call->free(call);
    hvs_mech_free(mech);

    assert_int_equal(krb5_init_context(&context), 0);
    assert_int_equal(krb5_cccol_cursor_new(context, &cursor), 0);
    while (krb5_cccol_cursor_next(context, cursor, &cache) == 0 && cache) {
        left += strcmp(krb5_cc_get_type(context, cache), "MEMORY") == 0;
        krb5_cc_close(context, cache);
    }
    krb5_cccol_cursor_free(context, &cursor);
    krb5_free_context(context);
    assert_int_equal(left, 0);
}

int main(void)
{
    struct CMUnitTest tests[2 + COUNT(cases)] = {
        cmocka_unit_test(test_untouched),
        cmocka_unit_test(test_destroyed),
    };

    CASES(tests + 2, cases, test_cache);
    return cmocka_run_group_tests(tests, start, stop);
}

#else

int main(void)
{
    print_message("built without GSSAPI\n");
    return 77;
}

#endif
