#include "base/clock.h"
#include "base/err.h"
#include "base/utf8.h"
#include "cli/change.h"
#include "cli/child.h"
#include "cli/json.h"
#include "cli/signals.h"
#include "cli/task.h"

#include <inttypes.h>
#include <string.h>

enum { AFTER_KEEP, AFTER_RESTORE, AFTER_DELETE };
enum { RUNNING = 2, CANNOT_RUN = 126, NOT_THERE = 127, OUR_FAILURE = 125 };

/* How long a busy VM is waited for on the way back that may take any time; and how soon
 * the end of a ticket matters to a command that may last long: both in ms. */
#define BACK_WAIT ((int64_t)30 * 60 * 1000)
#define SOON ((int64_t)24 * 60 * 60 * 1000)

struct guard_args {
    const char *name;
    int on_failure, on_success;
    int64_t wait_busy;
};

static const struct opt guard_opts[] = {
    OPT(struct guard_args, name, 'n', "name", "TEXT", "name of the snapshot"),
    OPT_ROW(struct guard_args, on_failure, 0, "on-failure", "WHAT", "keep|restore|delete",
            0, "when the command fails"),
    OPT_ROW(struct guard_args, on_success, 0, "on-success", "WHAT", "keep|restore|delete",
            0, "when it does not"),
    WAIT_BUSY_OPT(struct guard_args),
    OPT_END,
};

/* What is done next. */
enum step { TAKE, LOOK, RESTORE, DELETE, DONE };

struct guard {
    struct task task;
    enum step step;
    bool ran, warned;
    bool turned_off;   /* the VM, by us, to be restored */
    int status;        /* of the command, as a shell has it */
    const char *after; /* what was done with the snapshot */
    struct hvs_create_result *taken;
    struct hvs_apply_result *plan, *restored;
    struct hvs_delete_result *deleted;
};

static const char *name_of(const struct guard *self, char *buf, size_t size)
{
    const struct guard_args *args = self->task.call->args;
    const char *slash = strrchr(self->task.call->parts[0], '/');

    if (args->name)
        return args->name;
    snprintf(buf, size, "before %s", slash ? slash + 1 : self->task.call->parts[0]);
    hvs_utf8_trim(buf);
    return buf;
}

static int start_take(struct guard *self, struct hvs_run **run, struct hvs_error *err)
{
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;
    char name[100];

    opts.vm = self->task.work->target.vm;
    opts.name = name_of(self, name, sizeof(name));
    opts.retries = self->task.work->host->retries;
    return hvs_snapshot_create_start(run, self->task.client, &opts, err);
}

/* A VM that runs is turned off for it, and started again. */
static int start_apply(struct guard *self, struct hvs_run **run, struct hvs_error *err)
{
    struct hvs_apply_opts opts = HVS_APPLY_OPTS_INIT;

    opts.vm = self->taken->snapshot->vm_id;
    opts.snapshot = self->taken->snapshot->id;
    opts.upto = self->step == LOOK ? HVS_APPLY_CHECK : HVS_APPLY_ALL;
    opts.force_off = true;
    opts.start = self->plan && self->plan->state_before == RUNNING;
    opts.retries = self->task.work->host->retries;
    return hvs_snapshot_apply_start(run, self->task.client, &opts, err);
}

static int start_delete(struct guard *self, struct hvs_run **run, struct hvs_error *err)
{
    struct hvs_delete_opts opts = HVS_DELETE_OPTS_INIT;

    opts.vm = self->taken->snapshot->vm_id;
    opts.snapshot = self->taken->snapshot->id;
    opts.retries = self->task.work->host->retries;
    return hvs_snapshot_delete_start(run, self->task.client, &opts, err);
}

/* The way back, or what is left to be done with the snapshot, has failed: say what that
 * leaves, and how it is done by hand. */
static int not_back(const struct guard *self, const char *job, enum hvs_outcome outcome,
                    struct hvs_error *err)
{
    bool restores = self->step != DELETE, runs = self->plan;
    char what[100];

    if (outcome == HVS_OUTCOME_DONE)
        return -1; /* it says itself what is missing */
    change_hint(self->task.work, job, outcome, err);
    runs = runs && self->plan->state_before == RUNNING;
    change_add_hint(self->task.work, restores ? "restore" : "delete",
                    self->taken->snapshot->id, runs ? " --force-off --start" : "", err);
    snprintf(what, sizeof(what), "%snot %s%s",
             outcome == HVS_OUTCOME_NOT_DONE ? "" : "perhaps ",
             restores ? "restored" : "deleted",
             self->turned_off ? ", and the VM was turned off for it" : "");
    return hvs_err_prefix(err, what);
}

