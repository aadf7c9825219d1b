#include "support/feed.h"

#include <hvsnap/snapshot.h>

#include <stdlib.h>
#include <string.h>

#define GUID "A0000000-0000-4000-8000-000000000001"
#define FIRST "---_hvsnap:_snapshot_" GUID "_---&#10;"
#define LAST "---_hvsnap:_end_---"
#define OPS "By_Bob.&#10;" FIRST "label:_team=ops&#10;" LAST
#define DEV "By_Bob.&#10;" FIRST "label:_team=dev&#10;" LAST
#define ROW(name, notes) "noted|1|" name "|10:01|" notes
/* The VM is found, and the snapshot "auto" with these notes. */
#define AT(notes) "[vm|web1|3] [vm|web1|3,old," ROW("auto", notes) "] "
#define POSTS "Enumerate Enumerate"
#define WRITTEN POSTS " ModifySystemSettings Enumerate"
#define DONE HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""
#define UNCHANGED POSTS, false, DONE
#define CHANGED WRITTEN, true, DONE

/* What is asked for: words "name=x notes=x label=k=v drop=k expires=ms never ttl=ms
 * any-kind", where '_' stands for a blank. */
struct set_case {
    const char *name;
    const char *with;
    const char *script, *posts;
    bool changed;
    enum hvs_outcome outcome;
    enum hvs_class class_;
    const char *says;
    const char *sends; /* in the ModifySystemSettings; NULL: whatever */
};

static const struct set_case cases[] = {
    {"a name", "name=new", AT("By_Bob.") "modified|0 [" ROW("new", "By_Bob.") "]",
     CHANGED, NULL},
    {"the name it has", "name=auto", AT("By_Bob."), UNCHANGED, NULL},
    {"nothing at all", "", AT("By_Bob."), UNCHANGED, NULL},
    {"a label", "label=team=ops", AT("By_Bob.") "modified|0 [" ROW("auto", OPS) "]",
     CHANGED, "By Bob.&#10;--- hvsnap: snapshot " GUID " ---&#10;label: team=ops&#10;"},
    {"a label that it has", "label=team=ops", AT(OPS), UNCHANGED, NULL},
    {"another value", "label=team=dev", AT(OPS) "modified|0 [" ROW("auto", DEV) "]",
     CHANGED, NULL},
    {"a label less", "drop=team", AT(OPS) "modified|0 [" ROW("auto", "By_Bob.") "]",
     CHANGED, "<VALUE>By Bob.</VALUE>"},
    {"a label that it has not", "drop=x", AT(OPS), UNCHANGED, NULL},
    {"notes, and labels stay", "notes=By_Eve.",
     AT(OPS) "modified|0 [" ROW("auto",
                                "By_Eve.&#10;" FIRST "label:_team=ops&#10;" LAST) "]",
     CHANGED, "By Eve.&#10;--- hvsnap"},
    {"notes that it has", "notes=By_Bob.", AT(OPS), UNCHANGED, NULL},
    {"no notes",
     "notes=", AT(OPS) "modified|0 [" ROW("auto", FIRST "label:_team=ops&#10;" LAST) "]",
     CHANGED, "<VALUE>--- hvsnap"},
    {"a stale block does not count, and goes", "label=a=1",
     AT("By_Bob.&#10;---_hvsnap:_snapshot_A0000000-0000-4000-8000-000000000009_---&#10;"
        "label:_b=2&#10;" LAST) "modified|0 [" ROW("auto", "By_Bob.&#10;" FIRST
                                                           "label:_a=1&#10;" LAST) "]",
     CHANGED, "By Bob.&#10;--- hvsnap: snapshot " GUID " ---&#10;label: a=1&#10;---"},
    {"a lifetime", "expires=1785420600000",
     AT("By_Bob.") "modified|0 [" ROW("auto",
                                      "By_Bob.&#10;" FIRST
                                      "expires:_2026-07-30T14:10:00Z&#10;" LAST) "]",
     CHANGED, "expires: 2026-07-30T14:10:00Z"},
    {"a lifetime from now", "ttl=60000",
     AT("By_Bob.") "modified|0 [" ROW("auto",
                                      "By_Bob.&#10;" FIRST
                                      "expires:_2026-07-29T14:11:00Z&#10;" LAST) "]",
     WRITTEN, true, DONE, "expires: 2026-07-29T14:11:00Z"},
    {"no lifetime any more", "never",
     AT("By_Bob.&#10;" FIRST
        "expires:_2026-07-30T14:10:00Z&#10;" LAST) "modified|0 [" ROW("auto",
                                                                      "By_Bob.") "]",
     CHANGED, "<VALUE>By Bob.</VALUE>"},
    {"no lifetime, as it is", "never", AT("By_Bob."), UNCHANGED, NULL},
    {"all at once", "name=new notes=By_Eve. label=a=1 drop=team",
     AT(OPS) "modified|0 [" ROW("new", "By_Eve.&#10;" FIRST "label:_a=1&#10;" LAST) "]",
     CHANGED, "<VALUE>new</VALUE>"},
    {"by the VM's id, which costs one less", "id name=new",
     "[vm|web1|3,old," ROW("auto", "By_Bob.") "] modified|0 [" ROW("new", "By_Bob.") "]",
     "Enumerate ModifySystemSettings Enumerate", true, DONE, NULL},

    {"a lifetime in the past", "expires=1785334199000", AT(""), POSTS, false,
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_USAGE, "the lifetime would be over already", NULL},
    {"a host without a clock", "ttl=1000",
     "undated [vm|web1|3] undated [vm|web1|3," ROW("auto", "") "]", POSTS, false,
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_FAILED, "does not tell what time it is", NULL},
    {"no such snapshot", "name=new", "[vm|web1|3] [vm|web1|3,old]", POSTS, false,
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_NOT_FOUND, "the VM has no snapshot", NULL},
    {"a backup program's", "name=new",
     "[vm|web1|3] [vm|web1|3,kind|1|auto|Snapshot:Recovery|false]", POSTS, false,
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_REFUSED,
     "is a recovery snapshot, which is not changed", NULL},
    {"a backup program's all the same", "name=new any-kind",
     "[vm|web1|3] [vm|web1|3,kind|1|auto|Snapshot:Recovery|false] modified|0 "
     "[kind|1|new|Snapshot:Recovery|false]",
     CHANGED, NULL},
    {"busy", "name=new", AT("") "modified|32775 summary|2|2|32772",
     POSTS " ModifySystemSettings GetSummaryInformation", false, HVS_OUTCOME_NOT_DONE,
     HVS_CLASS_BUSY, "under way is: merge", NULL},
    {"refused for another reason", "name=new", AT("") "modified|32769",
     POSTS " ModifySystemSettings", false, HVS_OUTCOME_NOT_DONE, HVS_CLASS_AUTH,
     "ModifySystemSettings: access denied", NULL},
    {"yes, and nothing of it", "label=a=1",
     AT("By_Bob.") "modified|0 [" ROW("auto", "By_Bob.") "]", WRITTEN, true,
     HVS_OUTCOME_UNKNOWN, HVS_CLASS_JOB, "the snapshot still has other notes", NULL},
    {"not read back", "name=new", AT("") "modified|0 fault|5|w:AccessDenied", WRITTEN,
     true, HVS_OUTCOME_DONE, HVS_CLASS_AUTH, "was changed, but could not be read back",
     NULL},
    {"lost, and done", "name=new",
     AT("") "lost [" ROW("new", "") "] [" ROW("new", "") "]", WRITTEN " Enumerate", true,
     DONE, NULL},
    {"stopped with the request out", "name=new", AT("") "stop hang",
     POSTS " ModifySystemSettings", true, HVS_OUTCOME_UNKNOWN, HVS_CLASS_INTERRUPTED,
     "whether it happened is unknown", NULL},
};

