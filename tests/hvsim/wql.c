#include "hvsim/wql.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { BAD_QUERY_MOST_TERMS = 512, MOST_LEVELS = 64 };

#define CANNOT_PROCESS_FILTER UINT32_C(0x8033801A)
#define QUOTA_VIOLATION UINT32_C(0x8004106C)

struct scan {
    const char *at;
    size_t terms;
    int levels;
    bool bad;
};

static void skip_space(struct scan *scan)
{
    scan->at += strspn(scan->at, " \t\r\n");
}

static size_t word_length(const char *at)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char more[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

    return *at && strchr(letters, *at) ? strspn(at, more) : 0;
}

/* Step over a keyword, if it comes next. */
static bool keyword(struct scan *scan, const char *word)
{
    size_t len = strlen(word);

    skip_space(scan);
    if (strncasecmp(scan->at, word, len) != 0 || word_length(scan->at) != len)
        return false;
    scan->at += len;
    return true;
}

static bool sign(struct scan *scan, const char *text)
{
    size_t len = strlen(text);

    skip_space(scan);
    if (strncmp(scan->at, text, len) != 0)
        return false;
    scan->at += len;
    return true;
}

/* A name; NULL, and a bad query, when there is none. */
static char *name(struct scan *scan)
{
    size_t len;
    char *text;

    skip_space(scan);
    len = word_length(scan->at);
    if (!len) {
        scan->bad = true;
        return NULL;
    }
    text = sim_copy_n(scan->at, len);
    scan->at += len;
    return text;
}

/* The text of a literal in quotes, which `at` points to; NULL when it does not end. */
static char *quoted(const char **at)
{
    char quote = *(*at)++, *text = sim_new(strlen(*at) + 1);
    size_t len = 0;

    for (; **at != quote; (*at)++) {
        if (**at == '\\' && (*at)[1])
            (*at)++;
        if (!**at) {
            free(text);
            return NULL;
        }
        text[len++] = **at;
    }
    (*at)++;
    return text;
}

/* A string, a number, TRUE, FALSE; for NULL the result is NULL and *is_null set. */
static char *literal(struct scan *scan, bool *is_null)
{
    char *text = NULL;
    size_t len;

    skip_space(scan);
    *is_null = keyword(scan, "NULL");
    if (*is_null)
        return NULL;
    if (*scan->at == '\'' || *scan->at == '"') {
        text = quoted(&scan->at);
    } else {
        len = strspn(scan->at, "+-0123456789.xXabcdefABCDEF");
        len = len ? len : word_length(scan->at);
        if (keyword(scan, "TRUE"))
            return sim_copy("true");
        if (keyword(scan, "FALSE"))
            return sim_copy("false");
        if (len && strchr("+-0123456789", *scan->at))
            text = sim_copy_n(scan->at, len);
        scan->at += len;
    }
    scan->bad = scan->bad || !text;
    return text;
}

struct sim_wql_node *sim_wql_join(enum sim_wql_op op, struct sim_wql_node *left,
                                  struct sim_wql_node *right)
{
    struct sim_wql_node *made = sim_new(sizeof(*made));

    made->op = op;
    made->left = left;
    made->right = right;
    return made;
}

static bool comparison(struct scan *scan, enum sim_wql_op *op)
{
    static const struct {
        const char *sign;
        enum sim_wql_op op;
    } signs[] = {
        {"<>", SIM_NE}, {"!=", SIM_NE}, {"<=", SIM_LE}, {">=", SIM_GE},
        {"=", SIM_EQ},  {"<", SIM_LT},  {">", SIM_GT},
    };
    size_t i;

    for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (sign(scan, signs[i].sign)) {
            *op = signs[i].op;
            return true;
        }
    }
    return false;
}

/* name op literal, name [NOT] LIKE literal, name IS [NOT] NULL */
static struct sim_wql_node *term(struct scan *scan)
{
    struct sim_wql_node *made = sim_wql_join(SIM_EQ, NULL, NULL);
    bool negative = false, is_null = false;

    scan->terms++;
    made->name = name(scan);
    if (keyword(scan, "IS")) {
        negative = keyword(scan, "NOT");
        is_null = keyword(scan, "NULL");
        scan->bad = scan->bad || !is_null;
    } else {
        negative = keyword(scan, "NOT");
        if (keyword(scan, "LIKE"))
            made->op = SIM_LIKE;
        else if (negative || !comparison(scan, &made->op))
            scan->bad = true;
        if (!scan->bad)
            made->value = literal(scan, &is_null);
    }
    if (is_null) {
        negative = negative || made->op == SIM_NE;
        scan->bad = scan->bad || (made->op != SIM_EQ && made->op != SIM_NE);
        made->op = SIM_IS_NULL;
    }
    return negative ? sim_wql_join(SIM_NOT, made, NULL) : made;
}

static struct sim_wql_node *either(struct scan *scan);

static struct sim_wql_node *factor(struct scan *scan)
{
    struct sim_wql_node *made;

