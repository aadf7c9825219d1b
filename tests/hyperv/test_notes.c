#include "support/test.h"

#include "base/buf.h"
#include "hyperv/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID "A0000000-0000-4000-8000-000000000001"
#define OTHER "A0000000-0000-4000-8000-000000000002"
#define FIRST(id) "--- hvsnap: snapshot " id " ---\n"
#define LAST "--- hvsnap: end ---"
#define BLOCK(inside) FIRST(ID) inside LAST
#define EXPIRES "expires: 2026-08-05T14:10:00Z\n"
#define EXPIRES_MS INT64_C(1785939000000)
#define NONE HVS_TIME_NONE

/* What stands in Notes; what of it is the person's; labels; the lifetime's end. */
struct parse_case {
    const char *name;
    const char *text, *own, *labels;
    int64_t expires_ms;
};

static const struct parse_case parse_cases[] = {
    {"nothing", "", "", "", NONE},
    {"a person's text", "Do not delete!\n  Bob\n", "Do not delete!\n  Bob\n", "", NONE},
    {"a block alone", BLOCK("label: team=ops\n" EXPIRES), "", "team=ops ", EXPIRES_MS},
    {"an empty block", BLOCK(""), "", "", NONE},
    {"behind a text", "By Bob.\n" BLOCK("label: a=1\nlabel: b=2\n"), "By Bob.",
     "a=1 b=2 ", NONE},
    {"behind a text that ends a line", "By Bob.\n\n" BLOCK(EXPIRES), "By Bob.\n", "",
     EXPIRES_MS},
    {"before a text", BLOCK("label: a=1\n") "\nBy Bob.", "By Bob.", "a=1 ", NONE},
    {"within a text", "By Bob.\n" BLOCK("label: a=1\n") "\nOr Eve.", "By Bob.\nOr Eve.",
     "a=1 ", NONE},
    {"a line break behind it is the person's", "By Bob.\n" BLOCK("label: a=1\n") "\n",
     "By Bob.\n", "a=1 ", NONE},
    {"lines that Windows has ended",
     "By\r\nBob.\r\n--- hvsnap: snapshot " ID " ---\r\nlabel: a=1\r\n" LAST, "By\r\nBob.",
     "a=1 ", NONE},
    {"a carriage return that is the person's", "By Bob.\r\n" BLOCK("label: a=1\n"),
     "By Bob.\r", "a=1 ", NONE},
    {"blanks behind the lines",
     "--- hvsnap: snapshot " ID " ---  \nlabel: a=x y \t\n" LAST " ", "", "a=x y ", NONE},
    {"an id in lower case",
     FIRST("a0000000-0000-4000-8000-000000000001") "label: a=1\n" LAST, "", "a=1 ", NONE},

    {"another's block does not count",
     "By Bob.\n" FIRST(OTHER) "label: a=1\n" EXPIRES LAST, "By Bob.", "", NONE},
    {"another's, and ours",
     "By Bob.\n" FIRST(OTHER) "label: a=1\n" LAST "\n" BLOCK("label: b=2\n"), "By Bob.",
     "b=2 ", NONE},
    {"ours twice: of two alike the first counts",
     BLOCK("label: a=1\n" EXPIRES) "\n" BLOCK(
         "label: a=2\nlabel: b=2\nexpires: 2030-01-01T00:00:00Z\n"),
     "", "a=1 b=2 ", EXPIRES_MS},
    {"ours within another's",
     FIRST(OTHER) "label: a=1\n" BLOCK("label: b=2\n") "\nlabel: c=3\n" LAST, "", "b=2 ",
     NONE},
    {"another's within ours",
     FIRST(ID) "label: a=1\n" FIRST(OTHER) "label: b=2\n" LAST "\nlabel: c=3\n" LAST, "",
     "a=1 c=3 ", NONE},

    {"no end", "By Bob.\n" FIRST(ID) "label: a=1\n", "By Bob.\n" FIRST(ID) "label: a=1\n",
     "", NONE},
    {"cut in its last line", FIRST(ID) "label: a=1\n--- hvsnap: en",
     FIRST(ID) "label: a=1\n--- hvsnap: en", "", NONE},
    {"no beginning", "label: a=1\n" LAST, "label: a=1\n" LAST, "", NONE},
    {"begun twice: the second counts", FIRST(ID) "label: a=1\n" BLOCK("label: b=2\n"),
     FIRST(ID) "label: a=1", "b=2 ", NONE},
    {"a first line of something else",
     "--- hvsnap: snapshot of Tuesday, which is just the right length ---\n" LAST,
     "--- hvsnap: snapshot of Tuesday, which is just the right length ---\n" LAST, "",
     NONE},
    {"indented", " " FIRST(ID) "label: a=1\n" LAST, " " FIRST(ID) "label: a=1\n" LAST, "",
     NONE},
    {"quoted", "> " FIRST(ID) "> " LAST, "> " FIRST(ID) "> " LAST, "", NONE},

    {"what a person writes into it stays",
     "By Bob.\n" BLOCK("label: a=1\nand here too\nlabel: b=2\n"), "By Bob.\nand here too",
     "a=1 b=2 ", NONE},
    {"a field that is not known", BLOCK("colour: red\nlabel: a=1\n"), "colour: red",
     "a=1 ", NONE},
    {"a label without =", BLOCK("label: a\n"), "label: a", "", NONE},
    {"a label without a key", BLOCK("label: =1\n"), "label: =1", "", NONE},
    {"a key that cannot be", BLOCK("label: a b=1\n"), "label: a b=1", "", NONE},
    {"a value that begins with a blank", BLOCK("label: a= 1\n"), "label: a= 1", "", NONE},
    {"a value that is not UTF-8", BLOCK("label: a=\xff\n"), "label: a=\xff", "", NONE},
    {"a value with a control of the other set",
     BLOCK("label: a=\xc2\x9b"
           "1\n"),
     "label: a=\xc2\x9b"
     "1",
     "", NONE},
    {"a value with a ruler's end", BLOCK("label: a=\xe2\x80\xa8\n"),
     "label: a=\xe2\x80\xa8", "", NONE},
    {"an empty value, and one with =", BLOCK("label: a=\nlabel: b=c=d\n"), "",
     "a= b=c=d ", NONE},
    {"a label given twice", BLOCK("label: a=1\nlabel: a=2\n"), "", "a=1 ", NONE},
    {"a lifetime that is no time", BLOCK("expires: tomorrow\n"), "expires: tomorrow", "",
     NONE},
    {"a lifetime that was never", BLOCK("expires: 1601-01-01T00:00:00Z\n"),
     "expires: 1601-01-01T00:00:00Z", "", NONE},
    {"a lifetime beyond all years", BLOCK("expires: 12026-08-05T14:10:00Z\n"),
     "expires: 12026-08-05T14:10:00Z", "", NONE},
    {"a lifetime far too long",
     BLOCK("expires: 2026-08-05T14:10:00.000000000000000000000Z\n"),
     "expires: 2026-08-05T14:10:00.000000000000000000000Z", "", NONE},
    {"a lifetime before 1970, to the millisecond",
     BLOCK("expires: 1969-12-31T23:59:59.250Z\n"), "", "", -750},
    {"a lifetime in another zone", BLOCK("expires: 2026-08-05T16:10:00+02:00\n"), "", "",
     EXPIRES_MS},
};

