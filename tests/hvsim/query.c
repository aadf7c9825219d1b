#include "hvsim/query.h"

#include "hvsim/instance.h"
#include "xml/doc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CANNOT_PROCESS_FILTER UINT32_C(0x8033801A)

/* The objects of one class for which the condition holds. */
static void collect(struct sim_call *call, const struct sim_class *class_,
                    const struct sim_wql_node *where, struct sim_refs *out)
{
    struct sim_search search = {0};
    struct sim_refs refs = {0};
    struct sim_row row;
    size_t i;

    sim_wql_narrow(where, &search);
    if (class_->list && call->rights != SIM_RIGHTS_NONE)
        class_->list(call->host, class_, &search, &refs);
    for (i = 0; i < refs.count; i++)
        if (!where ||
            (sim_row_fill(&row, call->host, &refs.refs[i]) && sim_wql_test(where, &row)))
            *SIM_MORE(out->refs, out->count) = refs.refs[i];
    sim_search_clear(&search);
    sim_refs_clear(&refs);
}

int sim_query_class(struct sim_call *call, struct sim_refs *out)
{
    size_t i;

    if (!sim_class_known(call->class_name))
        return sim_fail_at(call, 0x80041010, "CreateInstanceEnum", call->class_name);
    for (i = 0; sim_classes[i]; i++)
        if (sim_class_is(sim_classes[i], call->class_name))
            collect(call, sim_classes[i], NULL, out);
    return 0;
}

/* Does at least one of the classes have all the columns? */
static bool has_columns(const struct sim_class *class_, const struct sim_wql *wql)
{
    size_t i;

    for (i = 0; i < wql->column_count; i++)
        if (sim_property_find(class_, wql->columns[i]) < 0)
            return false;
    return true;
}

static int select_from(struct sim_call *call, const struct sim_wql *wql,
                       struct sim_refs *out)
{
    bool references = sim_is(call->host, SW_REF_IN_WHERE, "compare"), fits = false;
    size_t i;

    for (i = 0; sim_classes[i]; i++) {
        if (!sim_class_is(sim_classes[i], wql->class_) ||
            !has_columns(sim_classes[i], wql) ||
            !sim_wql_fits(wql->where, sim_classes[i], references))
            continue;
        fits = true;
        collect(call, sim_classes[i], wql->where, out);
    }
    return fits ? 0 : sim_fail_at(call, CANNOT_PROCESS_FILTER, "ExecQuery", wql->class_);
}

static bool is_class(const struct sim_ref *ref, const char *name)
{
    return !name || sim_class_is(ref->class_, name);
}

static bool is_role(const struct sim_class *link, size_t at, const char *role)
{
    return !role || strcasecmp(link->properties[at].name, role) == 0;
}

static void add_once(struct sim_refs *out, const struct sim_ref *ref)
{
    size_t i;

    for (i = 0; i < out->count; i++)
        if (sim_ref_equal(&out->refs[i], ref))
            return;
    *SIM_MORE(out->refs, out->count) = *ref;
}

/* One link that may lead away from `from`. */
static void follow(struct sim_host *host, const struct sim_ref *link,
                   const struct sim_ref *from, const struct sim_walk *walk,
                   struct sim_refs *out)
{
    const struct sim_class *class_ = link->class_;
    const struct sim_ref *other;
    struct sim_row row, target;
    size_t i, far;

    if (!sim_row_fill(&row, host, link))
        return;
    for (i = 0; i < 2; i++) {
        far = 1 - i; /* the two references are the first properties */
        if (!row.values[i].ref || !sim_ref_equal(row.values[i].ref, from) ||
            !is_role(class_, i, walk->role))
            continue;
        if (walk->links) {
            add_once(out, link);
            continue;
        }
        other = row.values[far].ref;
        if (other && is_role(class_, far, walk->result_role) &&
            is_class(other, walk->result_class) && sim_row_fill(&target, host, other))
            add_once(out, other);
    }
}

static int walk_from(struct sim_call *call, const struct sim_ref *from,
                     const struct sim_walk *walk, struct sim_refs *out)
{
    const char *link_name = walk->links ? walk->result_class : walk->assoc_class;
    const struct sim_search search = {.around = from};
    const struct sim_class *class_;
    struct sim_refs links;
    size_t i, n;

    if ((link_name && !sim_class_known(link_name)) ||
        (walk->result_class && !sim_class_known(walk->result_class)))
        return sim_fail_at(call, CANNOT_PROCESS_FILTER, "ExecQuery",
                           link_name ? link_name : walk->result_class);
    for (i = 0; sim_classes[i]; i++) {
        class_ = sim_classes[i];
        if (class_->count < 2 || class_->properties[0].type != SIM_REF ||
            (link_name && !sim_class_is(class_, link_name)))
            continue;
        links = (struct sim_refs){0};
        class_->list(call->host, class_, &search, &links);
        for (n = 0; n < links.count; n++)
            follow(call->host, &links.refs[n], from, walk, out);
        sim_refs_clear(&links);
    }
    return 0;
}