static int begin(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    struct guard *self = (struct guard *)task;

    if (self->step == DONE)
        return 0;
    if (task_may_begin(task, err) < 0)
        return self->ran ? not_back(self, "", HVS_OUTCOME_NOT_DONE, err) : -1;
    switch (self->step) {
    case TAKE: return start_take(self, run, err);
    case LOOK:
    case RESTORE: return start_apply(self, run, err);
    case DELETE: return start_delete(self, run, err);
    case DONE: break;
    }
    return 0;
}

/* A ticket out of a cache cannot be had anew by us: who begins something long should know
 * that the way back ends with it, before there is a snapshot. */
static void told(struct task *task, const struct hvs_progress *now)
{
    struct guard *self = (struct guard *)task;
    const struct guard_args *args = task->call->args;
    int64_t until = hvs_client_evidence(task->client)->until_ms;
    bool comes_back = args->on_failure != AFTER_KEEP || args->on_success != AFTER_KEEP;
    char at[32];

    if (self->step != TAKE || now->phase != HVS_PHASE_CHANGE || self->warned ||
        !comes_back || !until || until > hvs_clock_utc_ms() + SOON ||
        task->work->host->logs_in_anew)
        return;
    self->warned = true;
    notice_warn(&task->call->notice,
                "the Kerberos ticket ends at %s: should the command last longer, nothing "
                "can be done with the snapshot then; give --keytab or --password-file, "
                "or renew it in time with 'kinit -R'",
                time_local(until, at));
}

/* What becomes of the snapshot. The command must have run, and failed by itself: one that
 * was not there has changed nothing, and who stops us may want to look. */
static enum step step_after(const struct guard *self)
{
    const struct guard_args *args = self->task.call->args;
    int what = self->status ? args->on_failure : args->on_success;

    if (self->status == CANNOT_RUN || self->status == NOT_THERE || signals_caught())
        return DONE;
    if (what == AFTER_RESTORE)
        return LOOK;
    return what == AFTER_DELETE ? DELETE : DONE;
}

/* The time that the command takes is its own: what comes after it has all of ours. */
static int run_command(struct guard *self, struct hvs_error *err)
{
    struct call *call = self->task.call;
    const struct hvs_snapshot *s = self->taken->snapshot;
    int64_t back;

    notice_say(&call->notice, "%s: snapshot %s, '%s'", self->task.work->label, s->id,
               s->name);
    notice_clear(&call->notice);
    if (child_run(call->parts, &self->status, err) < 0)
        return -1;
    self->ran = true;
    self->step = step_after(self);
    call_anew(call);
    back = call_limit(call) ? call_limit(call) : BACK_WAIT;
    if (call->wait_busy < back)
        call->wait_busy = back;
    if (self->status)
        notice_say(&call->notice, "'%s' ended with status %d; %s", call->parts[0],
                   self->status,
                   self->step == LOOK     ? "going back to the snapshot"
                   : self->step == DELETE ? "deleting the snapshot"
                                          : "the snapshot stays");
    return 0;
}

static int take(struct guard *self, struct hvs_run *run, struct hvs_error *err)
{
    switch (self->step) {
    case TAKE: return hvs_snapshot_create_end(run, &self->taken, err);
    case LOOK: return hvs_snapshot_apply_end(run, &self->plan, err);
    case RESTORE:
        if (hvs_snapshot_apply_end(run, &self->restored, err) == 0)
            return 0;
        if (self->restored && self->restored->stopped == HVS_OUTCOME_DONE)
            self->turned_off = true;
        return -1;
    case DELETE: return hvs_snapshot_delete_end(run, &self->deleted, err);
    case DONE: break;
    }
    return 0;
}

/* What may be claimed of the step that has just ended. */
static enum hvs_outcome outcome(const struct guard *self)
{
    switch (self->step) {
    case TAKE: return self->taken ? self->taken->outcome : HVS_OUTCOME_UNKNOWN;
    case RESTORE: return self->restored ? self->restored->outcome : HVS_OUTCOME_UNKNOWN;
    case DELETE: return self->deleted ? self->deleted->outcome : HVS_OUTCOME_UNKNOWN;
    case LOOK:
    case DONE: break;
    }
    return HVS_OUTCOME_NOT_DONE;
}

