#include "hyperv/notes.h"

#include "base/err.h"

#include <stdlib.h>

/* The last millisecond that four digits of a year can name. */
#define MOST_TIME INT64_C(253402300799999)
#define MOST_TTL (UINT64_C(100) * 365 * 24 * 3600 * 1000)

static int apply(struct hvs_notes *notes, const struct hvs_notes_edit *edit,
                 struct hvs_error *err)
{
    size_t i;

    if (edit->own && hvs_notes_set_own(notes, edit->own, err) < 0)
        return -1;
    for (i = 0; i < edit->drop_count; i++)
        if (hvs_notes_set_label(notes, edit->drop[i], NULL, err) < 0)
            return -1;
    for (i = 0; i < edit->label_count; i++)
        if (hvs_notes_set_label(notes, edit->labels[i].key, edit->labels[i].value, err) <
            0)
            return -1;
    if (edit->set_expires)
        notes->expires_ms = edit->expires_ms;
    if (notes->label_count > HVS_MOST_LABELS)
        return hvs_err_set(err, HVS_USAGE, 0,
                           "it would have %zu labels, and a snapshot can have %d",
                           notes->label_count, HVS_MOST_LABELS);
    return 0;
}

char *hvs_notes_edit(const char *text, const char *guid,
                     const struct hvs_notes_edit *edit, bool *differs,
                     struct hvs_error *err)
{
    char *before = NULL, *after = NULL;
    struct hvs_notes notes;

    *differs = false;
    if (hvs_notes_parse(&notes, text, guid, err) < 0)
        return NULL;
    before = hvs_notes_build(&notes, guid, err);
    if (!before || apply(&notes, edit, err) < 0)
        goto out;
    after = hvs_notes_build(&notes, guid, err);
    *differs = after && !hvs_notes_same(before, after);
out:
    free(before);
    hvs_notes_clear(&notes);
    return after;
}

int hvs_check_expires(int64_t expires_ms, struct hvs_error *err)
{
    if (expires_ms == HVS_TIME_NONE || (expires_ms > 0 && expires_ms <= MOST_TIME))
        return 0;
    return hvs_err_set(err, HVS_USAGE, 0,
                       "a lifetime ends between the years 1970 and 9999");
}

int hvs_check_ttl(uint64_t ttl_ms, struct hvs_error *err)
{
    if (ttl_ms <= MOST_TTL)
        return 0;
    return hvs_err_set(err, HVS_USAGE, 0, "a lifetime is at most a hundred years");
}
