#include "hyperv/notes.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "xml/cim.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define FIRST "--- hvsnap: snapshot "
#define FIRST_END " ---"
#define LAST "--- hvsnap: end ---"
#define LABEL "label: "
#define EXPIRES "expires: "

/* Text of more lines is a person's, whatever stands in it: hvsnap writes 16 KB. */
enum { MOST_WRITTEN = 1 << 20, MOST_LINES = 65536, NO_LINE = -1 };

/* A line, with its line break. */
struct line {
    const char *at;
    size_t len;
    size_t word; /* without its line break and the blanks before that */
    bool ours;
    long up;     /* of a first line: the first line around it, as long as it is open */
    long behind; /* of a first line: behind its block's last, once that was seen */
};

struct lines {
    struct line *items;
    long count;
    long begin; /* of the block that ends last */
};

static bool is(const struct line *line, const char *text)
{
    return line->word == strlen(text) && memcmp(line->at, text, line->word) == 0;
}

static bool begins(const struct line *line, const char *text)
{
    return line->word >= strlen(text) && memcmp(line->at, text, strlen(text)) == 0;
}

/* Is it the first line of a block? Then `guid` is what it names. */
static bool is_first(const struct line *line, char guid[HVS_UUID_SIZE])
{
    const size_t head = sizeof(FIRST) - 1, id = HVS_UUID_SIZE - 1;

    if (line->word != head + id + sizeof(FIRST_END) - 1 || !begins(line, FIRST) ||
        memcmp(line->at + head + id, FIRST_END, sizeof(FIRST_END) - 1) != 0)
        return false;
    memcpy(guid, line->at + head, id);
    guid[id] = '\0';
    return hvs_uuid_valid(guid);
}

static size_t count_lines(const char *text)
{
    size_t count = 1;

    for (; *text; text++)
        count += *text == '\n';
    return count;
}

static int split(struct lines *lines, const char *text, size_t count,
                 struct hvs_error *err)
{
    const char *at;

    lines->items = calloc(count, sizeof(*lines->items));
    if (!lines->items)
        return hvs_err_memory(err);
    for (at = text; *at; at += lines->items[lines->count++].len) {
        struct line *line = &lines->items[lines->count];

        line->at = at;
        line->word = strcspn(at, "\n");
        line->len = line->word + (at[line->word] == '\n');
        while (line->word && strchr(" \t\r", at[line->word - 1]))
            line->word--;
    }
    return 0;
}

/* "key=value" of a block that counts. 1 when it was understood, 0 when not, -1 when
 * memory runs out. */
static int read_label(struct hvs_notes *out, const char *text, size_t len, bool counts,
                      struct hvs_error *err)
{
    const char *equals = memchr(text, '=', len);
    size_t key = equals ? (size_t)(equals - text) : 0;
    char pair[HVS_MOST_KEY + 1 + HVS_MOST_VALUE + 1];

    if (!equals || !hvs_label_key_valid(text, key) ||
        !hvs_label_value_valid(equals + 1, len - key - 1))
        return 0;
    memcpy(pair, text, len);
    pair[key] = pair[len] = '\0';
    if (!counts || hvs_label_find(out->labels, out->label_count, pair))
        return 1;
    if (out->label_count == HVS_MOST_LABELS)
        return 0;
    return hvs_notes_set_label(out, pair, pair + key + 1, err) < 0 ? -1 : 1;
}

static int read_expires(struct hvs_notes *out, const char *text, size_t len, bool counts)
{
    struct hvs_time time;
    char word[40] = "";

    if (len >= sizeof(word))
        return 0;
    memcpy(word, text, len);
    if (!hvs_cim_time(word, &time) || !time.set)
        return 0;
    if (counts && out->expires_ms == HVS_TIME_NONE)
        out->expires_ms = time.ms;
    return 1;
}

static int read_field(struct hvs_notes *out, const struct line *line, bool counts,
                      struct hvs_error *err)
{
    const size_t label = sizeof(LABEL) - 1, expires = sizeof(EXPIRES) - 1;

