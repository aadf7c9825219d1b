#include "base/err.h"
#include "hyperv/act.h"
#include "hyperv/census.h"
#include "hyperv/choose.h"
#include "hyperv/client.h"
#include "hyperv/descendants.h"
#include "hyperv/names.h"
#include "wsman/fault.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Find the VM and the tree; ask, follow the job, look what is left. */
struct delete_tree {
    struct hvs_run run;
    struct hvs_op op;
    char *vm, *wanted;
    bool check, any_kind;
    unsigned retries;

    struct hvs_choose choose;
    struct hvs_act act;
    struct hvs_find_out found;
    struct hvs_census jobs;
    struct hvs_settings_query look;
    unsigned lost;        /* looks that the host did not answer */
    bool vm_seen;         /* at the last look */
    struct hvs_error why; /* what failed before the last look; none: nothing */
    struct hvs_delete_tree_result *result;
};

enum { CHOOSING = 1, ACTING, SEARCHING, LOOKING };
enum { ASKING_JOBS = 1 };
enum { MOST_LISTED = 20 };

static const struct hvs_request_kind destroy_tree = {.template = "destroy-snapshot-tree",
                                                     .action = HVS_V2
                                                     "/" HVS_CLASS_SNAPSHOTS
                                                     "/DestroySnapshotTree",
                                                     .resource = HVS_V2
                                                     "/" HVS_CLASS_SNAPSHOTS,
                                                     .effect = HVS_CHANGE};

static enum hvs_want look_at_it(struct delete_tree *self, struct hvs_run *run,
                                struct hvs_error *err)
{
    if (hvs_settings_of_vm(&self->look, self->choose.vm_id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->look.query.op);
}

/* Count what is left of the tree. Gone is done, whoever did it; but a host shows nothing
 * at all to who has lost the rights, and where the VM has moved away. Then the VM itself
 * is not to be seen either. */
static int count_left(struct delete_tree *self, struct hvs_error *err)
{
    struct hvs_delete_tree_result *result = self->result;
    const struct hvs_settings_set *set = &self->look.set;
    struct hvs_index there;
    size_t i;

    self->vm_seen = hvs_settings_vm(set) != NULL;
    if (!self->vm_seen)
        return 0;
    if (hvs_settings_index(set, &there, err) < 0)
        return -1;
    result->left = 0;
    for (i = 0; i < result->count; i++) {
        result->gone[i] = !hvs_index_find(&there, result->items[i]->id);
        result->left += !result->gone[i];
    }
    hvs_index_clear(&there);
    return 0;
}

/* Something of it is still there, which proves nothing before the request can no longer
 * act, and while a job is at it. When a part is gone it was done, if not to the end: what
 * is left is told by who asked. */
static enum hvs_want judge(struct delete_tree *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    const struct hvs_delete_tree_result *result = self->result;
    struct hvs_op *op = &self->found.op;

    if (op->phase == ASKING_JOBS) {
        if (self->jobs.under_way)
            return hvs_find_out_pause(op, run, 0);
        self->found.outcome = result->left < result->count ? HVS_OUTCOME_DONE
                                                           : HVS_OUTCOME_NOT_DONE;
        return HVS_DONE;
    }
    self->found.outcome = HVS_OUTCOME_UNKNOWN;
    if (count_left(self, err) < 0)
        return HVS_FAIL;
    if (self->vm_seen && !result->left) {
        self->found.outcome = HVS_OUTCOME_DONE;
        return HVS_DONE;
    }
    if (!hvs_change_settled(&self->act.change, run))
        return hvs_find_out_pause(op, run, 0);
    if (!self->vm_seen)
        return HVS_DONE;
    op->phase = ASKING_JOBS;
    return hvs_call(run, &self->jobs.op);
}

static enum hvs_want found_step(struct hvs_op *op, struct hvs_run *run,
                                const struct hvs_event *event, struct hvs_error *err)
{
    struct delete_tree *self = (struct delete_tree *)run;

    if (event->cause && hvs_find_out_may_ask_again(run, event->cause, &self->lost))
        return hvs_find_out_pause(op, run, 0);
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why == HVS_RETURNED)
        return judge(self, run, err);
    return look_at_it(self, run, err);
}

