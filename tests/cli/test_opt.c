#include "support/test.h"

#include "cli/opt.h"
#include "cli/settings.h"

#include <stdlib.h>
#include <string.h>

struct args {
    const char *name;
    bool detach;
};

static const struct opt rows[] = {
    OPT(struct args, name, 'n', "name", "TEXT", "name it"),
    OPT(struct args, detach, 'd', "detach", NULL, "leave it"),
    OPT_END,
};

#define MAX_ARGS 8

struct parse_case {
    const char *label;
    const char *argv[MAX_ARGS]; /* after the command's name */
    const char *operands;       /* joined by '|'; NULL when parsing fails */
    const char *name;
    bool detach;
    const char *error;
};

static const struct parse_case cases[] = {
    {"nothing", {NULL}, "", NULL, false, NULL},
    {"operands alone", {"a", "b"}, "a|b", NULL, false, NULL},
    {"long with a space", {"--name", "x", "a"}, "a", "x", false, NULL},
    {"long with =", {"--name=x=y"}, "", "x=y", false, NULL},
    {"long with nothing after =", {"--name="}, "", "", false, NULL},
    {"letter with a space", {"-n", "x"}, "", "x", false, NULL},
    {"letter with its value", {"-nx"}, "", "x", false, NULL},
    {"letters in a bunch", {"-dn", "x"}, "", "x", true, NULL},
    {"a bunch that ends in a value", {"-dnx"}, "", "x", true, NULL},
    {"options after operands", {"a", "-d", "b", "--name", "x"}, "a|b", "x", true, NULL},
    {"-- ends options", {"-d", "--", "-n", "--name"}, "-n|--name", NULL, true, NULL},
    {"-- as a value", {"--name", "--", "a"}, "a", "--", false, NULL},
    {"a dash is an operand", {"-", "-d"}, "-", NULL, true, NULL},
    {"the last one wins", {"-nx", "-ny"}, "", "y", false, NULL},
    {"the other set", {"-q", "--port", "1"}, "", NULL, false, NULL},
    {"unknown name", {"--nam", "x"}, NULL, NULL, false, "no option '--nam'"},
    {"unknown letter", {"-dx"}, NULL, NULL, true, "no option '-x'"},
    {"a flag with a value", {"--detach=1"}, NULL, NULL, false, "takes no value"},
    {"value missing", {"--name"}, NULL, NULL, false, "--name wants TEXT"},
    {"value of a letter missing", {"-n"}, NULL, NULL, false, "--name wants TEXT"},
    {"goes on after a mistake", {"-x", "-d"}, NULL, NULL, true, "no option '-x'"},
    {"no number", {"--port", "80x"}, NULL, NULL, false, "wants a number, not '80x'"},
    {"negative number", {"--port=-1"}, NULL, NULL, false, "wants a number"},
    {"huge number", {"--port=4294967296"}, NULL, NULL, false, "wants a number"},
    {"no such word", {"-o", "xml"}, NULL, NULL, false, "table|wide|name|json|ndjson"},
    {"part of a word", {"-o", "js"}, NULL, NULL, false, "not 'js'"},
    {"two words", {"-o", "json|ndjson"}, NULL, NULL, false, "wants one of"},
};

static void test_parse(void **state)
{
    const struct parse_case *row = *state;
    struct args args = {0};
    struct settings settings = SETTINGS_INIT;
    struct opt_set sets[] = {{.rows = rows, .into = &args},
                             {.rows = setting_rows, .into = &settings}};
    char *argv[MAX_ARGS + 1] = {(char *)(uintptr_t) "create"};
    struct hvs_error err = {0};
    char joined[200] = "";
    int argc = 1, count, i;

    while (argc <= MAX_ARGS && row->argv[argc - 1]) {
        argv[argc] = (char *)(uintptr_t)row->argv[argc - 1];
        argc++;
    }
    count = opt_parse(sets, 2, argc, argv, &err);
    if (row->error) {
        assert_int_equal(count, -1);
        assert_err(&err, HVS_USAGE, row->error);
    } else {
        assert_int_equal(err.domain, HVS_OK);
        for (i = 1; i <= count; i++)
            snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "%s%s",
                     i > 1 ? "|" : "", argv[i]);
        assert_string_equal(joined, row->operands);
        if (count + 1 < argc)
            assert_null(argv[count + 1]);
    }
    assert_int_equal(args.detach, row->detach);
    if (row->name)
        assert_string_equal(args.name, row->name);
    else
        assert_null(args.name);
}