static void assert_labels(const struct hvs_notes *notes, const char *expected)
{
    char text[4000] = "";
    size_t i, used = 0;

    for (i = 0; i < notes->label_count; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s=%s ",
                                 notes->labels[i].key, notes->labels[i].value);
    assert_string_equal(text, expected);
}

static void test_parse(void **state)
{
    const struct parse_case *row = *state;
    struct hvs_error err = {0};
    struct hvs_notes notes;

    assert_int_equal(hvs_notes_parse(&notes, row->text, ID, &err), 0);
    assert_string_equal(notes.own, row->own);
    assert_labels(&notes, row->labels);
    assert_true(notes.expires_ms == row->expires_ms);
    hvs_notes_clear(&notes);
}

/* What was read, written and read again is the same; and without blocks it has none. */
static void test_again(void **state)
{
    const struct parse_case *row = *state;
    struct hvs_error err = {0};
    struct hvs_notes notes, bare;
    char *text;

    assert_int_equal(hvs_notes_parse(&notes, row->text, ID, &err), 0);
    assert_int_equal(hvs_notes_parse(&bare, notes.own, ID, &err), 0);
    assert_string_equal(bare.own, row->own);
    assert_int_equal(bare.label_count, 0);
    text = hvs_notes_build(&notes, ID, &err);
    assert_non_null(text);
    hvs_notes_clear(&notes);
    assert_int_equal(hvs_notes_parse(&notes, text, ID, &err), 0);
    assert_string_equal(notes.own, row->own);
    assert_labels(&notes, row->labels);
    assert_true(notes.expires_ms == row->expires_ms);
    free(text);
    hvs_notes_clear(&bare);
    hvs_notes_clear(&notes);
}

