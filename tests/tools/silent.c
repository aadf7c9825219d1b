/*
 * silent PORT_FILE: a server that takes connections and datagrams and never says a word.
 * Its port, the same of both, goes to PORT_FILE. It runs until it is killed.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* TCP on a free port, and UDP on the same; -1 when that one is taken. */
static int listen_twice(unsigned *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof(address);
    int tcp = socket(AF_INET, SOCK_STREAM, 0), udp = socket(AF_INET, SOCK_DGRAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (tcp >= 0 && udp >= 0 && bind(tcp, (struct sockaddr *)&address, len) == 0 &&
        listen(tcp, 64) == 0 &&
        getsockname(tcp, (struct sockaddr *)&address, &len) == 0 &&
        bind(udp, (struct sockaddr *)&address, len) == 0) {
        *port = ntohs(address.sin_port);
        return 0;
    }
    close(tcp);
    close(udp);
    return -1;
}

int main(int argc, char **argv)
{
    unsigned port = 0;
    FILE *file;
    int tries;

    if (argc != 2) {
        fprintf(stderr, "usage: %s PORT_FILE\n", argv[0]);
        return 2;
    }
    for (tries = 0; listen_twice(&port) < 0; tries++)
        if (tries == 100)
            return 1;
    file = fopen(argv[1], "w");
    if (!file)
        return 1;
    fprintf(file, "%u\n", port);
    if (fclose(file) != 0)
        return 1;
    for (;;)
        pause();
}
