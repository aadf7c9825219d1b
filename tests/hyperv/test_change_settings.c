#include "support/feed.h"

#include "hyperv/change_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SNAPSHOT "Microsoft:A0000000-0000-4000-8000-000000000001"
#define VM "Microsoft:11111111-0000-4000-8000-000000000001"

/* What is to be changed: a snapshot called "auto" with the notes "By Bob.", or a VM that
 * takes production snapshots. */
struct change_case {
    const char *name;
    struct hvs_new_settings to;
    const char *script, *posts;
    enum hvs_outcome outcome;
    enum hvs_class class_;
    const char *says; /* in the error; where there is none, in the first post */
};

#define NAME \
    { \
        .instance_id = SNAPSHOT, .name = "a & b" \
    }
#define NOTES \
    { \
        .instance_id = SNAPSHOT, .notes = "one\r\n\"two\"" \
    }
#define BOTH \
    { \
        .instance_id = SNAPSHOT, .name = "new", .notes = "one" \
    }
#define NONE \
    { \
        .instance_id = SNAPSHOT, .notes = "" \
    }
#define TYPE \
    { \
        .instance_id = VM, .checkpoint = 5 \
    }
#define OLD "noted|1|auto|10:01|By_Bob."
#define PROPERTY(name, type, value) \
    "<PROPERTY NAME=\"" name "\" TYPE=\"" type "\"><VALUE>" value "</VALUE></PROPERTY>"
#define ARRAY(name, value) \
    "<PROPERTY.ARRAY NAME=\"" name "\" TYPE=\"string\"><VALUE.ARRAY><VALUE>" value \
    "</VALUE></VALUE.ARRAY></PROPERTY.ARRAY>"
#define INSTANCE(id, properties) \
    "<![CDATA[<INSTANCE CLASSNAME=\"Msvm_VirtualSystemSettingData\">" PROPERTY( \
        "InstanceID", "string", id) properties "</INSTANCE>]]>"
#define TWO "ModifySystemSettings Enumerate"
#define DONE HVS_OUTCOME_DONE, HVS_CLASS_DONE
#define LATE HVS_CLASS_UNKNOWN