struct time_case {
    const char *text;
    int64_t ms; /* -1 for an error */
};

static const struct time_case times[] = {
    {"0", 0},        {"90", 90000},
    {"90s", 90000},  {"5m", 300000},
    {"2h", 7200000}, {"1d", -1},
    {"", -1},        {"s", -1},
    {"-1", -1},      {"1.5h", -1},
    {"5mm", -1},     {"5 m", -1},
    {" 5", -1},      {"+5", -1},
    {"0x10", -1},    {"1193h", 4294800000},
    {"1194h", -1},   {"4294967", 4294967000},
    {"4294968", -1}, {"99999999999999999999", -1},
};

static void test_time(void **state)
{
    const struct time_case *row = *state;
    struct settings settings = SETTINGS_INIT;
    const struct opt *opt = opt_find(setting_rows, "timeout");
    struct hvs_error err = {0};
    int rc = opt_store(opt, "--timeout", row->text, &settings, &err);

    assert_int_equal(rc, row->ms < 0 ? -1 : 0);
    assert_int_equal(settings.timeout, row->ms);
    if (row->ms < 0)
        assert_err(&err, HVS_USAGE, "--timeout wants a time");
}

/* What is set already stays; what is not comes from the next layer. */
static void test_layers(void **state)
{
    struct settings upper = SETTINGS_INIT, lower = SETTINGS_INIT;
    struct opt_set to = {.rows = setting_rows, .into = &upper};
    struct opt_set from = {.rows = setting_rows, .into = &lower};
    char *first[] = {(char *)(uintptr_t) "x", (char *)(uintptr_t) "--user=one"};
    char *second[] = {(char *)(uintptr_t) "x", (char *)(uintptr_t) "--user=two",
                      (char *)(uintptr_t) "--port=5985"};
    struct hvs_error err = {0};

    (void)state;
    assert_int_equal(opt_parse(&to, 1, 2, first, &err), 0);
    assert_int_equal(opt_parse(&from, 1, 3, second, &err), 0);
    opt_fill(&to, &from);
    assert_string_equal(upper.user, "one");
    assert_int_equal(upper.port, 5985);
    assert_null(upper.ca_file);
}

static void test_environment(void **state)
{
    struct settings settings = SETTINGS_INIT;
    struct opt_set set = {.rows = setting_rows, .into = &settings};
    struct hvs_error err = {0};

    (void)state;
    setenv("HVSNAP_PASSWORD_FILE", "/run/secret", 1);
    setenv("HVSNAP_AUTH", "ntlm", 1);
    setenv("HVSNAP_USER", "", 1);
    setenv("HVSNAP_INSECURE", "yes", 1);
    assert_int_equal(settings_from_env(&set, &err), 0);
    assert_string_equal(settings.password_file, "/run/secret");
    assert_int_equal(settings.auth, 2);
    assert_null(settings.user);
    assert_false(settings.insecure);
    set.seen = 0;
    setenv("HVSNAP_TIMEOUT", "soon", 1);
    assert_int_equal(settings_from_env(&set, &err), -1);
    assert_err(&err, HVS_USAGE, "HVSNAP_TIMEOUT wants a time");
}

/* Rows are found by bit and printed in 80 columns. */
static void test_rows(void **state)
{
    const struct opt *row, *other;
    FILE *file = tmpfile();
    char line[200];
    size_t count = 0;

    (void)state;
    for (row = setting_rows; row->name; row++, count++) {
        for (other = setting_rows; other < row; other++) {
            assert_string_not_equal(row->name, other->name);
            assert_false(row->letter && row->letter == other->letter);
        }
        assert_true((row->kind == OPT_WORD) == (row->words != NULL));
        assert_true((row->kind == OPT_FLAG) == (row->value == NULL));
    }
    assert_in_range(count, 1, 63);
    assert_non_null(file);
    opt_help(file, setting_rows, 0);
    rewind(file);
    while (fgets(line, sizeof(line), file))
        assert_in_range(strlen(line), 1, 81);
    fclose(file);
}

int main(void)
{
    struct CMUnitTest parse[COUNT(cases)], time[COUNT(times)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_environment),
        cmocka_unit_test(test_rows),
    };
    int failed;

    CASES(parse, cases, test_parse);
    CASES(time, times, test_time);
    failed = cmocka_run_group_tests(parse, NULL, NULL);
    failed += cmocka_run_group_tests(time, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
