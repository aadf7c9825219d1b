#include "hvsim/instance.h"

#include "hvsim/times.h"

#include <stdlib.h>
#include <string.h>

/* What a later Windows adds to every class, for clients that must not mind: a number, an
 * array, and an object of an unknown type. */
static const char tomorrow[] =
    "<%sZeroTouchState>4</%sZeroTouchState><%sZoneLabels>a</%sZoneLabels>"
    "<%sZoneLabels>b</%sZoneLabels><%sZonePolicy xmlns:q=\"" SIM_URI "Msvm_ZonePolicy\" "
    "xsi:type=\"q:Msvm_ZonePolicy_Type\"><q:Level>1</q:Level></%sZonePolicy>";

void sim_xml_add(struct hvs_buf *out, const char *text)
{
    size_t n;

    for (;; text++) {
        n = strcspn(text,
                    "&<>\"\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\r\x0e\x0f\x10\x11"
                    "\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f");
        hvs_buf_add(out, text, n);
        text += n;
        switch (*text) {
        case '\0': return;
        case '&': hvs_buf_puts(out, "&amp;"); break;
        case '<': hvs_buf_puts(out, "&lt;"); break;
        case '>': hvs_buf_puts(out, "&gt;"); break;
        case '"': hvs_buf_puts(out, "&quot;"); break;
        case '\r': hvs_buf_puts(out, "&#xD;"); break;
        default: hvs_buf_puts(out, "?"); break;
        }
    }
}

void sim_ref_add(struct hvs_buf *out, struct sim_host *host, const char *name,
                 const struct sim_ref *ref)
{
    hvs_buf_printf(out, "<p:%s xmlns:a=\"" SIM_NS_A "\" xmlns:w=\"" SIM_NS_W "\">", name);
    sim_epr_add(out, host, ref);
    hvs_buf_printf(out, "</p:%s>", name);
}

static void add_time(struct hvs_buf *out, const struct sim_row *row, const char *prefix,
                     int64_t ms)
{
    const char *cim = *prefix ? "cim:" : "";
    int offset = sim_is(row->host, SW_TIMES, "offset") ? row->host->offset_minutes : 0;

    if (sim_is(row->host, SW_TIMES, "plain")) {
        sim_time_iso(out, ms, 0);
        return;
    }
    hvs_buf_printf(out, "<%sDatetime>", cim);
    sim_time_iso(out, ms, offset);
    hvs_buf_printf(out, "</%sDatetime>", cim);
}

static void add_element(struct hvs_buf *out, const struct sim_row *row,
                        const struct sim_property *property,
                        const struct sim_value *value, const char *prefix)
{
    const char *cim = *prefix ? "cim:" : "";
    size_t i;

    if (property->type == SIM_REF) {
        if (*prefix && value->ref)
            sim_ref_add(out, row->host, property->name, value->ref);
        return;
    }
    for (i = 0; i < value->count; i++) {
        hvs_buf_printf(out, "<%s%s>", prefix, property->name);
        if (property->type == SIM_TIME) {
            add_time(out, row, prefix, value->ms);
        } else if (property->type == SIM_INTERVAL) {
            hvs_buf_printf(out, "<%sInterval>", cim);
            sim_interval_iso(out, value->ms);
            hvs_buf_printf(out, "</%sInterval>", cim);
        } else {
            sim_xml_add(out, value->text[i]);
        }
        hvs_buf_printf(out, "</%s%s>", prefix, property->name);
    }
}

/* The places of the properties in the order of the switch. */
static void sort(const struct sim_row *row, int order[SIM_MOST_PROPERTIES])
{
    const struct sim_property *properties = row->class_->properties;
    bool bytes = sim_is(row->host, SW_PROPERTY_ORDER, "bytes");
    size_t i, at;

    for (i = 0; i < row->class_->count; i++) {
        for (at = i; bytes && at > 0 &&
                     strcmp(properties[order[at - 1]].name, properties[i].name) > 0;
             at--)
            order[at] = order[at - 1];
        order[at] = (int)i;
    }
}