static void test_build(void **state)
{
    struct hvs_error err = {0};
    struct hvs_notes notes;
    char *text;

    (void)state;
    assert_int_equal(hvs_notes_parse(&notes, "By Bob.", ID, &err), 0);
    text = hvs_notes_build(&notes, ID, &err);
    assert_string_equal(text, "By Bob.");
    free(text);
    assert_int_equal(hvs_notes_set_label(&notes, "team", "ops", &err), 0);
    assert_int_equal(hvs_notes_set_label(&notes, "keep", "", &err), 0);
    assert_int_equal(hvs_notes_set_label(&notes, "team", "dev", &err), 0);
    assert_int_equal(hvs_notes_set_label(&notes, "none", NULL, &err), 0);
    notes.expires_ms = EXPIRES_MS;
    text = hvs_notes_build(&notes, ID, &err);
    assert_string_equal(text,
                        "By Bob.\n" BLOCK("label: team=dev\nlabel: keep=\n" EXPIRES));
    free(text);
    assert_int_equal(hvs_notes_set_own(&notes, "", &err), 0);
    assert_int_equal(hvs_notes_set_label(&notes, "team", NULL, &err), 0);
    text = hvs_notes_build(&notes, ID, &err);
    assert_string_equal(text, BLOCK("label: keep=\n" EXPIRES));
    free(text);
    hvs_notes_clear(&notes);
}

/* What is not to change stays; what a snapshot cannot have is refused. */
static void test_edit(void **state)
{
    static char k1[] = "k1", v[] = "v", new[] = "new";
    const struct hvs_label labels[] = {{k1, v}, {new, v}};
    char *const drop[] = {k1};
    struct hvs_notes_edit edit = {0};
    struct hvs_buf text = HVS_BUF_INIT(1 << 20);
    struct hvs_error err = {0};
    bool differs;
    char *edited;
    int i;

    (void)state;
    hvs_buf_puts(&text, "By Bob.\n" FIRST(ID));
    for (i = 0; i < HVS_MOST_LABELS; i++)
        hvs_buf_printf(&text, "label: k%d=v\n", i);
    hvs_buf_puts(&text, EXPIRES LAST);
    edit.labels = labels;
    edit.label_count = 1;
    edited = hvs_notes_edit(hvs_buf_str(&text), ID, &edit, &differs, &err);
    assert_string_equal(edited, hvs_buf_str(&text));
    assert_false(differs);
    free(edited);
    edit.label_count = 2;
    edited = hvs_notes_edit(hvs_buf_str(&text), ID, &edit, &differs, &err);
    assert_null(edited);
    assert_err(&err, HVS_USAGE, "it would have 33 labels, and a snapshot can have 32");
    edit.labels = labels + 1;
    edit.label_count = 1;
    edit.drop = drop;
    edit.drop_count = 1;
    edited = hvs_notes_edit(hvs_buf_str(&text), ID, &edit, &differs, &err);
    assert_true(differs);
    assert_null(strstr(edited, "label: k1="));
    assert_non_null(strstr(edited, "label: new=v\n" EXPIRES));
    free(edited);
    hvs_buf_clear(&text);
}

