/*
 * divert PORT_FILE TOUCHED PORT HOW N [CERT KEY]: a man in the middle who wants the
 * client to go elsewhere. He passes on what is said, both ways, to 127.0.0.1:PORT; with
 * CERT and KEY over TLS on both sides. From the Nth reply on, as HOW says,
 *
 *     301 302 303 307 308  each reply is that redirection to the other place
 *     epr                  each endpoint in a reply has its address
 *
 * The other place is http://127.0.0.1:OTHER/wsman, and TOUCHED is where it writes down
 * that somebody came and what he said first. PORT_FILE gets our port, PORT_FILE.other
 * the other one. It runs until it is killed.
 */
#include "tools/listen.h"

#include <openssl/ssl.h>

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGE_MAX = 4 << 20 };

/* One side of a connection; without TLS `ssl` is NULL. */
struct side {
    int fd;
    SSL *ssl;
};

static struct {
    const char *how;
    unsigned long from, replies;
    char elsewhere[64];
    unsigned long port;
    SSL_CTX *ours, *theirs;
} plan;

static struct {
    int listener;
    const char *touched;
} other;

static ssize_t hear_some(const struct side *side, char *bytes, size_t size)
{
    return side->ssl ? SSL_read(side->ssl, bytes, (int)size)
                     : read(side->fd, bytes, size);
}

static bool say(const struct side *side, const char *bytes, size_t len)
{
    ssize_t n;

    while (len) {
        n = side->ssl ? SSL_write(side->ssl, bytes, (int)len)
                      : write(side->fd, bytes, len);
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* A request or a reply with its body; 0 when the side has closed. */
static size_t hear(const struct side *side, char *text)
{
    size_t len = 0, whole = 0;
    const char *body, *length;
    ssize_t n;

    while (!whole || len < whole) {
        n = len < MESSAGE_MAX ? hear_some(side, text + len, MESSAGE_MAX - len) : 0;
        if (n <= 0)
            return 0;
        len += (size_t)n;
        text[len] = '\0';
        body = strstr(text, "\r\n\r\n");
        length = strstr(text, "\r\nContent-Length: ");
        if (body)
            whole = (size_t)(body + 4 - text) +
                    (length && length < body ? strtoul(length + 18, NULL, 10) : 0);
    }
    return len;
}

/* An address as long as the one that is there, so that no length has to be mended. */
static void bend(char *text)
{
    static const char said[] =
        "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous";
    char *at = text;

    while ((at = strstr(at, said))) {
        memset(at, 'x', sizeof(said) - 1);
        memcpy(at, plan.elsewhere, strlen(plan.elsewhere));
    }
}

static size_t redirect(char *text)
{
    return (size_t)snprintf(text, MESSAGE_MAX,
                            "HTTP/1.1 %s Elsewhere\r\nLocation: %s\r\n"
                            "Content-Length: 0\r\n\r\n",
                            plan.how, plan.elsewhere);
}

static void pass(const struct side *client, const struct side *server)
{
    static char text[MESSAGE_MAX + 1];
    size_t len;

    while ((len = hear(client, text)) && say(server, text, len) &&
           (len = hear(server, text))) {
        if (++plan.replies >= plan.from && strcmp(plan.how, "epr") == 0)
            bend(text);
        else if (plan.replies >= plan.from)
            len = redirect(text);
        if (!say(client, text, len))
            break;
    }
}

static void serve(int fd)
{
    struct sockaddr_in address = loopback(plan.port);
    struct side client = {.fd = fd}, server = {.fd = socket(AF_INET, SOCK_STREAM, 0)};
    bool ok = connect(server.fd, (struct sockaddr *)&address, sizeof(address)) == 0;

    if (plan.ours) {
        client.ssl = SSL_new(plan.ours);
        server.ssl = SSL_new(plan.theirs);
        SSL_set_fd(client.ssl, client.fd);
        SSL_set_fd(server.ssl, server.fd);
        ok = ok && SSL_accept(client.ssl) == 1 && SSL_connect(server.ssl) == 1;
    }
    if (ok)
        pass(&client, &server);
    SSL_free(client.ssl);
    SSL_free(server.ssl);
    close(client.fd);
    close(server.fd);
}

/* The thread of the other place. */
static void *be_elsewhere(void *unused)
{
    char said[4096];
    ssize_t n;
    FILE *file;
    int fd;

    (void)unused;
    while ((fd = accept(other.listener, NULL, NULL)) >= 0) {
        n = read(fd, said, sizeof(said));
        file = fopen(other.touched, "a");
        if (file) {
            fprintf(file, "somebody came\n%.*s", n > 0 ? (int)n : 0, said);
            fclose(file);
        }
        close(fd);
    }
    return NULL;
}

static bool open_elsewhere(const char *port_file, const char *touched)
{
    FILE *file;
    unsigned port;
    pthread_t thread;

    other.touched = touched;
    other.listener = listen_at(port_file, loopback(0));
    file = other.listener >= 0 ? fopen(port_file, "r") : NULL;
    if (!file || fscanf(file, "%u", &port) != 1)
        return false;
    fclose(file);
    snprintf(plan.elsewhere, sizeof(plan.elsewhere), "http://127.0.0.1:%u/wsman", port);
    return pthread_create(&thread, NULL, be_elsewhere, NULL) == 0;
}

int main(int argc, char **argv)
{
    char other_file[4096];
    int listener, fd;

    if (argc != 6 && argc != 8) {
        fprintf(stderr, "usage: %s PORT_FILE TOUCHED PORT HOW N [CERT KEY]\n", argv[0]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    plan.port = strtoul(argv[3], NULL, 10);
    plan.how = argv[4];
    plan.from = strtoul(argv[5], NULL, 10);
    if (argc == 8) {
        plan.ours = SSL_CTX_new(TLS_server_method());
        plan.theirs = SSL_CTX_new(TLS_client_method());
        if (SSL_CTX_use_certificate_chain_file(plan.ours, argv[6]) != 1 ||
            SSL_CTX_use_PrivateKey_file(plan.ours, argv[7], SSL_FILETYPE_PEM) != 1)
            return 1;
    }
    snprintf(other_file, sizeof(other_file), "%s.other", argv[1]);
    if (!open_elsewhere(other_file, argv[2]))
        return 1;
    listener = listen_at(argv[1], loopback(0));
    while (listener >= 0 && (fd = accept(listener, NULL, NULL)) >= 0)
        serve(fd);
    SSL_CTX_free(plan.ours);
    SSL_CTX_free(plan.theirs);
    return 1;
}
