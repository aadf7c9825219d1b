#include "cli/prune.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "cli/change.h"
#include "cli/json.h"
#include "cli/task.h"

#include <stdlib.h>
#include <string.h>

/* A listing of a target, and when it was made by the host's clock. */
struct listing {
    struct task task;
    struct hvs_snapshot_list *list;
    int64_t now_ms;
    struct listing *kept; /* its place when the task is gone */
};

/* A VM's deletions under way. */
struct pruning {
    struct task task;
    struct prune_vm *vm;
    size_t next; /* item */
    char label[512];
};

int prune_check(const struct prune_rules *rules, struct hvs_error *err)
{
    struct hvs_policy_plan *plan = NULL;
    int rc = hvs_policy_decide(&rules->policy, NULL, 0, hvs_clock_utc_ms(), &plan, err);

    hvs_policy_plan_free(plan);
    return rc;
}

/* --- the first round */

static int list_begin(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    struct listing *self = (struct listing *)task;

    if (self->list)
        return 0;
    if (task_may_begin(task, err) < 0)
        return -1;
    if (!self->kept) /* a list without a place would not be decided upon */
        self->kept = calloc(1, sizeof(*self->kept));
    if (!self->kept)
        return hvs_err_memory(err);
    return hvs_snapshot_list_start(run, task->client, task->work->target.vm, err);
}

static int list_ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct listing *self = (struct listing *)task;
    const struct hvs_evidence *seen = hvs_client_evidence(task->client);

    self->now_ms = hvs_clock_utc_ms() + seen->clock_ahead_ms;
    if (hvs_snapshot_list_end(run, &self->list, err) < 0)
        return -1;
    if (seen->clock_known)
        return 0;
    hvs_snapshot_list_free(self->list);
    self->list = NULL;
    hvs_err_set_hint(err, HVS_HTTP, 0, "over HTTPS the time that it tells is its own",
                     "the host does not tell what time it is, so what is old there is "
                     "not known");
    return hvs_err_class(err, HVS_CLASS_FAILED);
}

/* What could not be listed is an item; what was is decided upon later. */
static void list_report(struct task *task)
{
    struct output *out = &task->call->out;
    json_t *item;

    if (!task->err.domain || !output_is_json(out))
        return;
    item = json_object();
    json_put(&item, "host", json_text(task->work->host->name));
    json_put(&item, "vm", json_null());
    json_put(&item, "dry_run", json_false());
    json_put(&item, "changed", json_false());
    json_put(&item, "snapshots", json_array());
    json_put_error(&item, &task->err);
    output_item(out, item);
}

/* Keeps the listing: the task's own struct is gone soon. */
static void list_clear(struct task *task)
{
    struct listing *self = (struct listing *)task;
    struct prune *prune = task->call->view;

    if (self->list) {
        *self->kept = *self;
        prune->listings[prune->listing_count++] = self->kept;
    } else {
        free(self->kept);
    }
    self->list = NULL;
    self->kept = NULL;
}

static const struct task_kind list_kind = {
    .size = sizeof(struct listing),
    .prelude = true,
    .begin = list_begin,
    .ended = list_ended,
    .report = list_report,
    .clear = list_clear,
};

/* --- deciding */

static int decide(const struct prune *prune, struct prune_vm *vm, int64_t now_ms,
                  struct hvs_error *err)
{
    struct hvs_policy_item *items = calloc(vm->count + 1, sizeof(*items));
    size_t i;

    vm->deleted = calloc(vm->count + 1, sizeof(struct hvs_delete_result *));
    vm->errs = calloc(vm->count + 1, sizeof(*vm->errs));
    if (!items || !vm->deleted || !vm->errs) {
        free(items);
        return hvs_err_memory(err);
    }
    for (i = 0; i < vm->count; i++) {
        const struct hvs_snapshot *s = vm->items[i];

        items[i] = (struct hvs_policy_item){.id = s->id,
                                            .name = s->name,
                                            .created_ms = s->created_ms,
                                            .expires_ms = s->expires_ms,
                                            .kind = s->kind,
                                            .current = s->current,
                                            .labels = s->labels,
                                            .label_count = s->label_count};
    }
    if (hvs_policy_decide(&prune->rules->policy, items, vm->count, now_ms, &vm->plan,
                          &vm->err) < 0)
        hvs_err_prefix(&vm->err, vm->count ? vm->items[0]->vm_name : "");
    free(items);
    return 0;
}

/* Those of a listing, VM by VM: they come in that order. */
static int split(struct prune *prune, const struct listing *listing,
                 struct hvs_error *err)
{
    struct hvs_snapshot_list *list = listing->list;
    struct prune_vm *grown, *vm;
    size_t from, to;

    for (from = 0; from < list->count; from = to) {
        for (to = from + 1; to < list->count && strcmp(list->items[to]->vm_id,
                                                       list->items[from]->vm_id) == 0;)
            to++;
        grown = realloc(prune->vms, (prune->count + 1) * sizeof(*grown));
        if (!grown)
            return hvs_err_memory(err);
        prune->vms = grown;
        vm = &prune->vms[prune->count++];
        *vm = (struct prune_vm){.work = listing->task.work,
                                .items = list->items + from,
                                .count = to - from};
        if (decide(prune, vm, listing->now_ms, err) < 0)
            return -1;
    }
    return 0;
}

/* --- the second round */