/* The value of a word "NAME=..."; NULL when there is none. For the caller to free. */
static char *word(const char *with, const char *name)
{
    const char *at = strstr(with, name);
    char *value = at ? strndup(at + strlen(name), strcspn(at + strlen(name), " ")) : NULL;
    size_t i;

    for (i = 0; value && value[i]; i++)
        if (value[i] == '_')
            value[i] = ' ';
    return value;
}

static int64_t number(const char *with, const char *name)
{
    const char *at = strstr(with, name);

    return at ? strtoll(at + strlen(name), NULL, 10) : 0;
}

static struct hvs_run *start(const char *with, struct hvs_client *client)
{
    struct hvs_set_opts opts = HVS_SET_OPTS_INIT;
    char *name = word(with, "name="), *notes = word(with, "notes="),
         *label = word(with, "label="), *drop = word(with, "drop=");
    const char *drops[] = {drop};
    struct hvs_label labels[1] = {{0}};
    struct hvs_error err = {0};
    struct hvs_run *run;

    opts.vm = strstr(with, "id ") == with ? "11111111-0000-4000-8000-000000000001"
                                          : "web1";
    opts.snapshot = GUID;
    opts.name = name;
    opts.notes = notes;
    opts.labels = labels;
    opts.label_count = label != NULL;
    opts.drop = drops;
    opts.drop_count = drop != NULL;
    opts.expires_ms = strstr(with, "never") ? HVS_TIME_NONE : number(with, "expires=");
    opts.set_expires = opts.expires_ms != 0;
    opts.ttl_ms = (uint64_t)number(with, "ttl=");
    opts.any_kind = strstr(with, "any-kind") != NULL;
    if (label)
        assert_int_equal(hvs_label_parse(&labels[0], label, &err), 0);
    assert_int_equal(hvs_snapshot_set_start(&run, client, &opts, &err), 0);
    hvs_label_clear(&labels[0]);
    free(name);
    free(notes);
    free(label);
    free(drop);
    return run;
}

