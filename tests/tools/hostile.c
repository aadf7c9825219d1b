/*
 * hostile PORT_FILE CERT KEY HOW [URL|MS]: a host that means harm. It serves over TLS on
 * a free port of 127.0.0.1, which goes to PORT_FILE, lets everybody in, and runs until it
 * is killed.
 *
 *     body      a reply without an end     headers   a head without an end
 *     drip      a byte now and then        redirect  to URL, with status 307
 *     nodes     elements and texts, as many as 2 MB hold
 *     prefixes  names in the outermost of thousands of namespaces
 *     date      an empty list, with a date that no clock has
 *
 * or a list of VMs and snapshots of the table below, whose last page comes MS after the
 * first request, when that is given.
 */
#include "tools/listen.h"

#include <openssl/ssl.h>

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WSMAN "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
#define CLASS \
    "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2/" \
    "Msvm_VirtualSystemSettingData"
#define ENUMERATION "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
#define ID "%08lX-0000-4000-8000-000000000000"

enum { PAGE = 400000, LARGEST = 2000000, DRIP_MS = 20 };
#define NO_END (~0ul)
#define LAST "--- hvsnap: end ---"

struct list {
    const char *how;
    unsigned long vms, snapshots;
    const char *fill;   /* what names and notes are made of, */
    size_t name, notes; /* in bytes */
    int labels;         /* in notes of hvsnap's own */
    bool chain;         /* each snapshot is the child of the one before */
};

/* Those that end do so just below what is taken. */
static const struct list lists[] = {
    {"rows", 0, NO_END, "x", 1, 20000, 0, false},
    {"short", 0, NO_END, "x", 1, 0, 0, false},
    {"vms", 56000, 0, "x", 1, 0, 0, false},
    {"snapshots", 1, 56000, "x", 1, 0, 0, false},
    {"both", 28000, 28000, "x", 1, 0, 0, false},
    {"chain", 1, 56000, "x", 1, 0, 0, true},
    {"notes", 1, 1600, "x", 1, 20000, 0, false},
    {"names", 1, 16000, "\xe2\x80\xae", 1023, 0, 0, false},
    {"labels", 1, 6000, "x", 1, 0, 32, false},
    {"lines", 1, 1, "\n", 1, 1900000, 0, false},
    {"one-vm", 1, 16000, "x", 1, 0, 0, true},
    {"long-name", 1, 1500, "x", LARGEST, 0, 0, false},
};

static const char *how, *more; /* what is asked of us */
static const struct list *list;
static long long late_at; /* when the last page is to come; 0: at once */

static long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

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

/* A page, and the row that it ends with. */
static char page[PAGE + LARGEST + 65536];
static size_t used;

static void add(const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    used += (size_t)vsnprintf(page + used, sizeof(page) - used, format, ap);
    va_end(ap);
}

static void fill(size_t bytes)
{
    size_t len = strlen(list->fill), i;

    for (i = 0; i + len <= bytes; i += len) {
        memcpy(page + used, list->fill, len);
        used += len;
    }
}

static void add_notes(unsigned long number)
{
    int i;

    add("<p:Notes>");
    fill(list->notes);
    if (list->labels)
        add("--- hvsnap: snapshot " ID " ---\n", number);
    for (i = 0; i < list->labels; i++)
        add("label: %d=\n", i);
    add("%s</p:Notes>", list->labels || list->fill[0] == '\n' ? LAST : "");
}

static void add_row(unsigned long number)
{
    bool is_vm = number < list->vms;
    unsigned long vm = list->vms && !is_vm ? number % list->vms : number;

    add("<p:Msvm_VirtualSystemSettingData xmlns:p=\"" CLASS "\"><p:ElementName>");
    if (list->name < LARGEST || is_vm)
        fill(list->name);
    add("</p:ElementName><p:InstanceID>Microsoft:" ID "</p:InstanceID>", number);
    if (list->notes || list->labels)
        add_notes(number);
    if (list->chain && number > list->vms)
        add("<p:Parent>X.InstanceID=\"Microsoft:" ID "\"</p:Parent>", number - 1);
    add("<p:VirtualSystemIdentifier>" ID "</p:VirtualSystemIdentifier>"
        "<p:VirtualSystemType>Microsoft:Hyper-V:%s:Realized</p:VirtualSystemType>"
        "</p:Msvm_VirtualSystemSettingData>",
        vm, is_vm ? "System" : "Snapshot");
}

static void begin_envelope(const char *request, const char *what)
{
    const char *id = strstr(request, "uuid:");

    used = 0;
    add("<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
        "xmlns:a=\"http://"
        "schemas.xmlsoap.org/ws/2004/08/addressing\" xmlns:n=\"" ENUMERATION
        "\" xmlns:w=\"" WSMAN "\"><s:Header><a:Action>" ENUMERATION
        "/%sResponse</a:Action><a:RelatesTo>%.41s</a:RelatesTo></s:Header><s:Body>",
        what, id ? id : "");
}

