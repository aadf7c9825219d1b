#ifndef HVS_CLI_OPT_H
#define HVS_CLI_OPT_H

#include <hvsnap/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Options are rows: a row parses the command line, prints its line of --help, and, where
 * it says so, names an environment variable and a key of the configuration file.
 */

enum opt_kind {
    OPT_TEXT,   /* const char * */
    OPT_NUMBER, /* uint32_t */
    OPT_FLAG,   /* bool */
    OPT_TIME,   /* int64_t in ms, from "90", "90s", "5m", "2h" */
    OPT_WORD,   /* int: the place of the value among `words` */
    OPT_LIST,   /* struct opt_list: each time the option stands there adds to it */
};

/* As many as a snapshot may have labels. */
enum { OPT_ITEMS = 32 };

struct opt_list {
    size_t count;
    const char *items[OPT_ITEMS];
};

/* Where else than on the command line a value may come from, and what it is. */
enum opt_trait {
    OPT_ENV = 1,  /* HVSNAP_NAME in the environment */
    OPT_FILE = 2, /* the configuration file */
    OPT_PATH = 4, /* a file's path: absolute in the configuration file */
    OPT_CALL = 8, /* of the call as a whole: only in [default] */
    OPT_OFTEN = 16, /* the --help of every command shows it */
};

struct opt {
    char letter; /* 0 for none */
    const char *name;
    const char *value; /* as help calls it; NULL for a flag */
    const char *help;
    enum opt_kind kind;
    size_t offset;
    unsigned traits;
    const char *words; /* of an OPT_WORD: "one|two|three" */
};

#define OPT_KIND(member)                                                             \
    _Generic((member), const char *: OPT_TEXT, uint32_t: OPT_NUMBER, bool: OPT_FLAG, \
             int64_t: OPT_TIME, int: OPT_WORD, struct opt_list: OPT_LIST)
#define OPT_ROW(type, member, letter, name, value, words, traits, help) \
    {letter, name, value, help, OPT_KIND(((type *)0)->member), offsetof(type, member), \
     traits, words}
#define OPT(type, member, letter, name, value, help) \
    OPT_ROW(type, member, letter, name, value, NULL, 0, help)
#define OPT_END {0}

/* Rows, the struct that they fill, and which of them were: bit i for row i. */
struct opt_set {
    const struct opt *rows;
    void *into;
    uint64_t seen;
};

/*
 * Fill the sets from argv[1..argc-1]. Options may stand after operands; "--" ends them.
 *
 * The operands are moved, in order, to argv[1..], with NULL behind the last; their number
 * is returned, or -1. Goes on after a mistake, so that --output and --help are known even
 * then. Strings point into argv.
 */
int opt_parse(struct opt_set *sets, size_t count, int argc, char **argv,
              struct hvs_error *err) HVS_MUST_CHECK;

/* Parse one value and store it. `shown` is what a message calls the option. */
int opt_store(const struct opt *row, const char *shown, const char *value, void *into,
              struct hvs_error *err) HVS_MUST_CHECK;

/* The row of that name, or NULL. */
const struct opt *opt_find(const struct opt *rows, const char *name);

/* Was the row of that name filled? */
bool opt_seen(const struct opt_set *set, const char *name);

/* Copy what `from` has and `to` has not; both have the same rows. */
void opt_fill(struct opt_set *to, const struct opt_set *from);

/* Print the rows that have all of these traits as --help does, in 80 columns. */
void opt_help(FILE *to, const struct opt *rows, unsigned traits);

#endif
