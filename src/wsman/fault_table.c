#include "wsman/fault.h"

#include <string.h>

/* Hints that several rows share. */
static const char rights[] =
    "the account needs to be in 'Remote Management Users' and 'Hyper-V Administrators', "
    "or "
    "an administrator; a local administrator other than the built-in one also needs "
    "LocalAccountTokenFilterPolicy=1 on the host";
static const char no_hyperv[] =
    "is the Hyper-V role installed there? hosts before Windows Server 2012 are not "
    "supported";
static const char vmms[] = "is the Hyper-V Virtual Machine Management service running?";
static const char quota[] = "too many operations of this account are open on the host; "
                            "wait, or raise MaxConcurrentOperationsPerUser";
static const char too_big[] = "raise MaxEnvelopeSizekb on the host";
static const char disabled[] =
    "on the host: Set-Item 'WSMan:\\localhost\\Plugin\\WMI Provider\\Enabled' $true";
static const char ours[] =
    "this is likely a defect of hvsnap; please report it with --trace";

/* Short names, for rows that fit on a line. */
#define F HVS_CLASS_FAILED
#define AUTH HVS_CLASS_AUTH
#define GONE HVS_CLASS_NOT_FOUND
#define BUSY HVS_CLASS_BUSY
#define LATE HVS_CLASS_DEADLINE
#define CONN HVS_CLASS_CONNECT
#define NO HVS_BEGUN_NO
#define OPEN HVS_BEGUN_OPEN
#define RETRY HVS_FAULT_RETRY
#define RESTART HVS_FAULT_RESTART
#define FILTER HVS_FAULT_FILTER
#define MISSING HVS_FAULT_GONE
#define SMALLER HVS_FAULT_SMALLER

/* Numbers and names are those of wsmerror.h, winerror.h and wbemcli.h. "Not begun" is
 * claimed only where the code means that the request was turned away at the door; a limit
 * or a reference may as well be the reply's, which comes when all is done. */
