#include "support/test.h"

#include "hvsim/http.h"

#include <string.h>

#define L "POST /wsman HTTP/1.1\r\n"
#define H "Host: hv01\r\n"
#define E "\r\n"

struct head_case {
    const char *name;
    const char *text;
    int status;
    int64_t length;
};

static const struct head_case heads[] = {
    {"usual", L H "Content-Length: 12\r\n" E, 0, 12},
    {"empty body", L H "Content-Length: 0\r\n" E, 0, 0},
    {"no length", L H E, 0, -1},
    {"case of names", L "hOST: x\r\ncONTENT-lENGTH:\t7 \r\n" E, 0, 7},
    {"bytes over 127 in a value", L H "X: \xc3\xa4\r\n" E, 0, -1},
    {"HTTP/1.0 needs no Host", "POST /wsman HTTP/1.0\r\n" E, 0, -1},
    {"no Host", L E, 400, -1},
    {"two Hosts", L H H E, 400, -1},
    {"two lengths", L H "Content-Length: 1\r\nContent-Length: 1\r\n" E, 400, 1},
    {"length with a sign", L H "Content-Length: +1\r\n" E, 400, 0},
    {"length with a tail", L H "Content-Length: 1a\r\n" E, 400, 1},
    {"empty length", L H "Content-Length: \r\n" E, 400, -1},
    {"endless length", L H "Content-Length: 99999999999999999999\r\n" E, 400, -1},
    {"two Authorizations", L H "Authorization: a\r\nAuthorization: b\r\n" E, 400, -1},
    {"bare line feed", "POST /wsman HTTP/1.1\n" H E, 400, -1},
    {"line feed in a field", L "Host: hv01\n\r\n" E, 400, -1},
    {"carriage return in a field", L "Host: hv\r01\r\n" E, 400, -1},
    {"folded line", L H "Content-Type: a;\r\n b\r\n" E, 400, -1},
    {"blank before the colon", L "Host : hv01\r\n" E, 400, -1},
    {"no colon", L H "Content-Length 1\r\n" E, 400, -1},
    {"no name", L H ": 1\r\n" E, 400, -1},
    {"no version", "POST /wsman\r\n" H E, 400, -1},
    {"two blanks", "POST  /wsman HTTP/1.1\r\n" H E, 400, -1},
    {"absolute form", "POST http://hv01/wsman HTTP/1.1\r\n" H E, 400, -1},
    {"no HTTP", "HELLO /wsman SMTP\r\n" H E, 400, -1},
    {"HTTP/2", "POST /wsman HTTP/2.0\r\n" H E, 505, -1},
    {"control character", L H "X: a\x01\r\n" E, 400, -1},
    {"not ended", L H, 400, -1},
    {"empty line first", E L H E, 400, -1},
};

static void test_head(void **state)
{
    const struct head_case *row = *state;
    struct sim_head head;

    assert_int_equal(sim_head_parse(&head, row->text, strlen(row->text)), row->status);
    if (!row->status)
        assert_true(head.length == row->length);
    sim_head_clear(&head);
}

static void test_fields(void **state)
{
    static const char text[] = L H
        "Content-Type: application/soap+xml;charset=UTF-8\r\n"
        "Authorization: Basic eDp5\r\nWSMANIDENTIFY: unauthenticated\r\n"
        "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n"
        "Connection: close\r\n" E "body";
    struct sim_head head;
    size_t end = sim_head_end(text, sizeof(text) - 1);

    (void)state;
    assert_int_equal(end, sizeof(text) - 1 - 4);
    assert_int_equal(sim_head_parse(&head, text, end), 0);
    assert_string_equal(head.method, "POST");
    assert_string_equal(head.path, "/wsman");
    assert_string_equal(head.type, "application/soap+xml;charset=UTF-8");
    assert_string_equal(head.authorization, "Basic eDp5");
    assert_string_equal(head.identify, "unauthenticated");
    assert_true(head.chunked);
    assert_true(head.wants_continue);
    assert_false(head.keep_alive);
    sim_head_clear(&head);
}

