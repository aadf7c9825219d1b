#include "base/err.h"
#include "base/clock.h"
#include "cli/change.h"
#include "cli/create.h"

#include <stdlib.h>

/* As the words of --type. */
static const enum hvs_create_type types[] = {HVS_CREATE_FULL, HVS_CREATE_DISK,
                                             HVS_CREATE_RECOVERY};

/* What the snapshot is like; of create and of ensure. */
#define SNAPSHOT_OPTS \
    OPT(struct create_args, name, 'n', "name", "TEXT", "name of the snapshot"), \
        OPT(struct create_args, notes, 0, "notes", "TEXT", "notes of yours"), \
        OPT(struct create_args, label, 'l', "label", "KEY=VALUE", "give it this label"), \
        OPT(struct create_args, ttl, 0, "ttl", "SPAN", "its lifetime: 7d, 1y6m"), \
        OPT_ROW(struct create_args, type, 0, "type", "TYPE", "full|disk|recovery", 0, \
                "take"), \
        OPT_ROW(struct create_args, consistency, 0, "consistency", "WHAT", \
                "any|application|crash", 0, "of a recovery snapshot"), \
        OPT_ROW(struct create_args, checkpoint, 0, "checkpoint", "TYPE", \
                "own|standard|production|production-only", 0, "kind"), \
        WAIT_BUSY_OPT(struct create_args)

static const struct opt create_opts[] = {
    SNAPSHOT_OPTS,
    OPT(struct create_args, detach, 'd', "detach", NULL,
        "do not wait for the host's job"),
    OPT(struct create_args, replace, 0, "replace", NULL,
        "then delete the VM's others of that name"),
    OPT(struct create_args, together, 0, "together", NULL,
        "ask for all at the same moment"),
    OPT(struct create_args, whole, 0, "all-or-nothing", NULL,
        "when one fails, delete the others again"),
    OPT_END,
};

static const struct opt ensure_opts[] = {
    SNAPSHOT_OPTS,
    OPT(struct create_args, max_age, 0, "max-age", "SPAN",
        "one that is older does not fit: 12h, 1d"),
    OPT_END,
};

struct create {
    struct task task;
    bool begun;
    struct hvs_create_result *result;
};

static void report(struct task *task)
{
    struct create *self = (struct create *)task;
    const struct wish *wish = task->call->view;
    struct taken taken = {.result = self->result, .err = task->err};

    if (wish->taken)
        wish->taken[task->work - task->call->works] = taken;
    else
        create_report(task->call, task->work, &taken);
    if (wish->taken)
        self->result = NULL;
}

static int begin(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    struct create *self = (struct create *)task;
    static const enum hvs_checkpoint_type checkpoints[] =
        {HVS_CHECKPOINT_UNKNOWN, HVS_CHECKPOINT_STANDARD, HVS_CHECKPOINT_PRODUCTION,
         HVS_CHECKPOINT_PRODUCTION_ONLY};
    const struct create_args *args = task->call->args;
    const struct wish *wish = task->call->view;
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;
    struct hvs_ensure_opts ensure = HVS_ENSURE_OPTS_INIT;

    if (self->begun)
        return 0;
    self->begun = true;
    opts.vm = task->work->target.vm;
    opts.name = args->name;
    opts.detach = args->detach;
    opts.hold = args->together;
    opts.notes = args->notes;
    opts.labels = wish->labels.items;
    opts.label_count = wish->labels.count;
    opts.ttl_ms = wish->ttl_ms;
    opts.type = types[args->type];
    opts.consistency = (enum hvs_consistency)args->consistency;
    opts.checkpoint = checkpoints[args->checkpoint];
    opts.retries = task->work->host->retries;
    ensure.create = &opts;
    ensure.max_age_ms = wish->max_age_ms;
    if (task_may_begin(task, err) < 0)
        return -1;
    if (wish->ensure)
        return hvs_snapshot_ensure_start(run, task->client, &ensure, err);
    return hvs_snapshot_create_start(run, task->client, &opts, err);
}

static void note_spread(struct spread *spread, const struct hvs_create_result *result)
{
    int64_t asked = result->asked_ms, answered = result->answered_ms;

    if (!asked)
        return;
    if (!spread->count || asked < spread->first)
        spread->first = asked;
    if (!spread->count || asked > spread->last)
        spread->last = asked;
    if (!spread->count || answered > spread->answered)
        spread->answered = answered;
    spread->count++;
}

/* With the VM's own checkpoint type not put back, it is not to be repeated either. */
static enum hvs_outcome outcome(const struct create *self)
{
    if (!self->result || self->result->put_back == HVS_PUT_BACK_NOT)
        return HVS_OUTCOME_UNKNOWN;
    return self->result->outcome;
}

static int ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct create *self = (struct create *)task;

    struct wish *wish = task->call->view;
    int rc;

    rc = wish->ensure ? hvs_snapshot_ensure_end(run, &self->result, err)
                      : hvs_snapshot_create_end(run, &self->result, err);
    if (self->result)
        note_spread(&wish->spread, self->result);
    if (rc < 0 && task_again(task, outcome(self), err)) {
        hvs_create_result_free(self->result);
        self->result = NULL;
        self->begun = false;
        return 0;
    }
    if (self->result && self->result->unnamed)
        notice_warn(&task->call->notice,
                    "%s: '%s' (%s) may be what a call that was cut off has left; "
                    "'hvsnap set' names it, 'hvsnap delete' deletes it",
                    task->work->label, self->result->unnamed->name,
                    self->result->unnamed->id);
    if (rc == 0)
        return 0;
    /* how to put the VM's own type back goes before where to look */
    if (self->result && self->result->put_back != HVS_PUT_BACK_NOT)
        change_hint(task->work, self->result->job, self->result->outcome, err);
    return -1;
}