static const struct hvs_fault_row rows[] = {
    {0x00000005, "ERROR_ACCESS_DENIED", AUTH, NO, 0, rights},
    {0x00000032, "ERROR_NOT_SUPPORTED", F, NO, 0, ours},
    {0x00000057, "ERROR_INVALID_PARAMETER", F, NO, 0, ours},
    {0x80338000, "RESOURCE_NOT_FOUND", GONE, NO, MISSING, NULL},
    {0x80338001, "INVALID_ACTIONURI", F, NO, 0, ours},
    {0x80338003, "PROVIDER_FAILURE", F, OPEN, RETRY, vmms},
    {0x80338006, "PULL_IN_PROGRESS", F, NO, RESTART, ours},
    {0x80338007, "ENUMERATION_CLOSED", F, NO, RESTART, NULL},
    {0x8033800F, "INVALID_MESSAGE_INFORMATION_HEADER", F, NO, 0, ours},
    {0x80338010, "SOAP_FAULT_MUST_UNDERSTAND", F, NO, 0, ours},
    {0x80338011, "MESSAGE_INFORMATION_HEADER_REQUIRED", F, NO, 0, ours},
    {0x80338012, "DESTINATION_UNREACHABLE", CONN, OPEN, RETRY, NULL},
    {0x80338013, "ACTION_NOT_SUPPORTED", F, NO, 0, ours},
    {0x80338014, "ENDPOINT_UNAVAILABLE", BUSY, OPEN, RETRY, vmms},
    {0x80338015, "INVALID_REPRESENTATION", F, NO, 0, ours},
    {0x80338019, "ENUMERATE_FILTER_DIALECT_REQUESTED_UNAVAILABLE", F, NO, FILTER, ours},
    {0x8033801A, "ENUMERATE_CANNOT_PROCESS_FILTER", GONE, NO, FILTER, no_hyperv},
    {0x8033801B, "ENUMERATE_INVALID_ENUMERATION_CONTEXT", F, NO, RESTART, NULL},
    {0x8033801C, "ENUMERATE_TIMED_OUT", LATE, OPEN, RESTART, NULL},
    {0x80338026, "ENVELOPE_TOO_LARGE", F, OPEN, SMALLER, too_big},
    {0x80338027, "INVALID_SOAP_BODY", F, NO, 0, ours},
    {0x80338029, "OPERATION_TIMEDOUT", LATE, OPEN, RETRY, "the host was too slow"},
    {0x8033802C, "UNSUPPORTED_ENCODING", F, NO, 0, ours},
    {0x80338031, "ACTION_MISMATCH", F, NO, 0, ours},
    {0x80338032, "CONCURRENCY", BUSY, OPEN, RETRY, NULL},
    {0x80338033, "ALREADY_EXISTS", HVS_CLASS_CONFLICT, OPEN, 0, NULL},
    {0x80338035, "ENCODING_LIMIT", F, OPEN, SMALLER, too_big},
    {0x80338036, "FAILED_AUTHENTICATION", AUTH, NO, 0, NULL},
    {0x80338039, "INVALID_OPTIONS", F, NO, 0, ours},
    {0x8033803A, "INVALID_PARAMETER", F, NO, 0, ours},
    {0x8033803B, "INVALID_RESOURCE_URI", F, NO, 0, ours},
    {0x8033803D, "INVALID_SELECTORS", F, NO, 0, ours},
    {0x8033803F, "QUOTA_LIMIT", BUSY, OPEN, RETRY, quota},
    {0x80338041, "SCHEMA_VALIDATION_ERROR", F, NO, 0, ours},
    {0x80338042, "UNSUPPORTED_FEATURE", F, NO, 0, ours},
    {0x80338043, "INVALID_XML", F, NO, 0, ours},
    {0x80338044, "INVALID_KEY", F, NO, 0, ours},
    {0x80338047, "MAX_ENVELOPE_SIZE", F, NO, 0, ours},
    {0x80338048, "MAX_ENVELOPE_SIZE_EXCEEDED", F, OPEN, SMALLER, too_big},
    {0x80338049, "SERVER_ENVELOPE_LIMIT", F, OPEN, SMALLER, too_big},
    {0x8033804C, "CHARACTER_SET", F, NO, 0, ours},
    {0x8033804D, "UNREPORTABLE_SUCCESS", F, OPEN, 0, NULL},
    {0x80338055, "INVALID_PARAMETER_NAME", F, NO, 0, ours},
    {0x80338056, "INVALID_XML_VALUES", F, NO, 0, ours},
    {0x80338057, "INVALID_XML_MISSING_VALUES", F, NO, 0, ours},
    {0x80338058, "INVALID_XML_NAMESPACE", F, NO, 0, ours},
    {0x8033805A, "INSUFFCIENT_SELECTORS", F, NO, 0, ours},
    {0x8033805B, "UNEXPECTED_SELECTORS", F, NO, 0, ours},
    {0x8033805C, "SELECTOR_TYPEMISMATCH", F, NO, 0, ours},
    {0x8033805D, "INVALID_SELECTOR_VALUE", F, NO, 0, ours},
    {0x8033805E, "AMBIGUOUS_SELECTORS", F, NO, 0, ours},
    {0x8033805F, "DUPLICATE_SELECTORS", F, NO, 0, ours},
    {0x8033807E, "MIN_ENVELOPE_SIZE", F, NO, 0, ours},
    {0x8033807F, "EPR_NESTING_EXCEEDED", F, NO, 0, ours},
    {0x80338081, "INVALID_TIMEOUT_HEADER", F, NO, 0, ours},
    {0x80338083, "PLUGIN_FAILED", F, OPEN, RETRY, vmms},
    {0x80338084, "ENUMERATION_INVALID", F, NO, RESTART, NULL},
    {0x80338087, "MUSTUNDERSTAND_ON_LOCALE_UNSUPPORTED", F, NO, 0, ours},
    {0x803380FA, "INVALID_URI_WMI_SINGLETON", F, NO, 0, ours},
    {0x803380FB, "INVALID_URI_WMI_ENUM_WQL", F, NO, FILTER, ours},
    {0x80338100, "WMI_MAX_NESTED", F, OPEN, 0, NULL},
    {0x80338101, "REMOTE_CIMPATH_NOT_SUPPORTED", F, OPEN, 0, NULL},
    {0x80338102, "WMI_PROVIDER_NOT_CAPABLE", F, NO, 0, NULL},
    {0x80338104, "WMI_SVC_ACCESS_DENIED", AUTH, NO, 0, rights},
    {0x80338105, "WMI_PROVIDER_ACCESS_DENIED", AUTH, NO, 0, rights},
    {0x80338106, "WMI_CANNOT_CONNECT_ACCESS_DENIED", AUTH, NO, 0, rights},
    {0x80338108, "ENUMERATE_WMI_INVALID_KEY", F, NO, 0, ours},
    {0x80338111, "HTTP_REQUEST_TOO_LARGE_STATUS", F, NO, 0, too_big},
    {0x80338112, "HTTP_SERVICE_UNAVAILABLE_STATUS", BUSY, OPEN, RETRY, NULL},
    {0x80338113, "HTTP_NOT_FOUND_STATUS", CONN, NO, 0, NULL},
    {0x8033811A, "ENDPOINT_UNAVAILABLE_INVALID_VALUE", GONE, NO, MISSING, NULL},
    {0x8033811E, "WMI_PROVIDER_INVALID_PARAMETER", F, OPEN, 0, NULL},
    {0x80338122, "CANNOT_PROCESS_FILTER", F, NO, FILTER, no_hyperv},
    {0x80338126, "NETWORK_TIMEDOUT", LATE, OPEN, RETRY, NULL},
    {0x80338137, "POLYMORPHISM_MODE_UNSUPPORTED", F, NO, 0, ours},
    {0x80338139, "URI_NON_DMTF_CLASS", F, NO, 0, ours},
    {0x8033813A, "URI_WRONG_DMTF_VERSION", F, NO, 0, ours},
    {0x8033813B, "DIFFERENT_CIM_SELECTOR", F, NO, 0, ours},
    {0x80338170, "HTTP_STATUS_SERVER_ERROR", F, OPEN, 0, NULL},
    {0x80338171, "HTTP_STATUS_BAD_REQUEST", F, OPEN, 0, NULL},
    {0x803381A5, "QUOTA_MAX_SHELLS", BUSY, NO, RETRY, quota},
    {0x803381A6, "QUOTA_MAX_OPERATIONS", BUSY, NO, RETRY, quota},
    {0x803381A7, "QUOTA_USER", BUSY, NO, RETRY, quota},
    {0x803381A8, "QUOTA_SYSTEM", BUSY, NO, RETRY, quota},
    {0x803381AD, "PULL_PARAMS_NOT_SAME_AS_ENUM", F, NO, RESTART, ours},
    {0x803381E3, "REMOTE_CONNECTION_NOT_ALLOWED", AUTH, NO, 0, disabled},
    {0x803381E5, "QUOTA_MAX_USERS_PPQ", BUSY, NO, RETRY, quota},
    {0x803381E6, "QUOTA_MAX_PLUGINSHELLS_PPQ", BUSY, NO, RETRY, quota},
    {0x803381E7, "QUOTA_MAX_PLUGINOPERATIONS_PPQ", BUSY, NO, RETRY, quota},
    {0x803381E8, "QUOTA_MAX_OPERATIONS_USER_PPQ", BUSY, NO, RETRY, quota},
    {0x803381E9, "QUOTA_MAX_COMMANDS_PER_SHELL_PPQ", BUSY, NO, RETRY, quota},
    {0x803381EA, "QUOTA_MIN_REQUIREMENT_NOT_AVAILABLE_PPQ", BUSY, NO, RETRY, quota},
    {0x803381FA, "CLIENT_SESSION_UNUSABLE", BUSY, OPEN, RETRY, NULL},
    {0x80041001, "WBEM_E_FAILED", F, OPEN, 0, NULL},
    {0x80041002, "WBEM_E_NOT_FOUND", GONE, NO, MISSING, NULL},
    {0x80041003, "WBEM_E_ACCESS_DENIED", AUTH, NO, 0, rights},
    {0x80041004, "WBEM_E_PROVIDER_FAILURE", F, OPEN, RETRY, vmms},
    {0x80041006, "WBEM_E_OUT_OF_MEMORY", BUSY, OPEN, RETRY, NULL},
    {0x80041008, "WBEM_E_INVALID_PARAMETER", F, OPEN, 0, NULL},
    {0x8004100C, "WBEM_E_NOT_SUPPORTED", F, NO, 0, NULL},
    {0x8004100E, "WBEM_E_INVALID_NAMESPACE", GONE, NO, 0, no_hyperv},
    {0x80041010, "WBEM_E_INVALID_CLASS", GONE, NO, 0, no_hyperv},
    {0x80041013, "WBEM_E_PROVIDER_LOAD_FAILURE", F, OPEN, 0, vmms},
    {0x80041015, "WBEM_E_TRANSPORT_FAILURE", F, OPEN, RETRY, NULL},
    {0x80041017, "WBEM_E_INVALID_QUERY", F, NO, FILTER, ours},
    {0x8004102E, "WBEM_E_INVALID_METHOD", F, NO, 0, NULL},
    {0x8004102F, "WBEM_E_INVALID_METHOD_PARAMETERS", F, NO, 0, ours},
    {0x80041032, "WBEM_E_CALL_CANCELLED", F, OPEN, 0, NULL},
    {0x80041033, "WBEM_E_SHUTTING_DOWN", BUSY, OPEN, RETRY, NULL},
    {0x8004106C, "WBEM_E_QUOTA_VIOLATION", BUSY, OPEN, RETRY, NULL},
    {0x80070005, "E_ACCESSDENIED", AUTH, NO, 0, rights},
    {0x8007000E, "E_OUTOFMEMORY", BUSY, OPEN, RETRY, NULL},
    {0x80070032, "HRESULT_NOT_SUPPORTED", F, OPEN, 0, NULL},
    {0x80070057, "E_INVALIDARG", F, OPEN, 0, NULL},
    {0x800703FA, "ERROR_KEY_DELETED", BUSY, OPEN, RETRY, NULL},
    {0x800706BA, "RPC_S_SERVER_UNAVAILABLE", BUSY, OPEN, RETRY, vmms},
};

