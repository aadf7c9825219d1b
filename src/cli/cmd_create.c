#include "cli/call.h"

#include "base/err.h"
#include "base/uuid.h"
#include "cli/door.h"
#include "cli/json.h"

struct create_args {
    const char *name;
    bool detach;
};

static const struct opt create_opts[] = {
    OPT(struct create_args, name, 'n', "name", "TEXT", "name of the snapshot"),
    OPT(struct create_args, detach, 'd', "detach", NULL,
        "do not wait for the host's job"),
    OPT_END,
};

static json_t *item(const struct work *work, const struct hvs_create_result *result,
                    const struct hvs_error *err)
{
    const struct hvs_snapshot *s = result ? result->snapshot : NULL;
    enum hvs_outcome outcome = result ? result->outcome : HVS_OUTCOME_NOT_DONE;
    bool by_id = hvs_uuid_valid(work->target.vm);
    json_t *vm = json_object(), *out = json_object();

    json_put(&vm, "id", json_text_or_null(result ? result->vm_id : NULL));
    json_put(&vm, "name", json_text(s ? s->vm_name : by_id ? NULL : work->target.vm));
    json_put(&out, "host", json_text(work->host->name));
    json_put(&out, "vm", vm);
    json_put(&out, "outcome", json_string(hvs_outcome_name(outcome)));
    json_put(&out, "changed", json_boolean(outcome != HVS_OUTCOME_NOT_DONE));
    json_put(&out, "job", json_text_or_null(result ? result->job : NULL));
    json_put(&out, "snapshot", json_snapshot(s));
    json_put_error(&out, err);
    return out;
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
    if (!args->detach) {
        table_cell(table, s ? s->name : "-");
        table_cell(table, s ? time_local(s->created_ms, created) : "-");
        table_cell(table, s ? s->id : "-");
    }
    if (args->detach || call->out.format == OUTPUT_WIDE) {
        table_cell(table, hvs_outcome_name(result->outcome));
        table_cell(table, *result->job ? result->job : "-");
    }
}

static void report(struct call *call, const struct work *work,
                   const struct hvs_create_result *result, const struct hvs_error *err)
{
    if (output_is_json(&call->out))
        output_item(&call->out, item(work, result, err));
    else if (!result || (err->domain && !result->snapshot))
        return;
    else if (call->out.format == OUTPUT_NAME)
        output_id(&call->out, result->snapshot ? result->snapshot->id : result->job);
    else
        row(call, work, result);
}

static void create(struct call *call, const struct work *work)
{
    const struct create_args *args = call->args;
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;
    struct hvs_create_result *result = NULL;
    struct hvs_run *running = NULL;
    struct hvs_error err = {0};

    opts.vm = work->target.vm;
    opts.name = args->name;
    opts.detach = args->detach;
    opts.retries = work->host->retries;
    if (call_begin(call, work, &err) == 0 &&
        hvs_snapshot_create_start(&running, work->host->client, &opts, &err) == 0) {
        call_drive(call, work->label, running);
        if (hvs_snapshot_create_end(running, &result, &err) < 0 && result)
            call_hint_job(work, result->job, result->outcome, &err);
    }
    door_look(call, work, &err);
    call_count(call, work->label, &err);
    report(call, work, result, &err);
    hvs_create_result_free(result);
}

static int run(struct call *call, struct hvs_error *err)
{
    static const char *const headings[] = {"HOST", "VM",      "NAME", "CREATED",
                                           "ID",   "OUTCOME", "JOB"};
    static const char *const detached[] = {"HOST", "VM", "OUTCOME", "JOB"};
    const struct create_args *args = call->args;
    size_t i;

    if (args->detach && args->name)
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "the host names a snapshot once its job is done",
                                "--detach cannot go with --name");
    if (call->out.format <= OUTPUT_WIDE && args->detach)
        table_start(&call->out.table, detached, 4);
    else if (call->out.format <= OUTPUT_WIDE)
        table_start(&call->out.table, headings, call->out.format == OUTPUT_WIDE ? 7 : 5);
    for (i = 0; i < call->work_count; i++)
        create(call, &call->works[i]);
    return 0;
}

const struct command command_create = {
    .name = "create",
    .operands = "TARGET...",
    .summary = "take a snapshot of each VM",
    .about = "Waits until the host is done, and reads the snapshot back.\n",
    .examples = "  hvsnap create hv01/web1 --name before-upgrade\n"
                "  hvsnap create -H hv01 web1 web2 -o json\n",
    .opts = create_opts,
    .args_size = sizeof(struct create_args),
    .changes = true,
    .list = "results",
    .targets = TARGET_VMS,
    .run = run,
};
