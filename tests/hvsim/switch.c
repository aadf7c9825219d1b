#include "hvsim/switch.h"

#include "base/err.h"
#include "hvsim/mem.h"

#include <stdlib.h>
#include <string.h>

#define ROW(which, name_, values_, usual_, about_) \
    [which] = {.name = name_, .values = values_, .usual = usual_, .about = about_}

static const struct sim_switch_row rows[] = {
    ROW(SW_ALLOW_UNENCRYPTED, "allow-unencrypted", "off|on", "off",
        "clear SOAP over http, and Basic there"),
    ROW(SW_BOUNDARY, "boundary", "plain|spaced", "plain",
        "the boundary lines of sealed replies: --Encrypted or -- Encrypted"),
    ROW(SW_CBT, "cbt", "relaxed|none|strict", "relaxed",
        "channel binding over https: checked when sent, ignored, demanded"),
    ROW(SW_CLEAR_BODY, "clear-body", "500|401", "500",
        "the status for a clear body over http"),
    ROW(SW_CLOCK_AHEAD, "clock-ahead", "NUMBER", "0",
        "seconds that the Date of replies is ahead of this machine's clock"),
    ROW(SW_FIRST_401, "first-401", "close|open", "close",
        "the connection after the first 401"),
    ROW(SW_FRAME_HT, "frame-ht", "on|off", "on",
        "a tab before the part headers of sealed replies"),
    ROW(SW_IDENTIFY_PATH, "identify-path", "header|both", "header",
        "anonymous Identify: by its header, or by /wsman-anon/identify too"),
    ROW(SW_LAST_LEG_BODY, "last-leg-body", "accept|ignore", "accept",
        "a body beside the last token of a login over https"),
    ROW(SW_SCHEMES, "schemes", "TEXT", "",
        "the schemes of the 401, with commas between; empty: the usual ones"),

    ROW(SW_EMPTY_ARRAY, "empty-array", "absent|nil", "absent",
        "an array without elements"),
    ROW(SW_EPR_NAMESPACE, "epr-namespace", "absent|present", "absent",
        "a __cimnamespace selector in references"),
    ROW(SW_FAULT_DETAIL, "fault-detail", "usual|provider-fault|wmi-error|none", "usual",
        "the detail of faults that come from WMI"),
    ROW(SW_NULL_OUT, "null-out", "nil|absent|filled", "nil",
        "out parameters without a value; filled: a create is done at once and "
        "answers 0 with its snapshot"),
    ROW(SW_NULL_PROPERTY, "null-property", "nil|absent", "nil",
        "properties without a value"),
    ROW(SW_PROPERTIES, "properties", "recorded|more", "recorded",
        "properties of a later Windows beside the known ones"),
    ROW(SW_PROPERTY_ORDER, "property-order", "ignore-case|bytes", "ignore-case",
        "how properties are sorted"),
    ROW(SW_QUOTA_RELATES_TO, "quota-relates-to", "absent|present", "absent",
        "RelatesTo in quota faults"),
    ROW(SW_TIMES, "times", "z|offset|plain", "z",
        "points in time: UTC, the host's offset, or without cim:Datetime"),
    ROW(SW_VALUE_LANGUAGE, "value-language", "host|request", "host",
        "the language of property values: the host's or the Locale's"),

    ROW(SW_ASSOCIATION_QUERIES, "association-queries", "answer|fault", "answer",
        "ASSOCIATORS OF and REFERENCES OF"),
    ROW(SW_BAD_WQL, "bad-wql", "enumerate|pull", "enumerate",
        "which request gets the fault of a bad query"),
    ROW(SW_CONTEXT_IDLE, "context-idle", "NUMBER", "240",
        "seconds that an enumeration waits for its next Pull"),
    ROW(SW_CONTEXT_STRING, "context-string", "new|same", "new",
        "the enumeration context of each reply"),
    ROW(SW_EMPTY_RESULT, "empty-result", "items|no-items", "items",
        "an Items element when nothing matches"),
    ROW(SW_MISSING_NAMESPACE, "missing-namespace", "filter|namespace", "filter",
        "WQL on a host without Hyper-V: 0x8033801A or 0x8004100E"),
    ROW(SW_OPTIMIZED_END, "optimized-end", "w|n", "w",
        "the namespace of EndOfSequence in an optimized reply"),
    ROW(SW_PULL_PARAMETERS, "pull-parameters", "strict|loose", "strict",
        "a Pull whose sizes differ from those of an optimized Enumerate"),
    ROW(SW_PULL_URI, "pull-uri", "any|equal", "any",
        "a Pull whose ResourceURI differs from that of its Enumerate"),
    ROW(SW_REF_IN_WHERE, "ref-in-where", "fault|compare", "fault",
        "a reference in a WHERE clause"),

    ROW(SW_APPLY_RUNNING, "apply-running", "32775|job", "32775",
        "ApplySnapshot on a running VM: refused, or a job that fails"),
    ROW(SW_BUSY, "busy", "32775|32774|job", "32775",
        "a second operation on a busy VM: refused, or a job that fails"),
    ROW(SW_CREATE_ROW_LAG, "create-row-lag", "NUMBER", "0",
        "milliseconds from a job's end to its create row"),
    ROW(SW_DESTROY_CHILDREN, "destroy-children", "keep|destroy", "keep",
        "the children of a destroyed snapshot"),
    ROW(SW_DONE_ERROR_CODE, "done-error-code", "0|1", "0",
        "ErrorCode of a job that succeeded; 1: not 0"),
    ROW(SW_EARLY_SNAPSHOT, "early-snapshot", "off|on", "off",
        "a new snapshot is listed before its job ends"),
    ROW(SW_INVOKE_NO_SELECTORS, "invoke-no-selectors", "wmi|internal-error", "wmi",
        "a method of a service without selectors: 0x8004102F or w:InternalError"),
    ROW(SW_JOB_RETENTION, "job-retention", "NUMBER", "300",
        "seconds that a job stays after its end"),
    ROW(SW_JOB_STOP, "job-stop", "done|slow|kill", "done",
        "a job that is asked to stop: at once, after two seconds, or only when killed"),
    ROW(SW_MISSING_INSTANCE, "missing-instance", "provider-fault|wmi-error",
        "provider-fault", "Get of nothing: 0x80338000, or 0x80041002"),
    ROW(SW_MODIFY, "modify", "done|job|unchanged", "done",
        "ModifySystemSettings: 0, 4096, or 0 and nothing happens"),
    ROW(SW_REF_WRAPPER, "ref-wrapper", "refuse|accept", "refuse",
        "a:EndpointReference around a reference parameter"),

    ROW(SW_EMBEDDED_ENTITIES, "embedded-entities", "refuse|decode", "refuse",
        "&amp; and &lt; in the text of an embedded instance"),
    ROW(SW_EMBEDDED_ESCAPED, "embedded-escaped", "accept|refuse", "accept",
        "an embedded instance that is escaped instead of CDATA"),
    ROW(SW_EMBEDDED_QUOTES, "embedded-quotes", "refuse|decode", "refuse",
        "&quot; and &apos; in the text of an embedded instance"),
    ROW(SW_EMBEDDED_READ_ONLY, "embedded-read-only", "fail|ignore", "fail",
        "read-only properties sent to ModifySystemSettings"),
    ROW(SW_UNKNOWN_INSTANCE, "unknown-instance", "32773|32768", "32773",
        "ModifySystemSettings of nothing"),

    ROW(SW_MAX_ENVELOPE, "max-envelope", "NUMBER", "500", "the most KiB of a reply"),
    ROW(SW_NO_RIGHTS, "no-rights", "empty|fault", "empty",
        "an account without rights: empty lists and 32769, or 0x80338104"),
    ROW(SW_OPERATIONS, "operations", "NUMBER", "15",
        "how many enumerations one account may have open"),
    ROW(SW_QUOTA_FAULT, "quota-fault", "internal-error|quota-limit", "internal-error",
        "too many of them: 0x803381A6, or w:QuotaLimit 0x803381E8"),
};

