#include "support/fake_mech.h"
#include "support/feed.h"

#include "wsman/envelope.h"
#include "wsman/lockout.h"
#include "wsman/names.h"

#include <stdlib.h>
#include <string.h>

/* An operation that asks for a job so and so often, and keeps what went wrong last. */
struct ask {
    struct hvs_op op;
    enum hvs_effect effect;
    unsigned left;
    const char *resource;
};

static enum hvs_want ask_step(struct hvs_op *op, struct hvs_run *run,
                              const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_request_kind kind = {.template = "get-job", .action = HVS_ACTION_GET};
    const struct hvs_param params[] = {{"INSTANCE_ID", "x"}};
    struct ask *self = (struct ask *)op;

    if (event->why == HVS_FAILED)
        return hvs_fail(err, event->cause);
    if (!self->left--)
        return HVS_DONE;
    kind.effect = self->effect;
    run->request.resource = self->resource ? self->resource : "urn:x";
    if (hvs_request_fill(&run->request, &kind, params, 1, err) < 0)
        return HVS_FAIL;
    return HVS_SEND;
}

#define MORE "401|Negotiate_bW9yZQ== "  /* "more" */
#define PROOF "200|Negotiate_cHJvb2Y= " /* "proof" */
#define LOGIN MORE PROOF
#define JOB "job|7|100|0 "

struct session_case {
    const char *name;
    const char
        *with; /* "twice" (two requests), "pull", "bad", "clear" (sealed), "blocks",
                         "kdc-fails", "at-once", "ms=TIMEOUT" */
    const char *script;
    const char *posts;
    enum hvs_domain domain; /* HVS_OK: it must end well */
    const char *says;
};

