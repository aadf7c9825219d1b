#include "base/err.h"
#include "cli/change.h"
#include "cli/create.h"
#include "cli/signals.h"

#include <stdlib.h>
#include <string.h>

struct follow {
    struct task task;
    size_t next; /* in the list, of those that may be replaced */
};

static struct wish *wish_of(const struct call *call)
{
    return call->view;
}

static struct taken *taken_of(const struct task *task)
{
    return &wish_of(task->call)->taken[task->work - task->call->works];
}

static bool is_there(const struct taken *taken)
{
    return taken->result && taken->result->snapshot &&
           taken->result->outcome == HVS_OUTCOME_DONE && !taken->undone;
}

static bool is_to_be_undone(const struct call *call)
{
    const struct create_args *args = call->args;

    return args->whole && call->tally.failed;
}

static int delete_it(struct task *task, const struct hvs_snapshot *snapshot,
                     struct hvs_run **run, struct hvs_error *err)
{
    struct hvs_delete_opts opts = HVS_DELETE_OPTS_INIT;

    opts.vm = snapshot->vm_id;
    opts.snapshot = snapshot->id;
    opts.any_kind = true; /* --type recovery: it is ours */
    opts.retries = task->work->host->retries;
    return hvs_snapshot_delete_start(run, task->client, &opts, err);
}

/* The next one that the new one replaces: of its kind, and with its name. */
static const struct hvs_snapshot *to_replace(struct follow *self)
{
    const struct create_args *args = self->task.call->args;
    const struct taken *taken = taken_of(&self->task);
    const struct hvs_snapshot *s;

    for (; self->next < taken->list->count; self->next++) {
        s = taken->list->items[self->next];
        if (s->kind == taken->result->snapshot->kind &&
            strcmp(s->name, args->name) == 0 &&
            strcmp(s->id, taken->result->snapshot->id) != 0)
            return s;
    }
    return NULL;
}

static int undo(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    const struct taken *taken = taken_of(task);

    if (!is_there(taken)) {
        task->told = true; /* why not, it was in the first round */
        return 0;
    }
    if (task_may_begin(task, err) == 0 &&
        delete_it(task, taken->result->snapshot, run, err) == 0)
        return 0;
    hvs_err_prefix(err, "it was taken, and could not be deleted again");
    change_delete_hint(task->work, taken->result->snapshot->id, err);
    return -1;
}

static int replace(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    struct follow *self = (struct follow *)task;
    const struct taken *taken = taken_of(task);
    const struct hvs_snapshot *old = NULL;
    int rc;

    if (taken->list && !(old = to_replace(self)))
        return 0;
    rc = task_may_begin(task, err);
    if (rc == 0 && old)
        rc = delete_it(task, old, run, err);
    else if (rc == 0)
        rc = hvs_snapshot_list_start(run, task->client, taken->result->snapshot->vm_id,
                                     err);
    if (rc < 0)
        hvs_err_prefix(err, "it was taken, but what it replaces is still there");
    return rc;
}

static int begin(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    const struct create_args *args = task->call->args;
    const struct taken *taken = taken_of(task);

    if (taken->undone)
        return 0;
    if (is_to_be_undone(task->call))
        return undo(task, run, err);
    if (taken->err.domain) {
        task->told = true;
        return 0;
    }
    return args->replace && is_there(taken) ? replace(task, run, err) : 0;
}

/* One could not be deleted: is it tried again in a while? Frees what came of it then. */
static bool again(struct task *task, struct hvs_delete_result **result,
                  struct hvs_error *err)
{
    if (!task_again(task, *result ? (*result)->outcome : HVS_OUTCOME_UNKNOWN, err))
        return false;
    hvs_delete_result_free(*result);
    *result = NULL;
    return true;
}

/* It is gone: that is why there is none, unless there is a reason of its own. */
static int undone(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct taken *taken = taken_of(task);
    const struct hvs_error *first = &task->call->tally.first;
    struct hvs_delete_result *result;
    int rc = hvs_snapshot_delete_end(run, &result, err);

    if (rc < 0 && again(task, &result, err))
        return 0;
    hvs_delete_result_free(result);
    if (rc < 0) {
        hvs_err_prefix(err, "it was taken, and could not be deleted again");
        change_delete_hint(task->work, taken->result->snapshot->id, err);
        return -1;
    }
    taken->undone = true;
    if (taken->err.domain) {
        notice_say(&task->call->notice, "%s: it was deleted again", task->work->label);
        task->told = true;
        return 0;
    }
    hvs_err_set(err, first->domain, first->code,
                "it was taken, and deleted again, since another one failed");
    return hvs_err_class(err, first->class_);
}

static int replaced(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct follow *self = (struct follow *)task;
    struct taken *taken = taken_of(task);
    struct hvs_delete_result *result;
    int rc = hvs_snapshot_delete_end(run, &result, err);

    if (rc < 0 && again(task, &result, err))
        return 0;
    if (result)
        taken->replaced[taken->replaced_count++] = result;
    self->next++;
    return rc;
}

static int listed(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct taken *taken = taken_of(task);

    if (hvs_snapshot_list_end(run, &taken->list, err) < 0)
        return -1;
    taken->replaced = calloc(taken->list->count + 1, sizeof(struct hvs_delete_result *));
    return taken->replaced ? 0 : hvs_err_memory(err);
}

static int ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    int rc;

    if (is_to_be_undone(task->call))
        return undone(task, run, err);
    rc = taken_of(task)->list ? replaced(task, run, err) : listed(task, run, err);
    if (rc < 0)
        hvs_err_prefix(err, "it was taken, but what it replaces is still there");
    return rc;
}

static void report(struct task *task)
{
    struct taken *taken = taken_of(task);

    if (task->err.domain)
        taken->err = task->err;
    create_report(task->call, task->work, taken);
}

static const struct task_kind kind = {
    .size = sizeof(struct follow),
    .begin = begin,
    .ended = ended,
    .report = report,
};

/* After a signal nothing more is begun: what was taken stays. */
static void leave(struct call *call, const struct wish *wish)
{
    struct hvs_error hint = {0};
    size_t i;

    for (i = 0; i < call->work_count; i++) {
        const struct taken *taken = &wish->taken[i];

        create_report(call, &call->works[i], taken);
        if (!is_there(taken) || !is_to_be_undone(call))
            continue;
        change_delete_hint(&call->works[i], taken->result->snapshot->id, &hint);
        notice_warn(&call->notice, "%s: it was taken, and stays: %s",
                    call->works[i].label, hint.hint);
    }
}

int create_follow(struct call *call, struct wish *wish, struct hvs_error *err)
{
    if (!signals_caught())
        return tasks_run(call, &kind, wish, err);
    leave(call, wish);
    return 0;
}

void taken_free(struct taken *taken, size_t count)
{
    size_t i, k;

    for (i = 0; taken && i < count; i++) {
        for (k = 0; k < taken[i].replaced_count; k++)
            hvs_delete_result_free(taken[i].replaced[k]);
        free(taken[i].replaced);
        hvs_snapshot_list_free(taken[i].list);
        hvs_create_result_free(taken[i].result);
    }
    free(taken);
}
