#include "hyperv/find.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "base/utf8.h"
#include "base/uuid.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { BY_ID = 1, BY_NAME, MOST_NAME = 100, MOST_LISTED = 20 };

static const char maybe_rights[] =
    "'hvsnap vms' lists what this account sees; a host shows an account without rights "
    "nothing, and a clustered VM is seen on the node that owns it alone";

static bool wants(const struct hvs_find_vm *self, const struct hvs_settings *row)
{
    if (!hvs_settings_is_vm(row))
        return false;
    if (self->op.phase == BY_ID)
        return true;
    return row->name && strcmp(row->name, self->wanted) == 0;
}

/* Several, or none: say which there are. */
static enum hvs_want give_up(struct hvs_find_vm *self, size_t count,
                             struct hvs_error *err)
{
    const struct hvs_settings_set *set = &self->query.set;
    size_t i, listed = 0;
    char line[400];

    if (count > 1)
        hvs_err_set_hint(err, HVS_USAGE, 0, "name one by its id",
                         "%zu VMs are called '%s'", count, self->wanted);
    else if (set->count && self->op.phase == BY_NAME)
        hvs_err_set_hint(err, HVS_USAGE, 0,
                         "names are told apart by upper and lower case",
                         "no VM is called '%s', but '%s' is there", self->wanted,
                         set->rows[0].name);
    else
        hvs_err_set_hint(err, HVS_USAGE, 0, maybe_rights, "no VM is called '%s'",
                         self->wanted);
    hvs_err_class(err, count > 1 ? HVS_CLASS_CONFLICT : HVS_CLASS_NOT_FOUND);
    for (i = 0; count > 1 && i < set->count && listed < MOST_LISTED; i++) {
        if (!wants(self, &set->rows[i]))
            continue;
        listed++;
        snprintf(line, sizeof(line), "%s  %.300s", set->rows[i].vm_id, set->rows[i].name);
        hvs_err_detail(err, line);
    }
    return HVS_FAIL;
}

static enum hvs_want by_name(struct hvs_find_vm *self, struct hvs_run *run,
                             struct hvs_error *err)
{
    self->op.phase = BY_NAME;
    if (hvs_settings_named(&self->query, self->wanted, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->query.query.op);
}

static enum hvs_want look(struct hvs_find_vm *self, struct hvs_run *run,
                          struct hvs_error *err)
{
    const struct hvs_settings_set *set = &self->query.set;
    size_t i, count = 0;

    self->vm = NULL;
    for (i = 0; i < set->count; i++) {
        if (!wants(self, &set->rows[i]))
            continue;
        self->vm = &set->rows[i];
        count++;
    }
    if (count == 1)
        return HVS_DONE;
    self->vm = NULL;
    if (self->op.phase == BY_ID && !count)
        return by_name(self, run, err); /* a name may look like a GUID */
    return give_up(self, count, err);
}

static enum hvs_want find_step(struct hvs_op *op, struct hvs_run *run,
                               const struct hvs_event *event, struct hvs_error *err)
{
    struct hvs_find_vm *self = (struct hvs_find_vm *)op;

    if (event->cause)
        return hvs_fail(err, event->cause);
    if (event->why != HVS_START)
        return look(self, run, err);
    hvs_run_note(run, HVS_PHASE_FIND, NULL, 0);
    if (!hvs_uuid_valid(self->wanted))
        return by_name(self, run, err);
    op->phase = BY_ID;
    hvs_uuid_normal(self->id, self->wanted);
    if (hvs_settings_of_vm(&self->query, self->id, err) < 0)
        return HVS_FAIL;
    return hvs_call(run, &self->query.query.op);
}

void hvs_find_vm_init(struct hvs_find_vm *find, const char *wanted)
{
    *find = (struct hvs_find_vm){.op.step = find_step, .wanted = wanted};
    hvs_settings_query_init(&find->query);
}

void hvs_find_vm_clear(struct hvs_find_vm *find)
{
    hvs_settings_query_clear(&find->query);
}

/* Does the snapshot answer to its name or the start of its id? Four digits at the least,
 * so that a short name is not taken for an id. */
static bool answers(const struct hvs_settings *row, const char *wanted)
{
    size_t len = strlen(wanted);

    if (!hvs_settings_is_snapshot(row))
        return false;
    return (len >= 4 && strncasecmp(hvs_settings_guid(row), wanted, len) == 0) ||
           (row->name && strcmp(row->name, wanted) == 0);
}

static void list_answers(const struct hvs_settings_set *set, const char *wanted,
                         struct hvs_error *err)
{
    char line[400], when[32];
    size_t i;

    for (i = 0; i < set->count; i++) {
        const struct hvs_settings *row = &set->rows[i];

        if (!answers(row, wanted))
            continue;
        snprintf(line, sizeof(line), "%s  %s  %.300s", hvs_settings_guid(row),
                 row->created.set ? hvs_date_text(row->created.ms, when) : "-",
                 row->name ? row->name : "");
        hvs_err_detail(err, line);
    }
}

const struct hvs_settings *hvs_find_snapshot(const struct hvs_settings_set *set,
                                             const char *wanted, struct hvs_error *err)
{
    const struct hvs_settings *found = NULL;
    char guid[HVS_UUID_SIZE];
    size_t i, count = 0;

    if (hvs_uuid_valid(wanted)) {
        hvs_uuid_normal(guid, wanted);
        wanted = guid;
    }
    for (i = 0; i < set->count; i++) {
        if (!answers(&set->rows[i], wanted))
            continue;
        found = &set->rows[i];
        count++;
        /* a whole id is one snapshot's, even if another bears it as its name */
        if (hvs_same_guid(hvs_settings_guid(found), wanted))
            return found;
    }
    if (count == 1)
        return found;
    if (!count) {
        hvs_err_set_hint(err, HVS_USAGE, 0, "'hvsnap list' shows their names and ids",
                         "the VM has no snapshot '%s'", wanted);
        hvs_err_class(err, HVS_CLASS_NOT_FOUND);
        return NULL;
    }
    hvs_err_set_hint(err, HVS_USAGE, 0, "name one by its whole id",
                     "%zu snapshots answer to '%s'", count, wanted);
    hvs_err_class(err, HVS_CLASS_CONFLICT);
    list_answers(set, wanted, err);
    return NULL;
}

int hvs_check_text(const char *what, const char *text, struct hvs_error *err)
{
    const unsigned char *at;

    if (!text || !*text)
        return hvs_err_set(err, HVS_USAGE, 0, "%s is empty", what);
    if (!hvs_utf8_valid(text, strlen(text)))
        return hvs_err_set(err, HVS_USAGE, 0, "%s is not UTF-8", what);
    for (at = (const unsigned char *)text; *at; at++)
        if (*at < 0x20 || *at == 0x7f)
            return hvs_err_set(err, HVS_USAGE, 0, "%s holds a control character", what);
    return 0;
}

int hvs_check_name(const char *name, struct hvs_error *err)
{
    size_t len;

    if (hvs_check_text("the snapshot's name", name, err) < 0)
        return -1;
    if (name[strspn(name, " ")] == '\0')
        return hvs_err_set(err, HVS_USAGE, 0, "the snapshot's name is blank");
    len = hvs_utf8_length(name);
    if (len > MOST_NAME)
        return hvs_err_set(err, HVS_USAGE, 0,
                           "the snapshot's name has %zu characters, and Hyper-V takes %d",
                           len, MOST_NAME);
    return 0;
}