    if (++scan->levels > MOST_LEVELS)
        scan->bad = true;
    if (scan->bad)
        return sim_wql_join(SIM_IS_NULL, NULL, NULL);
    if (keyword(scan, "NOT")) {
        made = sim_wql_join(SIM_NOT, factor(scan), NULL);
    } else if (sign(scan, "(")) {
        made = either(scan);
        if (!sign(scan, ")"))
            scan->bad = true;
    } else {
        made = term(scan);
    }
    scan->levels--;
    return made;
}

static struct sim_wql_node *both(struct scan *scan)
{
    struct sim_wql_node *left = factor(scan);

    while (!scan->bad && keyword(scan, "AND"))
        left = sim_wql_join(SIM_AND, left, factor(scan));
    return left;
}

static struct sim_wql_node *either(struct scan *scan)
{
    struct sim_wql_node *left = both(scan);

    while (!scan->bad && keyword(scan, "OR"))
        left = sim_wql_join(SIM_OR, left, both(scan));
    return left;
}

static void parse_select(struct scan *scan, struct sim_wql *wql)
{
    if (!sign(scan, "*")) {
        do {
            *SIM_MORE(wql->columns, wql->column_count) = name(scan);
        } while (!scan->bad && sign(scan, ","));
    }
    if (!keyword(scan, "FROM"))
        scan->bad = true;
    if (!scan->bad)
        wql->class_ = name(scan);
    if (keyword(scan, "WHERE"))
        wql->where = either(scan);
}

/* {path} [WHERE name = value name = value ...], with no commas and no AND */
static void parse_of(struct scan *scan, struct sim_wql *wql)
{
    struct {
        const char *word;
        char **value;
    } terms[] = {
        {"AssocClass", &wql->assoc_class},
        {"ResultClass", &wql->result_class},
        {"ResultRole", &wql->result_role},
        {"Role", &wql->role},
    };
    const char *end;
    size_t i;

    if (!keyword(scan, "OF") || !sign(scan, "{") || !(end = strrchr(scan->at, '}'))) {
        scan->bad = true;
        return;
    }
    wql->path = sim_copy_n(scan->at, (size_t)(end - scan->at));
    scan->at = end + 1;
    if (!keyword(scan, "WHERE"))
        return;
    do {
        for (i = 0; i < 4 && (*terms[i].value || !keyword(scan, terms[i].word)); i++)
            ;
        if (i == 4 || !sign(scan, "="))
            scan->bad = true;
        else
            *terms[i].value = name(scan);
        skip_space(scan);
    } while (!scan->bad && *scan->at);
    /* references have no association between them and the object */
    if (wql->kind == SIM_WQL_REFERENCES && (wql->assoc_class || wql->result_role))
        scan->bad = true;
}

uint32_t sim_wql_parse(struct sim_wql *wql, const char *text)
{
    struct scan scan = {.at = text};

    *wql = (struct sim_wql){0};
    if (keyword(&scan, "SELECT")) {
        parse_select(&scan, wql);
    } else if (keyword(&scan, "ASSOCIATORS")) {
        wql->kind = SIM_WQL_ASSOCIATORS;
        parse_of(&scan, wql);
    } else if (keyword(&scan, "REFERENCES")) {
        wql->kind = SIM_WQL_REFERENCES;
        parse_of(&scan, wql);
    } else {
        scan.bad = true;
    }
    skip_space(&scan);
    if (scan.bad || *scan.at)
        return CANNOT_PROCESS_FILTER;
    return scan.terms > BAD_QUERY_MOST_TERMS ? QUOTA_VIOLATION : 0;
}

void sim_wql_free(struct sim_wql_node *where)
{
    struct sim_wql_node *left;

    for (; where; where = left) {
        left = where->left;
        sim_wql_free(where->right);
        free(where->name);
        free(where->value);
        free(where);
    }
}

void sim_wql_clear(struct sim_wql *wql)
{
    while (wql->column_count)
        free(wql->columns[--wql->column_count]);
    free(wql->columns);
    free(wql->class_);
    free(wql->path);
    free(wql->assoc_class);
    free(wql->result_class);
    free(wql->role);
    free(wql->result_role);
    sim_wql_free(wql->where);
    *wql = (struct sim_wql){0};
}

bool sim_path_parse(const char *path, char **class_, struct sim_search *keys)
{
    const char *at = path;
    char *key, *value;
    size_t n;

    *class_ = NULL;
    /* \\HOST\root\virtualization\v2: comes first, or some of it, or nothing */
    n = strcspn(at, ":.=\"'");
    if (at[n] == ':')
        at += n + 1;
    n = word_length(at);
    if (!n)
        return false;
    *class_ = sim_copy_n(at, n);
    at += n;
    if (strcmp(at, "=@") == 0)
        return true;
    if (*at++ != '.')
        return false;
    for (;;) {
        n = word_length(at);
        if (!n || at[n] != '=' || !at[n + 1] || !strchr("'\"", at[n + 1]))
            return false;
        key = sim_copy_n(at, n);
        at += n + 1;
        value = quoted(&at);
        if (value)
            sim_search_add(keys, key, value);
        free(key);
        free(value);
        if (!value || (*at && *at != ','))
            return false;
        if (!*at++)
            return true;
    }
}
