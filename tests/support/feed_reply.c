#include "support/feed_reply.h"

#include "auth/frame.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1 << 21 };

char *feed_file(const char *folder, const char *name)
{
    const char *root = getenv("SRCDIR");
    struct hvs_buf text = HVS_BUF_INIT(MOST);
    struct hvs_error err = {0};
    char path[512], part[4096];
    char *out = NULL;
    size_t n;
    FILE *file;

    snprintf(path, sizeof(path), "%s/tests/fixtures/%s/%s", root ? root : ".", folder,
             name);
    file = fopen(path, "rb");
    if (!file)
        return NULL;
    while ((n = fread(part, 1, sizeof(part), file)) > 0)
        hvs_buf_add(&text, part, n);
    fclose(file);
    while (text.len && text.data[text.len - 1] == '\n')
        text.data[--text.len] = '\0';
    out = hvs_buf_take(&text, &err);
    return out;
}

void feed_split(struct feed_word *word)
{
    char *at = word->text;

    for (word->count = 0; at && word->count < FEED_ARGS;) {
        word->args[word->count++] = at;
        at = strchr(at, '|');
        if (at)
            *at++ = '\0';
    }
    for (at = word->text; at < word->text + sizeof(word->text); at++)
        if (*at == '_')
            *at = ' ';
    for (size_t i = word->count; i < FEED_ARGS; i++)
        word->args[i] = "";
}

bool feed_next_word(struct feed *feed, struct feed_word *word)
{
    size_t len;

    *word = (struct feed_word){0};
    feed->at += strspn(feed->at, " ");
    len = strcspn(feed->at, " ");
    assert_true(len < sizeof(word->text));
    memcpy(word->text, feed->at, len);
    feed->at += len;
    return len > 0;
}

bool feed_next_is(const struct feed *feed, const char *name)
{
    const char *at = feed->at + strspn(feed->at, " ");
    size_t len = strlen(name);

    return strncmp(at, name, len) == 0 && (at[len] == ' ' || !at[len]);
}

/* Append `text` with its placeholders filled. */
static void fill(struct hvs_buf *out, const char *text, const struct feed_word *word,
                 const char *relates, const char *resource)
{
    const char *open, *value;

    while ((open = strstr(text, "{{"))) {
        hvs_buf_add(out, text, (size_t)(open - text));
        text = strstr(open, "}}") + 2;
        if (strncmp(open, "{{RELATES_TO}}", 14) == 0)
            value = relates;
        else if (strncmp(open, "{{RESOURCE}}", 12) == 0)
            value = resource;
        else
            value = word->args[open[2] - '0'];
        hvs_buf_puts(out, value);
    }
    hvs_buf_puts(out, text);
}

/* What stands in the request between `open` and the next '<'. */
static void part_of(char *out, size_t size, const char *text, const char *open)
{
    const char *at = strstr(text, open);

    at = at ? strchr(at, '>') + 1 : "";
    snprintf(out, size, "%.*s", (int)strcspn(at, "<"), at);
}

void feed_read_request(struct feed_request *request, const char *text)
{
    part_of(request->id, sizeof(request->id), text, "<a:MessageID");
    part_of(request->action, sizeof(request->action), text, "<a:Action");
    part_of(request->resource, sizeof(request->resource), text, "<w:ResourceURI");
}

static void add_file(struct hvs_buf *out, const struct feed *feed,
                     const struct feed_word *word, const struct feed_request *request)
{
    const char *folder = feed->folder ? feed->folder : "replies";
    char name[FEED_WORD];
    char *text;

    snprintf(name, sizeof(name), "%s.xml", word->args[0]);
    text = feed_file(folder, name);
    if (!text) {
        fail_msg("no reply '%s' to post %zu: %s", word->args[0], feed->count,
                 request->action);
        return;
    }
    fill(out, text, word, request->id, request->resource);
    free(text);
}

/* "[ROW,ROW]" or "[ROW,ROW>": the body of a reply to an Enumerate or a Pull. */
static void add_page(struct hvs_buf *out, const struct feed *feed, const char *rows,
                     const struct feed_request *request)
{
    bool pull = strstr(request->action, "/Pull") != NULL,
         more = strchr(rows, '>') != NULL;
    const char *kind = pull ? "Pull" : "Enumerate", *ns = pull ? "n" : "w";
    struct feed_word row;
    size_t len;

    hvs_buf_printf(out, "<n:%sResponse>", kind);
    if (more)
        hvs_buf_printf(out, "<n:EnumerationContext>uuid:%zu</n:EnumerationContext>",
                       feed->count);
    else if (!pull)
        hvs_buf_puts(out, "<n:EnumerationContext></n:EnumerationContext>");
    hvs_buf_printf(out, "<%s:Items>", ns);
    for (rows++; *rows; rows += len + 1) {
        len = strcspn(rows, ",>]");
        row = (struct feed_word){0};
        memcpy(row.text, rows, len);
        feed_split(&row);
        if (len)
            add_file(out, feed, &row, request);
    }
    hvs_buf_printf(out, "</%s:Items>", ns);
    if (!more)
        hvs_buf_printf(out, "<%s:EndOfSequence/>", ns);
    hvs_buf_printf(out, "</n:%sResponse>", kind);
}