/* Take a snapshot up into the tree. */
static int add(struct delete_tree *self, const struct hvs_settings *row,
               struct hvs_error *err)
{
    struct hvs_delete_tree_result *result = self->result;
    struct hvs_snapshot *snapshot;

    if (!self->any_kind && hvs_choose_check_kind(row, "deleted", true, err) < 0) {
        const struct hvs_snapshot *top = result->count ? result->items[0] : NULL;

        if (top) {
            char context[400];

            snprintf(context, sizeof(context), "below '%.300s'", top->name);
            hvs_err_prefix(err, context);
        }
        return -1;
    }
    snapshot = hvs_snapshot_new(row, self->choose.find.vm, err);
    if (!snapshot)
        return -1;
    result->items[result->count++] = snapshot;
    result->left = result->count;
    return 0;
}

static int gather(struct delete_tree *self, struct hvs_error *err)
{
    struct hvs_delete_tree_result *result = self->result;
    const struct hvs_settings **rows;
    size_t i, count;
    int rc = 0;

    rows = hvs_descendants(self->choose.set, self->choose.row, &count, err);
    if (!rows)
        return -1;
    result->items = calloc(count, sizeof(struct hvs_snapshot *));
    result->gone = calloc(count, sizeof(*result->gone));
    if (!result->items || !result->gone)
        rc = hvs_err_memory(err);
    for (i = 0; i < count && rc == 0; i++)
        rc = add(self, rows[i], err);
    free(rows);
    return rc;
}

static enum hvs_want chosen(struct delete_tree *self, struct hvs_run *run,
                            struct hvs_error *err)
{
    const struct hvs_evidence *we = hvs_session_evidence(run->session);
    const struct hvs_param params[] = {{"INSTANCE_ID", self->choose.row->instance_id}};

    if (gather(self, err) < 0)
        return HVS_FAIL;
    if (self->check)
        return HVS_DONE;
    hvs_act_init(&self->act, self->choose.vm_id, hvs_choose_vm_name(&self->choose),
                 &self->found, self->retries);
    self->jobs.of = (struct hvs_census_of){.job_type = HVS_JOB_DESTROY,
                                           .vm_id = self->choose.vm_id,
                                           .stood_on = "",
                                           .account = we->account,
                                           .domain = we->domain};
    self->op.phase = ACTING;
    return hvs_act_call(&self->act, run, &destroy_tree, params, 1, err);
}

static enum hvs_want prove(struct delete_tree *self, struct hvs_run *run,
                           struct hvs_error *err)
{
    self->op.phase = LOOKING;
    hvs_run_note(run, HVS_PHASE_VERIFY, NULL, 0);
    return look_at_it(self, run, err);
}

static void list_left(const struct delete_tree *self, struct hvs_error *err)
{
    const struct hvs_delete_tree_result *result = self->result;
    size_t i, listed = 0;
    char line[400];

    for (i = 0; i < result->count && listed < MOST_LISTED; i++) {
        if (result->gone[i])
            continue;
        snprintf(line, sizeof(line), "%s  %.300s", result->items[i]->id,
                 result->items[i]->name);
        hvs_err_detail(err, line);
        listed++;
    }
}

static enum hvs_want unseen(struct delete_tree *self, struct hvs_error *err)
{
    self->result->outcome = HVS_OUTCOME_UNKNOWN;
    hvs_err_set_hint(err, HVS_JOB, 0,
                     "has it moved to another node, or has the account lost its rights? "
                     "'hvsnap vms' shows what is to be seen",
                     "whether the snapshots are gone is unknown: the VM '%s' is no "
                     "longer to be seen either",
                     hvs_choose_vm_name(&self->choose));
    hvs_err_class(err, HVS_CLASS_UNKNOWN);
    return HVS_FAIL;
}

