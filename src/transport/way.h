#ifndef HVS_TRANSPORT_WAY_H
#define HVS_TRANSPORT_WAY_H

#include "transport/http.h"

/*
 * The way to a host: where to connect, through which proxy, and by what its certificate
 * is trusted.
 */
struct hvs_way {
    char **pins; /* allowed keys, ending in NULL; NULL where chain and name are checked */
    struct curl_slist *connect_to;
    char *proxy; /* "host:port", for messages; NULL for none */
};

/* Set up `easy` for it. -1 when memory ran out. */
int hvs_way_init(struct hvs_way *way, const struct hvs_http_opts *opts, CURL *easy)
    HVS_MUST_CHECK;
void hvs_way_clear(struct hvs_way *way);

/* May anything be said to a host with this certificate (PEM, or NULL)? Always, but where
 * keys are pinned; then `why` says which key it has and which was wanted. */
bool hvs_way_trusts(const struct hvs_way *way, const char *certificate, char *why,
                    size_t size);

#endif
