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

struct guard_args {
    const char *name;
    int on_failure, on_success;
};

static const struct opt guard_opts[] = {
    OPT(struct guard_args, name, 'n', "name", "TEXT", "name of the snapshot"),
    OPT_ROW(struct guard_args, on_failure, 0, "on-failure", "WHAT", "keep|restore|delete",
            0, "when the command fails"),
    OPT_ROW(struct guard_args, on_success, 0, "on-success", "WHAT", "keep|restore|delete",
            0, "when it does not"),
    OPT_END,
};

/* What is done next. */
enum step { TAKE, LOOK, RESTORE, DELETE, DONE };

struct guard {
    struct task task;
    enum step step;
    bool ran;
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

static int begin(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    struct guard *self = (struct guard *)task;

    if (self->step == DONE)
        return 0;
    if (task_may_begin(task, err) < 0)
        return -1;
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
 * that the way back ends with it. */
static void warn_of_ticket(const struct guard *self)
{
    const struct hvs_evidence *seen = hvs_client_evidence(self->task.client);
    const struct settings *settings = &self->task.work->host->settings;
    char until[32];

    if (!seen->until_ms || settings->keytab || self->task.work->host->opts.password)
        return;
    notice_say(&self->task.call->notice,
               "the Kerberos ticket ends at %s: what takes longer needs 'kinit -R', or "
               "the way back cannot log in",
               time_local(seen->until_ms, until));
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

static int run_command(struct guard *self, struct hvs_error *err)
{
    struct notice *notice = &self->task.call->notice;
    const struct hvs_snapshot *s = self->taken->snapshot;

    warn_of_ticket(self);
    notice_say(notice, "%s: snapshot %s, '%s'", self->task.work->label, s->id, s->name);
    notice_clear(notice);
    if (child_run(self->task.call->parts, &self->status, err) < 0)
        return -1;
    self->ran = true;
    self->step = step_after(self);
    if (self->status)
        notice_say(notice, "'%s' ended with status %d; the snapshot %s",
                   self->task.call->parts[0], self->status,
                   self->step == LOOK     ? "is restored"
                   : self->step == DELETE ? "is deleted"
                                          : "stays");
    return 0;
}

static int hint(const struct guard *self, const char *job, enum hvs_outcome outcome,
                const char *what, struct hvs_error *err)
{
    change_hint(self->task.work, job, outcome, err);
    return hvs_err_prefix(err, what);
}

static int ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct guard *self = (struct guard *)task;

    switch (self->step) {
    case TAKE:
        if (hvs_snapshot_create_end(run, &self->taken, err) == 0)
            return run_command(self, err);
        if (self->taken)
            change_hint(task->work, self->taken->job, self->taken->outcome, err);
        return hvs_err_prefix(err, "the command was not run");
    case LOOK:
        if (hvs_snapshot_apply_end(run, &self->plan, err) < 0)
            return hvs_err_prefix(err, "not restored");
        self->step = RESTORE;
        return 0;
    case RESTORE:
        if (hvs_snapshot_apply_end(run, &self->restored, err) < 0)
            return hint(self, self->restored ? self->restored->job : "",
                        self->restored ? self->restored->outcome : HVS_OUTCOME_NOT_DONE,
                        "not restored", err);
        self->after = "restored";
        break;
    case DELETE:
        if (hvs_snapshot_delete_end(run, &self->deleted, err) < 0)
            return hint(self, self->deleted ? self->deleted->job : "",
                        self->deleted ? self->deleted->outcome : HVS_OUTCOME_NOT_DONE,
                        "not deleted", err);
        self->after = "deleted";
        break;
    case DONE: break;
    }
    self->step = DONE;
    return 0;
}

static json_t *item(const struct guard *self)
{
    const struct hvs_create_result *taken = self->taken;
    json_t *out = change_item(self->task.work, taken ? taken->vm_id : NULL,
                              taken ? taken->outcome : HVS_OUTCOME_NOT_DONE,
                              taken ? taken->job : NULL, taken ? taken->snapshot : NULL);

    json_put(&out, "status", self->ran ? json_integer(self->status) : json_null());
    json_put(&out, "after", json_string(self->after ? self->after : "kept"));
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
    .report = report,
    .clear = clear,
};

static int run(struct call *call, struct hvs_error *err)
{
    child_keep_back(
        call->settings.password_fd == UINT32_MAX ? -1 : (int)call->settings.password_fd);
    return tasks_run(call, &kind, NULL, err);
}

const struct command command_guard = {
    .name = "guard",
    .operands = "VM -- COMMAND [ARGUMENT...]",
    .summary = "run a command under the cover of a snapshot",
    .about =
        "Takes a snapshot, runs the command, and then keeps, restores or deletes the\n"
        "snapshot by how the command ended. The exit status is the command's; 125\n"
        "when hvsnap failed.\n",
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
