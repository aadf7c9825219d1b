#include "hvsim/times.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MS = 86400000 };

/* Days since 1970 of a day in the Gregorian calendar, which repeats every 400 years. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t in_era = y - era * 400;
    int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

void sim_date_of(int64_t ms, struct sim_date *out)
{
    int64_t days = (ms >= 0 ? ms : ms - (DAY_MS - 1)) / DAY_MS;
    int64_t rest = ms - days * DAY_MS;
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t in_era = shifted - era * 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * in_year + 2) / 153;

    out->day = (int)(in_year - (153 * month + 2) / 5 + 1);
    out->month = (int)(month < 10 ? month + 3 : month - 9);
    out->year = (int)(year + era * 400 + (out->month <= 2));
    out->hour = (int)(rest / 3600000);
    out->minute = (int)(rest / 60000 % 60);
    out->second = (int)(rest / 1000 % 60);
    out->ms = (int)(rest % 1000);
}

/* The fraction of a second, without the zeros at its end. Windows knows microseconds,
 * our clock does not: these are made up, and always the same. */
static void add_fraction(struct hvs_buf *out, int ms)
{
    char digits[20];
    size_t len = 7;

    if (!ms)
        return;
    snprintf(digits, sizeof(digits), ".%03d%03d", ms, ms * 7 % 1000);
    while (digits[len - 1] == '0')
        len--;
    hvs_buf_add(out, digits, len);
}

void sim_time_iso(struct hvs_buf *out, int64_t ms, int offset_minutes)
{
    int size = offset_minutes < 0 ? -offset_minutes : offset_minutes;
    struct sim_date d;

    sim_date_of(ms + (int64_t)offset_minutes * 60000, &d);
    hvs_buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d", d.year, d.month, d.day, d.hour,
                   d.minute, d.second);
    add_fraction(out, d.ms);
    if (offset_minutes)
        hvs_buf_printf(out, "%c%02d:%02d", offset_minutes < 0 ? '-' : '+', size / 60,
                       size % 60);
    else
        hvs_buf_puts(out, "Z");
}

void sim_time_native(char out[SIM_NATIVE_SIZE], int64_t ms)
{
    struct hvs_buf text = HVS_BUF_INIT(64);
    struct sim_date d;

    sim_date_of(ms, &d);
    hvs_buf_printf(&text, "%04d%02d%02d%02d%02d%02d.%03d000+000", d.year, d.month, d.day,
                   d.hour, d.minute, d.second, d.ms);
    snprintf(out, SIM_NATIVE_SIZE, "%s", hvs_buf_str(&text));
    hvs_buf_clear(&text);
}

void sim_interval_iso(struct hvs_buf *out, int64_t ms)
{
    hvs_buf_printf(out, "P%dDT%dH%dM%d", (int)(ms / DAY_MS), (int)(ms / 3600000 % 24),
                   (int)(ms / 60000 % 60), (int)(ms / 1000 % 60));
    add_fraction(out, (int)(ms % 1000));
    hvs_buf_puts(out, "S");
}

void sim_interval_native(char out[SIM_NATIVE_SIZE], int64_t ms)
{
    snprintf(out, SIM_NATIVE_SIZE, "%08d%02d%02d%02d.%03d000:000", (int)(ms / DAY_MS),
             (int)(ms / 3600000 % 24), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60),
             (int)(ms % 1000));
}

/* `count` digits as a number, stepping over them; -1 when they are not all digits. */
static int64_t digits(const char **at, int count)
{
    int64_t value = 0;

    for (; count; count--, (*at)++) {
        if (**at < '0' || **at > '9')
            return -1;
        value = value * 10 + (**at - '0');
    }
    return value;
}

/* The same, and the character behind them unless it is NUL. */
static bool field(const char **at, int count, char end, int *out)
{
    *out = (int)digits(at, count);
    if (*out < 0 || (end && **at != end))
        return false;
    *at += end != '\0';
    return true;
}

bool sim_time_parse(const char *text, int64_t *ms)
{
    int year, month, day, hour, minute, second, unit = 100, fraction = 0;

    if (!field(&text, 4, '-', &year) || !field(&text, 2, '-', &month) ||
        !field(&text, 2, 'T', &day) || !field(&text, 2, ':', &hour) ||
        !field(&text, 2, ':', &minute) || !field(&text, 2, '\0', &second))
        return false;
    if (*text == '.')
        for (text++; *text >= '0' && *text <= '9'; text++, unit /= 10)
            fraction += (*text - '0') * unit;
    if (strcmp(text, "Z") != 0 || month < 1 || month > 12 || day < 1 || day > 31 ||
        hour > 23 || minute > 59 || second > 59)
        return false;
    *ms = days_of(year, month, day) * DAY_MS + hour * INT64_C(3600000) +
          minute * INT64_C(60000) + second * INT64_C(1000) + fraction;
    return true;
}

bool sim_is_native(const char *text)
{
    if (strlen(text) != 25 || digits(&text, 14) < 0 || *text++ != '.' ||
        digits(&text, 6) < 0)
        return false;
    if (!strchr(":+-", *text))
        return false;
    text++;
    return digits(&text, 3) >= 0;
}

/* One "12.5S": the number in thousandths, and its unit's letter. */
static bool read_part(const char **at, int64_t *thousandths, char *unit)
{
    const char *start = *at;
    int64_t value = 0, scale = 100;

    for (; **at >= '0' && **at <= '9' && *at - start < 9; (*at)++)
        value = value * 10 + (**at - '0');
    if (*at == start)
        return false;
    value *= 1000;
    if (**at == '.') {
        for ((*at)++; **at >= '0' && **at <= '9'; (*at)++, scale /= 10)
            value += (**at - '0') * scale;
        if (**at != 'S')
            return false;
    }
    *thousandths = value;
    *unit = **at;
    *at += **at != '\0';
    return true;
}

bool sim_duration_parse(const char *text, int64_t *ms)
{
    static const char units[] = "DHMS";
    static const int64_t seconds[] = {86400, 3600, 60, 1};
    bool any = false, time = false;
    const char *found;
    int64_t value;
    int next = 0;
    char unit;

    if (*text++ != 'P')
        return false;
    for (*ms = 0; *text; any = true) {
        if (*text == 'T' && !time) {
            time = true;
            next = next ? next : 1;
            text++;
        }
        if (!read_part(&text, &value, &unit) || !unit)
            return false;
        found = strchr(units, unit);
        if (!found || found - units < next || time != (unit != 'D'))
            return false;
        *ms += value * seconds[found - units];
        next = (int)(found - units) + 1;
    }
    return any;
}
