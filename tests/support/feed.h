#ifndef FEED_H
#define FEED_H

#include "support/test.h"

#include "base/buf.h"
#include "wsman/session.h"

#include <hvsnap/client.h>

/*
 * A driver without a network: it hands a run the replies that a script names, on a clock
 * that only waiting moves, and keeps what was posted.
 *
 * A script is words with blanks between them. One that answers a post:
 *
 *     lost            sent, and the connection broke before the reply
 *     unsent          nothing was sent: nobody answers there
 *     hang            sent, and no answer until the post's or the run's time is over
 *     half            the connection broke in the middle of the reply, which is not told
 *                     from `lost` by whoever asked
 *     http|STATUS     that status, and an empty body
 *     401|CHALLENGE   WWW-Authenticate: CHALLENGE
 *     200|CHALLENGE   the end of a login
 *     html|STATUS     a page of HTML
 *     huge            cut, since it is too large
 *     fault|CODE|QNAME[|TEXT]  a SOAP fault with this code (0: none) and subcode
 *     [ROW,ROW]       the last page of a query; [] has no rows
 *     [ROW,ROW>       a page, and more to come
 *     NAME|ARG|...    tests/fixtures/FOLDER/NAME.xml: an envelope, or what stands in its
 *                     s:Body. A ROW is such a file too
 *
 * and one that says how the next of them comes:
 *
 *     later|MS        it takes that long
 *     stop            hvs_run_stop() is called while it is under way
 *     reconnect       on a new connection
 *     astray          it relates to another message
 *     acted|ACTION    it has this Action
 *     sealed          it is sealed by the session's mechanism
 *     undated         without a Date
 *     early|MS        with a Date that is so much too early
 *
 * or `nap-stop`: hvs_run_stop() is called while the run sleeps or waits for a thread;
 * `nap-go`: hvs_run_release() once it has held for 30 s.
 * In the files {{1}}, {{2}}, ... are the arguments, where '_' stands for a blank;
 * {{RELATES_TO}} is the MessageID of the request, {{RESOURCE}} its resource.
 */
enum { FEED_POSTS = 256 };

struct feed {
    const char *folder; /* of the files; NULL for "replies" */
    struct hvs_session *session;
    char *posts[FEED_POSTS]; /* the bodies */
    size_t count;
    size_t naps;
    int64_t nap[FEED_POSTS]; /* how long the run slept each time, in ms */
    size_t changes;          /* posts that may change something */
    int64_t began, now;      /* virtual ms */
    struct hvs_buf log;      /* what was posted: "leg Enumerate CreateSnapshot Get" */
    char authorization[256]; /* of the last post that had one */

    uint64_t connection;
    size_t turn;
    const char *at; /* in the script */
    struct hvs_buf reply, challenges, slept;
    struct hvs_session *own;
};

/* The virtual clock's first moment, as the host shows it: 2026-07-29T14:10:00Z. */
#define FEED_UTC INT64_C(1785334200000)

/* Drive a run that was just started to its end. The script must be used up, and must not
 * run out; cmocka fails otherwise. A NULL script answers with the files 1.xml, 2.xml, ...
 * of the folder, and uses up as many as there are. */
void feed_run(struct feed *feed, struct hvs_run *run, const char *script);

/* A client to be fed: HTTPS, Basic as HV01\admin, this time for an operation. */
struct hvs_client *feed_client(uint32_t timeout_ms);

/* Drive one operation to its end, on feed->session, or on one of its own where that is
 * NULL: HTTPS and Basic. run->err says how it ended. */
void feed_op(struct feed *feed, struct hvs_run *run, struct hvs_op *op,
             const char *script);

/* A session to be fed. It takes `mech` over; NULL is Basic. */
struct hvs_session *feed_session(struct hvs_mech *mech, bool tls);

/* How long the run slept, in ms: "250 500 1000". Good until feed_clear(). */
const char *feed_naps(struct feed *feed);

/* The n-th post, from 0; "" when there was none. */
const char *feed_post(const struct feed *feed, size_t n);

/* How often this action was posted. */
size_t feed_count(const struct feed *feed, const char *action);

void feed_clear(struct feed *feed);

/* The text of tests/fixtures/FOLDER/NAME, for the caller to free; NULL when there is no
 * such file. */
char *feed_file(const char *folder, const char *name);

#endif