/* What a subcode stands for, when there is no code or one that nobody knows. */
static const struct {
    const char *subcode;
    uint32_t code;
} subcodes[] = {
    {"AccessDenied", 0x00000005},
    {"DestinationUnreachable", 0x80338000},
    {"EndpointUnavailable", 0x80338014},
    {"CannotProcessFilter", 0x80338122},
    {"InvalidEnumerationContext", 0x8033801B},
    {"Concurrency", 0x80338032},
    {"QuotaLimit", 0x8033803F},
    {"TimedOut", 0x80338029},
    {"EncodingLimit", 0x80338035},
    {"SchemaValidationError", 0x80338041},
};

static const struct hvs_fault_row *find(uint32_t code)
{
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

const struct hvs_fault_row *hvs_fault_row(uint32_t code, const char *subcode)
{
    static const struct hvs_fault_row unknown = {0, "", F, OPEN, 0, NULL};
    const struct hvs_fault_row *row = find(code);
    size_t i;

    for (i = 0; !row && i < sizeof(subcodes) / sizeof(subcodes[0]); i++)
        if (strcmp(subcodes[i].subcode, subcode) == 0)
            row = find(subcodes[i].code);
    return row ? row : &unknown;
}

unsigned hvs_fault_flags(const struct hvs_error *err)
{
    if (err->domain != HVS_SOAP)
        return 0;
    return hvs_fault_row((uint32_t)err->code, "")->flags;
}
