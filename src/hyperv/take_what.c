#include "hyperv/take_what.h"

#include "base/err.h"
#include "hyperv/client.h"
#include "hyperv/find.h"
#include "hyperv/notes.h"

#include <stdlib.h>
#include <string.h>

static int check_detach(const struct hvs_create_opts *opts, struct hvs_error *err)
{
    const char *what = opts->name                                          ? "a name"
                       : opts->notes                                       ? "a note"
                       : opts->label_count                                 ? "a label"
                       : opts->ttl_ms || opts->expires_ms != HVS_TIME_NONE ? "a lifetime"
                       : opts->checkpoint ? "a checkpoint type"
                                          : NULL;

    if (!opts->detach || !what)
        return 0;
    return hvs_err_set_hint(err, HVS_USAGE, 0, "leave out one of them",
                            "%s does not go with detaching, which ends before the job "
                            "does",
                            what);
}

static int check_lifetime(const struct hvs_create_opts *opts, struct hvs_error *err)
{
    if (opts->ttl_ms && opts->expires_ms != HVS_TIME_NONE)
        return hvs_err_set(err, HVS_USAGE, 0,
                           "a lifetime lasts either so long, or to a moment");
    if (hvs_check_ttl(opts->ttl_ms, err) < 0)
        return -1;
    return hvs_check_expires(opts->expires_ms, err);
}

static int check_kind(const struct hvs_create_opts *opts, struct hvs_error *err)
{
    if (opts->type != HVS_CREATE_FULL && opts->type != HVS_CREATE_DISK &&
        opts->type != HVS_CREATE_RECOVERY)
        return hvs_err_set(err, HVS_USAGE, 0, "no snapshot has the type %u",
                           (unsigned)opts->type);
    if ((unsigned)opts->consistency > HVS_CONSISTENCY_CRASH)
        return hvs_err_set(err, HVS_USAGE, 0, "no consistency has the number %u",
                           (unsigned)opts->consistency);
    if (!opts->checkpoint)
        return 0;
    if ((unsigned)opts->checkpoint < HVS_CHECKPOINT_PRODUCTION ||
        opts->checkpoint > HVS_CHECKPOINT_STANDARD)
        return hvs_err_set(err, HVS_USAGE, 0,
                           "no snapshot is taken with the checkpoint type %u",
                           (unsigned)opts->checkpoint);
    if (opts->type != HVS_CREATE_FULL)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "leave out one of them",
                                "a checkpoint type counts for full snapshots alone");
    return 0;
}

static int check(struct hvs_create_opts *out, const struct hvs_create_opts *opts,
                 struct hvs_error *err)
{
    const size_t least = offsetof(struct hvs_create_opts, name);

    *out = (struct hvs_create_opts)HVS_CREATE_OPTS_INIT;
    if (hvs_opts_copy(out, sizeof(*out), opts, least, "HVS_CREATE_OPTS_INIT", err) < 0)
        return -1;
    if (hvs_check_text("the VM's name", out->vm, err) < 0 ||
        (out->name && hvs_check_name(out->name, err) < 0) ||
        (out->notes && hvs_notes_check(out->notes, err) < 0) ||
        hvs_label_check(out->labels, out->label_count, err) < 0)
        return -1;
    if (check_detach(out, err) < 0 || check_lifetime(out, err) < 0)
        return -1;
    return check_kind(out, err);
}

/* Copy what may be NULL; false when memory runs out. */
static bool copy(char **out, const char *text)
{
    *out = text ? strdup(text) : NULL;
    return *out || !text;
}

int hvs_take_what_read(struct hvs_take_what *out, const struct hvs_create_opts *given,
                       struct hvs_error *err)
{
    struct hvs_create_opts opts;
    bool whole;

    *out = (struct hvs_take_what){0};
    if (check(&opts, given, err) < 0)
        return -1;
    *out = (struct hvs_take_what){.label_count = opts.label_count,
                                  .ttl_ms = opts.ttl_ms,
                                  .expires_ms = opts.expires_ms,
                                  .detach = opts.detach,
                                  .hold = opts.hold,
                                  .retries = opts.retries,
                                  .type = opts.type,
                                  .consistency = opts.consistency,
                                  .checkpoint = opts.checkpoint};
    out->labels = hvs_labels_copy(opts.labels, opts.label_count, NULL);
    whole = out->labels || !opts.label_count;
    whole = copy(&out->vm, opts.vm) && whole;
    whole = copy(&out->name, opts.name) && whole;
    whole = copy(&out->own, opts.notes) && whole;
    if (whole)
        return 0;
    hvs_take_what_clear(out);
    return hvs_err_memory(err);
}

enum hvs_snapshot_kind hvs_take_what_kind(const struct hvs_take_what *what)
{
    return what->type == HVS_CREATE_RECOVERY ? HVS_KIND_RECOVERY : HVS_KIND_USER;
}

int hvs_take_what_check(const struct hvs_take_what *what, const struct hvs_snapshot *made,
                        struct hvs_error *err)
{
    enum hvs_snapshot_kind kind = hvs_take_what_kind(what);
    bool bare = what->type == HVS_CREATE_DISK ||
                what->checkpoint == HVS_CHECKPOINT_PRODUCTION_ONLY;

    if (made->kind != kind)
        hvs_err_set(err, HVS_JOB, 0,
                    "the snapshot was taken, but it is a %s snapshot, and a %s one was "
                    "asked for",
                    hvs_snapshot_kind_name(made->kind), hvs_snapshot_kind_name(kind));
    else if (bare && made->saved_state)
        hvs_err_set(err, HVS_JOB, 0,
                    "the snapshot was taken, but with the VM's memory: the host did not "
                    "heed what was asked for");
    else
        return 0;
    return hvs_err_class(err, HVS_CLASS_FAILED);
}

void hvs_take_what_clear(struct hvs_take_what *what)
{
    free(what->vm);
    free(what->name);
    free(what->own);
    hvs_labels_free(what->labels, what->label_count);
    *what = (struct hvs_take_what){0};
}
