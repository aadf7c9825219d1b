#include "hvsim/test_server.h"

#include "base/base64.h"

/*
 * The front over a real socket: what it answers to each sort of request, and what
 * becomes of the connection. Logins by token are tried by the end-to-end tests.
 */

#define EMPTY "Content-Length: 0\r\n\r\n"
#define USER "HVTEST\\hvuser:Passw0rd!"
#define OTHER "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"/>"
#define ANONYMOUS "WSMANIDENTIFY: unauthenticated\r\n"

enum end {
    OPEN,   /* another request is answered */
    CLOSED, /* in good order */
    RESET,
};

struct serve_case {
    const char *name;
    const char *set[3]; /* switches and faults */
    const char *head;   /* without Content-Length, or whole when `body` is NULL */
    const char *body;
    const char *user;  /* for Basic, or NULL */
    const char *reply; /* how it begins; "" for none */
    const char *holds; /* what else it holds, or NULL */
    enum end end;
};

#define CLEAR "allow-unencrypted=on"
#define OK "HTTP/1.1 200 \r\n"

static const struct serve_case cases[] = {
    {"first 401",
     {0},
     POST EMPTY,
     NULL,
     NULL,
     "HTTP/1.1 401 \r\n",
     "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: Kerberos\r\nDate: ",
     CLOSED},
    {"first 401, open",
     {"first-401=open"},
     POST EMPTY,
     NULL,
     NULL,
     "HTTP/1.1 401 \r\n",
     "WWW-Authenticate: Negotiate\r\n",
     OPEN},
    {"Basic is offered where clear text is allowed",
     {CLEAR},
     POST EMPTY,
     NULL,
     NULL,
     "HTTP/1.1 401 \r\n",
     "Basic realm=\"WSMAN\"\r\n",
     CLOSED},
    {"the scheme NTLM is never taken",
     {CLEAR},
     POST "Authorization: NTLM TlRM\r\n" EMPTY,
     NULL,
     NULL,
     "HTTP/1.1 401 \r\n",
     "Content-Length: 0\r\n\r\n",
     CLOSED},
    {"a token that is none",
     {0},
     POST "Authorization: Negotiate AAAA\r\n" EMPTY,
     NULL,
     NULL,
     "HTTP/1.1 401 \r\n",
     "Connection: close\r\n",
     CLOSED},
    {"not base64",
     {0},
     POST "Authorization: Negotiate !\r\n" EMPTY,
     NULL,
     NULL,
     "HTTP/1.1 401 \r\n",
     NULL,
     CLOSED},

    {"Basic", {CLEAR}, POST SOAP, IDENTIFY, USER, OK, "IdentifyResponse", OPEN},
    {"Basic, wrong password",
     {CLEAR},
     POST SOAP,
     IDENTIFY,
     "HVTEST\\hvuser:x",
     "HTTP/1.1 401 \r\n",
     NULL,
     CLOSED},
    {"Basic, unknown user",
     {CLEAR},
     POST SOAP,
     IDENTIFY,
     "HVTEST\\who:Passw0rd!",
     "HTTP/1.1 401 \r\n",
     NULL,
     CLOSED},
    {"Basic, no colon",
     {CLEAR},
     POST SOAP,
     IDENTIFY,
     "hvuser",
     "HTTP/1.1 401 \r\n",
     NULL,
     CLOSED},
    {"Basic where clear text is forbidden",
     {0},
     POST SOAP,
     IDENTIFY,
     USER,
     "HTTP/1.1 401 \r\n",
     NULL,
     CLOSED},
    {"Basic is not among the schemes",
     {CLEAR, "schemes=Negotiate"},
     POST SOAP,
     IDENTIFY,
     USER,
     "HTTP/1.1 401 \r\n",
     "WWW-Authenticate: Negotiate\r\nDate:",
     CLOSED},

    {"anonymous Identify",
     {0},
     POST SOAP ANONYMOUS,
     IDENTIFY,
     NULL,
     OK,
     "IdentifyResponse",
     OPEN},
    {"anonymous and not Identify",
     {0},
     POST SOAP ANONYMOUS,
     OTHER,
     NULL,
     "HTTP/1.1 401 \r\n",
     NULL,
     CLOSED},
    {"Identify without the header",
     {0},
     POST SOAP,
     IDENTIFY,
     NULL,
     "HTTP/1.1 401 \r\n",
     NULL,
     CLOSED},
    {"the anonymous path is not there",
     {0},
     "POST /wsman-anon/identify HTTP/1.1\r\nHost: a\r\n" SOAP,
     IDENTIFY,
     NULL,
     "HTTP/1.1 404 \r\n",
     "<TITLE>Not Found",
     CLOSED},
    {"the anonymous path",
     {"identify-path=both"},
     "POST /wsman-anon/identify HTTP/1.1\r\nHost: a\r\n" SOAP,
     IDENTIFY,
     NULL,
     OK,
     "IdentifyResponse",
     OPEN},
    {"a trailing slash",
     {CLEAR},
     "POST /wsman/ HTTP/1.1\r\nHost: a\r\n" SOAP,
     IDENTIFY,
     USER,
     OK,
     "IdentifyResponse",
     OPEN},
    {"another path",
     {0},
     "POST /wsman2 HTTP/1.1\r\nHost: a\r\n" EMPTY,
     NULL,
     NULL,
     "HTTP/1.1 404 \r\n",
     "Content-Type: text/html",
     OPEN},
    {"GET",
     {0},
     "GET /wsman HTTP/1.1\r\nHost: a\r\n\r\n",
     NULL,
     NULL,
     "HTTP/1.1 405 \r\n",
     "Allow: POST\r\n",
     OPEN},

    {"no length",
     {0},
     POST SOAP "\r\n",
     NULL,
     NULL,
     "HTTP/1.1 411 \r\n",
     "Length Required",
     OPEN},
    {"chunked",
     {CLEAR},
     POST SOAP "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     NULL,
     NULL,
     "HTTP/1.1 411 \r\n",
     "Length Required",
     CLOSED},
    {"too large",
     {CLEAR},
     POST SOAP "Content-Length: 512001\r\n\r\n",
     NULL,
     NULL,
     "HTTP/1.1 413 \r\n",
     "Content-Length: 0\r\n\r\n",
     CLOSED},
    {"bad request",
     {0},
     "HELO\r\n\r\n",
     NULL,
     NULL,
     "HTTP/1.1 400 \r\n",
     "Bad Request",
     CLOSED},
    {"the peer wants it closed",
     {CLEAR},
     POST "Connection: close\r\n" SOAP,
     IDENTIFY,
     USER,
     OK,
     "Connection: close\r\n",
     CLOSED},

    {"text/xml",
     {CLEAR},
     POST "Content-Type: text/xml;charset=UTF-8\r\n",
     IDENTIFY,
     USER,
     "HTTP/1.1 415 \r\n",
     "Content-Length: 0\r\n\r\n",
     OPEN},
    {"another charset",
     {CLEAR},
     POST "Content-Type: application/soap+xml;charset=ISO-8859-1\r\n",
     IDENTIFY,
     USER,
     "HTTP/1.1 415 \r\n",
     NULL,
     OPEN},
    {"sealed without a key",
     {CLEAR},
     POST "Content-Type: multipart/encrypted;protocol="
          "\"application/HTTP-SPNEGO-session-encrypted\";"
          "boundary=\"Encrypted Boundary\"\r\n",
     IDENTIFY,
     USER,
     "HTTP/1.1 415 \r\n",
     NULL,
     OPEN},

    {"closed before reading",
     {CLEAR, "fault=1:refuse"},
     POST SOAP,
     IDENTIFY,
     USER,
     "",
     NULL,
     CLOSED},
    {"reset before reading",
     {CLEAR, "fault=1:reset-before"},
     POST SOAP,
     IDENTIFY,
     USER,
     "",
     NULL,
     RESET},
    {"reset after reading",
     {CLEAR, "fault=1:reset-read"},
     POST SOAP,
     IDENTIFY,
     USER,
     "",
     NULL,
     RESET},
    {"reset after the deed",
     {CLEAR, "fault=1:reset-after"},
     POST SOAP,
     IDENTIFY,
     USER,
     "",
     NULL,
     RESET},
    {"reset within the reply",
     {CLEAR, "fault=1:reset-within"},
     POST SOAP,
     IDENTIFY,
     USER,
     OK,
     "<s:Envelope",
     RESET},
    {"reset at the fifth byte",
     {CLEAR, "fault=1:reset-within=5"},
     POST SOAP,
     IDENTIFY,
     USER,
     "HTTP/",
     NULL,
     RESET},
    {"a login reset",
     {"fault=login:reset-after"},
     POST EMPTY,
     NULL,
     NULL,
     "",
     NULL,
     RESET},
    {"a login late",
     {"fault=login:late=1"},
     POST EMPTY,
     NULL,
     NULL,
     "HTTP/1.1 401 \r\n",
     NULL,
     CLOSED},
    {"a page for a login",
     {"fault=login:html"},
     POST EMPTY,
     NULL,
     NULL,
     OK,
     "Content-Type: text/html\r\n",
     OPEN},
    {"by kind, before it is read",
     {CLEAR, "fault=Identify:reset-before"},
     POST SOAP,
     IDENTIFY,
     USER,
     "",
     NULL,
     RESET},
    {"by kind, another status",
     {CLEAR, "fault=Identify:status=413"},
     POST SOAP,
     IDENTIFY,
     USER,
     "HTTP/1.1 413 \r\n",
     "Content-Length: 0\r\n",
     OPEN},
    {"half a reply",
     {CLEAR, "fault=1:truncate"},
     POST SOAP,
     IDENTIFY,
     USER,
     OK,
     "<s:Envelope",
     OPEN},
    {"byte by byte",
     {CLEAR, "fault=1:drip=1"},
     POST SOAP,
     IDENTIFY,
     USER,
     OK,
     "IdentifyResponse>",
     OPEN},
    {"late",
     {CLEAR, "fault=1:late=1"},
     POST SOAP,
     IDENTIFY,
     USER,
     OK,
     "IdentifyResponse>",
     OPEN},
    {"a page",
     {CLEAR, "fault=1:html"},
     POST SOAP,
     IDENTIFY,
     USER,
     OK,
     "Content-Type: text/html\r\n",
     OPEN},
    {"no XML", {CLEAR, "fault=1:garbage"}, POST SOAP, IDENTIFY, USER, OK, "no XML", OPEN},
    {"a status",
     {CLEAR, "fault=1:status=503"},
     POST SOAP,
     IDENTIFY,
     USER,
     "HTTP/1.1 503 \r\n",
     "Service Unavailable",
     OPEN},
    {"a status 401",
     {CLEAR, "fault=1:status=401"},
     POST SOAP,
     IDENTIFY,
     USER,
     "HTTP/1.1 401 \r\n",
     "WWW-Authenticate: ",
     CLOSED},
};

