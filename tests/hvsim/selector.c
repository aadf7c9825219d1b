#include "hvsim/call.h"
#include "hvsim/instance.h"
#include "xml/doc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DMTF "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/"

bool sim_uri_read(struct sim_call *call, const char *uri)
{
    const char *rest, *slash;

    free(call->class_name);
    call->class_name = NULL;
    call->class_ = NULL;
    if (strncasecmp(uri, DMTF, strlen(DMTF)) == 0) {
        sim_fail(call, strncasecmp(uri + strlen(DMTF), "CIM_", 4) == 0 ? 0x8004100E
                                                                       : 0x80338139);
        return false;
    }
    rest = strncasecmp(uri, SIM_WMI, strlen(SIM_WMI)) == 0 ? uri + strlen(SIM_WMI) : "";
    slash = strrchr(rest, '/');
    if (!slash || !slash[1]) {
        sim_fail(call, 0x8033803B);
        return false;
    }
    call->class_name = sim_copy(slash + 1);
    call->wildcard = strcmp(call->class_name, "*") == 0;
    call->known_namespace = call->host->hyperv &&
                            (size_t)(slash - rest) == strlen(SIM_NAMESPACE) &&
                            strncasecmp(rest, SIM_NAMESPACE, strlen(SIM_NAMESPACE)) == 0;
    if (call->known_namespace)
        call->class_ = sim_class_find(call->class_name);
    return true;
}

void sim_selectors_free(struct sim_selector *selectors, size_t count)
{
    while (count) {
        free(selectors[--count].name);
        free(selectors[count].value);
    }
    free(selectors);
}

static bool same_namespace(const char *value)
{
    const char *own = SIM_NAMESPACE;

    for (; *value && *own; value++, own++)
        if (strncasecmp(value, own, 1) != 0 && !(*value == '\\' && *own == '/'))
            return false;
    return !*value && !*own;
}

/* One selector; that of the namespace is checked and dropped. */
static int read_one(struct sim_call *call, const xmlNode *node,
                    struct sim_selector **selectors, size_t *count)
{
    xmlChar *name = xmlGetNoNsProp((xmlNode *)node, (const xmlChar *)"Name");
    bool is_reference = hvs_xml_first(node) != NULL;
    char *value = sim_string(node);
    struct sim_selector *selector;
    int rc = 0;
    size_t i;

    if (!name) {
        rc = sim_fail(call, 0x80338041);
    } else if (strcasecmp((const char *)name, "__cimnamespace") == 0) {
        if (!same_namespace(value))
            rc = sim_fail(call, 0x8033813B);
    } else {
        for (i = 0; i < *count; i++)
            if (strcasecmp((*selectors)[i].name, (const char *)name) == 0)
                rc = sim_fail(call, 0x8033805F);
        selector = SIM_MORE(*selectors, *count);
        selector->name = sim_copy((const char *)name);
        selector->value = is_reference ? NULL : sim_copy(value);
        selector->node = node;
    }
    xmlFree(name);
    free(value);
    return rc;
}

int sim_selectors_read(struct sim_call *call, const xmlNode *set,
                       struct sim_selector **selectors, size_t *count)
{
    const xmlNode *node;

    for (node = hvs_xml_first(set); node; node = hvs_xml_next(node)) {
        if (!hvs_xml_is(node, SIM_NS_W, "Selector"))
            return sim_fail(call, 0x80338041);
        if (read_one(call, node, selectors, count) < 0)
            return -1;
    }
    return 0;
}

/* Are these all keys of the class? Sets *missing when some key is not among them. */
static bool all_keys(const struct sim_class *class_, const struct sim_selector *selectors,
                     size_t count, bool *missing)
{
    size_t i, keys = 0;
    int at;

    for (i = 0; i < count; i++) {
        at = sim_property_find(class_, selectors[i].name);
        if (at < 0 || !(class_->properties[at].flags & SIM_KEY))
            return false;
    }
    for (i = 0; i < class_->count; i++)
        keys += (class_->properties[i].flags & SIM_KEY) != 0;
    *missing = count < keys;
    return true;
}

