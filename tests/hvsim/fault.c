#include "hvsim/fault.h"

#include "hvsim/instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAULT_DETAIL "http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/"
#define FAULT_NS "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
#define WMI_ERROR_NS "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError"

/* What WinRM says before the reason, with a space behind it in the recordings. */
static const char *const lead[SIM_LANGUAGES] = {
    "The WS-Management service cannot process the request. ",
    "Der WS-Verwaltungsdienst kann die Anforderung nicht verarbeiten. ",
    "WS-Management サービスは要求を処理できません。",
};

static const struct sim_fault_row *row_of(uint32_t code)
{
    const struct sim_fault_row *row = sim_fault_rows;

    while (row->code && row->code != code)
        row++;
    return row;
}

/* Do these go with s:Receiver? All others are the sender's fault. */
static bool is_receivers(const char *subcode)
{
    static const char *const subcodes[] = {
        "w:TimedOut",
        "n:TimedOut",
        "n:InvalidEnumerationContext",
        "a:EndpointUnavailable",
        "w:InternalError",
    };
    size_t i;

    for (i = 0; i < sizeof(subcodes) / sizeof(subcodes[0]); i++)
        if (strcmp(subcodes[i], subcode) == 0)
            return true;
    return false;
}

const char *sim_fault_action(const struct sim_call *call)
{
    switch (row_of(call->fault.code)->subcode[0]) {
    case 'n': return SIM_NS_N "/fault";
    case 'x': return SIM_NS_X "/fault";
    case 'w': return "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault";
    default: return SIM_NS_A "/fault";
    }
}

bool sim_fault_is_quota(uint32_t code)
{
    return code == 0x803381A6 || code == 0x803381E8;
}

static void add_text(struct hvs_buf *out, const struct sim_call *call)
{
    const struct sim_fault_row *row = row_of(call->fault.code);

    if (call->fault.code >= 0x80330000 && call->fault.code < 0x80340000)
        sim_xml_add(out, lead[call->language]);
    sim_xml_add(out, row->text[call->language]);
    hvs_buf_puts(out, call->language == SIM_JAPANESE ? "" : " ");
}

static void open_fault(struct hvs_buf *out, const struct sim_call *call)
{
    hvs_buf_printf(out,
                   "<f:WSManFault xmlns:f=\"" FAULT_NS
                   "\" Code=\"%lu\" Machine=\"%s\"><f:Message>",
                   (unsigned long)call->fault.code, call->host->machine);
}

static void add_provider_fault(struct hvs_buf *out, const struct sim_call *call)
{
    const char *info = call->fault.info ? call->fault.info : "";

    open_fault(out, call);
    hvs_buf_puts(out, "<f:ProviderFault provider=\"WMI Provider\" path=\"C:\\Windows\\"
                      "system32\\WsmWmiPl.dll\">");
    open_fault(out, call);
    add_text(out, call);
    hvs_buf_printf(out,
                   "</f:Message></f:WSManFault><f:ExtendedError><p:__ExtendedStatus "
                   "xmlns:xsi=\"" SIM_NS_XSI "\" xmlns:p=\"" SIM_URI
                   "__ExtendedStatus\" xmlns:cim=\"" SIM_NS_CIM
                   "\" xsi:type=\"p:__ExtendedStatus_Type\"><p:Description "
                   "xsi:nil=\"true\"/><p:Operation>%s</p:Operation><p:ParameterInfo>",
                   call->fault.operation ? call->fault.operation : "ExecQuery");
    sim_xml_add(out, info);
    hvs_buf_puts(out, "</p:ParameterInfo><p:ProviderName>"
                      "VmmsWmiInstanceAndMethodProvider</p:ProviderName><p:StatusCode "
                      "xsi:nil=\"true\"/></p:__ExtendedStatus></f:ExtendedError>"
                      "</f:ProviderFault></f:Message></f:WSManFault>");
}

/* The status of DSP0200 that goes with a code. */
static int cim_status(uint32_t code)
{
    switch (code) {
    case 5:
    case 0x80041003:
    case 0x80338104: return 2;
    case 0x8004100E: return 3;
    case 0x80041010: return 5;
    case 0x80041002:
    case 0x80338000: return 6;
    case 0x8033801A: return 15;
    case 0x803381A6:
    case 0x803381E8: return 27;
    default: return 1;
    }
}

static void add_string(struct hvs_buf *out, const char *name, const struct sim_call *call,
                       const char *text)
{
    hvs_buf_printf(out, "<p:%s xsi:type=\"cim:cimString\">", name);
    if (text)
        sim_xml_add(out, text);
    else
        add_text(out, call);
    hvs_buf_printf(out, "</p:%s>", name);
}

