#include "support/test.h"

#include "base/err.h"
#include "cli/json.h"
#include "cli/output.h"

#include <stdlib.h>
#include <string.h>

struct output_case {
    const char *label;
    enum output_format format;
    unsigned items;
    bool fails;
    const char *text;
};

#define HEAD "{\"schema\":\"hvsnap/v1\",\"command\":\"list\""
#define DONE ",\"event\":\"done\""
#define ERROR \
    "\"error\":{\"class\":\"usage\",\"exit\":2,\"domain\":\"usage\",\"code\":0," \
    "\"message\":\"no\\u001B[2J\",\"hint\":null,\"detail\":null}"

/* Blanks do not count. */
static const struct output_case cases[] = {
    {"json, nothing", OUTPUT_JSON, 0, false, HEAD ",\"hosts\":[]}"},
    {"json, two", OUTPUT_JSON, 2, false, HEAD ",\"hosts\":[{\"n\":0},{\"n\":1}]}"},
    {"json, failed", OUTPUT_JSON, 0, true, HEAD ",\"hosts\":[]," ERROR "}"},
    {"json, one and failed", OUTPUT_JSON, 1, true,
     HEAD ",\"hosts\":[{\"n\":0}]," ERROR "}"},
    {"ndjson, nothing", OUTPUT_NDJSON, 0, false, ""},
    {"ndjson, two", OUTPUT_NDJSON, 2, false, HEAD DONE ",\"n\":0}" HEAD DONE ",\"n\":1}"},
    {"ndjson, failed", OUTPUT_NDJSON, 0, true, HEAD ",\"event\":\"failed\"," ERROR "}"},
    {"ndjson, one and failed", OUTPUT_NDJSON, 1, true, HEAD DONE ",\"n\":0}"},
    {"table, nothing", OUTPUT_TABLE, 0, false, "A"},
    {"table, failed", OUTPUT_TABLE, 0, true, ""},
    {"name", OUTPUT_NAME, 0, true, ""},
};

static void squeeze(char *text)
{
    char *to = text;

    for (; *text; text++) {
        if (*text != ' ' && *text != '\n')
            *to++ = *text;
    }
    *to = '\0';
}

static void test_output(void **state)
{
    const struct output_case *row = *state;
    const char *const headings[] = {"A"};
    struct hvs_error failure = {0}, err = {0};
    struct output out;
    char *text = NULL;
    size_t size;
    unsigned i;
    FILE *file = open_memstream(&text, &size);

    assert_non_null(file);
    output_open(&out, row->format, file, "list", "hosts");
    if (row->format == OUTPUT_TABLE)
        table_start(&out.table, headings, 1);
    for (i = 0; i < row->items; i++)
        output_item(&out, json_pack("{s:i}", "n", (int)i));
    if (row->fails)
        hvs_err_set(&failure, HVS_USAGE, 0, "no\033[2J");
    assert_int_equal(output_end(&out, &failure, &err), 0);
    output_clear(&out);
    fclose(file);
    squeeze(text);
    assert_string_equal(text, row->text);
    free(text);
}

static json_t *number(const void *arg, size_t i)
{
    return json_integer(*(const int *)arg + (json_int_t)i);
}

static json_t *word(const void *arg, size_t i)
{
    return i < 1 ? json_pack("{s:s}", "w", arg) : NULL; /* as without memory */
}

struct array_case {
    const char *label;
    enum output_format format;
    size_t numbers, words;
    const char *text; /* NULL: memory ran out */
};

#define ITEM_HEAD \
    "{\n  \"schema\": \"hvsnap/v1\",\n  \"command\": \"list\",\n  \"hosts\": ["

/* Every blank counts. */
static const struct array_case array_cases[] = {
    {"empty ones", OUTPUT_JSON, 0, 0,
     ITEM_HEAD
     "\n    {\n      \"a\": 1,\n      \"n\": [],\n      \"w\": [],\n"
     "      \"z\": {\n        \"y\": []\n      }\n    }\n  ],\n  \"m\": 5\n}\n"},
    {"long ones", OUTPUT_JSON, 2, 1,
     ITEM_HEAD
     "\n    {\n      \"a\": 1,\n      \"n\": [\n        7,\n        8\n      ],\n"
     "      \"w\": [\n        {\n          \"w\": \"x\\n\\u202E\"\n        }\n"
     "      ],\n      \"z\": {\n        \"y\": []\n      }\n    }\n  ],\n"
     "  \"m\": 5\n}\n"},
    {"in a line", OUTPUT_NDJSON, 2, 1,
     HEAD DONE
     ",\"a\":1,\"n\":[7,8],\"w\":[{\"w\":\"x\\n\\u202E\"}],\"z\":{\"y\":[]}}\n" HEAD
     ",\"event\":\"m\",\"n\":5}\n"},
    {"without memory", OUTPUT_JSON, 2, 2, NULL},
    {"without memory, in a line", OUTPUT_NDJSON, 2, 2, NULL},
};