static bool matches(struct sim_call *call, const struct sim_ref *ref,
                    const struct sim_selector *selectors, size_t count)
{
    const struct sim_value *value;
    struct sim_ref target;
    struct sim_row row;
    size_t i;

    if (!sim_row_fill(&row, call->host, ref))
        return false;
    for (i = 0; i < count; i++) {
        value = &row.values[sim_property_find(ref->class_, selectors[i].name)];
        if (value->ref) {
            if (selectors[i].value ||
                sim_ref_read(call, hvs_xml_first(selectors[i].node), &target) !=
                    SIM_FOUND ||
                !sim_ref_equal(&target, value->ref))
                return false;
        } else if (!selectors[i].value || !value->count ||
                   strcasecmp(value->text[0], selectors[i].value) != 0) {
            return false;
        }
    }
    return true;
}

/* How many objects fit; the first one in *out. */
static size_t find(struct sim_call *call, const struct sim_class *class_,
                   const struct sim_selector *selectors, size_t count,
                   struct sim_ref *out)
{
    struct sim_search search = {0};
    struct sim_refs refs = {0};
    size_t i, found = 0;

    for (i = 0; i < count; i++)
        if (selectors[i].value)
            sim_search_add(&search, selectors[i].name, selectors[i].value);
    if (class_->list && call->rights != SIM_RIGHTS_NONE)
        class_->list(call->host, class_, &search, &refs);
    for (i = 0; i < refs.count; i++) {
        if (!matches(call, &refs.refs[i], selectors, count))
            continue;
        if (!found++)
            *out = refs.refs[i];
    }
    sim_search_clear(&search);
    sim_refs_clear(&refs);
    return found;
}

/* Class.Key="value", as the fault of a missing instance shows it. */
static int fail_missing(struct sim_call *call)
{
    bool wmi = sim_is(call->host, SW_MISSING_INSTANCE, "wmi-error");
    struct hvs_buf path = HVS_BUF_INIT(65536);
    size_t i;

    hvs_buf_puts(&path, call->class_->name);
    for (i = 0; i < call->selector_count; i++)
        hvs_buf_printf(&path, "%s%s=\"%s\"", i ? "," : ".", call->selectors[i].name,
                       call->selectors[i].value ? call->selectors[i].value : "");
    sim_fail_at(call, wmi ? 0x80041002 : 0x80338000, "GetObject", hvs_buf_str(&path));
    hvs_buf_clear(&path);
    return -1;
}

int sim_object_find(struct sim_call *call, bool some, struct sim_ref *out)
{
    bool missing;
    size_t found;

    if (!call->selector_count)
        return sim_fail_at(call, 0x803380FA, "GetObject", call->class_->name);
    if (!all_keys(call->class_, call->selectors, call->selector_count, &missing))
        return sim_fail_at(call, 0x8033805B, "GetObject", call->class_->name);
    if (missing && !some)
        return sim_fail_at(call, 0x8033805A, "GetObject", call->class_->name);
    found = find(call, call->class_, call->selectors, call->selector_count, out);
    return found ? 0 : fail_missing(call);
}

enum sim_found sim_ref_read(struct sim_call *call, const xmlNode *node,
                            struct sim_ref *out)
{
    const xmlNode *parameters = hvs_xml_child(node, SIM_NS_A, "ReferenceParameters");
    const xmlNode *set = parameters ? hvs_xml_child(parameters, SIM_NS_W, "SelectorSet")
                                    : NULL;
    char *uri = sim_word(parameters ? hvs_xml_child(parameters, SIM_NS_W, "ResourceURI")
                                    : NULL);
    struct sim_call inner = {.host = call->host, .rights = call->rights};
    enum sim_found result = SIM_MALFORMED;
    bool missing;

    if (set && sim_uri_read(&inner, uri) &&
        sim_selectors_read(&inner, set, &inner.selectors, &inner.selector_count) == 0) {
        result = SIM_NOT_FOUND;
        if (inner.class_ && inner.selector_count &&
            all_keys(inner.class_, inner.selectors, inner.selector_count, &missing) &&
            find(&inner, inner.class_, inner.selectors, inner.selector_count, out) == 1)
            result = SIM_FOUND;
    }
    free(uri);
    sim_call_clear(&inner);
    return result;
}
