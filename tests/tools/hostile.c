/*
 * hostile PORT_FILE CERT KEY HOW [URL]: a host that means harm. It serves over TLS on a
 * free port of 127.0.0.1, which goes to PORT_FILE, lets everybody in, and runs until it
 * is killed.
 *
 *     rows      a list that does not end, of rows with long notes; one context for all
 *     short     the same, of rows as short as they can be
 *     body      a reply without an end     headers   a head without an end
 *     drip      a byte now and then        redirect  to URL, with status 307
 */
#include "tools/listen.h"

#include <openssl/ssl.h>

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WSMAN "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
#define CLASS \
    "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2/" \
    "Msvm_VirtualSystemSettingData"
#define ENUMERATION "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
#define VM "0F6B2C44-7D0E-4B3E-9C51-2A61D5F0A1B2"

enum { PAGE = 400000, NOTES = 20000, DRIP_MS = 20 };

static bool say(SSL *ssl, const char *bytes, size_t len)
{
    return SSL_write(ssl, bytes, (int)len) == (int)len;
}

/* A request into `text`; false when the client has closed. */
static bool hear(SSL *ssl, char *text, size_t size)
{
    size_t len = 0, whole = 0;
    const char *body, *length;
    int n;

    while (!whole || len < whole) {
        n = len < size - 1 ? SSL_read(ssl, text + len, (int)(size - 1 - len)) : 0;
        if (n <= 0)
            return false;
        len += (size_t)n;
        text[len] = '\0';
        body = strstr(text, "\r\n\r\n");
        length = strstr(text, "Content-Length: ");
        if (body && length)
            whole = (size_t)(body + 4 - text) + strtoul(length + 16, NULL, 10);
    }
    return true;
}

static size_t add_row(char *out, size_t size, unsigned long number, size_t notes)
{
    int len = snprintf(out, size,
                       "<p:Msvm_VirtualSystemSettingData xmlns:p=\"" CLASS "\">"
                       "<p:ElementName>n</p:ElementName><p:InstanceID>Microsoft:%08lX"
                       "-0000-4000-8000-000000000000</p:InstanceID><p:Notes>",
                       number);

    memset(out + len, 'x', notes);
    len += (int)notes;
    len += snprintf(out + len, size - (size_t)len,
                    "</p:Notes><p:VirtualSystemIdentifier>" VM
                    "</p:VirtualSystemIdentifier><p:VirtualSystemType>Microsoft:Hyper-V:"
                    "Snapshot:Realized</p:VirtualSystemType>"
                    "</p:Msvm_VirtualSystemSettingData>");
    return (size_t)len;
}

static bool say_page(SSL *ssl, const char *request, size_t notes)
{
    static char page[PAGE + 2 * NOTES];
    static unsigned long number;
    const char *id = strstr(request, "uuid:"), *what;
    char head[128];
    size_t len;

    what = strstr(request, "/Enumerate</") ? "Enumerate" : "Pull";
    len = (size_t)snprintf(
        page, sizeof(page),
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
        "xmlns:a=\"http://"
        "schemas.xmlsoap.org/ws/2004/08/addressing\" xmlns:n=\"" ENUMERATION
        "\" xmlns:w=\"" WSMAN "\"><s:Header><a:Action>" ENUMERATION
        "/%sResponse</a:Action><a:RelatesTo>%.41s</a:RelatesTo></s:Header><s:Body>"
        "<n:%sResponse><n:EnumerationContext>uuid:1</n:EnumerationContext><%c:Items>",
        what, id ? id : "", what, *what == 'E' ? 'w' : 'n');
    while (len < PAGE)
        len += add_row(page + len, sizeof(page) - len, number++, notes);
    len += (size_t)snprintf(page + len, sizeof(page) - len,
                            "</%c:Items></n:%sResponse></s:Body></s:Envelope>",
                            *what == 'E' ? 'w' : 'n', what);
    snprintf(head, sizeof(head),
             "HTTP/1.1 200 \r\nContent-Type: application/soap+xml;charset=UTF-8\r\n"
             "Content-Length: %zu\r\n\r\n",
             len);
    return say(ssl, head, strlen(head)) && say(ssl, page, len);
}

/* Until the client has had enough. */
static bool say_for_ever(SSL *ssl, const char *bytes, size_t len, int pause_ms)
{
    while (say(ssl, bytes, len))
        if (pause_ms)
            poll(NULL, 0, pause_ms);
    return false;
}

static bool answer(SSL *ssl, const char *request, const char *how, const char *url)
{
    static const char head[] = "HTTP/1.1 200 \r\nContent-Type: application/soap+xml;"
                               "charset=UTF-8\r\nContent-Length: 1000000000\r\n\r\n";
    static const char line[] = "X-More: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n";
    static char blanks[16384];
    char text[512];

    memset(blanks, ' ', sizeof(blanks));
    if (strcmp(how, "rows") == 0 || strcmp(how, "short") == 0)
        return say_page(ssl, request, *how == 'r' ? NOTES : 0);
    if (strcmp(how, "redirect") == 0) {
        snprintf(text, sizeof(text),
                 "HTTP/1.1 307 \r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", url);
        return say(ssl, text, strlen(text));
    }
    if (strcmp(how, "headers") == 0)
        return say(ssl, "HTTP/1.1 200 \r\n", 15) &&
               say_for_ever(ssl, line, sizeof(line) - 1, 0);
    say(ssl, head, sizeof(head) - 1);
    if (strcmp(how, "drip") == 0)
        return say_for_ever(ssl, " ", 1, DRIP_MS);
    return say_for_ever(ssl, blanks, sizeof(blanks), 0);
}

int main(int argc, char **argv)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    static char request[65536];
    int listener, fd;
    SSL *ssl;

    if (argc < 5) {
        fprintf(stderr, "usage: %s PORT_FILE CERT KEY HOW [URL]\n", argv[0]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    if (SSL_CTX_use_certificate_chain_file(tls, argv[2]) != 1 ||
        SSL_CTX_use_PrivateKey_file(tls, argv[3], SSL_FILETYPE_PEM) != 1)
        return 1;
    listener = listen_at(argv[1], loopback(0));
    while (listener >= 0 && (fd = accept(listener, NULL, NULL)) >= 0) {
        ssl = SSL_new(tls);
        SSL_set_fd(ssl, fd);
        if (SSL_accept(ssl) == 1)
            while (hear(ssl, request, sizeof(request)) &&
                   answer(ssl, request, argv[4], argc > 5 ? argv[5] : ""))
                ;
        SSL_free(ssl);
        close(fd);
    }
    SSL_CTX_free(tls);
    return 1;
}