static void add_fault(struct hvs_buf *out, const struct feed_word *word)
{
    unsigned long code = strtoul(word->args[1], NULL, 0);

    hvs_buf_printf(
        out,
        "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>%s"
        "</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"en-US\">%s"
        "</s:Text></s:Reason>",
        word->args[2], word->args[3]);
    if (code)
        hvs_buf_printf(
            out,
            "<s:Detail><f:WSManFault xmlns:f=\"http://schemas.microsoft.com/wbem/"
            "wsman/1/wsmanfault\" Code=\"%lu\" Machine=\"hv01\"><f:Message>%s"
            "</f:Message></f:WSManFault></s:Detail>",
            code, word->args[3]);
    hvs_buf_puts(out, "</s:Fault>");
}

/* The envelope around a body, unless it is one already. */
static void wrap(struct feed *feed, const struct hvs_buf *body,
                 const struct feed_how *how, const struct feed_request *request)
{
    const char *text = hvs_buf_str(body);
    bool fault = strncmp(text, "<s:Fault", 8) == 0;

    if (strncmp(text, "<s:Envelope", 11) == 0) {
        hvs_buf_puts(&feed->reply, text);
        return;
    }
    hvs_buf_printf(
        &feed->reply,
        "<s:Envelope xml:lang=\"en-US\" "
        "xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
        "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
        "xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\" "
        "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/"
        "wsman.xsd\"><s:Header><a:Action>%s%s"
        "</a:Action><a:MessageID>uuid:00000000-0000-4000-8000-%012zu</a:MessageID>"
        "<a:RelatesTo>%s</a:RelatesTo></s:Header><s:Body>%s</s:Body></s:Envelope>",
        how->action[0] ? how->action : request->action,
        how->action[0] ? ""
        : fault        ? "/fault"
                       : "Response",
        feed->count,
        how->astray ? "uuid:11111111-2222-3333-4444-555555555555" : request->id, text);
}

static void seal(struct feed *feed)
{
    struct hvs_mech *mech = (struct hvs_mech *)hvs_session_mech(feed->session);
    struct hvs_buf frame = HVS_BUF_INIT(MOST);
    struct hvs_error err = {0};

    assert_int_equal(hvs_frame_seal(mech, hvs_buf_str(&feed->reply), feed->reply.len,
                                    &frame, &err),
                     0);
    hvs_buf_clear(&feed->reply);
    hvs_buf_add(&feed->reply, hvs_buf_str(&frame), frame.len);
    hvs_buf_clear(&frame);
}

void feed_soap(struct feed *feed, struct feed_word *word, const struct feed_how *how,
               struct hvs_posted *posted)
{
    struct hvs_buf body = HVS_BUF_INIT(MOST);
    struct feed_request request;

    feed_read_request(&request, feed->posts[feed->count - 1]);
    if (word->text[0] == '[') {
        add_page(&body, feed, word->text, &request);
    } else {
        feed_split(word);
        if (strcmp(word->args[0], "fault") == 0)
            add_fault(&body, word);
        else
            add_file(&body, feed, word, &request);
    }
    assert_false(body.failed);
    wrap(feed, &body, how, &request);
    posted->status = strstr(hvs_buf_str(&body), "<s:Fault") ? 500 : 200;
    if (how->sealed)
        seal(feed);
    snprintf(posted->content_type, sizeof(posted->content_type), "%s",
             how->sealed ? HVS_FRAME_TYPE : "application/soap+xml;charset=UTF-8");
    hvs_buf_clear(&body);
}

bool feed_plain(struct feed *feed, const struct feed_word *word,
                struct hvs_posted *posted)
{
    struct feed_word parts = *word;

    feed_split(&parts);
    posted->status = (int)strtol(parts.args[1], NULL, 10);
    if (strcmp(parts.args[0], "http") == 0)
        return true;
    if (strcmp(parts.args[0], "html") == 0) {
        hvs_buf_puts(&feed->reply, "<html><body>It works!</body></html>");
        snprintf(posted->content_type, sizeof(posted->content_type), "text/html");
        return true;
    }
    if (strcmp(parts.args[0], "huge") == 0) {
        posted->status = 200;
        posted->net_code = CURLE_WRITE_ERROR;
        posted->too_large = true;
        snprintf(posted->content_type, sizeof(posted->content_type),
                 "application/soap+xml");
        return true;
    }
    posted->status = (int)strtol(parts.args[0], NULL, 10);
    if (posted->status != 401 && posted->status != 200)
        return false;
    if (parts.count > 1)
        hvs_buf_printf(&feed->challenges, "%s\n", parts.args[1]);
    return true;
}