static const struct session_case cases[] = {
    {"a login, a request", "", LOGIN JOB, "leg leg Get", HVS_OK, ""},
    {"a request that cannot be written", "bad", LOGIN, "leg leg", HVS_USAGE,
     "RESOURCE holds the character U+0001"},
    {"one login for two requests", "twice", LOGIN JOB JOB, "leg leg Get Get", HVS_OK, ""},
    {"let in at once", "at-once", "200 " JOB, "leg Get", HVS_OK, ""},
    {"something blocking comes first", "blocks", LOGIN JOB, "leg leg Get", HVS_OK, ""},
    {"and fails", "kdc-fails", "", "", HVS_AUTH, "the KDC says no"},
    {"and hangs", "blocks ms=3000", "hang", "", HVS_NET,
     "no answer from the KDC: the time was over"},
    {"stopped while it blocks", "blocks", "nap-stop", "", HVS_USAGE,
     "stopped by the test"},

    {"let in without a proof", "", MORE "200 ", "leg leg", HVS_AUTH,
     "let us in without proving who it is"},
    {"let in with a question", "", "200|Negotiate_bW9yZQ==", "leg", HVS_AUTH,
     "let us in without proving who it is"},
    {"a token that makes no sense", "", "401|Negotiate_eHh4 ", "leg leg(no)", HVS_AUTH,
     "the host's token makes no sense"},
    {"a last token that makes no sense", "", MORE "200|Negotiate_eHh4", "leg leg",
     HVS_AUTH, "the host's last token: the host's token makes no sense"},
    {"refused", "", MORE "401|Negotiate", "leg leg", HVS_AUTH,
     "'hv01' refused to log in"},
    {"refused at the first leg", "", "401|Negotiate", "leg", HVS_AUTH,
     "refused to log in"},
    {"not offered", "", "401|Kerberos,_Basic_realm=\"x\"", "leg", HVS_AUTH,
     "'hv01' does not offer Negotiate; it offers: Kerberos, Basic"},
    {"nothing is offered", "", "401", "leg", HVS_AUTH, "it offers: nothing"},
    {"a login that ends with 404", "", "http|404", "leg", HVS_HTTP, "there is no /wsman"},
    {"a login that ends with 500", "", MORE "http|500", "leg leg", HVS_HTTP, "HTTP 500"},

    {"another connection in the middle of a login", "", MORE "reconnect " LOGIN JOB,
     "leg leg(no) leg leg Get", HVS_OK, ""},
    {"a login that comes to no end", "pull",
     MORE "reconnect " MORE "reconnect " MORE "reconnect " MORE "reconnect",
     "leg leg(no) leg leg(no) leg leg(no) leg leg(no)", HVS_NET,
     "closes its connections in the middle of a login"},
    {"another connection between two requests", "twice", LOGIN JOB "reconnect " LOGIN JOB,
     "leg leg Get Get(no) leg leg Get", HVS_OK, ""},
    {"another connection each time", "pull",
     LOGIN "reconnect " LOGIN "reconnect " LOGIN "reconnect " LOGIN "reconnect",
     "leg leg Get(no) leg leg Get(no) leg leg Get(no) leg leg Get(no)", HVS_NET,
     "'hv01': "},
    {"the login is forgotten", "twice", LOGIN JOB "401|Negotiate " LOGIN JOB,
     "leg leg Get Get leg leg Get", HVS_OK, ""},
    {"the login is forgotten at once", "", LOGIN "401|Negotiate " LOGIN "401|Negotiate",
     "leg leg Get leg leg Get", HVS_AUTH, "refused to log in"},

    {"503 in the first leg", "", "http|503 " LOGIN JOB, "leg leg leg Get", HVS_OK, ""},
    {"lost in a leg", "", MORE "lost " LOGIN JOB, "leg leg leg leg Get", HVS_OK, ""},
    {"nobody is there: not waited for", "", "unsent", "leg", HVS_NET,
     "nothing answers there"},
    {"nobody is there any more: waited for", "twice",
     LOGIN JOB "unsent unsent " LOGIN JOB, "leg leg Get Get leg leg leg Get", HVS_OK, ""},

    {"a read that is lost is repeated, on a login of its own", "",
     LOGIN "lost " LOGIN JOB, "leg leg Get leg leg Get", HVS_OK, ""},
    {"503 three times", "", LOGIN "http|503 http|503 http|503 " JOB,
     "leg leg Get Get Get Get", HVS_OK, ""},
    {"503 four times", "", LOGIN "http|503 http|503 http|503 http|503",
     "leg leg Get Get Get Get", HVS_HTTP, "HTTP 503"},
    {"each read has tries of its own", "twice",
     LOGIN "http|503 http|503 " JOB "http|503 http|503 " JOB,
     "leg leg Get Get Get Get Get Get", HVS_OK, ""},
    {"a fault that passes", "", LOGIN "fault|0x803381A6|w:InternalError " JOB,
     "leg leg Get Get", HVS_OK, ""},
    {"a fault that stays", "", LOGIN "fault|5|w:AccessDenied", "leg leg Get", HVS_SOAP,
     "0x00000005"},
    {"a fault that nobody knows", "", LOGIN "fault|0x80339999|w:Odd", "leg leg Get",
     HVS_SOAP, "0x80339999"},
    {"another message's reply: a new connection, and so a new login", "",
     LOGIN "astray " JOB LOGIN JOB, "leg leg Get leg leg Get", HVS_OK, ""},
    {"another action's reply: likewise", "", LOGIN "acted|urn:x " JOB LOGIN JOB,
     "leg leg Get leg leg Get", HVS_OK, ""},
    {"HTML is no WinRM", "", LOGIN "html|200", "leg leg Get", HVS_HTTP, "text/html"},
    {"an empty 500", "", LOGIN "http|500", "leg leg Get", HVS_HTTP, "HTTP 500"},
    {"too large", "", LOGIN "huge", "leg leg Get", HVS_HTTP,
     "more than the 2097152 bytes"},
    {"a Pull is never repeated", "pull", LOGIN "http|503", "leg leg Get", HVS_HTTP,
     "HTTP 503"},
    {"nor when it is lost", "pull", LOGIN "lost", "leg leg Get", HVS_NET, "broke"},
    {"but sent again when it was not taken", "pull", LOGIN "401|Negotiate " LOGIN JOB,
     "leg leg Get leg leg Get", HVS_OK, ""},

    {"sealed", "clear twice", LOGIN "sealed " JOB "sealed " JOB, "leg leg Get Get",
     HVS_OK, ""},
    {"a clear answer is not believed, nor asked for again", "clear", LOGIN JOB,
     "leg leg Get", HVS_AUTH, "which is not believed"},
    {"a bare 401 to a sealed Pull is no word of the host's", "clear pull",
     LOGIN "http|401", "leg leg Get", HVS_NET, "401 in the middle of a session"},
    {"a clear status is", "clear", LOGIN "http|503 sealed " JOB, "leg leg Get Get",
     HVS_OK, ""},
    {"lost, and sealed anew on a new login", "clear", LOGIN "lost " LOGIN "sealed " JOB,
     "leg leg Get leg leg Get", HVS_OK, ""},

    {"stopped in a leg", "", "stop " MORE, "leg", HVS_USAGE, "stopped by the test"},
    {"stopped in a request, and the reply came", "", LOGIN "stop " JOB, "leg leg Get",
     HVS_OK, ""},
    {"stopped between two", "twice", LOGIN "stop " JOB, "leg leg Get", HVS_USAGE,
     "stopped by the test"},
    {"stopped while it pauses", "", LOGIN "http|503 nap-stop", "leg leg Get", HVS_USAGE,
     "stopped by the test"},
    {"late in a leg", "ms=2000", "hang", "leg", HVS_NET,
     "no answer to the login from 'hv01': the time was over"},
    {"late in a request", "ms=2000", LOGIN "hang", "leg leg Get", HVS_NET,
     "no answer from 'hv01': the time was over"},
    {"late while it pauses", "ms=100", LOGIN "http|503", "leg leg Get", HVS_NET,
     "the time was over"},
};

