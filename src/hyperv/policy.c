#include "base/err.h"
#include "base/glob.h"
#include "hyperv/opts.h"
#include "hyperv/policy_calendar.h"

#include <hvsnap/policy.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rules that count: the newest of each period, for so many periods. `last` counts
 * snapshots instead. */
enum { LAST, HOURLY, DAILY, WEEKLY, MONTHLY, YEARLY, COUNTS };

static const struct {
    const char *word, *oldest;
    enum hvs_period period;
} counts[COUNTS] = {
    [LAST] = {"last", "last", 0},
    [HOURLY] = {"hourly", "oldest hourly", HVS_PERIOD_HOUR},
    [DAILY] = {"daily", "oldest daily", HVS_PERIOD_DAY},
    [WEEKLY] = {"weekly", "oldest weekly", HVS_PERIOD_WEEK},
    [MONTHLY] = {"monthly", "oldest monthly", HVS_PERIOD_MONTH},
    [YEARLY] = {"yearly", "oldest yearly", HVS_PERIOD_YEAR},
};

/* A decision under way. */
struct decide {
    const struct hvs_policy *policy;
    const struct hvs_policy_item *items;
    int64_t now;
    struct hvs_policy_plan *plan;
    const struct hvs_policy_item **counted; /* what the rules are for, newest first */
    size_t count;
    uint32_t wanted[COUNTS]; /* of each rule */
    uint32_t left[COUNTS];   /* and how many it may still keep */
    int64_t period[COUNTS];  /* of the last one that it kept */
    int64_t within_from;     /* keep_within begins there */
    char within[80];         /* how that is written */
    char **labels;           /* and keep_labels */
};

/* `what`, a blank and `which`, where there is one. */
static int add_reason(struct decide *d, const struct hvs_policy_item *item,
                      const char *what, const char *which)
{
    struct hvs_policy_decision *decision = &d->plan->items[item - d->items];
    size_t size = strlen(what) + strlen(which) + 2;
    char **reasons = realloc(decision->reasons,
                             (decision->reason_count + 1) * sizeof(char *));
    char *text;

    if (!reasons)
        return -1;
    decision->reasons = reasons;
    text = malloc(size);
    if (!text)
        return -1;
    snprintf(text, size, "%s%s%s", what, *which ? " " : "", which);
    reasons[decision->reason_count++] = text;
    return 0;
}

static bool bears(const struct hvs_policy_item *item, const struct hvs_label *label)
{
    size_t i;

    for (i = 0; i < item->label_count; i++)
        if (strcmp(item->labels[i].key, label->key) == 0 &&
            strcmp(item->labels[i].value, label->value) == 0)
            return true;
    return false;
}

static bool expired(const struct decide *d, const struct hvs_policy_item *item)
{
    return item->expires_ms != HVS_TIME_NONE && item->expires_ms <= d->now;
}

/* What keeps a snapshot even beyond its lifetime. */
static int pinned(struct decide *d, const struct hvs_policy_item *item)
{
    const struct hvs_policy *policy = d->policy;
    size_t i;

    for (i = 0; i < policy->keep_label_count; i++)
        if (bears(item, &policy->keep_labels[i]) &&
            add_reason(d, item, "label", d->labels[i]) < 0)
            return -1;
    if (policy->keep_current && item->current)
        return add_reason(d, item, "the VM stands on it", "");
    return 0;
}

static int alive(struct decide *d, const struct hvs_policy_item *item)
{
    char day[48];

    if (item->expires_ms != HVS_TIME_NONE)
        return add_reason(d, item, "lives until",
                          hvs_period_text(HVS_PERIOD_DAY, item->expires_ms, day));
    return d->policy->only_expired ? add_reason(d, item, "has no lifetime", "") : 0;
}

/* The rules that count, for the next one in the order of time. */
static int count_it(struct decide *d, const struct hvs_policy_item *item, bool newest,
                    bool oldest)
{
    int64_t period;
    char text[48];
    bool fresh;
    int i;

    for (i = 0; i < COUNTS; i++) {
        if (!d->left[i])
            continue;
        period = i == LAST ? 0 : hvs_period_of(counts[i].period, item->created_ms);
        fresh = i == LAST || newest || period != d->period[i];
        if (!fresh && !oldest)
            continue;
        d->period[i] = period;
        d->left[i]--; /* of HVS_POLICY_ALL there are enough */
        if (i != LAST)
            hvs_period_text(counts[i].period, item->created_ms, text);
        else if (d->wanted[i] == HVS_POLICY_ALL)
            snprintf(text, sizeof(text), "all");
        else
            snprintf(text, sizeof(text), "%u", (unsigned)d->wanted[i]);
        if (add_reason(d, item, fresh ? counts[i].word : counts[i].oldest, text) < 0)
            return -1;
    }
    return 0;
}

