#include "wsman/template.h"

#include "base/err.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

enum escape { ESCAPE_XML, ESCAPE_WQL, ESCAPE_CIM, ESCAPE_NONE };

/* A placeholder: {{name|escape}}. */
struct slot {
    const char *name;
    size_t len;
    enum escape escape;
};

const char *hvs_template_text(const char *name)
{
    const struct hvs_template *t;

    for (t = hvs_templates; t->name; t++)
        if (strcmp(t->name, name) == 0)
            return t->text;
    return NULL;
}

/* A carriage return would come back as a line feed, unless it is a numeric reference; the
 * others XML 1.0 forbids. */
static int check(const struct hvs_param *param, enum escape escape, struct hvs_error *err)
{
    const char *at = param->value;
    size_t left = strlen(at), n;
    uint32_t c;

    for (; left; at += n, left -= n) {
        n = hvs_utf8_next(at, left, &c);
        if (!n)
            return hvs_err_set(err, HVS_USAGE, 0, "%s is not UTF-8", param->name);
        if ((c < 0x20 && c != '\t' && c != '\n' && (c != '\r' || escape != ESCAPE_CIM)) ||
            c == 0xfffe || c == 0xffff)
            return hvs_err_set(err, HVS_USAGE, 0,
                               "%s holds the character U+%04X, which cannot be sent",
                               param->name, (unsigned)c);
    }
    return 0;
}

static void add_xml(struct hvs_buf *out, const char *text, size_t len)
{
    static const char *const entities[] = {
        ['<'] = "&lt;",   ['>'] = "&gt;",    ['&'] = "&amp;",
        ['"'] = "&quot;", ['\''] = "&apos;",
    };

    for (; len; text++, len--) {
        if (strchr("<>&\"'", *text))
            hvs_buf_puts(out, entities[(unsigned char)*text]);
        else
            hvs_buf_add(out, text, 1);
    }
}

static void add_wql(struct hvs_buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\\' || *text == '\'' || *text == '"')
            hvs_buf_puts(out, "\\");
        add_xml(out, text, 1);
    }
}

/* The escaped '>' is also what keeps "]]>" out of the CDATA section. */
static void add_cim(struct hvs_buf *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("<>&\"'\n\r\t", *text))
            hvs_buf_printf(out, "&#%d;", *text);
        else
            hvs_buf_add(out, text, 1);
    }
}

static void add_value(struct hvs_buf *out, const char *value, enum escape escape)
{
    switch (escape) {
    case ESCAPE_XML: add_xml(out, value, strlen(value)); break;
    case ESCAPE_WQL: add_wql(out, value); break;
    case ESCAPE_CIM: add_cim(out, value); break;
    case ESCAPE_NONE: hvs_buf_puts(out, value); break;
    }
}

/* Read the placeholder between `open` and `close`. */
static int read_slot(const char *open, const char *close, struct slot *slot,
                     struct hvs_error *err)
{
    static const char *const escapes[] = {[ESCAPE_XML] = "",
                                          [ESCAPE_WQL] = "|wql",
                                          [ESCAPE_CIM] = "|cim",
                                          [ESCAPE_NONE] = "|xml"};
    const char *bar = memchr(open, '|', (size_t)(close - open));
    size_t len, i;

    if (!bar)
        bar = close;
    *slot = (struct slot){.name = open, .len = (size_t)(bar - open)};
    len = (size_t)(close - bar);
    for (i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
        if (strlen(escapes[i]) == len && memcmp(escapes[i], bar, len) == 0) {
            slot->escape = (enum escape)i;
            return 0;
        }
    }
    return hvs_err_set(err, HVS_USAGE, 0, "template: no escape '%.*s'", (int)len, bar);
}

static const struct hvs_param *find(const struct hvs_param *params, size_t count,
                                    const struct slot *slot)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (params[i].value && strlen(params[i].name) == slot->len &&
            memcmp(params[i].name, slot->name, slot->len) == 0)
            return &params[i];
    return NULL;
}

int hvs_template_fill(struct hvs_buf *out, const char *text,
                      const struct hvs_param *params, size_t count, struct hvs_error *err)
{
    const struct hvs_param *param;
    const char *open, *close;
    struct slot slot;
    uint64_t used = 0;
    size_t i;

    assert(count <= 64); /* `used` has a bit for each value */
    while ((open = strstr(text, "{{"))) {
        hvs_buf_add(out, text, (size_t)(open - text));
        close = strstr(open, "}}");
        if (!close)
            return hvs_err_set(err, HVS_USAGE, 0, "template: unclosed {{");
        if (read_slot(open + 2, close, &slot, err) < 0)
            return -1;
        param = find(params, count, &slot);
        if (!param)
            return hvs_err_set(err, HVS_USAGE, 0, "template wants %.*s", (int)slot.len,
                               slot.name);
        if (check(param, slot.escape, err) < 0)
            return -1;
        add_value(out, param->value, slot.escape);
        used |= (uint64_t)1 << (param - params);
        text = close + 2;
    }
    hvs_buf_puts(out, text);

    for (i = 0; i < count; i++)
        if (params[i].value && !(used >> i & 1))
            return hvs_err_set(err, HVS_USAGE, 0, "template has no {{%s}}",
                               params[i].name);
    return 0;
}
