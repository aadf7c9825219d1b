#include "cli/trace.h"

#include "cli/escape.h"
#include "cli/notice.h"

#include <stdlib.h>
#include <string.h>

#define TRACE_MAX (64u << 20)
#define DEPTH_MAX 40

static void new_line(struct hvs_buf *out, size_t depth)
{
    if (out->len)
        hvs_buf_puts(out, "\n");
    hvs_buf_printf(out, "%*s", (int)(2 * (depth < DEPTH_MAX ? depth : DEPTH_MAX)), "");
}

/* Blanks between two tags mean nothing, and would only leave gaps. */
static size_t skip_blanks(const char *text)
{
    size_t blanks = strspn(text, " \t\r\n");

    return text[blanks] == '<' ? blanks : 0;
}

void trace_indent(struct hvs_buf *out, const char *xml)
{
    bool closed = false; /* the last tag was an end tag, or had no content */
    size_t depth = 0, len;

    while (*xml) {
        xml += skip_blanks(xml);
        len = *xml == '<' ? strcspn(xml, ">") : strcspn(xml, "<");
        if (*xml == '<' && xml[len])
            len++;
        if (len > 1 && xml[0] == '<' && xml[1] == '/') {
            depth -= depth > 0;
            if (closed)
                new_line(out, depth);
            closed = true;
        } else if (len > 1 && xml[0] == '<') {
            new_line(out, depth);
            closed = xml[len - 2] == '/' || xml[1] == '?' || xml[1] == '!';
            depth += !closed;
        }
        hvs_buf_add(out, xml, len);
        xml += len;
    }
}

/* Each line with its mark before it, as curl's --verbose does. */
static void print_lines(struct notice *notice, char mark, const char *text)
{
    size_t len;

    notice_clear(notice);
    for (; *text; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        fprintf(notice->to, "%c %.*s\n", mark, (int)len, text);
    }
    fflush(notice->to);
}

void trace_told(void *arg, enum hvs_trace_kind kind, const char *text)
{
    static const char marks[] =
        {[HVS_TRACE_NOTE] = '*', [HVS_TRACE_REQUEST] = '>', [HVS_TRACE_REPLY] = '<'};
    struct hvs_buf lines = HVS_BUF_INIT(TRACE_MAX);
    struct hvs_buf safe = HVS_BUF_INIT(TRACE_MAX);

    if (kind != HVS_TRACE_NOTE && *text == '<')
        trace_indent(&lines, text);
    else
        hvs_buf_puts(&lines, text);
    escape_add(&safe, hvs_buf_str(&lines), lines.len, ESCAPE_TEXT);
    print_lines(arg, marks[kind], hvs_buf_str(&safe));
    hvs_buf_clear(&lines);
    hvs_buf_clear(&safe);
}
