#include "cli/change.h"
#include "cli/create.h"
#include "cli/json.h"

#include <hvsnap/vm.h>

static bool is_ensure(const struct call *call)
{
    return call->command == &command_ensure;
}

static void row(struct call *call, const struct work *work,
                const struct hvs_create_result *result)
{
    const struct hvs_snapshot *s = result->snapshot;
    const struct create_args *args = call->args;
    struct table *table = &call->out.table;
    char created[32];

    table_cell(table, work->host->name);
    table_cell(table, s ? s->vm_name : work->target.vm);
    if (is_ensure(call))
        table_cell(table, !result->changed  ? "unchanged"
                          : result->resumed ? "finished"
                                            : "taken");
    if (!args->detach) {
        table_cell(table, s ? s->name : "-");
        table_cell(table, s ? time_local(s->created_ms, created) : "-");
        table_cell(table, s ? s->id : "-");
    }
    if (args->detach || (call->out.format == OUTPUT_WIDE && !is_ensure(call))) {
        table_cell(table, hvs_outcome_name(result->outcome));
        table_cell(table, *result->job ? result->job : "-");
    }
}

/* The VM's own checkpoint type, where it was changed for the call; or null. */
static json_t *type_item(const struct hvs_create_result *result)
{
    static const char *const ends[] = {NULL, "done", "left", "not-done"};
    json_t *out;

    if (!result || result->put_back == HVS_PUT_BACK_NONE)
        return json_null();
    out = json_object();
    json_put(&out, "was", json_string(hvs_checkpoint_type_name(result->checkpoint_was)));
    json_put(&out, "put_back", json_string(ends[result->put_back]));
    return out;
}

static json_t *replaced_item(const struct taken *taken)
{
    json_t *out = json_array();
    size_t i;

    for (i = 0; i < taken->replaced_count; i++)
        if (taken->replaced[i]->outcome == HVS_OUTCOME_DONE)
            json_push(&out, json_snapshot(taken->replaced[i]->snapshot));
    return out;
}

static void item(struct call *call, const struct work *work, const struct taken *taken)
{
    const struct hvs_create_result *result = taken->result;
    bool there = result && !taken->undone;
    json_t *out = change_item(work, result ? result->vm_id : NULL,
                              there ? result->outcome : HVS_OUTCOME_NOT_DONE,
                              result ? result->job : NULL,
                              there ? result->snapshot : NULL);

    if (result)
        json_put(&out, "changed", json_boolean(result->changed && there));
    json_put(&out, "checkpoint", type_item(result));
    if (!is_ensure(call))
        json_put(&out, "replaced", replaced_item(taken));
    json_put_error(&out, &taken->err);
    output_item(&call->out, out);
}

void create_report(struct call *call, const struct work *work, const struct taken *taken)
{
    const struct hvs_create_result *result = taken->result;

    if (output_is_json(&call->out))
        item(call, work, taken);
    else if (!result || taken->undone || (taken->err.domain && !result->snapshot))
        return;
    else if (call->out.format == OUTPUT_NAME)
        output_id(&call->out, result->snapshot ? result->snapshot->id : result->job);
    else
        row(call, work, result);
}

void create_headings(struct call *call)
{
    static const char *const all[] = {"HOST", "VM",      "NAME", "CREATED",
                                      "ID",   "OUTCOME", "JOB"};
    static const char *const detached[] = {"HOST", "VM", "OUTCOME", "JOB"};
    static const char *const ensured[] = {"HOST", "VM",      "OUTCOME",
                                          "NAME", "CREATED", "ID"};
    const struct create_args *args = call->args;

    if (call->out.format > OUTPUT_WIDE)
        return;
    if (is_ensure(call))
        table_start(&call->out.table, ensured, 6);
    else if (args->detach)
        table_start(&call->out.table, detached, 4);
    else
        table_start(&call->out.table, all, call->out.format == OUTPUT_WIDE ? 7 : 5);
}

void create_tell_spread(struct call *call, const struct spread *spread)
{
    long long within = spread->last - spread->first;
    long long answered = spread->answered - spread->first;
    json_t *out;

    if (!spread->count)
        return;
    notice_say(&call->notice,
               "%zu snapshots were asked for within %lld ms, and the hosts had taken "
               "up all after %lld ms; this does not make them consistent with each other",
               spread->count, within, answered);
    if (!output_is_json(&call->out))
        return;
    out = json_object();
    json_put(&out, "count", json_integer((json_int_t)spread->count));
    json_put(&out, "asked_within_ms", json_integer(within));
    json_put(&out, "answered_within_ms", json_integer(answered));
    output_member(&call->out, "together", out);
}
