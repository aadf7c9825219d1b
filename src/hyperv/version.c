#include <hvsnap/hvsnap.h>

#include <curl/curl.h>
#include <libxml/xmlversion.h>
#include <stdio.h>

const char *hvs_version(void)
{
    return HVS_VERSION;
}

const char *hvs_version_details(void)
{
    static char text[256];
    const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);

#ifdef HVS_GSSAPI
    const char *kerberos = "kerberos";
#else
    const char *kerberos = "no-kerberos";
#endif
    snprintf(text, sizeof(text), "libcurl/%s %s libxml2/%s %s", curl->version,
             curl->ssl_version ? curl->ssl_version : "no-TLS", LIBXML_DOTTED_VERSION,
             kerberos);
    return text;
}

const char *hvs_outcome_name(enum hvs_outcome outcome)
{
    switch (outcome) {
    case HVS_OUTCOME_NOT_DONE: return "not-done";
    case HVS_OUTCOME_DONE: return "done";
    case HVS_OUTCOME_STARTED: return "started";
    case HVS_OUTCOME_UNKNOWN: break;
    }
    return "unknown";
}