static int newest_first(const void *a, const void *b)
{
    const struct hvs_policy_item *x = *(const struct hvs_policy_item *const *)a;
    const struct hvs_policy_item *y = *(const struct hvs_policy_item *const *)b;

    if (x->created_ms != y->created_ms)
        return x->created_ms < y->created_ms ? 1 : -1;
    return strcmp(x->id, y->id);
}

static void begin_within(struct decide *d)
{
    int64_t latest = d->now;
    size_t i;

    for (i = 0; i < d->count; i++)
        if (d->counted[i]->created_ms <= d->now) {
            latest = d->counted[i]->created_ms;
            break;
        }
    d->within_from = hvs_span_before(&d->policy->keep_within, latest);
    hvs_span_text(&d->policy->keep_within, d->within);
}

static bool has_within(const struct hvs_policy *policy)
{
    const struct hvs_span *within = &policy->keep_within;

    return within->years || within->months || within->days || within->ms;
}

static int apply_rules(struct decide *d, struct hvs_error *err)
{
    const struct hvs_policy_item *item, *before = NULL;
    size_t i;

    qsort(d->counted, d->count, sizeof(*d->counted), newest_first);
    begin_within(d);
    for (i = 0; i < d->count; i++, before = item) {
        item = d->counted[i];
        if (before && newest_first(&before, &item) == 0)
            return hvs_err_set(err, HVS_USAGE, 0, "the snapshot '%.100s' is given twice",
                               item->id);
        if (pinned(d, item) < 0 || alive(d, item) < 0)
            return hvs_err_memory(err);
        if (has_within(d->policy) && item->created_ms >= d->within_from &&
            add_reason(d, item, "within", d->within) < 0)
            return hvs_err_memory(err);
        if (count_it(d, item, i == 0, i == d->count - 1) < 0)
            return hvs_err_memory(err);
    }
    return 0;
}

static bool is_named_so(const struct hvs_policy *policy, const char *name)
{
    size_t i;

    for (i = 0; i < policy->match_count; i++)
        if (hvs_glob_match(policy->match[i], name ? name : ""))
            return true;
    return !policy->match_count;
}

/* Why it is not looked at, or NULL. */
static const char *set_aside(const struct hvs_policy *policy,
                             const struct hvs_policy_item *item)
{
    if (!(policy->kinds & HVS_POLICY_KIND(item->kind)))
        return policy->kinds == HVS_POLICY_KIND(HVS_KIND_USER) ? "not a user snapshot"
                                                               : "of another kind";
    if (!is_named_so(policy, item->name))
        return "does not match";
    if (item->created_ms == HVS_TIME_NONE)
        return "its age is unknown";
    return NULL;
}

/* What has to be said of each alone; what the rules are for is put together. */
static int sort_out(struct decide *d, size_t count)
{
    const struct hvs_policy_item *item;
    const char *aside;
    size_t i;

    for (i = 0; i < count; i++) {
        item = &d->items[i];
        aside = set_aside(d->policy, item);
        if (aside ? add_reason(d, item, aside, "") < 0
                  : expired(d, item) && pinned(d, item) < 0)
            return -1;
        if (!aside && !expired(d, item))
            d->counted[d->count++] = item;
    }
    return 0;
}

/* A snapshot with a reason so far has one to stay. */
static int conclude(struct decide *d, size_t count)
{
    char day[48];
    size_t i;

    for (i = 0; i < count; i++) {
        const struct hvs_policy_item *item = &d->items[i];
        struct hvs_policy_decision *decision = &d->plan->items[i];

        decision->keep = decision->reason_count > 0;
        d->plan->removed += !decision->keep;
        if (decision->keep)
            continue;
        if (expired(d, item)
                ? add_reason(d, item, "expired",
                             hvs_period_text(HVS_PERIOD_DAY, item->expires_ms, day)) < 0
                : add_reason(d, item, "nothing keeps it", "") < 0)
            return -1;
    }
    return 0;
}

/* Would the last of these kinds go? */
static int guard_kinds(const struct decide *d, size_t count, unsigned kinds,
                       const char *what, struct hvs_error *err)
{
    size_t i, kept = 0, gone = 0;

    for (i = 0; i < count; i++) {
        if (!(kinds & HVS_POLICY_KIND(d->items[i].kind)))
            continue;
        kept += d->plan->items[i].keep;
        gone += !d->plan->items[i].keep;
    }
    if (kept || !gone)
        return 0;
    hvs_err_set_hint(err, HVS_USAGE, 0, "if that is what you want, say --allow-all",
                     "the policy would delete all %s of the VM: %zu", what, gone);
    return hvs_err_class(err, HVS_CLASS_REFUSED);
}

