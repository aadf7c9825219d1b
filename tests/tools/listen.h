#ifndef TOOLS_LISTEN_H
#define TOOLS_LISTEN_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

/* Port 0 is any that is free. */
static inline struct sockaddr_in loopback(unsigned long port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)port);
    return address;
}

/* Listen there, and write the port to a file, for scripts that wait for it. -1 on
 * failure. */
static inline int listen_at(const char *port_file, struct sockaddr_in address)
{
    socklen_t len = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    FILE *file;

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) < 0 || listen(fd, 8) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) < 0)
        return -1;
    file = fopen(port_file, "w");
    if (!file)
        return -1;
    fprintf(file, "%u\n", (unsigned)ntohs(address.sin_port));
    return fclose(file) == 0 ? fd : -1;
}

#endif
