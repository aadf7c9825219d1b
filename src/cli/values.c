#include "cli/values.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/err.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int labels_read(struct labels *out, const struct opt_list *texts, struct hvs_error *err)
{
    size_t i;

    *out = (struct labels){0};
    if (!texts->count)
        return 0;
    out->items = calloc(texts->count, sizeof(*out->items));
    if (!out->items)
        return hvs_err_memory(err);
    for (i = 0; i < texts->count; i++, out->count++)
        if (hvs_label_parse(&out->items[i], texts->items[i], err) < 0)
            return -1;
    return 0;
}

void labels_free(struct labels *labels)
{
    size_t i;

    for (i = 0; i < labels->count; i++)
        hvs_label_clear(&labels->items[i]);
    free(labels->items);
    *labels = (struct labels){0};
}

static bool bears(const struct hvs_snapshot *snapshot, const struct hvs_label *label)
{
    size_t i;

    for (i = 0; i < snapshot->label_count; i++)
        if (strcmp(snapshot->labels[i].key, label->key) == 0 &&
            strcmp(snapshot->labels[i].value, label->value) == 0)
            return true;
    return false;
}

bool labels_fit(const struct labels *labels, const struct hvs_snapshot *snapshot)
{
    size_t i;

    for (i = 0; i < labels->count; i++)
        if (!bears(snapshot, &labels->items[i]))
            return false;
    return true;
}

const char *labels_text(const struct hvs_snapshot *snapshot, char *buf, size_t size)
{
    size_t i, len = 0;
    int more;

    buf[0] = '\0';
    for (i = 0; i < snapshot->label_count; i++) {
        const struct hvs_label *label = &snapshot->labels[i];

        more = snprintf(buf + len, size - len, "%s%s=%s", len ? ", " : "", label->key,
                        label->value);
        if (more < 0 || (size_t)more >= size - len) {
            buf[len] = '\0';
            break;
        }
        len += (size_t)more;
    }
    return buf;
}

int span_read(uint64_t *out, const char *option, const char *text, struct hvs_error *err)
{
    int64_t now = hvs_clock_utc_ms();
    struct hvs_span span;

    if (hvs_span_parse(text, &span, err) < 0)
        return hvs_err_prefix(err, option);
    /* elsewhere on the same line it would be minutes */
    if (span.months && !span.years && !span.days && !span.ms && !strchr(text, 'y')) {
        hvs_err_set_hint(err, HVS_USAGE, 0,
                         "min are minutes; 0y1m is a month without a doubt",
                         "'%.100s' would be months", text);
        return hvs_err_prefix(err, option);
    }
    *out = (uint64_t)(hvs_span_after(&span, now) - now);
    return 0;
}

/* Exactly `count` digits; moves on. */
static bool digits(const char **at, int count, int *out)
{
    *out = 0;
    for (; count; count--, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        *out = *out * 10 + (**at - '0');
    }
    return true;
}

static bool skip(const char **at, char c)
{
    return **at == c && (*at)++;
}

int moment_read(int64_t *out, const char *option, const char *text, struct hvs_error *err)
{
    int year, month, day, hour = 0, minute = 0, second = 0;
    const char *at = text;

    if (!digits(&at, 4, &year) || !skip(&at, '-') || !digits(&at, 2, &month) ||
        !skip(&at, '-') || !digits(&at, 2, &day))
        goto wrong;
    if (*at && (!skip(&at, 'T') || !digits(&at, 2, &hour) || !skip(&at, ':') ||
                !digits(&at, 2, &minute) || !skip(&at, ':') || !digits(&at, 2, &second) ||
                !skip(&at, 'Z')))
        goto wrong;
    if (*at || month < 1 || month > 12 || day < 1 ||
        day > hvs_date_month_days(year, month) || hour > 23 || minute > 59 || second > 59)
        goto wrong;
    *out = hvs_date_days(year, month, day) * HVS_DAY_MS +
           (int64_t)(hour * 3600 + minute * 60 + second) * 1000;
    return 0;
wrong:
    return hvs_err_set(err, HVS_USAGE, 0,
                       "%s wants a date such as 2026-12-31, or 2026-12-31T23:59:59Z, "
                       "not '%.100s'",
                       option, text);
}

const char *age_text(int64_t since_ms, char buf[32])
{
    bool known = since_ms != HVS_TIME_NONE;
    int64_t s = known ? (hvs_clock_utc_ms() - since_ms) / 1000 : 0;

    if (!known)
        snprintf(buf, 32, "-");
    else if (s < 0)
        snprintf(buf, 32, "0s"); /* its clock is ahead of ours */
    else if (s < 120)
        snprintf(buf, 32, "%" PRId64 "s", s);
    else if (s < 7200)
        snprintf(buf, 32, "%" PRId64 "min", s / 60);
    else if (s < 172800)
        snprintf(buf, 32, "%" PRId64 "h", s / 3600);
    else
        snprintf(buf, 32, "%" PRId64 "d", s / 86400);
    return buf;
}

bool next_word(const char **list, char *word, size_t size)
{
    size_t len = strcspn(*list, ",");

    if (!**list)
        return false;
    snprintf(word, size, "%.*s", (int)len, *list);
    *list += len + ((*list)[len] == ',');
    return true;
}