/* One label more than can be is the person's line. */
static void test_many(void **state)
{
    struct hvs_buf text = HVS_BUF_INIT(1 << 20);
    struct hvs_error err = {0};
    struct hvs_notes notes;
    int i;

    (void)state;
    hvs_buf_puts(&text, FIRST(ID));
    for (i = 0; i <= HVS_MOST_LABELS; i++)
        hvs_buf_printf(&text, "label: k%d=v\n", i);
    hvs_buf_puts(&text, LAST);
    assert_int_equal(hvs_notes_parse(&notes, hvs_buf_str(&text), ID, &err), 0);
    assert_int_equal(notes.label_count, HVS_MOST_LABELS);
    assert_string_equal(notes.own, "label: k32=v");
    hvs_notes_clear(&notes);
    hvs_buf_clear(&text);
}

/* Blocks in blocks, as many as a reply can hold: they are read, and in no long time. */
static void test_deep(void **state)
{
    enum { DEEP = 5000 };
    struct hvs_buf text = HVS_BUF_INIT(1 << 20);
    struct hvs_error err = {0};
    struct hvs_notes notes;
    int i;

    (void)state;
    for (i = 0; i < DEEP; i++)
        hvs_buf_puts(&text, FIRST(ID) "x\n");
    for (i = 0; i < DEEP; i++)
        hvs_buf_puts(&text, "label: a=1\n" LAST "\n");
    assert_int_equal(hvs_notes_parse(&notes, hvs_buf_str(&text), ID, &err), 0);
    assert_labels(&notes, "a=1 ");
    assert_int_equal(strlen(notes.own), 2 * DEEP);
    hvs_notes_clear(&notes);
    hvs_buf_clear(&text);
}

struct same_case {
    const char *name;
    const char *a, *b;
    bool same;
};

static const struct same_case same_cases[] = {
    {"the same", "a\nb", "a\nb", true},
    {"but for line ends", "a\r\nb\r\n", "a\nb\n", true},
    {"both empty", "", "", true},
    {"one is longer", "a", "a\n", false},
    {"a carriage return alone", "a\rb", "ab", false},
    {"another letter", "a\r\nb", "a\nc", false},
};

/* A block behind more lines than hvsnap could have written is none. */
static void test_lines(void **state)
{
    static const char block[] = BLOCK("label: a=1\n");
    enum { MOST = 65536, OF_BLOCK = 3 };
    char *text = malloc(MOST + sizeof(block));
    struct hvs_error err = {0};
    struct hvs_notes notes;
    size_t lines;

    (void)state;
    assert_non_null(text);
    for (lines = MOST; lines <= MOST + 1; lines++) {
        memset(text, '\n', lines - OF_BLOCK);
        memcpy(text + lines - OF_BLOCK, block, sizeof(block));
        assert_int_equal(hvs_notes_parse(&notes, text, ID, &err), 0);
        assert_int_equal(notes.label_count, lines == MOST ? 1 : 0);
        assert_int_equal(strlen(notes.own),
                         lines == MOST ? lines - OF_BLOCK - 1 : strlen(text));
        hvs_notes_clear(&notes);
    }
    free(text);
}

static void test_same(void **state)
{
    const struct same_case *row = *state;

    assert_int_equal(hvs_notes_same(row->a, row->b), row->same);
    assert_int_equal(hvs_notes_same(row->b, row->a), row->same);
}

static char long_key[70], long_value[300];

struct label_case {
    const char *name;
    const char *text;
    const char *key, *value, *error;
};