bool sim_switch_row(size_t i, struct sim_switch_row *out)
{
    if (i >= SW_COUNT)
        return false;
    *out = rows[i];
    return true;
}

enum sim_switch sim_switch_find(const char *name)
{
    int i;

    for (i = 0; i < SW_COUNT; i++)
        if (strcmp(rows[i].name, name) == 0)
            break;
    return (enum sim_switch)i;
}

void sim_switchboard_clear(struct sim_switchboard *switches)
{
    size_t i;

    for (i = 0; i < SW_COUNT; i++)
        free(switches->text[i]);
    *switches = (struct sim_switchboard){0};
}

/* Is `value` one of "a|b|c"? */
static bool among(const char *values, const char *value)
{
    size_t len = strlen(value), n;

    for (;; values += n + 1) {
        n = strcspn(values, "|");
        if (n == len && memcmp(values, value, n) == 0)
            return true;
        if (!values[n])
            return false;
    }
}

static bool allowed(const char *values, const char *value)
{
    if (strcmp(values, "TEXT") == 0)
        return true;
    if (strcmp(values, "NUMBER") == 0)
        return *value && strlen(value) < 10 && !value[strspn(value, "0123456789")];
    return among(values, value);
}

int sim_switchboard_set(struct sim_switchboard *switches, const char *name,
                        const char *value, struct hvs_error *err)
{
    enum sim_switch which = sim_switch_find(name);

    if (which == SW_COUNT)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "see hvsim --help for the switches",
                                "no switch is called '%s'", name);
    if (!allowed(rows[which].values, value))
        return hvs_err_set(err, HVS_USAGE, 0, "switch '%s' is %s, not '%s'", name,
                           rows[which].values, value);
    free(switches->text[which]);
    switches->text[which] = sim_copy(value);
    return 0;
}

const char *sim_switch_text(const struct sim_switchboard *switches, enum sim_switch which)
{
    return switches->text[which] ? switches->text[which] : rows[which].usual;
}

bool sim_switch_is(const struct sim_switchboard *switches, enum sim_switch which,
                   const char *value)
{
    return strcmp(sim_switch_text(switches, which), value) == 0;
}

long sim_switch_number(const struct sim_switchboard *switches, enum sim_switch which)
{
    return strtol(sim_switch_text(switches, which), NULL, 10);
}