static const struct change_case cases[] = {
    {"a name alone", NAME, "modified|0 [noted|1|a_&amp;_b|10:01|By_Bob.]", TWO, DONE,
     INSTANCE(SNAPSHOT, PROPERTY("ElementName", "string", "a &#38; b"))},
    {"notes alone", NOTES, "modified|0 [noted|1|auto|10:01|one&#13;&#10;\"two\"]", TWO,
     DONE, INSTANCE(SNAPSHOT, ARRAY("Notes", "one&#13;&#10;&#34;two&#34;"))},
    {"both in one request", BOTH, "modified|0 [noted|1|new|10:01|one]", TWO, DONE,
     INSTANCE(SNAPSHOT, PROPERTY("ElementName", "string", "new") ARRAY("Notes", "one"))},
    {"a VM's type", TYPE, "modified|0 [vm|web1|5]", TWO, DONE,
     INSTANCE(VM, PROPERTY("UserSnapshotType", "uint16", "5"))},
    {"no notes any more", NONE, "modified|0 [" OLD "]", TWO, HVS_OUTCOME_UNKNOWN,
     HVS_CLASS_JOB, "the snapshot still has other notes"},
    {"no notes, and the host shows none at all", NONE,
     "modified|0 [snapshot|1|auto|10:01]", TWO, DONE,
     INSTANCE(SNAPSHOT, ARRAY("Notes", ""))},
    {"line ends that the host has changed", NOTES,
     "modified|0 [noted|1|auto|10:01|one&#10;\"two\"]", TWO, DONE, "one&#13;&#10;"},
    {"a job", BOTH, "modifying|2 job|7|100|0 [noted|1|new|10:01|one]",
     "ModifySystemSettings Get Enumerate", DONE, "new"},
    {"the job fails", BOTH, "modifying|2 job|10|0|32768|no errors|a|b",
     "ModifySystemSettings Get GetErrorEx", HVS_OUTCOME_NOT_DONE, HVS_CLASS_JOB,
     "the host's job failed"},
    {"refused", TYPE, "modified|32775", "ModifySystemSettings", HVS_OUTCOME_NOT_DONE,
     HVS_CLASS_REFUSED, "ModifySystemSettings: invalid state"},

    {"yes, and the name is the old one", BOTH, "modified|0 [noted|1|auto|10:01|one]", TWO,
     HVS_OUTCOME_UNKNOWN, HVS_CLASS_JOB, "the snapshot is still called 'auto'"},
    {"yes, and it has a third name", BOTH, "modified|0 [noted|1|third|10:01|one]", TWO,
     HVS_OUTCOME_UNKNOWN, HVS_CLASS_JOB, "the snapshot is called 'third'"},
    {"yes, and it has third notes", BOTH, "modified|0 [noted|1|new|10:01|By_Eve.]", TWO,
     HVS_OUTCOME_UNKNOWN, HVS_CLASS_JOB, "the snapshot has other notes"},
    {"yes, and the type is the old one", TYPE, "modified|0 [vm|web1|3]", TWO,
     HVS_OUTCOME_UNKNOWN, HVS_CLASS_JOB,
     "the VM's checkpoint type is still 'production'"},
    {"yes, and it is gone", BOTH, "modified|0 []", TWO, HVS_OUTCOME_UNKNOWN,
     HVS_CLASS_NOT_FOUND, "the snapshot is gone"},
    {"yes, and no look to be had", BOTH, "modified|0 fault|5|w:AccessDenied", TWO,
     HVS_OUTCOME_DONE, HVS_CLASS_AUTH, "0x00000005"},

    {"lost, and done", BOTH, "lost [noted|1|new|10:01|one] [noted|1|new|10:01|one]",
     TWO " Enumerate", DONE, "new"},
    {"lost, and not done: again", BOTH,
     "lost [" OLD "] modified|0 [noted|1|new|10:01|one]", TWO " " TWO, DONE, "new"},
    {"lost, and half of it done: again", BOTH,
     "lost [noted|1|new|10:01|By_Bob.] modified|0 [noted|1|new|10:01|one]", TWO " " TWO,
     DONE, "new"},
    {"lost, and third notes: nobody knows", BOTH, "lost [noted|1|auto|10:01|By_Eve.]",
     TWO, HVS_OUTCOME_UNKNOWN, LATE, "whether it happened is unknown"},
    {"lost, and it is gone: nobody knows", BOTH, "lost []", TWO, HVS_OUTCOME_UNKNOWN,
     LATE, "whether it happened is unknown"},
    {"lost, and a third type: nobody knows", TYPE, "lost [vm|web1|4]", TWO,
     HVS_OUTCOME_UNKNOWN, LATE, "whether it happened is unknown"},
};

static void test_change(void **state)
{
    const struct change_case *row = *state;
    static char name[] = "auto", notes[] = "By Bob.";
    const struct hvs_settings old = {.name = name, .notes = notes, .checkpoint = 3};
    struct hvs_change_settings op;
    struct hvs_run run = {0};
    struct feed feed = {0};

    hvs_change_settings_init(&op, &row->to, &old, 2);
    feed_op(&feed, &run, &op.op, row->script);
    assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    assert_string_equal(hvs_class_name(run.err.class_), hvs_class_name(row->class_));
    assert_string_equal(hvs_outcome_name(op.outcome), hvs_outcome_name(row->outcome));
    if (row->class_ == HVS_CLASS_DONE) {
        assert_non_null(strstr(feed_post(&feed, 0), row->says));
        assert_non_null(hvs_change_settings_row(&op));
    } else {
        assert_non_null(strstr(run.err.message, row->says));
    }
    hvs_change_settings_clear(&op);
    feed_clear(&feed);
}

/* It is lost for good: that nothing happened is said when nothing can happen any more,
 * and no job is at it. */
struct once_case {
    const char *name;
    const char *rest; /* of the script, when the request can no longer act */
    enum hvs_outcome outcome;
    const char *says;
};

#define NEW "noted|1|new|10:01|one"
#define JOB(state) "[any-job|4|2|" state "|HV01\\admin|10:01|10:01|10] [acts-on-vm|4] "

