#include "auth/gss_where.h"

#ifdef HVS_GSSAPI

#include "auth/gss_name.h"

#include <krb5.h>
#include <profile.h>
#include <stdio.h>
#include <string.h>

/* The user's, as the login would take it. */
static void find_realm(char *out, size_t size, krb5_context context,
                       const struct hvs_credentials *who)
{
    krb5_principal principal = NULL;
    char name[256], *realm = NULL;

    if (who->user) {
        if (hvs_principal_of(context, who, name, sizeof(name), &principal) == 0)
            snprintf(out, size, "%.*s", (int)principal->realm.length,
                     principal->realm.data);
        krb5_free_principal(context, principal);
    } else if (krb5_get_default_realm(context, &realm) == 0) {
        snprintf(out, size, "%s", realm);
        krb5_free_default_realm(context, realm);
    }
}

static void find_kdcs(char *out, size_t size, krb5_context context, const char *realm)
{
    const char *const names[] = {"realms", realm, "kdc", NULL};
    char **values = NULL, **value;
    profile_t profile = NULL;
    size_t len = 0;

    if (krb5_get_profile(context, &profile))
        return;
    if (profile_get_values(profile, (const char **)names, &values) == 0) {
        for (value = values; *value && len < size; value++)
            len += (size_t)snprintf(out + len, size - len, "%s%s", len ? ", " : "",
                                    *value);
        profile_free_list(values);
    }
    profile_release(profile);
}

void hvs_gss_where(struct hvs_gss_where *out, const struct hvs_credentials *who)
{
    krb5_context context = NULL;

    *out = (struct hvs_gss_where){0};
    if (krb5_init_context(&context))
        return;
    find_realm(out->realm, sizeof(out->realm), context, who);
    if (out->realm[0])
        find_kdcs(out->kdcs, sizeof(out->kdcs), context, out->realm);
    krb5_free_context(context);
}

enum hvs_gss_trouble hvs_gss_trouble(uint32_t minor)
{
    switch ((krb5_error_code)minor) {
    case KRB5_FCC_NOFILE:
    case KRB5_CC_NOTFOUND:
    case KRB5KRB_AP_ERR_TKT_EXPIRED: return HVS_GSS_NO_TICKET;
    case KRB5_KDC_UNREACH:
    case KRB5_REALM_CANT_RESOLVE:
    case KRB5_REALM_UNKNOWN:
    case KRB5_CONFIG_NODEFREALM:
    case KRB5_ERR_HOST_REALM_UNKNOWN: return HVS_GSS_NO_KDC;
    case KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN: return HVS_GSS_NO_SPN;
    case KRB5KRB_AP_ERR_SKEW:
    case KRB5_KDCREP_SKEW: return HVS_GSS_SKEW;
    case KRB5KDC_ERR_PREAUTH_FAILED:
    case KRB5KRB_AP_ERR_BAD_INTEGRITY:
    case KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN:
    case KRB5KDC_ERR_CLIENT_REVOKED:
    case KRB5KDC_ERR_NAME_EXP:
    case KRB5KDC_ERR_KEY_EXP: return HVS_GSS_REFUSED;
    default: return HVS_GSS_OTHER;
    }
}

#else

void hvs_gss_where(struct hvs_gss_where *out, const struct hvs_credentials *who)
{
    (void)who;
    *out = (struct hvs_gss_where){0};
}

enum hvs_gss_trouble hvs_gss_trouble(uint32_t minor)
{
    (void)minor;
    return HVS_GSS_OTHER;
}

#endif
