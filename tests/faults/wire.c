#include "faults/wire.h"

#include "auth/frame.h"
#include "hvsim/damage.h"
#include "hyperv/client.h"
#include "support/fake_mech.h"
#include "support/feed.h"
#include "wsman/envelope.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TURN_MS = 5, POST_MS = (HVS_OPERATION_TIMEOUT_S + 5) * 1000, MOST_TURNS = 20000 };
enum { MOST = 64 << 20 };

/* The first moment of the virtual clock, as the host shows it. */
static const int64_t epoch = FEED_UTC;

static const char account[] = "HVTEST\\hvuser";

/* Of the host: its channel binding is made from it. */
static const char wire_certificate[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBdDCCARmgAwIBAgIUVqrfnH+lB4EbxDgmmFh8Pv+EiXQwCgYIKoZIzj0EAwIw\n"
    "DzENMAsGA1UEAwwEaHYwMTAeFw0yNjExMjMwMzUwMDhaFw0zNjExMjAwMzUwMDha\n"
    "MA8xDTALBgNVBAMMBGh2MDEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATqBCD2\n"
    "U/SYaXF4zUM32FWJjLZHdu5xs97ObO0KvxyOENW5lWTYsJPzzFEl/mB6Z/8QSAzA\n"
    "qJZZYEobSSGDh7vjo1MwUTAdBgNVHQ4EFgQU/lx+34tBoV3yvKZw0/wv1GgVBT4w\n"
    "HwYDVR0jBBgwFoAU/lx+34tBoV3yvKZw0/wv1GgVBT4wDwYDVR0TAQH/BAUwAwEB\n"
    "/zAKBggqhkjOPQQDAgNJADBGAiEAmFexIsZ/H5/jVbc/taMdPWxGwuQXmGxXu/JF\n"
    "x5WXLZcCIQDwLbDUz1kwYNM3ap9yUQt4PVQYiMmcgW3LhXFNoQHsFg==\n"
    "-----END CERTIFICATE-----\n";

static int64_t now_of(void *arg)
{
    const struct wire *wire = arg;

    return epoch + wire->now;
}

static struct hvs_session *new_session(enum wire_login login)
{
    struct fake_mech *fake = fake_mech_new();

    assert_non_null(fake);
    snprintf(fake->mech.evidence.account, sizeof(fake->mech.evidence.account), "hvuser");
    snprintf(fake->mech.evidence.domain, sizeof(fake->mech.evidence.domain), "HVTEST");
    fake->blocks = true;
    return feed_session(&fake->mech, login != WIRE_SEALED);
}

void wire_open(struct wire *wire, const char *file, enum wire_login login,
               uint32_t timeout_ms)
{
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_error err = {0};

    *wire = (struct wire){.login = login,
                          .reply = HVS_BUF_INIT(MOST),
                          .challenges = HVS_BUF_INIT(4096),
                          .waiting = HVS_BUF_INIT(MOST)};
    wire->world = sim_world_new(file, now_of, wire, &err);
    assert_non_null(wire->world);
    wire->host = sim_world_host(wire->world, 0);
    opts.host = "hv01";
    opts.auth = HVS_AUTH_BASIC;
    opts.user = account;
    opts.password = "secret";
    opts.timeout_ms = timeout_ms;
    assert_int_equal(hvs_client_open(&wire->client, &opts, &err), 0);
    if (login != WIRE_BASIC) {
        hvs_session_free(wire->client->session);
        wire->client->session = new_session(login);
    }
}

void wire_close(struct wire *wire)
{
    hvs_client_close(wire->client);
    sim_world_free(wire->world);
    hvs_buf_clear(&wire->reply);
    hvs_buf_clear(&wire->challenges);
    hvs_buf_clear(&wire->waiting);
}

void wire_set(struct wire *wire, const char *assignment)
{
    struct hvs_error err = {0};

    if (sim_world_set(wire->world, assignment, &err) < 0)
        fail_msg("%s: %s", assignment, err.message);
}

static void broken(struct wire *wire, struct hvs_posted *posted, CURLcode code)
{
    posted->net_code = (int)code;
    snprintf(posted->net_text, sizeof(posted->net_text), "%s", curl_easy_strerror(code));
    posted->status = 0;
    wire->open = false;
    hvs_buf_clear(&wire->reply);
    hvs_buf_clear(&wire->challenges);
}

/* It broke without a byte. On a connection that was used before, libcurl posts again by
 * itself, on a new one, and our refusal of that is all that it tells. */
static void cut_off(struct wire *wire, struct hvs_posted *posted)
{
    broken(wire, posted, wire->carried ? CURLE_ABORTED_BY_CALLBACK : CURLE_RECV_ERROR);
}

/* No answer before the post's time, or the run's, is over. */
static void timed_out(struct wire *wire, const struct hvs_run *run,
                      struct hvs_posted *posted)
{
    int64_t until = wire->now + POST_MS;

    if (run->deadline > wire->now && run->deadline < until)
        until = run->deadline;
    wire->now = until;
    broken(wire, posted, CURLE_OPERATION_TIMEDOUT);
}

/* It comes, but so much later: perhaps too late. */
static void delayed(struct wire *wire, const struct hvs_run *run,
                    struct hvs_posted *posted, int64_t ms)
{
    if (ms >= POST_MS || (run->deadline && wire->now + ms >= run->deadline))
        timed_out(wire, run, posted);
    else
        wire->now += ms;
}

static void bare(struct wire *wire, struct hvs_posted *posted, int status)
{
    posted->status = status;
    hvs_buf_clear(&wire->reply);
    if (status == 401) {
        wire->in = false;
        hvs_buf_puts(&wire->challenges, "Negotiate\nBasic realm=\"WSMAN\"\n");
    }
}

static void typed(struct hvs_posted *posted, const char *type)
{
    snprintf(posted->content_type, sizeof(posted->content_type), "%s", type);
}

static struct hvs_mech *mech_of(const struct wire *wire)
{
    return (struct hvs_mech *)hvs_session_mech(wire->client->session);
}

/* The host's side of a login: what the fake mechanism wants to hear. */
static void answer_leg(struct wire *wire, const char *authorization,
                       struct hvs_posted *posted)
{
    if (strstr(authorization, " dHdv")) { /* two */
        wire->in = true;
        posted->status = 200;
        hvs_buf_puts(&wire->challenges, "Negotiate cHJvb2Y=\n"); /* proof */
    } else {
        mech_of(wire)->evidence.host_ms = sim_host_clock(wire->host);
        posted->status = 401;
        hvs_buf_puts(&wire->challenges, "Negotiate bW9yZQ==\n"); /* more */
    }
}

static void seal(struct wire *wire, struct hvs_posted *posted)
{
    struct hvs_buf frame = HVS_BUF_INIT(MOST);
    struct hvs_error err = {0};

    typed(posted, "application/soap+xml;charset=UTF-8");
    if (wire->login != WIRE_SEALED)
        return;
    assert_int_equal(hvs_frame_seal(mech_of(wire), hvs_buf_str(&wire->reply),
                                    wire->reply.len, &frame, &err),
                     0);
    hvs_buf_clear(&wire->reply);
    hvs_buf_add(&wire->reply, hvs_buf_str(&frame), frame.len);
    hvs_buf_clear(&frame);
    typed(posted, HVS_FRAME_TYPE);
}

/* What the rules want done to the exchange, now that it was answered. */
static void spoil(struct wire *wire, const struct hvs_run *run,
                  const struct sim_reply *reply, struct hvs_posted *posted)
{
    static const char html[] = "<html><body>It works!</body></html>";

    switch (reply->mischief) {
    case SIM_NONE: break;
    case SIM_REFUSE: broken(wire, posted, CURLE_COULDNT_CONNECT); break;
    case SIM_RESET_BEFORE:
    case SIM_RESET_READ:
    case SIM_RESET_AFTER:
    case SIM_LATE_ACT: cut_off(wire, posted); break;
    case SIM_RESET_WITHIN: broken(wire, posted, CURLE_RECV_ERROR); break;
    case SIM_LATE: delayed(wire, run, posted, reply->ms); break;
    case SIM_DRIP:
        delayed(wire, run, posted, reply->ms * (int64_t)wire->reply.len);
        break;
    case SIM_HANG: timed_out(wire, run, posted); break;
    case SIM_TRUNCATE: broken(wire, posted, CURLE_PARTIAL_FILE); break;
    case SIM_HTML:
        posted->status = 200;
        typed(posted, "text/html");
        hvs_buf_clear(&wire->reply);
        hvs_buf_puts(&wire->reply, html);
        break;
    case SIM_GARBAGE:
        hvs_buf_clear(&wire->reply);
        hvs_buf_puts(&wire->reply, "\x01\x02 no XML");
        break;
    case SIM_STATUS:
    case SIM_BARE: bare(wire, posted, reply->value); break;
    case SIM_DUPLICATE:
        hvs_buf_clear(&wire->waiting);
        hvs_buf_add(&wire->waiting, hvs_buf_str(&wire->reply), wire->reply.len);
        wire->waiting_status = posted->status;
        break;
    case SIM_CLOSE:
        if (wire->carried)
            cut_off(wire, posted);
        else
            broken(wire, posted, CURLE_GOT_NOTHING);
        break;
    case SIM_TLS_CUT: broken(wire, posted, CURLE_PARTIAL_FILE); break;
    case SIM_DAMAGE:
        if (wire->reply.len)
            sim_damage(posted->content_type, wire->reply.data, &wire->reply.len,
                       reply->value);
        break;
    }
}

/* The client reads what comes first: a second copy of the reply before, if there is. */
static void take_turns(struct wire *wire, struct hvs_posted *posted)
{
    struct hvs_buf own = HVS_BUF_INIT(MOST);
    int status = posted->status;

    if (!wire->waiting.len || !wire->open)
        return;
    hvs_buf_add(&own, hvs_buf_str(&wire->reply), wire->reply.len);
    hvs_buf_clear(&wire->reply);
    hvs_buf_add(&wire->reply, hvs_buf_str(&wire->waiting), wire->waiting.len);
    posted->status = wire->waiting_status;
    hvs_buf_clear(&wire->waiting);
    hvs_buf_add(&wire->waiting, hvs_buf_str(&own), own.len);
    wire->waiting_status = status;
    hvs_buf_clear(&own);
}

static void answer_request(struct wire *wire, const struct hvs_run *run,
                           const struct hvs_post *post, struct hvs_posted *posted)
{
    struct hvs_buf plain = HVS_BUF_INIT(MOST);
    struct sim_request request = {.account = account};
    struct sim_reply reply;
    struct hvs_error err = {0};

    if (wire->login != WIRE_BASIC && !wire->in) {
        bare(wire, posted, 401);
        return;
    }
    if (wire->login == WIRE_SEALED)
        assert_int_equal(hvs_frame_open(mech_of(wire), post->body, post->len, &plain,
                                        &err),
                         0);
    else
        hvs_buf_add(&plain, post->body, post->len);
    request.body = hvs_buf_str(&plain);
    request.len = plain.len;
    sim_host_answer(wire->host, &request, &reply);
    hvs_buf_clear(&plain);
    posted->status = reply.status;
    hvs_buf_add(&wire->reply, hvs_buf_str(&reply.body), reply.body.len);
    seal(wire, posted);
    hvs_buf_clear(&reply.body);
    take_turns(wire, posted);
    spoil(wire, run, &reply, posted);
}

/* Everything from connecting to the end of the reply. */
static void exchange(struct wire *wire, const struct hvs_run *run,
                     const struct hvs_post *post, struct hvs_posted *posted)
{
    struct hvs_buf authorization = HVS_BUF_INIT(65536);
    struct sim_reply early = {.status = 200};

    if (!wire->open || post->fresh) {
        wire->connection++;
        wire->open = true;
        wire->in = false;
        wire->carried = 0;
        hvs_buf_clear(&wire->waiting);
    }
    if (wire->resolver_hangs && wire->posts == wire->resolver_hangs) {
        timed_out(wire, run, posted);
        return;
    }
    if (hvs_session_ask(wire->client->session, wire->connection, wire_certificate,
                        &authorization) < 0) {
        posted->refused = true;
        broken(wire, posted, CURLE_ABORTED_BY_CALLBACK);
        hvs_buf_clear(&authorization);
        return;
    }
    early.mischief = sim_host_before(wire->host, post->len ? "request" : "login",
                                     &early.ms, &early.value);
    posted->began = early.mischief != SIM_REFUSE;
    if (early.mischief != SIM_NONE)
        spoil(wire, run, &early, posted);
    else if (post->len)
        answer_request(wire, run, post, posted);
    else
        answer_leg(wire, hvs_buf_str(&authorization), posted);
    hvs_buf_clear(&authorization);
}

static void work_post(struct wire *wire, struct hvs_run *run)
{
    struct hvs_posted posted = {.bytes = "", .challenges = ""};
    struct hvs_post post;
    bool change;

    wire->posts++;
    hvs_buf_clear(&wire->reply);
    hvs_buf_clear(&wire->challenges);
    hvs_session_show(run->session, &post, &change);
    if (change && wire->change_count < COUNT(wire->changes))
        wire->changes[wire->change_count++] = (unsigned)wire->host->requests + 1;
    exchange(wire, run, &post, &posted);
    wire->now += TURN_MS;
    wire->carried++;
    if (posted.status) {
        posted.date = sim_host_clock(wire->host) / 1000 * 1000 + wire->date_ms;
        posted.bytes = hvs_buf_str(&wire->reply);
        posted.len = wire->reply.len;
        posted.challenges = hvs_buf_str(&wire->challenges);
    }
    hvs_run_answer(run, &posted, wire->now);
}

static void work_block(struct wire *wire, struct hvs_run *run)
{
    struct hvs_blocking *blocking = hvs_session_blocking(run->session);

    if (wire->kdc_hangs && run->deadline > wire->now) {
        wire->now = run->deadline;
        blocking->free(blocking);
    } else {
        blocking->work(blocking);
        hvs_session_unblock(run->session, blocking);
    }
    hvs_run_answer(run, NULL, wire->now);
}

static void work_sleep(struct wire *wire, struct hvs_run *run)
{
    int64_t until = run->wake;

    if (run->deadline > wire->now && run->deadline < until)
        until = run->deadline;
    wire->now = until > wire->now ? until : wire->now;
    hvs_run_answer(run, NULL, wire->now);
}

void wire_run(struct wire *wire, struct hvs_run *run)
{
    unsigned turns = 0;

    /* the run was begun on the real clock: move it to ours */
    if (run->deadline)
        run->deadline = wire->now + (run->deadline - run->now);
    run->wake = run->now = run->began = wire->began = wire->now;
    while (run->todo != HVS_END && turns++ < MOST_TURNS) {
        switch (run->todo) {
        case HVS_POST: work_post(wire, run); break;
        case HVS_BLOCK: work_block(wire, run); break;
        case HVS_SLEEP: work_sleep(wire, run); break;
        case HVS_END: break;
        }
    }
    wire->endless = run->todo != HVS_END;
    wire->ended = wire->now;
}

void wire_pass(struct wire *wire, int64_t ms)
{
    wire->now += ms;
    sim_host_advance(wire->host);
}
