#include "xml/scan.h"

#include <string.h>

enum {
    MOST_ATTRIBUTES = 64, /* in a tag */
    MOST_NAMESPACES = 64, /* that are in force in one place */
    MOST_NODES = 150000   /* elements, texts, and two for an attribute */
};

void hvs_scan_keep(struct hvs_scan *scan, const char *to)
{
    size_t len = (size_t)(to - scan->kept_to);

    if (scan->left_out)
        return; /* it does not end: libxml2 will miss that */
    memcpy(scan->kept + scan->kept_len, scan->kept_to, len);
    scan->kept_len += len;
    scan->kept_to = to;
}

/* Step behind the next `text`. False when there is none. */
static bool skip_past(struct hvs_scan *scan, const char *text)
{
    size_t len = strlen(text);
    const char *at;

    for (at = scan->at; (size_t)(scan->end - at) >= len; at++) {
        at = memchr(at, text[0], (size_t)(scan->end - at));
        if (!at || (size_t)(scan->end - at) < len)
            return false;
        if (memcmp(at, text, len) == 0) {
            scan->at = at + len;
            return true;
        }
    }
    return false;
}

static bool starts(const struct hvs_scan *scan, const char *text)
{
    size_t len = strlen(text);

    return (size_t)(scan->end - scan->at) >= len && memcmp(scan->at, text, len) == 0;
}

static size_t name_length(const struct hvs_scan *scan)
{
    const char *at = scan->at;

    /* white space is below 0x21, as all that XML forbids in names and ASCII has there */
    while (at < scan->end && (unsigned char)*at > ' ' && *at != '/' && *at != '>')
        at++;
    return (size_t)(at - scan->at);
}

/* At the name of a start tag: is it the list, or what nobody wants of its rows? */
static void sift(struct hvs_scan *scan, size_t len)
{
    const char *colon = memchr(scan->at, ':', len);
    const char *local = colon ? colon + 1 : scan->at;
    char name[80];
    size_t local_len = len - (size_t)(local - scan->at);
    bool property = scan->list && scan->levels == scan->list + 2;

    if (scan->left_out || (scan->list && !property) || local_len >= sizeof(name))
        return;
    memcpy(name, local, local_len);
    name[local_len] = '\0';
    if (!property) {
        if (strcmp(name, "Items") == 0)
            scan->list = scan->levels;
        return;
    }
    if (scan->wanted(name))
        return;
    hvs_scan_keep(scan, scan->at - 1);
    scan->left_out = scan->levels;
    scan->name = scan->at;
    scan->name_len = len;
}

/* Behind the last '>' of an element. */
static void end_element(struct hvs_scan *scan)
{
    if (scan->levels == scan->list)
        scan->list = 0;
    if (scan->left_out && scan->levels == scan->left_out) {
        scan->left_out = 0;
        scan->kept_to = scan->at;
    }
    scan->namespaces -= scan->declared[--scan->levels];
}

/* Of a tag: attributes by their '=', namespaces by their name. None is missed, and what
 * is taken for one does no harm. */
static const char *count(struct hvs_scan *scan, int *attributes)
{
    if (*scan->at == '=' && ++*attributes > MOST_ATTRIBUTES)
        return "reply has too many attributes in a tag";
    if (*scan->at != 'x' || !starts(scan, "xmlns"))
        return NULL;
    scan->declared[scan->levels - 1]++;
    if (++scan->namespaces > MOST_NAMESPACES)
        return "reply has too many namespaces";
    return NULL;
}

/* Over a start tag, whose name `at` points to. */
static const char *scan_tag(struct hvs_scan *scan)
{
    size_t len = name_length(scan);
    int attributes = 0;
    const char *quote, *why;

    if (++scan->levels > HVS_SCAN_LEVELS)
        return "reply is nested too deep";
    scan->declared[scan->levels - 1] = 0;
    if (scan->wanted)
        sift(scan, len);
    scan->elements += !scan->left_out;
    scan->at += len;
    for (; scan->at < scan->end && *scan->at != '>'; scan->at++) {
        why = count(scan, &attributes);
        if (why)
            return why;
        if (*scan->at != '"' && *scan->at != '\'')
            continue;
        quote = memchr(scan->at + 1, *scan->at, (size_t)(scan->end - scan->at - 1));
        if (!quote)
            return NULL; /* libxml2 will say where */
        scan->at = quote;
    }
    if (scan->at == scan->end)
        return NULL;
    scan->attributes += scan->left_out ? 0 : (size_t)attributes;
    scan->nodes += scan->left_out ? 0 : 2 * (size_t)attributes;
    if (scan->at++ [-1] == '/')
        end_element(scan);
    return NULL;
}

/* Over an end tag, whose name `at` points to. */
static const char *scan_end(struct hvs_scan *scan)
{
    size_t len = name_length(scan);

    if (!scan->levels)
        return "malformed XML: an end tag too many";
    if (scan->left_out && scan->left_out == scan->levels &&
        (len != scan->name_len || memcmp(scan->at, scan->name, len) != 0))
        return "malformed XML: an element does not end where it should";
    scan->at = memchr(scan->at, '>', (size_t)(scan->end - scan->at));
    if (!scan->at) {
        scan->at = scan->end;
        return NULL;
    }
    scan->at++;
    end_element(scan);
    return NULL;
}

/* To the next '<'; false when there is none. A node each, but for an end, and one for the
 * text before it. */
static bool next_mark(struct hvs_scan *scan)
{
    const char *from = scan->at;

    scan->at = memchr(from, '<', (size_t)(scan->end - from));
    if (scan->at && !scan->left_out)
        scan->nodes += (scan->at != from) + !starts(scan, "</");
    return scan->at;
}

const char *hvs_scan_refuse(struct hvs_scan *scan)
{
    const char *why = NULL;

    while (next_mark(scan)) {
        if (scan->nodes > MOST_NODES)
            return "reply has too many elements";
        if (starts(scan, "<!--")) {
            scan->at += 4;
            if (!skip_past(scan, "-->"))
                return NULL;
        } else if (starts(scan, "<![CDATA[")) {
            scan->at += 9;
            if (!skip_past(scan, "]]>"))
                return NULL;
        } else if (starts(scan, "<!")) {
            return "reply carries a DOCTYPE";
        } else if (starts(scan, "<?")) {
            if (!skip_past(scan, "?>"))
                return NULL;
        } else if (starts(scan, "</")) {
            scan->at += 2;
            why = scan_end(scan);
        } else {
            scan->at++;
            why = scan_tag(scan);
        }
        if (why)
            return why;
    }
    return NULL;
}
