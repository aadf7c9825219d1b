#ifndef HVS_HYPERV_NOTES_H
#define HVS_HYPERV_NOTES_H

#include "hyperv/label.h"

/*
 * A snapshot's Notes: a person's own text, and behind it a block of lines in which hvsnap
 * keeps labels and the end of a lifetime:
 *
 *     --- hvsnap: snapshot 7C1D8E52-90AF-4E1B-8B6C-3D2F5A6B7C8D ---
 *     label: team=ops
 *     expires: 2026-08-05T14:10:00Z
 *     --- hvsnap: end ---
 *
 * A snapshot inherits its VM's notes, and restoring brings old ones back: so a block
 * counts only in the snapshot that it names. But every block is ours, whatever it names
 * and wherever it stands; the person's text is what is left without them, to the byte,
 * and what is written has one block at the most. A line in a block that is not understood
 * is the person's, as is a block without an end. Of two fields alike the first counts.
 */
struct hvs_notes {
    char *own;           /* the person's; "" for none */
    size_t label_count;
    struct hvs_label *labels;
    int64_t expires_ms;  /* or HVS_TIME_NONE */
};

enum { HVS_MOST_NOTES = 16384 };

/* Take the Notes of the snapshot with this GUID apart. Whatever stands in them, it fails
 * only when memory runs out. */
int hvs_notes_parse(struct hvs_notes *out, const char *text, const char *guid,
                    struct hvs_error *err) HVS_MUST_CHECK;

/* The Notes to be written, for the caller to free. NULL when memory runs out. */
char *hvs_notes_build(const struct hvs_notes *notes, const char *guid,
                      struct hvs_error *err) HVS_MUST_CHECK;
void hvs_notes_clear(struct hvs_notes *notes);

/* Put another text of the person's in; give a label a value, or take it away (NULL). */
int hvs_notes_set_own(struct hvs_notes *notes, const char *own,
                      struct hvs_error *err) HVS_MUST_CHECK;
int hvs_notes_set_label(struct hvs_notes *notes, const char *key, const char *value,
                        struct hvs_error *err) HVS_MUST_CHECK;

/* What is to become of Notes. */
struct hvs_notes_edit {
    const char *own; /* another text of the person's; NULL: as it is */
    const struct hvs_label *labels; /* to be given */
    size_t label_count;
    char *const *drop; /* keys of labels to be taken away */
    size_t drop_count;
    bool set_expires;
    int64_t expires_ms;
};

/* The Notes of the snapshot with this GUID after that, for the caller to free; *differs
 * when they are to be written. NULL when memory runs out. */
char *hvs_notes_edit(const char *text, const char *guid,
                     const struct hvs_notes_edit *edit, bool *differs,
                     struct hvs_error *err) HVS_MUST_CHECK;

/* Are they the same but for their line ends, which hosts and tools change? */
bool hvs_notes_same(const char *a, const char *b);

/* May it be somebody's own notes? May a lifetime end then, or last so long? These say why
 * not. */
int hvs_notes_check(const char *own, struct hvs_error *err) HVS_MUST_CHECK;
int hvs_check_expires(int64_t expires_ms, struct hvs_error *err) HVS_MUST_CHECK;
int hvs_check_ttl(uint64_t ttl_ms, struct hvs_error *err) HVS_MUST_CHECK;

#endif