static void test_set(void **state)
{
    const struct set_case *row = *state;
    struct hvs_client *client = feed_client(600000);
    struct hvs_run *run = start(row->with, client);
    struct hvs_set_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    int rc;

    feed_run(&feed, run, row->script);
    rc = hvs_snapshot_set_end(run, &result, &err);
    assert_string_equal(err.message, err.domain ? err.message : "");
    assert_string_equal(hvs_class_name(err.class_), hvs_class_name(row->class_));
    assert_int_equal(rc, row->class_ == HVS_CLASS_DONE ? 0 : -1);
    assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    assert_true(strstr(err.message, row->says) || strstr(err.detail, row->says));
    assert_string_equal(hvs_outcome_name(result->outcome),
                        hvs_outcome_name(row->outcome));
    assert_int_equal(result->changed, row->changed);
    assert_int_equal(feed.changes, feed_count(&feed, "ModifySystemSettings"));
    if (row->sends)
        assert_non_null(strstr(feed_post(&feed, 2), row->sends));
    if (rc == 0)
        assert_string_equal(result->snapshot->id, GUID);
    hvs_set_result_free(result);
    feed_clear(&feed);
    hvs_client_close(client);
}

/* What is shown afterwards is what was read back. */
static void test_shown(void **state)
{
    struct hvs_client *client = feed_client(600000);
    struct hvs_run *run = start("name=new label=team=dev", client);
    struct hvs_set_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};

    (void)state;
    feed_run(&feed, run, AT(OPS) "modified|0 [" ROW("new", DEV) "]");
    assert_int_equal(hvs_snapshot_set_end(run, &result, &err), 0);
    assert_string_equal(result->snapshot->name, "new");
    assert_string_equal(result->snapshot->notes, "By Bob.");
    assert_string_equal(result->snapshot->vm_name, "web1");
    assert_int_equal(result->snapshot->label_count, 1);
    assert_string_equal(result->snapshot->labels[0].value, "dev");
    assert_string_equal(result->vm_id, "11111111-0000-4000-8000-000000000001");
    hvs_set_result_free(result);
    feed_clear(&feed);
    hvs_client_close(client);
}

static char a_key[] = "a", a_value[] = "1", bad_key[] = "a b";
static const struct hvs_label one_label[] = {{a_key, a_value}},
                              bad_label[] = {{bad_key, a_value}};
static const char *const drop_a[] = {"a"}, *const drop_bad[] = {"a=1"};

#define OPTS .size = sizeof(struct hvs_set_opts), .vm = "web1", .snapshot = "x"

struct option_case {
    const char *name;
    struct hvs_set_opts opts;
    const char *error;
};

static const struct option_case option_cases[] = {
    {"no VM",
     {.size = sizeof(struct hvs_set_opts), .snapshot = "x"},
     "the VM's name is empty"},
    {"no snapshot",
     {.size = sizeof(struct hvs_set_opts), .vm = "web1"},
     "the snapshot is empty"},
    {"not initialised", {.vm = "web1"}, "not started from HVS_SET_OPTS_INIT"},
    {"a blank name", {OPTS, .name = " "}, "the snapshot's name is blank"},
    {"notes with a bell", {OPTS, .notes = "\a"}, "the notes hold a control character"},
    {"a label that cannot be",
     {OPTS, .labels = bad_label, .label_count = 1},
     "'a b' cannot be the key of a label"},
    {"a key that cannot be",
     {OPTS, .drop = drop_bad, .drop_count = 1},
     "'a=1' cannot be the key of a label"},
    {"given and taken",
     {OPTS, .labels = one_label, .label_count = 1, .drop = drop_a, .drop_count = 1},
     "the label 'a' is to be given and to be taken away"},
    {"a lifetime twice",
     {OPTS, .set_expires = true, .expires_ms = 1, .ttl_ms = 1},
     "either at a moment, or so long from now"},
    {"before 1970", {OPTS, .set_expires = true, .expires_ms = -1}, "between the years"},
    {"after 9999",
     {OPTS, .set_expires = true, .expires_ms = INT64_MAX},
     "between the years"},
    {"for ever", {OPTS, .ttl_ms = UINT64_MAX}, "at most a hundred years"},
};

static void test_options(void **state)
{
    const struct option_case *row = *state;
    struct hvs_client *client = feed_client(0);
    struct hvs_error err = {0};
    struct hvs_run *run;

    assert_int_equal(hvs_snapshot_set_start(&run, client, &row->opts, &err), -1);
    assert_null(run);
    assert_err(&err, HVS_USAGE, row->error);
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(option_cases) + 1];

    CASES(tests, cases, test_set);
    CASES(tests + COUNT(cases), option_cases, test_options);
    tests[COUNT(cases) + COUNT(option_cases)] =
        (struct CMUnitTest)cmocka_unit_test(test_shown);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
