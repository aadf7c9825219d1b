#include "support/test.h"

#include "base/err.h"
#include "transport/http.h"
#include "wsman/trouble.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

struct net_case {
    const char *name;
    int code;
    bool began;
    long verify;
    const char *text; /* what libcurl says */
    enum hvs_class class_;
    const char *says; /* a piece of the message */
};

static const struct net_case net_cases[] = {
    {"no such name", CURLE_COULDNT_RESOLVE_HOST, false, 0, "Could not resolve host",
     HVS_CLASS_CONNECT, "'hv01': the name does not resolve (Could not resolve host)"},
    {"refused", CURLE_COULDNT_CONNECT, false, 0, "Connection refused", HVS_CLASS_CONNECT,
     "nothing answers there"},
    {"no TLS", CURLE_SSL_CONNECT_ERROR, false, 0, "wrong version number",
     HVS_CLASS_CONNECT, "no TLS connection can be made"},
    {"reset", CURLE_RECV_ERROR, true, 0, "Connection reset by peer", HVS_CLASS_CONNECT,
     "broke before the reply was whole"},
    {"closed", CURLE_GOT_NOTHING, true, 0, "Empty reply from server", HVS_CLASS_CONNECT,
     "closed without a reply"},
    {"not HTTP", CURLE_WEIRD_SERVER_REPLY, true, 0, "HTTP/0.9", HVS_CLASS_CONNECT,
     "does not speak HTTP"},
    {"another key than the pinned one", CURLE_SSL_PINNEDPUBKEYNOTMATCH, false, 0, "x",
     HVS_CLASS_CONNECT, "it is not the host that was pinned"},
    {"no answer to the connection", CURLE_OPERATION_TIMEDOUT, false, 0, "x",
     HVS_CLASS_CONNECT, "no answer from 'hv01' in time"},
    {"no answer to the request", CURLE_OPERATION_TIMEDOUT, true, 0, "x",
     HVS_CLASS_DEADLINE, "no answer from 'hv01' in time"},
    {"a certificate that has expired", CURLE_PEER_FAILED_VERIFICATION, false,
     X509_V_ERR_CERT_HAS_EXPIRED, "x", HVS_CLASS_CONNECT,
     "the certificate of 'hv01' has expired"},
    {"a certificate of tomorrow", CURLE_PEER_FAILED_VERIFICATION, false,
     X509_V_ERR_CERT_NOT_YET_VALID, "x", HVS_CLASS_CONNECT, "is not valid yet"},
    {"a self-signed certificate", CURLE_PEER_FAILED_VERIFICATION, false,
     X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "x", HVS_CLASS_CONNECT, "is not trusted"},
    {"another host's certificate", CURLE_PEER_FAILED_VERIFICATION, false, X509_V_OK,
     "no alternative certificate subject name matches", HVS_CLASS_CONNECT,
     "names another host"},
    {"the TLS library does not tell", CURLE_PEER_FAILED_VERIFICATION, false, X509_V_OK,
     "x", HVS_CLASS_CONNECT, "is not trusted"},
    {"something else", 99, false, 0, "odd thing", HVS_CLASS_CONNECT, "'hv01': odd thing"},
    {"nothing is said", 0, false, 0, "", HVS_CLASS_CONNECT, "'hv01': no connection"},
};

static void test_net(void **state)
{
    const struct net_case *row = *state;
    struct hvs_posted posted = {.net_code = row->code,
                                .began = row->began,
                                .verify = row->verify};
    struct hvs_error err = {0};

    snprintf(posted.net_text, sizeof(posted.net_text), "%s", row->text);
    assert_int_equal(hvs_trouble_net(&posted, "hv01", &err), -1);
    assert_err(&err, HVS_NET, row->says);
    assert_string_equal(hvs_class_name(err.class_), hvs_class_name(row->class_));
    assert_true(err.code == (row->code ? row->code : -1));
}

