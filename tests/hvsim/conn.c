#include "hvsim/conn.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define IDLE_MS 120000 /* http.sys: two minutes without a request */

/* Read on until `in` holds at least `want` bytes. */
static bool fill(struct sim_conn *conn, size_t want)
{
    char some[16384];
    long got;

    while (conn->in.len < want && !conn->in.failed) {
        got = sim_stream_read(&conn->stream, some, sizeof(some), IDLE_MS);
        if (got <= 0)
            return false;
        hvs_buf_add(&conn->in, some, (size_t)got);
    }
    return !conn->in.failed;
}

/* Drop the first bytes of `in`. */
static void consume(struct sim_conn *conn, size_t len)
{
    struct hvs_buf rest = HVS_BUF_INIT(conn->in.max);

    if (conn->in.len > len)
        hvs_buf_add(&rest, conn->in.data + len, conn->in.len - len);
    hvs_buf_clear(&conn->in);
    conn->in = rest;
}

/* Read a head. 0, the status that refuses it, or -1 when the peer has gone. */
static int read_head(struct sim_exchange *x)
{
    struct sim_conn *conn = x->conn;
    size_t end;
    int status;

    while (!(end = sim_head_end(hvs_buf_str(&conn->in), conn->in.len))) {
        if (conn->in.len > SIM_HTTP_HEAD_MAX)
            return 400;
        if (!fill(conn, conn->in.len + 1))
            return -1;
    }
    status = sim_head_parse(&x->head, conn->in.data, end);
    consume(conn, end);
    return status;
}

bool sim_exchange_read_body(struct sim_exchange *x)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct sim_conn *conn = x->conn;
    size_t len = (size_t)x->head.length;

    if (x->head.wants_continue && conn->in.len < len &&
        !sim_stream_write(&conn->stream, go_on, sizeof(go_on) - 1))
        return false;
    if (!fill(conn, len))
        return false;
    hvs_buf_add(&x->body, hvs_buf_str(&conn->in), len);
    consume(conn, len);
    return !x->body.failed;
}

/* What a peer sent, with nothing in it that a terminal would obey. */
static void add_safe(struct hvs_buf *out, const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 127)
            hvs_buf_printf(out, "\\x%02x", (unsigned)(unsigned char)*text);
        else
            hvs_buf_add(out, text, 1);
}

void sim_exchange_log(const struct sim_exchange *x)
{
    static const char *const mischiefs[] = {"",           "refuse",      "reset-before",
                                            "reset-read", "reset-after", "reset-within",
                                            "late-act",   "late",        "hang",
                                            "drip",       "truncate",    "html",
                                            "garbage",    "status",      "bare",
                                            "duplicate",  "close",       "tls-cut",
                                            "damage"};
    struct hvs_buf line = HVS_BUF_INIT(8192);
    int64_t now = sim_server_now(x->conn->server, x->conn->listener->host);
    time_t seconds = (time_t)(now / 1000);
    struct tm t = {0};

    if (!x->conn->server->log)
        return;
    gmtime_r(&seconds, &t);
    hvs_buf_printf(&line, "%02d:%02d:%02d.%03d #%u ", t.tm_hour, t.tm_min, t.tm_sec,
                   (int)(now % 1000), x->conn->number);
    add_safe(&line, x->head.method ? x->head.method : "?");
    hvs_buf_puts(&line, " ");
    add_safe(&line, x->head.path ? x->head.path : "?");
    hvs_buf_printf(&line, " %s%s ", x->anonymous ? "anonymous" : x->conn->login.scheme,
                   x->protocol ? "+sealed" : "");
    add_safe(&line, x->account && *x->account ? x->account : "-");
    hvs_buf_printf(&line, " %d %zu", x->answer.status, x->answer.length);
    if (x->mischief)
        hvs_buf_printf(&line, " [%s]", mischiefs[x->mischief]);
    if (x->note[0]) {
        hvs_buf_puts(&line, " ");
        add_safe(&line, x->note);
    }
    hvs_buf_puts(&line, "\n");
    fputs(hvs_buf_str(&line), stderr);
    hvs_buf_clear(&line);
}

static void exchange_clear(struct sim_exchange *x)
{
    sim_head_clear(&x->head);
    hvs_buf_clear(&x->body);
    hvs_buf_clear(&x->text);
    hvs_buf_clear(&x->challenge);
    hvs_buf_clear(&x->type);
    hvs_buf_clear(&x->reply);
}

/* One request and its reply: true when another may follow. */
static bool serve_one(struct sim_conn *conn)
{
    struct sim_exchange x = {
        .conn = conn,
        .head = {.length = -1},
        .body = HVS_BUF_INIT(1 << 20),
        .text = HVS_BUF_INIT(1 << 20),
        .challenge = HVS_BUF_INIT(1 << 17),
        .type = HVS_BUF_INIT(256),
        .reply = HVS_BUF_INIT(1 << 24),
    };
    bool replies = true;
    bool more = false;
    int status = read_head(&x);

    if (status < 0)
        goto out;
    if (status) {
        x.unread = true;
        sim_exchange_refuse(&x, status);
    } else {
        pthread_mutex_lock(&conn->server->lock);
        sim_manners_read(&x.manners, conn->server->world, conn->listener->tls);
        pthread_mutex_unlock(&conn->server->lock);
        replies = sim_exchange_handle(&x);
    }
    if (replies)
        more = sim_exchange_send(&x);
    sim_exchange_log(&x);
out:
    exchange_clear(&x);
    return more;
}

void sim_conn_serve(struct sim_conn *conn, int fd)
{
    struct sim_server *server = conn->server;

    conn->in = (struct hvs_buf)HVS_BUF_INIT(1 << 21);
    conn->login = (struct sim_login){.scheme = "-"};
    if (sim_stream_open(&conn->stream, fd, server->stop_fd,
                        conn->listener->tls ? server->tls.ctx : NULL))
        while (serve_one(conn))
            ;
    else if (server->log && conn->stream.why)
        fprintf(stderr, "#%u TLS handshake: %s\n", conn->number, conn->stream.why);
    sim_stream_close(&conn->stream, false);
    sim_login_clear(&conn->login);
    hvs_buf_clear(&conn->in);
}
