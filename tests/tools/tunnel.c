/*
 * tunnel PORT_FILE LOG to PORT: passes on what is said, both ways, to 127.0.0.1:PORT.
 * tunnel PORT_FILE LOG proxy: an HTTP proxy that takes CONNECT alone, to any port of this
 *     machine, whatever the host's name.
 * tunnel PORT_FILE LOG STATUS: a proxy that answers everything with this status.
 *
 * Its own port goes to PORT_FILE, and what it was asked for, or "connection", to LOG. It
 * serves one connection after another until it is killed.
 */
#include "tools/listen.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* False when that side has closed. */
static int pass(int from, int to)
{
    char bytes[16384];
    ssize_t n = recv(from, bytes, sizeof(bytes), 0), sent = 0, k;

    while (sent < n) {
        k = send(to, bytes + sent, (size_t)(n - sent), 0);
        if (k <= 0)
            return 0;
        sent += k;
    }
    return n > 0;
}

static void forward(int client, unsigned long port)
{
    struct sockaddr_in address = loopback(port);
    int server = socket(AF_INET, SOCK_STREAM, 0);
    struct pollfd fds[2] = {{.fd = client, .events = POLLIN},
                            {.fd = server, .events = POLLIN}};

    if (connect(server, (struct sockaddr *)&address, sizeof(address)) == 0) {
        while (poll(fds, 2, -1) > 0) {
            if (fds[0].revents && !pass(client, server))
                break;
            if (fds[1].revents && !pass(server, client))
                break;
        }
    }
    close(server);
}

/* A request's head, byte by byte: what follows belongs to the tunnel. */
static int read_head(int client, char *head, size_t size)
{
    size_t len = 0;

    while (len + 1 < size && recv(client, head + len, 1, 0) == 1) {
        head[++len] = '\0';
        if (len >= 4 && memcmp(head + len - 4, "\r\n\r\n", 4) == 0)
            return 0;
    }
    return -1;
}

static void say(int client, const char *text)
{
    if (send(client, text, strlen(text), 0) < 0)
        perror("send");
}

static void serve_proxy(int client, const char *mode, FILE *log)
{
    char head[8192], refusal[160];
    const char *port;

    if (read_head(client, head, sizeof(head)) < 0)
        return;
    fputs(head, log);
    fflush(log);
    if (strcmp(mode, "proxy") != 0) {
        snprintf(refusal, sizeof(refusal),
                 "HTTP/1.1 %s No\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n"
                 "Content-Length: 0\r\nConnection: close\r\n\r\n",
                 mode);
        say(client, refusal);
        return;
    }
    head[strcspn(head, "\r")] = '\0';
    port = strrchr(head, ':');
    if (strncmp(head, "CONNECT ", 8) != 0 || !port) {
        say(client, "HTTP/1.1 405 CONNECT alone\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    say(client, "HTTP/1.1 200 Established\r\n\r\n");
    forward(client, strtoul(port + 1, NULL, 10));
}

int main(int argc, char **argv)
{
    int listener, client;
    FILE *log;

    if (argc < 4 || (strcmp(argv[3], "to") == 0) != (argc == 5)) {
        fprintf(stderr, "usage: %s PORT_FILE LOG to PORT|proxy|STATUS\n", argv[0]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    log = fopen(argv[2], "w");
    listener = log ? listen_at(argv[1], loopback(0)) : -1;
    while (listener >= 0 && (client = accept(listener, NULL, NULL)) >= 0) {
        if (argc == 5) {
            fputs("connection\n", log);
            fflush(log);
            forward(client, strtoul(argv[4], NULL, 10));
        } else {
            serve_proxy(client, argv[3], log);
        }
        close(client);
    }
    perror(argv[0]);
    return 1;
}
