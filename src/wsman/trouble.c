#include "wsman/trouble.h"

#include "base/err.h"
#include "wsman/envelope.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
    int code;
    const char *what;
    const char *hint;
} net_rows[] = {
    {CURLE_COULDNT_RESOLVE_HOST, "the name does not resolve",
     "check its spelling and the DNS, or give the address"},
    {CURLE_COULDNT_CONNECT, "nothing answers there",
     "is WinRM on, and does a firewall let its port through? 5986 is HTTPS; a default "
     "host "
     "listens on 5985 alone: on the host, 'winrm enumerate winrm/config/listener'"},
    {CURLE_SSL_CONNECT_ERROR, "no TLS connection can be made",
     "is it an HTTPS listener? TLS 1.2 is the least that is spoken"},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, "it is not the host that was pinned",
     "if the host's certificate was renewed, pin the new key; if not, somebody sits "
     "between"},
    {CURLE_SSL_CERTPROBLEM, "our certificate or its key cannot be used",
     "--cert and --key take PEM files; a key with a passphrase cannot be used"},
    {CURLE_COULDNT_RESOLVE_PROXY, "the proxy's name does not resolve", "check --proxy"},
    {CURLE_SSL_CACERT_BADFILE, "the CA file cannot be read", "check --ca-file"},
    {CURLE_SEND_ERROR, "the connection broke while sending", ""},
    {CURLE_RECV_ERROR, "the connection broke before the reply was whole", ""},
    {CURLE_GOT_NOTHING, "the connection was closed without a reply", ""},
    {CURLE_PARTIAL_FILE, "the connection broke before the reply was whole", ""},
    {CURLE_UNSUPPORTED_PROTOCOL, "what answers does not speak HTTP", ""},
    {CURLE_WEIRD_SERVER_REPLY, "what answers does not speak HTTP",
     "is it a WinRM listener?"},
};

/* The certificate: what is wrong with it decides what helps. */
static int certificate_trouble(const struct hvs_posted *posted, const char *host,
                               struct hvs_error *err)
{
    const char *what, *hint;

    switch (posted->verify) {
    case X509_V_OK: /* the chain is good, or libcurl's TLS library does not tell */
    case X509_V_ERR_UNSPECIFIED: /* libcurl 7.88 compares the name first */
        what = strstr(posted->net_text, "name") ? "names another host" : "is not trusted";
        hint = "connect by a name that stands in the certificate; a CA is given with "
               "--ca-file";
        break;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        what = "has expired";
        hint = "have it renewed on the host";
        break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        what = "is not valid yet";
        hint = "compare the clocks of this machine and the host";
        break;
    default:
        what = "is not trusted";
        hint =
            "give the CA that signed it with --ca-file; a self-signed certificate is its "
            "own CA";
        break;
    }
    hvs_err_set_hint(err, HVS_NET, posted->net_code, hint,
                     "the certificate of '%s' %s: %s", host, what, posted->net_text);
    return -1;
}

/* It got no further than the proxy. */
static int proxy_trouble(const struct hvs_posted *posted, const char *host,
                         struct hvs_error *err)
{
    const char *hint = "the proxy must allow CONNECT to this host and port";

    if (posted->proxy_status == 407)
        hint = "give its own credentials: --proxy-user-file";
    if (posted->proxy_status)
        return hvs_err_set_hint(err, HVS_NET, posted->proxy_status, hint,
                                "the proxy '%s' refuses the way to '%s' (HTTP %d)",
                                posted->proxy, host, posted->proxy_status);
    return hvs_err_set_hint(err, HVS_NET, posted->net_code, "check --proxy",
                            "no way to '%s' through the proxy '%s': %s", host,
                            posted->proxy, posted->net_text);
}

int hvs_trouble_net(const struct hvs_posted *posted, const char *host,
                    struct hvs_error *err)
{
    size_t i;

