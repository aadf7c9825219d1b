#include "support/test.h"

#include "base/err.h"
#include "hyperv/ladder.h"

#include <stdio.h>
#include <string.h>

/* The call that is to be pasted. */
struct again_case {
    const char *name;
    const char *host, *user, *ca_file;
    uint16_t port;
    bool plain_http;
    enum hvs_auth_method auth;
    struct hvs_again again;
    const char *command;
};

static const struct again_case cases[] = {
    {"as it was",
     "hv01",
     NULL,
     NULL,
     0,
     false,
     HVS_AUTH_NEGOTIATE,
     {0},
     "hvsnap doctor 'hv01'"},
    {"with all that was said",
     "hv01",
     "CORP\\ops",
     "/ca.pem",
     1234,
     false,
     HVS_AUTH_NTLM,
     {0},
     "hvsnap doctor 'hv01:1234' --user 'CORP\\ops' --auth ntlm --ca-file '/ca.pem'"},
    {"a quote",
     "hv01",
     "o'ps",
     NULL,
     0,
     false,
     HVS_AUTH_NEGOTIATE,
     {0},
     "hvsnap doctor 'hv01' --user 'o'\\''ps'"},
    {"clear HTTP",
     "hv01",
     NULL,
     NULL,
     0,
     true,
     HVS_AUTH_NEGOTIATE,
     {0},
     "hvsnap doctor 'http://hv01'"},
    {"the other scheme",
     "hv01",
     NULL,
     NULL,
     5986,
     false,
     HVS_AUTH_NEGOTIATE,
     {.other_scheme = true},
     "hvsnap doctor 'http://hv01'"},
    {"and back",
     "hv01",
     NULL,
     NULL,
     0,
     true,
     HVS_AUTH_NEGOTIATE,
     {.other_scheme = true},
     "hvsnap doctor 'hv01'"},
    {"IPv6",
     "fe80::1%eth0",
     NULL,
     NULL,
     5986,
     false,
     HVS_AUTH_NEGOTIATE,
     {0},
     "hvsnap doctor '[fe80::1%eth0]:5986'"},
    {"another way to log in",
     "hv01",
     NULL,
     NULL,
     0,
     false,
     HVS_AUTH_NTLM,
     {.auth = "basic"},
     "hvsnap doctor 'hv01' --auth basic"},
    {"another user",
     "hv01",
     "ops",
     NULL,
     0,
     false,
     HVS_AUTH_NEGOTIATE,
     {.option = "--user", .value = "CORP\\ops"},
     "hvsnap doctor 'hv01' --user 'CORP\\ops'"},
    {"one more option",
     "hv01",
     "ops",
     NULL,
     0,
     false,
     HVS_AUTH_NEGOTIATE,
     {.option = "--pin", .value = "sha256//x"},
     "hvsnap doctor 'hv01' --user 'ops' --pin 'sha256//x'"},
};

static void test_again(void **state)
{
    const struct again_case *row = *state;
    struct hvs_ladder ladder = {0};
    struct hvs_finding finding = {0};

    ladder.opts.host = row->host;
    ladder.opts.user = row->user;
    ladder.opts.ca_file = row->ca_file;
    ladder.opts.port = row->port;
    ladder.opts.plain_http = row->plain_http;
    ladder.opts.auth = row->auth;
    hvs_ladder_again(&ladder, &finding, &row->again);
    assert_string_equal(finding.command, row->command);
}

/* Which rung a fault of the host is about. */
struct fault_case {
    const char *name;
    int64_t code;
    enum hvs_class class_;
    enum hvs_rung rung;
};

static const struct fault_case faults[] = {
    {"access denied", 5, HVS_CLASS_AUTH, HVS_RUNG_WMI},
    {"WMI denies access", 0x80338104, HVS_CLASS_AUTH, HVS_RUNG_WMI},
    {"the plugin is off", 0x803381E3, HVS_CLASS_FAILED, HVS_RUNG_WMI},
    {"no such namespace", 0x8004100E, HVS_CLASS_NOT_FOUND, HVS_RUNG_HYPERV},
    {"the filter fails", 0x8033801A, HVS_CLASS_NOT_FOUND, HVS_RUNG_HYPERV},
    {"no provider", 0x80041013, HVS_CLASS_FAILED, HVS_RUNG_HYPERV},
    {"a quota", 0x803381A6, HVS_CLASS_BUSY, HVS_RUNG_LIMITS},
    {"a quota of the plugin", 0x803381E8, HVS_CLASS_BUSY, HVS_RUNG_LIMITS},
};

static void test_fault(void **state)
{
    const struct fault_case *row = *state;
    struct hvs_error err = {.domain = HVS_SOAP, .code = row->code, .class_ = row->class_};

    assert_int_equal(hvs_rung_of_fault(&err), row->rung);
}

/* What is too long is cut, between characters. */
static void test_cut(void **state)
{
    struct hvs_finding finding = {0};
    char text[2001] = "";
    size_t i;

    (void)state;
    for (i = 0; i + 2 < sizeof(text); i += 2)
        memcpy(text + i, "\u00e9", 3);
    hvs_finding_hint(&finding, text);
    assert_int_equal(strlen(finding.hint), sizeof(finding.hint) - 2);
    hvs_finding_command(&finding, "x%s", text);
    assert_int_equal(strlen(finding.command), sizeof(finding.command) - 1);
    for (i = 0; i < 3; i++)
        hvs_finding_cause(&finding, "%zu %.900s", i, text);
    assert_int_equal(strlen(finding.causes) < sizeof(finding.causes), 1);
    assert_non_null(strstr(finding.causes, "\n1 "));
}

int main(void)
{
    const struct CMUnitTest more[] = {cmocka_unit_test(test_cut)};
    struct CMUnitTest tests[COUNT(cases)], second[COUNT(faults)];
    int failed;

    CASES(tests, cases, test_again);
    CASES(second, faults, test_fault);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    failed += cmocka_run_group_tests(second, NULL, NULL);
    return failed + cmocka_run_group_tests(more, NULL, NULL);
}
