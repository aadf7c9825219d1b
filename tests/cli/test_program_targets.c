/* Targets out of files, for commands of every kind. */
#include "cli/run_program.h"

#include <fcntl.h>
#include <stdio.h>

struct run_case {
    const char *label;
    const char *text;           /* of FILE, and of standard input */
    const char *args[MAX_ARGS]; /* "FILE" stands for its path */
    bool env;                   /* FILE is the inventory by HVSNAP_INVENTORY */
    int status;
    const char *targets; /* what came out, as "HOST/VM HOST/VM", or a piece of it */
    const char *err;     /* a piece of it; NULL for whatever */
};

#define WIDE "-q", "-owide"
#define INI \
    "[web]\nh/a env=prod\ng/b\n[db]\nh/c env=prod\nd\n[one]\ng/b\n[hosts]\nh/\ng/\n"

static const struct run_case cases[] = {
    {"targets",
     "# x\nh/a\n\ng/b\n",
     {"create", "--targets", "FILE", WIDE},
     false,
     0,
     "h/a g/b",
     NULL},
    {"targets on standard input",
     "h/a\ng/b",
     {"create", "--targets", "-", WIDE},
     false,
     0,
     "h/a g/b",
     NULL},
    {"after the operands",
     "h/a\n",
     {"create", "h/z", "--targets", "FILE", "g/y", WIDE},
     false,
     0,
     "h/z g/y h/a",
     NULL},
    {"names of VMs",
     "x/y\n",
     {"create", "-Hh", "--targets", "FILE", WIDE},
     false,
     0,
     "h/x/y",
     NULL},
    {"whole hosts too",
     "h/\n",
     {"vms", "--targets", "FILE", WIDE},
     false,
     0,
     "h/web1",
     NULL},
    {"one of them wrong",
     "h/a\n\nb\n",
     {"create", "--targets", "FILE"},
     false,
     2,
     "",
     ":3: 'b' may be a host or a VM"},
    {"on standard input",
     "h:x/a\n",
     {"create", "--targets", "-"},
     false,
     2,
     "",
     "hvsnap: create: stdin:1: 'x' is not a port"},
    {"a host where a VM is due",
     "h/a\nh/\n",
     {"create", "--targets", "-"},
     false,
     2,
     "",
     "stdin:2: 'h' names no VM"},
    {"twice",
     "h/a\nH/a\n",
     {"create", "--targets", "-"},
     false,
     2,
     "",
     "stdin:2: 'H/a' is given twice"},
    {"twice, in different places",
     "h/a\n",
     {"create", "h/a", "--targets", "-"},
     false,
     2,
     "",
     "stdin:1: 'h/a' is given twice"},
    {"none", "# x\n", {"create", "--targets", "-"}, false, 2, "", "no target in 'stdin'"},
    {"none is not the whole host",
     "",
     {"list", "-Hh", "--targets", "-"},
     false,
     2,
     "",
     "no target in 'stdin'"},
    {"no such file",
     "",
     {"create", "--targets", "/nonexistent/x"},
     false,
     2,
     "",
     "cannot open '/nonexistent/x'"},
    {"a password as well",
     "h/a\n",
     {"list", "--targets", "-", "--password-fd", "0"},
     false,
     2,
     "",
     "only one of --targets"},
    {"an inventory as well",
     "h/a\n",
     {"list", "--targets", "-", "--inventory", "-", "@all"},
     false,
     2,
     "",
     "only one of --targets, --inventory"},
    {"one fails, the others go on",
     "h/a\nh/gone\ng/b\n",
     {"create", "--targets", "-", WIDE},
     false,
     3,
     "h/a g/b",
     "h/gone: no VM"},

    {"a group",
     INI,
     {"create", "--inventory", "FILE", "@web", WIDE},
     false,
     0,
     "h/a g/b",
     NULL},
    {"on standard input",
     INI,
     {"create", "--inventory", "-", "@web", WIDE},
     false,
     0,
     "h/a g/b",
     NULL},
    {"by the environment", INI, {"create", "@web", WIDE}, true, 0, "h/a g/b", NULL},
    {"a label", INI, {"create", "@env=prod", WIDE}, true, 0, "h/a h/c", NULL},
    {"each once, in the order of the file",
     INI,
     {"create", "@env=prod", "@web", WIDE},
     true,
     0,
     "h/a g/b h/c",
     NULL},
    {"where the first of them stands",
     INI,
     {"create", "h/z", "@one", "h/y", "@web", WIDE},
     true,
     0,
     "h/z h/a g/b h/y",
     NULL},
    {"not what stands beside it",
     INI,
     {"create", "h/a", "@web"},
     true,
     2,
     "",
     ":2: 'h/a' is given twice"},
    {"VMs of -H", INI, {"create", "-Hk", "@db", "@x=y"}, true, 2, "", "bears 'x=y'"},
    {"VMs of -H, others of theirs",
     INI,
     {"create", "-Hk", "@db", "z", WIDE},
     true,
     0,
     "h/c k/d k/z",
     NULL},
    {"VMs of no host", INI, {"create", "@db"}, true, 2, "", ":6: 'd' is on no host"},
    {"a whole host where a VM is due",
     INI,
     {"create", "@hosts"},
     true,
     2,
     "",
     ":10: 'h' names no VM"},
    {"whole hosts", INI, {"vms", "@hosts", WIDE}, true, 0, "h/web1 g/web1", NULL},
    {"VMs of a list", INI, {"list", "@web", WIDE}, true, 0, "h/a g/b", NULL},
    {"not asked for", "[x:y]", {"list", "h/a", WIDE}, true, 0, "h/a", NULL},
    {"not asked for by --host",
     "[x:y]",
     {"list", "-Hh", "a", WIDE},
     true,
     0,
     "h/a",
     NULL},
    {"a mistake in it",
     "\n[x:y]\n",
     {"list", "@x"},
     true,
     2,
     "",
     ":2: [x:y]: no such section"},
    {"no such inventory",
     "",
     {"list", "--inventory", "/nonexistent/x", "@x"},
     true,
     2,
     "",
     "cannot open '/nonexistent/x'"},
    {"nothing asked for", INI, {"list"}, true, 2, "", "@all is all of the inventory"},
    {"no VM asked for", INI, {"create"}, true, 2, "", "@all is all of the inventory"},
    {"in a file of targets",
     "@one\nh/z\n",
     {"create", "--targets", "FILE", "--inventory", "/nonexistent/x"},
     false,
     2,
     "",
     "cannot open '/nonexistent/x'"},

    {"a VM called @x", "", {"create", "-Hh", "@x", WIDE}, false, 0, "h/@x", NULL},
    {"a VM called @@x", "", {"create", "-Hh", "@@x", WIDE}, false, 0, "h/@@x", NULL},
    {"a VM called @x beside an inventory",
     INI,
     {"create", "-Hh", "@@x", WIDE},
     true,
     0,
     "h/@x",
     NULL},
    {"the same, of a host", INI, {"create", "h/@x", WIDE}, true, 0, "h/@x", NULL},
    {"no such group, with -H",
     INI,
     {"create", "-Hh", "@x"},
     true,
     2,
     "",
     "is written with @@"},
    {"no inventory",
     "",
     {"create", "@web"},
     false,
     2,
     "",
     "'@web' is part of no inventory\nhint: give --inventory FILE"},
    {"no inventory for a host",
     "",
     {"doctor", "-Hh", "@web"},
     false,
     2,
     "",
     "'@web' is part of no inventory"},

    {"delete", INI, {"delete", "@one", "s", WIDE}, true, 0, "g/web1", NULL},
    {"delete, of two VMs",
     INI,
     {"delete", "@web", "s"},
     true,
     2,
     "",
     "one VM at a time, not 2"},
    {"delete, of a file",
     "h/a\n",
     {"delete", "--targets", "-", "s", "t", WIDE},
     false,
     0,
     "h/web1 h/web1",
     NULL},
    {"delete, of a file with two",
     "h/a\nh/b\n",
     {"delete", "--targets", "-", "s"},
     false,
     2,
     "",
     "one VM at a time, not 2"},
    {"delete nothing of a file",
     "h/a\n",
     {"delete", "--targets", "-"},
     false,
     2,
     "",
     "which snapshot?"},
    {"restore", INI, {"restore", "@one", "s", "-y", WIDE}, true, 0, "g/web1", NULL},
    {"restore, of a file",
     "h/a\n",
     {"restore", "--targets", "-", "s", "-y", WIDE},
     false,
     0,
     "h/web1",
     NULL},
    {"restore, of a file, two",
     "h/a\n",
     {"restore", "--targets", "-", "s", "t", "-y"},
     false,
     2,
     "",
     "a VM goes back to one snapshot"},
    {"doctor", INI, {"doctor", "@one", "-ojson"}, true, 0, "\"host\": \"g\"", NULL},
    {"doctor, one host of several VMs",
     INI,
     {"doctor", "@env=prod", "-ojson"},
     true,
     0,
     "\"host\": \"h\"",
     NULL},
    {"doctor, two hosts",
     INI,
     {"doctor", "@web"},
     true,
     2,
     "",
     "one host at a time, not 2"},
    {"doctor, of a file",
     "bob@h\n",
     {"doctor", "--targets", "-", "-ojson"},
     false,
     0,
     "\"host\": \"h\"",
     NULL},
    {"show", INI, {"show", "@one", "s", "-ojson"}, true, 0, "\"host\": \"g\"", NULL},
    {"show two, of a file",
     "h/a\n",
     {"show", "--targets", "-", "s", "t"},
     false,
     2,
     "",
     "one snapshot"},
    {"set",
     INI,
     {"set", "@one", "s", "--notes", "x", "-ojson"},
     true,
     0,
     "\"host\": \"g\"",
     NULL},
    {"wait",
     INI,
     {"wait", "@env=prod", "j1", "-ojson"},
     true,
     0,
     "\"host\": \"h\"",
     NULL},
    {"wait, of two hosts",
     INI,
     {"wait", "@web", "j1"},
     true,
     2,
     "",
     "one host at a time, not 2"},
    {"wait, of a file",
     "h\n",
     {"wait", "--targets", "-", "j1", "-ojson"},
     false,
     0,
     "\"host\": \"h\"",
     NULL},
    {"wait for nothing, of a file",
     "h\n",
     {"wait", "--targets", "-"},
     false,
     2,
     "",
     "which job?"},
    {"a job called @one",
     INI,
     {"wait", "-Hh", "@one", "-ojson"},
     true,
     0,
     "\"@one\"",
     NULL},
    {"guard", INI, {"guard", "@one", "--", "true"}, true, 0, "", "g/b: "},
    {"guard, of a file",
     "h/a\n",
     {"guard", "--targets", "-", "--", "true"},
     false,
     0,
     "",
     "h/a: "},
    {"guard, of two",
     INI,
     {"guard", "@web", "--", "true"},
     true,
     125,
     "",
     "one VM at a time, not 2"},
};