    /* nothing but our memory keeps a reply from being written */
    if (posted->net_code == CURLE_OUT_OF_MEMORY || posted->net_code == CURLE_WRITE_ERROR)
        return hvs_err_memory(err);
    if (posted->net_code == CURLE_PEER_FAILED_VERIFICATION)
        return certificate_trouble(posted, host, err);
    if (posted->net_code == CURLE_OPERATION_TIMEDOUT) {
        hvs_err_set_hint(err, HVS_NET, posted->net_code,
                         posted->began ? ""
                                       : "a firewall may drop what comes for this port, "
                                         "or the host is off; hvsnap doctor tells more",
                         "no answer from '%s' in time", host);
        return hvs_err_class(err, posted->began ? HVS_CLASS_DEADLINE : HVS_CLASS_CONNECT);
    }
    if (posted->proxy && !posted->began && !posted->refused &&
        posted->proxy_status != 200)
        return proxy_trouble(posted, host, err);
    for (i = 0; i < sizeof(net_rows) / sizeof(net_rows[0]); i++)
        if (net_rows[i].code == posted->net_code)
            return hvs_err_set_hint(err, HVS_NET, posted->net_code, net_rows[i].hint,
                                    "'%s': %s (%s)", host, net_rows[i].what,
                                    posted->net_text);
    return hvs_err_set(err, HVS_NET, posted->net_code ? posted->net_code : -1, "'%s': %s",
                       host, posted->net_text[0] ? posted->net_text : "no connection");
}

int hvs_trouble_late(struct hvs_error *err, const char *host,
                     const struct hvs_posted *posted, bool leg)
{
    char what[300] = "no answer from the KDC";

    if (err->class_ != HVS_CLASS_DEADLINE)
        return -1;
    if (posted && !posted->began)
        snprintf(what, sizeof(what), "no connection to '%.200s'", host);
    else if (posted)
        snprintf(what, sizeof(what), "no answer%s from '%.200s'",
                 leg ? " to the login" : "", host);
    return hvs_err_prefix(err, what);
}

static const struct {
    int status;
    enum hvs_class class_;
    const char *what;
    const char *hint;
} status_rows[] = {
    {400, HVS_CLASS_CONNECT, "the request is malformed to it",
     "is it a WinRM listener, and of this scheme?"},
    {403, HVS_CLASS_AUTH, "access is forbidden",
     "does the listener ask for a client certificate, or is a proxy in the way?"},
    {404, HVS_CLASS_CONNECT, "there is no /wsman",
     "is the WinRM service running on the host? 'winrm quickconfig' sets it up"},
    {407, HVS_CLASS_CONNECT, "a proxy in the way wants a login", ""},
    {411, HVS_CLASS_CONNECT, "it wants to know the length", ""},
    {413, HVS_CLASS_FAILED, "the request is too large for it",
     "raise MaxEnvelopeSizekb on the host"},
    {415, HVS_CLASS_CONNECT, "it does not take this kind of content",
     "is it a WinRM listener?"},
    {500, HVS_CLASS_FAILED, "it failed without saying why", ""},
    {503, HVS_CLASS_BUSY, "the WinRM service is not available",
     "is it starting or stopping? try again a little later"},
};

static int too_large(const char *host, struct hvs_error *err)
{
    hvs_err_set(err, HVS_HTTP, 200,
                "'%s' sent more than the %d bytes that it was allowed", host,
                HVS_MAX_REPLY_SIZE);
    return -1;
}

int hvs_trouble_status(const struct hvs_posted *posted, const char *host,
                       struct hvs_error *err)
{
    int status = posted->status;
    size_t i;

    if (posted->too_large)
        return too_large(host, err);
    for (i = 0; i < sizeof(status_rows) / sizeof(status_rows[0]); i++) {
        if (status_rows[i].status != status)
            continue;
        hvs_err_set_hint(err, HVS_HTTP, status, status_rows[i].hint,
                         "'%s' answers HTTP %d: %s", host, status, status_rows[i].what);
        return hvs_err_class(err, status_rows[i].class_);
    }
    if (status >= 300 && status < 400)
        return hvs_err_set(err, HVS_HTTP, status,
                           "'%s' redirects (HTTP %d), which no WinRM listener does", host,
                           status);
    if (status == 200)
        return hvs_err_set_hint(
            err, HVS_HTTP, status,
            "is it a WinRM listener? a web server or a proxy answers so",
            "'%s' answers with '%.80s', not with SOAP", host,
            posted->content_type[0] ? posted->content_type : "nothing");
    return hvs_err_set(err, HVS_HTTP, status, "'%s' answers HTTP %d", host, status);
}
