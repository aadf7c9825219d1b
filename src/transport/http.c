#include "transport/http.h"

#include "base/clock.h"
#include "base/err.h"
#include "transport/header.h"
#include "transport/way.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECT_MS = 30000, MOST_CERTIFICATE = 64 * 1024, MOST_TOKEN = 128 * 1024 };

struct hvs_http {
    struct hvs_pool *pool;
    CURL *easy;
    CURLSH *share; /* a pool of connections of its own: libcurl shares them otherwise */
    char *url;
    struct hvs_way way;
    uint64_t opened;         /* sockets opened so far: the number of the connection */
    uint64_t certificate_of; /* which connection `certificate` belongs to */
    struct hvs_buf certificate;

    /* the post under way */
    bool active, finished, fresh;
    char wrong_key[256]; /* none of the pins fits: what would; "" when all is well */
    unsigned asked;
    hvs_http_ask *ask;
    void *arg;
    struct curl_slist *headers;
    struct curl_slist *auth_node; /* of `headers`; its own text is kept in auth_text */
    char *auth_text;
    struct hvs_buf authorization;
    char error[CURL_ERROR_SIZE];
    size_t most_bytes;
    struct hvs_buf body, challenges;
    struct hvs_posted posted;
};

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct hvs_http *http = arg;
    curl_off_t announced = -1;

    (void)size; /* always 1 */
    if (!http->body.len)
        curl_easy_getinfo(http->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    if (announced > 0)
        hvs_buf_expect(&http->body, (size_t)announced);
    if (count > http->most_bytes - http->body.len) {
        http->posted.too_large = true;
        return 0;
    }
    hvs_buf_add(&http->body, bytes, count);
    return http->body.failed ? 0 : count;
}

static size_t on_header(char *line, size_t size, size_t count, void *arg)
{
    struct hvs_http *http = arg;
    const char *value;
    size_t len;

    (void)size;
    if (count > 5 && memcmp(line, "HTTP/", 5) == 0)
        hvs_buf_clear(&http->challenges); /* of a 100 Continue or a proxy */
    value = hvs_header_value(line, count, "WWW-Authenticate", &len);
    if (value) {
        hvs_buf_add(&http->challenges, value, len);
        hvs_buf_puts(&http->challenges, "\n");
        if (hvs_buf_no_memory(&http->challenges))
            return 0; /* or it would seem that the host offers nothing */
    }
    value = hvs_header_value(line, count, "Date", &len);
    if (value)
        http->posted.date = hvs_header_date(value, len);
    return count;
}

/* A new connection is known before a byte leaves on it. Counted here rather than told
 * apart by local ports, which can come back. */
static curl_socket_t on_socket(void *arg, curlsocktype purpose,
                               struct curl_sockaddr *addr)
{
    struct hvs_http *http = arg;

    (void)purpose;
    http->opened++;
#ifdef SOCK_CLOEXEC
    addr->socktype |= SOCK_CLOEXEC;
#endif
    return socket(addr->family, addr->socktype, addr->protocol);
}

/* The leaf's PEM. libcurl has it only while the connection is new; a later post on the
 * same connection gets what was kept. */
static const char *certificate_of(struct hvs_http *http)
{
    struct curl_certinfo *chain = NULL;
    const struct curl_slist *row;

    if (http->certificate_of == http->opened)
        return http->certificate.len ? hvs_buf_str(&http->certificate) : NULL;
    hvs_buf_clear(&http->certificate);
    http->certificate_of = http->opened;
    curl_easy_getinfo(http->easy, CURLINFO_CERTINFO, &chain);
    if (!chain || chain->num_of_certs < 1)
        return NULL;
    for (row = chain->certinfo[0]; row; row = row->next)
        if (strncmp(row->data, "Cert:", 5) == 0)
            hvs_buf_puts(&http->certificate, row->data + 5);
    return http->certificate.len ? hvs_buf_str(&http->certificate) : NULL;
}

/*
 * CURLOPT_PREREQFUNCTION: the connection stands, nothing of this attempt is written. A
 * second question for one post is libcurl's own repeat: never. Replacing the header
 * node's text here is not promised by libcurl's manual; it is seen to work from 7.88 to
 * 8.22, and "Negotiate -" goes out and fails loudly where it does not.
 */