static void add_number(struct hvs_buf *out, const char *name, uint32_t number)
{
    hvs_buf_printf(out, "<p:%s xsi:type=\"cim:cimUnsignedInt\">%lu</p:%s>", name,
                   (unsigned long)number, name);
}

static void add_wmi_error(struct hvs_buf *out, const struct sim_call *call)
{
    uint32_t code = call->fault.code;
    char id[32];

    snprintf(id, sizeof(id), "HRESULT 0x%08x", (unsigned)code);
    hvs_buf_puts(out,
                 "<p:MSFT_WmiError b:IsCIM_Error=\"true\" xmlns:xsi=\"" SIM_NS_XSI
                 "\" xmlns:b=\"" SIM_NS_B "\" xmlns:p=\"" WMI_ERROR_NS
                 "\" xmlns:cim=\"" SIM_NS_CIM "\" xsi:type=\"p:MSFT_WmiError_Type\">");
    add_number(out, "CIMStatusCode", (uint32_t)cim_status(code));
    hvs_buf_puts(out, "<p:CIMStatusCodeDescription xsi:type=\"cim:cimString\" "
                      "xsi:nil=\"true\"/><p:ErrorSource xsi:type=\"cim:cimString\" "
                      "xsi:nil=\"true\"/>");
    add_number(out, "ErrorSourceFormat", 0);
    add_number(out, "ErrorType", 0);
    add_string(out, "Message", call, NULL);
    add_string(out, "MessageID", call, id);
    hvs_buf_puts(out, "<p:OtherErrorType xsi:type=\"cim:cimString\" xsi:nil=\"true\"/>");
    add_string(out, "OwningEntity", call, "");
    add_number(out, "PerceivedSeverity", 0);
    add_number(out, "ProbableCause", 0);
    hvs_buf_puts(out, "<p:ProbableCauseDescription xsi:type=\"cim:cimString\" "
                      "xsi:nil=\"true\"/>");
    add_number(out, "error_Category", 30);
    add_number(out, "error_Code", code);
    add_string(out, "error_Type", call, "HRESULT");
    add_string(out, "error_WindowsErrorMessage", call, NULL);
    hvs_buf_puts(out, "</p:MSFT_WmiError>");
}

static void add_detail(struct hvs_buf *out, const struct sim_call *call,
                       const struct sim_fault_row *row)
{
    const char *detail = call->fault.detail ? call->fault.detail : row->detail;
    enum sim_fault_shape shape = row->shape;

    if (shape != SIM_FAULT_PLAIN && sim_is(call->host, SW_FAULT_DETAIL, "none"))
        return;
    if (shape != SIM_FAULT_PLAIN && sim_is(call->host, SW_FAULT_DETAIL, "wmi-error"))
        shape = SIM_FAULT_WMI_ERROR;
    if (shape != SIM_FAULT_PLAIN && sim_is(call->host, SW_FAULT_DETAIL, "provider-fault"))
        shape = SIM_FAULT_PROVIDER;
    /* virt-who reads a missing namespace from an MSFT_WmiError, whatever the code */
    if (call->class_name && !call->known_namespace &&
        sim_is(call->host, SW_FAULT_DETAIL, "usual"))
        shape = SIM_FAULT_WMI_ERROR;

    hvs_buf_puts(out, "<s:Detail>");
    if (detail && shape != SIM_FAULT_WMI_ERROR)
        hvs_buf_printf(out, "<w:FaultDetail>" FAULT_DETAIL "%s</w:FaultDetail>", detail);
    if (shape == SIM_FAULT_WMI_ERROR) {
        add_wmi_error(out, call);
    } else if (shape == SIM_FAULT_PROVIDER) {
        add_provider_fault(out, call);
    } else {
        open_fault(out, call);
        add_text(out, call);
        hvs_buf_puts(out, "</f:Message></f:WSManFault>");
    }
    hvs_buf_puts(out, "</s:Detail>");
}

void sim_fault_add(struct hvs_buf *out, const struct sim_call *call)
{
    const struct sim_fault_row *row = row_of(call->fault.code);

    hvs_buf_puts(out, "<s:Fault><s:Code>");
    if (*row->subcode)
        hvs_buf_printf(out,
                       "<s:Value>%s</s:Value><s:Subcode><s:Value>%s</s:Value>"
                       "</s:Subcode>",
                       is_receivers(row->subcode) ? "s:Receiver" : "s:Sender",
                       row->subcode);
    else
        hvs_buf_puts(out, "<s:Value>s:MustUnderstand</s:Value>");
    hvs_buf_printf(out, "</s:Code><s:Reason><s:Text xml:lang=\"%s\">",
                   sim_language_tag(call->language));
    add_text(out, call);
    hvs_buf_puts(out, "</s:Text></s:Reason>");
    add_detail(out, call, row);
    hvs_buf_puts(out, "</s:Fault>");
}
