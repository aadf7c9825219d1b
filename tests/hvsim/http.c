#include "hvsim/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static bool token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(const char *text)
{
    if (!*text)
        return false;
    while (token_char(*text))
        text++;
    return !*text;
}

/* The line at *at, cut off and with *at behind it. NULL when it is none: a bare CR or
 * LF, or another control character. */
static char *next_line(char **at)
{
    char *line = *at;
    char *c;

    for (c = line; *c != '\r'; c++)
        if ((*c > 0 && *c < ' ' && *c != '\t') || !*c || *c == 127)
            return NULL;
    if (c[1] != '\n')
        return NULL;
    *c = '\0';
    *at = c + 2;
    return line;
}

static int parse_request_line(struct sim_head *head, char *line)
{
    char *path = strchr(line, ' ');
    char *version = path ? strchr(path + 1, ' ') : NULL;

    if (!version)
        return 400;
    *path++ = '\0';
    *version++ = '\0';
    if (!is_token(line) || *path != '/')
        return 400;
    head->method = line;
    head->path = path;
    head->keep_alive = head->http11 = strcmp(version, "HTTP/1.1") == 0;
    if (!head->http11 && strcmp(version, "HTTP/1.0") != 0)
        return strncmp(version, "HTTP/", 5) == 0 ? 505 : 400;
    return 0;
}

static int parse_length(struct sim_head *head, const char *value)
{
    int64_t length = 0;
    const char *c;

    if (!*value || head->length >= 0)
        return 400;
    for (c = value; *c >= '0' && *c <= '9'; c++) {
        if (length > INT64_MAX / 10 - 1)
            return 400;
        length = length * 10 + (*c - '0');
    }
    head->length = length;
    return *c ? 400 : 0;
}

static int once(const char **member, const char *value)
{
    if (*member)
        return 400;
    *member = value;
    return 0;
}

static int parse_field(struct sim_head *head, const char **host, const char *name,
                       const char *value)
{
    if (strcasecmp(name, "Host") == 0)
        return once(host, value);
    if (strcasecmp(name, "Content-Type") == 0)
        return once(&head->type, value);
    if (strcasecmp(name, "Authorization") == 0)
        return once(&head->authorization, value);
    if (strcasecmp(name, "WSMANIDENTIFY") == 0)
        return once(&head->identify, value);
    if (strcasecmp(name, "Content-Length") == 0)
        return parse_length(head, value);
    if (strcasecmp(name, "Transfer-Encoding") == 0)
        head->chunked = true;
    else if (strcasecmp(name, "Connection") == 0 && strcasecmp(value, "close") == 0)
        head->keep_alive = false;
    else if (strcasecmp(name, "Expect") == 0)
        head->wants_continue = strcasecmp(value, "100-continue") == 0;
    return 0;
}

static int parse_line(struct sim_head *head, const char **host, char *line)
{
    char *colon = strchr(line, ':');
    char *value;
    size_t len;

    if (!colon)
        return 400;
    *colon = '\0';
    if (!is_token(line)) /* a folded line fails here, too: it begins with a blank */
        return 400;
    value = colon + 1 + strspn(colon + 1, " \t");
    len = strlen(value);
    while (len && (value[len - 1] == ' ' || value[len - 1] == '\t'))
        value[--len] = '\0';
    return parse_field(head, host, line, value);
}

int sim_head_parse(struct sim_head *out, const char *bytes, size_t len)
{
    const char *host = NULL;
    char *at, *line;
    int status;

    *out = (struct sim_head){.length = -1};
    if (memchr(bytes, '\0', len))
        return 400;
    out->text = at = calloc(1, len + 1);
    if (!at)
        return 503;
    memcpy(at, bytes, len);

    line = next_line(&at);
    status = line ? parse_request_line(out, line) : 400;
    while (!status) {
        line = next_line(&at);
        if (!line)
            status = 400;
        else if (!*line)
            break;
        else
            status = parse_line(out, &host, line);
    }
    /* RFC 9112 3.2: HTTP/1.1 without Host is a bad request */
    if (!status && out->http11 && !host)
        status = 400;
    return status;
}

