#include "cli/call.h"

#include "base/buf.h"
#include "base/uuid.h"
#include "cli/door.h"
#include "cli/json.h"

static const struct opt delete_opts[] = {OPT_END};

static json_t *item(const struct work *work, const char *wanted,
                    const struct hvs_delete_result *result, const struct hvs_error *err)
{
    const struct hvs_snapshot *s = result ? result->snapshot : NULL;
    enum hvs_outcome outcome = result ? result->outcome : HVS_OUTCOME_NOT_DONE;
    bool by_id = hvs_uuid_valid(work->target.vm);
    json_t *vm = json_object(), *out = json_object();

    json_put(&vm, "id", json_text(s ? s->vm_id : NULL));
    json_put(&vm, "name", json_text(s ? s->vm_name : by_id ? NULL : work->target.vm));
    json_put(&out, "host", json_text(work->host->name));
    json_put(&out, "vm", vm);
    json_put(&out, "wanted", json_text(wanted));
    json_put(&out, "outcome", json_string(hvs_outcome_name(outcome)));
    json_put(&out, "changed", json_boolean(outcome != HVS_OUTCOME_NOT_DONE));
    json_put(&out, "job", json_text_or_null(result ? result->job : NULL));
    json_put(&out, "snapshot", json_snapshot(s));
    json_put_error(&out, err);
    return out;
}

static void row(struct call *call, const struct work *work,
                const struct hvs_delete_result *result)
{
    const struct hvs_snapshot *s = result->snapshot;
    struct table *table = &call->out.table;

    table_cell(table, work->host->name);
    table_cell(table, s->vm_name);
    table_cell(table, hvs_outcome_name(result->outcome));
    table_cell(table, s->name);
    table_cell(table, s->id);
}

static void report(struct call *call, const struct work *work, const char *wanted,
                   const struct hvs_delete_result *result, const struct hvs_error *err)
{
    if (output_is_json(&call->out))
        output_item(&call->out, item(work, wanted, result, err));
    else if (!result || !result->snapshot || err->domain)
        return;
    else if (call->out.format == OUTPUT_NAME)
        output_id(&call->out, result->snapshot->id);
    else
        row(call, work, result);
}

static void delete_one(struct call *call, const struct work *work, const char *wanted)
{
    struct hvs_delete_opts opts = HVS_DELETE_OPTS_INIT;
    struct hvs_delete_result *result = NULL;
    struct hvs_buf label = HVS_BUF_INIT(16384);
    struct hvs_run *running = NULL;
    struct hvs_error err = {0};

    hvs_buf_printf(&label, "%s: %s", work->label, wanted);
    opts.vm = work->target.vm;
    opts.snapshot = wanted;
    opts.retries = work->host->retries;
    if (call_begin(call, work, &err) == 0 &&
        hvs_snapshot_delete_start(&running, work->host->client, &opts, &err) == 0) {
        call_drive(call, hvs_buf_str(&label), running);
        if (hvs_snapshot_delete_end(running, &result, &err) < 0 && result)
            call_hint_job(work, result->job, result->outcome, &err);
    }
    door_look(call, work, &err);
    call_count(call, hvs_buf_str(&label), &err);
    report(call, work, wanted, result, &err);
    hvs_delete_result_free(result);
    hvs_buf_clear(&label);
}

static int run(struct call *call, struct hvs_error *err)
{
    static const char *const headings[] = {"HOST", "VM", "OUTCOME", "NAME", "ID"};
    size_t i;

    (void)err;
    if (call->out.format <= OUTPUT_WIDE)
        table_start(&call->out.table, headings, 5);
    for (i = 1; i < call->operand_count; i++)
        delete_one(call, &call->works[0], call->operands[i]);
    return 0;
}

const struct command command_delete = {
    .name = "delete",
    .operands = "VM SNAPSHOT...",
    .summary = "delete snapshots of a VM",
    .about =
        "The snapshots below a deleted one stay. A snapshot is named by its id, by the\n"
        "start of that, or by its name if no other has it.\n",
    .examples = "  hvsnap delete hv01/web1 before-upgrade\n"
                "  hvsnap delete -H hv01 web1 4F2A91C0 7B1E0D33\n",
    .opts = delete_opts,
    .changes = true,
    .list = "results",
    .targets = TARGET_SNAPSHOTS,
    .run = run,
};
