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
        if (hvs_buf_no_memory(&self->items[i].label))
            return hvs_err_memory(err);
    }
    return 0;
}

/* One that went well is told when all is over, where something comes after them. */
static void part_over(struct parts *self, struct part *part)
{
    self->next++;
    if (part->err.domain || !kind_of(self)->after)
        task_tell(&self->task, hvs_buf_str(&part->label), &part->err);
}

static void after_over(struct parts *self, const struct hvs_error *why)
{
    const char *label = self->task.work->label; /* told once */
    size_t i;

    for (i = 0; i < self->count; i++) {
        if (self->items[i].err.domain)
            continue;
        self->items[i].err = *why;
        task_tell(&self->task, label, why);
        label = NULL;
    }
}

static void begin_after(struct parts *self, struct hvs_run **run)
{
    struct hvs_error why = {0};

    self->after = true;
    task_label(&self->task, self->task.work->label);
    if (kind_of(self)->after(self, run, &why) < 0 || !*run)
        after_over(self, &why);
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
    if (!*run && !self->after && kind_of(self)->after)
        begin_after(self, run);
    return 0;
}

int parts_ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    struct parts *self = (struct parts *)task;
    struct part *part = &self->items[self->next];
    const struct parts_kind *kind = kind_of(self);
    struct hvs_error why = {0};
    int rc;

    if (self->after) {
        kind->after_end(self, run, &why);
        after_over(self, &why);
        return 0;
    }
    rc = kind->end(self, part, run, &part->err);
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