/* "h/a g/b": the first two columns of each line, once for a run of snapshots. The
 * pretend library calls a VM "web1" where it only has its id. */
static void read_table(const char *text, char *out, size_t size)
{
    char host[40], vm[40], before[100] = "", now[100];
    size_t len = 0;

    *out = '\0';
    while ((text = strchr(text, '\n')) && *++text) {
        size_t one = strcspn(text, " "), gap = strspn(text + one, " ");

        snprintf(host, sizeof(host), "%.*s", (int)one, text);
        snprintf(vm, sizeof(vm), "%.*s", (int)strcspn(text + one + gap, " "),
                 text + one + gap);
        snprintf(now, sizeof(now), "%s/%s", host, vm);
        if (strcmp(now, before) != 0 || strstr(text, "done"))
            len += (size_t)snprintf(out + len, size - len, "%s%s", len ? " " : "", now);
        memcpy(before, now, sizeof(before));
    }
}

static void check(const struct run_case *row, const struct result *result)
{
    char targets[1000];

    if (result->status != row->status)
        fail_msg("status %d, not %d: %s", result->status, row->status, result->err);
    if (row->err && !strstr(result->err, row->err))
        fail_msg("'%s' is not in '%s'", row->err, result->err);
    if (*row->targets == '"') {
        assert_non_null(strstr(result->out, row->targets));
        return;
    }
    read_table(result->out, targets, sizeof(targets));
    assert_string_equal(targets, row->targets);
}

static void test_run(void **state)
{
    const struct run_case *row = *state;
    char path[] = "/tmp/hvsnap-test-XXXXXX", env[60];
    const char *args[MAX_ARGS] = {NULL};
    int fd = mkstemp(path), before = dup(STDIN_FILENO), i;
    struct result result;

    assert_true(fd >= 0 && before >= 0);
    assert_int_equal(write(fd, row->text, strlen(row->text)), strlen(row->text));
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
    close(fd);
    for (i = 0; i < MAX_ARGS && row->args[i]; i++)
        args[i] = strcmp(row->args[i], "FILE") == 0 ? path : row->args[i];
    snprintf(env, sizeof(env), "HVSNAP_INVENTORY=%s", path);
    run_program(args, row->env ? env : NULL, &result);
    dup2(before, STDIN_FILENO);
    close(before);
    unlink(path);
    check(row, &result);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_run);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
