#include "hvsim/cimxml.h"

#include "base/buf.h"
#include "hvsim/mem.h"
#include "hvsim/world.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct scan {
    const char *at;
    bool entities, quotes;
    int code; /* 0 until something is wrong */
};

static bool fail(struct scan *scan, int code)
{
    if (!scan->code)
        scan->code = code;
    return false;
}

static void skip_space(struct scan *scan)
{
    scan->at += strspn(scan->at, " \t\r\n");
}

static bool next_is(const struct scan *scan, const char *text)
{
    return strncmp(scan->at, text, strlen(text)) == 0;
}

static bool skip(struct scan *scan, const char *text)
{
    if (!next_is(scan, text))
        return false;
    scan->at += strlen(text);
    return true;
}

/* White space, comments and a declaration. */
static void skip_misc(struct scan *scan)
{
    const char *end;

    for (;;) {
        skip_space(scan);
        if (next_is(scan, "<!--"))
            end = strstr(scan->at, "-->");
        else if (next_is(scan, "<?"))
            end = strstr(scan->at, "?>");
        else
            return;
        if (!end) {
            fail(scan, SIM_INVALID_PARAMETER);
            return;
        }
        scan->at = strchr(end, '>') + 1;
    }
}

static void add_utf8(struct hvs_buf *out, unsigned long c)
{
    int n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    char text[4];
    int i;

    text[0] = (char)(n == 1 ? c : ((0xf0u << (4 - n)) & 0xf0) | c >> 6 * (n - 1));
    for (i = 1; i < n; i++)
        text[i] = (char)(0x80 | (c >> 6 * (n - 1 - i) & 0x3f));
    hvs_buf_add(out, text, (size_t)n);
}

static bool numeric(struct scan *scan, struct hvs_buf *out)
{
    bool hex = scan->at[2] == 'x';
    const char *start = scan->at + 2 + hex;
    char *end;
    unsigned long c = strtoul(start, &end, hex ? 16 : 10);

    if (end == start || *end != ';' || strchr("+- ", *start) || c == 0 || c > 0x10ffff ||
        (c >= 0xd800 && c < 0xe000))
        return fail(scan, SIM_INVALID_PARAMETER);
    add_utf8(out, c);
    scan->at = end + 1;
    return true;
}

/* What an ampersand begins. Recorded: &amp; makes the call return 32768, &lt; 32773, and
 * &gt; is taken; &quot; and &apos; are unknown. */
static bool reference(struct scan *scan, struct hvs_buf *out)
{
    const struct {
        const char *entity, *stands_for;
        bool taken;
        int code;
    } entities[] = {
        {"&gt;", ">", true, 0},
        {"&amp;", "&", scan->entities, SIM_FAILED},
        {"&lt;", "<", scan->entities, SIM_INVALID_PARAMETER},
        {"&quot;", "\"", scan->quotes, SIM_FAILED},
        {"&apos;", "'", scan->quotes, SIM_FAILED},
    };
    size_t i;

    if (next_is(scan, "&#"))
        return numeric(scan, out);
    for (i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
        if (!skip(scan, entities[i].entity))
            continue;
        if (!entities[i].taken)
            return fail(scan, entities[i].code);
        hvs_buf_puts(out, entities[i].stands_for);
        return true;
    }
    return fail(scan, SIM_FAILED);
}

/* Text up to `end`, which is stepped over. NULL on failure. */
static char *text_until(struct scan *scan, char end)
{
    struct hvs_buf out = HVS_BUF_INIT((size_t)1 << 20);
    char *text;
    size_t n;

    while (!scan->code && *scan->at != end) {
        n = strcspn(scan->at, end == '<' ? "<&" : "\"'<&");
        hvs_buf_add(&out, scan->at, n);
        scan->at += n;
        if (*scan->at == '&')
            reference(scan, &out);
        else if (!*scan->at || *scan->at == '<')
            break;
        else if (*scan->at != end)
            hvs_buf_add(&out, scan->at++, 1);
    }
    if (*scan->at != end)
        fail(scan, SIM_INVALID_PARAMETER);
    text = scan->code ? NULL : sim_copy(hvs_buf_str(&out));
    hvs_buf_clear(&out);
    return text;
}

/* The rest of a start tag: keeps NAME (or CLASSNAME) and TYPE. True for an empty one. */
static bool attributes(struct scan *scan, char **name, char **type)
{
    char *value, quote;
    bool is_name;
    size_t n;

    for (;;) {
        skip_space(scan);
        if (skip(scan, "/>"))
            return true;
        if (skip(scan, ">"))
            return false;
        n = strcspn(scan->at, "= \t\r\n/><");
        quote = n && scan->at[n] == '=' ? scan->at[n + 1] : '\0';
        if (quote != '"' && quote != '\'')
            return fail(scan, SIM_INVALID_PARAMETER);
        is_name = (n == 4 && next_is(scan, "NAME=")) || next_is(scan, "CLASSNAME=");
        value = NULL;
        if (!is_name && !next_is(scan, "TYPE=")) {
            scan->at += n + 2;
            free(text_until(scan, quote));
        } else {
            char **keep = is_name ? name : type;

            scan->at += n + 2;
            value = text_until(scan, quote);
            free(*keep);
            *keep = value;
        }
        if (scan->code)
            return false;
        scan->at++;
    }
}

