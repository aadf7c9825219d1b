#include "hvsim/wql.h"

#include "base/utf8.h"
#include "hvsim/instance.h"
#include "hvsim/times.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Lower case of the scripts that have one and that names are likely to use. */
static uint32_t fold(uint32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7))
        return c + 32;
    if ((c >= 0x391 && c <= 0x3a9 && c != 0x3a2) || (c >= 0x410 && c <= 0x42f))
        return c + 32;
    if (c >= 0x400 && c <= 0x40f)
        return c + 80;
    return c;
}

/* The next character in lower case; 0 at the end. */
static uint32_t next(const char **at)
{
    uint32_t c = (unsigned char)**at;
    size_t n = hvs_utf8_next(*at, strlen(*at), &c);

    *at += n ? n : **at != '\0';
    return fold(c);
}

int sim_text_compare(const char *a, const char *b)
{
    uint32_t x, y;

    do {
        x = next(&a);
        y = next(&b);
    } while (x == y && x);
    return x < y ? -1 : x > y;
}

/* [abc], [a-z], [^abc]: is `c` in the set that `*at` stands behind the bracket of? */
static bool in_set(const char **at, uint32_t c)
{
    bool negative = **at == '^', found = false;
    uint32_t low, high;

    *at += negative;
    while (**at && **at != ']') {
        low = high = next(at);
        if (**at == '-' && (*at)[1] && (*at)[1] != ']') {
            (*at)++;
            high = next(at);
        }
        found = found || (c >= low && c <= high);
    }
    *at += **at == ']';
    return found != negative;
}

static bool like(const char *text, const char *pattern)
{
    const char *back_text = NULL, *back_pattern = NULL, *from;
    bool fits;

    for (;;) {
        if (*pattern == '%') {
            back_pattern = ++pattern;
            back_text = text;
            continue;
        }
        if (!*text && !*pattern)
            return true;
        fits = false;
        from = text;
        if (*text && *pattern == '_') {
            pattern++;
            next(&text);
            fits = true;
        } else if (*text && *pattern == '[') {
            pattern++;
            fits = in_set(&pattern, next(&text));
        } else if (*text && *pattern) {
            fits = next(&pattern) == next(&text);
        }
        if (fits)
            continue;
        /* let the last % take one more character */
        if (!back_pattern || !*back_text)
            return false;
        text = from;
        next(&back_text);
        text = back_text;
        pattern = back_pattern;
    }
}

static bool is_number(const char *text)
{
    char *end;

    strtoll(text, &end, 0);
    return *text && !*end;
}

static bool term_fits(const struct sim_wql_node *term,
                      const struct sim_property *property, bool references)
{
    if (property->flags & SIM_ARRAY)
        return false;
    if (property->type == SIM_REF)
        return references && (term->op == SIM_EQ || term->op == SIM_NE);
    if (term->op == SIM_IS_NULL)
        return true;
    switch (property->type) {
    case SIM_NUMBER: return term->op != SIM_LIKE && is_number(term->value);
    case SIM_BOOL:
        return strcasecmp(term->value, "true") == 0 ||
               strcasecmp(term->value, "false") == 0 || is_number(term->value);
    case SIM_TIME:
    case SIM_INTERVAL: return sim_is_native(term->value);
    case SIM_STRING:
    case SIM_REF: break;
    }
    return true;
}

bool sim_wql_fits(const struct sim_wql_node *where, const struct sim_class *class_,
                  bool references)
{
    int at;

    if (!where)
        return true;
    if (where->op == SIM_AND || where->op == SIM_OR || where->op == SIM_NOT)
        return sim_wql_fits(where->left, class_, references) &&
               sim_wql_fits(where->right, class_, references);
    at = sim_property_find(class_, where->name);
    return at >= 0 && term_fits(where, &class_->properties[at], references);
}

static bool ordered(enum sim_wql_op op, int order)
{
    switch (op) {
    case SIM_EQ: return order == 0;
    case SIM_NE: return order != 0;
    case SIM_LT: return order < 0;
    case SIM_LE: return order <= 0;
    case SIM_GT: return order > 0;
    default: return order >= 0;
    }
}

static int compare_numbers(const char *a, const char *b)
{
    long long x = strtoll(a, NULL, 0), y = strtoll(b, NULL, 0);

    return x < y ? -1 : x > y;
}

/* The path is that of the object, however it is written. */
static bool same_path(struct sim_row *row, const struct sim_ref *ref, const char *path)
{
    struct hvs_buf own = HVS_BUF_INIT(4096), theirs = HVS_BUF_INIT(4096);
    struct sim_search keys = {0};
    char *class_;
    bool same = false;
    size_t i;

    if (sim_path_parse(path, &class_, &keys)) {
        hvs_buf_printf(&theirs, "%s", class_);
        for (i = 0; i < keys.count; i++)
            hvs_buf_printf(&theirs, "%s%s=\"%s\"", i ? "," : ".", keys.terms[i].name,
                           keys.terms[i].value);
        sim_path_add(&own, row->host, ref);
        same = sim_text_compare(hvs_buf_str(&own), hvs_buf_str(&theirs)) == 0;
    }
    free(class_);
    sim_search_clear(&keys);
    hvs_buf_clear(&own);
    hvs_buf_clear(&theirs);
    return same;
}

static bool test_term(const struct sim_wql_node *term, struct sim_row *row)
{
    int at = sim_property_find(row->class_, term->name);
    const struct sim_value *value = at < 0 ? NULL : &row->values[at];
    char native[SIM_NATIVE_SIZE];

    if (!value || !value->count)
        return term->op == SIM_IS_NULL;
    switch (row->class_->properties[at].type) {
    case SIM_REF: return same_path(row, value->ref, term->value) == (term->op == SIM_EQ);
    case SIM_TIME:
        sim_time_native(native, value->ms);
        return term->op != SIM_IS_NULL && ordered(term->op, strcmp(native, term->value));
    case SIM_INTERVAL:
        sim_interval_native(native, value->ms);
        return term->op != SIM_IS_NULL && ordered(term->op, strcmp(native, term->value));
    case SIM_NUMBER:
        return term->op != SIM_IS_NULL &&
               ordered(term->op, compare_numbers(value->text[0], term->value));
    case SIM_BOOL:
        return term->op != SIM_IS_NULL &&
               ordered(term->op, (value->text[0][0] == 't') -
                                     (strchr("tT1-", term->value[0]) != NULL));
    case SIM_STRING: break;
    }
    if (term->op == SIM_LIKE)
        return like(value->text[0], term->value);
    return term->op != SIM_IS_NULL &&
           ordered(term->op, sim_text_compare(value->text[0], term->value));
}

bool sim_wql_test(const struct sim_wql_node *where, struct sim_row *row)
{
    if (!where)
        return true;
    switch (where->op) {
    case SIM_AND:
        return sim_wql_test(where->left, row) && sim_wql_test(where->right, row);
    case SIM_OR: return sim_wql_test(where->left, row) || sim_wql_test(where->right, row);
    case SIM_NOT: return !sim_wql_test(where->left, row);
    default: return test_term(where, row);
    }
}

void sim_wql_narrow(const struct sim_wql_node *where, struct sim_search *search)
{
    if (!where)
        return;
    if (where->op == SIM_AND) {
        sim_wql_narrow(where->left, search);
        sim_wql_narrow(where->right, search);
    } else if (where->op == SIM_EQ) {
        sim_search_add(search, where->name, where->value);
    }
}