void sim_head_clear(struct sim_head *head)
{
    free(head->text);
    *head = (struct sim_head){.length = -1};
}

size_t sim_head_end(const char *bytes, size_t len)
{
    size_t i;

    for (i = 3; i < len; i++)
        if (bytes[i] == '\n' && memcmp(bytes + i - 3, "\r\n\r", 3) == 0)
            return i + 1;
    return 0;
}

bool sim_type_is(const char *value, const char *type)
{
    size_t len = strlen(type);

    if (!value || strncasecmp(value, type, len) != 0)
        return false;
    value += len;
    value += strspn(value, " \t");
    return !*value || *value == ';';
}

/* The value of one parameter, which begins at *at; *at ends behind it. */
static size_t param_value(const char **at, const char **begin)
{
    size_t len;

    if (**at != '"') {
        *begin = *at;
        len = strcspn(*at, "; \t");
        *at += len;
        return len;
    }
    *begin = *at + 1;
    len = strcspn(*begin, "\"");
    *at = *begin + len + ((*begin)[len] == '"');
    return len;
}

bool sim_type_param(const char *value, const char *name, char *out, size_t size)
{
    const char *at = strchr(value, ';');
    const char *begin;
    size_t len;
    bool found;

    while (at && *at == ';') {
        at += 1 + strspn(at + 1, " \t");
        len = strcspn(at, "=;");
        found = len == strlen(name) && strncasecmp(at, name, len) == 0;
        at += len;
        if (*at != '=')
            continue;
        at++;
        len = param_value(&at, &begin);
        if (found) {
            if (len >= size)
                return false;
            memcpy(out, begin, len);
            out[len] = '\0';
            return true;
        }
        at += strspn(at, " \t");
    }
    return false;
}

static void add_date(struct hvs_buf *out, int64_t utc_ms)
{
    /* not strftime: a Date is English in any locale (RFC 9110 5.6.7) */
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(utc_ms / 1000);
    struct tm t;

    if (!gmtime_r(&seconds, &t))
        return;
    hvs_buf_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n", days[t.tm_wday],
                   t.tm_mday, months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min,
                   t.tm_sec);
}

void sim_answer_write(struct hvs_buf *out, const struct sim_answer *answer,
                      int64_t utc_ms)
{
    hvs_buf_printf(out, "HTTP/1.1 %d \r\n", answer->status);
    if (answer->type && answer->length)
        hvs_buf_printf(out, "Content-Type: %s\r\n", answer->type);
    hvs_buf_puts(out, "Server: Microsoft-HTTPAPI/2.0\r\n");
    if (answer->allow)
        hvs_buf_puts(out, "Allow: POST\r\n");
    if (answer->challenge)
        hvs_buf_puts(out, answer->challenge);
    add_date(out, utc_ms);
    if (answer->close)
        hvs_buf_puts(out, "Connection: close\r\n");
    hvs_buf_printf(out, "Content-Length: %zu\r\n\r\n", answer->length);
}

const char *sim_http_page(int status)
{
    switch (status) {
    case 400:
        return "<HTML><HEAD><TITLE>Bad Request</TITLE></HEAD>\r\n"
               "<BODY><h2>Bad Request</h2><hr><p>HTTP Error 400.</p></BODY></HTML>\r\n";
    case 404:
        return "<HTML><HEAD><TITLE>Not Found</TITLE></HEAD>\r\n"
               "<BODY><h2>Not Found</h2><hr><p>HTTP Error 404.</p></BODY></HTML>\r\n";
    case 411:
        return "<HTML><HEAD><TITLE>Length Required</TITLE></HEAD>\r\n"
               "<BODY><h2>Length Required</h2><hr><p>HTTP Error "
               "411.</p></BODY></HTML>\r\n";
    case 503:
        return "<HTML><HEAD><TITLE>Service Unavailable</TITLE></HEAD>\r\n"
               "<BODY><h2>Service Unavailable</h2><hr><p>HTTP Error 503.</p></BODY>"
               "</HTML>\r\n";
    default: return NULL;
    }
}
