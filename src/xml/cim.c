#include "xml/cim.h"

#include "base/date.h"
#include "base/err.h"
#include "xml/doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char wsa_ns[] = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
static const char wsman_ns[] = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd";

/* Exactly `digits` digits; *at moves behind them. */
static bool number(const char **at, int digits, int *out)
{
    for (*out = 0; digits; digits--, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        *out = *out * 10 + (**at - '0');
    }
    return true;
}

static bool sign(const char **at, char c)
{
    return *(*at)++ == c;
}

/* ".467886": milliseconds, at most nine digits. Nothing at all is 0. */
static bool fraction(const char **at, int *ms)
{
    int digits = 0, scale = 100;

    *ms = 0;
    if (**at != '.')
        return true;
    for ((*at)++; **at >= '0' && **at <= '9'; (*at)++, digits++, scale /= 10)
        *ms += (**at - '0') * scale;
    return digits >= 1 && digits <= 9;
}

/* "Z", "+08:00", or nothing, which counts as UTC. */
static bool offset(const char **at, int *minutes)
{
    int hours, rest, way = **at == '-' ? -1 : 1;

    *minutes = 0;
    if (**at == 'Z') {
        (*at)++;
        return true;
    }
    if (**at != '+' && **at != '-')
        return **at == '\0';
    (*at)++;
    if (!number(at, 2, &hours) || !sign(at, ':') || !number(at, 2, &rest) || hours > 14 ||
        rest > 59)
        return false;
    *minutes = way * (hours * 60 + rest);
    return true;
}

bool hvs_cim_time(const char *text, struct hvs_time *out)
{
    int year, month, day, hour, minute, second, ms, zone;

    *out = (struct hvs_time){0};
    if (!number(&text, 4, &year) || !sign(&text, '-') || !number(&text, 2, &month) ||
        !sign(&text, '-') || !number(&text, 2, &day) || !sign(&text, 'T') ||
        !number(&text, 2, &hour) || !sign(&text, ':') || !number(&text, 2, &minute) ||
        !sign(&text, ':') || !number(&text, 2, &second) || !fraction(&text, &ms) ||
        !offset(&text, &zone) || *text)
        return false;
    if (year < 1600 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 ||
        minute > 59 || second > 60)
        return false;
    if (year <= 1601)
        return true; /* FILETIME zero, in any zone: never */
    out->set = true;
    out->ms = ((hvs_date_days(year, month, day) * 24 + hour) * 60 + minute - zone) * 60;
    out->ms = (out->ms + second) * 1000 + ms;
    return true;
}

bool hvs_cim_interval(const char *text, struct hvs_interval *out)
{
    static const struct {
        char unit;
        int64_t ms;
        bool time;
    } units[] = {{'D', 86400000, false},
                 {'H', 3600000, true},
                 {'M', 60000, true},
                 {'S', 1000, true}};
    bool time = false;
    int64_t value;
    size_t i = 0;
    int ms = 0;

    out->ms = 0;
    if (*text++ != 'P')
        return false;
    while (*text) {
        if (*text == 'T' && !time) {
            time = true;
            text++;
            continue;
        }
        if (*text < '0' || *text > '9')
            return false;
        for (value = 0; *text >= '0' && *text <= '9' && value < 100000000; text++)
            value = value * 10 + (*text - '0');
        if (!fraction(&text, &ms))
            return false;
        while (i < 4 && (units[i].unit != *text || units[i].time != time))
            i++;
        if (i == 4 || (ms && *text != 'S'))
            return false;
        out->ms += value * units[i++].ms + ms;
        text++;
    }
    return text[-1] != 'P' && text[-1] != 'T';
}

static int add_key(struct hvs_ref *ref, const xmlNode *selector, struct hvs_error *err)
{
    const char *name = hvs_xml_attribute(selector, NULL, "Name");

    if (!name || ref->count == HVS_REF_KEYS)
        return hvs_err_set(err, HVS_XML, xmlGetLineNo(selector),
                           "bad selector in a reference");
    ref->keys[ref->count].name = strdup(name);
    ref->keys[ref->count].value = hvs_xml_string(selector);
    ref->count++;
    return ref->keys[ref->count - 1].name && ref->keys[ref->count - 1].value
               ? 0
               : hvs_err_memory(err);
}

int hvs_cim_ref(const xmlNode *node, struct hvs_ref *out, struct hvs_error *err)
{
    const xmlNode *wrapped = hvs_xml_child(node, wsa_ns, "EndpointReference");
    const xmlNode *params, *resource, *set, *selector;

    *out = (struct hvs_ref){0};
    params = hvs_xml_child(wrapped ? wrapped : node, wsa_ns, "ReferenceParameters");
    resource = params ? hvs_xml_child(params, wsman_ns, "ResourceURI") : NULL;
    if (!resource)
        return hvs_err_set(err, HVS_XML, xmlGetLineNo(node),
                           "%s is no reference to an object", (const char *)node->name);
    out->resource = hvs_xml_word(resource);
    if (!out->resource)
        return hvs_err_memory(err);
    set = hvs_xml_child(params, wsman_ns, "SelectorSet");
    for (selector = set ? hvs_xml_first(set) : NULL; selector;
         selector = hvs_xml_next(selector)) {
        if (hvs_xml_is(selector, wsman_ns, "Selector") &&
            add_key(out, selector, err) < 0) {
            hvs_cim_ref_clear(out);
            return -1;
        }
    }
    return 0;
}

const char *hvs_cim_ref_key(const struct hvs_ref *ref, const char *name)
{
    size_t i;

    for (i = 0; i < ref->count; i++)
        if (strcasecmp(ref->keys[i].name, name) == 0)
            return ref->keys[i].value;
    return "";
}

bool hvs_cim_ref_is(const struct hvs_ref *ref, const char *class_)
{
    const char *last = ref->resource ? strrchr(ref->resource, '/') : NULL;

    return last && strcasecmp(last + 1, class_) == 0;
}

void hvs_cim_ref_clear(struct hvs_ref *ref)
{
    size_t i;

    free(ref->resource);
    for (i = 0; i < ref->count; i++) {
        free(ref->keys[i].name);
        free(ref->keys[i].value);
    }
    *ref = (struct hvs_ref){0};
}

/* Behind `key="`, where the key stands at the path's '.' or after a ','. */
static const char *key_value(const char *path, const char *key)
{
    size_t len = strlen(key);
    const char *at;

    for (at = strpbrk(path, ".,"); at; at = strpbrk(at + 1, ".,"))
        if (strncasecmp(at + 1, key, len) == 0 && at[1 + len] == '=' &&
            at[2 + len] == '"')
            return at + 3 + len;
    return NULL;
}

bool hvs_cim_path_key(const char *path, const char *key, char *out, size_t size)
{
    const char *at = key_value(path, key);
    size_t len = 0;

    for (; at && *at && *at != '"' && len + 1 < size; at++) {
        if (*at == '\\' && at[1])
            at++;
        out[len++] = *at;
    }
    out[len] = '\0';
    return at && *at == '"';
}

int hvs_id_copy(char *out, size_t size, const char *id, struct hvs_error *err)
{
    if (strlen(id) >= size)
        return hvs_err_set(err, HVS_XML, 0, "the host has an id of %zu characters",
                           strlen(id));
    snprintf(out, size, "%s", id);
    return 0;
}
