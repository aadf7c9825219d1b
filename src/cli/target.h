#ifndef HVS_CLI_TARGET_H
#define HVS_CLI_TARGET_H

#include <hvsnap/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* WinRM's own. */
enum { HTTP_PORT = 5985, HTTPS_PORT = 5986 };

enum target_scheme { SCHEME_NONE, SCHEME_HTTP, SCHEME_HTTPS };

/* [http[s]://][user@]host[:port][/vm], taken apart. */
struct target {
    enum target_scheme scheme;
    char *user;    /* NULL for none */
    char *host;    /* IPv6 without brackets, its zone after a '%' */
    uint16_t port; /* 0 for none */
    char *vm;      /* whole, whatever it holds; NULL for the host itself */
};

/* A target: a host and, after the first '/', a VM. "hv01" alone is refused, since it
 * could be either; "hv01/" and "https://hv01" are the host. */
int target_parse(struct target *out, const char *text, struct hvs_error *err)
    HVS_MUST_CHECK;

/* Does a text name a host, or may it be a VM's name alone? */
bool target_names_host(const char *text);

/* What --host takes: no VM in it. "/" and "/wsman", which URLs of a listener end in, may
 * follow. */
int target_parse_host(struct target *out, const char *text, struct hvs_error *err)
    HVS_MUST_CHECK;

/* The same host with that VM, or none. */
int target_copy(struct target *out, const struct target *host, const char *vm,
                struct hvs_error *err) HVS_MUST_CHECK;

/* The same host, reached the same way by the same user? */
bool target_same_host(const struct target *a, const struct target *b);

/* The same place with its port and its scheme, for comparing: `port` is --port's, or 0.
 * Its texts are those of `target`. */
struct target target_plainly(const struct target *target, uint32_t port);

/* An order of targets: by host, way, user and VM. 0 for the same one. */
int target_compare(const struct target *a, const struct target *b);

/* "hv01", "hv01:5985", "[fe80::1%eth0]"; yours to free, NULL without memory. */
char *target_host_name(const struct target *target);

void target_clear(struct target *target);

#endif
