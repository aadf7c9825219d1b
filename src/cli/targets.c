#include "cli/targets.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "cli/input.h"
#include "cli/inventory.h"
#include "cli/operand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_MAX 4096

/* What each kind of operands is. */
static const struct kind {
    bool vm;                  /* every target must be one */
    bool host;                /* none may be one */
    bool one;                 /* there must be no other */
    const char *parts, *hint; /* what must follow the target, and where to find it */
} kinds[] = {
    [TARGET_VMS] = {.vm = true},
    [TARGET_ANY] = {.vm = false},
    [TARGET_SNAPSHOTS] = {.vm = true,
                          .one = true,
                          .parts = "snapshot",
                          .hint = "hvsnap list shows them"},
    [TARGET_JOBS] = {.host = true,
                     .one = true,
                     .parts = "job",
                     .hint = "hvsnap jobs shows them"},
    [TARGET_COMMAND] = {.vm = true,
                        .one = true,
                        .parts = "command",
                        .hint = "it stands behind --"},
    [TARGET_HOST] = {.host = true, .one = true},
};

/* What is needed only until the targets are known. */
struct finder {
    struct call *call;
    const struct kind *kind;
    struct target base; /* of --host; its host is NULL without */
    struct operands operands;
    struct inventory *inventory; /* once an operand asks for it */
};

/* --- What was asked for ------------------------------------------------------------- */