static void test_arrays(void **state)
{
    const struct array_case *row = *state;
    const int seven = 7;
    const struct output_array arrays[] = {{"n", row->numbers, number, &seven},
                                          {"w", row->words, word, "x\n\u202e"},
                                          {0}};
    struct hvs_error failure = {0}, err = {0};
    struct output out;
    json_t *document;
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);

    assert_non_null(file);
    output_open(&out, row->format, file, "list", "hosts");
    output_item_of(&out,
                   json_pack("{s:i,s:[],s:[],s:{s:[]}}", "a", 1, "n", "w", "z", "y"),
                   arrays);
    if (row->format == OUTPUT_JSON)
        output_member(&out, "m", json_integer(5));
    else
        output_member(&out, "m", json_pack("{s:i}", "n", 5));
    assert_int_equal(output_end(&out, &failure, &err), row->text ? 0 : -1);
    output_clear(&out);
    fclose(file);
    if (row->text) {
        assert_string_equal(text, row->text);
    } else {
        document = json_loads(text, 0, NULL); /* half a result is none */
        assert_null(document);
    }
    free(text);
}

/* A full disk is noticed. */
static void test_full(void **state)
{
    FILE *full = fopen("/dev/full", "w");
    struct hvs_error failure = {0}, err = {0};
    struct output out;

    (void)state;
    if (!full)
        skip();
    output_open(&out, OUTPUT_JSON, full, "list", "hosts");
    assert_int_equal(output_end(&out, &failure, &err), -1);
    assert_err(&err, HVS_SYSTEM, "cannot write the result: No space left");
    assert_int_equal(err.class_, HVS_CLASS_FAILED);
    output_clear(&out);
    fclose(full);
}

struct time_case {
    const char *label;
    int64_t ms;
    const char *utc;
};

static const struct time_case times[] = {
    {"the epoch", 0, "1970-01-01T00:00:00Z"},
    {"a part of a second is cut", 1700000000999, "2023-11-14T22:13:20Z"},
    {"before the epoch", -1, "1969-12-31T23:59:59Z"},
    {"after 2038", INT64_C(4102444800000), "2100-01-01T00:00:00Z"},
    {"not told", HVS_TIME_NONE, ""},
};

static void test_time(void **state)
{
    const struct time_case *row = *state;
    char buf[32];

    assert_string_equal(time_utc(row->ms, buf), row->utc);
}

/* Text that is no UTF-8 does not keep a document from being written. */
static void test_text(void **state)
{
    json_t *text = json_text("a\xff"), *none = json_text(NULL), *empty = json_text("");

    (void)state;
    assert_string_equal(json_string_value(text), "a\\xFF");
    assert_true(json_is_null(none));
    assert_string_equal(json_string_value(empty), "");
    json_decref(text);
    json_decref(empty);
    empty = json_text_or_null("");
    assert_true(json_is_null(empty));
}

static void test_snapshot(void **state)
{
    char id[] = "ID", name[] = "n \"1\"", notes[] = "", key[] = "k", value[] = "v";
    struct hvs_label label = {key, value};
    struct hvs_snapshot s = {.id = id, .name = name, .vm_id = id, .vm_name = name};
    json_t *json;
    char *text;

    (void)state;
    s.notes = notes;
    s.created_ms = 0;
    s.current = true;
    s.labels = &label;
    s.label_count = 1;
    s.expires_ms = HVS_TIME_NONE;
    json = json_snapshot(&s);
    text = json_dumps(json, JSON_COMPACT);
    assert_string_equal(
        text,
        "{\"id\":\"ID\",\"name\":\"n \\\"1\\\"\",\"vm_id\":\"ID\","
        "\"vm_name\":\"n \\\"1\\\"\",\"parent_id\":null,"
        "\"created\":\"1970-01-01T00:00:00Z\",\"kind\":\"user\",\"type\":\"unknown\","
        "\"current\":true,\"saved_state\":false,\"notes\":\"\",\"labels\":"
        "{\"k\":\"v\"},\"expires\":null}");
    free(text);
    json_decref(json);
    assert_true(json_is_null(json_snapshot(NULL)));
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)], arrays[COUNT(array_cases)], time[COUNT(times)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_snapshot),
    };
    int failed;

    CASES(tests, cases, test_output);
    CASES(arrays, array_cases, test_arrays);
    CASES(time, times, test_time);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    failed += cmocka_run_group_tests(arrays, NULL, NULL);
    failed += cmocka_run_group_tests(time, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
