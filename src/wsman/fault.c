#include "wsman/fault.h"

#include "base/err.h"
#include "base/utf8.h"
#include "wsman/names.h"
#include "xml/doc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Copy what the host says with runs of white space made one. */
static void collapse(char *out, size_t size, const char *text)
{
    size_t n = 0;
    bool gap = false;

    for (; *text && n + 1 < size; text++) {
        if (strchr(" \t\r\n", *text)) {
            gap = n > 0;
            continue;
        }
        if (gap && n + 2 < size)
            out[n++] = ' ';
        gap = false;
        out[n++] = *text;
    }
    out[n] = '\0';
    hvs_utf8_trim(out);
}

static void take_text(char *out, size_t size, const xmlNode *node)
{
    char *text = hvs_xml_word(node);

    if (text && *text)
        collapse(out, size, text);
    free(text);
}

/* A number as the host writes codes: decimal, or hexadecimal behind "0x". */
static uint32_t read_code(const char *text)
{
    unsigned long long value;

    errno = 0;
    value = strtoull(text, NULL, 0);
    return errno || value > UINT32_MAX ? 0 : (uint32_t)value;
}

static const char *local_name(const char *qname)
{
    const char *colon = strchr(qname, ':');

    return colon ? colon + 1 : qname;
}

/* f:WSManFault: a code and a message, or a message that holds a provider's WSManFault in
 * its turn; the innermost speaks. */
static void read_wsman_fault(const xmlNode *fault, struct hvs_fault *out, int depth)
{
    const char *code = hvs_xml_attribute(fault, NULL, "Code");
    const xmlNode *message = hvs_xml_child(fault, HVS_NS_WSMAN_FAULT, "Message");
    const xmlNode *provider, *inner, *extended, *status, *property;

    if (code && read_code(code))
        out->code = read_code(code);
    provider = message ? hvs_xml_child(message, HVS_NS_WSMAN_FAULT, "ProviderFault")
                       : NULL;
    if (!provider) {
        if (message)
            take_text(out->text, sizeof(out->text), message);
        return;
    }
    inner = hvs_xml_child(provider, HVS_NS_WSMAN_FAULT, "WSManFault");
    if (inner && depth < 4)
        read_wsman_fault(inner, out, depth + 1);
    extended = hvs_xml_child(provider, HVS_NS_WSMAN_FAULT, "ExtendedError");
    status = extended ? hvs_xml_first(extended) : NULL;
    for (property = status ? hvs_xml_first(status) : NULL; property;
         property = hvs_xml_next(property)) {
        const char *name = (const char *)property->name;
        char value[400] = "";
        size_t used = strlen(out->detail);

        if (strcmp(name, "Description") != 0 && strcmp(name, "ParameterInfo") != 0)
            continue;
        take_text(value, sizeof(value), property);
        if (value[0])
            snprintf(out->detail + used, sizeof(out->detail) - used, "%s%s: %s",
                     used ? "\n" : "", name, value);
    }
}

/* MSFT_WmiError: hosts since 2012 send it for quotas and a missing namespace. */
static void read_wmi_error(const xmlNode *error, struct hvs_fault *out)
{
    const xmlNode *property;
    char value[64], hex[64] = "";

    for (property = hvs_xml_first(error); property; property = hvs_xml_next(property)) {
        const char *name = (const char *)property->name;

        if (strcmp(name, "Message") == 0)
            take_text(out->text, sizeof(out->text), property);
        else if (strcmp(name, "MessageID") == 0)
            take_text(hex, sizeof(hex), property);
        if (strcmp(name, "error_Code") != 0)
            continue;
        value[0] = '\0';
        take_text(value, sizeof(value), property);
        out->code = read_code(value);
    }
    if (!out->code && strncmp(hex, "HRESULT ", 8) == 0)
        out->code = read_code(hex + 8);
}

static void read_detail(const xmlNode *detail, struct hvs_fault *out)
{
    const xmlNode *node;

    for (node = hvs_xml_first(detail); node; node = hvs_xml_next(node)) {
        if (hvs_xml_is(node, HVS_NS_WSMAN_FAULT, "WSManFault"))
            read_wsman_fault(node, out, 0);
        else if (strcmp((const char *)node->name, "MSFT_WmiError") == 0)
            read_wmi_error(node, out);
    }
}

bool hvs_fault_read(const xmlNode *body, struct hvs_fault *out)
{
    const xmlNode *fault = hvs_xml_child(body, HVS_NS_SOAP, "Fault");
    const xmlNode *code, *reason, *detail, *node;
    char qname[128] = "";

    *out = (struct hvs_fault){0};
    if (!fault)
        return false;
    code = hvs_xml_child(fault, HVS_NS_SOAP, "Code");
    node = code ? hvs_xml_child(code, HVS_NS_SOAP, "Subcode") : NULL;
    node = node ? hvs_xml_child(node, HVS_NS_SOAP, "Value") : NULL;
    if (node)
        take_text(qname, sizeof(qname), node);
    snprintf(out->subcode, sizeof(out->subcode), "%s", local_name(qname));
    reason = hvs_xml_child(fault, HVS_NS_SOAP, "Reason");
    node = reason ? hvs_xml_child(reason, HVS_NS_SOAP, "Text") : NULL;
    if (node)
        take_text(out->text, sizeof(out->text), node);
    detail = hvs_xml_child(fault, HVS_NS_SOAP, "Detail");
    if (detail)
        read_detail(detail, out);
    out->row = hvs_fault_row(out->code, out->subcode);
    return true;
}

int hvs_fault_error(const struct hvs_fault *fault, struct hvs_error *err)
{
    /* what the subcode stands for, where nobody knows the number: flags are looked up by
     * it, and the number is in the message */
    uint32_t code = fault->row->code ? fault->row->code : fault->code;
    char number[160] = "";

    if (fault->code)
        snprintf(number, sizeof(number), " (0x%08X%s%s)", (unsigned)fault->code,
                 fault->row->code == fault->code ? " " : "",
                 fault->row->code == fault->code ? fault->row->symbol : "");
    else if (fault->subcode[0])
        snprintf(number, sizeof(number), " (%s)", fault->subcode);
    hvs_err_set_hint(err, HVS_SOAP, code, fault->row->hint ? fault->row->hint : "",
                     "the host says: %.340s%s", fault->text[0] ? fault->text : "nothing",
                     number);
    hvs_err_class(err, fault->row->class_);
    return hvs_err_detail(err, fault->detail);
}