/* What is in the document of what came of the snapshot. */
static const char *after(const struct guard *self)
{
    enum hvs_outcome came = outcome(self);

    if (self->step != RESTORE && self->step != DELETE)
        return "kept";
    return came == HVS_OUTCOME_NOT_DONE ? "kept"
           : came != HVS_OUTCOME_DONE   ? "unknown"
           : self->step == RESTORE      ? "restored"
                                        : "deleted";
}

/* Is the step that has just failed begun again in a while? Turned off, the VM is still to
 * go back; but not where that is in doubt. */
static bool again(struct guard *self, struct hvs_error *err)
{
    bool in_doubt = self->restored && self->restored->stopped > HVS_OUTCOME_DONE;

    if (!task_again(&self->task, in_doubt ? HVS_OUTCOME_UNKNOWN : outcome(self), err))
        return false;
    if (self->step == TAKE) {
        hvs_create_result_free(self->taken);
        self->taken = NULL;
    } else if (self->step == LOOK) {
        hvs_apply_result_free(self->plan);
        self->plan = NULL;
    }
    hvs_apply_result_free(self->restored);
    self->restored = NULL;
    hvs_delete_result_free(self->deleted);
    self->deleted = NULL;
    return true;
}

static int failed(struct guard *self, struct hvs_error *err)
{
    const char *job = "";

    if (self->step == TAKE) {
        if (self->taken)
            change_hint(self->task.work, self->taken->job, self->taken->outcome, err);
        return hvs_err_prefix(err, "the command was not run");
    }
    self->after = after(self);
    if (self->step == RESTORE && self->restored)
        job = self->restored->job;
    if (self->step == DELETE && self->deleted)
        job = self->deleted->job;
    return not_back(self, job, outcome(self), err);
}

static int ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct guard *self = (struct guard *)task;

    if (take(self, run, err) < 0)
        return again(self, err) ? 0 : failed(self, err);
    if (self->step == TAKE)
        return run_command(self, err);
    if (self->step == LOOK) {
        self->step = RESTORE;
        return 0;
    }
    self->after = after(self);
    self->step = DONE;
    notice_say(&task->call->notice, "%s: the snapshot is %s", task->work->label,
               self->after);
    return 0;
}

static json_t *item(const struct guard *self)
{
    const struct hvs_create_result *taken = self->taken;
    json_t *out = change_item(self->task.work, taken ? taken->vm_id : NULL,
                              taken ? taken->outcome : HVS_OUTCOME_NOT_DONE,
                              taken ? taken->job : NULL, taken ? taken->snapshot : NULL);

    json_put(&out, "status", self->ran ? json_integer(self->status) : json_null());
    json_put(&out, "after",
             json_text_or_null(self->after                ? self->after
                               : taken && taken->snapshot ? "kept"
                                                          : NULL));
    json_put_error(&out, &self->task.err);
    return out;
}

/* The command's own output is what a shell wants to see: ours is for JSON alone. */
static void report(struct task *task)
{
    const struct guard *self = (const struct guard *)task;

    task->call->status = self->status;
    if (output_is_json(&task->call->out))
        output_item(&task->call->out, item(self));
}

static void clear(struct task *task)
{
    struct guard *self = (struct guard *)task;

    hvs_create_result_free(self->taken);
    hvs_apply_result_free(self->plan);
    hvs_apply_result_free(self->restored);
    hvs_delete_result_free(self->deleted);
}

static const struct task_kind kind = {
    .size = sizeof(struct guard),
    .begin = begin,
    .ended = ended,
    .told = told,
    .report = report,
    .clear = clear,
};

static int run(struct call *call, struct hvs_error *err)
{
    call->wait_busy = ((const struct guard_args *)call->args)->wait_busy;
    return tasks_run(call, &kind, NULL, err);
}

const struct command command_guard = {
    .name = "guard",
    .operands = "VM -- COMMAND [ARGUMENT...]",
    .summary = "run a command under the cover of a snapshot",
    .about =
        "Takes a snapshot, runs the command, and then keeps, restores or deletes the\n"
        "snapshot by how the command ended. The exit status is the command's; 125\n"
        "when hvsnap failed. --timeout does not count the time of the command.\n",
    .examples =
        "  hvsnap guard hv01/web1 --on-failure restore -- ./upgrade.sh\n"
        "  hvsnap guard -H hv01 web1 --on-success delete -- ansible-playbook p.yml\n",
    .opts = guard_opts,
    .args_size = sizeof(struct guard_args),
    .changes = true,
    .list = "results",
    .targets = TARGET_COMMAND,
    .failure = OUR_FAILURE,
    .run = run,
};