/* A part of it is gone, or nothing. */
static void explain(const struct delete_tree *self, struct hvs_error *err)
{
    const struct hvs_delete_tree_result *result = self->result;
    bool part = result->left < result->count;

    *err = self->why;
    if (part && self->why.domain)
        hvs_err_prefix(err, "only a part is gone");
    else if (part)
        hvs_err_set_hint(err, HVS_JOB, 0, "'hvsnap list' shows what is left",
                         "only a part is gone: %zu of %zu snapshots are still there",
                         result->left, result->count);
    else if (!self->why.domain)
        hvs_err_set(err, HVS_JOB, 0,
                    "the host %s, but the snapshot '%s' and all below it are still there",
                    self->act.end == HVS_ACT_LOST ? "is at no job any more" : "said yes",
                    result->items[0]->name);
    if (part)
        list_left(self, err);
}

/* By the last look. */
static enum hvs_want verdict(struct delete_tree *self, struct hvs_error *err)
{
    struct hvs_delete_tree_result *result = self->result;

    if (!self->vm_seen)
        return unseen(self, err);
    result->outcome = HVS_OUTCOME_DONE;
    if (!result->left)
        return HVS_DONE;
    result->outcome = result->left < result->count ? HVS_OUTCOME_UNKNOWN
                                                   : HVS_OUTCOME_NOT_DONE;
    explain(self, err);
    return HVS_FAIL;
}

/* The host could not be asked again. What it said before counts: its job's end, or its
 * answer. */
static enum hvs_want not_seen(struct delete_tree *self, const struct hvs_error *cause,
                              struct hvs_error *err)
{
    bool said = !self->why.domain && self->act.end == HVS_ACT_SAID;
    bool stopped = hvs_err_is_stop(cause);

    *err = self->why.domain ? self->why : *cause;
    if (self->why.domain && !self->act.job[0]) {
        self->result->outcome = HVS_OUTCOME_NOT_DONE; /* it was refused */
        return HVS_FAIL;
    }
    self->result->outcome = said ? HVS_OUTCOME_DONE : HVS_OUTCOME_UNKNOWN;
    if (said)
        hvs_err_prefix(err, "the snapshots were deleted, but the host could not be asked "
                            "again");
    else
        hvs_err_class(err, stopped ? cause->class_ : HVS_CLASS_UNKNOWN);
    if (self->why.domain)
        hvs_err_detail(err, cause->message);
    return HVS_FAIL;
}

static enum hvs_want looked(struct delete_tree *self, const struct hvs_event *event,
                            struct hvs_error *err)
{
    struct hvs_error why = {0};

    if (event->cause)
        return not_seen(self, event->cause, err);
    if (self->op.phase == LOOKING && count_left(self, &why) < 0)
        return not_seen(self, &why, err);
    return verdict(self, err);
}

/* Can what failed have left a part, or have failed because somebody else was faster? */
static bool look_all_the_same(const struct delete_tree *self,
                              const struct hvs_error *cause)
{
    enum { INVALID_PARAMETER = 32773 };

    return self->act.outcome == HVS_OUTCOME_NOT_DONE &&
           (self->act.job[0] || hvs_fault_flags(cause) & HVS_FAULT_GONE ||
            (cause->domain == HVS_JOB && cause->code == INVALID_PARAMETER));
}

static enum hvs_want acted(struct delete_tree *self, struct hvs_run *run,
                           const struct hvs_event *event, struct hvs_error *err)
{
    self->result->outcome = self->act.outcome;
    snprintf(self->result->job, sizeof(self->result->job), "%s", self->act.job);
    if (event->cause) {
        if (!look_all_the_same(self, event->cause))
            return hvs_fail(err, event->cause);
        self->why = *event->cause;
        return prove(self, run, err);
    }
    switch (self->act.end) {
    case HVS_ACT_SAID: return prove(self, run, err);
    case HVS_ACT_FOUND: return verdict(self, err);
    case HVS_ACT_LOST: break;
    }
    self->op.phase = SEARCHING;
    return hvs_call(run, &self->found.op);
}

