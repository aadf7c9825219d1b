#include "cli/call.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "cli/confirm.h"
#include "cli/door.h"
#include "cli/json.h"

#include <stdio.h>

struct restore_args {
    bool force_off, save, start, safety, yes;
};

static const struct opt restore_opts[] = {
    OPT(struct restore_args, force_off, 0, "force-off", NULL,
        "turn a running VM off first, at once"),
    OPT(struct restore_args, save, 0, "save", NULL, "save a running VM first"),
    OPT(struct restore_args, safety, 0, "safety-snapshot", NULL,
        "take a snapshot of what is there first"),
    OPT(struct restore_args, start, 0, "start", NULL, "start the VM afterwards"),
    OPT(struct restore_args, yes, 'y', "yes", NULL, "do not ask"),
    OPT_END,
};

/* A restore under way: what was found, and what came of each part of it. */
struct restore {
    struct call *call;
    const struct work *work;
    const char *wanted;
    const char *label;
    struct hvs_apply_result *plan, *stop, *apply;
    struct hvs_create_result *safety;
};

static const struct hvs_apply_result *last(const struct restore *self)
{
    return self->apply ? self->apply : self->stop ? self->stop : self->plan;
}

/* Was the VM, or what it has, changed in any way, or may it have been? */
static bool changed(const struct restore *self)
{
    const struct hvs_apply_result *apply = self->apply, *stop = self->stop;

    return (apply && (apply->outcome != HVS_OUTCOME_NOT_DONE ||
                      apply->stopped != HVS_OUTCOME_NOT_DONE ||
                      apply->started != HVS_OUTCOME_NOT_DONE)) ||
           (stop && stop->stopped != HVS_OUTCOME_NOT_DONE) ||
           (self->safety && self->safety->outcome != HVS_OUTCOME_NOT_DONE);
}

static json_t *item(const struct restore *self, const struct hvs_error *err)
{
    const struct hvs_apply_result *result = last(self);
    const struct hvs_snapshot *s = result ? result->snapshot : NULL;
    enum hvs_outcome outcome = self->apply ? self->apply->outcome : HVS_OUTCOME_NOT_DONE;
    bool by_id = hvs_uuid_valid(self->work->target.vm);
    json_t *vm = json_object(), *out = json_object();
    char number[16];

    json_put(&vm, "id", json_text_or_null(result ? result->vm_id : NULL));
    json_put(&vm, "name",
             json_text(s       ? s->vm_name
                       : by_id ? NULL
                               : self->work->target.vm));
    json_put(&out, "host", json_text(self->work->host->name));
    json_put(&out, "vm", vm);
    json_put(&out, "wanted", json_text(self->wanted));
    json_put(&out, "outcome", json_string(hvs_outcome_name(outcome)));
    json_put(&out, "changed", json_boolean(changed(self)));
    json_put(&out, "job", json_text_or_null(self->apply ? self->apply->job : NULL));
    json_put(&out, "snapshot", json_snapshot(s));
    json_put(&out, "stood_on", json_snapshot(self->plan ? self->plan->stood_on : NULL));
    json_put(&out, "safety", json_snapshot(self->safety ? self->safety->snapshot : NULL));
    json_put(&out, "state",
             json_text(result && result->state ? hvs_vm_state_name(result->state, number)
                                               : NULL));
    json_put_error(&out, err);
    return out;
}

static void row(const struct restore *self)
{
    const struct hvs_snapshot *s = self->apply->snapshot;
    struct table *table = &self->call->out.table;
    char number[16];

    table_cell(table, self->work->host->name);
    table_cell(table, s->vm_name);
    table_cell(table, hvs_outcome_name(self->apply->outcome));
    table_cell(table, hvs_vm_state_name(self->apply->state, number));
    table_cell(table, s->name);
    table_cell(table, s->id);
}

static void report(const struct restore *self, const struct hvs_error *err)
{
    struct output *out = &self->call->out;

    if (output_is_json(out))
        output_item(out, item(self, err));
    else if (!self->apply || self->apply->outcome != HVS_OUTCOME_DONE)
        return;
    else if (out->format == OUTPUT_NAME)
        output_id(out, self->apply->snapshot->id);
    else
        row(self);
}

/* One run of the library; by ids, once they are known. */
static int apply(struct restore *self, enum hvs_apply_upto upto,
                 struct hvs_apply_result **out, struct hvs_error *err)
{
    const struct restore_args *args = self->call->args;
    struct hvs_apply_opts opts = HVS_APPLY_OPTS_INIT;
    struct hvs_run *running = NULL;