    if (begins(line, LABEL))
        return read_label(out, line->at + label, line->word - label, counts, err);
    if (begins(line, EXPIRES))
        return read_expires(out, line->at + expires, line->word - expires, counts);
    return 0;
}

/* A block is complete, and what it holds is known. Blocks within it are done already. */
static int close_block(struct hvs_notes *out, struct lines *lines, long first, long last,
                       const char *guid, struct hvs_error *err)
{
    struct line *items = lines->items;
    char named[HVS_UUID_SIZE];
    bool counts = is_first(&items[first], named) && strcasecmp(named, guid) == 0;
    long i;
    int rc;

    for (i = first + 1; i < last;) {
        if (items[i].behind) {
            i = items[i].behind;
            continue;
        }
        rc = read_field(out, &items[i], counts, err);
        if (rc < 0)
            return -1;
        items[i++].ours = rc > 0;
    }
    items[first].ours = items[last].ours = true;
    items[first].behind = last + 1;
    lines->begin = first;
    return 0;
}

static int find_blocks(struct hvs_notes *out, struct lines *lines, const char *guid,
                       struct hvs_error *err)
{
    char named[HVS_UUID_SIZE];
    long i, open = NO_LINE, first;

    for (i = 0; i < lines->count; i++) {
        if (is_first(&lines->items[i], named)) {
            lines->items[i].up = open;
            open = i;
        } else if (open != NO_LINE && is(&lines->items[i], LAST)) {
            first = open;
            open = lines->items[open].up;
            if (close_block(out, lines, first, i, guid, err) < 0)
                return -1;
        }
    }
    return 0;
}

static bool ends_in_crlf(const char *text, size_t len)
{
    return len >= 2 && text[len - 2] == '\r' && text[len - 1] == '\n';
}

/* What is left without the blocks. The line break that was put before a block at the very
 * end goes with it: in the form that the block's own lines have. */
static char *join(const struct lines *lines, size_t size, struct hvs_error *err)
{
    const struct line *items = lines->items, *last, *begin;
    char *own = malloc(size + 1);
    size_t len = 0;
    long i;

    if (!own) {
        hvs_err_memory(err);
        return NULL;
    }
    for (i = 0; i < lines->count; i++) {
        if (items[i].ours)
            continue;
        memcpy(own + len, items[i].at, items[i].len);
        len += items[i].len;
    }
    last = lines->count ? &items[lines->count - 1] : NULL;
    if (last && last->ours && last->at[last->len - 1] != '\n' && len &&
        own[len - 1] == '\n') {
        begin = &items[lines->begin];
        len -= ends_in_crlf(begin->at, begin->len) && ends_in_crlf(own, len) ? 2 : 1;
    }
    own[len] = '\0';
    return own;
}

int hvs_notes_parse(struct hvs_notes *out, const char *text, const char *guid,
                    struct hvs_error *err)
{
    struct lines lines = {0};
    size_t count = count_lines(text);
    int rc = -1;

    *out = (struct hvs_notes){.expires_ms = HVS_TIME_NONE};
    if (!strstr(text, LAST) || count > MOST_LINES) {
        rc = hvs_notes_set_own(out, text, err);
        goto out;
    }
    if (split(&lines, text, count, err) < 0 || find_blocks(out, &lines, guid, err) < 0)
        goto out;
    out->own = join(&lines, strlen(text), err);
    rc = out->own ? 0 : -1;
out:
    free(lines.items);
    if (rc < 0)
        hvs_notes_clear(out);
    return rc;
}

static void add_time(struct hvs_buf *out, int64_t ms)
{
    int64_t rest = ms % 1000 < 0 ? ms % 1000 + 1000 : ms % 1000;
    time_t seconds = (time_t)((ms - rest) / 1000);
    char text[32] = "";
    struct tm tm;

    if (!gmtime_r(&seconds, &tm) ||
        !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm))
        return;
    hvs_buf_puts(out, text);
    if (rest)
        hvs_buf_printf(out, ".%03d", (int)rest);
    hvs_buf_puts(out, "Z");
}

