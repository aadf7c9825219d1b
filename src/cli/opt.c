#include "cli/opt.h"

#include "base/err.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* How wide the column of names is in --help. */
#define HELP_COLUMN 27

static const size_t sizes[] = {
    [OPT_TEXT] = sizeof(const char *), [OPT_NUMBER] = sizeof(uint32_t),
    [OPT_FLAG] = sizeof(bool),         [OPT_TIME] = sizeof(int64_t),
    [OPT_WORD] = sizeof(int),          [OPT_LIST] = sizeof(struct opt_list),
};

const struct opt *opt_find(const struct opt *rows, const char *name)
{
    for (; rows->name; rows++) {
        if (strcmp(rows->name, name) == 0)
            return rows;
    }
    return NULL;
}

/* Where `word` stands in "one|two|three", or -1. */
static int word_place(const char *words, const char *word)
{
    size_t len = strlen(word), span;
    int place;

    for (place = 0;; place++, words += span + 1) {
        span = strcspn(words, "|");
        if (span == len && strncmp(words, word, len) == 0)
            return place;
        if (!words[span])
            return -1;
    }
}

/* A run of digits, all of `text` up to *end; false when there is none or it is huge. */
static bool digits(const char *text, uintmax_t most, uintmax_t *out, char **end)
{
    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *out = strtoumax(text, end, 10);
    return !errno && *out <= most;
}

static int store_time(const char *shown, const char *value, int64_t *at,
                      struct hvs_error *err)
{
    uintmax_t number, unit;
    char *end;

    if (!digits(value, UINT32_MAX, &number, &end))
        goto wrong;
    switch (*end) {
    case 'h': unit = 3600000; break;
    case 'm': unit = 60000; break;
    case 's':
    case '\0': unit = 1000; break;
    default: goto wrong;
    }
    if ((*end && end[1]) || number * unit > UINT32_MAX)
        goto wrong;
    *at = (int64_t)(number * unit);
    return 0;
wrong:
    return hvs_err_set(err, HVS_USAGE, 0,
                       "%s wants a time such as 90s, 5m or 2h, 49 days at the most, not "
                       "'%.100s'",
                       shown, value);
}

/* Flags take these in the environment and in files. */
static int store_flag(const char *shown, const char *value, bool *at,
                      struct hvs_error *err)
{
    int place = word_place("no|yes|off|on|false|true|0|1", value);

    if (place < 0)
        return hvs_err_set(err, HVS_USAGE, 0, "%s wants yes or no, not '%.100s'", shown,
                           value);
    *at = place % 2;
    return 0;
}

static int store_item(const char *shown, const char *value, struct opt_list *list,
                      struct hvs_error *err)
{
    const size_t most = sizeof(list->items) / sizeof(list->items[0]);

    if (list->count == most)
        return hvs_err_set(err, HVS_USAGE, 0, "%s can stand there %zu times at the most",
                           shown, most);
    list->items[list->count++] = value;
    return 0;
}

int opt_store(const struct opt *row, const char *shown, const char *value, void *into,
              struct hvs_error *err)
{
    void *at = (char *)into + row->offset;
    uintmax_t number;
    char *end;
    int place;

    switch (row->kind) {
    case OPT_TEXT: *(const char **)at = value; return 0;
    case OPT_NUMBER:
        if (!digits(value, UINT32_MAX - 1, &number, &end) || *end)
            return hvs_err_set(err, HVS_USAGE, 0, "%s wants a number, not '%.100s'",
                               shown, value);
        *(uint32_t *)at = (uint32_t)number;
        return 0;
    case OPT_FLAG: return store_flag(shown, value, at, err);
    case OPT_TIME: return store_time(shown, value, at, err);
    case OPT_WORD:
        place = word_place(row->words, value);
        if (place < 0)
            return hvs_err_set(err, HVS_USAGE, 0, "%s wants one of %s, not '%.100s'",
                               shown, row->words, value);
        *(int *)at = place;
        return 0;
    case OPT_LIST: return store_item(shown, value, at, err);
    }
    return -1;
}

/* Parsing: the sets, and what is left of the command line. */
struct parser {
    struct opt_set *sets;
    size_t count;
    int argc;
    char **argv;
    int next; /* the argument to look at next */
    struct hvs_error *err;
};