/* <VALUE>text</VALUE> or <VALUE/> */
static bool one_value(struct scan *scan, struct sim_cim_property *property)
{
    char *text;

    if (skip(scan, "<VALUE/>")) {
        *SIM_MORE(property->values, property->count) = sim_copy("");
        return true;
    }
    if (!skip(scan, "<VALUE>"))
        return fail(scan, SIM_INVALID_PARAMETER);
    text = text_until(scan, '<');
    if (!text)
        return false;
    *SIM_MORE(property->values, property->count) = text;
    return skip(scan, "</VALUE>") || fail(scan, SIM_INVALID_PARAMETER);
}

/* Qualifiers say nothing that an instance needs. */
static void skip_qualifiers(struct scan *scan)
{
    const char *end;

    for (;;) {
        skip_misc(scan);
        if (!next_is(scan, "<QUALIFIER"))
            return;
        end = strstr(scan->at, "</QUALIFIER>");
        if (!end) {
            fail(scan, SIM_INVALID_PARAMETER);
            return;
        }
        scan->at = end + strlen("</QUALIFIER>");
    }
}

static bool values(struct scan *scan, struct sim_cim_property *property)
{
    skip_qualifiers(scan);
    if (!property->array) {
        if (next_is(scan, "<VALUE") && !one_value(scan, property))
            return false;
    } else if (skip(scan, "<VALUE.ARRAY>")) {
        for (skip_space(scan); next_is(scan, "<VALUE"); skip_space(scan))
            if (!one_value(scan, property))
                return false;
        if (!skip(scan, "</VALUE.ARRAY>"))
            return fail(scan, SIM_INVALID_PARAMETER);
    } else if (!skip(scan, "<VALUE.ARRAY/>") && next_is(scan, "<VALUE")) {
        return fail(scan, SIM_INVALID_PARAMETER);
    }
    skip_misc(scan);
    return !scan->code;
}

static bool property(struct scan *scan, struct sim_cim *cim)
{
    bool array = skip(scan, "<PROPERTY.ARRAY");
    struct sim_cim_property *made;

    if (!array && (!skip(scan, "<PROPERTY") || next_is(scan, ".")))
        return fail(scan, SIM_INVALID_PARAMETER);
    made = SIM_MORE(cim->properties, cim->count);
    made->array = array;
    if (attributes(scan, &made->name, &made->type))
        return made->name ? true : fail(scan, SIM_INVALID_PARAMETER);
    if (scan->code || !values(scan, made))
        return false;
    if (!skip(scan, array ? "</PROPERTY.ARRAY>" : "</PROPERTY>") || !made->name)
        return fail(scan, SIM_INVALID_PARAMETER);
    return true;
}

int sim_cim_parse(struct sim_cim *cim, const char *text, bool entities, bool quotes)
{
    struct scan scan = {.at = text, .entities = entities, .quotes = quotes};
    char *unused = NULL;
    bool empty;

    *cim = (struct sim_cim){0};
    skip(&scan, "\xef\xbb\xbf");
    skip_misc(&scan);
    if (!skip(&scan, "<INSTANCE"))
        fail(&scan, SIM_INVALID_PARAMETER);
    empty = scan.code || attributes(&scan, &cim->class_, &unused);
    free(unused);
    if (!cim->class_)
        fail(&scan, SIM_INVALID_PARAMETER);
    while (!empty && !scan.code) {
        skip_qualifiers(&scan);
        if (skip(&scan, "</INSTANCE>"))
            break;
        property(&scan, cim);
    }
    if (!scan.code) {
        skip_misc(&scan);
        if (*scan.at)
            fail(&scan, SIM_INVALID_PARAMETER);
    }
    return scan.code;
}

void sim_cim_clear(struct sim_cim *cim)
{
    struct sim_cim_property *last;

    while (cim->count) {
        last = &cim->properties[--cim->count];
        while (last->count)
            free(last->values[--last->count]);
        free(last->values);
        free(last->name);
        free(last->type);
    }
    free(cim->properties);
    free(cim->class_);
    *cim = (struct sim_cim){0};
}

const struct sim_cim_property *sim_cim_find(const struct sim_cim *cim, const char *name)
{
    size_t i;

    for (i = 0; i < cim->count; i++)
        if (strcasecmp(cim->properties[i].name, name) == 0)
            return &cim->properties[i];
    return NULL;
}