char *hvs_notes_build(const struct hvs_notes *notes, const char *guid,
                      struct hvs_error *err)
{
    struct hvs_buf out = HVS_BUF_INIT(MOST_WRITTEN);
    size_t i;

    hvs_buf_puts(&out, notes->own);
    if (!notes->label_count && notes->expires_ms == HVS_TIME_NONE)
        return hvs_buf_take(&out, err);
    hvs_buf_printf(&out, "%s" FIRST "%s" FIRST_END "\n", *notes->own ? "\n" : "", guid);
    for (i = 0; i < notes->label_count; i++)
        hvs_buf_printf(&out, LABEL "%s=%s\n", notes->labels[i].key,
                       notes->labels[i].value);
    if (notes->expires_ms != HVS_TIME_NONE) {
        hvs_buf_puts(&out, EXPIRES);
        add_time(&out, notes->expires_ms);
        hvs_buf_puts(&out, "\n");
    }
    hvs_buf_puts(&out, LAST);
    return hvs_buf_take(&out, err);
}

void hvs_notes_clear(struct hvs_notes *notes)
{
    free(notes->own);
    hvs_labels_free(notes->labels, notes->label_count);
    *notes = (struct hvs_notes){.expires_ms = HVS_TIME_NONE};
}

int hvs_notes_set_own(struct hvs_notes *notes, const char *own, struct hvs_error *err)
{
    char *copy = strdup(own);

    if (!copy)
        return hvs_err_memory(err);
    free(notes->own);
    notes->own = copy;
    return 0;
}

int hvs_notes_set_label(struct hvs_notes *notes, const char *key, const char *value,
                        struct hvs_error *err)
{
    const struct hvs_label *found = hvs_label_find(notes->labels, notes->label_count,
                                                   key);
    size_t at = found ? (size_t)(found - notes->labels) : notes->label_count;
    struct hvs_label label = {0}, *more;

    if (value) {
        more = found ? notes->labels
                     : realloc(notes->labels, (at + 1) * sizeof(*notes->labels));
        if (!more)
            return hvs_err_memory(err);
        notes->labels = more;
        label.key = strdup(key);
        label.value = strdup(value);
        if (!label.key || !label.value) {
            hvs_label_clear(&label);
            return hvs_err_memory(err);
        }
        if (found)
            hvs_label_clear(&notes->labels[at]);
        else
            notes->label_count++;
        notes->labels[at] = label;
    } else if (found) {
        hvs_label_clear(&notes->labels[at]);
        notes->label_count--;
        memmove(&notes->labels[at], &notes->labels[at + 1],
                (notes->label_count - at) * sizeof(*notes->labels));
    }
    return 0;
}

bool hvs_notes_same(const char *a, const char *b)
{
    for (;; a++, b++) {
        a += a[0] == '\r' && a[1] == '\n';
        b += b[0] == '\r' && b[1] == '\n';
        if (*a != *b)
            return false;
        if (!*a)
            return true;
    }
}

int hvs_notes_check(const char *own, struct hvs_error *err)
{
    const char *at;

    if (strlen(own) > HVS_MOST_NOTES)
        return hvs_err_set(err, HVS_USAGE, 0, "the notes have %zu bytes, and %d may be",
                           strlen(own), HVS_MOST_NOTES);
    if (!hvs_utf8_valid(own, strlen(own)))
        return hvs_err_set(err, HVS_USAGE, 0, "the notes are not UTF-8");
    for (at = own; *at; at++)
        if (((unsigned char)*at < 0x20 && !strchr("\t\r\n", *at)) || *at == 0x7f)
            return hvs_err_set(err, HVS_USAGE, 0, "the notes hold a control character");
    if (strstr(own, LAST))
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "hvsnap keeps labels and lifetimes there itself",
                                "the notes hold a line of hvsnap's own: '" LAST "'");
    return 0;
}
