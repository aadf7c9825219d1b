#ifndef HTTP_H
#define HTTP_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_HTTP_HEAD_MAX 65536

/* The head of a request. The text belongs to the parsed head, which points into it. */
struct sim_head {
    char *text;
    const char *method;
    const char *path;
    const char *type;          /* Content-Type, or NULL */
    const char *authorization; /* or NULL */
    const char *identify;      /* WSMANIDENTIFY, or NULL */
    int64_t length;            /* Content-Length, or -1 */
    bool chunked;
    bool http11;
    bool keep_alive;
    bool wants_continue;
};

/*
 * Parse a head, the empty line included. 0, or the HTTP status that refuses it. Strict:
 * lines end with CRLF, no folded lines, no white space before the colon, one Host, one
 * Content-Length, one Authorization.
 */
int sim_head_parse(struct sim_head *out, const char *bytes, size_t len);
void sim_head_clear(struct sim_head *head);

/* Where the head ends: the offset behind its empty line, or 0. */
size_t sim_head_end(const char *bytes, size_t len);

/* Is the Content-Type `value` of this media type? Parameters do not count. */
bool sim_type_is(const char *value, const char *type);

/* A parameter of a Content-Type, without quotes. False when absent or too long. */
bool sim_type_param(const char *value, const char *name, char *out, size_t size);

/* The head of a reply. */
struct sim_answer {
    int status;
    const char *type;      /* Content-Type, or NULL for a reply without body */
    const char *challenge; /* whole WWW-Authenticate lines, or NULL */
    size_t length;
    bool close;
    bool allow; /* say that only POST is allowed */
};

/* Append it as http.sys would: no reason phrase, always a Date. */
void sim_answer_write(struct hvs_buf *out, const struct sim_answer *answer,
                      int64_t utc_ms);

/* The page that http.sys has for this status, or NULL when it sends none. */
const char *sim_http_page(int status);

#endif