static void run_ask(struct feed *feed, struct hvs_run *run, const char *with,
                    const char *script)
{
    struct ask ask = {.op.step = ask_step,
                      .effect = strstr(with, "pull") ? HVS_PULL : HVS_READ,
                      .left = strstr(with, "twice") ? 2 : 1,
                      .resource = strstr(with, "bad") ? "urn:\x01" : NULL};
    const char *ms = strstr(with, "ms=");

    if (ms)
        run->deadline = 1000 + strtoll(ms + 3, NULL, 10);
    feed_op(feed, run, &ask.op, script);
}

static void test_session(void **state)
{
    const struct session_case *row = *state;
    struct fake_mech *fake = fake_mech_new();
    struct hvs_run run = {0};
    struct feed feed = {0};

    fake->blocks = strstr(row->with, "blocks") || strstr(row->with, "kdc-fails");
    fake->blocked_bad = strstr(row->with, "kdc-fails") != NULL;
    fake->at_once = strstr(row->with, "at-once") != NULL;
    feed.session = feed_session(&fake->mech, !strstr(row->with, "clear"));
    run_ask(&feed, &run, row->with, row->script);
    assert_err(&run.err, row->domain, row->says);
    if (row->posts)
        assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    hvs_session_free(feed.session);
    feed_clear(&feed);
}

/* The ticket may have run out since the last login: each one asks for what it needs. */
static void test_prepared_anew(void **state)
{
    struct fake_mech *fake = fake_mech_new();
    struct hvs_run run = {0};
    struct feed feed = {0};

    (void)state;
    fake->blocks = true;
    feed.session = feed_session(&fake->mech, true);
    run_ask(&feed, &run, "twice", LOGIN JOB "401|Negotiate " LOGIN JOB);
    assert_int_equal(run.err.domain, HVS_OK);
    assert_int_equal(fake->prepares, 2);
    hvs_session_free(feed.session);
    feed_clear(&feed);
}

/* An account that was refused is never tried again: it would be locked. */
static void test_denied_for_good(void **state)
{
    struct hvs_run first = {0}, second = {0};
    struct feed feed = {0};

    (void)state;
    feed.session = feed_session(&fake_mech_new()->mech, true);
    run_ask(&feed, &first, "", MORE "401|Negotiate,_Kerberos");
    run_ask(&feed, &second, "", "");
    assert_string_equal(hvs_buf_str(&feed.log), "leg leg");
    assert_err(&second.err, HVS_AUTH, "'hv01' refused to log in '' by ntlm");
    assert_string_equal(second.err.detail, "the host offers: Negotiate, Kerberos");
    assert_int_equal(second.err.class_, HVS_CLASS_AUTH);
    hvs_session_free(feed.session);
    feed_clear(&feed);
}

