#include "support/test.h"

#include "hyperv/endpoint.h"

#include <string.h>

struct endpoint_case {
    const char *name;
    const char *host, *tls_name, *connect_to;
    uint16_t port;
    bool plain_http;
    const char *url; /* NULL: it must fail */
    const char *connect_url;
    const char *to; /* what to connect to instead, or what the error says */
};

static const struct endpoint_case cases[] = {
    {"a name", "hv01.example.com", NULL, NULL, 0, false,
     "https://hv01.example.com:5986/wsman", "https://hv01.example.com:5986/wsman", NULL},
    {"clear HTTP", "hv01", NULL, NULL, 0, true, "http://hv01:5985/wsman",
     "http://hv01:5985/wsman", NULL},
    {"a port of its own", "hv01", NULL, NULL, 443, false, "https://hv01:443/wsman",
     "https://hv01:443/wsman", NULL},
    {"IPv4", "192.0.2.7", NULL, NULL, 0, false, "https://192.0.2.7:5986/wsman",
     "https://192.0.2.7:5986/wsman", NULL},
    {"IPv6", "2001:db8::1", NULL, NULL, 0, false, "https://[2001:db8::1]:5986/wsman",
     "https://[2001:db8::1]:5986/wsman", NULL},
    {"IPv6 with a zone", "fe80::1%eth0", NULL, NULL, 0, false,
     "https://[fe80::1%25eth0]:5986/wsman", "https://[fe80::1%25eth0]:5986/wsman", NULL},
    {"IPv6 around IPv4", "::ffff:192.0.2.7", NULL, NULL, 0, false,
     "https://[::ffff:192.0.2.7]:5986/wsman", "https://[::ffff:192.0.2.7]:5986/wsman",
     NULL},
    {"another name in the certificate", "192.0.2.7", "hv01.example.com", NULL, 0, false,
     "https://192.0.2.7:5986/wsman", "https://hv01.example.com:5986/wsman",
     "192.0.2.7:5986"},
    {"through a tunnel", "hv01", NULL, "127.0.0.1:8443", 0, false,
     "https://hv01:5986/wsman", "https://hv01:5986/wsman", "127.0.0.1:8443"},
    {"a name beyond ASCII",
     "b\xc3\xbc"
     "cher.example",
     NULL, NULL, 0, false,
     "https://b\xc3\xbc"
     "cher.example:5986/wsman",
     "https://b\xc3\xbc"
     "cher.example:5986/wsman",
     NULL},

    {"none", NULL, NULL, NULL, 0, false, NULL, NULL, "no host given"},
    {"an empty one", "", NULL, NULL, 0, false, NULL, NULL, "no host given"},
    {"a URL", "https://hv01", NULL, NULL, 0, false, NULL, NULL, "is no host name"},
    {"a path behind it", "hv01/vm", NULL, NULL, 0, false, NULL, NULL, "is no host name"},
    {"a user before it", "eve@hv01", NULL, NULL, 0, false, NULL, NULL, "is no host name"},
    {"a query", "hv01?x", NULL, NULL, 0, false, NULL, NULL, "is no host name"},
    {"a line feed", "hv01\nX-Evil: 1", NULL, NULL, 0, false, NULL, NULL,
     "is no host name"},
    {"a control character", "hv\x01", NULL, NULL, 0, false, NULL, NULL,
     "is no host name"},
    {"a port in it", "hv01:5986", NULL, NULL, 0, false, NULL, NULL, "is no host name"},
    {"IPv6 in brackets", "[::1]", NULL, NULL, 0, false, NULL, NULL, "is no host name"},
    {"almost IPv6", "2001:db8:::1", NULL, NULL, 0, false, NULL, NULL, "is no host name"},
    {"an empty zone", "fe80::1%", NULL, NULL, 0, false, NULL, NULL, "is no host name"},
    {"a zone that breaks out", "fe80::1%eth0]:1", NULL, NULL, 0, false, NULL, NULL,
     "is no host name"},
    {"a zone on a name", "hv01%eth0", NULL, NULL, 0, false, NULL, NULL,
     "is no host name"},
    {"a certificate's name with a blank", "hv01", "a b", NULL, 0, false, NULL, NULL,
     "is no name for TLS"},
    {"a certificate's name without TLS", "hv01", "hv02", NULL, 0, true, NULL, NULL,
     "this is clear HTTP"},
};

static void test_endpoint(void **state)
{
    const struct endpoint_case *row = *state;
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_endpoint where;
    struct hvs_error err = {0};
    int rc;

    opts.host = row->host;
    opts.tls_name = row->tls_name;
    opts.connect_to = row->connect_to;
    opts.port = row->port;
    opts.plain_http = row->plain_http;
    rc = hvs_endpoint_init(&where, &opts, &err);
    if (!row->url) {
        assert_int_equal(rc, -1);
        assert_err(&err, HVS_USAGE, row->to);
        return;
    }
    assert_int_equal(rc, 0);
    assert_string_equal(where.url, row->url);
    assert_string_equal(where.connect_url, row->connect_url);
    if (row->to)
        assert_string_equal(where.connect_to, row->to);
    else
        assert_null(where.connect_to);
    hvs_endpoint_clear(&where);
}

struct address_case {
    const char *name; /* the host, too */
    bool address;
};

static const struct address_case address_cases[] = {
    {"192.0.2.7", true},      {"::1", true}, {"fe80::1%eth0", true}, {"hv01", false},
    {"7.example.com", false},
};

static void test_address(void **state)
{
    const struct address_case *row = *state;

    assert_int_equal(hvs_host_is_address(row->name), row->address);
}

struct proxy_case {
    const char *name; /* the proxy, too */
    const char *says; /* NULL: it is good */
};

static const struct proxy_case proxy_cases[] = {
    {"http://proxy:3128", NULL},
    {"proxy", NULL},
    {"socks5h://[::1]:1080/", NULL},
    {"http://ops:secret@proxy:3128", "holds a user"},
    {"http://ops:pa/secret@proxy:3128", "holds a user"},
    {"http://ops@proxy", "holds a user"},
    {"http://", "cannot be read"},
    {"http://proxy/secret", "cannot be read"},
    {"http://proxy:3128?secret", "cannot be read"},
    {"", "cannot be read"},
};

static void test_proxy(void **state)
{
    const struct proxy_case *row = *state;
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_endpoint where;
    struct hvs_error err = {0};

    opts.host = "hv01";
    opts.proxy = row->name;
    assert_int_equal(hvs_endpoint_init(&where, &opts, &err), row->says ? -1 : 0);
    if (row->says)
        assert_err(&err, HVS_USAGE, row->says);
    assert_null(strstr(err.message, "secret"));
    assert_null(strstr(err.hint, "secret"));
    hvs_endpoint_clear(&where);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(address_cases) + COUNT(proxy_cases)];

    CASES(tests, cases, test_endpoint);
    CASES(tests + COUNT(cases), address_cases, test_address);
    CASES(tests + COUNT(cases) + COUNT(address_cases), proxy_cases, test_proxy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
