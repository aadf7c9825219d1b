#include "cli/pick.h"

#include "base/err.h"
#include "base/glob.h"

#include <string.h>

int kinds_read(unsigned *out, const char *option, const char *names,
               struct hvs_error *err)
{
    char word[40];
    int kind;

    *out = 0;
    while (next_word(&names, word, sizeof(word))) {
        for (kind = 0; kind <= HVS_KIND_OTHER; kind++)
            if (strcmp(word, hvs_snapshot_kind_name((enum hvs_snapshot_kind)kind)) == 0)
                break;
        if (kind > HVS_KIND_OTHER)
            return hvs_err_set_hint(err, HVS_USAGE, 0,
                                    "user, automatic, recovery, replica, missing, "
                                    "planned, other",
                                    "%s: no kind '%s'", option, word);
        *out |= 1U << kind;
    }
    return 0;
}

int pick_read(struct pick *out, const struct pick_args *args, struct hvs_error *err)
{
    size_t i;

    *out = (struct pick){.args = args};
    for (i = 0; i < args->match.count; i++)
        if (hvs_glob_check(args->match.items[i], err) < 0)
            return hvs_err_prefix(err, "--match");
    if (args->kind && kinds_read(&out->kinds, "--kind", args->kind, err) < 0)
        return -1;
    return labels_read(&out->labels, &args->label, err);
}

void pick_clear(struct pick *pick)
{
    labels_free(&pick->labels);
}

bool pick_is_any(const struct pick *pick)
{
    return !pick->args->match.count && !pick->labels.count && !pick->kinds;
}

static bool name_fits(const struct opt_list *patterns, const char *name)
{
    size_t i;

    for (i = 0; i < patterns->count; i++)
        if (hvs_glob_match(patterns->items[i], name))
            return true;
    return !patterns->count;
}

bool pick_fits(const struct pick *pick, const struct hvs_snapshot *snapshot)
{
    if (pick->kinds && !(pick->kinds >> snapshot->kind & 1))
        return false;
    return name_fits(&pick->args->match, snapshot->name) &&
           labels_fit(&pick->labels, snapshot);
}
