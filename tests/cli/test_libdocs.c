/* The manual of the library against its headers and the examples. */
#include "support/test.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char page[] = "docs/libhvsnap.3";

/* Add a file to a text, which is yours to free. */
static char *add_file(char *text, const char *path)
{
    size_t before = text ? strlen(text) : 0, len;
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    text = realloc(text, before + 200000);
    assert_non_null(text);
    len = fread(text + before, 1, 199999, file);
    text[before + len] = '\0';
    fclose(file);
    return text;
}

/* Do something for each file of a folder whose name ends so. */
static size_t each_file(const char *folder, const char *end,
                        void (*fn)(const char *name, const char *path, void *arg),
                        void *arg)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    char path[512];
    size_t count = 0, len;

    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        len = strlen(entry->d_name);
        if (len < strlen(end) || strcmp(entry->d_name + len - strlen(end), end) != 0)
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        fn(entry->d_name, path, arg);
        count++;
    }
    closedir(dir);
    return count;
}

/* "hvs_client_open out opts err": its name, and those of its parameters, of the text that
 * follows "hvs_client_open(". */
static void prototype(char *out, size_t size, const char *name, const char *params)
{
    size_t len = strcspn(params, ")"), word;
    const char *end = params + len, *at, *last;

    snprintf(out, size, "%s", name);
    for (at = params; at < end; at += strcspn(at, ",)") + 1) {
        last = at + strcspn(at, ",)[");
        for (word = 0; last > at && strchr("abcdefghijklmnopqrstuvwxyz_", last[-1]);
             word++)
            last--;
        if (word != 4 || strncmp(last, "void", 4) != 0)
            snprintf(out + strlen(out), size - strlen(out), " %.*s", (int)word, last);
    }
}

/* The section of a header, up to the next one. Yours to free. */
static char *section_of(const char *text, const char *header)
{
    char title[64];
    const char *at, *end;

    snprintf(title, sizeof(title), "\n.Ss <hvsnap/%s>\n", header);
    at = strstr(text, title);
    if (!at)
        fail_msg("%s has no section about %s", page, header);
    at += strlen(title);
    end = strstr(at, "\n.S");
    assert_non_null(end);
    return strndup(at, (size_t)(end - at) + 1);
}

/* Every function of a header is in its section, with its parameters. */
static void check_header(const char *header, const char *path, void *arg)
{
    char *text = add_file(NULL, path), *section = section_of(arg, header), *at;
    char name[80], line[400] = "\n", want[sizeof(line) + 8];

    for (at = text; (at = strstr(at, "\nHVS_API "));) {
        char *end = strchr(++at, '('), *start;

        assert_non_null(end);
        for (start = end; start > at && !strchr(" *", start[-1]);)
            start--;
        snprintf(name, sizeof(name), "%.*s", (int)(end - start), start);
        prototype(line, sizeof(line), name, end + 1);
        snprintf(want, sizeof(want), ".It Fn %s\n", line);
        if (!strstr(section, want))
            fail_msg("'%.*s' is not in the section of %s", (int)strlen(want) - 1, want,
                     header);
    }
    free(section);
    free(text);
}

static void test_headers(void **state)
{
    char *text = add_file(NULL, page);

    (void)state;
    assert_true(each_file("include/hvsnap", ".h", check_header, text) >= 8);
    free(text);
}

/* Every symbol is there, and nothing that is none. */
static void test_symbols(void **state)
{
    char *text = add_file(NULL, page);
    char *symbols = add_file(NULL, "tests/support/symbols.txt"), *save, *name;
    size_t count = 0, there = 0;
    char *at;

    (void)state;
    for (name = strtok_r(symbols, "\n", &save); name;
         name = strtok_r(NULL, "\n", &save), count++) {
        char want[100];
        size_t len = (size_t)snprintf(want, sizeof(want), "\n.It Fn %s", name);

        at = strstr(text, want);
        while (at && !strchr(" \n", at[len]))
            at = strstr(at + 1, want);
        if (!at)
            fail_msg("%s has no '%s'", page, name);
    }
    for (at = text; (at = strstr(at, "\n.It Fn ")); at++)
        there++;
    assert_int_equal(there, count);
    free(symbols);
    free(text);
}

static void add_example(const char *name, const char *path, void *arg)
{
    char **code = arg;

    (void)name;
    *code = add_file(*code, path);
}

/* What the page shows as code stands in contrib/examples, which are compiled and run. */
static void test_examples(void **state)
{
    char *text = add_file(NULL, page), *code = NULL, *save = NULL, *line, *escape;
    bool literal = false;
    size_t count = 0;

    (void)state;
    each_file("contrib/examples", ".c", add_example, &code);
    for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        if (*line == '.') {
            literal = strncmp(line, ".Bd -literal", 12) == 0;
            continue;
        }
        while ((escape = strstr(line, "\\e")))
            memmove(escape + 1, escape + 2, strlen(escape + 2) + 1);
        line += strspn(line, " ");
        if (literal && !strstr(code, line))
            fail_msg("no example has '%s'", line);
        count += literal;
    }
    assert_true(count > 20);
    free(code);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_symbols),
        cmocka_unit_test(test_examples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