/* ASSOCIATORS OF {path}, REFERENCES OF {path} */
static int walk_path(struct sim_call *call, const struct sim_wql *wql,
                     struct sim_refs *out)
{
    const struct sim_walk walk = {wql->assoc_class, wql->result_class, wql->role,
                                  wql->result_role, wql->kind == SIM_WQL_REFERENCES};
    struct sim_call inner = {.host = call->host, .rights = call->rights};
    struct sim_search keys = {0};
    struct sim_selector *selector;
    struct sim_ref from;
    int rc = -1;
    size_t i;

    if (sim_is(call->host, SW_ASSOCIATION_QUERIES, "fault") ||
        !sim_path_parse(wql->path, &inner.class_name, &keys) ||
        !(inner.class_ = sim_class_find(inner.class_name))) {
        sim_fail_at(call, CANNOT_PROCESS_FILTER, "ExecQuery", wql->path);
        goto out;
    }
    for (i = 0; i < keys.count; i++) {
        selector = SIM_MORE(inner.selectors, inner.selector_count);
        selector->name = sim_copy(keys.terms[i].name);
        selector->value = sim_copy(keys.terms[i].value);
    }
    if (call->rights == SIM_RIGHTS_NONE) {
        rc = 0;
        goto out;
    }
    if (sim_object_find(&inner, false, &from) < 0) {
        sim_fail_at(call, inner.fault.code, "ExecQuery", wql->path);
        goto out;
    }
    rc = walk_from(call, &from, &walk, out);
out:
    sim_search_clear(&keys);
    sim_call_clear(&inner);
    return rc;
}

int sim_query_wql(struct sim_call *call, const char *text, struct sim_refs *out,
                  char ***columns, size_t *column_count)
{
    struct sim_wql wql;
    uint32_t code = sim_wql_parse(&wql, text);
    int rc;

    if (code)
        rc = sim_fail_at(call, code, "ExecQuery", text);
    else if (wql.kind == SIM_WQL_SELECT)
        rc = select_from(call, &wql, out);
    else
        rc = walk_path(call, &wql, out);
    if (rc == 0) {
        *columns = wql.columns;
        *column_count = wql.column_count;
        wql.columns = NULL;
        wql.column_count = 0;
    }
    sim_wql_clear(&wql);
    return rc;
}

int sim_query_selectors(struct sim_call *call, const xmlNode *filter,
                        struct sim_refs *out)
{
    const xmlNode *set = hvs_xml_child(filter, SIM_NS_W, "SelectorSet");
    struct sim_wql_node *where = NULL, *term;
    struct sim_selector *selectors = NULL;
    size_t count = 0, i;
    int rc = -1;

    if (!call->class_ || !set) {
        sim_fail(call, CANNOT_PROCESS_FILTER);
        goto out;
    }
    if (sim_selectors_read(call, set, &selectors, &count) < 0)
        goto out;
    for (i = 0; i < count; i++) {
        term = sim_wql_join(SIM_EQ, NULL, NULL);
        term->name = sim_copy(selectors[i].name);
        term->value = sim_copy(selectors[i].value ? selectors[i].value : "");
        where = where ? sim_wql_join(SIM_AND, where, term) : term;
        /* quotes cannot be sent (MS-WSMV 3.1.4.1.13) */
        if (!selectors[i].value || strpbrk(selectors[i].value, "'\"")) {
            sim_fail(call, CANNOT_PROCESS_FILTER);
            goto out;
        }
    }
    if (!sim_wql_fits(where, call->class_, false)) {
        sim_fail(call, CANNOT_PROCESS_FILTER);
        goto out;
    }
    collect(call, call->class_, where, out);
    rc = 0;
out:
    sim_wql_free(where);
    sim_selectors_free(selectors, count);
    return rc;
}

int sim_query_association(struct sim_call *call, const xmlNode *filter,
                          struct sim_refs *out)
{
    static const char *const names[] = {"AssociationClassName", "ResultClassName", "Role",
                                        "ResultRole"};
    const xmlNode *ask = hvs_xml_first(filter), *object, *wrapped;
    struct sim_walk walk = {0};
    struct sim_ref from;
    char *text[4] = {0};
    size_t i;
    int rc;

    walk.links = ask && hvs_xml_is(ask, SIM_NS_B, "AssociationInstances");
    object = ask ? hvs_xml_child(ask, SIM_NS_B, "Object") : NULL;
    if (!object || !(walk.links || hvs_xml_is(ask, SIM_NS_B, "AssociatedInstances")))
        return sim_fail(call, CANNOT_PROCESS_FILTER);
    wrapped = hvs_xml_child(object, SIM_NS_A, "EndpointReference");
    switch (sim_ref_read(call, wrapped ? wrapped : object, &from)) {
    case SIM_MALFORMED: return sim_fail(call, CANNOT_PROCESS_FILTER);
    case SIM_NOT_FOUND:
        return call->rights == SIM_RIGHTS_NONE ? 0 : sim_fail(call, 0x80338000);
    case SIM_FOUND: break;
    }
    for (i = 0; i < 4; i++)
        if (hvs_xml_child(ask, SIM_NS_B, names[i]))
            text[i] = sim_word(hvs_xml_child(ask, SIM_NS_B, names[i]));
    walk.assoc_class = text[0];
    walk.result_class = text[1];
    walk.role = text[2];
    walk.result_role = text[3];
    rc = walk_from(call, &from, &walk, out);
    for (i = 0; i < 4; i++)
        free(text[i]);
    return rc;
}
