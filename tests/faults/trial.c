#include "faults/trial.h"

#include "hvsim/job.h"
#include "hvsim/store.h"
#include "support/test.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As long as a request may act behind a broken connection, a job of hvsim's and more. */
enum { LATER_MS = 200000, GRACE_MS = 250, LONG_MS = 300000 };

/* Is all that goes wrong a break, with time enough to get over it? A host that was never
 * there is not waited for. */
static bool only_breaks(const struct trial *trial)
{
    size_t i;

    for (i = 0; i < trial->fault_count; i++)
        if (trial->faults[i].fault->flags != FAULT_BREAK ||
            (trial->faults[i].at == 1 &&
             strcmp(trial->faults[i].fault->what, "refuse") == 0))
            return false;
    return trial->timeout_ms >= LONG_MS;
}

unsigned trial_flags(const struct trial *trial)
{
    unsigned flags = 0;
    size_t i;

    for (i = 0; i < trial->fault_count; i++)
        flags |= trial->faults[i].fault->flags;
    return flags;
}

void trial_is(struct trial *trial, enum verdict verdict, const char *fmt, ...)
{
    va_list args;

    if (trial->verdict != VERDICT_TRUE)
        return;
    trial->verdict = verdict;
    va_start(args, fmt);
    vsnprintf(trial->why, sizeof(trial->why), fmt, args);
    va_end(args);
}

static size_t effects(const struct trial *trial, int type, const char *id, bool rival,
                      const char **last)
{
    const struct sim_host *host = trial->wire.host;
    size_t i, count = 0;

    for (i = 0; i < host->effect_count; i++) {
        const struct sim_effect *effect = &host->effects[i];

        if (effect->type != type || effect->rival != rival ||
            (*id && strcmp(effect->id, id) != 0))
            continue;
        count++;
        if (last)
            *last = effect->id;
    }
    return count;
}

size_t trial_ours(const struct trial *trial, int type, const char *id, const char **last)
{
    return effects(trial, type, id, false, last);
}

size_t trial_rivals(const struct trial *trial, int type, const char *id)
{
    return effects(trial, type, id, true, NULL);
}

void trial_may_be_unknown(struct trial *trial)
{
    if (only_breaks(trial))
        trial_is(trial, VERDICT_WRONG, "needlessly unknown: %s",
                 trial->claim.err.message);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines, sorted and joined; frees them. */
static char *join(char **lines, size_t count)
{
    struct hvs_buf out = HVS_BUF_INIT(1 << 20);
    char *text;
    size_t i;

    if (count)
        qsort(lines, count, sizeof(*lines), compare);
    for (i = 0; i < count; i++) {
        hvs_buf_printf(&out, "%s\n", lines[i]);
        free(lines[i]);
    }
    free(lines);
    text = strdup(hvs_buf_str(&out));
    hvs_buf_clear(&out);
    assert_non_null(text);
    return text;
}

static char *line(const char *id, const char *name)
{
    size_t size = strlen(id) + strlen(name) + 2;
    char *text = malloc(size);

    assert_non_null(text);
    snprintf(text, size, "%s %s", id, name);
    return text;
}

char *trial_snapshots(const struct trial *trial, const char *vm_id)
{
    const struct sim_host *host = trial->wire.host;
    size_t i, n, count = 0;
    char **lines = NULL, **more;

    for (i = 0; i < host->vm_count; i++) {
        const struct sim_vm *vm = host->vms[i];

        if (*vm_id && strcmp(vm->id, vm_id) != 0)
            continue;
        more = realloc(lines, (count + vm->snapshot_count + 1) * sizeof(*lines));
        assert_non_null(more);
        lines = more;
        for (n = 0; n < vm->snapshot_count; n++)
            lines[count++] = line(vm->snapshots[n]->id, vm->snapshots[n]->name);
    }
    return join(lines, count);
}

char *trial_vms(const struct trial *trial)
{
    const struct sim_host *host = trial->wire.host;
    char **lines = calloc(host->vm_count + 1, sizeof(*lines));
    size_t i;

    assert_non_null(lines);
    for (i = 0; i < host->vm_count; i++)
        lines[i] = line(host->vms[i]->id, host->vms[i]->name);
    return join(lines, host->vm_count);
}

static void set_faults(struct trial *trial)
{
    char assignment[120];
    size_t i;

    for (i = 0; i < trial->fault_count; i++) {
        const struct fault *fault = trial->faults[i].fault;

        if (strcmp(fault->what, "resolver-hang") == 0)
            trial->wire.resolver_hangs = trial->faults[i].at;
        else if (strcmp(fault->what, "kdc-hang") == 0)
            trial->wire.kdc_hangs = true;
        else if (strncmp(fault->what, "date=", 5) == 0)
            trial->wire.date_ms = strtoll(fault->what + 5, NULL, 10);
        else {
            snprintf(assignment, sizeof(assignment), "fault=%u:%s", trial->faults[i].at,
                     fault->what);
            wire_set(&trial->wire, assignment);
        }
    }
}

static void judge(struct trial *trial)
{
    const struct wire *wire = &trial->wire;

    if (wire->endless)
        trial_is(trial, VERDICT_HANG, "it does not end");
    else if (wire->ended - wire->began > (int64_t)trial->timeout_ms + GRACE_MS)
        trial_is(trial, VERDICT_HANG, "it ended after %lld ms",
                 (long long)(wire->ended - wire->began));
    trial->operation->judge(trial);
    if (only_breaks(trial) && trial->claim.err.domain)
        trial_is(trial, VERDICT_WRONG, "it failed without need: %s",
                 trial->claim.err.message);
    if (trial->claim.err.domain && !trial->claim.err.message[0])
        trial_is(trial, VERDICT_WRONG, "an error without a word");
}

void trial_do(struct trial *trial)
{
    struct wire *wire = &trial->wire;
    size_t i;

    wire_open(wire, NULL, trial->login, trial->timeout_ms);
    trial->claim = (struct claim){.rows = HVS_BUF_INIT(1 << 20)};
    for (i = 0; i < COUNT(trial->operation->switches); i++)
        if (trial->operation->switches[i])
            wire_set(wire, trial->operation->switches[i]);
    set_faults(trial);
    trial->before = trial_snapshots(trial, "");
    if (trial->operation->start(trial, &trial->claim.err) < 0) {
        trial_is(trial, VERDICT_WRONG, "it does not start: %s", trial->claim.err.message);
    } else {
        wire_run(wire, trial->run);
        trial->requests = wire->host->requests;
        trial->operation->end(trial);
        wire_pass(wire, LATER_MS);
        judge(trial);
    }
    wire_close(wire);
    free(trial->before);
    trial->before = NULL;
}

void trial_clear(struct trial *trial)
{
    hvs_buf_clear(&trial->claim.rows);
}
