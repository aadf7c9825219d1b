#include "auth/gss_name.h"

#ifdef HVS_GSSAPI

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool has_upper(const char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            return true;
    return false;
}

/* Windows' realms are DNS names in capitals, and Kerberos minds the case; people type
 * them in small letters. */
static void add_realm(struct hvs_buf *out, const char *realm)
{
    bool keep = has_upper(realm);
    char c;

    for (; *realm; realm++) {
        c = !keep && *realm >= 'a' && *realm <= 'z' ? (char)(*realm - 32) : *realm;
        hvs_buf_add(out, &c, 1);
    }
}

/* DOMAIN\user is not Kerberos' way to name anybody: DOMAIN is taken for the realm that
 * begins so, when that is the default one, else for a realm. */
static void add_domain(krb5_context context, struct hvs_buf *out, const char *domain)
{
    size_t len = strlen(domain);
    char *realm = NULL;

    if (!strchr(domain, '.') && krb5_get_default_realm(context, &realm) == 0 &&
        strncasecmp(realm, domain, len) == 0 && realm[len] == '.')
        hvs_buf_puts(out, realm);
    else
        add_realm(out, domain);
    if (realm)
        krb5_free_default_realm(context, realm);
}

krb5_error_code hvs_principal_of(krb5_context context, const struct hvs_credentials *who,
                                 char *name, size_t size, krb5_principal *out)
{
    const char *user = who->user, *domain = who->domain, *cut;
    struct hvs_buf text = HVS_BUF_INIT(1024), before = HVS_BUF_INIT(1024);
    krb5_error_code code;

    cut = domain && *domain ? NULL : strchr(user, '\\');
    if (cut) {
        hvs_buf_add(&before, user, (size_t)(cut - user));
        domain = hvs_buf_str(&before);
        user = cut + 1;
    }
    cut = strrchr(user, '@');
    hvs_buf_add(&text, user, cut ? (size_t)(cut - user) : strlen(user));
    if (cut || (domain && *domain))
        hvs_buf_puts(&text, "@");
    if (cut)
        add_realm(&text, cut + 1);
    else if (domain && *domain)
        add_domain(context, &text, domain);
    if (text.full || before.full) {
        code = ENAMETOOLONG;
    } else if (text.failed || before.failed) {
        code = ENOMEM;
    } else {
        snprintf(name, size, "%s", hvs_buf_str(&text));
        code = krb5_parse_name(context, hvs_buf_str(&text), out);
    }
    hvs_buf_clear(&text);
    hvs_buf_clear(&before);
    return code;
}

#endif