void sim_properties_add(struct hvs_buf *out, const struct sim_row *row,
                        const char *prefix, const bool *mask)
{
    bool null_absent = sim_is(row->host, SW_NULL_PROPERTY, "absent");
    bool array_nil = sim_is(row->host, SW_EMPTY_ARRAY, "nil");
    const struct sim_property *property;
    int order[SIM_MOST_PROPERTIES];
    size_t i;

    sort(row, order);
    for (i = 0; i < row->class_->count; i++) {
        property = &row->class_->properties[order[i]];
        if (mask && !mask[order[i]])
            continue;
        if (row->values[order[i]].count)
            add_element(out, row, property, &row->values[order[i]], prefix);
        else if (property->flags & SIM_ARRAY ? array_nil : !null_absent)
            hvs_buf_printf(out, "<%s%s xsi:nil=\"true\"/>", prefix, property->name);
    }
}

void sim_instance_add(struct hvs_buf *out, const struct sim_row *row)
{
    const char *name = row->class_->name, *p = "p:";

    hvs_buf_printf(out,
                   "<p:%s xmlns:xsi=\"" SIM_NS_XSI "\" xmlns:p=\"" SIM_URI
                   "%s\" xmlns:cim=\"" SIM_NS_CIM "\" xsi:type=\"p:%s_Type\">",
                   name, name, name);
    sim_properties_add(out, row, p, NULL);
    if (sim_is(row->host, SW_PROPERTIES, "more"))
        hvs_buf_printf(out, tomorrow, p, p, p, p, p, p, p, p);
    hvs_buf_printf(out, "</p:%s>", name);
}

void sim_fragment_add(struct hvs_buf *out, const struct sim_row *row, const bool *mask)
{
    hvs_buf_puts(out, "<w:XmlFragment xmlns:xsi=\"" SIM_NS_XSI "\">");
    sim_properties_add(out, row, "", mask);
    hvs_buf_puts(out, "</w:XmlFragment>");
}

void sim_epr_add(struct hvs_buf *out, struct sim_host *host, const struct sim_ref *ref)
{
    const struct sim_property *property;
    struct sim_row row;
    size_t i;

    sim_row_fill(&row, host, ref);
    hvs_buf_printf(out,
                   "<a:Address>" SIM_ANONYMOUS "</a:Address><a:ReferenceParameters>"
                   "<w:ResourceURI>" SIM_URI "%s</w:ResourceURI><w:SelectorSet>",
                   ref->class_->name);
    for (i = 0; i < ref->class_->count; i++) {
        property = &ref->class_->properties[i];
        if (!(property->flags & SIM_KEY) || !row.values[i].count)
            continue;
        hvs_buf_printf(out, "<w:Selector Name=\"%s\">", property->name);
        if (property->type == SIM_REF)
            sim_wrapped_epr_add(out, host, row.values[i].ref);
        else
            sim_xml_add(out, row.values[i].text[0]);
        hvs_buf_puts(out, "</w:Selector>");
    }
    if (sim_is(host, SW_EPR_NAMESPACE, "present"))
        hvs_buf_puts(out, "<w:Selector Name=\"__cimnamespace\">" SIM_NAMESPACE
                          "</w:Selector>");
    hvs_buf_puts(out, "</w:SelectorSet></a:ReferenceParameters>");
}

void sim_wrapped_epr_add(struct hvs_buf *out, struct sim_host *host,
                         const struct sim_ref *ref)
{
    hvs_buf_puts(out, "<a:EndpointReference>");
    sim_epr_add(out, host, ref);
    hvs_buf_puts(out, "</a:EndpointReference>");
}

void sim_path_add(struct hvs_buf *out, struct sim_host *host, const struct sim_ref *ref)
{
    const struct sim_property *property;
    const char *text, *comma = ".";
    struct sim_row row;
    size_t i;

    sim_row_fill(&row, host, ref);
    hvs_buf_puts(out, ref->class_->name);
    for (i = 0; i < ref->class_->count; i++) {
        property = &ref->class_->properties[i];
        if (!(property->flags & SIM_KEY) || !row.values[i].count ||
            property->type == SIM_REF)
            continue;
        hvs_buf_printf(out, "%s%s=\"", comma, property->name);
        for (text = row.values[i].text[0]; *text; text++)
            hvs_buf_printf(out, *text == '\\' || *text == '"' ? "\\%c" : "%c", *text);
        hvs_buf_puts(out, "\"");
        comma = ",";
    }
}
