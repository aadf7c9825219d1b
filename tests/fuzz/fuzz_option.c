#include "base/utf8.h"
#include "cli/settings.h"
#include "cli/values.h"
#include "transport/tls.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_WORDS = 40 };

struct own {
    struct opt_list labels;
    const char *span, *until, *list;
};

static const struct opt own_rows[] = {
    OPT(struct own, labels, 'l', "label", "KEY=VALUE", ""),
    OPT(struct own, span, 0, "ttl", "SPAN", ""),
    OPT(struct own, until, 0, "until", "TIME", ""),
    OPT(struct own, list, 0, "fields", "A,B", ""),
    OPT_END,
};

/* A failure says so, in UTF-8; nothing else does. */
static void check(int rc, struct hvs_error *err)
{
    if ((rc < 0) != (err->domain != HVS_OK) || (rc < 0 && !err->message[0]) ||
        !hvs_utf8_valid(err->message, strlen(err->message)))
        abort();
    *err = (struct hvs_error){0};
}

static void read_values(const struct own *own, const struct settings *settings)
{
    struct hvs_error err = {0};
    struct labels labels;
    uint64_t span;
    int64_t until;
    char word[16];
    size_t i;

    check(labels_read(&labels, &own->labels, &err), &err);
    labels_free(&labels);
    if (own->span)
        check(span_read(&span, "--ttl", own->span, &err), &err);
    if (own->until)
        check(moment_read(&until, "--until", own->until, &err), &err);
    for (const char *list = own->list; list && next_word(&list, word, sizeof(word));)
        if (strchr(word, ','))
            abort();
    for (i = 0; i < settings->pin.count; i++)
        if (hvs_tls_pin_valid(settings->pin.items[i]) &&
            strlen(settings->pin.items[i]) < 50)
            abort();
    if (settings->timeout < -1)
        abort();
}

/* A command line, a word a line, and what the values of its options stand for. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct settings settings = SETTINGS_INIT;
    struct own own = {0};
    struct opt_set sets[] = {{.rows = setting_rows, .into = &settings},
                             {.rows = own_rows, .into = &own}};
    char *text = malloc(size + 1), *argv[MOST_WORDS + 2] = {(char[]){"hvsnap"}}, *at;
    struct hvs_error err = {0};
    int argc = 1, left;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    for (at = text; at && argc <= MOST_WORDS; argc++) {
        argv[argc] = at;
        at = strchr(at, '\n');
        if (at)
            *at++ = '\0';
    }
    left = opt_parse(sets, 2, argc, argv, &err);
    if (left >= argc)
        abort();
    check(left < 0 ? -1 : 0, &err);
    read_values(&own, &settings);
    free(text);
    return 0;
}
