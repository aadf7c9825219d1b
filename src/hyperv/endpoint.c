#include "hyperv/endpoint.h"

#include "base/buf.h"
#include "base/err.h"
#include "transport/tls.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

bool hvs_host_is_address(const char *host)
{
    return strchr(host, ':') || host[strspn(host, "0123456789.")] == '\0';
}

/* "host:port", with brackets around IPv6 and its zone escaped as RFC 6874 has it. */
static void add_authority(struct hvs_buf *out, const char *host, unsigned port)
{
    const char *zone = strchr(host, '%');
    size_t len = zone ? (size_t)(zone - host) : strlen(host);
    bool v6 = strchr(host, ':') != NULL;

    hvs_buf_printf(out, "%s%.*s%s%s%s:%u", v6 ? "[" : "", (int)len, host,
                   zone ? "%25" : "", zone ? zone + 1 : "", v6 ? "]" : "", port);
}

static char *make_url(const struct hvs_client_opts *opts, const char *host,
                      struct hvs_error *err)
{
    struct hvs_buf url = HVS_BUF_INIT(2048);
    unsigned port = opts->port ? opts->port : opts->plain_http ? 5985 : 5986;

    hvs_buf_puts(&url, opts->plain_http ? "http://" : "https://");
    add_authority(&url, host, port);
    hvs_buf_puts(&url, "/wsman");
    return hvs_buf_take(&url, err);
}

static char *make_authority(const struct hvs_client_opts *opts, struct hvs_error *err)
{
    struct hvs_buf authority = HVS_BUF_INIT(1024);

    add_authority(&authority, opts->host, opts->port ? opts->port : 5986);
    return hvs_buf_take(&authority, err);
}

static bool is_clean_part(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f ||
            strchr("/?#@\\\"<>", text[i]))
            return false;
    return true;
}

static bool is_clean(const char *text)
{
    return is_clean_part(text, strlen(text));
}

/* An IPv6 address, its zone behind it. */
static bool is_v6(const char *host)
{
    const char *zone = strchr(host, '%');
    size_t len = zone ? (size_t)(zone - host) : strlen(host);
    char address[INET6_ADDRSTRLEN];
    struct in6_addr ignored;

    if (len >= sizeof(address))
        return false;
    memcpy(address, host, len);
    address[len] = '\0';
    if (inet_pton(AF_INET6, address, &ignored) != 1)
        return false;
    /* RFC 6874's ZoneID without its escapes */
    return !zone || (zone[1] && !zone[1 + strspn(zone + 1, "abcdefghijklmnopqrstuvwxyz"
                                                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                           "0123456789-._~")]);
}

static int check_host(const char *what, const char *host, struct hvs_error *err)
{
    if (!*host || !is_clean(host) || (strpbrk(host, ":%[]") && !is_v6(host)))
        return hvs_err_set(err, HVS_USAGE, 0, "'%s' is no %s", host, what);
    return 0;
}

static int check_connect_to(const char *text, struct hvs_error *err)
{
    if (!*text || !is_clean(text))
        return hvs_err_set(err, HVS_USAGE, 0, "'%s' is no host:port", text);
    return 0;
}

/* What is wrong with it is not quoted: a password may stand in it. */
static int check_proxy(const char *url, struct hvs_error *err)
{
    const char *host = strstr(url, "://");
    size_t len;

    if (strchr(url, '@'))
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "put USER:PASSWORD into a file for --proxy-user-file",
                                "the proxy's URL holds a user, and everybody can read it "
                                "in the list of processes");
    host = host ? host + 3 : url;
    len = strcspn(host, "/");
    if (!len || (host[len] && host[len + 1]) || !is_clean_part(host, len))
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "write it as http://NAME:PORT, or socks5h://NAME:PORT",
                                "the proxy's URL cannot be read");
    return 0;
}

static int check(const struct hvs_client_opts *opts, struct hvs_error *err)
{
    size_t i;

    if (!opts->host || !*opts->host)
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "name one with --host, or in HVSNAP_HOST",
                                "no host given");
    if (check_host("host name", opts->host, err) < 0 ||
        (opts->tls_name && check_host("name for TLS", opts->tls_name, err) < 0) ||
        (opts->connect_to && check_connect_to(opts->connect_to, err) < 0) ||
        (opts->proxy && check_proxy(opts->proxy, err) < 0))
        return -1;
    if (opts->plain_http && (opts->pins || opts->tls_name || opts->insecure))
        return hvs_err_set_hint(err, HVS_USAGE, 0, "leave them out, or use https://",
                                "pins and names are of TLS, and this is clear HTTP");
    for (i = 0; opts->pins && opts->pins[i]; i++)
        if (!hvs_tls_pin_valid(opts->pins[i]))
            return hvs_err_set_hint(err, HVS_USAGE, 0,
                                    "a pin is 'sha256//' and 44 signs of base64; 'hvsnap "
                                    "doctor' shows the host's own",
                                    "'%.100s' is no pin", opts->pins[i]);
    return 0;
}

int hvs_endpoint_init(struct hvs_endpoint *out, const struct hvs_client_opts *opts,
                      struct hvs_error *err)
{
    bool renamed = opts->tls_name && !opts->connect_to;

    *out = (struct hvs_endpoint){0};
    if (check(opts, err) < 0)
        return -1;
    out->url = make_url(opts, opts->host, err);
    out->connect_url = make_url(opts, opts->tls_name ? opts->tls_name : opts->host, err);
    if (opts->connect_to)
        out->connect_to = strdup(opts->connect_to);
    else if (renamed)
        out->connect_to = make_authority(opts, err);
    if (out->url && out->connect_url &&
        (out->connect_to || (!opts->connect_to && !renamed)))
        return 0;
    hvs_endpoint_clear(out);
    return hvs_err_memory(err);
}

void hvs_endpoint_clear(struct hvs_endpoint *endpoint)
{
    free(endpoint->url);
    free(endpoint->connect_url);
    free(endpoint->connect_to);
    *endpoint = (struct hvs_endpoint){0};
}
