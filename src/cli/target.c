#include "cli/target.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "cli/escape.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Longer than any host name (255) with a user before it. */
#define PART_MAX 1024

/* Longer than the name of any interface. */
#define ZONE_MAX 64

static int keep(char **out, const char *text, size_t len, struct hvs_error *err)
{
    struct hvs_buf copy = HVS_BUF_INIT(PART_MAX);

    hvs_buf_add(&copy, text, len);
    if (copy.full)
        return hvs_err_set(err, HVS_USAGE, 0, "a target is too long");
    *out = hvs_buf_take(&copy, err);
    return *out ? 0 : -1;
}

static const char *skip_scheme(const char *text, enum target_scheme *scheme)
{
    *scheme = SCHEME_NONE;
    if (strncasecmp(text, "https://", 8) == 0) {
        *scheme = SCHEME_HTTPS;
        return text + 8;
    }
    if (strncasecmp(text, "http://", 7) == 0) {
        *scheme = SCHEME_HTTP;
        return text + 7;
    }
    return text;
}

static int parse_port(struct target *out, const char *text, size_t len,
                      struct hvs_error *err)
{
    unsigned long port = 0;
    size_t i;

    for (i = 0; i < len && text[i] >= '0' && text[i] <= '9' && port <= UINT16_MAX; i++)
        port = port * 10 + (unsigned long)(text[i] - '0');
    if (i < len || !port || port > UINT16_MAX)
        return hvs_err_set(err, HVS_USAGE, 0, "'%.*s' is not a port", (int)len, text);
    out->port = (uint16_t)port;
    return 0;
}

/* The name of an interface, as a URL can hold it (RFC 6874: unreserved). */
static bool is_zone(const char *text, size_t len)
{
    static const char others[] = "-._~";
    size_t i;

    for (i = 0; i < len; i++) {
        char c = text[i], lower = (char)(c | 0x20);

        if (!(c >= '0' && c <= '9') && !(lower >= 'a' && lower <= 'z') &&
            !memchr(others, c, sizeof(others) - 1))
            return false;
    }
    return len && len <= ZONE_MAX;
}

/* "[fe80::1%eth0]" and what follows it. In a URL the '%' is written "%25" (RFC 6874). */
static int parse_ipv6(struct target *out, const char *text, size_t len,
                      struct hvs_error *err)
{
    const char *end = memchr(text, ']', len), *zone;
    char address[INET6_ADDRSTRLEN];
    struct hvs_buf host = HVS_BUF_INIT(PART_MAX);
    struct in6_addr binary;
    size_t size;

    if (!end)
        return hvs_err_set(err, HVS_USAGE, 0, "'%.*s' lacks its ']'", (int)len, text);
    zone = memchr(text, '%', (size_t)(end - text));
    size = (size_t)((zone ? zone : end) - text - 1);
    if (size < sizeof(address)) {
        memcpy(address, text + 1, size);
        address[size] = '\0';
    }
    if (zone)
        zone += end - zone > 3 && strncmp(zone, "%25", 3) == 0 ? 3 : 1;
    if (size >= sizeof(address) || inet_pton(AF_INET6, address, &binary) != 1 ||
        (zone && !is_zone(zone, (size_t)(end - zone))))
        return hvs_err_set(err, HVS_USAGE, 0, "'%.*s' is not an IPv6 address",
                           (int)(end + 1 - text), text);
    hvs_buf_puts(&host, address);
    if (zone) {
        hvs_buf_puts(&host, "%");
        hvs_buf_add(&host, zone, (size_t)(end - zone));
    }
    out->host = hvs_buf_take(&host, err);
    if (!out->host)
        return -1;
    len -= (size_t)(end + 1 - text);
    if (!len)
        return 0;
    if (end[1] != ':')
        return hvs_err_set(err, HVS_USAGE, 0, "nothing but a port can follow '%.*s'",
                           (int)(end + 1 - text), text);
    return parse_port(out, end + 2, len - 1, err);
}

static int parse_name(struct target *out, const char *text, size_t len,
                      struct hvs_error *err)
{
    const char *colon = memchr(text, ':', len);
    size_t size = colon ? (size_t)(colon - text) : len, i, n;
    uint32_t c;

    if (colon && memchr(colon + 1, ':', len - size - 1))
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "an IPv6 address stands in brackets: [fe80::1]",
                                "'%.*s' has more than one ':'", (int)len, text);
    if (!size)
        return hvs_err_set(err, HVS_USAGE, 0, "the name of the host is empty");
    for (i = 0; i < size; i += n) {
        n = hvs_utf8_next(text + i, size - i, &c);
        if (!n || c == ' ' || escape_needed(c) ||
            (c < 0x80 && strchr("\"#%<>?@[\\]^`{|}", (char)c)))
            return hvs_err_set(err, HVS_USAGE, 0, "'%.*s' is not the name of a host",
                               (int)size, text);
    }
    if (keep(&out->host, text, size, err) < 0)
        return -1;
    return colon ? parse_port(out, colon + 1, len - size - 1, err) : 0;
}

