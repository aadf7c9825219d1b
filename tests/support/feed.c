#include "support/feed_reply.h"

#include "base/err.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1 << 21, TURN_MS = 5, POST_MS = 65000 };

static void skip_word(struct feed *feed)
{
    struct feed_word word;

    feed_next_word(feed, &word);
}

static void broken(struct hvs_posted *posted, int code, const char *text)
{
    posted->net_code = code;
    snprintf(posted->net_text, sizeof(posted->net_text), "%s", text);
}

/* No answer before the post's time, or the run's, or the driver's patience is over. */
static void hang(struct feed *feed, const struct hvs_run *run, const struct feed_how *how,
                 bool change, struct hvs_posted *posted)
{
    int64_t until = feed->now + (how->stop ? (change ? 2000 : 0) : POST_MS);

    if (run->deadline && run->deadline < until)
        until = run->deadline;
    feed->now = until > feed->now ? until : feed->now;
    broken(posted, CURLE_OPERATION_TIMEDOUT, "Timeout was reached");
}

/* May the session's post go out on this connection? */
static bool asked(struct feed *feed, struct hvs_posted *posted)
{
    struct hvs_buf authorization = HVS_BUF_INIT(MOST);

    if (hvs_session_ask(feed->session, feed->connection, NULL, &authorization) < 0)
        posted->refused = true;
    else
        posted->began = true;
    if (authorization.len)
        snprintf(feed->authorization, sizeof(feed->authorization), "%s",
                 hvs_buf_str(&authorization));
    hvs_buf_clear(&authorization);
    if (posted->refused)
        broken(posted, CURLE_ABORTED_BY_CALLBACK, "operation aborted");
    return posted->began;
}

/* Take the words that say how a reply comes, and the one behind them. */
static void next_reply(struct feed *feed, struct hvs_run *run, struct feed_how *how,
                       struct feed_word *word)
{
    struct hvs_error why = {0};
    struct feed_word parts;

    *how = (struct feed_how){0};
    while (feed_next_word(feed, word)) {
        parts = *word;
        feed_split(&parts);
        if (strcmp(parts.args[0], "stop") == 0) {
            hvs_err_set(&why, HVS_USAGE, 2, "stopped by the test");
            hvs_err_class(&why, HVS_CLASS_INTERRUPTED);
            hvs_run_stop(run, &why);
            how->stop = true;
        } else if (strcmp(parts.args[0], "later") == 0) {
            how->later = strtoll(parts.args[1], NULL, 10);
        } else if (strcmp(parts.args[0], "reconnect") == 0) {
            feed->connection++;
        } else if (strcmp(parts.args[0], "acted") == 0) {
            snprintf(how->action, sizeof(how->action), "%s", parts.args[1]);
        } else if (strcmp(parts.args[0], "astray") == 0) {
            how->astray = true;
        } else if (strcmp(parts.args[0], "sealed") == 0) {
            how->sealed = true;
        } else if (strcmp(parts.args[0], "undated") == 0) {
            how->undated = true;
        } else if (strcmp(parts.args[0], "early") == 0) {
            how->early = strtoll(parts.args[1], NULL, 10);
        } else {
            return;
        }
    }
}

/* Keep what is posted. Can it change anything? */
static bool keep_post(struct feed *feed)
{
    struct hvs_post post;
    struct feed_request request;
    const char *what;
    bool change;
    char *text;
    size_t i;

    assert_true(feed->count < FEED_POSTS);
    hvs_session_show(feed->session, &post, &change);
    text = calloc(1, post.len + 1);
    assert_non_null(text);
    feed->posts[feed->count++] = text;
    for (i = 0; i < post.len; i++)
        text[i] = post.body[i] ? post.body[i] : '.'; /* of a frame */
    feed->changes += change;
    feed->connection += post.fresh;
    feed_read_request(&request, feed->posts[feed->count - 1]);
    what = strrchr(request.action, '/');
    what = what ? what + 1 : post.len ? "Identify" : "leg";
    hvs_buf_printf(&feed->log, "%s%s", feed->log.len ? " " : "", what);
    return change;
}

