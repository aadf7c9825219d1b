#include "support/exchange.h"
#include "support/test.h"
#include "support/tiny.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* What libcurl does with a post, seen from the server's side. */

#define REPLY(status, headers, length, body) \
    "HTTP/1.1 " status "\r\n" headers "Content-Length: " length "\r\n\r\n" body

static void open_at(struct exchange *exchange, const struct tiny *tiny)
{
    struct hvs_http_opts opts = {0};
    char url[64];

    snprintf(url, sizeof(url), "http://127.0.0.1:%u/wsman", tiny->port);
    opts.url = url;
    exchange_open(exchange, &opts);
}

static void assert_holds(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' does not hold '%s'", text, part);
}

/* The header is made when the connection stands, not before; and forgotten after. */
static void test_authorization(void **state)
{
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;

    (void)state;
    tiny_start(&tiny, NULL, 0, NULL);
    open_at(&exchange, &tiny);
    exchange.authorization = "Authorization: Negotiate Zmlyc3Q=";
    exchange_post(&exchange, "<one/>", EXCHANGE_MS, &posted);
    assert_int_equal(posted.status, 200);
    exchange.authorization = "Authorization: Negotiate c2Vjb25kLCBhbmQgbG9uZ2Vy";
    exchange_post(&exchange, "<two/>", EXCHANGE_MS, &posted);
    exchange.authorization = NULL;
    exchange_post(&exchange, "<three/>", EXCHANGE_MS, &posted);
    exchange_close(&exchange);
    tiny_stop(&tiny);

    assert_int_equal(tiny.requests, 3);
    assert_int_equal(tiny.connections, 1);
    assert_holds(tiny.sent[0], "\r\nAuthorization: Negotiate Zmlyc3Q=\r\n");
    assert_holds(tiny.sent[1],
                 "\r\nAuthorization: Negotiate c2Vjb25kLCBhbmQgbG9uZ2Vy\r\n");
    assert_null(strstr(tiny.sent[2], "Authorization"));
}

/* One that stops looking at the header's text must fail loudly: the text that stands
 * there before is no token. */
static void test_no_token(void **state)
{
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;

    (void)state;
    tiny_start(&tiny, NULL, 0, NULL);
    open_at(&exchange, &tiny);
    exchange.authorization = "";
    exchange_post(&exchange, "", EXCHANGE_MS, &posted);
    exchange_close(&exchange);
    tiny_stop(&tiny);
    assert_holds(tiny.sent[0], "\r\nAuthorization: Negotiate -\r\n");
}

static void test_request(void **state)
{
    static const char *const absent[] = {"Expect:", "Cookie:", "Transfer-Encoding:"};
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;
    size_t i;

    (void)state;
    tiny_start(&tiny, NULL, 0, NULL);
    open_at(&exchange, &tiny);
    exchange_post(&exchange, "<hv/>", EXCHANGE_MS, &posted);
    exchange_post(&exchange, "", EXCHANGE_MS, &posted);
    exchange_close(&exchange);
    tiny_stop(&tiny);

    assert_holds(tiny.sent[0], "POST /wsman HTTP/1.1\r\n");
    assert_holds(tiny.sent[0],
                 "\r\nContent-Type: application/soap+xml;charset=UTF-8\r\n");
    assert_holds(tiny.sent[0], "\r\nContent-Length: 5\r\n");
    assert_holds(tiny.sent[0], "\r\nUser-Agent: hvsnap/");
    assert_holds(tiny.sent[0], "\r\n\r\n<hv/>");
    assert_holds(tiny.sent[1], "\r\nContent-Length: 0\r\n");
    for (i = 0; i < COUNT(absent); i++)
        assert_null(strstr(tiny.sent[0], absent[i]));
}

