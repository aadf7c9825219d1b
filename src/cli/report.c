#include "cli/report.h"

#include "base/buf.h"
#include "base/err.h"
#include "cli/json.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define TEXT_MAX (1u << 20)

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (c & 0x80);
}

/* The length of the name that begins at `at`, as a word; 0 for none. */
static size_t name_at(const char *text, const char *at, const char *const *names)
{
    size_t len;

    if (at > text && in_word(at[-1]))
        return 0;
    for (; *names; names++) {
        len = strlen(*names);
        if (len > 1 && strncasecmp(at, *names, len) == 0 && !in_word(at[len]))
            return len;
    }
    return 0;
}

static json_t *hidden(const char *text, const char *const *names)
{
    struct hvs_buf out = HVS_BUF_INIT(TEXT_MAX);
    const char *at = text;
    json_t *string;
    size_t len;

    while (*at) {
        len = name_at(text, at, names);
        if (len)
            hvs_buf_puts(&out, "(hidden)");
        else
            hvs_buf_add(&out, at, 1);
        at += len ? len : 1;
    }
    string = hvs_buf_no_memory(&out)
                 ? NULL
                 : json_string(out.failed ? "(hidden)" : hvs_buf_str(&out));
    hvs_buf_clear(&out);
    return string;
}

void report_hide(json_t **document, const char *const *names)
{
    json_t *value, *copy;
    bool whole = true;
    const char *key;
    size_t i;

    if (json_is_string(*document)) {
        copy = hidden(json_string_value(*document), names);
        json_decref(*document);
        *document = copy;
    } else if (json_is_array(*document)) {
        json_array_foreach(*document, i, value)
        {
            copy = json_incref(value);
            report_hide(&copy, names);
            whole = json_array_set_new(*document, i, copy) == 0 && whole;
        }
    } else if (json_is_object(*document)) {
        json_object_foreach(*document, key, value)
        {
            copy = json_incref(value);
            report_hide(&copy, names);
            whole = json_object_set_new(*document, key, copy) == 0 && whole;
        }
    }
    if (!whole) {
        json_decref(*document);
        *document = NULL;
    }
}

int report_write(const json_t *document, const char *path, struct hvs_error *err)
{
    FILE *file = NULL;
    bool whole;
    int fd;

    if (!document)
        return hvs_err_memory(err);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd >= 0)
        file = fdopen(fd, "w");
    if (!file) {
        if (fd >= 0)
            close(fd);
        return hvs_err_set(err, HVS_USAGE, errno, "cannot write '%s': %s", path,
                           strerror(errno));
    }
    errno = 0;
    whole = json_dumpf(document, file, JSON_INDENT(2)) == 0 && putc('\n', file) != EOF;
    if (fclose(file) == 0 && whole)
        return 0;
    return hvs_err_set(err, HVS_SYSTEM, errno, "cannot write '%s': %s", path,
                       errno ? strerror(errno) : "out of memory");
}