static void answer_post(struct feed *feed, struct hvs_run *run)
{
    struct hvs_posted posted = {.bytes = "", .challenges = ""};
    bool change = keep_post(feed);
    struct feed_word word;
    struct feed_how how;

    next_reply(feed, run, &how, &word);
    hvs_buf_clear(&feed->reply);
    hvs_buf_clear(&feed->challenges);
    feed->now += TURN_MS + how.later;
    if (strcmp(word.text, "unsent") == 0) {
        broken(&posted, CURLE_COULDNT_CONNECT, "Connection refused");
    } else if (!asked(feed, &posted)) {
        /* the word is for the next post; the way it comes was for this one */
        hvs_buf_puts(&feed->log, "(no)");
        feed->at -= strlen(word.text);
    } else if (!word.text[0]) {
        fail_msg("the script is over, and this is posted: %s", hvs_buf_str(&feed->log));
    } else if (strcmp(word.text, "lost") == 0) {
        broken(&posted, CURLE_RECV_ERROR, "Connection reset by peer");
    } else if (strcmp(word.text, "hang") == 0) {
        hang(feed, run, &how, change, &posted);
    } else if (!feed_plain(feed, &word, &posted)) {
        feed_soap(feed, &word, &how, &posted);
    }
    posted.bytes = hvs_buf_str(&feed->reply);
    posted.len = feed->reply.len;
    posted.challenges = hvs_buf_str(&feed->challenges);
    if (posted.status && !how.undated)
        posted.date = (FEED_UTC + feed->now - feed->began - how.early) / 1000 * 1000;
    hvs_run_answer(run, &posted, feed->now);
}

/* Is it now that the script wants the run stopped, or released? */
static void meddle(struct feed *feed, struct hvs_run *run)
{
    struct hvs_error why = {0};

    if (feed_next_is(feed, "nap-go")) {
        skip_word(feed);
        assert_true(hvs_run_is_held(run));
        feed->now += 30000;
        hvs_run_release(run);
        assert_false(hvs_run_is_held(run));
    }
    if (!feed_next_is(feed, "nap-stop"))
        return;
    skip_word(feed);
    hvs_err_set(&why, HVS_USAGE, 2, "stopped by the test");
    hvs_err_class(&why, HVS_CLASS_INTERRUPTED);
    hvs_run_stop(run, &why);
}

static void block(struct feed *feed, struct hvs_run *run)
{
    struct hvs_blocking *blocking = hvs_session_blocking(feed->session);

    meddle(feed, run);
    if (feed_next_is(feed, "hang")) {
        skip_word(feed);
        assert_true(run->deadline > 0);
        feed->now = run->deadline;
        blocking->free(blocking);
    } else if (run->stop.domain) {
        blocking->free(blocking);
    } else {
        blocking->work(blocking);
        hvs_session_unblock(feed->session, blocking);
    }
    hvs_run_answer(run, NULL, feed->now);
}

static void nap(struct feed *feed, struct hvs_run *run)
{
    int64_t until;

    meddle(feed, run);
    until = run->wake;
    if (run->deadline && run->deadline < until)
        until = run->deadline;
    if (run->stop.domain || until < feed->now)
        until = feed->now;
    if (run->started) {
        assert_true(feed->naps < FEED_POSTS);
        feed->nap[feed->naps++] = until - feed->now;
    }
    feed->now = until;
    hvs_run_answer(run, NULL, feed->now);
}