/* The next one that goes; vm->count when there is none. */
static size_t next_to_go(const struct prune_vm *vm, size_t from)
{
    while (from < vm->count && vm->plan->items[from].keep)
        from++;
    return from;
}

static int prune_begin(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    const struct prune *prune = task->call->view;
    struct pruning *self = (struct pruning *)task;
    struct hvs_delete_opts opts = HVS_DELETE_OPTS_INIT;

    self->vm = &((struct prune *)task->call->view)->vms[task->work - task->call->works];
    if (self->vm->err.domain) {
        *err = self->vm->err;
        return -1;
    }
    self->next = next_to_go(self->vm, self->next);
    if (prune->rules->dry_run || self->next == self->vm->count)
        return 0;
    snprintf(self->label, sizeof(self->label), "%.200s: %.200s", task->work->label,
             self->vm->items[self->next]->name);
    task_label(task, self->label);
    if (task_may_begin(task, err) < 0)
        return -1;
    opts.vm = self->vm->items[self->next]->vm_id;
    opts.snapshot = self->vm->items[self->next]->id;
    opts.any_kind = prune->rules->any_kind;
    opts.retries = task->work->host->retries;
    return hvs_snapshot_delete_start(run, task->client, &opts, err);
}

/* One that cannot be deleted is told, and the others are tried. */
static int prune_ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct pruning *self = (struct pruning *)task;
    struct prune_vm *vm = self->vm;
    struct hvs_delete_result **result = &vm->deleted[self->next];
    struct hvs_error *why = &vm->errs[self->next];

    (void)err;
    if (hvs_snapshot_delete_end(run, result, why) < 0) {
        if (task_again(task, *result ? (*result)->outcome : HVS_OUTCOME_UNKNOWN, why)) {
            hvs_delete_result_free(*result);
            *result = NULL;
            return 0;
        }
        if (*result)
            change_hint(task->work, (*result)->job, (*result)->outcome, why);
        task_tell(task, self->label, why);
    }
    self->next++;
    return 0;
}

static const struct task_kind prune_kind = {
    .size = sizeof(struct pruning),
    .begin = prune_begin,
    .ended = prune_ended,
    .report = prune_report,
};

/* A target for each VM that was found. */
static struct work *works_of(const struct prune *prune, struct hvs_error *err)
{
    struct work *works = calloc(prune->count + 1, sizeof(*works));
    struct hvs_buf label = HVS_BUF_INIT(4096);
    size_t i;

    for (i = 0; works && i < prune->count; i++) {
        works[i].host = prune->vms[i].work->host;
        works[i].target = prune->vms[i].work->target; /* lent */
        hvs_buf_clear(&label);
        hvs_buf_printf(&label, "%s/%s", works[i].host->name,
                       prune->vms[i].items[0]->vm_name);
        works[i].label = hvs_buf_no_memory(&label) ? NULL : strdup(hvs_buf_str(&label));
        if (!works[i].label)
            break;
    }
    hvs_buf_clear(&label);
    if (works && i == prune->count)
        return works;
    for (i = 0; works && i < prune->count; i++)
        free(works[i].label);
    free(works);
    hvs_err_memory(err);
    return NULL;
}

static int second_round(struct call *call, struct prune *prune, struct hvs_error *err)
{
    struct work *targets = call->works, *works = works_of(prune, err);
    size_t count = call->work_count, i;
    int rc;

    if (!works)
        return -1;
    call->works = works;
    call->work_count = prune->count;
    rc = tasks_run(call, &prune_kind, prune, err);
    call->works = targets;
    call->work_count = count;
    for (i = 0; i < prune->count; i++)
        free(works[i].label);
    free(works);
    return rc;
}

static void clear(struct prune *prune)
{
    size_t i, n;

    for (i = 0; i < prune->count; i++) {
        struct prune_vm *vm = &prune->vms[i];

        hvs_policy_plan_free(vm->plan);
        for (n = 0; vm->deleted && n < vm->count; n++)
            hvs_delete_result_free(vm->deleted[n]);
        free(vm->deleted);
        free(vm->errs);
    }
    free(prune->vms);
    for (i = 0; i < prune->listing_count; i++) {
        hvs_snapshot_list_free(prune->listings[i]->list);
        free(prune->listings[i]);
    }
    free(prune->listings);
}

/* Nothing is deleted before all are listed: of several, one that hangs must not take all
 * the time. */
static int first_round(struct call *call, struct prune *prune, struct hvs_error *err)
{
    bool several = call->work_count > 1 && !prune->rules->dry_run;
    int64_t limit = call_limit(call), kept = several ? limit / 4 : 0;
    int rc;

    if (kept)
        call->deadline = hvs_clock_ms() + limit - kept;
    rc = tasks_run(call, &list_kind, prune, err);
    call->deadline += kept;
    return rc;
}

int prune_run(struct call *call, const struct prune_rules *rules, struct hvs_error *err)
{
    struct prune prune = {.rules = rules};
    size_t i;
    int rc = -1;

    prune.listings = calloc(call->work_count + 1, sizeof(struct listing *));
    if (!prune.listings)
        return hvs_err_memory(err);
    if (first_round(call, &prune, err) < 0)
        goto out;
    for (i = 0; i < prune.listing_count; i++)
        if (split(&prune, prune.listings[i], err) < 0)
            goto out;
    rc = second_round(call, &prune, err);
out:
    clear(&prune);
    return rc;
}