/* Where a login came to nothing the host may wait for its next leg: another one there
 * would be refused, and the account with it. */
static void test_login_elsewhere(void **state)
{
    static const struct {
        const char *script;
        uint64_t connection;
    } rows[] = {
        {LOGIN JOB, 1},
        {MORE "http|503 " LOGIN JOB, 2},
        {"http|503 " LOGIN JOB, 2},
        {LOGIN "http|503 " JOB, 1},
    };
    struct hvs_run first = {0}, second = {0};
    struct feed stopped = {0};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); i++) {
        struct hvs_run run = {0};
        struct feed feed = {0};

        feed.session = feed_session(&fake_mech_new()->mech, true);
        run_ask(&feed, &run, "", rows[i].script);
        assert_int_equal(run.err.domain, HVS_OK);
        assert_int_equal(feed.connection, rows[i].connection);
        hvs_session_free(feed.session);
        feed_clear(&feed);
    }
    stopped.session = feed_session(&fake_mech_new()->mech, true);
    run_ask(&stopped, &first, "", "stop " MORE);
    run_ask(&stopped, &second, "", LOGIN JOB);
    assert_int_equal(second.err.domain, HVS_OK);
    assert_int_equal(stopped.connection, 2);
    hvs_session_free(stopped.session);
    feed_clear(&stopped);
}

/* Each post of a read is an envelope of its own, and nothing else differs. */
static void test_fresh_envelope(void **state)
{
    const char *first, *last;
    struct hvs_run run = {0};
    struct feed feed = {0};

    (void)state;
    feed.session = feed_session(&fake_mech_new()->mech, true);
    run_ask(&feed, &run, "", LOGIN "reconnect " LOGIN "lost " LOGIN JOB);
    assert_string_equal(hvs_buf_str(&feed.log),
                        "leg leg Get(no) leg leg Get leg leg Get");
    first = strstr(feed_post(&feed, 5), "<a:MessageID>");
    last = strstr(feed_post(&feed, 8), "<a:MessageID>");
    assert_memory_not_equal(first, last, 60);
    assert_string_equal(strstr(first, "</a:MessageID>"), strstr(last, "</a:MessageID>"));
    assert_string_equal(feed_post(&feed, 0), ""); /* a leg has no body */
    hvs_session_free(feed.session);
    feed_clear(&feed);
}

/* Longer each time, and each time a little different. */
static void test_back_off(void **state)
{
    struct hvs_run run = {0};
    struct feed feed = {0};
    int64_t ms = 250;
    size_t i;

    (void)state;
    run_ask(&feed, &run, "", "http|503 http|503 http|503 http|503");
    assert_int_equal(feed.naps, 3);
    for (i = 0; i < 3; i++, ms *= 4)
        assert_in_range(feed.nap[i], ms / 2, ms * 3 / 2);
    feed_clear(&feed);
}

static void test_evidence(void **state)
{
    const struct hvs_evidence *seen;
    struct hvs_run run = {0};
    struct feed feed = {0};
    unsigned i;

    (void)state;
    feed.session = feed_session(&fake_mech_new()->mech, true);
    run_ask(&feed, &run, "",
            "401|Negotiate_bW9yZQ==,_Kerberos 200|Negotiate_cHJvb2Y= " JOB);
    seen = hvs_session_evidence(feed.session);
    assert_string_equal(seen->mechanism, "ntlm");
    assert_int_equal(seen->requests, 3);
    assert_int_equal(seen->logins, 2);
    assert_int_equal(seen->hop_count, 3);
    assert_true(seen->hops[0].login);
    assert_int_equal(seen->hops[0].status, 401);
    assert_string_equal(seen->hops[0].schemes, "Negotiate, Kerberos");
    assert_true(seen->hops[0].host_clock == FEED_UTC);
    assert_false(seen->hops[2].login);
    /* of many, the last ones */
    for (i = 0; i < 20; i++) {
        struct hvs_run more = {0};

        run_ask(&feed, &more, "", "later|1000 " JOB);
    }
    seen = hvs_session_evidence(feed.session);
    assert_int_equal(seen->requests, 23);
    assert_int_equal(seen->hop_count, COUNT(seen->hops));
    assert_true(seen->hops[0].host_clock > FEED_UTC);
    hvs_session_free(feed.session);
    feed_clear(&feed);
}