struct late_case {
    const char *name;
    bool posted, began, leg;
    enum hvs_class class_; /* why it ended */
    const char *message;
};

static const struct late_case late_cases[] = {
    {"the KDC", false, false, false, HVS_CLASS_DEADLINE,
     "no answer from the KDC: the time was over"},
    {"the name or the connection", true, false, true, HVS_CLASS_DEADLINE,
     "no connection to 'hv01': the time was over"},
    {"a leg of the login", true, true, true, HVS_CLASS_DEADLINE,
     "no answer to the login from 'hv01': the time was over"},
    {"a request", true, true, false, HVS_CLASS_DEADLINE,
     "no answer from 'hv01': the time was over"},
    {"it was stopped, and not late", true, true, false, HVS_CLASS_INTERRUPTED,
     "the time was over"},
};

static void test_late(void **state)
{
    const struct late_case *row = *state;
    struct hvs_posted posted = {.began = row->began};
    struct hvs_error err = {0};

    hvs_err_set(&err, HVS_NET, 28, "the time was over");
    hvs_err_class(&err, row->class_);
    assert_int_equal(hvs_trouble_late(&err, "hv01", row->posted ? &posted : NULL,
                                      row->leg),
                     -1);
    assert_string_equal(err.message, row->message);
    assert_int_equal(err.class_, row->class_);
}

struct status_case {
    const char *name;
    int status;
    const char *type;
    bool too_large;
    enum hvs_class class_;
    const char *says;
};

static const struct status_case status_cases[] = {
    {"400", 400, "", false, HVS_CLASS_CONNECT, "the request is malformed to it"},
    {"403", 403, "text/html", false, HVS_CLASS_AUTH, "access is forbidden"},
    {"404", 404, "text/html", false, HVS_CLASS_CONNECT, "there is no /wsman"},
    {"407", 407, "", false, HVS_CLASS_CONNECT, "a proxy in the way wants a login"},
    {"411", 411, "text/html", false, HVS_CLASS_CONNECT, "it wants to know the length"},
    {"413", 413, "", false, HVS_CLASS_FAILED, "the request is too large for it"},
    {"415", 415, "", false, HVS_CLASS_CONNECT, "does not take this kind of content"},
    {"an empty 500", 500, "", false, HVS_CLASS_FAILED, "it failed without saying why"},
    {"503", 503, "text/html", false, HVS_CLASS_BUSY,
     "the WinRM service is not available"},
    {"a redirection", 302, "text/html", false, HVS_CLASS_CONNECT, "redirects (HTTP 302)"},
    {"a page of a web server", 200, "text/html", false, HVS_CLASS_CONNECT,
     "answers with 'text/html', not with SOAP"},
    {"nothing", 200, "", false, HVS_CLASS_CONNECT,
     "answers with 'nothing', not with SOAP"},
    {"a status that nobody knows", 418, "", false, HVS_CLASS_CONNECT, "answers HTTP 418"},
    {"too large", 200, "application/soap+xml", true, HVS_CLASS_CONNECT,
     "sent more than the 2097152 bytes"},
};

static void test_status(void **state)
{
    const struct status_case *row = *state;
    struct hvs_posted posted = {.status = row->status, .too_large = row->too_large};
    struct hvs_error err = {0};

    snprintf(posted.content_type, sizeof(posted.content_type), "%s", row->type);
    assert_int_equal(hvs_trouble_status(&posted, "hv01", &err), -1);
    assert_err(&err, HVS_HTTP, row->says);
    assert_string_equal(hvs_class_name(err.class_), hvs_class_name(row->class_));
    assert_true(err.code == row->status);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(net_cases) + COUNT(late_cases) + COUNT(status_cases)];
    struct CMUnitTest *at = tests;

    CASES(at, net_cases, test_net);
    CASES(at += COUNT(net_cases), late_cases, test_late);
    CASES(at += COUNT(late_cases), status_cases, test_status);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
