#include "cli/call.h"

#include "base/clock.h"
#include "base/err.h"
#include "cli/signals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

int64_t call_limit(const struct call *call)
{
    int64_t limit = call->settings.timeout;

    if (limit < 0)
        limit = call->command->changes ? CHANGE_TIME : READ_TIME;
    if (!limit || call->waited < limit)
        return limit ? limit - call->waited : 0;
    return 1;
}

void call_anew(struct call *call)
{
    call->deadline = call->waited = 0;
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
        free(call->works[i].origin);
    }
    free(call->works);
    free(call->args);
    output_clear(&call->out);
    hosts_clear(&call->hosts);
}
