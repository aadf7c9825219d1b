/*
 * What a policy decides about random histories, beside what its rules say of each
 * snapshot by themselves: no order, no counters, each snapshot compared with all others.
 */
#include "support/test.h"

#include <hvsnap/policy.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 40, ROUNDS = 10000, RULES = 6 };

#define NOW INT64_C(1795878000123) /* 2026-11-28T15:00:00.123Z */
#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

struct history {
    uint64_t seed;
    struct hvs_policy policy;
    size_t count;
    struct hvs_policy_item items[MOST];
    char ids[MOST][8];
    struct hvs_label labels[MOST][2];
};

static char key[] = "pin", yes[] = "yes", no[] = "no", other[] = "other";
static const struct hvs_label wanted[] = {{key, yes}, {other, no}};
static const char *const automatic[] = {"auto-?"};

/* The same numbers on every machine. */
static unsigned draw(struct history *h, unsigned below)
{
    h->seed = h->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(h->seed >> 33) % below;
}

static uint32_t draw_count(struct history *h)
{
    static const uint32_t most[] = {1, 2, 3, 7, HVS_POLICY_ALL};

    return draw(h, 3) ? 0 : most[draw(h, COUNT(most))];
}

static void draw_policy(struct history *h)
{
    struct hvs_policy *policy = &h->policy;

    *policy = (struct hvs_policy)HVS_POLICY_INIT;
    policy->keep_label_count = draw(h, 3);
    policy->keep_labels = wanted;
    policy->keep_current = draw(h, 4) == 0;
    policy->match = automatic;
    policy->match_count = draw(h, 4) == 0;
    policy->allow_all = draw(h, 3) == 0;
    if (draw(h, 4) == 0)
        policy->kinds = 1U + draw(h, 127);
    policy->only_expired = draw(h, 6) == 0;
    if (policy->only_expired)
        return;
    policy->keep_last = draw_count(h);
    policy->keep_hourly = draw_count(h);
    policy->keep_daily = draw_count(h);
    policy->keep_weekly = draw_count(h);
    policy->keep_monthly = draw_count(h);
    policy->keep_yearly = draw_count(h);
    if (draw(h, 5) == 0)
        policy->keep_within = (struct hvs_span){.days = draw(h, 40),
                                                .ms = draw(h, 9) * HOUR};
}

/* Close together or far apart; some at one moment, some in the future. */
static int64_t draw_time(struct history *h, int64_t scale)
{
    int64_t ago = (int64_t)draw(h, 1000) * scale / 1000;

    if (draw(h, 6) == 0)
        ago = ago / DAY * DAY + NOW % DAY; /* a midnight's first moment, or its last */
    return NOW - ago - (draw(h, 2) ? 0 : 1) + (draw(h, 20) == 0 ? 3 * DAY : 0);
}

static void draw_history(struct history *h)
{
    static const int64_t scales[] = {3 * HOUR, 2 * DAY, 20 * DAY, 200 * DAY, 2000 * DAY};
    static const char *const names[] = {"auto-1", "auto-2", "auto-12", "by hand"};
    int64_t scale = scales[draw(h, COUNT(scales))];
    bool all_users = draw(h, 2);
    size_t i, standing;

    h->count = draw(h, draw(h, MOST) + 2);
    standing = draw(h, MOST);
    for (i = 0; i < h->count; i++) {
        struct hvs_policy_item *item = &h->items[i];

        snprintf(h->ids[i], sizeof(h->ids[i]), "%c%02u", 'A' + (int)draw(h, 26),
                 (unsigned)i);
        h->labels[i][0] = (struct hvs_label){key, draw(h, 8) ? no : yes};
        h->labels[i][1] = (struct hvs_label){other, draw(h, 8) ? yes : no};
        *item = (struct hvs_policy_item){.id = h->ids[i],
                                         .name = names[draw(h, COUNT(names))],
                                         .created_ms = draw_time(h, scale),
                                         .expires_ms = HVS_TIME_NONE,
                                         .current = i == standing,
                                         .labels = h->labels[i],
                                         .label_count = draw(h, 3)};
        if (draw(h, 5) == 0)
            item->expires_ms = NOW + ((int64_t)draw(h, 11) - 5) * HOUR;
        if (!all_users && draw(h, 3) == 0)
            item->kind = (enum hvs_snapshot_kind)draw(h, HVS_KIND_OTHER + 1);
        if (draw(h, 25) == 0)
            item->created_ms = HVS_TIME_NONE;
    }
}

