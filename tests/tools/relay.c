/*
 * relay PORT_FILE CERT KEY PORT [ADDRESS PORT]: a man in the middle of TLS. It serves
 * with a certificate of its own and passes on what is said, both ways, over TLS to
 * 127.0.0.1:PORT. Its port goes to PORT_FILE. It listens at a free port of 127.0.0.1, or
 * where it is told, and serves one connection after another until it is killed.
 */
#include "tools/listen.h"

#include <openssl/ssl.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Pass on what one side has to say. False when it has closed. */
static int pass(SSL *from, SSL *to)
{
    char bytes[16384];
    int n;

    do {
        n = SSL_read(from, bytes, sizeof(bytes));
        if (n <= 0 && SSL_get_error(from, n) == SSL_ERROR_WANT_READ)
            return 1;
        if (n <= 0 || SSL_write(to, bytes, n) != n)
            return 0;
    } while (SSL_pending(from));
    return 1;
}

static void relay(SSL *client, SSL *server)
{
    struct pollfd fds[2] = {{.fd = SSL_get_fd(client), .events = POLLIN},
                            {.fd = SSL_get_fd(server), .events = POLLIN}};

    while (poll(fds, 2, -1) > 0) {
        if (fds[0].revents && !pass(client, server))
            return;
        if (fds[1].revents && !pass(server, client))
            return;
    }
}

static void serve(int fd, SSL_CTX *ours, SSL_CTX *theirs, unsigned port)
{
    struct sockaddr_in address = loopback(port);
    int out = socket(AF_INET, SOCK_STREAM, 0);
    SSL *client = SSL_new(ours), *server = SSL_new(theirs);

    /* a session ticket is nothing to pass on: do not wait for what comes after it */
    SSL_clear_mode(client, SSL_MODE_AUTO_RETRY);
    SSL_clear_mode(server, SSL_MODE_AUTO_RETRY);
    SSL_set_fd(client, fd);
    SSL_set_fd(server, out);
    if (SSL_accept(client) == 1 &&
        connect(out, (struct sockaddr *)&address, sizeof(address)) == 0 &&
        SSL_connect(server) == 1)
        relay(client, server);
    SSL_free(client);
    SSL_free(server);
    close(out);
    close(fd);
}

int main(int argc, char **argv)
{
    SSL_CTX *ours = SSL_CTX_new(TLS_server_method());
    SSL_CTX *theirs = SSL_CTX_new(TLS_client_method());
    struct sockaddr_in at = loopback(argc == 7 ? (unsigned)strtoul(argv[6], NULL, 10)
                                               : 0);
    int listener, fd;

    if ((argc != 5 && argc != 7) ||
        (argc == 7 && inet_pton(AF_INET, argv[5], &at.sin_addr) != 1)) {
        fprintf(stderr, "usage: %s PORT_FILE CERT KEY PORT [ADDRESS PORT]\n", argv[0]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    if (SSL_CTX_use_certificate_chain_file(ours, argv[2]) != 1 ||
        SSL_CTX_use_PrivateKey_file(ours, argv[3], SSL_FILETYPE_PEM) != 1) {
        fprintf(stderr, "the certificate cannot be used\n");
        return 1;
    }
    listener = listen_at(argv[1], at);
    while (listener >= 0 && (fd = accept(listener, NULL, NULL)) >= 0)
        serve(fd, ours, theirs, (unsigned)strtoul(argv[4], NULL, 10));
    SSL_CTX_free(ours);
    SSL_CTX_free(theirs);
    return 1;
}
