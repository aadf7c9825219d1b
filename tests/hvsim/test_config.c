#include "support/test.h"

#include "hvsim/ask.h"
#include "hvsim/config.h"
#include "hvsim/instance.h"

#include <stdio.h>
#include <string.h>

struct config_case {
    const char *name;
    const char *setting; /* or NULL */
    const char *account, *action;
    const char *holds;
};

static const struct config_case cases[] = {
    {"usual", NULL, "HVTEST\\hvuser", "/Get",
     "<cfg:MaxEnvelopeSizekb>500</cfg:MaxEnvelopeSizekb>"},
    {"a limit that a switch sets", "max-envelope=150", "HVTEST\\hvuser", "/Get",
     "<cfg:MaxEnvelopeSizekb>150</cfg:MaxEnvelopeSizekb>"},
    {"the policy of binding", "cbt=strict", "HVTEST\\hvuser", "/Get",
     "<cfg:CbtHardeningLevel>Strict</cfg:CbtHardeningLevel>"},
    {"schemes", "schemes=Basic", "HVTEST\\hvuser", "/Get",
     "<cfg:Negotiate>false</cfg:Negotiate>"},
    {"rights to read are not enough", NULL, "HVTEST\\hvread", "/Get", "Code=\"5\""},
    {"no rights", NULL, "HVTEST\\hvnone", "/Get", "Code=\"5\""},
    {"nothing can be set", NULL, "HVTEST\\hvuser", "/Put", "Code=\"2150858771\""},
};

static void test_config(void **state)
{
    const struct config_case *row = *state;
    const char *settings[] = {row->setting, NULL};
    char action[200];
    struct ask ask;
    const char *reply;

    assert_int_equal(ask_open(&ask, NULL, settings, NULL), 0);
    ask.account = row->account;
    snprintf(action, sizeof(action), "%s%s", SIM_NS_X, row->action);
    reply = ask_soap(&ask, action, SIM_CONFIG, "", "", "");
    if (!strstr(reply, row->holds))
        fail_msg("no '%s' in %s", row->holds, reply);
    ask_close(&ask);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_config);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