static const struct once_case once_cases[] = {
    {"no job", "[" OLD "] [] [vm|web1|3," OLD "]", HVS_OUTCOME_NOT_DONE,
     "it did not happen, and may be tried again"},
    {"a job that is at it for long",
     "[" OLD "] " JOB("4") "[vm|web1|3," OLD "] [" NEW "] [" NEW "]", HVS_OUTCOME_DONE,
     ""},
    {"a job that has just ended", "[" OLD "] " JOB("7") "[vm|web1|3," NEW "] [" NEW "]",
     HVS_OUTCOME_DONE, ""},
    {"a job, and nothing of it came",
     "[" OLD "] " JOB("4") "[vm|web1|3," OLD "] [" OLD "] [] [vm|web1|3," OLD "]",
     HVS_OUTCOME_NOT_DONE, "it did not happen, and may be tried again"},
    {"it is gone at last", "[" OLD "] [] [vm|web1|3]", HVS_OUTCOME_UNKNOWN,
     "whether it happened is unknown"},
};

static void test_once(void **state)
{
    enum { LOOKS = 33 };
    const struct once_case *row = *state;
    const struct hvs_new_settings to = BOTH;
    struct hvs_change_settings op;
    struct hvs_run run = {0};
    struct feed feed = {0};
    char script[4000] = "lost";
    size_t i, used = 4;

    for (i = 0; i < LOOKS; i++)
        used += (size_t)snprintf(script + used, sizeof(script) - used, " [" OLD "]");
    snprintf(script + used, sizeof(script) - used, " %s", row->rest);
    hvs_change_settings_init(&op, &to, NULL, 0);
    feed_op(&feed, &run, &op.op, script);
    assert_string_equal(hvs_outcome_name(op.outcome), hvs_outcome_name(row->outcome));
    assert_non_null(strstr(run.err.message, row->says));
    assert_int_equal(feed_count(&feed, "ModifySystemSettings"), 1);
    assert_true(feed.now - feed.began >= HVS_SETTLE_MS);
    hvs_change_settings_clear(&op);
    feed_clear(&feed);
}

/* The second try's job fails while the first try may still act: that decides. */
static const struct once_case twice_cases[] = {
    {"the first one did it", "[" NEW "]", HVS_OUTCOME_DONE, ""},
    {"somebody else was at it", "[noted|1|third|10:01|one]", HVS_OUTCOME_UNKNOWN,
     "whether it happened is unknown: the host's job failed"},
};

static void test_twice(void **state)
{
    const struct once_case *row = *state;
    static char name[] = "auto";
    const struct hvs_settings old = {.name = name};
    const struct hvs_new_settings to = BOTH;
    struct hvs_change_settings op;
    struct hvs_run run = {0};
    struct feed feed = {0};
    char script[400];

    snprintf(script, sizeof(script),
             "lost [snapshot|1|auto|10:01] modifying|2 job|10|0|32768|no errors|a|b %s",
             row->rest);
    hvs_change_settings_init(&op, &to, &old, 2);
    feed_op(&feed, &run, &op.op, script);
    assert_string_equal(hvs_outcome_name(op.outcome), hvs_outcome_name(row->outcome));
    assert_non_null(strstr(run.err.message, row->says));
    hvs_change_settings_clear(&op);
    feed_clear(&feed);
}

/* Notes that no request can hold. */
static void test_too_long(void **state)
{
    enum { MUCH = 200000 };
    char *notes = calloc(1, MUCH + 1);
    struct hvs_new_settings to = {.instance_id = SNAPSHOT, .notes = notes};
    struct hvs_change_settings op;
    struct hvs_run run = {0};
    struct feed feed = {0};

    (void)state;
    assert_non_null(notes);
    memset(notes, 'n', MUCH);
    hvs_change_settings_init(&op, &to, NULL, 0);
    feed_op(&feed, &run, &op.op, "");
    assert_err(&run.err, HVS_USAGE, "the notes are too long to be sent");
    hvs_change_settings_clear(&op);
    feed_clear(&feed);
    free(notes);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(once_cases) + COUNT(twice_cases) + 1];
    struct CMUnitTest *at = tests;

    CASES(at, cases, test_change);
    CASES(at += COUNT(cases), once_cases, test_once);
    CASES(at += COUNT(once_cases), twice_cases, test_twice);
    at[COUNT(twice_cases)] = (struct CMUnitTest)cmocka_unit_test(test_too_long);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
