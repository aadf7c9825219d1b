#include "auth/gss_cache.h"

#ifdef HVS_GSSAPI

#include "auth/gss_name.h"
#include "auth/tickets.h"
#include "base/err.h"
#include "base/uuid.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { SHARE_MARGIN_S = 300 }; /* a shared ticket that ends within it is renewed */

/* The work of one hvs_cache_fill(). */
struct fill {
    krb5_context context;
    krb5_ccache cache;  /* ours */
    krb5_principal who; /* NULL: whoever the user's cache or keytab belongs to */
    char name[256];     /* of `who`, for messages */
    const struct hvs_credentials *given;
    struct hvs_ticket *out;
    struct hvs_error *err;
};

static int fail(struct fill *fill, krb5_error_code code)
{
    fill->out->minor = (OM_uint32)code;
    return hvs_gss_fail(fill->err, GSS_S_FAILURE, (OM_uint32)code, fill->name);
}

static int name_user(struct fill *fill)
{
    krb5_error_code code = hvs_principal_of(fill->context, fill->given, fill->name,
                                            sizeof(fill->name), &fill->who);

    if (code == ENAMETOOLONG)
        return hvs_err_set(fill->err, HVS_USAGE, 0, "the user name is too long");
    if (code == ENOMEM)
        return hvs_err_memory(fill->err);
    return code ? fail(fill, code) : 0;
}

/* Whose tickets they are, for the evidence and for messages. */
static void learn_name(struct fill *fill)
{
    krb5_data realm = fill->who->realm;
    char *name = NULL;

    if (krb5_unparse_name(fill->context, fill->who, &name) == 0)
        snprintf(fill->name, sizeof(fill->name), "%s", name);
    krb5_free_unparsed_name(fill->context, name);
    if (krb5_unparse_name_flags(fill->context, fill->who, KRB5_PRINCIPAL_UNPARSE_NO_REALM,
                                &name) == 0) {
        snprintf(fill->out->account, sizeof(fill->out->account), "%s", name);
        krb5_free_unparsed_name(fill->context, name);
    }
    snprintf(fill->out->domain, sizeof(fill->out->domain), "%.*s", (int)realm.length,
             realm.data);
}

/* The first key of the keytab names the user when nobody else did. Looked at in any case:
 * a file that cannot be read is told apart from one that lacks the user. */
static krb5_error_code look_into(struct fill *fill, krb5_keytab keytab)
{
    krb5_keytab_entry entry;
    krb5_kt_cursor cursor;
    krb5_error_code code;

    code = krb5_kt_start_seq_get(fill->context, keytab, &cursor);
    if (code)
        return code;
    code = krb5_kt_next_entry(fill->context, keytab, &entry, &cursor);
    if (!code) {
        if (!fill->who)
            code = krb5_copy_principal(fill->context, entry.principal, &fill->who);
        krb5_free_keytab_entry_contents(fill->context, &entry);
    }
    krb5_kt_end_seq_get(fill->context, keytab, &cursor);
    return code == KRB5_KT_END ? KRB5_KT_NOTFOUND : code;
}

static krb5_error_code by_keytab(struct fill *fill, krb5_get_init_creds_opt *opts)
{
    krb5_keytab keytab = NULL;
    krb5_creds creds = {0};
    krb5_error_code code;

    snprintf(fill->name, sizeof(fill->name), "%s", fill->given->keytab);
    code = krb5_kt_resolve(fill->context, fill->given->keytab, &keytab);
    if (!code)
        code = look_into(fill, keytab);
    if (!code) {
        learn_name(fill);
        code = krb5_get_init_creds_keytab(fill->context, &creds, fill->who, keytab, 0,
                                          NULL, opts);
    }
    krb5_free_cred_contents(fill->context, &creds);
    if (keytab)
        krb5_kt_close(fill->context, keytab);
    return code;
}

static krb5_error_code by_password(struct fill *fill, krb5_get_init_creds_opt *opts)
{
    krb5_creds creds = {0};
    krb5_error_code code;

    learn_name(fill);
    code = krb5_get_init_creds_password(fill->context, &creds, fill->who,
                                        fill->given->password, NULL, NULL, 0, NULL, opts);
    krb5_free_cred_contents(fill->context, &creds);
    return code;
}