/* The row for a letter, or for `len` bytes of a name; *set gets its set. */
static const struct opt *find(const struct parser *p, char letter, const char *name,
                              size_t len, struct opt_set **set)
{
    const struct opt *row;
    size_t i;

    for (i = 0; i < p->count; i++) {
        for (row = p->sets[i].rows; row && row->name; row++) {
            if (name ? strlen(row->name) == len && strncmp(row->name, name, len) == 0
                     : row->letter == letter) {
                *set = &p->sets[i];
                return row;
            }
        }
    }
    return NULL;
}

static int take(struct parser *p, struct opt_set *set, const struct opt *row,
                const char *value)
{
    char shown[40];

    snprintf(shown, sizeof(shown), "--%s", row->name);
    if (!row->value)
        value = "yes";
    else if (!value && p->next < p->argc)
        value = p->argv[p->next++];
    if (!value)
        return hvs_err_set(p->err, HVS_USAGE, 0, "%s wants %s", shown, row->value);
    set->seen |= UINT64_C(1) << (row - set->rows);
    return opt_store(row, shown, value, set->into, p->err);
}

static int take_long(struct parser *p, const char *arg)
{
    size_t len = strcspn(arg, "=");
    struct opt_set *set;
    const struct opt *row = find(p, 0, arg, len, &set);

    if (!row)
        return hvs_err_set(p->err, HVS_USAGE, 0, "no option '--%.100s'", arg);
    if (!row->value && arg[len])
        return hvs_err_set(p->err, HVS_USAGE, 0, "--%s takes no value", row->name);
    return take(p, set, row, arg[len] ? arg + len + 1 : NULL);
}

/* Letters in a bunch: "-qn NAME", "-qnNAME". */
static int take_letters(struct parser *p, const char *arg)
{
    struct opt_set *set;
    const struct opt *row;

    for (; *arg; arg++) {
        row = find(p, *arg, NULL, 0, &set);
        if (!row)
            return hvs_err_set(p->err, HVS_USAGE, 0, "no option '-%.100s'", arg);
        if (row->value)
            return take(p, set, row, arg[1] ? arg + 1 : NULL);
        if (take(p, set, row, NULL) < 0)
            return -1;
    }
    return 0;
}

int opt_parse(struct opt_set *sets, size_t count, int argc, char **argv,
              struct hvs_error *err)
{
    struct parser p = {sets, count, argc, argv, 1, err};
    bool operands_only = false, failed = false;
    int operands = 0;
    char *arg;

    while (p.next < argc) {
        arg = argv[p.next++];
        if (operands_only || arg[0] != '-' || !arg[1])
            argv[++operands] = arg;
        else if (strcmp(arg, "--") == 0)
            operands_only = true;
        else if ((arg[1] == '-' ? take_long(&p, arg + 2) : take_letters(&p, arg + 1)) < 0)
            failed = true;
    }
    if (operands + 1 < argc) /* they may be run as a command, with nothing of ours */
        argv[operands + 1] = NULL;
    return failed ? -1 : operands;
}

bool opt_seen(const struct opt_set *set, const char *name)
{
    const struct opt *row = opt_find(set->rows, name);

    return row && (set->seen >> (row - set->rows) & 1);
}

void opt_fill(struct opt_set *to, const struct opt_set *from)
{
    const struct opt *row;
    uint64_t bit = 1;

    for (row = to->rows; row->name; row++, bit <<= 1) {
        if (!(from->seen & bit) || (to->seen & bit))
            continue;
        memcpy((char *)to->into + row->offset, (const char *)from->into + row->offset,
               sizes[row->kind]);
        to->seen |= bit;
    }
}

/* The words of an OPT_WORD as prose: "one, two, three". */
static void print_words(FILE *to, const char *words)
{
    fputs(": ", to);
    for (; *words; words++) {
        if (*words == '|')
            fputs(", ", to);
        else
            putc(*words, to);
    }
}

void opt_help(FILE *to, const struct opt *rows, unsigned traits)
{
    char left[64];

    for (; rows->name; rows++) {
        if ((rows->traits & traits) != traits)
            continue;
        snprintf(left, sizeof(left), "%c%c%s --%s%s%s", rows->letter ? '-' : ' ',
                 rows->letter ? rows->letter : ' ', rows->letter ? "," : " ", rows->name,
                 rows->value ? " " : "", rows->value ? rows->value : "");
        fprintf(to, "  %-*s %s", HELP_COLUMN, left, rows->help);
        if (rows->words)
            print_words(to, rows->words);
        putc('\n', to);
    }
}
