#include "base/err.h"
#include "cli/json.h"
#include "cli/pick.h"
#include "cli/prune.h"

#include <stdlib.h>

struct prune_args {
    uint32_t last, hourly, daily, weekly, monthly, yearly;
    const char *within;
    struct opt_list keep_label, match;
    const char *kind;
    bool keep_current, expired, allow_all, any_kind, dry_run;
    int64_t wait_busy;
};

static const struct opt prune_opts[] = {
    OPT(struct prune_args, last, 0, "keep-last", "N", "keep the newest"),
    OPT(struct prune_args, hourly, 0, "keep-hourly", "N", "keep the newest of N hours"),
    OPT(struct prune_args, daily, 0, "keep-daily", "N", "... of N days, in UTC"),
    OPT(struct prune_args, weekly, 0, "keep-weekly", "N", "... of N weeks"),
    OPT(struct prune_args, monthly, 0, "keep-monthly", "N", "... of N months"),
    OPT(struct prune_args, yearly, 0, "keep-yearly", "N", "... of N years"),
    OPT(struct prune_args, within, 0, "keep-within", "SPAN",
        "keep what is younger: 7d, 1y6m"),
    OPT(struct prune_args, keep_label, 0, "keep-label", "KEY=VALUE",
        "keep what bears it"),
    OPT(struct prune_args, keep_current, 0, "keep-current", NULL,
        "keep what the VM stands on"),
    OPT(struct prune_args, expired, 0, "expired", NULL,
        "delete what has outlived its lifetime only"),
    OPT(struct prune_args, match, 0, "match", "PATTERN",
        "look only at names that fit: *, ?, [a-z]"),
    OPT(struct prune_args, kind, 0, "kind", "KIND,...", "of these kinds (user)"),
    OPT(struct prune_args, any_kind, 0, "any-kind", NULL,
        "let those of backup programs go"),
    OPT(struct prune_args, allow_all, 0, "allow-all", NULL,
        "let the last one of a VM go, too"),
    OPT(struct prune_args, dry_run, 0, "dry-run", NULL,
        "delete nothing; say why each stays or goes"),
    WAIT_BUSY_OPT(struct prune_args),
    OPT_END,
};

/* The policy that the options stand for. What it refers to is `rules`' and the call's. */
static int read_rules(struct prune_rules *rules, const struct prune_args *args,
                      struct hvs_error *err)
{
    struct hvs_policy *policy = &rules->policy;
    struct pick_args names = {.match = args->match};
    struct pick checked;
    int rc;

    *rules = (struct prune_rules){.policy = HVS_POLICY_INIT,
                                  .dry_run = args->dry_run,
                                  .any_kind = args->any_kind};
    rc = pick_read(&checked, &names, err);
    pick_clear(&checked);
    if (rc < 0 || labels_read(&rules->labels, &args->keep_label, err) < 0)
        return -1;
    policy->keep_last = args->last;
    policy->keep_hourly = args->hourly;
    policy->keep_daily = args->daily;
    policy->keep_weekly = args->weekly;
    policy->keep_monthly = args->monthly;
    policy->keep_yearly = args->yearly;
    if (args->within && hvs_span_parse(args->within, &policy->keep_within, err) < 0)
        return hvs_err_prefix(err, "--keep-within");
    policy->keep_labels = rules->labels.items;
    policy->keep_label_count = rules->labels.count;
    policy->keep_current = args->keep_current;
    policy->only_expired = args->expired;
    policy->match = args->match.items;
    policy->match_count = args->match.count;
    if (args->kind && kinds_read(&policy->kinds, "--kind", args->kind, err) < 0)
        return -1;
    policy->allow_all = args->allow_all;
    return prune_check(rules, err);
}

static int run(struct call *call, struct hvs_error *err)
{
    static const char *const headings[] = {"HOST",    "VM", "NAME", "CREATED",
                                           "OUTCOME", "ID", "WHY"};
    struct prune_rules rules;
    int rc = read_rules(&rules, call->args, err);

    call->wait_busy = ((const struct prune_args *)call->args)->wait_busy;
    if (rc == 0) {
        if (call->out.format <= OUTPUT_WIDE)
            table_start(&call->out.table, headings, 7);
        rc = prune_run(call, &rules, err);
    }
    labels_free(&rules.labels);
    return rc;
}

const struct command command_prune = {
    .name = "prune",
    .operands = "[TARGET...]",
    .summary = "delete snapshots that no rule keeps",
    .about = "Of each VM, as restic does it, in UTC by the host's clock. What nothing\n"
             "keeps is deleted. Only snapshots that somebody took are looked at.\n",
    .examples = "  hvsnap prune hv01/web1 --keep-last 3 --keep-daily 7 --dry-run\n"
                "  hvsnap prune -H hv01 --expired\n",
    .opts = prune_opts,
    .args_size = sizeof(struct prune_args),
    .changes = true,
    .list = "results",
    .targets = TARGET_ANY,
    .run = run,
};