static bool has_label(const struct hvs_policy_item *item, const struct hvs_label *label)
{
    size_t i;

    for (i = 0; i < item->label_count; i++)
        if (!strcmp(item->labels[i].key, label->key) &&
            !strcmp(item->labels[i].value, label->value))
            return true;
    return false;
}

static const char *aside(const struct history *h, const struct hvs_policy_item *item)
{
    unsigned kinds = h->policy.kinds ? h->policy.kinds : 1U << HVS_KIND_USER;

    if (!(kinds >> item->kind & 1))
        return kinds == 1U << HVS_KIND_USER ? "not a user snapshot" : "of another kind";
    if (h->policy.match_count && (strlen(item->name) != 6 || item->name[0] != 'a'))
        return "does not match";
    return item->created_ms == HVS_TIME_NONE ? "its age is unknown" : NULL;
}

static bool is_over(const struct hvs_policy_item *item)
{
    return item->expires_ms != HVS_TIME_NONE && item->expires_ms <= NOW;
}

static bool counts(const struct history *h, const struct hvs_policy_item *item)
{
    return !aside(h, item) && !is_over(item);
}

static bool newer(const struct hvs_policy_item *a, const struct hvs_policy_item *b)
{
    if (a->created_ms != b->created_ms)
        return a->created_ms > b->created_ms;
    return strcmp(a->id, b->id) < 0;
}

/* What the C library calls the period of a rule; all are the same for the first. */
static void period(int rule, const struct hvs_policy_item *item, char out[32])
{
    time_t seconds = (time_t)(item->created_ms / 1000);
    struct tm tm;

    assert_non_null(gmtime_r(&seconds, &tm));
    out[0] = '\0';
    switch (rule) {
    case 1: strftime(out, 32, "%Y-%m-%d %H:00", &tm); break;
    case 2: strftime(out, 32, "%Y-%m-%d", &tm); break;
    case 3: strftime(out, 32, "%G-W%V", &tm); break;
    case 4: strftime(out, 32, "%Y-%m", &tm); break;
    case 5: strftime(out, 32, "%Y", &tm); break;
    default: break;
    }
}

/* Is it the newest of its period, of those that count? */
static bool leads(const struct history *h, int rule, const struct hvs_policy_item *item)
{
    char ours[32], theirs[32];
    size_t i;

    period(rule, item, ours);
    for (i = 0; rule && i < h->count; i++) {
        if (!counts(h, &h->items[i]) || !newer(&h->items[i], item))
            continue;
        period(rule, &h->items[i], theirs);
        if (strcmp(ours, theirs) == 0)
            return false;
    }
    return true;
}

/* How many periods (snapshots, for the first rule) have one that is newer; with NULL, how
 * many there are. */
static size_t before(const struct history *h, int rule,
                     const struct hvs_policy_item *item)
{
    size_t i, found = 0;

    for (i = 0; i < h->count; i++)
        found += counts(h, &h->items[i]) && (!item || newer(&h->items[i], item)) &&
                 leads(h, rule, &h->items[i]);
    return found;
}

static bool is_oldest(const struct history *h, const struct hvs_policy_item *item)
{
    size_t i;

    for (i = 0; i < h->count; i++)
        if (counts(h, &h->items[i]) && newer(item, &h->items[i]))
            return false;
    return true;
}

static void say(char *out, const char *what, const char *which)
{
    size_t len = strlen(out);

    snprintf(out + len, 400 - len, "%s%s%s", len ? ", " : "", what, which);
}