static void send_request(int fd, const struct serve_case *row)
{
    struct hvs_buf text = HVS_BUF_INIT(65536);

    hvs_buf_puts(&text, row->head);
    if (row->user) {
        hvs_buf_puts(&text, "Authorization: Basic ");
        hvs_base64_add(&text, row->user, strlen(row->user));
        hvs_buf_puts(&text, "\r\n");
    }
    if (row->body)
        hvs_buf_printf(&text, "Content-Length: %zu\r\n\r\n%s", strlen(row->body),
                       row->body);
    send_text(fd, hvs_buf_str(&text), text.len);
    hvs_buf_clear(&text);
}

static void test_serve(void **state)
{
    static const char probe[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const struct serve_case *row = *state;
    struct hvs_buf reply = HVS_BUF_INIT(65536), more = HVS_BUF_INIT(65536);
    struct fixture f;
    int got;

    start(&f, row->set, COUNT(row->set));
    send_request(f.fd, row);
    got = receive(f.fd, &reply);
    if (strncmp(hvs_buf_str(&reply), row->reply, strlen(row->reply)) != 0 ||
        (!*row->reply && reply.len) || (row->holds && !strstr(reply.data, row->holds)))
        fail_msg("the reply is '%s'", hvs_buf_str(&reply));
    if (row->end == OPEN) {
        assert_int_equal(got, 1);
        send_text(f.fd, probe, sizeof(probe) - 1);
    }
    if (got == 1)
        got = receive(f.fd, &more);
    assert_int_equal(got, row->end == OPEN ? 1 : row->end == CLOSED ? 0 : -1);
    if (row->end == OPEN)
        assert_memory_equal(more.data, "HTTP/1.1 404 ", 13);
    stop(&f);
    hvs_buf_clear(&reply);
    hvs_buf_clear(&more);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_serve);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