/* What is believed of a Date, over clear HTTP after a login that told the time. */
struct date_case {
    const char *name;
    bool tls;
    int64_t host_ms; /* by the login: after FEED_UTC; -1: none */
    const char *script;
    int64_t time; /* after FEED_UTC; -1: unknown */
};

static const struct date_case dates[] = {
    {"over TLS it is the host's", true, -1, LOGIN JOB, 0},
    {"whatever the login said", true, 90000, LOGIN JOB, 0},
    {"sealed, and it agrees", false, 2000, LOGIN "sealed " JOB, 2000},
    {"a little late", false, 0, LOGIN "later|7000 sealed " JOB, 7000},
    {"sealed, and moved", false, 0, LOGIN "sealed early|6000 " JOB, -1},
    {"and forward", false, 0, LOGIN "sealed early|-6000 " JOB, -1},
    {"the login told no time, and our own clock is far off", false, -1,
     LOGIN "sealed " JOB, -1},
    {"it comes with a reply that nobody sealed", false, 0,
     LOGIN "http|503 sealed undated " JOB, -1},
};

static void test_date(void **state)
{
    const struct date_case *row = *state;
    struct fake_mech *fake = fake_mech_new();
    struct hvs_run run = {0};
    struct feed feed = {0};
    const struct hvs_evidence *seen;

    if (row->host_ms >= 0)
        fake->mech.evidence.host_ms = FEED_UTC + row->host_ms;
    feed.session = feed_session(&fake->mech, row->tls);
    run_ask(&feed, &run, "", row->script);
    assert_err(&run.err, HVS_OK, "");
    seen = hvs_session_evidence(feed.session);
    assert_int_equal(seen->clock_known, row->time >= 0);
    assert_int_equal(run.host_time, row->time < 0 ? 0 : FEED_UTC + row->time);
    hvs_session_free(feed.session);
    feed_clear(&feed);
}

/* The first of two legs tells nobody the password; the second waits while another session
 * tries it, though not for ever. */
static void test_turn(void **state)
{
    struct hvs_lockout *lockout = hvs_lockout_new();
    struct hvs_trial other = {.lockout = lockout, .account = (char *)(uintptr_t) "admin"};
    struct hvs_session_opts opts = {.host = "hv01",
                                    .to = "https://hv01:5986/wsman",
                                    .language = "en-US",
                                    .tls = true,
                                    .account = "admin",
                                    .lockout = lockout};
    struct fake_mech *fake = fake_mech_new();
    struct hvs_error err = {0};
    struct hvs_run run = {0};
    struct feed feed = {0};

    (void)state;
    assert_int_equal(hvs_trial_ask(&other, 0, &err), HVS_TRY_FIRST);
    fake->ops.prepare = NULL; /* as NTLM */
    opts.mech = &fake->mech;
    feed.session = hvs_session_new(&opts, &err);
    run_ask(&feed, &run, "ms=500", MORE);
    assert_string_equal(hvs_buf_str(&feed.log), "leg");
    assert_err(&run.err, HVS_NET, "the time was over");
    run = (struct hvs_run){0};
    run_ask(&feed, &run, "", MORE PROOF JOB);
    assert_int_equal(run.err.domain, HVS_OK);
    assert_string_equal(hvs_buf_str(&feed.log), "leg leg leg Get");
    assert_int_equal(feed.connection, 2); /* not beside the login that was given up */
    assert_true(feed.now >= 3000);        /* two seconds after it first had to wait */
    hvs_session_free(feed.session);
    feed_clear(&feed);
    hvs_trial_over(&other);
    hvs_lockout_free(lockout);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(dates) + 7];
    struct CMUnitTest *at = tests;

    CASES(at, cases, test_session);
    at += COUNT(cases);
    CASES(at, dates, test_date);
    at += COUNT(dates);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_prepared_anew);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_denied_for_good);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_fresh_envelope);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_login_elsewhere);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_back_off);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_turn);
    *at = (struct CMUnitTest)cmocka_unit_test(test_evidence);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