static void say_counts(const struct history *h, const struct hvs_policy_item *item,
                       char *out)
{
    const struct hvs_policy *p = &h->policy;
    const uint32_t most[RULES] = {p->keep_last,   p->keep_hourly,  p->keep_daily,
                                  p->keep_weekly, p->keep_monthly, p->keep_yearly};
    static const char *const words[RULES] = {"last ",   "hourly ",  "daily ",
                                             "weekly ", "monthly ", "yearly "};
    char text[32], oldest[32];
    int rule;

    for (rule = 0; rule < RULES; rule++) {
        if (rule)
            period(rule, item, text);
        else if (most[rule] == HVS_POLICY_ALL)
            snprintf(text, sizeof(text), "all");
        else
            snprintf(text, sizeof(text), "%u", (unsigned)most[rule]);
        if (leads(h, rule, item) && before(h, rule, item) < most[rule]) {
            say(out, words[rule], text);
        } else if (is_oldest(h, item) && before(h, rule, NULL) < most[rule]) {
            snprintf(oldest, sizeof(oldest), "oldest %s", words[rule]);
            say(out, oldest, text);
        }
    }
}

static bool is_within(const struct history *h, const struct hvs_policy_item *item)
{
    int64_t span = h->policy.keep_within.days * DAY + h->policy.keep_within.ms;
    int64_t newest = INT64_MIN;
    size_t i;

    for (i = 0; i < h->count; i++)
        if (counts(h, &h->items[i]) && h->items[i].created_ms <= NOW &&
            h->items[i].created_ms > newest)
            newest = h->items[i].created_ms;
    if (newest == INT64_MIN)
        newest = NOW;
    return span && newest - item->created_ms <= span;
}

static void say_pins(const struct history *h, const struct hvs_policy_item *item,
                     char *out)
{
    if (h->policy.keep_label_count > 0 && has_label(item, &wanted[0]))
        say(out, "label ", "pin=yes");
    if (h->policy.keep_label_count > 1 && has_label(item, &wanted[1]))
        say(out, "label ", "other=no");
    if (h->policy.keep_current && item->current)
        say(out, "the VM stands on it", "");
}

/* Every reason to keep it; "" for none. */
static void expect(const struct history *h, const struct hvs_policy_item *item, char *out)
{
    const struct hvs_span *span = &h->policy.keep_within;
    char text[64] = "";

    out[0] = '\0';
    if (aside(h, item)) {
        say(out, aside(h, item), "");
        return;
    }
    say_pins(h, item, out);
    if (is_over(item))
        return;
    if (item->expires_ms != HVS_TIME_NONE)
        say(out, "lives until ",
            item->expires_ms < (NOW / DAY + 1) * DAY ? "2026-11-28" : "2026-11-29");
    else if (h->policy.only_expired)
        say(out, "has no lifetime", "");
    if (span->days)
        snprintf(text, sizeof(text), "%ud", (unsigned)span->days);
    if (span->ms)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%uh",
                 (unsigned)(span->ms / HOUR));
    if (is_within(h, item))
        say(out, "within ", text);
    say_counts(h, item, out);
}

static void join(const struct hvs_policy_decision *decision, char *out)
{
    size_t i;

    out[0] = '\0';
    for (i = 0; i < decision->reason_count; i++)
        say(out, decision->reasons[i], "");
}

static void check_item(const struct history *h, const struct hvs_policy_plan *plan,
                       size_t i)
{
    const struct hvs_policy_item *item = &h->items[i];
    char reasons[400], expected[400];

    join(&plan->items[i], reasons);
    expect(h, item, expected);
    assert_int_equal(plan->items[i].keep, expected[0] != '\0');
    if (!plan->items[i].keep)
        snprintf(expected, sizeof(expected), "%s",
                 is_over(item) ? "expired 2026-11-28" : "nothing keeps it");
    assert_string_equal(reasons, expected);
}

/* Does the last of these kinds go? */
static bool last_goes(const struct history *h, const struct hvs_policy_plan *plan,
                      unsigned kinds)
{
    size_t i, kept = 0, gone = 0;

    for (i = 0; i < h->count; i++) {
        kept += (kinds >> h->items[i].kind & 1) && plan->items[i].keep;
        gone += (kinds >> h->items[i].kind & 1) && !plan->items[i].keep;
    }
    return gone && !kept;
}

