#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "cli/change.h"
#include "cli/confirm.h"
#include "cli/json.h"
#include "cli/task.h"

#include <stdio.h>
#include <stdlib.h>

struct restore_args {
    bool force_off, save, start, safety, yes;
    int64_t wait_busy;
};

static const struct opt restore_opts[] = {
    OPT(struct restore_args, force_off, 0, "force-off", NULL,
        "turn a running VM off first, at once"),
    OPT(struct restore_args, save, 0, "save", NULL, "save a running VM first"),
    OPT(struct restore_args, safety, 0, "safety-snapshot", NULL,
        "take a snapshot of what is there first"),
    OPT(struct restore_args, start, 0, "start", NULL, "start the VM afterwards"),
    OPT(struct restore_args, yes, 'y', "yes", NULL, "do not ask"),
    WAIT_BUSY_OPT(struct restore_args),
    OPT_END,
};

/* What is done next. */
enum step { CHECK, PREPARE, KEEP, APPLY, DONE };

/* A restore under way: what was found, and what came of each part of it. */
struct restore {
    struct task task;
    enum step step;
    const char *wanted;
    struct hvs_buf label;
    struct hvs_apply_result *plan, *stop, *apply;
    struct hvs_create_result *safety;
    bool touched; /* by what was begun again since */
};

static const struct hvs_apply_result *last(const struct restore *self)
{
    return self->apply ? self->apply : self->stop ? self->stop : self->plan;
}

/* Was the VM, or what it has, changed in any way, or may it have been? */
static bool changed(const struct restore *self)
{
    const struct hvs_apply_result *apply = self->apply, *stop = self->stop;

    return self->touched ||
           (apply && (apply->outcome != HVS_OUTCOME_NOT_DONE ||
                      apply->stopped != HVS_OUTCOME_NOT_DONE ||
                      apply->started != HVS_OUTCOME_NOT_DONE)) ||
           (stop && stop->stopped != HVS_OUTCOME_NOT_DONE) ||
           (self->safety && self->safety->outcome != HVS_OUTCOME_NOT_DONE);
}

static json_t *item(const struct restore *self)
{
    const struct hvs_apply_result *result = last(self);
    enum hvs_outcome outcome = self->apply ? self->apply->outcome : HVS_OUTCOME_NOT_DONE;
    json_t *out;
    char number[16];

    out = change_item(self->task.work, result ? result->vm_id : NULL, outcome,
                      self->apply ? self->apply->job : NULL,
                      result ? result->snapshot : NULL);
    json_put(&out, "wanted", json_text(self->wanted));
    json_put(&out, "changed", json_boolean(changed(self)));
    json_put(&out, "stood_on", json_snapshot(self->plan ? self->plan->stood_on : NULL));
    json_put(&out, "safety", json_snapshot(self->safety ? self->safety->snapshot : NULL));
    json_put(&out, "state",
             json_text(result && result->state ? hvs_vm_state_name(result->state, number)
                                               : NULL));
    json_put_error(&out, &self->task.err);
    return out;
}

static void row(const struct restore *self)
{
    const struct hvs_snapshot *s = self->apply->snapshot;
    struct table *table = &self->task.call->out.table;
    char number[16];

    table_cell(table, self->task.work->host->name);
    table_cell(table, s->vm_name);
    table_cell(table, hvs_outcome_name(self->apply->outcome));
    table_cell(table, hvs_vm_state_name(self->apply->state, number));
    table_cell(table, s->name);
    table_cell(table, s->id);
}

static void report(struct task *task)
{
    const struct restore *self = (const struct restore *)task;
    struct output *out = &task->call->out;

    if (output_is_json(out))
        output_item(out, item(self));
    else if (!self->apply || self->apply->outcome != HVS_OUTCOME_DONE)
        return;
    else if (out->format == OUTPUT_NAME)
        output_id(out, self->apply->snapshot->id);
    else
        row(self);
}

/* One run of the library; by ids, once they are known. */
static int start_apply(struct restore *self, enum hvs_apply_upto upto,
                       struct hvs_run **run, struct hvs_error *err)
{
    const struct restore_args *args = self->task.call->args;
    struct hvs_apply_opts opts = HVS_APPLY_OPTS_INIT;