    opts.vm = self->plan ? self->plan->vm_id : self->work->target.vm;
    opts.snapshot = self->plan ? self->plan->snapshot->id : self->wanted;
    opts.upto = upto;
    opts.force_off = args->force_off;
    opts.save = args->save;
    opts.start = args->start;
    opts.retries = self->work->host->retries;
    if (call_begin(self->call, self->work, err) < 0 ||
        hvs_snapshot_apply_start(&running, self->work->host->client, &opts, err) < 0)
        return -1;
    call_drive(self->call, self->label, running);
    return hvs_snapshot_apply_end(running, out, err);
}

/* What it is now is kept in a snapshot. */
static int keep(struct restore *self, struct hvs_error *err)
{
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;
    struct hvs_run *running = NULL;
    char name[100];

    snprintf(name, sizeof(name), "before restoring %.80s", self->plan->snapshot->name);
    hvs_utf8_trim(name);
    opts.vm = self->plan->vm_id;
    opts.name = name;
    opts.retries = self->work->host->retries;
    if (call_begin(self->call, self->work, err) < 0 ||
        hvs_snapshot_create_start(&running, self->work->host->client, &opts, err) < 0)
        return -1;
    call_drive(self->call, self->label, running);
    if (hvs_snapshot_create_end(running, &self->safety, err) == 0)
        return 0;
    hvs_err_prefix(err, "not restored, since no safety snapshot could be taken");
    if (self->safety)
        call_hint_job(self->work, self->safety->job, self->safety->outcome, err);
    return -1;
}

static void describe(const struct restore *self, struct hvs_buf *out)
{
    const struct restore_args *args = self->call->args;
    const struct hvs_apply_result *plan = self->plan;
    const struct hvs_snapshot *to = plan->snapshot, *from = plan->stood_on;
    bool rests = plan->state_before == 3 || plan->state_before == 6;
    char when[32], since[32];

    hvs_buf_printf(out, "%s goes back to '%s' of %s; ", self->label, to->name,
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

static int go(struct restore *self, struct hvs_error *err)
{
    const struct restore_args *args = self->call->args;
    struct hvs_buf text = HVS_BUF_INIT(16384);
    int rc;

    if (apply(self, HVS_APPLY_CHECK, &self->plan, err) < 0)
        return -1;
    describe(self, &text);
    rc = confirm(self->call, args->yes, hvs_buf_str(&text), err);
    hvs_buf_clear(&text);
    if (rc < 0)
        return -1;
    /* once it is saved, nothing more can happen that the snapshot does not hold */
    if (args->safety && args->save &&
        apply(self, HVS_APPLY_PREPARE, &self->stop, err) < 0)
        return -1;
    if (args->safety && keep(self, err) < 0)
        return -1;
    if (apply(self, HVS_APPLY_ALL, &self->apply, err) == 0)
        return 0;
    if (self->apply)
        call_hint_job(self->work, self->apply->job, self->apply->outcome, err);
    return -1;
}

static void restore(struct call *call)
{
    struct restore self = {.call = call, .work = call->works};
    struct hvs_buf label = HVS_BUF_INIT(16384);
    struct hvs_error err = {0};

    self.wanted = call->operands[1];
    self.label = self.work->label;
    hvs_buf_printf(&label, "%s: %s", self.label, self.wanted);
    if (go(&self, &err) < 0)
        door_look(call, self.work, &err);
    call_count(call, hvs_buf_str(&label), &err);
    report(&self, &err);
    hvs_apply_result_free(self.plan);
    hvs_apply_result_free(self.stop);
    hvs_apply_result_free(self.apply);
    hvs_create_result_free(self.safety);
    hvs_buf_clear(&label);
}

static int run(struct call *call, struct hvs_error *err)
{
    static const char *const headings[] = {"HOST",  "VM",   "OUTCOME",
                                           "STATE", "NAME", "ID"};
    const struct restore_args *args = call->args;

    if (call->operand_count > 2)
        return hvs_err_set(err, HVS_USAGE, 0, "a VM goes back to one snapshot");
    if (args->force_off && args->save)
        return hvs_err_set(err, HVS_USAGE, 0, "--force-off cannot go with --save");
    if (confirm_possible(call, args->yes, "restoring throws away what the VM is now",
                         err) < 0)
        return -1;
    if (call->out.format <= OUTPUT_WIDE)
        table_start(&call->out.table, headings, 6);
    restore(call);
    return 0;
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
