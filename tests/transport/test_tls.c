#include "support/exchange.h"
#include "support/test.h"
#include "support/tiny.h"

#include "transport/tls.h"

#include <openssl/tls1.h>
#include <openssl/x509_vfy.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whom a connection over TLS trusts. */

struct trust_case {
    const char *name;
    struct tiny_tls like;
    bool ca, insecure; /* is its CA given? */
    int pins;          /* how many wrong ones before the right one; -1: none at all */
    bool right;        /* is the right one among them? */
    int net_code;      /* 0: it gets in */
    long verify;       /* -1: TLS libraries differ */
    const char *text;  /* part of what is said */
};

#define WRONG_PIN "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define ANOTHER_PIN "sha256//BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA="

static const struct trust_case cases[] = {
    {"a CA that signed it", {0}, true, false, -1, false, 0, 0, ""},
    {"a CA that nobody gave",
     {0},
     false,
     false,
     -1,
     false,
     CURLE_PEER_FAILED_VERIFICATION,
     X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
     ""},
    {"expired",
     {NULL, -20, -1, 0},
     true,
     false,
     -1,
     false,
     CURLE_PEER_FAILED_VERIFICATION,
     X509_V_ERR_CERT_HAS_EXPIRED,
     "expired"},
    {"not yet valid",
     {NULL, 5, 10, 0},
     true,
     false,
     -1,
     false,
     CURLE_PEER_FAILED_VERIFICATION,
     X509_V_ERR_CERT_NOT_YET_VALID,
     "not yet valid"},
    {"another name",
     {"hv02.hvsnap.test", 0, 0, 0},
     true,
     false,
     -1,
     false,
     CURLE_PEER_FAILED_VERIFICATION,
     -1,
     "name"},
    {"a pin alone", {0}, false, false, 0, true, 0, 0, ""},
    {"a pin of several", {0}, false, false, 2, true, 0, 0, ""},
    {"a pin in spite of the name",
     {"hv02.hvsnap.test", 0, 0, 0},
     false,
     false,
     0,
     true,
     0,
     0,
     ""},
    {"a pin in spite of the date", {NULL, -20, -1, 0}, false, false, 0, true, 0, 0, ""},
    {"a wrong pin",
     {0},
     false,
     false,
     1,
     false,
     CURLE_SSL_PINNEDPUBKEYNOTMATCH,
     0,
     WRONG_PIN},
    {"two wrong pins, both shown",
     {0},
     false,
     false,
     2,
     false,
     CURLE_SSL_PINNEDPUBKEYNOTMATCH,
     0,
     "the pins are " WRONG_PIN ", " ANOTHER_PIN},
    {"more wrong pins than are shown",
     {0},
     false,
     false,
     4,
     false,
     CURLE_SSL_PINNEDPUBKEYNOTMATCH,
     0,
     WRONG_PIN ", ..."},
    {"a wrong pin, and the CA is right",
     {0},
     true,
     false,
     1,
     false,
     CURLE_SSL_PINNEDPUBKEYNOTMATCH,
     0,
     WRONG_PIN},
    {"a wrong pin, and no check wanted",
     {0},
     false,
     true,
     1,
     false,
     CURLE_SSL_PINNEDPUBKEYNOTMATCH,
     0,
     WRONG_PIN},
    {"no check wanted",
     {"hv02.hvsnap.test", -20, -1, 0},
     false,
     true,
     -1,
     false,
     0,
     0,
     ""},
};