static void test_nul(void **state)
{
    static const char text[] = L "Host: a\0b\r\n" E;
    struct sim_head head;

    (void)state;
    assert_int_equal(sim_head_parse(&head, text, sizeof(text) - 1), 400);
    assert_int_equal(sim_head_end("\r\n\r", 3), 0);
    assert_int_equal(sim_head_end("\r\n\r\n", 4), 4);
    sim_head_clear(&head);
}

struct type_case {
    const char *name;
    const char *value;
    const char *type;
    bool is;
    const char *param;
    const char *expected; /* NULL: no such parameter */
};

#define SOAP "application/soap+xml"
#define SEALED "multipart/encrypted"
#define PROTOCOL "application/HTTP-SPNEGO-session-encrypted"

static const struct type_case types[] = {
    {"usual", SOAP ";charset=UTF-8", SOAP, true, "charset", "UTF-8"},
    {"blanks and quotes", SOAP " ; charset=\"utf-8\" ", SOAP, true, "charset", "utf-8"},
    {"no parameter", SOAP, SOAP, true, "charset", NULL},
    {"longer type", SOAP "x;charset=UTF-8", SOAP, false, "charset", "UTF-8"},
    {"sealed", SEALED ";protocol=\"" PROTOCOL "\";boundary=\"Encrypted Boundary\"",
     SEALED, true, "protocol", PROTOCOL},
    {"second parameter",
     SEALED ";protocol=\"a;boundary=x\";boundary=\"Encrypted Boundary\"", SEALED, true,
     "boundary", "Encrypted Boundary"},
    {"name within a name", SOAP ";xcharset=a", SOAP, true, "charset", NULL},
    {"no value", SOAP ";charset", SOAP, true, "charset", NULL},
    {"open quote", SOAP ";charset=\"UTF-8", SOAP, true, "charset", "UTF-8"},
    {"too long", SOAP ";charset=" PROTOCOL PROTOCOL PROTOCOL, SOAP, true, "charset",
     NULL},
    {"html", "text/html", SOAP, false, "charset", NULL},
};

static void test_type(void **state)
{
    const struct type_case *row = *state;
    char value[100];

    assert_int_equal(sim_type_is(row->value, row->type), row->is);
    assert_int_equal(sim_type_param(row->value, row->param, value, sizeof(value)),
                     row->expected != NULL);
    if (row->expected)
        assert_string_equal(value, row->expected);
}

/* A real host's reply, as recorded, but for the schemes. */
static void test_answer(void **state)
{
    const struct sim_answer answer = {.status = 401,
                                      .challenge = "WWW-Authenticate: Negotiate\r\n",
                                      .close = true};
    struct hvs_buf out = HVS_BUF_INIT(1024);

    (void)state;
    sim_answer_write(&out, &answer, INT64_C(1623131699000));
    assert_string_equal(hvs_buf_str(&out), "HTTP/1.1 401 \r\n"
                                           "Server: Microsoft-HTTPAPI/2.0\r\n"
                                           "WWW-Authenticate: Negotiate\r\n"
                                           "Date: Tue, 08 Jun 2021 05:54:59 GMT\r\n"
                                           "Connection: close\r\n"
                                           "Content-Length: 0\r\n\r\n");
    hvs_buf_clear(&out);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(heads) + COUNT(types) + 3] = {0};
    struct CMUnitTest *rest = tests + COUNT(heads) + COUNT(types);

    CASES(tests, heads, test_head);
    fill_cases(tests + COUNT(heads), types, COUNT(types), sizeof(types[0]), test_type);
    rest[0] = (struct CMUnitTest)cmocka_unit_test(test_fields);
    rest[1] = (struct CMUnitTest)cmocka_unit_test(test_nul);
    rest[2] = (struct CMUnitTest)cmocka_unit_test(test_answer);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
