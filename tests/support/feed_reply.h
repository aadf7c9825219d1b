#ifndef FEED_REPLY_H
#define FEED_REPLY_H

#include "support/feed.h"

/* For feed.c: the words of a script, and the replies that they stand for. */

enum { FEED_ARGS = 8, FEED_WORD = 600 };

/* How a reply comes. */
struct feed_how {
    bool stop, astray, sealed, undated;
    int64_t later, early;
    char action[200];
};

/* A word in its parts: args[0] is what stands before the first bar. */
struct feed_word {
    char text[FEED_WORD];
    const char *args[FEED_ARGS];
    size_t count;
};

/* Take the next word of the script; false at its end. */
bool feed_next_word(struct feed *feed, struct feed_word *word);

/* Is this the next word? */
bool feed_next_is(const struct feed *feed, const char *name);

/* Take a word apart, in place. */
void feed_split(struct feed_word *word);

/* What the envelope of a request says; "" where it says nothing. */
struct feed_request {
    char id[80], action[300], resource[300];
};
void feed_read_request(struct feed_request *request, const char *text);

/* Fill feed->reply and *posted with an answer that is no SOAP. False when `word` stands
 * for none of those. */
bool feed_plain(struct feed *feed, const struct feed_word *word,
                struct hvs_posted *posted);

/* The same with SOAP: a file, a page of rows or a fault. */
void feed_soap(struct feed *feed, struct feed_word *word, const struct feed_how *how,
               struct hvs_posted *posted);

#endif
