#include "support/test.h"

#include "cli/command.h"
#include "cli/completion.h"
#include "cli/settings.h"

#include <stdlib.h>
#include <string.h>

/* Whole, yours to free; NULL when there is no such topic. */
static char *script_of(const char *topic)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    bool there;

    assert_non_null(to);
    there = completion_print(to, topic);
    fclose(to);
    if (there)
        return text;
    assert_int_equal(size, 0);
    free(text);
    return NULL;
}

struct shell_case {
    const char *label;
    const char *option;         /* what stands before an option */
    const char *before, *after; /* and around its words */
};

static const struct shell_case cases[] = {
    {"completion-bash", "--", "=(", ") ;;\n"},
    {"completion-zsh", "--", ":(", ")'\n"},
    {"completion-fish", "-l ", " -x -a '", "' "},
};

static void expect(const char *script, const char *text)
{
    if (!strstr(script, text))
        fail_msg("the script has no '%s'", text);
}

static void expect_rows(const char *script, const struct shell_case *shell,
                        const struct opt *row)
{
    char words[200], text[240], *c;

    for (; row->name; row++) {
        snprintf(text, sizeof(text), "%s%s", shell->option, row->name);
        expect(script, text);
        if (!row->words)
            continue;
        snprintf(words, sizeof(words), "%s", row->words);
        for (c = words; *c; c++)
            *c = *c == '|' ? ' ' : *c;
        snprintf(text, sizeof(text), "%s%s%s", shell->before, words, shell->after);
        expect(script, text);
    }
}

/* Every row is in it. What a shell makes of them, tests/e2e/completion.sh asks it. */
static void test_shell(void **state)
{
    const struct shell_case *shell = *state;
    const struct command *const *command;
    char *script = script_of(shell->label);

    assert_non_null(script);
    for (command = commands; *command; command++) {
        expect(script, (*command)->name);
        expect_rows(script, shell, (*command)->opts);
    }
    expect_rows(script, shell, setting_rows);
    free(script);
}

static void test_others(void **state)
{
    (void)state;
    assert_null(script_of("completion-"));
    assert_null(script_of("completion-tcsh"));
    assert_null(script_of("create"));
}

int main(void)
{
    struct CMUnitTest shells[COUNT(cases)];
    const struct CMUnitTest others[] = {cmocka_unit_test(test_others)};
    int failed;

    CASES(shells, cases, test_shell);
    failed = cmocka_run_group_tests(shells, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
