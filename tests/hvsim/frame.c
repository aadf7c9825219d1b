#include "hvsim/frame.h"

#include <stdint.h>
#include <string.h>

#define BOUNDARY "Encrypted Boundary"

struct cursor {
    const char *at;
    const char *end;
};

static bool take(struct cursor *c, const char *text)
{
    size_t len = strlen(text);

    if ((size_t)(c->end - c->at) < len || memcmp(c->at, text, len) != 0)
        return false;
    c->at += len;
    return true;
}

static bool take_boundary(struct cursor *c)
{
    if (!take(c, "--"))
        return false;
    (void)take(c, " ");
    return take(c, BOUNDARY "\r\n");
}

/* One part header, which must be `name: value`. */
static bool take_header(struct cursor *c, const char *name, const char *value)
{
    (void)take(c, "\t");
    return take(c, name) && take(c, ": ") && take(c, value) && take(c, "\r\n");
}

static bool take_number(struct cursor *c, size_t *out)
{
    const char *begin = c->at;
    size_t number = 0;

    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
        if (number > SIZE_MAX / 10 - 1)
            return false;
        number = number * 10 + (size_t)(*c->at - '0');
    }
    *out = number;
    return c->at > begin;
}

/* OriginalContent: the charset is never left out, no client does so. */
static bool take_original(struct cursor *c, struct sim_frame *out)
{
    (void)take(c, "\t");
    if (!take(c, "OriginalContent: type=application/soap+xml;charset="))
        return false;
    out->utf16 = take(c, "UTF-16");
    if (!out->utf16 && !take(c, "UTF-8"))
        return false;
    return take(c, ";Length=") && take_number(c, &out->length) && take(c, "\r\n");
}

/* The closing boundary counts from the end: the bytes before it are binary, and may
 * hold the same text by chance. */
static bool cut_closing(struct cursor *c)
{
    static const char *const closings[] = {"--" BOUNDARY "--\r\n",
                                           "-- " BOUNDARY "--\r\n"};
    size_t i, len;

    for (i = 0; i < sizeof(closings) / sizeof(closings[0]); i++) {
        len = strlen(closings[i]);
        if ((size_t)(c->end - c->at) >= len &&
            memcmp(c->end - len, closings[i], len) == 0) {
            c->end -= len;
            return true;
        }
    }
    return false;
}

bool sim_frame_read(struct sim_frame *out, const char *protocol, const char *body,
                    size_t len)
{
    struct cursor c = {body, body + len};
    const unsigned char *n;

    *out = (struct sim_frame){0};
    if (!take_boundary(&c) || !take_header(&c, "Content-Type", protocol) ||
        !take_original(&c, out) || !take_boundary(&c) ||
        !take_header(&c, "Content-Type", "application/octet-stream") || !cut_closing(&c))
        return false;
    if (c.end - c.at < 4)
        return false;
    n = (const unsigned char *)c.at;
    out->signature = n[0] | (size_t)n[1] << 8 | (size_t)n[2] << 16 | (size_t)n[3] << 24;
    out->token = c.at + 4;
    out->token_len = (size_t)(c.end - out->token);
    return out->signature > 0 && out->signature <= out->token_len;
}

void sim_frame_write(struct hvs_buf *out, const struct sim_frame_style *style,
                     const char *protocol, const struct sim_frame *frame)
{
    const char *tab = style->no_tab ? "" : "\t";
    const char *space = style->spaced ? " " : "";
    size_t n = frame->signature;
    char prefix[4] = {(char)(n & 255), (char)(n >> 8 & 255), (char)(n >> 16 & 255),
                      (char)(n >> 24 & 255)};

    hvs_buf_printf(out, "--%s" BOUNDARY "\r\n%sContent-Type: %s\r\n", space, tab,
                   protocol);
    hvs_buf_printf(out,
                   "%sOriginalContent: type=application/soap+xml;charset=%s;"
                   "Length=%zu\r\n",
                   tab, frame->utf16 ? "UTF-16" : "UTF-8", frame->length);
    hvs_buf_printf(out,
                   "--%s" BOUNDARY "\r\n%sContent-Type: application/octet-stream\r\n",
                   space, tab);
    hvs_buf_add(out, prefix, sizeof(prefix));
    hvs_buf_add(out, frame->token, frame->token_len);
    hvs_buf_printf(out, "--%s" BOUNDARY "%s\r\n", space, style->spaced ? "" : "--");
}

void sim_frame_type(struct hvs_buf *out, const char *protocol)
{
    hvs_buf_printf(out, "multipart/encrypted;protocol=\"%s\";boundary=\"" BOUNDARY "\"",
                   protocol);
}
