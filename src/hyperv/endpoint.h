#ifndef HVS_HYPERV_ENDPOINT_H
#define HVS_HYPERV_ENDPOINT_H

#include <hvsnap/client.h>

/*
 * Where a host's listener is, from the options of a client: checked, and in the forms
 * that the layers below take.
 */
struct hvs_endpoint {
    char *url;         /* as the host is told in a:To */
    char *connect_url; /* as libcurl is told: its host is the name in the certificate */
    char *connect_to;  /* "host:port" to connect to instead, or NULL */
};

/* 0, or -1 with *out cleared. */
int hvs_endpoint_init(struct hvs_endpoint *out, const struct hvs_client_opts *opts,
                      struct hvs_error *err) HVS_MUST_CHECK;
void hvs_endpoint_clear(struct hvs_endpoint *endpoint);

/* Is it an address rather than a name? Kerberos knows names alone. */
bool hvs_host_is_address(const char *host);

#endif