static bool say_envelope(SSL *ssl, const char *header)
{
    char head[256];

    add("</s:Body></s:Envelope>");
    snprintf(head, sizeof(head),
             "HTTP/1.1 200 \r\nContent-Type: application/soap+xml;charset=UTF-8\r\n"
             "%sContent-Length: %zu\r\n\r\n",
             header, used);
    return say(ssl, head, strlen(head)) && say(ssl, page, used);
}

static const char *what_of(const char *request)
{
    return strstr(request, "/Enumerate</") ? "Enumerate" : "Pull";
}

/* A page from where the last one ended. What is no list of settings is empty: of
 * Msvm_ComputerSystem, for one. */
static bool say_page(SSL *ssl, const char *request, const char *date)
{
    const char *what = what_of(request), *place = strstr(request, ">place:");
    unsigned long number = place ? strtoul(place + 7, NULL, 10) : 0, end = 0;
    char space = *what == 'E' ? 'w' : 'n';

    if (list && !strstr(request, "Msvm_ComputerSystem"))
        end = list->snapshots == NO_END ? NO_END : list->vms + list->snapshots;
    begin_envelope(request, what);
    add("<n:%sResponse><%c:Items>", what, space);
    while (used < PAGE && number < end)
        add_row(number++);
    add("</%c:Items>", space);
    if (number < end)
        add("<n:EnumerationContext>place:%lu</n:EnumerationContext>", number);
    else
        add("<%c:EndOfSequence/>", space);
    add("</n:%sResponse>", what);
    while (number >= end && now_ms() < late_at)
        poll(NULL, 0, 1);
    return say_envelope(ssl, date);
}

static bool say_nodes(SSL *ssl, const char *request)
{
    begin_envelope(request, what_of(request));
    while (used < LARGEST)
        add("<a/>x");
    return say_envelope(ssl, "Connection: close\r\n") && false; /* it will come again */
}

/* Each name is looked for from the innermost namespace outwards. */
static bool say_prefixes(SSL *ssl, const char *request)
{
    enum { DEEP = 90, EACH = 60 };
    int level, i;

    begin_envelope(request, what_of(request));
    for (level = 0; level < DEEP; level++) {
        add("<e");
        for (i = 0; i < EACH; i++)
            add(" xmlns:p%d_%d=\"u\"", level, i);
        add(">");
    }
    while (used < LARGEST)
        add("<p0_0:a/>");
    for (level = 0; level < DEEP; level++)
        add("</e>");
    return say_envelope(ssl, "Connection: close\r\n") && false;
}

/* Until the client has had enough. */
static bool say_for_ever(SSL *ssl, const char *bytes, size_t len, int pause_ms)
{
    while (say(ssl, bytes, len))
        if (pause_ms)
            poll(NULL, 0, pause_ms);
    return false;
}

static bool answer(SSL *ssl, const char *request)
{
    static const char head[] = "HTTP/1.1 200 \r\nContent-Type: application/soap+xml;"
                               "charset=UTF-8\r\nContent-Length: 1000000000\r\n\r\n";
    static const char line[] = "X-More: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n";
    static char blanks[16384];
    char text[512];

    memset(blanks, ' ', sizeof(blanks));
    if (list)
        return say_page(ssl, request, "");
    if (strcmp(how, "date") == 0)
        return say_page(ssl, request, "Date: Sun, 06 Nov 2147483647 08:49:37 GMT\r\n");
    if (strcmp(how, "nodes") == 0)
        return say_nodes(ssl, request);
    if (strcmp(how, "prefixes") == 0)
        return say_prefixes(ssl, request);
    if (strcmp(how, "redirect") == 0) {
        snprintf(text, sizeof(text),
                 "HTTP/1.1 307 \r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", more);
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

/* All that one connection has to ask. */
static void serve(SSL *ssl)
{
    static char request[65536];

    while (hear(ssl, request, sizeof(request))) {
        if (!late_at && strtol(more, NULL, 10))
            late_at = now_ms() + strtol(more, NULL, 10);
        if (!answer(ssl, request))
            return;
    }
}

int main(int argc, char **argv)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    int listener, fd;
    size_t i;
    SSL *ssl;

    if (argc < 5) {
        fprintf(stderr, "usage: %s PORT_FILE CERT KEY HOW [URL|MS]\n", argv[0]);
        return 2;
    }
    how = argv[4];
    more = argc > 5 ? argv[5] : "";
    for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        if (strcmp(lists[i].how, how) == 0)
            list = &lists[i];
    signal(SIGPIPE, SIG_IGN);
    if (SSL_CTX_use_certificate_chain_file(tls, argv[2]) != 1 ||
        SSL_CTX_use_PrivateKey_file(tls, argv[3], SSL_FILETYPE_PEM) != 1)
        return 1;
    listener = listen_at(argv[1], loopback(0));
    while (listener >= 0 && (fd = accept(listener, NULL, NULL)) >= 0) {
        ssl = SSL_new(tls);
        SSL_set_fd(ssl, fd);
        if (SSL_accept(ssl) == 1)
            serve(ssl);
        SSL_free(ssl);
        close(fd);
    }
    SSL_CTX_free(tls);
    return 1;
}