static int before_request(void *arg, char *peer, char *local, int peer_port,
                          int local_port)
{
    struct hvs_http *http = arg;
    const char *certificate;

    (void)peer;
    (void)local;
    (void)peer_port;
    (void)local_port;
    if (http->asked++)
        return CURL_PREREQFUNC_ABORT;
    certificate = certificate_of(http);
    if (hvs_buf_no_memory(&http->certificate)) {
        http->fresh = true; /* libcurl shows it but once */
        return CURL_PREREQFUNC_ABORT;
    }
    if (!hvs_way_trusts(&http->way, certificate, http->wrong_key,
                        sizeof(http->wrong_key)))
        return CURL_PREREQFUNC_ABORT;
    hvs_buf_clear(&http->authorization);
    if (http->ask(http->arg, http->opened, certificate, &http->authorization) < 0 ||
        http->authorization.failed) {
        http->posted.refused = true;
        return CURL_PREREQFUNC_ABORT;
    }
    if (http->auth_node && http->authorization.len)
        http->auth_node->data = http->authorization.data;
    http->posted.began = true;
    return CURL_PREREQFUNC_OK;
}

static void set_constants(struct hvs_http *http)
{
    CURL *easy = http->easy;

    curl_easy_setopt(easy, CURLOPT_PRIVATE, http);
    curl_easy_setopt(easy, CURLOPT_URL, http->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXCONNECTS, 1L);
    /* of each post under way, and hundreds may be: libcurl would take 64 KB */
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 16384L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_SHARE, http->share);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, http->error);
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, http);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, http);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, http);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, http);
    curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
    /* a host that resumes a TLS session sends no certificate, and libcurl 8 then has none
     * to show: no binding, and nothing to compare a pin with */
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
}

static CURLSH *new_share(void)
{
    CURLSH *share = curl_share_init();

    if (share &&
        curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT) != CURLSHE_OK) {
        curl_share_cleanup(share);
        share = NULL;
    }
    return share;
}

/* CURLOPT_FRESH_CONNECT would leave those of before open, and libcurl may go back to one
 * of them: the number that we tell is the newest's. */
static int drop_connections(struct hvs_http *http, struct hvs_error *err)
{
    CURLSH *before = http->share, *share = new_share();

    if (!share)
        return hvs_err_memory(err);
    curl_easy_setopt(http->easy, CURLOPT_SHARE, share);
    http->share = share;
    curl_share_cleanup(before);
    hvs_buf_clear(&http->certificate); /* or want of memory for it would be told again */
    return 0;
}

struct hvs_http *hvs_http_new(struct hvs_pool *pool, const struct hvs_http_opts *opts,
                              struct hvs_error *err)
{
    struct hvs_http *http = calloc(1, sizeof(*http));

    if (!http)
        goto fail;
    http->pool = pool;
    http->most_bytes = opts->most_bytes;
    http->certificate = (struct hvs_buf)HVS_BUF_INIT(MOST_CERTIFICATE);
    http->challenges = (struct hvs_buf)HVS_BUF_INIT(MOST_TOKEN);
    http->authorization = (struct hvs_buf)HVS_BUF_INIT(MOST_TOKEN);
    http->body = (struct hvs_buf)HVS_BUF_INIT(opts->most_bytes);
    http->easy = curl_easy_init();
    http->share = new_share();
    http->url = strdup(opts->url);
    if (!http->easy || !http->share || !http->url ||
        hvs_way_init(&http->way, opts, http->easy) < 0)
        goto fail;
    set_constants(http);
    return http;

fail:
    hvs_err_memory(err);
    hvs_http_free(http);
    return NULL;
}

