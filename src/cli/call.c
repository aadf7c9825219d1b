#include "cli/call.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "cli/signals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_MAX 4096

/* What a call may take when --timeout is not given, in ms. */
#define READ_TIME (2 * 60 * 1000)
#define CHANGE_TIME (30 * 60 * 1000)

/* Options over environment over the [default] sections; a host's own section is looked at
 * when the host is opened. */
static int gather(struct call *call, int argc, char **argv, struct hvs_error *err)
{
    struct opt_set sets[] = {
        {.rows = call->command ? call->command->opts : NULL, .into = call->args},
        {.rows = setting_rows, .into = &call->settings},
    };
    struct hvs_error ignored = {0};
    int operands = opt_parse(sets, 2, argc, argv, err);

    call->given = sets[1];
    /* HVSNAP_OUTPUT counts after a mistake too; the first error is told */
    if (settings_from_env(&call->given, operands < 0 ? &ignored : err) < 0 ||
        operands < 0)
        return -1;
    call->operands = argv + 1;
    call->operand_count = (size_t)operands;
    return 0;
}

int call_open(struct call *call, const struct command *command, int argc, char **argv,
              struct hvs_error *err)
{
    struct opt_set all;
    int rc = -1;

    *call = (struct call){.command = command, .settings = SETTINGS_INIT};
    call->args = command ? calloc(1, command->args_size + 1) : NULL;
    if (command && !call->args) {
        hvs_err_memory(err);
        goto out;
    }
    if (gather(call, argc, argv, err) < 0)
        goto out;
    if (config_load(&call->hosts.config, err) < 0)
        goto out;
    all = call->hosts.given = call->given;
    if (config_fill(&call->hosts.config, "", &all, err) < 0)
        goto out;
    rc = 0;
out:
    output_open(&call->out, (enum output_format)call->settings.output, stdout,
                command ? command->name : NULL, command ? command->list : "results");
    notice_open(&call->notice, stderr, call->settings.quiet);
    call->hosts.notice = &call->notice;
    call->hosts.no_clients = command && command->targets == TARGET_HOST;
    return rc;
}

/* The same VM twice would get in its own way. */
static int check_twice(const struct call *call, const struct work *work,
                       struct hvs_error *err)
{
    const struct work *other;

    for (other = call->works; other < work; other++) {
        if (other->host == work->host && strcmp(other->label, work->label) == 0)
            return hvs_err_set(err, HVS_USAGE, 0, "'%.300s' is given twice", work->label);
    }
    return 0;
}

static int add_work(struct call *call, struct target *target, struct hvs_error *err)
{
    struct work *work = &call->works[call->work_count++];
    struct hvs_buf label = HVS_BUF_INIT(LABEL_MAX);

    work->target = *target;
    *target = (struct target){0};
    if (hosts_get(&call->hosts, &work->target, &work->host, err) < 0)
        return -1;
    hvs_buf_puts(&label, work->host->name);
    if (work->target.vm)
        hvs_buf_printf(&label, "/%s", work->target.vm);
    work->label = hvs_buf_take(&label, err);
    return work->label ? check_twice(call, work, err) : -1;
}

static bool needs_vm(const struct command *command)
{
    return command->targets == TARGET_VMS || command->targets == TARGET_SNAPSHOTS ||
           command->targets == TARGET_COMMAND;
}

/* One operand, or NULL for the host itself; `base` is what --host says, or NULL. */
static int add_operand(struct call *call, const struct target *base, const char *operand,
                       struct hvs_error *err)
{
    bool host_only = call->command->targets == TARGET_HOST ||
                     call->command->targets == TARGET_JOBS;
    struct target target = {0};
    int rc;

    if (host_only && operand)
        rc = target_parse_host(&target, operand, err);
    else if (base)
        rc = target_copy(&target, base, operand, err);
    else
        rc = target_parse(&target, operand, err);
    if (rc == 0 && !target.vm && needs_vm(call->command))
        rc = hvs_err_set(err, HVS_USAGE, 0, "'%.200s' names no VM", operand);
    if (rc == 0)
        rc = add_work(call, &target, err);
    target_clear(&target);
    return rc;
}

