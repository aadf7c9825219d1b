#ifndef HVSNAP_POLICY_H
#define HVSNAP_POLICY_H

#include <hvsnap/snapshot.h>

/*
 * Retention: which snapshots of a VM stay, and which go. Nothing here speaks to a host.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** A span of time on the calendar, in UTC; all zero for none. */
struct hvs_span {
    uint32_t years, months, days;
    int64_t ms; /**< hours and what is smaller */
};

/**
 * Read a span such as "7d" or "1y5m7d2h": each number with its unit, the larger before
 * the smaller. The units are y, m, w, d, h, min and s. As in restic, m means months;
 * minutes are "min". (The program's --timeout, which is no such span, has m for
 * minutes.) "2h30m" is therefore an error, for its order, and so are a span of nothing
 * and one of more than 1000 years.
 */
HVS_API int hvs_span_parse(const char *text, struct hvs_span *out,
                           struct hvs_error *err) HVS_MUST_CHECK;

/** The moment that lies a span before, or after, another (ms since 1970, in UTC). Years
 * and months go to the same day of another month, or to its last when it has no such
 * day: a month after 31 January is the end of February. */
HVS_API int64_t hvs_span_before(const struct hvs_span *span, int64_t ms);
HVS_API int64_t hvs_span_after(const struct hvs_span *span, int64_t ms);

/** "1y5m7d2h", as hvs_span_parse() reads it; "" for none. Returns `buf`. */
HVS_API const char *hvs_span_text(const struct hvs_span *span, char buf[80]);

/** For the counts of a policy: as many as there are. */
#define HVS_POLICY_ALL UINT32_MAX

/** For `kinds` of a policy. */
#define HVS_POLICY_KIND(kind) (1U << (kind))

/**
 * Which snapshots of a VM to keep, in restic's grammar. Start from HVS_POLICY_INIT. All
 * that is set keeps what it fits; a snapshot that nothing keeps goes. Hours, days, ISO
 * weeks, months and years are those of UTC.
 *
 * A count keeps the newest snapshot of each of the last so many hours, days, ... that
 * have one. Where there are fewer of these than the count, the oldest snapshot of all is
 * kept too, so that the history does not shrink before the count is reached.
 *
 * Not looked at, and therefore kept: snapshots of other kinds than `kinds`, names that do
 * not fit `match`, and those whose time of creation is unknown.
 *
 * A lifetime goes before the rules: a snapshot that has outlived it goes, unless a label
 * or keep_current keeps it, and does not count for the others; one that has not stays.
 */
struct hvs_policy {
    size_t size; /**< set by the initialiser: lets later versions grow */
    uint32_t keep_last;   /**< the newest; 0: not set, for all of these */
    uint32_t keep_hourly;
    uint32_t keep_daily;
    uint32_t keep_weekly;
    uint32_t keep_monthly;
    uint32_t keep_yearly;
    struct hvs_span keep_within; /**< what is not older than this, beside the newest. As
                                      in restic the newest counts, not the clock: when no
                                      more are taken, none goes for its age. What was
                                      taken after `now_ms` does not count as the newest */
    const struct hvs_label *keep_labels; /**< what bears one of these */
    size_t keep_label_count;
    bool keep_current; /**< what the VM stands on */

    bool only_expired; /**< nothing else goes than what has outlived its lifetime; counts
                            and keep_within cannot go with it */
    const char *const *match; /**< patterns for names, one of which must fit: `*`, `?`,
                                   `[a-z]`, `[!a-z]`, and `\` before any of these */
    size_t match_count;       /**< 0: all names */
    unsigned kinds;           /**< of HVS_POLICY_KIND(); 0: HVS_KIND_USER alone */
    bool allow_all;           /**< the last user snapshot of the VM may go */
};
#define HVS_POLICY_INIT {.size = sizeof(struct hvs_policy)}

/** What has to be known of a snapshot. Strings and arrays are borrowed. */
struct hvs_policy_item {
    const char *id;     /**< tells it from the others, and decides between equal times */
    const char *name;
    int64_t created_ms; /**< by the host's clock, or HVS_TIME_NONE */
    int64_t expires_ms; /**< the end of its lifetime, or HVS_TIME_NONE */
    enum hvs_snapshot_kind kind;
    bool current;       /**< the VM stands on it */
    const struct hvs_label *labels;
    size_t label_count;
};

/** What becomes of a snapshot, and why. */
struct hvs_policy_decision {
    bool keep;
    size_t reason_count; /**< at least one */
    char **reasons;      /**< "last 3", "daily 2026-11-28", "oldest weekly 2026-W48",
                              "within 7d", "label pin=yes", "expired 2026-11-01", ... */
};

struct hvs_policy_plan {
    size_t count;
    struct hvs_policy_decision *items; /**< in the order in which they were given */
    size_t removed;                    /**< how many go */
};

/**
 * Decide what becomes of the snapshots of ONE VM; all of them have to be given. Their
 * order does not matter. To decide again once the plan was carried out removes nothing
 * more.
 *
 * A policy that keeps nothing by its nature (none of keep_* and not only_expired) is an
 * error, whatever it would remove. So is, without allow_all, one that would remove the
 * last user snapshot of the VM, or the last of all the kinds that it touches
 * (HVS_CLASS_REFUSED).
 *
 * @param now_ms  by the host's clock
 * @param out     filled after a refusal too, to show why each would have gone, not to be
 *                carried out; NULL after any other failure. Free with
 *                hvs_policy_plan_free().
 */
HVS_API int hvs_policy_decide(const struct hvs_policy *policy,
                              const struct hvs_policy_item *items, size_t count,
                              int64_t now_ms, struct hvs_policy_plan **out,
                              struct hvs_error *err) HVS_MUST_CHECK;
/** NULL is fine. */
HVS_API void hvs_policy_plan_free(struct hvs_policy_plan *plan);

#ifdef __cplusplus
}
#endif

#endif
