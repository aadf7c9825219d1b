#include "auth/gss_where.h"
#include "base/err.h"
#include "hyperv/ladder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Realm and KDCs, looked up on a thread. */
struct lookup {
    struct hvs_blocking call;
    struct hvs_gss_where where;
    struct hvs_credentials who;
    char *user, *domain; /* what `who` points to */
};

static void lookup_work(struct hvs_blocking *call)
{
    struct lookup *lookup = (struct lookup *)call;

    hvs_gss_where(&lookup->where, &lookup->who);
}

static void lookup_free(struct hvs_blocking *call)
{
    struct lookup *lookup = (struct lookup *)call;

    free(lookup->user);
    free(lookup->domain);
    free(lookup);
}

static int look_up(const struct hvs_ladder *ladder, struct hvs_gss_where *out,
                   struct hvs_error *err)
{
    struct lookup *lookup = calloc(1, sizeof(*lookup));
    const char *user = ladder->who.user;

    if (!lookup)
        return hvs_err_memory(err);
    lookup->call.work = lookup_work;
    lookup->call.free = lookup_free;
    lookup->user = user ? strdup(user) : NULL;
    lookup->domain = strdup(ladder->domain);
    lookup->who.user = lookup->user;
    lookup->who.domain = lookup->domain;
    if ((user && !lookup->user) || !lookup->domain) {
        lookup_free(&lookup->call);
        return hvs_err_memory(err);
    }
    if (hvs_ladder_block(ladder, &lookup->call, err) < 0)
        return -1;
    *out = lookup->where;
    lookup_free(&lookup->call);
    return 0;
}

/* "of REALM (kdc1:88)", as far as it is known. */
static const char *whose_kdc(const struct hvs_gss_where *where, char *out, size_t size)
{
    if (!where->realm[0])
        snprintf(out, size, "of no known realm");
    else
        snprintf(out, size, "of %s (%.300s)", where->realm,
                 where->kdcs[0] ? where->kdcs : "as DNS has it");
    return out;
}

/* user@REALM, for kinit. */
static void principal(const struct hvs_ladder *ladder, const struct hvs_gss_where *where,
                      char *out, size_t size)
{
    const char *user = ladder->who.user ? ladder->who.user : "USER";

    const char *cut = strrchr(user, '@');

    snprintf(out, size, "%.*s@%s", cut ? (int)(cut - user) : (int)strlen(user), user,
             where->realm[0] ? where->realm : "REALM");
}

/* What helps where no ticket was to be had. */
static void remedy(struct hvs_ladder *ladder, struct hvs_finding *f,
                   const struct hvs_gss_where *where, enum hvs_gss_trouble trouble)
{
    char name[600];

    principal(ladder, where, name, sizeof(name));
    switch (trouble) {
    case HVS_GSS_NO_TICKET: hvs_finding_command(f, "kinit '%s' && klist", name); break;
    case HVS_GSS_NO_KDC:
        hvs_finding_command(f,
                            "dig +short -t SRV '_kerberos._tcp.%s'; "
                            "KRB5_TRACE=/dev/stderr kinit '%s'",
                            where->realm[0] ? where->realm : "REALM", name);
        break;
    case HVS_GSS_NO_SPN:
        hvs_ladder_again(ladder, f,
                         &(struct hvs_again){.option = "--spn", .value = "host"});
        hvs_finding_on_host(f,
                            "setspn -L $env:COMPUTERNAME; setspn -S HTTP/%s "
                            "$env:COMPUTERNAME",
                            ladder->opts.host);
        break;
    case HVS_GSS_SKEW:
        hvs_finding_command(f, "timedatectl; sudo timedatectl set-ntp true");
        break;
    case HVS_GSS_REFUSED:
        hvs_finding_command(f, "kinit '%s'", name);
        hvs_finding_on_host(f,
                            "Get-ADUser '%.*s' -Properties LockedOut, Enabled, "
                            "PasswordExpired",
                            (int)strcspn(name, "@"), name);
        break;
    case HVS_GSS_OTHER:
        hvs_finding_command(f, "KRB5_TRACE=/dev/stderr kinit '%s'", name);
        break;
    }
}

static void no_ticket(struct hvs_ladder *ladder, const struct hvs_gss_where *where)
{
    enum hvs_gss_trouble trouble = hvs_gss_trouble(ladder->evidence.gss_minor);
    struct hvs_error why = ladder->refusal;
    struct hvs_finding *f;
    char whose[700];

    whose_kdc(where, whose, sizeof(whose));
    if (why.class_ == HVS_CLASS_DEADLINE) {
        /* abandoned: the thread still waits, and says no more */
        trouble = HVS_GSS_NO_KDC;
        snprintf(why.message, sizeof(why.message),
                 "no answer from the KDC %.400s: the time was over", whose);
        f = hvs_ladder_fail(ladder, HVS_RUNG_KERBEROS, &why);
    } else {
        f = hvs_ladder_fail(ladder, HVS_RUNG_KERBEROS, &why);
        hvs_ladder_say(ladder, HVS_RUNG_KERBEROS, HVS_VERDICT_FAIL,
                       "%s; the KDC is that %s", why.message, whose);
    }
    remedy(ladder, f, where, trouble);
}

/* Did the login end before a single leg of it went out? */
static bool before_any_leg(const struct hvs_ladder *ladder)
{
    return ladder->refusal.domain && !ladder->evidence.logins;
}

void hvs_rung_kerberos(struct hvs_ladder *ladder)
{
    const struct hvs_evidence *e = &ladder->evidence;
    struct hvs_gss_where where = {0};
    struct hvs_error err = {0};
    char whose[700];

    if (strcmp(ladder->mechanism, "kerberos") != 0) {
        hvs_ladder_say(ladder, HVS_RUNG_KERBEROS, HVS_VERDICT_SKIPPED,
                       ladder->mechanism[0] ? "the login is by %s" : "it is not tried%s",
                       ladder->mechanism);
        return;
    }
    if (look_up(ladder, &where, &err) < 0) {
        hvs_err_prefix(&err, "the realm and its KDCs");
        hvs_ladder_fail(ladder, HVS_RUNG_KERBEROS, &err);
        return;
    }
    hvs_ladder_log_in(ladder);
    if (before_any_leg(ladder)) {
        no_ticket(ladder, &where);
        return;
    }
    if (!where.realm[0])
        snprintf(where.realm, sizeof(where.realm), "%s", e->domain);
    hvs_ladder_say(ladder, HVS_RUNG_KERBEROS, HVS_VERDICT_PASS,
                   "a ticket for %s as %s of %s; the KDC is that %s", e->spn, e->account,
                   e->domain, whose_kdc(&where, whose, sizeof(whose)));
}
