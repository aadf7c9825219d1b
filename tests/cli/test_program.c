#include "cli/run_program.h"

struct run_case {
    const char *label;
    const char *args[MAX_ARGS];
    const char *env; /* one setting, or NULL */
    int status;
    const char *out; /* NULL for nothing, else a part of it */
    const char *err; /* NULL for nothing but progress, else a part of it */
};

static const struct run_case cases[] = {
    {"nothing", {NULL}, NULL, 2, NULL, "usage: hvsnap COMMAND"},
    {"help", {"--help"}, NULL, 0, "usage: hvsnap COMMAND", NULL},
    {"help as a command", {"help"}, NULL, 0, "usage: hvsnap COMMAND", NULL},
    {"help about a command", {"help", "list"}, NULL, 0, "usage: hvsnap list", NULL},
    {"help after a mistake", {"list", "--no", "-h"}, NULL, 0, "usage: hvsnap list", NULL},
    {"version", {"--version"}, NULL, 0, "hvsnap 0.0-fake\nfake/1.0\n", NULL},
    {"unknown command",
     {"snap"},
     NULL,
     2,
     NULL,
     "no command 'snap'\nhint: hvsnap --help"},
    {"unknown, as JSON",
     {"snap", "-o", "json"},
     NULL,
     2,
     "\"message\": \"no command 'snap'",
     "no command"},
    {"options first", {"-H", "hv01", "list"}, NULL, 2, NULL, "the command comes first"},
    {"unknown option", {"list", "--nope"}, NULL, 2, NULL, "list: no option '--nope'"},
    {"unknown option, then JSON",
     {"list", "--nope", "-ojson"},
     NULL,
     2,
     "\"error\": {\n    \"class\": \"usage\",\n    \"exit\": 2,",
     "no option"},
    {"wrong variable",
     {"list", "h/"},
     "HVSNAP_TIMEOUT=x",
     2,
     NULL,
     "HVSNAP_TIMEOUT wants"},
    {"no target", {"create"}, NULL, 2, NULL, "which VM?"},
    {"no host", {"list"}, NULL, 2, NULL, "which host?"},
    {"a host where a VM is due", {"create", "hv01/"}, NULL, 2, NULL, "names no VM"},
    {"no snapshot", {"delete", "hv01/web1"}, NULL, 2, NULL, "which snapshot?"},
    {"two to go back to", {"restore", "h/v", "a", "b"}, NULL, 2, NULL, "one snapshot"},
    {"both",
     {"restore", "h/v", "a", "--save", "--force-off"},
     NULL,
     2,
     NULL,
     "cannot go"},
    {"detached and named",
     {"create", "h/v", "-d", "-nx"},
     NULL,
     2,
     NULL,
     "--detach cannot"},
    {"no password off a terminal",
     {"list", "h/", "-ubob", "--auth", "ntlm"},
     NULL,
     2,
     NULL,
     "no terminal to ask for it on\nhint: give --password-file"},
    {"no user for a password",
     {"list", "h/"},
     "HVSNAP_PASSWORD_FILE=/x",
     2,
     NULL,
     "a password, but no user\nhint: give --user"},
    {"no user for NTLM", {"list", "h/", "--auth", "ntlm"}, NULL, 2, NULL, "needs a user"},
    {"negotiate may do without", {"list", "bob@h/"}, NULL, 0, "base", NULL},
    {"a wrong one changes nothing",
     {"create", "h/a", "h/b", "h"},
     NULL,
     2,
     NULL,
     "may be a host or a VM"},

    {"create",
     {"create", "h/v", "-n", "x"},
     NULL,
     0,
     "h     v   x",
     "h/v: the host works"},
    {"create, -H", {"create", "-H", "h", "a/b@c"}, NULL, 0, "h     a/b@c  auto", NULL},
    {"create, HVSNAP_HOST",
     {"create", "v"},
     "HVSNAP_HOST=h:1",
     0,
     "h:1   v   auto",
     NULL},
    {"create, ids", {"create", "h/v", "-o", "name"}, NULL, 0, ID_TWO "\n", NULL},
    {"create, detached", {"create", "h/v", "-d"}, NULL, 0, "started", NULL},
    {"create, detached, ids",
     {"create", "h/v", "-d", "-oname"},
     NULL,
     0,
     "11111111-2222",
     NULL},
    {"create, quiet", {"create", "h/v", "-q"}, NULL, 0, "auto", NULL},
    {"create, not found",
     {"create", "h/gone"},
     NULL,
     5,
     NULL,
     "hvsnap: h/gone: no VM 'gone'\nhint: hvsnap vms"},
    {"create, busy", {"create", "h/busy"}, NULL, 9, NULL, "another operation"},
    {"create, no rights", {"create", "h/denied"}, NULL, 4, NULL, "access denied"},
    {"create, lost",
     {"create", "h/lost"},
     NULL,
     12,
     NULL,
     "before you repeat it, look with hvsnap list 'h/lost'"},
    {"create, late", {"create", "h/late"}, NULL, 8, NULL, "goes on with job 11111111"},
    {"some failed", {"create", "h/v", "g/busy"}, NULL, 3, "h     v", "1 of 2 failed"},
    {"all failed alike", {"create", "h/busy", "g/busy"}, NULL, 9, NULL, "2 of 2 failed"},
    {"all failed, not alike",
     {"create", "h/busy", "g/gone"},
     NULL,
     1,
     NULL,
     "2 of 2 fail"},
    {"as JSON",
     {"create", "h/v", "h/busy", "-ojson"},
     NULL,
     3,
     "\"class\": \"partial\"",
     "busy"},
    {"as lines",
     {"create", "h/v", "-ondjson"},
     NULL,
     0,
     "{\"schema\":\"hvsnap/v1\",\"command\":\"create\",\"event\":\"done\",\"host\"",
     NULL},

    {"list", {"list", "h/"}, NULL, 0, "web1  \u65e5\u672c\u8a9e  2", NULL},
    {"list, -H alone", {"list", "-H", "h"}, NULL, 0, "web1  base", NULL},
    {"list, wide", {"list", "h/", "-owide"}, NULL, 0, "PARENT", NULL},
    {"list, ids", {"list", "h/", "-oname"}, NULL, 0, ID_ONE "\n" ID_TWO "\n", NULL},
    {"list, two hosts", {"list", "h/", "g/"}, NULL, 0, "\ng     web1", NULL},
    {"list, tree", {"list", "h/", "--tree"}, NULL, 0, "* you are here", NULL},
    {"list, escaped", {"list", "h/evil"}, NULL, 0, "\\x1B[2J\\u{202E}\\xFF", NULL},
    {"list, escaped JSON",
     {"list", "h/evil", "-ojson"},
     NULL,
     0,
     "\\\\x1B[2J\\\\u{202E}\\\\xFF",
     NULL},
    {"vms", {"vms", "h/"}, NULL, 0, "web1  running  1d 03:46  2", NULL},
    {"vms, blind", {"vms", "blind@h/"}, NULL, 0, "VM", "may lack the rights"},
    {"restore", {"restore", "h/v", "a", "-y"}, NULL, 0, "done     off    a", "'base'"},
    {"restore, lost",
     {"restore", "h/v", "lost", "-y"},
     NULL,
     12,
     NULL,
     "look with hvsna"},
    {"restore, unasked", {"restore", "h/v", "a"}, NULL, 11, NULL, "hint: give --yes"},
    {"delete", {"delete", "h/v", "a"}, NULL, 0, "done     a", NULL},
    {"delete, some", {"delete", "h/v", "a", "gone"}, NULL, 3, "done", "h/v: gone: no VM"},
    {"delete, a tree",
     {"delete", "h/v", "a", "--subtree"},
     NULL,
     0,
     "web1  done     below",
     NULL},
    {"twice", {"create", "h/v", "g/v", "h/v"}, NULL, 2, NULL, "'h/v' is given twice"},
    {"in order",
     {"create", "h/v", "h/late", "g/w", "-oname"},
     NULL,
     3,
     ID_TWO "\n" ID_TWO,
     "1 of 3"},
    {"one at a time",
     {"create", "h/v", "h/w", "--per-host", "1", "-oname"},
     NULL,
     0,
     ID_TWO "\n" ID_TWO,
     NULL},
    {"events",
     {"create", "h/v", "-ondjson"},
     NULL,
     0,
     "\"event\":\"started\",\"host\":\"h\",\"target\":\"h/v\"}",
     NULL},
    {"events of progress",
     {"create", "h/v", "-ondjson"},
     NULL,
     0,
     "\"phase\":\"job\",\"percent\":50,",
     NULL},
    {"the event that it failed",
     {"create", "h/busy", "-ondjson"},
     NULL,
     9,
     "\"event\":\"failed\",\"host\":\"h\",\"vm\"",
     "another operation"},
    {"doctor", {"doctor", "h"}, NULL, 0, "vms       pass    2 VMs", NULL},
    {"doctor, blind", {"doctor", "blind@h"}, NULL, 4, "vms       fail", NULL},
    {"doctor, ranked",
     {"doctor", "blind@h"},
     NULL,
     4,
     "likely: 1. no rights\n                          2. no VMs\n",
     NULL},
    {"doctor, what to do",
     {"doctor", "blind@h"},
     NULL,
     4,
     "try: give rights\n                  here: hvsnap doctor 'h'\n"
     "                  on the host: Add-LocalGroupMember x\n",
     NULL},
    {"doctor, other ways", {"doctor", "h", "--all"}, NULL, 0, "\nbasic     pass", NULL},
    {"doctor, no report",
     {"doctor", "h", "--report", "/nonexistent/report"},
     NULL,
     2,
     "vms",
     "cannot write '/nonexistent/report'"},
    {"doctor, JSON",
     {"doctor", "-H", "h", "-ojson"},
     NULL,
     0,
     "\"verdict\": \"pass\"",
     NULL},
    {"trace",
     {"list", "h/", "--trace"},
     NULL,
     0,
     "base",
     "> <s:Envelope>\n>   <s:Body/>"},
    {"insecure warns",
     {"list", "h/", "--insecure", "-q"},
     NULL,
     0,
     "base",
     "warning: --inse"},
    {"no more time", {"create", "h/v", "-t0"}, NULL, 0, "auto", NULL},
};

/* Progress aside. */
static bool only_progress(const char *text)
{
    static const char *const told[] = {": looking", ": asking", ": the host works",
                                       ": reading"};
    size_t i, len;

    for (; *text; text += len + 1) {
        len = strcspn(text, "\n");
        for (i = 0; i < COUNT(told); i++) {
            const char *at = strstr(text, told[i]);

            if (at && at < text + len)
                break;
        }
        if (i == COUNT(told))
            return false;
    }
    return true;
}

static void test_run(void **state)
{
    const struct run_case *row = *state;
    struct result result;

    run_program(row->args, row->env, &result);
    if (result.status != row->status)
        fail_msg("status %d, not %d: %s", result.status, row->status, result.err);
    if (!row->out)
        assert_string_equal(result.out, "");
    else if (!strstr(result.out, row->out))
        fail_msg("'%s' is not in '%s'", row->out, result.out);
    if (!row->err && !only_progress(result.err))
        fail_msg("nothing was due on stderr: '%s'", result.err);
    if (row->err && !strstr(result.err, row->err))
        fail_msg("'%s' is not in '%s'", row->err, result.err);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_run);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
