#ifndef HVS_TRANSPORT_PROBE_H
#define HVS_TRANSPORT_PROBE_H

#include <hvsnap/error.h>

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * The way to a host, looked at one step at a time: its addresses, and whether anything
 * listens at one of them.
 */
struct hvs_address {
    struct sockaddr_storage to;
    socklen_t len;
    char text[80]; /* "10.0.0.5", "fe80::1%eth0" */
};
struct hvs_addresses {
    size_t count;
    struct hvs_address items[8]; /* those beyond the eighth are dropped */
};

/* Ask the system's resolver, for as long as it likes: for a thread. */
int hvs_probe_resolve(struct hvs_addresses *out, const char *host,
                      struct hvs_error *err) HVS_MUST_CHECK;

/* Begin to connect. A descriptor, writable once it is decided, or -1 with errno. */
int hvs_probe_connect(const struct hvs_address *address, uint16_t port) HVS_MUST_CHECK;

/* How that came out: 0, or an errno. Closes it. */
int hvs_probe_connected(int fd);

#endif