/* libcurl would post again, on another connection, and say nothing. */
static void test_never_again(void **state)
{
    static const struct tiny_step lost[][2] = {
        {{TINY_OK, TINY_KEEP}, {NULL, TINY_CLOSE}},
        {{TINY_OK, TINY_KEEP}, {NULL, TINY_RESET}},
    };
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(lost); i++) {
        tiny_start(&tiny, lost[i], 2, NULL);
        open_at(&exchange, &tiny);
        exchange_post(&exchange, "<login/>", EXCHANGE_MS, &posted);
        assert_int_equal(posted.status, 200);
        exchange_post(&exchange, "<create/>", EXCHANGE_MS, &posted);
        exchange_close(&exchange);
        tiny_stop(&tiny);

        assert_true(posted.began);
        assert_false(posted.refused);
        assert_true(posted.net_code != 0);
        assert_int_equal(posted.status, 0);
        assert_int_equal(exchange.asked, 1);
        assert_int_equal(tiny.requests, 2);
    }
}

/* The connection ended while nothing was posted: the question tells, before a byte. */
static void test_idle_end(void **state)
{
    static const struct tiny_step steps[] = {{TINY_OK, TINY_CLOSE}};
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;

    (void)state;
    tiny_start(&tiny, steps, COUNT(steps), NULL);
    open_at(&exchange, &tiny);
    exchange_post(&exchange, "<login/>", EXCHANGE_MS, &posted);
    assert_int_equal(exchange.connection, 1);
    assert_true(tiny_wait_ended(&tiny, 1));

    exchange.only = 1;
    exchange_post(&exchange, "<create/>", EXCHANGE_MS, &posted);
    assert_int_equal(exchange.connection, 2);
    assert_true(posted.refused);
    assert_false(posted.began);
    assert_true(posted.net_code != 0);

    exchange.only = 0;
    exchange_post(&exchange, "<login/>", EXCHANGE_MS, &posted);
    assert_int_equal(posted.status, 200);
    assert_true(posted.began);
    exchange_close(&exchange);
    tiny_stop(&tiny);
    assert_int_equal(tiny.requests, 2);
    assert_null(strstr(tiny.sent[1], "create"));
}

/* A no sends nothing, and the connection stays as it is. */
static void test_refused(void **state)
{
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;

    (void)state;
    tiny_start(&tiny, NULL, 0, NULL);
    open_at(&exchange, &tiny);
    exchange.refuse = true;
    exchange_post(&exchange, "<create/>", EXCHANGE_MS, &posted);
    assert_true(posted.refused);
    assert_false(posted.began);
    assert_int_equal(posted.status, 0);
    exchange_close(&exchange);
    tiny_stop(&tiny);
    assert_int_equal(tiny.requests, 0);
}

struct reply_case {
    const char *name, *reply;
    int status;
    const char *body, *type, *challenges;
    int64_t date;
    bool too_large, fails;
};

/* libcurl reads dates into a time_t: where that has 32 bits, those behind 2038 are not
 * known. */
#define LAST_DATE (sizeof(time_t) > 4 ? INT64_C(253402300799000) : 0)
#define HUNDRED \
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901" \
    "234567890123456789"
#define THOUSAND \
    HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED

static const struct reply_case replies[] = {
    {"a reply", REPLY("200 OK", "Content-Type: text/xml\r\n", "5", "<hv/>"), 200, "<hv/>",
     "text/xml", "", 0, false, false},
    {"no type", REPLY("200 OK", "", "5", "<hv/>"), 200, "<hv/>", "", "", 0, false, false},
    {"no reason phrase", REPLY("500 ", "", "0", ""), 500, "", "", "", 0, false, false},
    {"no reason and no space", REPLY("401", "", "0", ""), 401, "", "", "", 0, false,
     false},
    {"a date", REPLY("200 OK", "Date: Sun, 22 Nov 2026 22:17:00 GMT\r\n", "0", ""), 200,
     "", "", "", 1795385820000, false, false},
    {"a date that is none", REPLY("200 OK", "Date: yesterday\r\n", "0", ""), 200, "", "",
     "", 0, false, false},
    {"the last date there is",
     REPLY("200 OK", "Date: Fri, 31 Dec 9999 23:59:59 GMT\r\n", "0", ""), 200, "", "", "",
     LAST_DATE, false, false},
    {"a date behind that",
     REPLY("200 OK", "Date: Sat, 01 Jan 10000 00:00:00 GMT\r\n", "0", ""), 200, "", "",
     "", 0, false, false},
    {"a date of more ms than there are",
     REPLY("200 OK", "Date: Sun, 06 Nov 2147483647 08:49:37 GMT\r\n", "0", ""), 200, "",
     "", "", 0, false, false},
    {"a challenge", REPLY("401 ", "WWW-Authenticate: Negotiate\r\n", "0", ""), 401, "",
     "", "Negotiate\n", 0, false, false},
    {"several challenges",
     REPLY("401 ",
           "WWW-Authenticate:  Negotiate \r\nwww-authenticate: Kerberos\r\n"
           "WWW-Authenticate: Basic realm=\"WSMAN\"\r\n",
           "0", ""),
     401, "", "", "Negotiate\nKerberos\nBasic realm=\"WSMAN\"\n", 0, false, false},
    {"a redirect is not followed",
     REPLY("302 Found", "Location: http://127.0.0.1:1/\r\n", "0", ""), 302, "", "", "", 0,
     false, false},
    {"as many bytes as it may have", REPLY("200 OK", "", "1000", THOUSAND), 200, THOUSAND,
     "", "", 0, false, false},
    {"one byte more", REPLY("200 OK", "", "1001", THOUSAND "x"), 200, NULL, "", "", 0,
     true, true},
    {"larger in pieces than it may be",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" THOUSAND
     "\r\n1\r\nx\r\n0\r\n\r\n",
     200, NULL, "", "", 0, true, true},
    {"pieces",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
     "3\r\n<hv\r\n2\r\n/>\r\n0\r\n\r\n",
     200, "<hv/>", "", "", 0, false, false},
    {"what a 100 says does not count",
     "HTTP/1.1 100 Continue\r\nWWW-Authenticate: Digest\r\n\r\n" REPLY(
         "401 ", "WWW-Authenticate: Negotiate\r\n", "0", ""),
     401, "", "", "Negotiate\n", 0, false, false},
    {"half a body",
     REPLY("200 OK", "Date: Sun, 22 Nov 2026 22:17:00 GMT\r\n", "10", "<hv/>"), 0, "", "",
     "", 0, false, true},
    {"nothing", NULL, 0, "", "", "", 0, false, true},
    {"no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", 0, "", "", "", 0, false, true},
};

static void test_reply(void **state)
{
    const struct reply_case *row = *state;
    const struct tiny_step steps[] = {{row->reply, TINY_CLOSE}};
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;

    tiny_start(&tiny, steps, COUNT(steps), NULL);
    open_at(&exchange, &tiny);
    exchange_post(&exchange, "<hv/>", EXCHANGE_MS, &posted);
    assert_true(posted.began);
    assert_int_equal(posted.status, row->status);
    assert_int_equal(posted.net_code != 0, row->fails);
    assert_int_equal(posted.too_large, row->too_large);
    assert_int_equal(posted.date, row->date);
    if (row->body) {
        assert_string_equal(posted.bytes, row->body);
        assert_int_equal(posted.len, strlen(row->body));
    }
    assert_string_equal(posted.content_type, row->type);
    if (row->challenges)
        assert_string_equal(posted.challenges, row->challenges);
    if (row->fails && !row->too_large)
        assert_true(posted.net_text[0] != '\0');
    exchange_close(&exchange);
    tiny_stop(&tiny);
    assert_int_equal(tiny.requests, 1);
}