static int ask_kdc(struct fill *fill)
{
    krb5_get_init_creds_opt *opts = NULL;
    krb5_error_code code = krb5_get_init_creds_opt_alloc(fill->context, &opts);

    if (!code)
        code = krb5_get_init_creds_opt_set_out_ccache(fill->context, opts, fill->cache);
    if (!code)
        code = fill->given->keytab ? by_keytab(fill, opts) : by_password(fill, opts);
    krb5_get_init_creds_opt_free(fill->context, opts);
    return code ? fail(fill, code) : 0;
}

/* The cache that the user means. With a name it is the one that belongs to that name,
 * among several; a cache said by name must belong to it. */
static krb5_error_code find_cache(krb5_context context, const char *cache,
                                  krb5_principal who, krb5_ccache *out)
{
    if (cache && *cache)
        return krb5_cc_resolve(context, cache, out);
    if (who && krb5_cc_cache_match(context, who, out) == 0)
        return 0;
    return krb5_cc_default(context, out);
}

static bool is_valid(krb5_context context, const krb5_creds *creds, uint32_t margin_s)
{
    krb5_timestamp now;

    return !krb5_is_config_principal(context, creds->server) &&
           krb5_timeofday(context, &now) == 0 &&
           (uint32_t)creds->times.endtime > (uint32_t)now + margin_s;
}

/* Does any ticket in it last so long? KRB5KRB_AP_ERR_TKT_EXPIRED: none. */
static krb5_error_code check_cache(krb5_context context, krb5_ccache cache,
                                   uint32_t margin_s)
{
    krb5_error_code code;
    krb5_cc_cursor cursor;
    krb5_creds creds;
    bool valid = false;

    code = krb5_cc_start_seq_get(context, cache, &cursor);
    if (code)
        return code;
    while (!valid && krb5_cc_next_cred(context, cache, &cursor, &creds) == 0) {
        valid = is_valid(context, &creds, margin_s);
        krb5_free_cred_contents(context, &creds);
    }
    krb5_cc_end_seq_get(context, cache, &cursor);
    return valid ? 0 : KRB5KRB_AP_ERR_TKT_EXPIRED;
}

static int other_user(struct fill *fill, krb5_principal owner)
{
    char *name = NULL;

    if (krb5_unparse_name(fill->context, owner, &name))
        return hvs_err_memory(fill->err);
    hvs_err_set_hint(fill->err, HVS_AUTH, 0,
                     "leave the user out, or run kinit for that one",
                     "the Kerberos tickets are those of '%s', not of '%s'", name,
                     fill->name);
    krb5_free_unparsed_name(fill->context, name);
    return -1;
}

/* Copied, so that nothing that we fetch changes the user's cache, and so that making a
 * token later asks no daemon that keeps it. */
static int copy_cache(struct fill *fill, krb5_ccache from)
{
    krb5_principal owner = NULL;
    krb5_error_code code;
    char *name = NULL;
    int rc = -1;

    if (!fill->who && krb5_cc_get_full_name(fill->context, from, &name) == 0) {
        snprintf(fill->name, sizeof(fill->name), "%s", name);
        krb5_free_string(fill->context, name);
    }
    code = krb5_cc_get_principal(fill->context, from, &owner);
    if (!code && fill->who && !krb5_principal_compare(fill->context, fill->who, owner)) {
        other_user(fill, owner);
        goto out;
    }
    if (!code && !fill->who)
        code = krb5_copy_principal(fill->context, owner, &fill->who);
    if (!code) {
        learn_name(fill);
        code = check_cache(fill->context, from, 0);
    }
    if (!code)
        code = krb5_cc_initialize(fill->context, fill->cache, owner);
    if (!code)
        code = krb5_cc_copy_creds(fill->context, from, fill->cache);
    rc = code ? fail(fill, code) : 0;
out:
    krb5_free_principal(fill->context, owner);
    return rc;
}

static int by_cache(struct fill *fill)
{
    krb5_ccache from = NULL;
    krb5_error_code code;
    int rc;

    code = find_cache(fill->context, fill->given->ccache, fill->who, &from);
    rc = code ? fail(fill, code) : copy_cache(fill, from);
    if (from)
        krb5_cc_close(fill->context, from);
    return rc;
}

static int name_cache(char out[64], struct hvs_error *err)
{
    char uuid[HVS_UUID_SIZE];

    if (hvs_uuid_new(uuid, err) < 0)
        return -1;
    snprintf(out, 64, "MEMORY:hvsnap-%s", uuid);
    return 0;
}

static int make_cache(struct fill *fill)
{
    krb5_error_code code;

    if (name_cache(fill->out->cache, fill->err) < 0)
        return -1;
    code = krb5_cc_resolve(fill->context, fill->out->cache, &fill->cache);
    return code ? fail(fill, code) : 0;
}

