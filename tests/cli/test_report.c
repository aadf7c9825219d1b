#include "support/test.h"

#include "cli/report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct hide_case {
    const char *label;
    const char *before, *after; /* JSON */
};

static const char *const names[] = {"hv01.corp", "hv01", "CORP\\ops", "ops",
                                    "x",         "",     NULL};

static const struct hide_case cases[] = {
    {"a name", "[\"at hv01 now\"]", "[\"at (hidden) now\"]"},
    {"in either case", "[\"HV01\"]", "[\"(hidden)\"]"},
    {"the longer one first", "[\"hv01.corp\"]", "[\"(hidden)\"]"},
    {"twice", "[\"hv01,hv01\"]", "[\"(hidden),(hidden)\"]"},
    {"with its domain", "[\"'CORP\\\\ops'\"]", "[\"'(hidden)'\"]"},
    {"not within a word", "[\"operations, drops, hv012\"]",
     "[\"operations, drops, hv012\"]"},
    {"not one of one sign", "[\"x\"]", "[\"x\"]"},
    {"deep down", "{\"a\":{\"b\":[1,\"ops\",null]}}",
     "{\"a\":{\"b\":[1,\"(hidden)\",null]}}"},
    {"keys stay", "{\"hv01\":\"hv01\"}", "{\"hv01\":\"(hidden)\"}"},
};

static void test_hide(void **state)
{
    const struct hide_case *row = *state;
    json_t *document = json_loads(row->before, 0, NULL);
    char *text;

    assert_non_null(document);
    report_hide(&document, names);
    text = json_dumps(document, JSON_COMPACT);
    assert_string_equal(text, row->after);
    free(text);
    json_decref(document);
}

/* For nobody else's eyes, and anew each time. */
static void test_write(void **state)
{
    char path[] = "/tmp/hvsnap-test-XXXXXX", text[100];
    json_t *document = json_pack("{s:s}", "a", "b");
    struct hvs_error err = {0};
    struct stat st;
    FILE *file;
    size_t len;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    unlink(path);
    assert_int_equal(report_write(document, path, &err), 0);
    assert_int_equal(report_write(document, path, &err), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    file = fopen(path, "r");
    assert_non_null(file);
    len = fread(text, 1, sizeof(text) - 1, file);
    text[len] = '\0';
    fclose(file);
    unlink(path);
    assert_string_equal(text, "{\n  \"a\": \"b\"\n}\n");
    json_decref(document);
}

static void test_no_file(void **state)
{
    json_t *document = json_object();
    struct hvs_error err = {0};

    (void)state;
    assert_int_equal(report_write(document, "/nonexistent/report", &err), -1);
    assert_err(&err, HVS_USAGE, "cannot write '/nonexistent/report'");
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest more[] = {cmocka_unit_test(test_write),
                                      cmocka_unit_test(test_no_file)};
    struct CMUnitTest tests[COUNT(cases)];
    int failed;

    CASES(tests, cases, test_hide);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(more, NULL, NULL);
}