static int guard(const struct decide *d, size_t count, struct hvs_error *err)
{
    if (d->policy->allow_all)
        return 0;
    if (guard_kinds(d, count, HVS_POLICY_KIND(HVS_KIND_USER), "user snapshots", err) < 0)
        return -1;
    return guard_kinds(d, count, d->policy->kinds, "snapshots that it looks at", err);
}

static int check(const struct decide *d, struct hvs_error *err)
{
    const struct hvs_policy *policy = d->policy;
    bool rules = has_within(policy);
    size_t i;

    for (i = 0; i < COUNTS; i++)
        rules = rules || d->wanted[i];
    if (policy->only_expired && rules)
        return hvs_err_set(err, HVS_USAGE, 0,
                           "a policy that removes what has expired, and nothing else, "
                           "has no use for other rules than labels");
    if (!policy->only_expired && !rules && !policy->keep_label_count &&
        !policy->keep_current)
        return hvs_err_set_hint(
            err, HVS_USAGE, 0,
            "say what to keep: --keep-last, --keep-hourly, --keep-daily, --keep-weekly, "
            "--keep-monthly, --keep-yearly, --keep-within, --keep-label",
            "the policy keeps nothing: it would delete every snapshot");
    for (i = 0; i < policy->match_count; i++)
        if (hvs_glob_check(policy->match[i], err) < 0)
            return -1;
    return 0;
}

static int read_policy(struct hvs_policy *out, struct decide *d,
                       const struct hvs_policy *policy, struct hvs_error *err)
{
    const size_t least = offsetof(struct hvs_policy, keep_hourly);

    *out = (struct hvs_policy)HVS_POLICY_INIT;
    if (hvs_opts_copy(out, sizeof(*out), policy, least, "HVS_POLICY_INIT", err) < 0)
        return -1;
    if (!out->kinds)
        out->kinds = HVS_POLICY_KIND(HVS_KIND_USER);
    d->policy = out;
    d->wanted[LAST] = out->keep_last;
    d->wanted[HOURLY] = out->keep_hourly;
    d->wanted[DAILY] = out->keep_daily;
    d->wanted[WEEKLY] = out->keep_weekly;
    d->wanted[MONTHLY] = out->keep_monthly;
    d->wanted[YEARLY] = out->keep_yearly;
    memcpy(d->left, d->wanted, sizeof(d->left));
    return check(d, err);
}

static void free_texts(char **texts, size_t count)
{
    size_t i;

    for (i = 0; texts && i < count; i++)
        free(texts[i]);
    free(texts);
}

/* "key=value" of each. */
static char **label_texts(const struct hvs_label *labels, size_t count)
{
    char **texts = calloc(count + 1, sizeof(*texts));
    size_t i, size;

    for (i = 0; texts && i < count; i++) {
        size = strlen(labels[i].key) + strlen(labels[i].value) + 2;
        texts[i] = malloc(size);
        if (!texts[i]) {
            free_texts(texts, i);
            return NULL;
        }
        snprintf(texts[i], size, "%s=%s", labels[i].key, labels[i].value);
    }
    return texts;
}

static struct hvs_policy_plan *new_plan(size_t count)
{
    struct hvs_policy_plan *plan = calloc(1, sizeof(*plan));

    if (!plan)
        return NULL;
    plan->items = calloc(count + 1, sizeof(*plan->items));
    if (plan->items) {
        plan->count = count;
        return plan;
    }
    free(plan);
    return NULL;
}

int hvs_policy_decide(const struct hvs_policy *given, const struct hvs_policy_item *items,
                      size_t count, int64_t now_ms, struct hvs_policy_plan **out,
                      struct hvs_error *err)
{
    struct decide d = {.items = items, .now = now_ms};
    struct hvs_policy policy;
    int rc = -1;

    *out = NULL;
    if (read_policy(&policy, &d, given, err) < 0)
        return -1;
    d.plan = new_plan(count);
    d.counted = calloc(count + 1, sizeof(*d.counted));
    d.labels = label_texts(policy.keep_labels, policy.keep_label_count);
    if (!d.plan || !d.counted || !d.labels || sort_out(&d, count) < 0) {
        hvs_err_memory(err);
        goto out;
    }
    if (apply_rules(&d, err) < 0)
        goto out;
    if (conclude(&d, count) < 0) {
        hvs_err_memory(err);
        goto out;
    }
    rc = guard(&d, count, err);
    *out = d.plan;
    d.plan = NULL;
out:
    free_texts(d.labels, policy.keep_label_count);
    free(d.counted);
    hvs_policy_plan_free(d.plan);
    return rc;
}

void hvs_policy_plan_free(struct hvs_policy_plan *plan)
{
    size_t i, j;

    if (!plan)
        return;
    for (i = 0; i < plan->count; i++) {
        for (j = 0; j < plan->items[i].reason_count; j++)
            free(plan->items[i].reasons[j]);
        free(plan->items[i].reasons);
    }
    free(plan->items);
    free(plan);
}