static void clear(struct task *task)
{
    hvs_create_result_free(((struct create *)task)->result);
}

/* What goes with what. */
static int check(struct call *call, struct hvs_error *err)
{
    const struct create_args *args = call->args;
    bool ensure = call->command == &command_ensure;

    call->wait_busy = args->wait_busy;
    if (args->detach &&
        (args->name || args->notes || args->label.count || args->ttl || args->checkpoint))
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "a snapshot gets these once the host's job is done",
                                "--detach cannot go with --name, --notes, --label, --ttl "
                                "or --checkpoint");
    if (args->detach && args->whole)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "it ends before the jobs do",
                                "--detach cannot go with --all-or-nothing");
    if (args->together && args->wait_busy)
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "one that waits in turn is not asked for at that moment",
                                "--together cannot go with --wait-busy");
    if (args->consistency && types[args->type] != HVS_CREATE_RECOVERY)
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "for what users take, --checkpoint production is near it",
                                "--consistency goes with --type recovery alone");
    if (args->replace && !args->name)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "--name says it",
                                "which snapshots are to be replaced?");
    if (args->together && call->settings.parallel &&
        call->settings.parallel < call->work_count)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "give --parallel more, or 0",
                                "--together begins %zu at once, and --parallel allows "
                                "%u",
                                call->work_count, (unsigned)call->settings.parallel);
    if (ensure && !args->name && !args->label.count && !args->max_age)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "--name, --label or --max-age says it",
                                "which snapshots fit?");
    return 0;
}

static int read_wish(struct wish *wish, const struct create_args *args,
                     struct hvs_error *err)
{
    if (labels_read(&wish->labels, &args->label, err) < 0 ||
        (args->ttl && span_read(&wish->ttl_ms, "--ttl", args->ttl, err) < 0))
        return -1;
    return args->max_age ? span_read(&wish->max_age_ms, "--max-age", args->max_age, err)
                         : 0;
}

/* Take them; then, where it was asked for, delete what they replace, or them. A quarter
 * of the time is kept for that, where another one may have taken all. */
static int take(struct call *call, struct wish *wish, struct hvs_error *err)
{
    const struct create_args *args = call->args;
    const bool follow = args->replace || args->whole;
    const struct task_kind kind = {
        .size = sizeof(struct create),
        .prelude = follow,
        .together = args->together,
        .whole = args->whole,
        .begin = begin,
        .ended = ended,
        .report = report,
        .clear = clear,
    };
    const bool several = follow && call->work_count > 1;
    int64_t limit = call_limit(call), kept = args->whole || several ? limit / 4 : 0;
    int rc = -1;

    if (follow && !(wish->taken = calloc(call->work_count + 1, sizeof(*wish->taken))))
        return hvs_err_memory(err);
    if (args->whole && !args->together && call->work_count > 1)
        notice_say(&call->notice,
                   "the snapshots belong together by their name alone: they "
                   "are not crash-consistent across VMs");
    if (kept)
        call->deadline = hvs_clock_ms() + limit - kept;
    rc = tasks_run(call, &kind, wish, err);
    call->deadline += kept;
    if (args->together)
        create_tell_spread(call, &wish->spread);
    if (rc == 0 && follow)
        rc = create_follow(call, wish, err);
    taken_free(wish->taken, call->work_count);
    return rc;
}

static int run(struct call *call, struct hvs_error *err)
{
    struct wish wish = {.ensure = call->command == &command_ensure};
    int rc = check(call, err);

    if (rc == 0)
        rc = read_wish(&wish, call->args, err);
    if (rc == 0) {
        create_headings(call);
        rc = take(call, &wish, err);
    }
    labels_free(&wish.labels);
    return rc;
}

const struct command command_create = {
    .name = "create",
    .operands = "TARGET...",
    .summary = "take a snapshot of each VM",
    .about = "Waits until the host is done, and reads the snapshot back.\n",
    .examples = "  hvsnap create hv01/web1 --name before-upgrade\n"
                "  hvsnap create -H hv01 web1 web2 --together --all-or-nothing\n",
    .opts = create_opts,
    .args_size = sizeof(struct create_args),
    .changes = true,
    .list = "results",
    .targets = TARGET_VMS,
    .run = run,
};

const struct command command_ensure = {
    .name = "ensure",
    .operands = "TARGET...",
    .summary = "take a snapshot of each VM that has none that fits",
    .about =
        "It fits when somebody took it, and it bears the name and the labels, and is "
        "not\n"
        "older than --max-age. What a call of this account left without a name within\n"
        "five minutes is finished instead of a second one taken.\n",
    .examples = "  hvsnap ensure hv01/web1 --name baseline\n"
                "  hvsnap ensure -H hv01 web1 --label by=nightly --max-age 1d\n",
    .opts = ensure_opts,
    .args_size = sizeof(struct create_args),
    .changes = true,
    .list = "results",
    .targets = TARGET_VMS,
    .run = run,
};