    opts.vm = self->plan ? self->plan->vm_id : self->task.work->target.vm;
    opts.snapshot = self->plan ? self->plan->snapshot->id : self->wanted;
    opts.upto = upto;
    opts.force_off = args->force_off;
    opts.save = args->save;
    opts.start = args->start;
    opts.retries = self->task.work->host->retries;
    if (task_may_begin(&self->task, err) < 0)
        return -1;
    return hvs_snapshot_apply_start(run, self->task.client, &opts, err);
}

/* What it is now is kept in a snapshot. */
static int start_keep(struct restore *self, struct hvs_run **run, struct hvs_error *err)
{
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;
    char name[100];

    snprintf(name, sizeof(name), "before restoring %.80s", self->plan->snapshot->name);
    hvs_utf8_trim(name);
    opts.vm = self->plan->vm_id;
    opts.name = name;
    opts.retries = self->task.work->host->retries;
    if (task_may_begin(&self->task, err) < 0)
        return -1;
    return hvs_snapshot_create_start(run, self->task.client, &opts, err);
}

static void describe(const struct restore *self, struct hvs_buf *out)
{
    const struct restore_args *args = self->task.call->args;
    const struct hvs_apply_result *plan = self->plan;
    const struct hvs_snapshot *to = plan->snapshot, *from = plan->stood_on;
    bool rests = plan->state_before == 3 || plan->state_before == 6;
    char when[32], since[32];

    hvs_buf_printf(out, "%s goes back to '%s' of %s; ", self->task.work->label, to->name,
                   time_local(to->created_ms, when));
    if (!rests)
        hvs_buf_puts(out, args->save ? "it is saved first; "
                                     : "it is turned off first, as if its plug were "
                                       "pulled; ");
    if (args->safety) {
        hvs_buf_puts(out, "what it is now is kept in a new snapshot");
        return;
    }
    hvs_buf_puts(out, "what it did ");
    if (from)
        hvs_buf_printf(out, "since '%s' of %s ", from->name,
                       time_local(from->created_ms, since));
    hvs_buf_puts(out,
                 plan->state_before == 6 ? "is lost, its saved memory too" : "is lost");
}

/* Tell what will be lost, and ask. */
static int agree(const struct restore *self, struct hvs_error *err)
{
    const struct restore_args *args = self->task.call->args;
    struct hvs_buf text = HVS_BUF_INIT(16384);
    char *told;
    int rc = -1;

    describe(self, &text);
    told = hvs_buf_take(&text, err);
    if (told)
        rc = confirm(self->task.call, args->yes, told, err);
    else
        hvs_err_prefix(err, "what would be lost cannot be told");
    free(told);
    return rc;
}

/* The step after the last one that was done. */
static enum step step_after(const struct restore *self)
{
    const struct restore_args *args = self->task.call->args;

    switch (self->step) {
    case CHECK:
        /* once it is saved, nothing more can happen that the snapshot does not hold */
        if (args->safety && args->save)
            return PREPARE;
        return args->safety ? KEEP : APPLY;
    case PREPARE: return KEEP;
    case KEEP: return APPLY;
    case APPLY:
    case DONE: break;
    }
    return DONE;
}

static void name(struct restore *self)
{
    self->wanted = self->task.call->parts[0];
    self->label = (struct hvs_buf)HVS_BUF_INIT(16384);
    hvs_buf_printf(&self->label, "%s: %s", self->task.work->label, self->wanted);
    task_label(&self->task, hvs_buf_str(&self->label));
}

static int begin(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    struct restore *self = (struct restore *)task;

    switch (self->step) {
    case CHECK:
        if (!self->wanted)
            name(self);
        return start_apply(self, HVS_APPLY_CHECK, run, err);
    case PREPARE: return start_apply(self, HVS_APPLY_PREPARE, run, err);
    case KEEP: return start_keep(self, run, err);
    case APPLY: return start_apply(self, HVS_APPLY_ALL, run, err);
    case DONE: break;
    }
    return 0;
}

