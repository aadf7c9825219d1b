#include "hvsim/class.h"

#include "hvsim/times.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct sim_class *sim_class_find(const char *name)
{
    size_t i;

    for (i = 0; sim_classes[i]; i++)
        if (strcasecmp(sim_classes[i]->name, name) == 0)
            return sim_classes[i];
    return NULL;
}

bool sim_class_is(const struct sim_class *class_, const char *name)
{
    size_t len = strlen(name);
    const char *at;

    if (strcasecmp(class_->name, name) == 0)
        return true;
    for (at = class_->bases; (at = strchr(at, ' ')); at++)
        if (strncasecmp(at + 1, name, len) == 0 && at[1 + len] == ' ')
            return true;
    return false;
}

bool sim_class_known(const char *name)
{
    size_t i;

    for (i = 0; sim_classes[i]; i++)
        if (sim_class_is(sim_classes[i], name))
            return true;
    return false;
}

int sim_property_find(const struct sim_class *class_, const char *name)
{
    int low = 0, high = (int)class_->count - 1, middle, order;

    while (low <= high) {
        middle = (low + high) / 2;
        order = strcasecmp(class_->properties[middle].name, name);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle - 1;
    }
    return -1;
}

void sim_refs_add(struct sim_refs *refs, const struct sim_class *class_, const char *id,
                  int row)
{
    struct sim_ref *ref = SIM_MORE(refs->refs, refs->count);

    ref->class_ = class_;
    snprintf(ref->id, sizeof(ref->id), "%s", id);
    ref->row = row;
}

void sim_refs_clear(struct sim_refs *refs)
{
    free(refs->refs);
    *refs = (struct sim_refs){0};
}

bool sim_ref_equal(const struct sim_ref *a, const struct sim_ref *b)
{
    return a->class_ == b->class_ && a->row == b->row && strcmp(a->id, b->id) == 0;
}

void sim_search_add(struct sim_search *search, const char *name, const char *value)
{
    SIM_MORE(search->terms, search->count)->name = sim_copy(name);
    search->terms[search->count - 1].value = sim_copy(value);
}

void sim_search_clear(struct sim_search *search)
{
    while (search->count) {
        free(search->terms[--search->count].name);
        free(search->terms[search->count].value);
    }
    free(search->terms);
    *search = (struct sim_search){0};
}

const char *sim_search_term(const struct sim_search *search, const char *name)
{
    size_t i;

    for (i = 0; i < search->count; i++)
        if (strcasecmp(search->terms[i].name, name) == 0)
            return search->terms[i].value;
    return NULL;
}

static struct sim_value *value_of(struct sim_row *row, const char *name)
{
    int at = sim_property_find(row->class_, name);

    if (at < 0) {
        fprintf(stderr, "hvsim: %s has no property %s\n", row->class_->name, name);
        abort();
    }
    return &row->values[at];
}

bool sim_row_fill(struct sim_row *row, struct sim_host *host, const struct sim_ref *ref)
{
    const struct sim_property *property;
    struct sim_value *value;
    size_t i;

    row->host = host;
    row->class_ = ref->class_;
    row->used = 0;
    row->refs[0].class_ = row->refs[1].class_ = NULL;
    for (i = 0; i < ref->class_->count; i++) {
        property = &ref->class_->properties[i];
        value = &row->values[i];
        value->count = property->usual != NULL;
        value->text[0] = property->usual;
        value->ref = NULL;
        if (property->usual && property->type == SIM_TIME)
            value->ms = SIM_NEVER;
        else if (property->usual && property->type == SIM_INTERVAL)
            value->ms = strtol(property->usual, NULL, 10);
    }
    ref->class_->keys(row, ref);
    return ref->class_->fill(row, ref);
}

void sim_row_more(struct sim_row *row, const char *name, const char *text)
{
    struct sim_value *value = value_of(row, name);

    if (text && value->count < SIM_MOST_ELEMENTS)
        value->text[value->count++] = text;
}

void sim_row_text(struct sim_row *row, const char *name, const char *text)
{
    value_of(row, name)->count = 0;
    sim_row_more(row, name, text);
}

const char *sim_row_keep(struct sim_row *row, const char *first, const char *second)
{
    size_t a = strlen(first), b = strlen(second);
    char *text = row->scratch + row->used;

    if (a + b >= sizeof(row->scratch) - row->used)
        return "";
    memcpy(text, first, a);
    memcpy(text + a, second, b + 1);
    row->used += a + b + 1;
    return text;
}

void sim_row_more_number(struct sim_row *row, const char *name, int64_t number)
{
    char text[24];

    snprintf(text, sizeof(text), "%lld", (long long)number);
    sim_row_more(row, name, sim_row_keep(row, text, ""));
}

void sim_row_number(struct sim_row *row, const char *name, int64_t number)
{
    value_of(row, name)->count = 0;
    sim_row_more_number(row, name, number);
}

void sim_row_bool(struct sim_row *row, const char *name, bool value)
{
    sim_row_text(row, name, value ? "true" : "false");
}

void sim_row_ms(struct sim_row *row, const char *name, int64_t ms)
{
    struct sim_value *value = value_of(row, name);

    value->count = 1;
    value->ms = ms;
}

void sim_row_ref(struct sim_row *row, const char *name, const struct sim_class *class_,
                 const char *id)
{
    struct sim_ref *ref = &row->refs[row->refs[0].class_ != NULL];
    struct sim_value *value = value_of(row, name);

    ref->class_ = class_;
    snprintf(ref->id, sizeof(ref->id), "%s", id);
    ref->row = 0;
    value->count = 1;
    value->ref = ref;
}