static bool is_stdin(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

static int check_stdin(const struct settings *settings, struct hvs_error *err)
{
    if (is_stdin(settings->targets) + is_stdin(settings->inventory) +
            (settings->password_fd == 0) <
        2)
        return 0;
    return hvs_err_set(err, HVS_USAGE, 0,
                       "only one of --targets, --inventory and --password-fd can be "
                       "standard input");
}

/* Whoever writes to a pipe may take part of the call's time. */
static char *read_file(struct call *call, const char *path, size_t *len,
                       struct hvs_error *err)
{
    int64_t began = hvs_clock_ms(), limit = call_limit(call);
    char *text = input_read(path, limit ? began + limit : 0, len, err);

    call->waited += hvs_clock_ms() - began;
    return text;
}

static int read_targets(struct finder *f, struct hvs_error *err)
{
    const char *path = f->call->settings.targets;
    size_t len, before = f->operands.count;
    char *text = read_file(f->call, path, &len, err);

    if (!text || operands_add_lines(&f->operands, text, len, input_name(path), err) < 0)
        return -1;
    return f->operands.count > before
               ? 0
               : hvs_err_set(err, HVS_USAGE, 0, "no target in '%.200s'",
                             input_name(path));
}

static int read_inventory(struct finder *f, struct hvs_error *err)
{
    const char *path = f->call->settings.inventory;
    size_t len;
    char *text = read_file(f->call, path, &len, err);
    int rc = text ? inventory_parse(&f->inventory, input_name(path), text, len, err) : -1;

    free(text);
    return rc;
}

static int check_count(const struct finder *f, struct hvs_error *err)
{
    const struct settings *settings = &f->call->settings;
    const char *all = settings->inventory ? "; @all is all of the inventory" : "";
    char hint[100];

    if (f->kind->parts && !f->call->part_count && (f->operands.count || f->kind->host))
        return hvs_err_set_hint(err, HVS_USAGE, 0, f->kind->hint, "which %s?",
                                f->kind->parts);
    if (f->operands.count || (!f->kind->vm && settings->host))
        return 0;
    if (f->kind->vm) {
        snprintf(hint, sizeof(hint), "a target is HOST/VM, or VM with -H HOST%s", all);
        return hvs_err_set_hint(err, HVS_USAGE, 0, hint, "which VM?");
    }
    snprintf(hint, sizeof(hint), "name it with -H HOST, or as HOST/%s", all);
    return hvs_err_set_hint(err, HVS_USAGE, 0, hint, "which host?");
}

/* How many of the operands name targets; the others are parts of the one. */
static size_t count_targets(const struct finder *f)
{
    const struct call *call = f->call;

    if (!f->kind->parts)
        return call->operand_count;
    /* it is named elsewhere */
    if (call->settings.targets || (f->kind->host && f->base.host))
        return 0;
    return call->operand_count > 0;
}

static int gather(struct finder *f, struct hvs_error *err)
{
    struct call *call = f->call;
    size_t count = count_targets(f), i;

    call->parts = call->operands + count;
    call->part_count = call->operand_count - count;
    for (i = 0; i < count; i++)
        if (operands_add(&f->operands, call->operands[i], 0, err) < 0)
            return -1;
    if (call->settings.targets && read_targets(f, err) < 0)
        return -1;
    return check_count(f, err);
}

/* --- Targets ------------------------------------------------------------------------ */

/* "hv01/web1" */
static char *label_of(const struct target *target, struct hvs_error *err)
{
    struct hvs_buf label = HVS_BUF_INIT(LABEL_MAX);
    char *host = target_host_name(target);

    if (!host) {
        hvs_err_memory(err);
        return NULL;
    }
    hvs_buf_puts(&label, host);
    if (target->vm)
        hvs_buf_printf(&label, "/%s", target->vm);
    free(host);
    return hvs_buf_take(&label, err);
}

/* Keep a target; it and where it was read are taken over. */
static int keep(struct finder *f, struct target *target, char *origin,
                struct hvs_error *err)
{
    struct call *call = f->call;
    struct work *works = call->works, *work;
    size_t count = call->work_count;

    /* room for a power of two */
    if ((count & (count - 1)) == 0) {
        works = realloc(works, (count ? count * 2 : 1) * sizeof(*works));
        if (!works) {
            target_clear(target);
            free(origin);
            return hvs_err_memory(err);
        }
        call->works = works;
    }
    work = &call->works[call->work_count++];
    *work = (struct work){.target = *target, .origin = origin};
    *target = (struct target){0};
    work->label = label_of(&work->target, err);
    if (!work->label)
        return -1;
    if (work->target.vm || !f->kind->vm)
        return 0;
    hvs_err_set(err, HVS_USAGE, 0, "'%.200s' names no VM", work->label);
    return origin ? hvs_err_prefix(err, origin) : -1;
}

/* An operand that names one; NULL for the host itself. */
static int parse(const struct finder *f, const char *text, struct target *out,
                 struct hvs_error *err)
{
    if (text && f->call->settings.inventory && strncmp(text, "@@", 2) == 0)
        text++;
    else if (text && *text == '@' && (f->kind->host || !f->base.host))
        return hvs_err_set_hint(err, HVS_USAGE, 0, "give --inventory FILE",
                                "'%.200s' is part of no inventory", text);
    if (f->kind->host && text)
        return target_parse_host(out, text, err);
    if (f->base.host)
        return target_copy(out, &f->base, text, err);
    return target_parse(out, text, err);
}

static int add_operand(struct finder *f, const struct operand *operand,
                       struct hvs_error *err)
{
    const char *name = operand->line ? input_name(f->call->settings.targets) : "";
    struct hvs_buf origin = HVS_BUF_INIT(300);
    struct target target = {0};
    char *place = NULL;

    if (operand->line) {
        hvs_buf_printf(&origin, "%.190s:%u", name, operand->line);
        place = hvs_buf_take(&origin, err);
        if (!place)
            return -1;
    }
    if (parse(f, operand->text, &target, err) < 0) {
        if (place)
            hvs_err_prefix(err, place);
        free(place);
        return -1;
    }
    return keep(f, &target, place, err);
}

/* Does it stand for entries of the inventory? */
static bool selects(const struct finder *f, const struct operand *operand)
{
    return f->call->settings.inventory && operand->text[0] == '@' &&
           operand->text[1] != '@';
}

static bool known_host(const struct call *call, const struct target *target)
{
    size_t i;

    for (i = 0; i < call->work_count; i++)
        if (target_same_host(&call->works[i].target, target))
            return true;
    return false;
}

static int add_entry(struct finder *f, const struct inventory_node *entry,
                     struct hvs_error *err)
{
    struct target target = {0};
    char *place;

    if (inventory_target(f->inventory, entry, f->base.host ? &f->base : NULL, &target,
                         err) < 0)
        return -1;
    if (f->kind->host) {
        free(target.vm);
        target.vm = NULL;
    }
    if (f->kind->host && known_host(f->call, &target)) {
        target_clear(&target);
        return 0;
    }
    place = inventory_place(f->inventory, entry);
    if (!place) {
        target_clear(&target);
        return hvs_err_memory(err);
    }
    return keep(f, &target, place, err);
}

/* All that any operand asks for, each entry once. */
static int add_entries(struct finder *f, struct hvs_error *err)
{
    const struct inventory_node *entry = NULL;
    const struct operand *operand;
    size_t i;

    if (read_inventory(f, err) < 0)
        return -1;
    for (i = 0; i < f->operands.count; i++) {
        operand = &f->operands.items[i];
        if (selects(f, operand) &&
            inventory_choose(f->inventory, operand->text + 1, err) < 0)
            return -1;
    }
    while ((entry = inventory_next(f->inventory, entry)))
        if (add_entry(f, entry, err) < 0)
            return -1;
    return 0;
}

static int find(struct finder *f, struct hvs_error *err)
{
    size_t count = f->operands.count, i;

    if (!count) {
        const struct operand host = {0};

        return add_operand(f, &host, err);
    }
    for (i = 0; i < count; i++) {
        if (!selects(f, &f->operands.items[i])) {
            if (add_operand(f, &f->operands.items[i], err) < 0)
                return -1;
        } else if (!f->inventory && add_entries(f, err) < 0) {
            return -1;
        }
    }
    count = f->call->work_count;
    if (count > 1 && f->kind->one)
        return hvs_err_set(err, HVS_USAGE, 0, "one %s at a time, not %zu",
                           f->kind->vm ? "VM" : "host", count);
    return 0;
}

/* --- All of them -------------------------------------------------------------------- */

/* What a target is about, however it is spelt. */
struct place {
    struct target target; /* its texts are the work's */
    const struct work *work;
};

/* By what they are about, then by their order. */
static int compare(const void *a, const void *b)
{
    const struct place *one = a, *other = b;
    int rc = target_compare(&one->target, &other->target);

    return rc ? rc : one->work < other->work ? -1 : 1;
}

/* The same VM twice would get in its own way. */
static int check_twice(const struct call *call, struct hvs_error *err)
{
    struct place *places = calloc(call->work_count + 1, sizeof(*places));
    const struct work *twice = NULL, *work;
    size_t i;

    if (!places)
        return hvs_err_memory(err);
    for (i = 0; i < call->work_count; i++) {
        work = &call->works[i];
        places[i] = (struct place){target_plainly(&work->target, call->settings.port),
                                   work};
    }
    qsort(places, call->work_count, sizeof(*places), compare);
    for (i = 1; i < call->work_count; i++)
        if (target_compare(&places[i - 1].target, &places[i].target) == 0 &&
            (!twice || places[i].work < twice))
            twice = places[i].work;
    free(places);
    if (!twice)
        return 0;
    hvs_err_set(err, HVS_USAGE, 0, "'%.300s' is given twice", twice->label);
    return twice->origin ? hvs_err_prefix(err, twice->origin) : -1;
}

/* Nor is a snapshot or a job there any more for a second time. */
static int check_parts(const struct call *call, struct hvs_error *err)
{
    size_t i, n;

    if (call->command->targets == TARGET_COMMAND)
        return 0;
    for (i = 1; i < call->part_count; i++)
        for (n = 0; n < i; n++)
            if (strcmp(call->parts[i], call->parts[n]) == 0)
                return hvs_err_set(err, HVS_USAGE, 0, "'%.300s' is given twice",
                                   call->parts[i]);
    return 0;
}

/* For some of them a password may be asked: the last that can go wrong. */
static int open_hosts(struct call *call, struct hvs_error *err)
{
    size_t i;

    for (i = 0; i < call->work_count; i++)
        if (hosts_get(&call->hosts, &call->works[i].target, &call->works[i].host, err) <
            0)
            return -1;
    return 0;
}

int targets_open(struct call *call, struct hvs_error *err)
{
    struct finder f = {.call = call, .kind = &kinds[call->command->targets]};
    int rc = -1;

    if (check_stdin(&call->settings, err) < 0)
        goto out;
    if (call->settings.host && target_parse_host(&f.base, call->settings.host, err) < 0)
        goto out;
    if (gather(&f, err) < 0 || find(&f, err) < 0 || check_twice(call, err) < 0 ||
        check_parts(call, err) < 0)
        goto out;
    if (open_hosts(call, err) < 0)
        goto out;
    rc = 0;
out:
    target_clear(&f.base);
    operands_clear(&f.operands);
    inventory_free(f.inventory);
    return rc;
}
