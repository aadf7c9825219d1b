#include "base/err.h"
#include "base/uuid.h"
#include "cli/json.h"
#include "cli/task.h"
#include "cli/values.h"

#include <stdio.h>

static const struct opt show_opts[] = {OPT_END};

struct show {
    struct task task;
    struct hvs_snapshot *snapshot;
};

static json_t *item(const struct task *task, const struct hvs_snapshot *s)
{
    json_t *out = json_object();

    json_put(&out, "host", json_text(task->work->host->name));
    json_put(&out, "vm", json_text(task->work->target.vm));
    json_put(&out, "wanted", json_text(task->call->parts[0]));
    json_put(&out, "snapshot", json_snapshot(s));
    json_put_error(&out, &task->err);
    return out;
}

static void line(struct table *table, const char *what, const char *text)
{
    if (!text || !*text)
        return;
    table_cell(table, what);
    table_cell(table, text);
}

/* "2026-01-31 23:59:59 (2026-01-31T22:59:59Z, 3d ago)" */
static const char *moment(int64_t ms, bool past, char *buf, size_t size)
{
    char local[32], utc[32], age[32];

    if (ms == HVS_TIME_NONE)
        return NULL;
    snprintf(buf, size, "%s (%s%s%s%s)", time_local(ms, local), time_utc(ms, utc),
             past ? ", " : "", past ? age_text(ms, age) : "", past ? " ago" : "");
    return buf;
}

static void describe(const struct hvs_snapshot *s, struct table *table)
{
    char text[1024];
    size_t i;

    line(table, "name", s->name);
    line(table, "id", s->id);
    line(table, "vm", s->vm_name);
    line(table, "vm id", s->vm_id);
    line(table, "created", moment(s->created_ms, true, text, sizeof(text)));
    line(table, "kind", hvs_snapshot_kind_name(s->kind));
    if (s->type)
        line(table, "type", hvs_checkpoint_type_name(s->type));
    line(table, "memory", s->saved_state ? "holds that of a running VM" : "no");
    line(table, "now", s->current ? "the VM stands on it" : "no");
    line(table, "parent", s->parent_id ? s->parent_id : "none");
    for (i = 0; i < s->label_count; i++) {
        snprintf(text, sizeof(text), "%s=%s", s->labels[i].key, s->labels[i].value);
        line(table, i ? " " : "labels", text);
    }
    line(table, "expires", moment(s->expires_ms, false, text, sizeof(text)));
    line(table, "notes", s->notes);
}

static void report(struct task *task)
{
    const struct hvs_snapshot *s = ((const struct show *)task)->snapshot;
    struct output *out = &task->call->out;

    if (output_is_json(out))
        output_item(out, item(task, s));
    else if (s && out->format == OUTPUT_NAME)
        output_id(out, s->id);
    else if (s)
        describe(s, &out->table);
}

static int begin(struct task *task, struct hvs_run **run, struct hvs_error *err)
{
    struct show *self = (struct show *)task;

    if (self->snapshot)
        return 0;
    if (task_may_begin(task, err) < 0)
        return -1;
    return hvs_snapshot_get_start(run, task->client, task->work->target.vm,
                                  task->call->parts[0], err);
}

static int ended(struct task *task, struct hvs_run *run, struct hvs_error *err)
{
    return hvs_snapshot_get_end(run, &((struct show *)task)->snapshot, err);
}

static void clear(struct task *task)
{
    struct show *self = (struct show *)task;

    hvs_snapshot_free(self->snapshot);
    self->snapshot = NULL;
}

static const struct task_kind kind = {
    .size = sizeof(struct show),
    .begin = begin,
    .ended = ended,
    .report = report,
    .clear = clear,
};

static int run(struct call *call, struct hvs_error *err)
{
    if (call->part_count > 1)
        return hvs_err_set(err, HVS_USAGE, 0, "one snapshot at a time");
    if (call->out.format <= OUTPUT_WIDE)
        table_start(&call->out.table, NULL, 2);
    return tasks_run(call, &kind, NULL, err);
}

const struct command command_show = {
    .name = "show",
    .operands = "VM SNAPSHOT",
    .summary = "show all that is known of a snapshot",
    .about = "",
    .examples = "  hvsnap show hv01/web1 before-upgrade\n"
                "  hvsnap show -H hv01 web1 4F2A91C0 -o json\n",
    .opts = show_opts,
    .list = "results",
    .targets = TARGET_SNAPSHOTS,
    .run = run,
};
