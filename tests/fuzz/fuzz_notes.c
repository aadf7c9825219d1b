#include "hyperv/notes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char guid[] = "A0000000-0000-4000-8000-000000000001";

static void must(bool truth)
{
    if (!truth)
        abort();
}

static void parse(struct hvs_notes *notes, const char *text)
{
    struct hvs_error err = {0};

    must(hvs_notes_parse(notes, text, guid, &err) == 0);
}

static void same(const struct hvs_notes *a, const struct hvs_notes *b)
{
    size_t i;

    must(strcmp(a->own, b->own) == 0 && a->label_count == b->label_count &&
         a->expires_ms == b->expires_ms);
    for (i = 0; i < a->label_count; i++)
        must(strcmp(a->labels[i].key, b->labels[i].key) == 0 &&
             strcmp(a->labels[i].value, b->labels[i].value) == 0);
}

/* What is changed in them is changed, and nothing else. */
static void edit(struct hvs_notes *notes)
{
    struct hvs_error err = {0};
    size_t count = notes->label_count;
    char *key = count ? strdup(notes->labels[0].key) : NULL;

    if (!key)
        return;
    must(hvs_notes_set_label(notes, key, "other", &err) == 0);
    must(notes->label_count == count && strcmp(notes->labels[0].value, "other") == 0);
    must(hvs_notes_set_label(notes, key, NULL, &err) == 0);
    must(notes->label_count == count - 1 &&
         !hvs_label_find(notes->labels, notes->label_count, key));
    free(key);
}

/* Notes of a host: the person's text has no block in it, what was read can be written,
 * and reading that gives the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = calloc(1, size + 1), *written;
    struct hvs_notes notes, bare, again;
    struct hvs_error err = {0};

    must(text);
    memcpy(text, data, size);
    parse(&notes, text);
    must(hvs_label_check(notes.labels, notes.label_count, &err) == 0);
    parse(&bare, notes.own);
    must(strcmp(bare.own, notes.own) == 0 && !bare.label_count &&
         bare.expires_ms == HVS_TIME_NONE);
    written = hvs_notes_build(&notes, guid, &err);
    must(written);
    parse(&again, written);
    same(&notes, &again);
    edit(&again);
    free(written);
    free(text);
    hvs_notes_clear(&notes);
    hvs_notes_clear(&bare);
    hvs_notes_clear(&again);
    return 0;
}
