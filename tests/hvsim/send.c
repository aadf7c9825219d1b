#include "hvsim/conn.h"

#include "hvsim/damage.h"

/* Head and body as the bytes that go out. */
static void build(struct sim_exchange *x, struct hvs_buf *out)
{
    struct sim_server *server = x->conn->server;

    x->answer.length = x->reply.len;
    x->answer.challenge = hvs_buf_str(&x->challenge);
    if (x->type.len)
        x->answer.type = hvs_buf_str(&x->type);
    sim_answer_write(out, &x->answer, sim_server_now(server, x->conn->listener->host));
    hvs_buf_add(out, hvs_buf_str(&x->reply), x->reply.len);
}

/* Where a reply is cut: at the byte that was asked for, or in the middle of its body, or
 * of its head when there is no body. */
static size_t cut_at(const struct sim_exchange *x, const struct hvs_buf *bytes)
{
    if (x->value > 0)
        return (size_t)x->value < bytes->len ? (size_t)x->value : bytes->len - 1;
    return x->reply.len ? bytes->len - x->reply.len / 2 - x->reply.len % 2
                        : bytes->len / 2;
}

static bool drip(struct sim_exchange *x, const struct hvs_buf *bytes)
{
    size_t i;

    for (i = 0; i < bytes->len; i++) {
        if (!sim_stream_write(&x->conn->stream, bytes->data + i, 1))
            return false;
        if (i + 1 < bytes->len && !sim_stream_sleep(&x->conn->stream, x->ms))
            return false;
    }
    return true;
}

/* True when all of it went out. */
static bool send_bytes(struct sim_exchange *x, const struct hvs_buf *bytes)
{
    struct sim_stream *stream = &x->conn->stream;

    switch (x->mischief) {
    case SIM_REFUSE: sim_stream_close(stream, true); return false;
    case SIM_RESET_BEFORE:
    case SIM_RESET_READ:
    case SIM_LATE_ACT:
    case SIM_RESET_AFTER: sim_stream_reset(stream); return false;
    case SIM_RESET_WITHIN:
        sim_stream_write(stream, bytes->data, cut_at(x, bytes));
        sim_stream_reset(stream);
        return false;
    case SIM_CLOSE: sim_stream_close(stream, true); return false;
    case SIM_TLS_CUT:
        sim_stream_write(stream, bytes->data, cut_at(x, bytes));
        sim_stream_cut(stream);
        return false;
    case SIM_DUPLICATE:
        if (!sim_stream_write(stream, hvs_buf_str(bytes), bytes->len))
            return false;
        break;
    case SIM_HANG: sim_stream_hang(stream); return false;
    case SIM_DRIP: return drip(x, bytes);
    case SIM_LATE:
        if (!sim_stream_sleep(stream, x->ms))
            return false;
        break;
    default: break;
    }
    return sim_stream_write(stream, hvs_buf_str(bytes), bytes->len);
}

static void cut_reply(struct sim_exchange *x)
{
    struct hvs_buf cut = HVS_BUF_INIT(x->reply.max);

    hvs_buf_add(&cut, hvs_buf_str(&x->reply), x->reply.len / 2);
    hvs_buf_clear(&x->reply);
    x->reply = cut;
}

static void damage_reply(struct sim_exchange *x)
{
    size_t len = x->reply.len;
    char none[] = "";

    sim_damage(x->type.len ? x->type.data : none, x->reply.len ? x->reply.data : none,
               &len, x->value);
    x->reply.len = len;
}

bool sim_exchange_send(struct sim_exchange *x)
{
    struct hvs_buf bytes = HVS_BUF_INIT(1 << 25);
    struct sim_conn *conn = x->conn;
    bool more;

    if (!x->head.keep_alive)
        x->answer.close = true;
    if (x->mischief == SIM_TRUNCATE)
        cut_reply(x);
    if (x->mischief == SIM_DAMAGE)
        damage_reply(x);
    build(x, &bytes);
    /* whoever sees the reply may read the state file at once */
    sim_server_save(conn->server);
    more = !bytes.failed && send_bytes(x, &bytes);
    if (more && x->answer.close) {
        sim_stream_close(&conn->stream, x->unread);
        more = false;
    }
    hvs_buf_clear(&bytes);
    return more;
}