/* In another order, every snapshot meets the same fate for the same reasons. */
static void check_shuffled(struct history *h, const struct hvs_policy_plan *plan)
{
    struct hvs_policy_item items[MOST];
    struct hvs_policy_plan *again;
    struct hvs_error err = {0};
    char one[400], two[400];
    size_t from[MOST], i, j;

    for (i = 0; i < h->count; i++) {
        j = draw(h, (unsigned)i + 1);
        from[i] = from[j];
        from[j] = i;
    }
    for (i = 0; i < h->count; i++)
        items[i] = h->items[from[i]];
    assert_int_equal(hvs_policy_decide(&h->policy, items, h->count, NOW, &again, &err),
                     0);
    for (i = 0; i < h->count; i++) {
        join(&again->items[i], one);
        join(&plan->items[from[i]], two);
        assert_string_equal(one, two);
        assert_int_equal(again->items[i].keep, plan->items[from[i]].keep);
    }
    hvs_policy_plan_free(again);
}

/* Once it is carried out there is nothing more to do. */
static void check_again(const struct history *h, const struct hvs_policy_plan *plan)
{
    struct hvs_policy_item items[MOST];
    struct hvs_policy_plan *again;
    struct hvs_error err = {0};
    size_t i, count = 0;

    for (i = 0; i < h->count; i++)
        if (plan->items[i].keep)
            items[count++] = h->items[i];
    assert_int_equal(hvs_policy_decide(&h->policy, items, count, NOW, &again, &err), 0);
    assert_int_equal(again->removed, 0);
    hvs_policy_plan_free(again);
}

static bool keeps_something(const struct hvs_policy *p)
{
    return p->keep_last || p->keep_hourly || p->keep_daily || p->keep_weekly ||
           p->keep_monthly || p->keep_yearly || p->keep_within.days ||
           p->keep_within.ms || p->keep_label_count || p->keep_current || p->only_expired;
}

enum tally { IDLE, REFUSED, NOTHING_GOES, SOME_GO, ALL_GO, TALLIES };

static enum tally check_history(struct history *h)
{
    struct hvs_policy_plan *plan;
    struct hvs_error err = {0};
    int rc = hvs_policy_decide(&h->policy, h->items, h->count, NOW, &plan, &err);
    unsigned users = 1U << HVS_KIND_USER;
    bool last;
    size_t i;

    if (!keeps_something(&h->policy)) {
        assert_int_equal(rc, -1);
        assert_null(plan);
        return IDLE;
    }
    assert_non_null(plan);
    for (i = 0; i < h->count; i++)
        check_item(h, plan, i);
    last = last_goes(h, plan, users) ||
           last_goes(h, plan, h->policy.kinds ? h->policy.kinds : users);
    assert_int_equal(rc, last && !h->policy.allow_all ? -1 : 0);
    if (rc < 0) {
        assert_int_equal(err.class_, HVS_CLASS_REFUSED);
        hvs_policy_plan_free(plan);
        return REFUSED;
    }
    check_shuffled(h, plan);
    check_again(h, plan);
    i = plan->removed;
    hvs_policy_plan_free(plan);
    return i == 0 ? NOTHING_GOES : i < h->count ? SOME_GO : ALL_GO;
}

static void test_histories(void **state)
{
    unsigned tally[TALLIES] = {0}, round;
    struct history *h = calloc(1, sizeof(*h));

    (void)state;
    assert_non_null(h);
    for (round = 0; round < ROUNDS; round++) {
        h->seed = round * UINT64_C(0x9e3779b97f4a7c15);
        draw_policy(h);
        draw_history(h);
        tally[check_history(h)]++;
    }
    free(h);
    /* the dice have thrown all there is */
    assert_true(tally[IDLE] > 50 && tally[REFUSED] > 50 && tally[NOTHING_GOES] > 1000 &&
                tally[SOME_GO] > 1000 && tally[ALL_GO] > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_histories)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