static int check_count(const struct call *call, size_t count, struct hvs_error *err)
{
    const struct command *command = call->command;

    if (!count && command->targets == TARGET_JOBS)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "hvsnap jobs shows them",
                                "which job?");
    if (!count && !needs_vm(command)) {
        if (call->settings.host)
            return 0;
        return hvs_err_set_hint(err, HVS_USAGE, 0, "name it with -H HOST, or as HOST/",
                                "which host?");
    }
    if (!count)
        return hvs_err_set_hint(err, HVS_USAGE, 0,
                                "a target is HOST/VM, or VM with -H HOST", "which VM?");
    if (count > 1 && command->targets == TARGET_HOST)
        return hvs_err_set(err, HVS_USAGE, 0, "one host at a time");
    if (count < 2 && command->targets == TARGET_SNAPSHOTS)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "hvsnap list shows them",
                                "which snapshot?");
    if (count < 2 && command->targets == TARGET_COMMAND)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "it stands behind --",
                                "which command?");
    if (count < 2 && command->targets == TARGET_JOBS && !call->settings.host)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "hvsnap jobs shows them",
                                "which job?");
    return 0;
}

int call_targets(struct call *call, struct hvs_error *err)
{
    struct target base = {0};
    size_t count = call->operand_count, i;
    int rc = -1;

    if (check_count(call, count, err) < 0)
        return -1;
    if (call->settings.host && target_parse_host(&base, call->settings.host, err) < 0)
        goto out;
    if (call->command->targets == TARGET_SNAPSHOTS ||
        call->command->targets == TARGET_COMMAND)
        count = 1;
    if (call->command->targets == TARGET_JOBS)
        count = base.host ? 0 : 1;
    call->parts = call->operands + count;
    call->part_count = call->operand_count - count;
    call->works = calloc(count + 1, sizeof(*call->works));
    if (!call->works) {
        hvs_err_memory(err);
        goto out;
    }
    if (!count && add_operand(call, &base, NULL, err) < 0)
        goto out;
    for (i = 0; i < count; i++) {
        if (add_operand(call, base.host ? &base : NULL, call->operands[i], err) < 0)
            goto out;
    }
    rc = 0;
out:
    target_clear(&base);
    return rc;
}

int64_t call_limit(const struct call *call)
{
    if (call->settings.timeout >= 0)
        return call->settings.timeout;
    return call->command->changes ? CHANGE_TIME : READ_TIME;
}

int64_t call_left(const struct call *call)
{
    int64_t left = call->deadline ? call->deadline - hvs_clock_ms() : 0;

    return call->deadline && left < 1 ? 1 : left;
}

int call_begin(struct call *call, struct hvs_client *client, struct hvs_error *err)
{
    int64_t limit = call_limit(call), now = hvs_clock_ms();

    if (signals_caught()) {
        signals_error(err);
        return hvs_err_prefix(err, "not begun");
    }
    if (!call->deadline && limit)
        call->deadline = now + limit;
    if (call->deadline && now >= call->deadline) {
        hvs_err_set_hint(err, HVS_SYSTEM, ETIMEDOUT, "--timeout is for the whole call",
                         "not begun: the time is over");
        return hvs_err_class(err, HVS_CLASS_DEADLINE);
    }
    hvs_client_set_timeout(client, (uint32_t)call_left(call));
    return 0;
}

void call_count(struct call *call, const char *label, const struct hvs_error *err)
{
    struct tally *tally = &call->tally;

    if (err->domain == HVS_OK) {
        tally->done++;
        return;
    }
    if (!tally->failed++) {
        tally->first = *err;
        tally->alike = true;
    }
    tally->alike = tally->alike && err->class_ == tally->first.class_;
    if (label)
        notice_error(&call->notice, label, err);
}

void call_verdict(const struct call *call, struct hvs_error *out)
{
    const struct tally *tally = &call->tally;
    size_t all = tally->done + tally->failed;

    *out = (struct hvs_error){0};
    if (!tally->failed)
        return;
    *out = tally->first;
    if (all == 1)
        return;
    out->detail[0] = '\0';
    if (signals_caught()) {
        *out = (struct hvs_error){0};
        signals_error(out);
        snprintf(out->hint, sizeof(out->hint), "%zu of %zu were done", tally->done, all);
        return;
    }
    if (tally->done) {
        out->class_ = HVS_CLASS_PARTIAL;
    } else if (!tally->alike) {
        out->class_ = HVS_CLASS_FAILED;
    }
    snprintf(out->message, sizeof(out->message), "%zu of %zu failed", tally->failed, all);
    out->hint[0] = '\0';
}

bool call_many_hosts(const struct call *call)
{
    return call->hosts.first && call->hosts.first->next;
}

void call_close(struct call *call)
{
    size_t i;

    for (i = 0; i < call->work_count; i++) {
        target_clear(&call->works[i].target);
        free(call->works[i].label);
    }
    free(call->works);
    free(call->args);
    output_clear(&call->out);
    hosts_clear(&call->hosts);
}