/* "1 2 3": the files of the folder that are there. */
static const char *numbered(const struct feed *feed, char out[200])
{
    char name[32], *text;
    size_t used = 0;
    unsigned n;

    out[0] = '\0';
    for (n = 1; used < 190; n++) {
        snprintf(name, sizeof(name), "%u.xml", n);
        text = feed_file(feed->folder, name);
        if (!text)
            break;
        free(text);
        used += (size_t)snprintf(out + used, 200 - used, " %u", n);
    }
    return out;
}

void feed_run(struct feed *feed, struct hvs_run *run, const char *script)
{
    enum { MOST_TURNS = 2000 };
    unsigned turns = 0;
    char files[200];

    feed->session = run->session;
    feed->log.max = feed->reply.max = feed->challenges.max = MOST;
    feed->connection = feed->connection ? feed->connection : 1;
    feed->began = feed->now = run->now;
    feed->at = script ? script : numbered(feed, files);
    while (run->todo != HVS_END) {
        assert_true(turns++ < MOST_TURNS);
        switch (run->todo) {
        case HVS_POST: answer_post(feed, run); break;
        case HVS_BLOCK: block(feed, run); break;
        case HVS_SLEEP: nap(feed, run); break;
        case HVS_END: break;
        }
    }
    feed->at += strspn(feed->at, " ");
    if (*feed->at)
        fail_msg("the run ended before this: %s", feed->at);
}

struct hvs_session *feed_session(struct hvs_mech *mech, bool tls)
{
    struct hvs_credentials who = {.user = "admin",
                                  .domain = "HV01",
                                  .password = "secret"};
    struct hvs_session_opts opts = {.host = "hv01",
                                    .to = "https://hv01:5986/wsman",
                                    .language = "en-US",
                                    .tls = tls};
    struct hvs_session *session;
    struct hvs_error err = {0};

    opts.mech = mech ? mech : hvs_basic_new(&who, &err);
    assert_non_null(opts.mech);
    session = hvs_session_new(&opts, &err);
    assert_non_null(session);
    return session;
}

void feed_op(struct feed *feed, struct hvs_run *run, struct hvs_op *op,
             const char *script)
{
    enum { BEGIN = 1000 };

    if (!feed->session)
        feed->session = feed->own = feed_session(NULL, true);
    run->session = feed->session;
    hvs_run_start(run, op, feed->now ? feed->now : BEGIN);
    feed_run(feed, run, script);
    hvs_run_clear(run);
}

const char *feed_naps(struct feed *feed)
{
    size_t i;

    hvs_buf_clear(&feed->slept);
    feed->slept.max = MOST;
    for (i = 0; i < feed->naps; i++)
        hvs_buf_printf(&feed->slept, "%s%lld", i ? " " : "", (long long)feed->nap[i]);
    return hvs_buf_str(&feed->slept);
}

struct hvs_client *feed_client(uint32_t timeout_ms)
{
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_client *client = NULL;
    struct hvs_error err = {0};

    opts.host = "hv01";
    opts.auth = HVS_AUTH_BASIC;
    opts.user = "HV01\\admin";
    opts.password = "secret";
    opts.timeout_ms = timeout_ms;
    assert_int_equal(hvs_client_open(&client, &opts, &err), 0);
    return client;
}

const char *feed_post(const struct feed *feed, size_t n)
{
    return n < feed->count ? feed->posts[n] : "";
}

size_t feed_count(const struct feed *feed, const char *action)
{
    const char *at = hvs_buf_str(&feed->log);
    size_t count = 0, len;

    for (; *at; at += len + (at[len] == ' ')) {
        len = strcspn(at, " ");
        count += len == strlen(action) && strncmp(at, action, len) == 0;
    }
    return count;
}

void feed_clear(struct feed *feed)
{
    while (feed->count)
        free(feed->posts[--feed->count]);
    hvs_buf_clear(&feed->log);
    hvs_buf_clear(&feed->reply);
    hvs_buf_clear(&feed->challenges);
    hvs_buf_clear(&feed->slept);
    hvs_session_free(feed->own);
    feed->own = NULL;
}