static const struct label_case label_cases[] = {
    {"a label", "team=ops", "team", "ops", NULL},
    {"a value with =", "a=b=c", "a", "b=c", NULL},
    {"an empty value", "pinned=", "pinned", "", NULL},
    {"all that a key may have", "0a.B_c-d/e=1", "0a.B_c-d/e", "1", NULL},
    {"beyond ASCII", "a=\xe4\xbb\xae\xe6\x83\xb3 x", "a", "\xe4\xbb\xae\xe6\x83\xb3 x",
     NULL},
    {"no =", "team", NULL, NULL, "a label without '=': 'team'"},
    {"nothing", "", NULL, NULL, "a label without '='"},
    {"no key", "=ops", NULL, NULL, "'' cannot be the key of a label"},
    {"a key with a blank", "my team=ops", NULL, NULL, "'my team' cannot be the key"},
    {"a key that begins with a dot", ".a=1", NULL, NULL, "'.a' cannot be the key"},
    {"a key beyond ASCII", "\xc3\xa4=1", NULL, NULL, "cannot be the key"},
    {"a key that is too long", long_key, NULL, NULL, "cannot be the key"},
    {"a value of two lines", "a=b\nc", NULL, NULL,
     "the label 'a' cannot have that value"},
    {"a value with a blank at its end", "a=b ", NULL, NULL, "cannot have that value"},
    {"a value that is not UTF-8", "a=\xff", NULL, NULL, "cannot have that value"},
    {"a value that is too long", long_value, NULL, NULL, "cannot have that value"},
};

static void test_label(void **state)
{
    const struct label_case *row = *state;
    struct hvs_error err = {0};
    struct hvs_label label;
    int rc = hvs_label_parse(&label, row->text, &err);

    if (row->error) {
        assert_int_equal(rc, -1);
        assert_err(&err, HVS_USAGE, row->error);
        assert_null(label.key);
    } else {
        assert_int_equal(rc, 0);
        assert_string_equal(label.key, row->key);
        assert_string_equal(label.value, row->value);
    }
    hvs_label_clear(&label);
}

static void test_labels(void **state)
{
    static char key[] = "a", value[] = "1";
    const struct hvs_label twice[] = {{key, value}, {key, value}};
    struct hvs_label many[HVS_MOST_LABELS + 1] = {{0}};
    struct hvs_error err = {0};

    (void)state;
    assert_int_equal(hvs_label_check(twice, 1, &err), 0);
    assert_int_equal(hvs_label_check(twice, 2, &err), -1);
    assert_err(&err, HVS_USAGE, "the label 'a' is given twice");
    err = (struct hvs_error){0};
    assert_int_equal(hvs_label_check(many, HVS_MOST_LABELS + 1, &err), -1);
    assert_err(&err, HVS_USAGE, "33 labels, and a snapshot can have 32");
}

static char long_notes[HVS_MOST_NOTES + 2];

struct check_case {
    const char *name;
    const char *own, *error;
};

static const struct check_case check_cases[] = {
    {"text", "By Bob,\r\n\ton Tuesday", NULL},
    {"none", "", NULL},
    {"a first line of ours alone", FIRST(ID), NULL},
    {"a last line of ours", "a\n" LAST "\nb", "the notes hold a line of hvsnap's own"},
    {"a bell", "a\ab", "the notes hold a control character"},
    {"not UTF-8", "\xff", "the notes are not UTF-8"},
    {"too long", long_notes, "the notes have 16385 bytes, and 16384 may be"},
};

static void test_check(void **state)
{
    const struct check_case *row = *state;
    struct hvs_error err = {0};

    assert_int_equal(hvs_notes_check(row->own, &err), row->error ? -1 : 0);
    if (row->error)
        assert_err(&err, HVS_USAGE, row->error);
}

int main(void)
{
    struct CMUnitTest tests[2 * COUNT(parse_cases) + COUNT(same_cases) +
                            COUNT(label_cases) + COUNT(check_cases) + 6];
    struct CMUnitTest *at = tests;

    memset(long_key, 'k', 64);
    memcpy(long_key + 64, "=1", 3);
    memset(long_value, 'v', HVS_MOST_VALUE + 3);
    memcpy(long_value, "a=", 2);
    memset(long_notes, 'n', HVS_MOST_NOTES + 1);
    CASES(at, parse_cases, test_parse);
    at += COUNT(parse_cases);
    CASES(at, parse_cases, test_again);
    at += COUNT(parse_cases);
    CASES(at, same_cases, test_same);
    at += COUNT(same_cases);
    CASES(at, label_cases, test_label);
    at += COUNT(label_cases);
    CASES(at, check_cases, test_check);
    at += COUNT(check_cases);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_build);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_edit);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_many);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_deep);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_lines);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_labels);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
