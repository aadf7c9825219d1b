#include "cli/notice.h"

#include "base/buf.h"
#include "cli/escape.h"
#include "cli/width.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define NOTICE_MAX (1u << 20)

void notice_open(struct notice *notice, FILE *to, bool quiet)
{
    const char *term = getenv("TERM");

    *notice = (struct notice){.to = to, .quiet = quiet};
    notice->terminal = isatty(fileno(to)) && term && *term && strcmp(term, "dumb") != 0;
}

/* How many columns a line may take without wrapping. */
static size_t columns(const struct notice *notice)
{
#ifdef TIOCGWINSZ
    struct winsize size;

    if (ioctl(fileno(notice->to), TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
        return size.ws_col - 1u;
#endif
    (void)notice;
    return 79;
}

void notice_clear(struct notice *notice)
{
    if (notice->drawn)
        fputs("\r\033[K", notice->to);
    notice->drawn = false;
    fflush(notice->to);
}

void notice_draw(struct notice *notice, const char *text)
{
    char *line = escape_line(text);

    if (!line || !notice->terminal)
        goto out;
    fprintf(notice->to, "\r%.*s\033[K", (int)width_cut(line, columns(notice)), line);
    fflush(notice->to);
    notice->drawn = true;
out:
    free(line);
}

/* One line: what comes before, the text escaped. */
static void print_line(struct notice *notice, const char *before, const char *text)
{
    char *line = escape_line(text);

    notice_clear(notice);
    fprintf(notice->to, "%s%s\n", before, line ? line : "out of memory");
    fflush(notice->to);
    free(line);
}

HVS_PRINTF(3, 0)
static void print(struct notice *notice, const char *before, const char *fmt, va_list ap)
{
    char text[8192];

    vsnprintf(text, sizeof(text), fmt, ap);
    print_line(notice, before, text);
}

void notice_warn(struct notice *notice, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    print(notice, "hvsnap: warning: ", fmt, ap);
    va_end(ap);
}

void notice_say(struct notice *notice, const char *fmt, ...)
{
    va_list ap;

    if (notice->quiet)
        return;
    va_start(ap, fmt);
    print(notice, "hvsnap: ", fmt, ap);
    va_end(ap);
}

void notice_ask(struct notice *notice, const char *text)
{
    print_line(notice, "hvsnap: ", text);
    fputs("hvsnap: shall it be done? [y/N] ", notice->to);
    fflush(notice->to);
}

static void print_details(struct notice *notice, const char *text)
{
    const char *line;
    size_t len;
    char *part;

    for (line = text; *line; line += len + (line[len] == '\n')) {
        len = strcspn(line, "\n");
        part = strndup(line, len && line[len - 1] == '\r' ? len - 1 : len);
        if (part && *part)
            print_line(notice, "    ", part);
        free(part);
    }
}

void notice_error(struct notice *notice, const char *label, const struct hvs_error *err)
{
    struct hvs_buf text = HVS_BUF_INIT(NOTICE_MAX);

    hvs_buf_printf(&text, "%s%s%s", label ? label : "", label ? ": " : "", err->message);
    print_line(notice, "hvsnap: ", text.failed ? err->message : hvs_buf_str(&text));
    if (*err->hint)
        print_line(notice, "hint: ", err->hint);
    if (strcmp(err->detail, err->message) != 0)
        print_details(notice, err->detail);
    hvs_buf_clear(&text);
}
