#include <netdb.h>
#include <unistd.h>

/* A resolver that never answers, for hvsnap and for its libcurl. */

#define SEEN_BY_LIBCURL __attribute__((visibility("default")))
SEEN_BY_LIBCURL int getaddrinfo(const char *node, const char *service,
                                const struct addrinfo *hints, struct addrinfo **out);

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **out)
{
    (void)node;
    (void)service;
    (void)hints;
    (void)out;
    for (;;)
        pause();
}