/* Take the post's own things off the handle again. */
static void end_post(struct hvs_http *http)
{
    if (http->active)
        hvs_pool_remove(http->pool, http->easy);
    http->active = false;
    if (http->auth_node)
        http->auth_node->data = http->auth_text;
    http->auth_node = NULL;
    curl_easy_setopt(http->easy, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(http->headers);
    http->headers = NULL;
    hvs_buf_clear(&http->authorization);
}

void hvs_http_free(struct hvs_http *http)
{
    if (!http)
        return;
    if (http->easy) {
        end_post(http);
        curl_easy_cleanup(http->easy);
    }
    if (http->share)
        curl_share_cleanup(http->share);
    hvs_buf_clear(&http->body);
    hvs_buf_clear(&http->challenges);
    hvs_buf_clear(&http->certificate);
    free(http->url);
    hvs_way_clear(&http->way);
    free(http);
}

static int add_header(struct hvs_http *http, const char *line, struct hvs_error *err)
{
    struct curl_slist *headers = curl_slist_append(http->headers, line);

    if (!headers)
        return hvs_err_memory(err);
    http->headers = headers;
    return 0;
}

static int build_headers(struct hvs_http *http, const struct hvs_post *post,
                         struct hvs_error *err)
{
    char type[256];

    snprintf(type, sizeof(type), "Content-Type: %s", post->content_type);
    /* first, so that the node is the list's head and easy to find */
    if (post->authorization) {
        if (add_header(http, "Authorization: Negotiate -", err) < 0)
            return -1;
        http->auth_node = http->headers;
        http->auth_text = http->auth_node->data;
    }
    if (add_header(http, type, err) < 0 || add_header(http, "Expect:", err) < 0 ||
        add_header(http, "Accept-Encoding: identity", err) < 0 ||
        add_header(http, "User-Agent: hvsnap/" HVS_VERSION, err) < 0)
        return -1;
    return post->extra_header ? add_header(http, post->extra_header, err) : 0;
}

static void on_done(void *arg, CURLcode code)
{
    struct hvs_http *http = arg;

    http->finished = true;
    http->posted.net_code = (int)code;
    if (http->wrong_key[0])
        http->posted.net_code = CURLE_SSL_PINNEDPUBKEYNOTMATCH;
}

int hvs_http_start(struct hvs_http *http, const struct hvs_post *post, hvs_http_ask *ask,
                   void *arg, int64_t timeout_ms, struct hvs_error *err)
{
    long connect_ms = CONNECT_MS;

    http->asked = 0;
    http->finished = false;
    http->ask = ask;
    http->arg = arg;
    http->error[0] = http->wrong_key[0] = '\0';
    http->posted = (struct hvs_posted){0};
    hvs_buf_empty(&http->body); /* the next page is as large */
    hvs_buf_clear(&http->challenges);
    if (((http->fresh || post->fresh) && drop_connections(http, err) < 0) ||
        build_headers(http, post, err) < 0)
        goto fail;
    http->fresh = false;
    if (timeout_ms && timeout_ms < connect_ms)
        connect_ms = (long)timeout_ms;
    curl_easy_setopt(http->easy, CURLOPT_HTTPHEADER, http->headers);
    curl_easy_setopt(http->easy, CURLOPT_POSTFIELDS, post->body);
    curl_easy_setopt(http->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->len);
    curl_easy_setopt(http->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    curl_easy_setopt(http->easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    if (hvs_pool_add(http->pool, http->easy, on_done, err) < 0)
        goto fail;
    http->active = true;
    return 0;

fail:
    end_post(http);
    return -1;
}

static void report(struct hvs_http *http, struct hvs_posted *out)
{
    char *type = NULL;
    long status = 0, proxy_status = 0;

    curl_easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(http->easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
    http->posted.proxy = http->way.proxy;
    http->posted.proxy_status = (int)proxy_status;
    curl_easy_getinfo(http->easy, CURLINFO_CONTENT_TYPE, &type);
    curl_easy_getinfo(http->easy, CURLINFO_SSL_VERIFYRESULT, &http->posted.verify);
    if (!http->posted.began && hvs_buf_no_memory(&http->certificate))
        http->posted.net_code = CURLE_OUT_OF_MEMORY;
    if (type)
        snprintf(http->posted.content_type, sizeof(http->posted.content_type), "%s",
                 type);
    /* half a reply is none: its status must not be believed without its body. One that
     * was cut for its size is told by its status all the same */
    if (http->posted.net_code == CURLE_OK || http->posted.too_large) {
        http->posted.status = (int)status;
        http->posted.bytes = hvs_buf_str(&http->body);
        http->posted.len = http->body.len;
        http->posted.challenges = hvs_buf_str(&http->challenges);
    } else {
        const char *what = http->wrong_key[0] ? http->wrong_key
                           : http->error[0]
                               ? http->error
                               : curl_easy_strerror((CURLcode)http->posted.net_code);

        snprintf(http->posted.net_text, sizeof(http->posted.net_text), "%s", what);
        http->posted.date = 0;
        http->posted.bytes = http->posted.challenges = "";
    }
    *out = http->posted;
    end_post(http);
}

bool hvs_http_done(struct hvs_http *http, struct hvs_posted *out)
{
    if (!http->finished)
        return false;
    http->finished = false;
    report(http, out);
    return true;
}

void hvs_http_forget(struct hvs_http *http)
{
    enum { KEPT = 64 * 1024 };

    if (!http->active && http->body.cap < KEPT)
        hvs_buf_clear(&http->body);
}

void hvs_http_cancel(struct hvs_http *http, struct hvs_posted *out)
{
    if (http->active) {
        http->posted.net_code = CURLE_OPERATION_TIMEDOUT;
        http->fresh = true;
    }
    report(http, out);
}
