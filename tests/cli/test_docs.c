#include "support/test.h"

#include "cli/command.h"
#include "cli/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whole, yours to free; NULL when it is not there. */
static char *read_text(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text;
    size_t len;

    if (!file)
        return NULL;
    text = calloc(1, 200000);
    assert_non_null(text);
    len = fread(text, 1, 199999, file);
    text[len] = '\0';
    fclose(file);
    return text;
}

static void expect(const char *path, const char *text, const char *what)
{
    if (!strstr(text, what))
        fail_msg("'%s' is not in %s", what, path);
}

/* README.md's table of commands is the rows, word for word and in their order. */
static void test_readme(void **state)
{
    const struct command *const *command;
    char line[200], *text = read_text("README.md"), *at;

    (void)state;
    if (!text)
        skip();
    at = strstr(text, "| command | what it does |");
    assert_non_null(at);
    at = strstr(at, "| --- |");
    assert_non_null(at);
    for (command = commands; *command; command++) {
        at = strchr(at, '\n') + 1;
        snprintf(line, sizeof(line), "| `%s` | %s |\n", (*command)->name,
                 (*command)->summary);
        assert_memory_equal(at, line, strlen(line));
    }
    at = strchr(at, '\n') + 1;
    assert_int_not_equal(*at, '|');
    free(text);
}

static void expect_options(const char *text, const struct opt *rows)
{
    const struct opt *row;
    char line[100];

    for (row = rows; row->name; row++) {
        if (row->letter)
            snprintf(line, sizeof(line), ".It Fl %c , Fl -%s", row->letter, row->name);
        else
            snprintf(line, sizeof(line), ".It Fl -%s", row->name);
        expect("docs/hvsnap.1", text, line);
    }
}

/* The manual has every command, option, word and variable. */
static void test_manual(void **state)
{
    const struct command *const *command;
    const struct opt *row;
    char *text = read_text("docs/hvsnap.1"), name[60], *c;

    (void)state;
    assert_non_null(text);
    for (command = commands; *command; command++) {
        snprintf(name, sizeof(name), "\n.It Cm %s ", (*command)->name);
        expect("docs/hvsnap.1", text, name);
        expect_options(text, (*command)->opts);
    }
    expect_options(text, setting_rows);
    for (row = setting_rows; row->name; row++) {
        snprintf(name, sizeof(name), "HVSNAP_%s", row->name);
        for (c = name; *c; c++)
            *c = *c == '-' ? '_' : *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
        assert_int_equal(!!strstr(text, name), !!(row->traits & OPT_ENV));
    }
    free(text);
}

/* The manual of the configuration has every key, and no other. */
static void test_config_manual(void **state)
{
    char *text = read_text("docs/hvsnap.conf.5"), *keys, *key, *next;
    const struct opt *row;
    size_t count = 0;

    (void)state;
    assert_non_null(text);
    for (row = setting_rows; row->name; row++)
        count += (row->traits & OPT_FILE) != 0;
    for (keys = strstr(text, ".It Cm "); keys; keys = strstr(next, ".It Cm ")) {
        next = strchr(keys, '\n');
        assert_non_null(next);
        *next++ = '\0';
        for (key = keys + 7; *key; key += strspn(key, " ,")) {
            char name[40] = "";
            size_t len = strcspn(key, " ");

            snprintf(name, sizeof(name), "%.*s", (int)len, key);
            row = opt_find(setting_rows, name);
            assert_non_null(row);
            assert_true(row->traits & OPT_FILE);
            count--;
            key += len;
        }
    }
    assert_int_equal(count, 0);
    free(text);
}

/* The description of JSON and its schema have every command and every class of error. */
static void test_json(void **state)
{
    static const enum hvs_class classes[] = {HVS_CLASS_FAILED,      HVS_CLASS_USAGE,
                                             HVS_CLASS_PARTIAL,     HVS_CLASS_AUTH,
                                             HVS_CLASS_NOT_FOUND,   HVS_CLASS_CONFLICT,
                                             HVS_CLASS_CONNECT,     HVS_CLASS_DEADLINE,
                                             HVS_CLASS_BUSY,        HVS_CLASS_JOB,
                                             HVS_CLASS_REFUSED,     HVS_CLASS_UNKNOWN,
                                             HVS_CLASS_INTERRUPTED, HVS_CLASS_TERMINATED,
                                             HVS_CLASS_HUNG_UP,     HVS_CLASS_QUIT};
    const struct command *const *command;
    static const char schema[] = "docs/hvsnap-v1.schema.json";
    char *text = read_text("docs/json.md"), *rules = read_text(schema), line[100];
    size_t i;

    (void)state;
    assert_non_null(text);
    assert_non_null(rules);
    for (command = commands; *command; command++) {
        snprintf(line, sizeof(line), "\n## %s\n", (*command)->name);
        expect("docs/json.md", text, line);
        snprintf(line, sizeof(line), "{\"command\": {\"const\": \"%s\"}}",
                 (*command)->name);
        expect(schema, rules, line);
    }
    for (i = 0; i < COUNT(classes); i++) {
        snprintf(line, sizeof(line), "`%s` %d", hvs_class_name(classes[i]),
                 (int)classes[i]);
        expect("docs/json.md", text, line);
        snprintf(line, sizeof(line),
                 "{\"class\": {\"const\": \"%s\"}, \"exit\": {\"const\": %d}}",
                 hvs_class_name(classes[i]), (int)classes[i]);
        expect(schema, rules, line);
    }
    free(text);
    free(rules);
}

/* The guarantees name each fault that is planted to try them. */
static void test_guarantees(void **state)
{
    char *text = read_text("docs/guarantees.md");
    char *planted = read_text("tests/faults/planted.sh"), *at, *end, name[200];
    size_t count = 0;

    (void)state;
    assert_non_null(text);
    assert_non_null(planted);
    for (at = strstr(planted, "\nplant "); at; at = strstr(at, "\nplant ")) {
        at += 7;
        end = strchr(at + 1, *at);
        assert_non_null(end);
        snprintf(name, sizeof(name), "*%.*s*", (int)(end - at - 1), at + 1);
        expect("docs/guarantees.md", text, name);
        count++;
    }
    assert_true(count > 10);
    free(planted);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_readme),        cmocka_unit_test(test_manual),
        cmocka_unit_test(test_config_manual), cmocka_unit_test(test_json),
        cmocka_unit_test(test_guarantees),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