static enum hvs_want delete_tree_step(struct hvs_op *op, struct hvs_run *run,
                                      const struct hvs_event *event,
                                      struct hvs_error *err)
{
    struct delete_tree *self = (struct delete_tree *)run;

    switch (op->phase) {
    case ACTING: return acted(self, run, event, err);
    case SEARCHING:
    case LOOKING: return looked(self, event, err);
    default: break;
    }
    if (event->cause)
        return hvs_fail(err, event->cause);
    if (op->phase == CHOOSING)
        return chosen(self, run, err);
    op->phase = CHOOSING;
    return hvs_call(run, &self->choose.op);
}

static void release(struct hvs_run *run)
{
    struct delete_tree *self = (struct delete_tree *)run;

    hvs_choose_clear(&self->choose);
    hvs_act_clear(&self->act);
    hvs_census_clear(&self->jobs);
    hvs_settings_query_clear(&self->look);
    hvs_delete_tree_result_free(self->result);
    free(self->vm);
    free(self->wanted);
    free(self);
}

static int read_opts(struct hvs_delete_tree_opts *out,
                     const struct hvs_delete_tree_opts *opts, struct hvs_error *err)
{
    const size_t least = offsetof(struct hvs_delete_tree_opts, retries);

    *out = (struct hvs_delete_tree_opts)HVS_DELETE_TREE_OPTS_INIT;
    if (hvs_opts_copy(out, sizeof(*out), opts, least, "HVS_DELETE_TREE_OPTS_INIT", err) <
        0)
        return -1;
    if (hvs_check_text("the VM's name", out->vm, err) < 0)
        return -1;
    return hvs_check_text("the snapshot", out->snapshot, err);
}

int hvs_snapshot_delete_tree_start(struct hvs_run **out, struct hvs_client *client,
                                   const struct hvs_delete_tree_opts *given,
                                   struct hvs_error *err)
{
    struct hvs_delete_tree_opts opts;
    struct delete_tree *self;

    *out = NULL;
    if (read_opts(&opts, given, err) < 0)
        return -1;
    self = calloc(1, sizeof(*self));
    if (!self)
        return hvs_err_memory(err);
    self->op.step = delete_tree_step;
    self->found.op.step = found_step;
    self->check = opts.check;
    self->any_kind = opts.any_kind;
    self->retries = opts.retries;
    self->vm = strdup(opts.vm);
    self->wanted = strdup(opts.snapshot);
    self->result = calloc(1, sizeof(*self->result));
    hvs_choose_init(&self->choose, self->vm, self->wanted);
    hvs_settings_query_init(&self->look);
    hvs_census_init(&self->jobs);
    if (!self->vm || !self->wanted || !self->result) {
        release(&self->run);
        return hvs_err_memory(err);
    }
    if (hvs_client_start(client, &self->run, &self->op, release, err) < 0)
        return -1;
    *out = &self->run;
    return 0;
}

int hvs_snapshot_delete_tree_end(struct hvs_run *run, struct hvs_delete_tree_result **out,
                                 struct hvs_error *err)
{
    struct delete_tree *self = (struct delete_tree *)run;
    int rc = hvs_client_finish(run, err);

    *out = self->result;
    self->result = NULL;
    hvs_client_drop(run);
    return rc;
}

int hvs_snapshot_delete_tree(struct hvs_client *client,
                             const struct hvs_delete_tree_opts *opts,
                             struct hvs_delete_tree_result **out, struct hvs_error *err)
{
    struct hvs_run *run;

    *out = NULL;
    if (hvs_snapshot_delete_tree_start(&run, client, opts, err) < 0)
        return -1;
    hvs_client_wait(run);
    return hvs_snapshot_delete_tree_end(run, out, err);
}

void hvs_delete_tree_result_free(struct hvs_delete_tree_result *result)
{
    size_t i;

    for (i = 0; result && i < result->count; i++)
        hvs_snapshot_free(result->items[i]);
    if (result) {
        free(result->items);
        free(result->gone);
    }
    free(result);
}