/* libcurl takes it for a whole reply. There must be nothing in it to believe. */
static void test_half_header(void **state)
{
    static const struct tiny_step steps[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Ty", TINY_CLOSE}};
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;

    (void)state;
    tiny_start(&tiny, steps, COUNT(steps), NULL);
    open_at(&exchange, &tiny);
    exchange_post(&exchange, "<create/>", EXCHANGE_MS, &posted);
    assert_true(posted.began);
    assert_int_equal(posted.len, 0);
    assert_string_equal(posted.content_type, "");
    exchange_close(&exchange);
    tiny_stop(&tiny);
}

/* Neither a host that does not answer nor one that cannot be reached is waited for. */
static void test_deadline(void **state)
{
    static const struct tiny_step steps[] = {{NULL, TINY_KEEP}};
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;
    int64_t began;

    (void)state;
    tiny_start(&tiny, steps, COUNT(steps), NULL);
    open_at(&exchange, &tiny);
    began = hvs_clock_ms();
    exchange_post(&exchange, "<hv/>", 150, &posted);
    assert_in_range(hvs_clock_ms() - began, 140, 2000);
    assert_int_equal(posted.net_code, CURLE_OPERATION_TIMEDOUT);
    assert_true(posted.began);
    assert_int_equal(posted.status, 0);
    exchange_close(&exchange);
    tiny_stop(&tiny);
}

/* What was dropped may still be read, so its connection serves nobody after. */
static void test_cancel(void **state)
{
    static const struct tiny_step steps[] = {{NULL, TINY_KEEP}};
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;
    int64_t limit = hvs_clock_ms() + 5000;

    (void)state;
    tiny_start(&tiny, steps, COUNT(steps), NULL);
    open_at(&exchange, &tiny);
    exchange_start(&exchange, "<slow/>", 0);
    while (!exchange.asked && hvs_clock_ms() < limit)
        hvs_pool_work(exchange.pool, hvs_clock_ms());
    hvs_http_cancel(exchange.http, &posted);
    assert_true(posted.began);
    assert_int_equal(posted.net_code, CURLE_OPERATION_TIMEDOUT);
    assert_int_equal(posted.status, 0);

    exchange_post(&exchange, "<next/>", EXCHANGE_MS, &posted);
    assert_int_equal(posted.status, 200);
    assert_int_equal(exchange.connection, 2);
    exchange_close(&exchange);
    tiny_stop(&tiny);
    assert_int_equal(tiny.connections, 2);
}

/* A new connection is not beside the one before: libcurl would go back to that one, and
 * the legs of a login would be on two. */
static void test_fresh(void **state)
{
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;

    (void)state;
    tiny_start(&tiny, NULL, 0, NULL);
    open_at(&exchange, &tiny);
    exchange_post(&exchange, "<create/>", EXCHANGE_MS, &posted);
    exchange.fresh = true;
    exchange_post(&exchange, "<login/>", EXCHANGE_MS, &posted);
    assert_int_equal(posted.status, 200);
    assert_int_equal(exchange.connection, 2);
    assert_true(tiny_wait_ended(&tiny, 1));

    exchange.fresh = false;
    exchange_post(&exchange, "<login/>", EXCHANGE_MS, &posted);
    assert_int_equal(posted.status, 200);
    assert_int_equal(exchange.connection, 2);
    exchange_close(&exchange);
    tiny_stop(&tiny);
    assert_int_equal(tiny.connections, 2);
}

/* Dropped before it began, it says so. */
static void test_cancel_early(void **state)
{
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;

    (void)state;
    tiny_start(&tiny, NULL, 0, NULL);
    open_at(&exchange, &tiny);
    exchange_start(&exchange, "<create/>", 0);
    hvs_http_cancel(exchange.http, &posted);
    assert_false(posted.began);
    exchange_close(&exchange);
    tiny_stop(&tiny);
    assert_int_equal(tiny.requests, 0);
}

int main(void)
{
    const struct CMUnitTest alone[] = {
        cmocka_unit_test(test_authorization), cmocka_unit_test(test_no_token),
        cmocka_unit_test(test_request),       cmocka_unit_test(test_never_again),
        cmocka_unit_test(test_idle_end),      cmocka_unit_test(test_refused),
        cmocka_unit_test(test_deadline),      cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_cancel_early),  cmocka_unit_test(test_half_header),
        cmocka_unit_test(test_fresh),
    };
    struct CMUnitTest tests[COUNT(alone) + COUNT(replies)];

    memcpy(tests, alone, sizeof(alone));
    CASES(tests + COUNT(alone), replies, test_reply);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
