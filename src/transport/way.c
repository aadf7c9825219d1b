#include "transport/way.h"

#include "transport/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int copy_pins(struct hvs_way *way, const char *const *pins)
{
    size_t count = 0, i;

    while (pins && pins[count])
        count++;
    if (!count)
        return 0;
    way->pins = calloc(count + 1, sizeof(*way->pins));
    for (i = 0; way->pins && i < count; i++) {
        way->pins[i] = strdup(pins[i]);
        if (!way->pins[i])
            return -1;
    }
    return way->pins ? 0 : -1;
}

/* Whatever the URL says, connect there. */
static int copy_connect_to(struct hvs_way *way, const char *connect_to)
{
    struct hvs_buf rule = HVS_BUF_INIT(1024);

    if (!connect_to)
        return 0;
    hvs_buf_printf(&rule, "::%s", connect_to);
    if (!rule.failed)
        way->connect_to = curl_slist_append(NULL, hvs_buf_str(&rule));
    hvs_buf_clear(&rule);
    return way->connect_to ? 0 : -1;
}

/* Its name, for messages. */
static int copy_proxy(struct hvs_way *way, const char *url)
{
    const char *begin;

    if (!url)
        return 0;
    begin = strstr(url, "://");
    begin = begin ? begin + 3 : url;
    way->proxy = strndup(begin, strcspn(begin, "/"));
    return way->proxy ? 0 : -1;
}

/* OpenSSL and its kin ask on the terminal for the passphrase of a key, for as long as it
 * takes, unless there is one, if only an empty one; GnuTLS would take any key for one
 * that needs it. */
static bool asks_for_passphrase(void)
{
    const char *name = curl_version_info(CURLVERSION_NOW)->ssl_version;

    return name && strncmp(name, "GnuTLS", 6) != 0 && strncmp(name, "NSS", 3) != 0;
}

int hvs_way_init(struct hvs_way *way, const struct hvs_http_opts *opts, CURL *easy)
{
    bool unchecked;

    if (copy_pins(way, opts->pins) < 0 || copy_connect_to(way, opts->connect_to) < 0 ||
        copy_proxy(way, opts->proxy) < 0)
        return -1;
    unchecked = opts->insecure || way->pins;
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, unchecked ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, unchecked ? 0L : 2L);
    if (opts->ca_file) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, opts->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    if (opts->cert_file) {
        curl_easy_setopt(easy, CURLOPT_SSLCERT, opts->cert_file);
        curl_easy_setopt(easy, CURLOPT_SSLKEY, opts->key_file);
        if (asks_for_passphrase())
            curl_easy_setopt(easy, CURLOPT_KEYPASSWD, "");
    }
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, way->connect_to);
    /* libcurl heeds the environment's proxies unless it is told not to */
    curl_easy_setopt(easy, CURLOPT_NOPROXY, opts->proxy ? "" : "*");
    curl_easy_setopt(easy, CURLOPT_PROXY, opts->proxy ? opts->proxy : "");
    curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (opts->proxy_user)
        curl_easy_setopt(easy, CURLOPT_PROXYUSERPWD, opts->proxy_user);
    return 0;
}

void hvs_way_clear(struct hvs_way *way)
{
    char **pin;

    for (pin = way->pins; pin && *pin; pin++)
        free(*pin);
    free(way->pins);
    curl_slist_free_all(way->connect_to);
    free(way->proxy);
    *way = (struct hvs_way){0};
}

/* The key that it has, and those that it may have. */
static void say_keys(const struct hvs_way *way, const char *key, char *out, size_t size)
{
    enum { SHOWN = 3 };
    int len = snprintf(out, size, "its key is %s, the pin%s", key,
                       way->pins[1] ? "s are" : " is");
    size_t i;

    for (i = 0; i < SHOWN && way->pins[i] && (size_t)len < size; i++)
        len += snprintf(out + len, size - (size_t)len, "%s %s", i ? "," : "",
                        way->pins[i]);
    if (i == SHOWN && way->pins[i] && (size_t)len < size)
        snprintf(out + len, size - (size_t)len, ", ...");
}

bool hvs_way_trusts(const struct hvs_way *way, const char *certificate, char *why,
                    size_t size)
{
    struct hvs_error err = {0};
    char pin[HVS_PIN_SIZE];
    char **allowed;

    if (!way->pins)
        return true;
    if (!certificate || hvs_tls_pin(pin, certificate, &err) < 0) {
        snprintf(why, size, "no certificate to compare with the pin");
        return false;
    }
    for (allowed = way->pins; *allowed; allowed++)
        if (strcmp(*allowed, pin) == 0)
            return true;
    say_keys(way, pin, why, size);
    return false;
}