/* [user@]host[:port]: a user may hold an '@', a host cannot, so the last one counts. */
static int parse_authority(struct target *out, const char *text, size_t len,
                           struct hvs_error *err)
{
    size_t user = len;

    while (user && text[user - 1] != '@')
        user--;
    if (user == 1)
        return hvs_err_set(err, HVS_USAGE, 0, "no user before the '@' of '%.*s'",
                           (int)len, text);
    if (user && memchr(text, ':', user))
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "other users of this machine can read command lines; "
                                "use --password-file, or be asked",
                                "a target takes no password");
    if (user && keep(&out->user, text, user - 1, err) < 0)
        return -1;
    text += user;
    len -= user;
    return len && *text == '[' ? parse_ipv6(out, text, len, err)
                               : parse_name(out, text, len, err);
}

bool target_names_host(const char *text)
{
    enum target_scheme scheme;

    return strchr(skip_scheme(text, &scheme), '/') || scheme != SCHEME_NONE;
}

int target_parse(struct target *out, const char *text, struct hvs_error *err)
{
    struct target target = {0};
    const char *at = skip_scheme(text, &target.scheme);
    size_t len = strcspn(at, "/");
    int rc = -1;

    *out = target;
    if (!target_names_host(text))
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "write HOST/VM, or HOST/ for the host itself, or name "
                                "the host with -H",
                                "'%.200s' may be a host or a VM", text);
    if (parse_authority(&target, at, len, err) < 0)
        goto out;
    if (at[len] && at[len + 1] &&
        keep(&target.vm, at + len + 1, strlen(at + len + 1), err) < 0)
        goto out;
    *out = target;
    target = (struct target){0};
    rc = 0;
out:
    target_clear(&target);
    return rc;
}

int target_parse_host(struct target *out, const char *text, struct hvs_error *err)
{
    struct target target = {0};
    const char *at = skip_scheme(text, &target.scheme);
    size_t len = strcspn(at, "/");
    int rc = -1;

    *out = target;
    if (at[len] && strcmp(at + len, "/") != 0 && strcasecmp(at + len, "/wsman") != 0)
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "with --host, the name of the VM stands by itself",
                                "'%.200s' is more than a host", text);
    if (parse_authority(&target, at, len, err) < 0)
        goto out;
    *out = target;
    target = (struct target){0};
    rc = 0;
out:
    target_clear(&target);
    return rc;
}

int target_copy(struct target *out, const struct target *host, const char *vm,
                struct hvs_error *err)
{
    struct target target = {.scheme = host->scheme, .port = host->port};
    int rc = -1;

    *out = (struct target){0};
    if (vm && !*vm)
        return hvs_err_set(err, HVS_USAGE, 0, "the name of the VM is empty");
    if (keep(&target.host, host->host, strlen(host->host), err) < 0 ||
        (host->user && keep(&target.user, host->user, strlen(host->user), err) < 0) ||
        (vm && keep(&target.vm, vm, strlen(vm), err) < 0))
        goto out;
    *out = target;
    target = (struct target){0};
    rc = 0;
out:
    target_clear(&target);
    return rc;
}

/* NULL comes first. */
static int compare_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) : (a != NULL) - (b != NULL);
}

static int compare_host(const struct target *a, const struct target *b)
{
    int rc = strcasecmp(a->host, b->host);

    if (!rc)
        rc = (int)a->port - (int)b->port;
    if (!rc)
        rc = (int)a->scheme - (int)b->scheme;
    return rc ? rc : compare_text(a->user, b->user);
}

bool target_same_host(const struct target *a, const struct target *b)
{
    return compare_host(a, b) == 0;
}

struct target target_plainly(const struct target *target, uint32_t port)
{
    struct target out = *target;

    if (!out.port && port <= UINT16_MAX)
        out.port = (uint16_t)port;
    if (!out.port)
        out.port = out.scheme == SCHEME_HTTP ? HTTP_PORT : HTTPS_PORT;
    if (!out.scheme)
        out.scheme = out.port == HTTP_PORT ? SCHEME_HTTP : SCHEME_HTTPS;
    return out;
}

int target_compare(const struct target *a, const struct target *b)
{
    int rc = compare_host(a, b);

    return rc ? rc : compare_text(a->vm, b->vm);
}

char *target_host_name(const struct target *target)
{
    struct hvs_buf name = HVS_BUF_INIT(PART_MAX + 16);

    if (strchr(target->host, ':'))
        hvs_buf_printf(&name, "[%s]", target->host);
    else
        hvs_buf_puts(&name, target->host);
    if (target->port)
        hvs_buf_printf(&name, ":%u", (unsigned)target->port);
    return hvs_buf_take(&name, NULL);
}

void target_clear(struct target *target)
{
    free(target->user);
    free(target->host);
    free(target->vm);
    *target = (struct target){0};
}