/* Copy what another login of the run has. False when there is nothing that lasts. */
static bool take_share(struct fill *fill, const struct hvs_share *share, int *rc)
{
    krb5_ccache from = NULL;
    bool there;

    if (!share->cache[0] || krb5_cc_resolve(fill->context, share->cache, &from))
        return false;
    there = check_cache(fill->context, from, SHARE_MARGIN_S) == 0;
    if (there)
        *rc = copy_cache(fill, from);
    krb5_cc_close(fill->context, from);
    return there;
}

/* For the other logins of the run. What cannot be kept is asked for again. */
static void keep_share(struct fill *fill, struct hvs_share *share)
{
    struct hvs_error ignored = {0};
    krb5_ccache to = NULL;
    krb5_error_code code;

    if (!share->cache[0] && name_cache(share->cache, &ignored) < 0)
        return;
    code = krb5_cc_resolve(fill->context, share->cache, &to);
    if (!code)
        code = krb5_cc_initialize(fill->context, to, fill->who);
    if (!code)
        code = krb5_cc_copy_creds(fill->context, fill->cache, to);
    if (to)
        krb5_cc_close(fill->context, to);
    if (code) {
        hvs_cache_destroy(share->cache);
        share->cache[0] = '\0';
    }
}

/* The KDC is asked once for all logins of the run, also when it refuses: each further try
 * could lock the account. */
static int by_share(struct fill *fill)
{
    struct hvs_share *share = hvs_tickets_enter(fill->given->tickets, fill->given);
    int rc = -1;

    if (!share)
        return hvs_err_memory(fill->err);
    if (share->failed.domain) {
        *fill->err = share->failed;
        fill->out->minor = share->minor;
    } else if (!take_share(fill, share, &rc)) {
        rc = ask_kdc(fill);
        if (rc == 0) {
            keep_share(fill, share);
        } else if (hvs_gss_refused(fill->out->minor)) {
            share->failed = *fill->err;
            share->minor = fill->out->minor;
        }
    }
    hvs_tickets_leave(fill->given->tickets);
    return rc;
}

static int get_ticket(struct fill *fill)
{
    if (!fill->given->keytab && !fill->given->password)
        return by_cache(fill);
    return fill->given->tickets ? by_share(fill) : ask_kdc(fill);
}

int hvs_cache_fill(struct hvs_ticket *out, const struct hvs_credentials *who,
                   struct hvs_error *err)
{
    struct fill fill = {.given = who, .out = out, .err = err, .name = "this machine"};
    krb5_error_code code = krb5_init_context(&fill.context);
    int rc = -1;

    if (code) {
        fail(&fill, code);
        goto out;
    }
    if (make_cache(&fill) < 0 || (who->user && name_user(&fill) < 0))
        goto out;
    rc = get_ticket(&fill);
out:
    if (fill.cache)
        krb5_cc_close(fill.context, fill.cache);
    krb5_free_principal(fill.context, fill.who);
    if (fill.context)
        krb5_free_context(fill.context);
    return rc;
}

static bool cache_at_hand(struct fill *fill)
{
    krb5_principal owner = NULL;
    krb5_ccache cache = NULL;
    bool found;

    if (fill->given->user && name_user(fill) < 0)
        return false;
    found = find_cache(fill->context, fill->given->ccache, fill->who, &cache) == 0 &&
            krb5_cc_get_principal(fill->context, cache, &owner) == 0 &&
            (!fill->who || krb5_principal_compare(fill->context, fill->who, owner)) &&
            check_cache(fill->context, cache, 0) == 0;
    krb5_free_principal(fill->context, owner);
    if (cache)
        krb5_cc_close(fill->context, cache);
    return found;
}

bool hvs_cache_at_hand(const struct hvs_credentials *who)
{
    struct hvs_ticket nothing = {0};
    struct fill fill = {.given = who, .out = &nothing};
    bool found;

    if (krb5_init_context(&fill.context))
        return false;
    found = cache_at_hand(&fill);
    krb5_free_principal(fill.context, fill.who);
    krb5_free_context(fill.context);
    return found;
}

void hvs_cache_destroy(const char *name)
{
    krb5_context context = NULL;
    krb5_ccache cache;

    if (!*name || krb5_init_context(&context))
        return;
    if (krb5_cc_resolve(context, name, &cache) == 0)
        krb5_cc_destroy(context, cache);
    krb5_free_context(context);
}

#endif
