#include "auth/gss.h"

#ifdef HVS_GSSAPI

#include "base/err.h"

#include <krb5.h>

#include <errno.h>
#include <stdio.h>

static const struct row {
    krb5_error_code code;
    const char *what, *hint;
} rows[] = {
    {KRB5_FCC_NOFILE, "there is no ticket",
     "run kinit, or give a keytab, or --user and a password"},
    {KRB5_CC_NOTFOUND, "there is no ticket",
     "run kinit, or give a keytab, or --user and a password"},
    {KRB5KRB_AP_ERR_TKT_EXPIRED, "the ticket has expired", "run kinit again"},
    {KRB5_KDC_UNREACH, "no KDC can be reached",
     "check the network, and the realm's KDCs in DNS or in krb5.conf"},
    {KRB5_REALM_CANT_RESOLVE, "no KDC can be reached",
     "check the network, and the realm's KDCs in DNS or in krb5.conf"},
    {KRB5_REALM_UNKNOWN, "no KDC of this realm is known",
     "check the spelling of the realm, and DNS or krb5.conf"},
    {KRB5_CONFIG_NODEFREALM, "no realm is known",
     "write the user as user@REALM, or set default_realm in krb5.conf"},
    {KRB5_ERR_HOST_REALM_UNKNOWN, "no realm is known",
     "set domain_realm or default_realm in krb5.conf"},
    {KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, "the KDC does not know this service",
     "use the host's full name as the domain has it, another --spn (HTTP, WSMAN, host), "
     "or rdns = false in krb5.conf"},
    {KRB5KDC_ERR_WRONG_REALM, "the KDC belongs to another realm",
     "write the user as user@REALM, the realm in capitals"},
    {KRB5KRB_AP_ERR_SKEW,
     "the clocks of this machine, the KDC and the host differ too much",
     "set this machine's clock; Kerberos allows five minutes"},
    {KRB5_KDCREP_SKEW, "the clocks of this machine and the KDC differ too much",
     "set this machine's clock; Kerberos allows five minutes"},
    {KRB5KDC_ERR_PREAUTH_FAILED, "the KDC refused the password",
     "check the user name, the realm and the password"},
    {KRB5KRB_AP_ERR_BAD_INTEGRITY, "the KDC refused the password",
     "check the user name, the realm and the password"},
    {KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, "the KDC does not know this user",
     "write the user as user@REALM; an account of the host itself needs --auth ntlm"},
    {KRB5KDC_ERR_CLIENT_REVOKED, "the account is locked or disabled",
     "ask an administrator of the domain"},
    {KRB5KDC_ERR_NAME_EXP, "the account has expired",
     "ask an administrator of the domain"},
    {KRB5KDC_ERR_KEY_EXP, "the password has expired", "change it first"},
    {KRB5KDC_ERR_ETYPE_NOSUPP, "the KDC has no encryption in common with us",
     "allow AES for the account, or see permitted_enctypes in krb5.conf"},
    {KRB5_KT_NOTFOUND, "the keytab has no key for it", "list its keys with klist -k"},
    {KRB5_KEYTAB_BADVNO, "that is no keytab", "klist -k shows what a keytab holds"},
    {ENOENT, "there is no such file", "check the path of the keytab"},
    {EACCES, "the file cannot be read", "make it yours, mode 600"},
    {KRB5KRB_AP_ERR_MODIFIED, "the host cannot read the ticket",
     "its service name may belong to another account: try --spn host"},
};

static void krb5_text(char *out, size_t size, krb5_error_code code)
{
    krb5_context context = NULL;
    const char *text;

    if (krb5_init_context(&context)) {
        snprintf(out, size, "Kerberos error %ld", (long)code);
        return;
    }
    text = krb5_get_error_message(context, code);
    snprintf(out, size, "%s", text);
    krb5_free_error_message(context, text);
    krb5_free_context(context);
}

static void gss_text(char *out, size_t size, OM_uint32 major)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor, more = 0;

    out[0] = '\0';
    if (gss_display_status(&minor, major, GSS_C_GSS_CODE, GSS_C_NO_OID, &more, &text) ==
        GSS_S_COMPLETE)
        snprintf(out, size, "%.*s", (int)text.length, (const char *)text.value);
    gss_release_buffer(&minor, &text);
}

int hvs_gss_fail(struct hvs_error *err, OM_uint32 major, OM_uint32 minor,
                 const char *subject)
{
    krb5_error_code code = (krb5_error_code)minor;
    const struct row *row;
    char text[256];

    if (GSS_ROUTINE_ERROR(major) == GSS_S_BAD_BINDINGS)
        return hvs_err_set_hint(err, HVS_AUTH, minor,
                                "something between us and the host may end the TLS "
                                "connection",
                                "Kerberos for '%s': the host sees another TLS connection "
                                "than we do",
                                subject);
    for (row = rows; row < rows + sizeof(rows) / sizeof(rows[0]); row++)
        if (row->code == code)
            return hvs_err_set_hint(err, HVS_AUTH, minor, row->hint,
                                    "Kerberos for '%s': %s", subject, row->what);
    if (code)
        krb5_text(text, sizeof(text), code);
    else
        gss_text(text, sizeof(text), major);
    return hvs_err_set_hint(err, HVS_AUTH, minor,
                            "KRB5_TRACE=/dev/stderr shows what the Kerberos library does",
                            "Kerberos for '%s': %s", subject, text);
}

bool hvs_gss_refused(OM_uint32 minor)
{
    return minor == (OM_uint32)KRB5KDC_ERR_PREAUTH_FAILED ||
           minor == (OM_uint32)KRB5KRB_AP_ERR_BAD_INTEGRITY ||
           minor == (OM_uint32)KRB5KDC_ERR_CLIENT_REVOKED;
}

#endif
