#include "support/test.h"

#include "support/policy_case.h"

#define DAYS(n) \
    { \
        .days = (n) \
    }

static const char *const auto_names[] = {"auto-*"};
static const char *const names[] = {"auto-*", "night?"};

static const struct policy_case cases[] = {
    {"the last two",
     POLICY(.keep_last = 2),
     {AT("a", "2026-11-28T14:00:00Z"), AT("b", "2026-11-28T13:00:00Z"),
      AT("c", "2026-11-28T12:00:00Z")},
     .decided = "+a last 2|+b last 2|-c nothing keeps it"},
    {"the last two of two",
     POLICY(.keep_last = 2),
     {AT("a", "2026-11-28T14:00:00Z"), AT("b", "2026-11-28T13:00:00Z")},
     .decided = "+a last 2|+b last 2"},
    {"the last two, oldest first",
     POLICY(.keep_last = 2),
     {AT("a", "2026-11-28T12:00:00Z"), AT("b", "2026-11-28T13:00:00Z"),
      AT("c", "2026-11-28T14:00:00Z")},
     .decided = "-a nothing keeps it|+b last 2|+c last 2"},
    {"all of them",
     POLICY(.keep_last = HVS_POLICY_ALL),
     {AT("a", "2026-11-28T14:00:00Z"), AT("b", "2020-11-28T13:00:00Z")},
     .decided = "+a last all|+b last all"},
    {"equal times go by id",
     POLICY(.keep_last = 1),
     {AT("c", "2026-11-28T14:00:00Z"), AT("a", "2026-11-28T14:00:00Z"),
      AT("b", "2026-11-28T14:00:00Z")},
     .decided = "-c nothing keeps it|+a last 1|-b nothing keeps it"},
    {"none at all", POLICY(.keep_last = 1), {AT(NULL, NULL)}, .decided = ""},
    {"one of each hour",
     POLICY(.keep_hourly = 2),
     {AT("a", "2026-11-28T14:59:00Z"), AT("b", "2026-11-28T14:00:00Z"),
      AT("c", "2026-11-28T13:59:59Z"), AT("d", "2026-11-28T12:00:00Z")},
     .decided =
         "+a hourly 2026-11-28 14:00|-b nothing keeps it|+c hourly 2026-11-28 13:00|"
         "-d nothing keeps it"},
    {"hours without one do not count",
     POLICY(.keep_hourly = 2),
     {AT("a", "2026-11-28T14:00:00Z"), AT("b", "2026-11-20T03:00:00Z")},
     .decided = "+a hourly 2026-11-28 14:00|+b hourly 2026-11-20 03:00"},
    {"one of each day",
     POLICY(.keep_daily = 2),
     {AT("a", "2026-11-28T14:00:00Z"), AT("b", "2026-11-28T01:00:00Z"),
      AT("c", "2026-11-27T23:00:00Z"), AT("d", "2026-11-27T01:00:00Z"),
      AT("e", "2026-11-26T01:00:00Z")},
     .decided = "+a daily 2026-11-28|-b nothing keeps it|+c daily 2026-11-27|-d nothing "
                "keeps it|"
                "-e nothing keeps it"},
    {"the first day that there is",
     POLICY(.keep_daily = 1),
     {AT("a", "1970-01-01T00:30:00Z"), AT("b", "1969-12-31T23:30:00Z")},
     .decided = "+a daily 1970-01-01|-b nothing keeps it"},
    {"fewer days than asked for: the oldest stays",
     POLICY(.keep_daily = 3),
     {AT("a", "2026-11-28T14:00:00Z"), AT("b", "2026-11-27T23:00:00Z"),
      AT("c", "2026-11-27T12:00:00Z"), AT("d", "2026-11-27T01:00:00Z")},
     .decided = "+a daily 2026-11-28|+b daily 2026-11-27|-c nothing keeps it|"
                "+d oldest daily 2026-11-27"},
    {"weeks from Monday on, over a year's end",
     POLICY(.keep_weekly = 2),
     {AT("a", "2027-01-04T00:00:00Z"), AT("b", "2027-01-03T12:00:00Z"),
      AT("c", "2026-12-28T12:00:00Z"), AT("d", "2026-12-27T12:00:00Z")},
     .decided =
         "+a weekly 2027-W01|+b weekly 2026-W53|-c nothing keeps it|-d nothing keeps it"},
    {"months, and the leap day",
     POLICY(.keep_monthly = 2),
     {AT("a", "2028-03-01T00:00:00Z"), AT("b", "2028-02-29T23:59:59Z"),
      AT("c", "2028-02-01T00:00:00Z"), AT("d", "2028-01-31T23:59:59Z")},
     .decided =
         "+a monthly 2028-03|+b monthly 2028-02|-c nothing keeps it|-d nothing keeps it"},
    {"years",
     POLICY(.keep_yearly = 2),
     {AT("a", "2026-01-01T00:00:00Z"), AT("b", "2025-12-31T23:59:59Z"),
      AT("c", "2025-01-01T00:00:00Z"), AT("d", "2024-12-31T00:00:00Z")},
     .decided = "+a yearly 2026|+b yearly 2025|-c nothing keeps it|-d nothing keeps it"},
    {"several reasons",
     POLICY(.keep_last = 1, .keep_hourly = 1, .keep_daily = 2, .keep_weekly = 1,
            .keep_monthly = 1, .keep_yearly = 1, .keep_within = {.ms = 3600000}),
     {AT("a", "2026-11-28T14:00:00Z"), AT("b", "2026-11-27T14:00:00Z")},
     .decided = "+a within 1h, last 1, hourly 2026-11-28 14:00, daily 2026-11-28, weekly "
                "2026-W48, "
                "monthly 2026-11, yearly 2026|+b daily 2026-11-27"},

    {"within a week of the newest",
     POLICY(.keep_within = DAYS(7)),
     {AT("a", "2026-11-28T14:00:00Z"), AT("b", "2026-11-21T14:00:00Z"),
      AT("c", "2026-11-21T13:59:59.999Z")},
     .decided = "+a within 7d|+b within 7d|-c nothing keeps it"},
    {"within a week of a newest that is old",
     POLICY(.keep_within = DAYS(7)),
     {AT("a", "2020-02-29T14:00:00Z"), AT("b", "2020-02-22T14:00:00Z"),
      AT("c", "2020-02-20T14:00:00Z")},
     .decided = "+a within 7d|+b within 7d|-c nothing keeps it"},
    {"the future is not the newest",
     POLICY(.keep_within = DAYS(7)),
     {AT("a", "2031-11-28T14:00:00Z"), AT("b", "2026-11-27T14:00:00Z"),
      AT("c", "2026-11-20T14:00:00Z"), AT("d", "2026-11-20T13:00:00Z")},
     .decided = "+a within 7d|+b within 7d|+c within 7d|-d nothing keeps it"},
    {"all in the future",
     POLICY(.keep_within = DAYS(7)),
     {AT("a", "2031-11-28T14:00:00Z"), AT("b", "2026-12-27T14:00:00Z")},
     .decided = "+a within 7d|+b within 7d"},
    {"within a month, in March",
     POLICY(.keep_within = {.months = 1}),
     {AT("a", "2026-03-31T12:00:00Z"), AT("b", "2026-02-28T12:00:00Z"),
      AT("c", "2026-02-28T11:00:00Z")},
     .decided = "+a within 1m|+b within 1m|-c nothing keeps it"},

    {"a label",
     POLICY(.keep_labels = pin_yes, .keep_label_count = 1),
     {SNAP("a", "2026-11-28T14:00:00Z", .pin = "no"),
      SNAP("b", "2020-11-28T14:00:00Z", .pin = "yes"),
      SNAP("c", "2020-11-28T14:00:00Z", .pin = "Yes"), AT("d", "2020-11-28T14:00:00Z")},
     .decided =
         "-a nothing keeps it|+b label pin=yes|-c nothing keeps it|-d nothing keeps it"},
    {"one of two labels",
     POLICY(.keep_labels = pins, .keep_label_count = 2),
     {SNAP("a", "2020-11-28T14:00:00Z", .pin = "quarter=4"),
      SNAP("b", "2020-11-27T14:00:00Z", .pin = "yes")},
     .decided = "+a label pin=quarter=4|+b label pin=yes"},
    {"a label does not use up a count",
     POLICY(.keep_last = 1, .keep_labels = pin_yes, .keep_label_count = 1),
     {SNAP("a", "2026-11-28T14:00:00Z", .pin = "yes"),
      SNAP("b", "2026-11-27T14:00:00Z", .pin = "yes"), AT("c", "2026-11-26T14:00:00Z")},
     .decided = "+a label pin=yes, last 1|+b label pin=yes|-c nothing keeps it"},
    {"where the VM stands",
     POLICY(.keep_last = 1, .keep_current = true),
     {AT("a", "2026-11-28T14:00:00Z"), SNAP("b", "2026-11-27T14:00:00Z", .current = true),
      AT("c", "2026-11-26T14:00:00Z")},
     .decided = "+a last 1|+b the VM stands on it|-c nothing keeps it"},
    {"where the VM stands, not asked for",
     POLICY(.keep_last = 1),
     {AT("a", "2026-11-28T14:00:00Z"),
      SNAP("b", "2026-11-27T14:00:00Z", .current = true)},
     .decided = "+a last 1|-b nothing keeps it"},

    {"lifetimes",
     POLICY(.keep_last = 1),
     {SNAP("a", "2026-11-28T14:00:00Z", .expires = "2026-11-28T15:00:00Z"),
      SNAP("b", "2026-11-27T14:00:00Z", .expires = "2026-11-01T00:00:00Z"),
      AT("c", "2026-11-26T14:00:00Z"),
      SNAP("d", "2026-11-25T14:00:00Z", .expires = "2026-11-28T15:00:00.001Z"),
      AT("e", "2026-11-24T14:00:00Z")},
     .decided = "-a expired 2026-11-28|-b expired 2026-11-01|+c last 1|+d lives until "
                "2026-11-28|"
                "-e nothing keeps it"},
    {"what has expired is not the newest",
     POLICY(.keep_within = DAYS(1)),
     {SNAP("a", "2026-11-28T14:00:00Z", .expires = "2026-11-28T14:30:00Z"),
      AT("b", "2026-11-20T14:00:00Z")},
     .decided = "-a expired 2026-11-28|+b within 1d"},
    {"a label outlives a lifetime",
     POLICY(.keep_last = 1, .keep_labels = pin_yes, .keep_label_count = 1),
     {SNAP("a", "2026-11-28T14:00:00Z", .expires = "2026-11-28T14:30:00Z", .pin = "yes"),
      AT("b", "2026-11-27T14:00:00Z"), AT("c", "2026-11-26T14:00:00Z")},
     .decided = "+a label pin=yes|+b last 1|-c nothing keeps it"},
    {"so does standing on it",
     POLICY(.keep_last = 1, .keep_current = true),
     {SNAP("a", "2026-11-28T14:00:00Z", .expires = "2026-11-28T14:30:00Z",
           .current = true),
      AT("b", "2026-11-27T14:00:00Z")},
     .decided = "+a the VM stands on it|+b last 1"},
    {"nothing but what has expired",
     POLICY(.only_expired = true),
     {SNAP("a", "2026-11-28T14:00:00Z", .expires = "2026-11-28T14:30:00Z"),
      SNAP("b", "2026-11-27T14:00:00Z", .expires = "2026-12-05T14:30:00Z"),
      AT("c", "2020-11-27T14:00:00Z")},
     .decided = "-a expired 2026-11-28|+b lives until 2026-12-05|+c has no lifetime"},
    {"nothing but what has expired, and has no label",
     POLICY(.only_expired = true, .keep_labels = pin_yes, .keep_label_count = 1),
     {SNAP("a", "2026-11-28T14:00:00Z", .expires = "2026-11-28T14:30:00Z", .pin = "yes"),
      SNAP("b", "2026-11-27T14:00:00Z", .expires = "2026-11-28T14:30:00Z", .pin = "no"),
      SNAP("c", "2020-11-27T14:00:00Z", .pin = "yes")},
     .decided =
         "+a label pin=yes|-b expired 2026-11-28|+c label pin=yes, has no lifetime"},

    {"other kinds",
     POLICY(.keep_last = 1),
     {SNAP("a", "2026-11-28T14:00:00Z", .kind = HVS_KIND_AUTOMATIC),
      SNAP("b", "2026-11-27T14:00:00Z", .kind = HVS_KIND_RECOVERY,
           .expires = "2026-11-27T15:00:00Z"),
      SNAP("c", "2026-11-26T14:00:00Z", .kind = HVS_KIND_REPLICA),
      SNAP("d", "2026-11-25T14:00:00Z", .kind = HVS_KIND_MISSING),
      SNAP("e", "2026-11-24T14:00:00Z", .kind = HVS_KIND_OTHER),
      AT("f", "2026-11-23T14:00:00Z"), AT("g", "2026-11-22T14:00:00Z")},
     .decided =
         "+a not a user snapshot|+b not a user snapshot|+c not a user snapshot|"
         "+d not a user snapshot|+e not a user snapshot|+f last 1|-g nothing keeps it"},
    {"kinds that were asked for",
     POLICY(.keep_last = 1, .kinds = HVS_POLICY_KIND(HVS_KIND_AUTOMATIC) |
                                     HVS_POLICY_KIND(HVS_KIND_RECOVERY)),
     {AT("a", "2026-11-28T14:00:00Z"),
      SNAP("b", "2026-11-27T14:00:00Z", .kind = HVS_KIND_RECOVERY),
      SNAP("c", "2026-11-26T14:00:00Z", .kind = HVS_KIND_AUTOMATIC)},
     .decided = "+a of another kind|+b last 1|-c nothing keeps it"},
    {"names",
     POLICY(.keep_last = 1, .match = auto_names, .match_count = 1),
     {SNAP("a", "2026-11-28T14:00:00Z", .name = "by hand"),
      SNAP("b", "2026-11-27T14:00:00Z", .name = "auto-2"),
      SNAP("c", "2026-11-26T14:00:00Z", .name = "auto-1"),
      SNAP("d", "2026-11-25T14:00:00Z", .name = "Auto-0"),
      SNAP("e", "2026-11-24T14:00:00Z", .name = "other",
           .expires = "2026-11-27T15:00:00Z")},
     .decided = "+a does not match|+b last 1|-c nothing keeps it|+d does not match|"
                "+e does not match"},
    {"one of two patterns",
     POLICY(.keep_last = 1, .match = names, .match_count = 2),
     {SNAP("a", "2026-11-28T14:00:00Z", .name = "night1"),
      SNAP("b", "2026-11-27T14:00:00Z", .name = "auto-2"),
      SNAP("c", "2026-11-26T14:00:00Z", .name = "night12")},
     .decided = "+a last 1|-b nothing keeps it|+c does not match"},
    {"all of a pattern's may go, if others stay",
     POLICY(.keep_labels = pin_yes, .keep_label_count = 1, .match = auto_names,
            .match_count = 1),
     {SNAP("a", "2026-11-28T14:00:00Z", .name = "by hand"),
      SNAP("b", "2026-11-27T14:00:00Z", .name = "auto-2")},
     .decided = "+a does not match|-b nothing keeps it"},
    {"no time of creation",
     POLICY(.keep_last = 1),
     {AT("a", NULL), SNAP("b", NULL, .expires = "2026-11-27T15:00:00Z"),
      AT("c", "2026-11-26T14:00:00Z"), AT("d", "2026-11-25T14:00:00Z")},
     .decided =
         "+a its age is unknown|+b its age is unknown|+c last 1|-d nothing keeps it"},

    {"all of them, when asked",
     POLICY(.keep_labels = pin_yes, .keep_label_count = 1, .allow_all = true),
     {AT("a", "2026-11-28T14:00:00Z"), AT("b", "2026-11-27T14:00:00Z")},
     .decided = "-a nothing keeps it|-b nothing keeps it"},
};

/* A policy of an older caller: what it does not know is not set. */
static void test_old_caller(void **state)
{
    struct hvs_policy policy = POLICY(.keep_last = 1, .keep_yearly = 5);
    struct hvs_policy_item items[] =
        {{.id = "a", .created_ms = 1000000, .expires_ms = HVS_TIME_NONE},
         {.id = "b", .created_ms = 1, .expires_ms = HVS_TIME_NONE}};
    struct hvs_policy_plan *plan;
    struct hvs_error err = {0};

    (void)state;
    policy.size = offsetof(struct hvs_policy, keep_hourly);
    assert_int_equal(hvs_policy_decide(&policy, items, 2, 2000000, &plan, &err), 0);
    assert_true(plan->items[0].keep);
    assert_false(plan->items[1].keep);
    hvs_policy_plan_free(plan);
    hvs_policy_plan_free(NULL);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    const struct CMUnitTest others[] = {cmocka_unit_test(test_old_caller)};
    int failed;

    CASES(tests, cases, test_policy_case);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