static int take(struct restore *self, struct hvs_run *run, struct hvs_error *err)
{
    switch (self->step) {
    case CHECK:
        if (hvs_snapshot_apply_end(run, &self->plan, err) < 0)
            return -1;
        return agree(self, err);
    case PREPARE: return hvs_snapshot_apply_end(run, &self->stop, err);
    case KEEP:
        if (hvs_snapshot_create_end(run, &self->safety, err) == 0)
            return 0;
        hvs_err_prefix(err, "not restored, since no safety snapshot could be taken");
        if (self->safety)
            change_hint(self->task.work, self->safety->job, self->safety->outcome, err);
        return -1;
    case APPLY:
    case DONE: break;
    }
    if (hvs_snapshot_apply_end(run, &self->apply, err) == 0)
        return 0;
    if (self->apply)
        change_hint(self->task.work, self->apply->job, self->apply->outcome, err);
    return -1;
}

/* What may be claimed of the step that has just failed. */
static enum hvs_outcome outcome(const struct restore *self)
{
    const struct hvs_apply_result *apply = self->apply;

    switch (self->step) {
    case CHECK: return HVS_OUTCOME_NOT_DONE;
    case PREPARE: return self->stop ? self->stop->stopped : HVS_OUTCOME_UNKNOWN;
    case KEEP: return self->safety ? self->safety->outcome : HVS_OUTCOME_UNKNOWN;
    case APPLY:
    case DONE: break;
    }
    /* turned off, or saved, it is still to go back; but not where that is in doubt */
    if (apply && apply->stopped <= HVS_OUTCOME_DONE)
        return apply->outcome;
    return HVS_OUTCOME_UNKNOWN;
}

/* Begin the same step again. */
static void forget(struct restore *self)
{
    struct hvs_apply_result **result = self->step == CHECK     ? &self->plan
                                       : self->step == PREPARE ? &self->stop
                                                               : &self->apply;

    if (self->step == KEEP) {
        hvs_create_result_free(self->safety);
        self->safety = NULL;
        return;
    }
    self->touched = changed(self);
    hvs_apply_result_free(*result);
    *result = NULL;
}

static int ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct restore *self = (struct restore *)task;
    int rc = take(self, run, err);

    if (rc < 0 && task_again(task, outcome(self), err)) {
        forget(self);
        return 0;
    }
    self->step = step_after(self);
    return rc;
}

static void clear(struct task *task)
{
    struct restore *self = (struct restore *)task;

    hvs_apply_result_free(self->plan);
    hvs_apply_result_free(self->stop);
    hvs_apply_result_free(self->apply);
    hvs_create_result_free(self->safety);
    hvs_buf_clear(&self->label);
}

static const struct task_kind kind = {
    .size = sizeof(struct restore),
    .begin = begin,
    .ended = ended,
    .report = report,
    .clear = clear,
};

static int run(struct call *call, struct hvs_error *err)
{
    static const char *const headings[] = {"HOST",  "VM",   "OUTCOME",
                                           "STATE", "NAME", "ID"};
    const struct restore_args *args = call->args;

    call->wait_busy = args->wait_busy;
    if (call->part_count > 1)
        return hvs_err_set(err, HVS_USAGE, 0, "a VM goes back to one snapshot");
    if (args->force_off && args->save)
        return hvs_err_set(err, HVS_USAGE, 0, "--force-off cannot go with --save");
    if (confirm_possible(call, args->yes, "restoring throws away what the VM is now",
                         err) < 0)
        return -1;
    if (call->out.format <= OUTPUT_WIDE)
        table_start(&call->out.table, headings, 6);
    return tasks_run(call, &kind, NULL, err);
}

const struct command command_restore = {
    .name = "restore",
    .operands = "VM SNAPSHOT",
    .summary = "have a VM go back to a snapshot",
    .about =
        "What it did since is lost, so it asks first. It stays off unless started.\n",
    .examples = "  hvsnap restore hv01/web1 before-upgrade\n"
                "  hvsnap restore -H hv01 web1 4F2A91C0 --force-off --start --yes\n",
    .opts = restore_opts,
    .args_size = sizeof(struct restore_args),
    .changes = true,
    .list = "results",
    .targets = TARGET_SNAPSHOTS,
    .run = run,
};
