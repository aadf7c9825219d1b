#include "cli/parts.h"

#include "base/err.h"

#include <stdlib.h>

static const struct parts_kind *kind_of(const struct parts *parts)
{
    return (const struct parts_kind *)(const void *)parts->task.kind;
}

/* A part for each snapshot, or job, that the call names. */
static int prepare(struct parts *self, struct hvs_error *err)
{
    const struct call *call = self->task.call;
    size_t i;

    self->items = calloc(call->part_count + 1, sizeof(*self->items));
    if (!self->items)
        return hvs_err_memory(err);
    self->count = call->part_count;
    for (i = 0; i < self->count; i++) {
        self->items[i].wanted = call->parts[i];
        self->items[i].label = (struct hvs_buf)HVS_BUF_INIT(16384);
        hvs_buf_printf(&self->items[i].label, "%s: %s", self->task.work->label,
                       self->items[i].wanted);
    }
    return 0;
}

static void part_over(struct parts *self, struct part *part)
{
    self->next++;
    task_tell(&self->task, hvs_buf_str(&part->label), &part->err);
}

int parts_begin(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    struct parts *self = (struct parts *)task;
    struct part *part;

    if (!self->items && prepare(self, err) < 0)
        return -1;
    while (self->next < self->count && !*run) {
        part = &self->items[self->next];
        task_label(task, hvs_buf_str(&part->label));
        if (task_may_begin(task, &part->err) < 0 ||
            kind_of(self)->start(self, part, run, &part->err) < 0)
            part_over(self, part);
    }
    return 0;
}

int parts_ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct parts *self = (struct parts *)task;
    struct part *part = &self->items[self->next];
    const struct parts_kind *kind = kind_of(self);
    int rc = kind->end(self, part, run, &part->err);

    if (rc > 0)
        return 0;
    if (rc < 0 && kind->outcome && task_again(task, kind->outcome(part), &part->err)) {
        kind->free(part->result);
        part->result = NULL;
        return 0;
    }
    if (rc < 0 && self->next == 0 && task_is_unreachable(&part->err)) {
        /* it is the task's as a whole: the others would fare no better */
        *err = part->err;
        part->err = (struct hvs_error){0};
        return -1;
    }
    part_over(self, part);
    return 0;
}

void parts_report(struct task *task)
{
    const struct parts *self = (const struct parts *)task;
    size_t i;

    for (i = 0; i < self->count; i++)
        kind_of(self)->report(self, &self->items[i]);
}

void parts_clear(struct task *task)
{
    struct parts *self = (struct parts *)task;
    size_t i;

    for (i = 0; i < self->count; i++) {
        hvs_buf_clear(&self->items[i].label);
        kind_of(self)->free(self->items[i].result);
    }
    free(self->items);
    self->items = NULL;
    self->count = 0;
}

const struct hvs_error *parts_error(const struct parts *parts, const struct part *part)
{
    return part->err.domain ? &part->err : &parts->task.err;
}