static void test_trust(void **state)
{
    const struct trust_case *row = *state;
    const char *pins[6] = {WRONG_PIN, ANOTHER_PIN, WRONG_PIN, WRONG_PIN};
    struct hvs_http_opts opts = {.insecure = row->insecure};
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;
    char url[64];

    tiny_start(&tiny, NULL, 0, &row->like);
    snprintf(url, sizeof(url), "https://localhost:%u/wsman", tiny.port);
    opts.url = url;
    opts.ca_file = row->ca ? tiny.ca_file : NULL;
    if (row->pins >= 0) {
        pins[row->pins] = row->right ? tiny.pin : NULL;
        opts.pins = pins;
    }
    exchange_open(&exchange, &opts);
    exchange_post(&exchange, "<hv/>", EXCHANGE_MS, &posted);
    assert_int_equal(posted.net_code, row->net_code);
    assert_int_equal(posted.began, row->net_code == 0);
    assert_int_equal(posted.status, row->net_code ? 0 : 200);
    if (row->net_code && row->pins < 0 && row->verify >= 0)
        assert_int_equal(posted.verify, row->verify);
    if (!strstr(posted.net_text, row->text))
        fail_msg("'%s' does not hold '%s'", posted.net_text, row->text);
    if (row->net_code == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
        assert_non_null(strstr(posted.net_text, tiny.pin));
    exchange_close(&exchange);
    tiny_stop(&tiny);
    assert_int_equal(tiny.requests, row->net_code ? 0 : 1);
}

/* Older TLS is not spoken, though OpenSSL itself would: it is told so before its first
 * use, since systems differ in what they allow. */
static void test_old_tls(void **state)
{
    static const struct tiny_tls likes[] = {{.newest = TLS1_1_VERSION},
                                            {.newest = TLS1_2_VERSION}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(likes); i++) {
        struct hvs_http_opts opts = {0};
        struct exchange exchange;
        struct hvs_posted posted;
        struct tiny tiny;
        char url[64];

        tiny_start(&tiny, NULL, 0, &likes[i]);
        snprintf(url, sizeof(url), "https://127.0.0.1:%u/wsman", tiny.port);
        opts.url = url;
        opts.ca_file = tiny.ca_file;
        exchange_open(&exchange, &opts);
        exchange_post(&exchange, "<hv/>", EXCHANGE_MS, &posted);
        exchange_close(&exchange);
        tiny_stop(&tiny);
        assert_int_equal(posted.net_code, i ? CURLE_OK : CURLE_SSL_CONNECT_ERROR);
        assert_int_equal(posted.began, i);
    }
}

/* Have this process's OpenSSL take anything. */
static void allow_old_tls(char *path, size_t size)
{
    const char *tmp = getenv("TMPDIR");
    FILE *file;
    int fd;

    snprintf(path, size, "%s/old-tls.XXXXXX", tmp ? tmp : "/tmp");
    fd = mkstemp(path);
    file = fd < 0 ? NULL : fdopen(fd, "w");
    assert_non_null(file);
    fputs("openssl_conf = init\n[init]\nssl_conf = ssl\n[ssl]\nsystem_default = any\n"
          "[any]\nMinProtocol = None\nCipherString = DEFAULT:@SECLEVEL=0\n",
          file);
    assert_int_equal(fclose(file), 0);
    setenv("OPENSSL_CONF", path, 1);
}

/* The question brings the certificate of this very connection, also on a later post and
 * on a new connection; and its pin is what OpenSSL makes of the same key. */
static void test_certificate(void **state)
{
    static const struct tiny_tls like = {0};
    static const char last[] =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    static const struct tiny_step steps[] = {{TINY_OK, TINY_KEEP},
                                             {TINY_OK, TINY_KEEP},
                                             {last, TINY_CLOSE}};
    struct hvs_http_opts opts = {0};
    struct exchange exchange;
    struct hvs_posted posted;
    struct hvs_error err = {0};
    struct tiny tiny;
    char url[64], pin[HVS_PIN_SIZE];
    int i;

    (void)state;
    tiny_start(&tiny, steps, COUNT(steps), &like);
    snprintf(url, sizeof(url), "https://127.0.0.1:%u/wsman", tiny.port);
    opts.url = url;
    opts.ca_file = tiny.ca_file;
    exchange_open(&exchange, &opts);
    for (i = 0; i < 4; i++) {
        exchange.certificate[0] = '\0';
        exchange_post(&exchange, "<hv/>", EXCHANGE_MS, &posted);
        assert_int_equal(posted.status, 200);
        assert_int_equal(hvs_tls_pin(pin, exchange.certificate, &err), 0);
        assert_string_equal(pin, tiny.pin);
    }
    assert_int_equal(exchange.connection, 2);
    exchange_close(&exchange);
    tiny_stop(&tiny);
    assert_int_equal(tiny.connections, 2);
}

/* Over clear HTTP there is nothing to compare a pin with: nothing is sent. */
static void test_pin_without_tls(void **state)
{
    static const char *const pins[] = {WRONG_PIN, NULL};
    struct hvs_http_opts opts = {.pins = pins};
    struct exchange exchange;
    struct hvs_posted posted;
    struct tiny tiny;
    char url[64];

    (void)state;
    tiny_start(&tiny, NULL, 0, NULL);
    snprintf(url, sizeof(url), "http://127.0.0.1:%u/wsman", tiny.port);
    opts.url = url;
    exchange_open(&exchange, &opts);
    exchange_post(&exchange, "<hv/>", EXCHANGE_MS, &posted);
    assert_int_equal(posted.net_code, CURLE_SSL_PINNEDPUBKEYNOTMATCH);
    assert_false(posted.began);
    assert_non_null(strstr(posted.net_text, "no certificate"));
    exchange_close(&exchange);
    tiny_stop(&tiny);
    assert_int_equal(tiny.requests, 0);
}

static void test_no_certificate(void **state)
{
    char pin[HVS_PIN_SIZE];
    struct hvs_error err = {0};

    (void)state;
    assert_int_equal(hvs_tls_pin(pin, "-----BEGIN CERTIFICATE-----\n", &err), -1);
    assert_err(&err, HVS_NET, "cannot be read");
}

struct pin_case {
    const char *pin;
    bool valid;
};

static const struct pin_case pins[] = {
    {WRONG_PIN, true},
    {"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false},
    {"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;" WRONG_PIN, false},
    {"sha256//AAAA", false},
    {"sha1//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", false},
    {"SHA256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", false},
    {"sha256//", false},
    {"", false},
    {"key.pem", false},
};

static void test_pin_valid(void **state)
{
    const struct pin_case *row = *state;

    assert_int_equal(hvs_tls_pin_valid(row->pin), row->valid);
}

int main(void)
{
    const struct CMUnitTest alone[] = {
        cmocka_unit_test(test_certificate),
        cmocka_unit_test(test_old_tls),
        cmocka_unit_test(test_pin_without_tls),
        cmocka_unit_test(test_no_certificate),
    };
    struct CMUnitTest tests[COUNT(alone) + COUNT(cases) + COUNT(pins)];
    char path[256];
    int failed;

    allow_old_tls(path, sizeof(path));
    memcpy(tests, alone, sizeof(alone));
    CASES(tests + COUNT(alone), cases, test_trust);
    CASES(tests + COUNT(alone) + COUNT(cases), pins, test_pin_valid);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
