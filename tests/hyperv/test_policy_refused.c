#include "support/test.h"

#include "support/policy_case.h"

static const char *const names[] = {"auto-*", "night?"};
static const char *const no_pattern[] = {"fine", "web[1"};

#define TWO \
    { \
        AT("a", "2026-11-28T14:00:00Z"), AT("b", "2026-11-27T14:00:00Z") \
    }
#define DAYS(n) \
    { \
        .days = (n) \
    }

/* What no policy may ask for, and what one must not do unless it is asked for. */
static const struct policy_case cases[] = {
    {"nothing is set", POLICY(.allow_all = true), TWO, .class_ = HVS_CLASS_USAGE,
     .says = "the policy keeps nothing: it would delete every snapshot",
     .hint = "--keep-last"},
    {"nothing is set, and there is nothing",
     POLICY(.kinds = 1),
     {AT(NULL, NULL)},
     .class_ = HVS_CLASS_USAGE,
     .says = "the policy keeps nothing",
     .hint = "--keep-within"},
    {"patterns alone keep nothing", POLICY(.match = names, .match_count = 2), TWO,
     .class_ = HVS_CLASS_USAGE, .says = "the policy keeps nothing",
     .hint = "--keep-label"},
    {"a pattern that is none",
     POLICY(.keep_last = 1, .match = no_pattern, .match_count = 2), TWO,
     .class_ = HVS_CLASS_USAGE, .says = "in the pattern 'web[1' a [ has no ]"},
    {"only what has expired, and a count", POLICY(.only_expired = true, .keep_yearly = 1),
     TWO, .class_ = HVS_CLASS_USAGE, .says = "has no use for other rules than labels"},
    {"only what has expired, and a span",
     POLICY(.only_expired = true, .keep_within = DAYS(7)), TWO, .class_ = HVS_CLASS_USAGE,
     .says = "has no use for other rules than labels"},
    {"options that were never initialised",
     {.keep_last = 1},
     TWO,
     .class_ = HVS_CLASS_USAGE,
     .says = "HVS_POLICY_INIT"},
    {"one snapshot twice",
     POLICY(.keep_last = 1),
     {AT("a", "2026-11-28T14:00:00Z"), AT("b", "2026-11-27T14:00:00Z"),
      AT("a", "2026-11-28T14:00:00Z")},
     .class_ = HVS_CLASS_USAGE,
     .says = "the snapshot 'a' is given twice"},

    {"a label that none bears", POLICY(.keep_labels = pin_yes, .keep_label_count = 1),
     TWO, .class_ = HVS_CLASS_REFUSED, .hint = "--allow-all",
     .says = "the policy would delete all user snapshots of the VM: 2",
     .decided = "-a nothing keeps it|-b nothing keeps it"},
    {"the last one has expired",
     POLICY(.only_expired = true),
     {SNAP("a", "2026-11-27T14:00:00Z", .expires = "2026-11-28T14:00:00Z")},
     .class_ = HVS_CLASS_REFUSED,
     .hint = "--allow-all",
     .says = "the policy would delete all user snapshots of the VM: 1",
     .decided = "-a expired 2026-11-28"},
    {"a backup's is no user's",
     POLICY(.keep_labels = pin_yes, .keep_label_count = 1),
     {AT("a", "2026-11-27T14:00:00Z"),
      SNAP("b", "2026-11-27T14:00:00Z", .kind = HVS_KIND_RECOVERY)},
     .class_ = HVS_CLASS_REFUSED,
     .hint = "--allow-all",
     .says = "the policy would delete all user snapshots of the VM: 1",
     .decided = "-a nothing keeps it|+b not a user snapshot"},
    {"nor is one that is looked at, too",
     POLICY(.keep_last = 1, .kinds = HVS_POLICY_KIND(HVS_KIND_USER) |
                                     HVS_POLICY_KIND(HVS_KIND_AUTOMATIC)),
     {AT("a", "2026-11-27T14:00:00Z"),
      SNAP("b", "2026-11-28T14:00:00Z", .kind = HVS_KIND_AUTOMATIC)},
     .class_ = HVS_CLASS_REFUSED,
     .hint = "--allow-all",
     .says = "the policy would delete all user snapshots of the VM: 1",
     .decided = "-a nothing keeps it|+b last 1"},
    {"all of the kinds that it looks at",
     POLICY(.keep_labels = pin_yes, .keep_label_count = 1,
            .kinds = HVS_POLICY_KIND(HVS_KIND_AUTOMATIC)),
     {AT("a", "2026-11-27T14:00:00Z"),
      SNAP("b", "2026-11-28T14:00:00Z", .kind = HVS_KIND_AUTOMATIC)},
     .class_ = HVS_CLASS_REFUSED,
     .hint = "--allow-all",
     .says = "the policy would delete all snapshots that it looks at of the VM: 1",
     .decided = "+a of another kind|-b nothing keeps it"},
};

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_policy_case);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
