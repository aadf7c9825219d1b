#include "base/date.h"
#include "base/err.h"

#include <hvsnap/policy.h>

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* From large to small. */
enum unit { YEARS, MONTHS, WEEKS, DAYS, HOURS, MINUTES, SECONDS, UNITS };

static const struct {
    const char *name;
    int64_t ms; /* of years and months: on average */
} units[UNITS] = {
    [YEARS] = {"y", INT64_C(31557600000)},
    [MONTHS] = {"m", INT64_C(2629800000)},
    [WEEKS] = {"w", INT64_C(7) * HVS_DAY_MS},
    [DAYS] = {"d", HVS_DAY_MS},
    [HOURS] = {"h", 3600000},
    [MINUTES] = {"min", 60000},
    [SECONDS] = {"s", 1000},
};

static const int64_t longest = INT64_C(1000) * 31557600000;

static const char help[] =
    "say 7d, or 1y5m7d2h: y, m (months), w, d, h, min (minutes) and "
    "s, the larger before the smaller";

/* The unit that the whole of `len` letters names, or UNITS. */
static enum unit find_unit(const char *name, size_t len)
{
    enum unit unit;

    for (unit = YEARS; unit < UNITS; unit++)
        if (strlen(units[unit].name) == len && strncmp(units[unit].name, name, len) == 0)
            break;
    return unit;
}

static void add(struct hvs_span *span, enum unit unit, int64_t value)
{
    switch (unit) {
    case YEARS: span->years = (uint32_t)value; break;
    case MONTHS: span->months = (uint32_t)value; break;
    case WEEKS: span->days = (uint32_t)value * 7; break;
    case DAYS: span->days += (uint32_t)value; break;
    default: span->ms += value * units[unit].ms; break;
    }
}

/* What has been read of a span. */
struct reading {
    const char *at;
    enum unit last; /* UNITS before the first */
    int64_t about;  /* ms in all, more or less */
    struct hvs_span span;
};

/* The next number and unit. Says what is wrong with them, or NULL. */
static const char *read_part(struct reading *r)
{
    bool first = r->last == UNITS;
    int64_t value = 0;
    enum unit unit;
    size_t len;

    if (*r->at < '0' || *r->at > '9')
        return "a number has to come before each unit";
    for (; *r->at >= '0' && *r->at <= '9'; r->at++)
        if (value < longest)
            value = value * 10 + (*r->at - '0');
    len = strcspn(r->at, "0123456789");
    unit = find_unit(r->at, len);
    if (!len)
        return "the last number has no unit";
    if (unit == UNITS)
        return "there is no such unit";
    if (!first && unit == MONTHS && r->last > MONTHS)
        return "m means months, and comes before them; minutes are min";
    if (!first && unit <= r->last)
        return "the larger unit comes first, and each of them once";
    if (value > (longest - r->about) / units[unit].ms)
        return "it is more than 1000 years";
    r->about += value * units[unit].ms;
    r->at += len;
    r->last = unit;
    add(&r->span, unit, value);
    return NULL;
}

int hvs_span_parse(const char *text, struct hvs_span *out, struct hvs_error *err)
{
    struct reading r = {.at = text, .last = UNITS};
    const char *why = NULL;

    *out = (struct hvs_span){0};
    if (!*text)
        return hvs_err_set_hint(err, HVS_USAGE, 0, help, "a span of time is missing");
    while (*r.at && !why)
        why = read_part(&r);
    if (!why && !r.about)
        why = "it is nothing";
    if (why)
        return hvs_err_set_hint(err, HVS_USAGE, 0, help,
                                "'%.100s' is no span of time: %s", text, why);
    *out = r.span;
    return 0;
}

/* A caller may have filled a span himself. */
static int64_t clip(int64_t value, int64_t most)
{
    return value > most ? most : value < -most ? -most : value;
}

/* The moment that lies some months, then days, then ms later, or earlier. */
static int64_t shift(int64_t ms, int64_t months, int64_t days, int64_t rest)
{
    int64_t day, month;
    struct hvs_date date;
    int last;

    /* nearer to the end of numbers there is nothing to tell apart */
    if (ms < INT64_MIN + 4 * longest || ms > INT64_MAX - 4 * longest)
        return ms;
    day = hvs_floor_div(ms, HVS_DAY_MS);
    date = hvs_date_of(day);
    rest += ms - day * HVS_DAY_MS;
    month = date.year * 12 + date.month - 1 + clip(months, 12000);
    date.year = hvs_floor_div(month, 12);
    date.month = (int)(month - date.year * 12) + 1;
    last = hvs_date_month_days(date.year, date.month);
    day = hvs_date_days(date.year, date.month, date.day < last ? date.day : last);
    return (day + clip(days, longest / HVS_DAY_MS)) * HVS_DAY_MS + rest;
}

int64_t hvs_span_before(const struct hvs_span *span, int64_t ms)
{
    return shift(ms, -((int64_t)span->years * 12 + span->months), -(int64_t)span->days,
                 -clip(span->ms, longest));
}

int64_t hvs_span_after(const struct hvs_span *span, int64_t ms)
{
    return shift(ms, (int64_t)span->years * 12 + span->months, span->days,
                 clip(span->ms, longest));
}

const char *hvs_span_text(const struct hvs_span *span, char buf[80])
{
    const int64_t values[UNITS] = {[YEARS] = span->years,
                                   [MONTHS] = span->months,
                                   [DAYS] = span->days,
                                   [HOURS] = span->ms / 3600000,
                                   [MINUTES] = span->ms / 60000 % 60,
                                   [SECONDS] = span->ms / 1000 % 60};
    enum unit unit;
    size_t len = 0;

    buf[0] = '\0';
    for (unit = YEARS; unit < UNITS; unit++)
        if (values[unit])
            len += (size_t)snprintf(buf + len, 80 - len, "%" PRId64 "%s", values[unit],
                                    units[unit].name);
    return buf;
}
