#include "support/create_case.h"

#include <string.h>

#define GUID "A0000000-0000-4000-8000-000000000001"
#define BLOCK(inside) \
    "---_hvsnap:_snapshot_" GUID "_---&#10;" inside "---_hvsnap:_end_---"
#define NOTED(name, notes) "noted|1|" name "|10:01|" notes
#define DONE HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""
#define NOT_DONE HVS_OUTCOME_NOT_DONE
#define MARKED ASKED_POSTS " Enumerate ModifySystemSettings Enumerate"
#define STALE \
    "---_hvsnap:_snapshot_A0000000-0000-4000-8000-000000000009_---&#10;label:_old=1&#" \
    "10;" \
    "---_hvsnap:_end_---"

/* A create with more than a name: what is sent in one of the changes, and what is said of
 * notes and of the VM's own type. */
struct take_case {
    struct create_case create;
    const char *sends; /* in some post; NULL: whatever */
    bool noted;
    enum hvs_put_back_end put_back;
};

static const struct take_case cases[] = {
    {{"a label", "label=team=ops",
      ASKED "[" NEW "] modified|0 [" NOTED("auto", BLOCK("label:_team=ops&#10;")) "]",
      MARKED, DONE},
     "<VALUE>--- hvsnap: snapshot " GUID " ---&#10;label: team=ops&#10;--- hvsnap: end "
     "---</VALUE>",
     true,
     HVS_PUT_BACK_NONE},
    {{"a name, notes and a label in one request", "name=before notes=By_Bob. label=a=1",
      ASKED "[" NEW
            "] modified|0 [" NOTED("before", "By_Bob.&#10;" BLOCK("label:_a=1&#10;")) "]",
      MARKED, DONE},
     "<VALUE>before</VALUE></PROPERTY><PROPERTY.ARRAY NAME=\"Notes\" TYPE=\"string\">"
     "<VALUE.ARRAY><VALUE>By Bob.&#10;--- hvsnap: snapshot " GUID,
     true,
     HVS_PUT_BACK_NONE},
    {{"what it inherits stays, and a stale block goes", "label=a=1",
      ASKED "[" NOTED("auto", "By_Eve.&#10;" STALE) "] modified|0 [" NOTED(
          "auto", "By_Eve.&#10;" BLOCK("label:_a=1&#10;")) "]",
      MARKED, DONE},
     "<VALUE>By Eve.&#10;--- hvsnap: snapshot " GUID " ---&#10;label: a=1&#10;---",
     true,
     HVS_PUT_BACK_NONE},
    {{"notes that it inherits", "notes=By_Eve.", ASKED "[" NOTED("auto", "By_Eve.") "]",
      ASKED_POSTS " Enumerate", DONE},
     NULL,
     true,
     HVS_PUT_BACK_NONE},
    {{"a name alone leaves what it inherits", "name=before",
      ASKED
      "[" NOTED("auto",
                "By_Eve.&#10;" STALE) "] modified|0 [" NOTED("before",
                                                             "By_Eve.&#10;" STALE) "]",
      MARKED, DONE},
     "<VALUE>before</VALUE></PROPERTY></INSTANCE>",
     false,
     HVS_PUT_BACK_NONE},
    {{"a lifetime from when it was taken", "ttl=60500",
      ASKED
      "[" NEW
      "] modified|0 [" NOTED("auto", BLOCK("expires:_2026-07-29T14:11:02Z&#10;")) "]",
      MARKED, DONE},
     "expires: 2026-07-29T14:11:02Z",
     true,
     HVS_PUT_BACK_NONE},
    {{"a lifetime to a moment", "expires=1785420600000",
      ASKED
      "[" NEW
      "] modified|0 [" NOTED("auto", BLOCK("expires:_2026-07-30T14:10:00Z&#10;")) "]",
      MARKED, DONE},
     "expires: 2026-07-30T14:10:00Z",
     true,
     HVS_PUT_BACK_NONE},
    {{"a lifetime that would be over", "expires=1785334199000", FOUND, "Enumerate",
      NOT_DONE, HVS_CLASS_USAGE, "would be over already"},
     NULL,
     false,
     HVS_PUT_BACK_NONE},
    {{"a lifetime, and the host tells no time", "ttl=60000", ASKED "[timeless|1|auto]",
      ASKED_POSTS " Enumerate", HVS_OUTCOME_DONE, HVS_CLASS_JOB,
      "does not say when it was taken"},
     NULL,
     false,
     HVS_PUT_BACK_NONE},
    {{"labels that the host does not keep", "label=a=1",
      ASKED "[" NEW "] modified|0 [" NEW "]", MARKED, HVS_OUTCOME_DONE, HVS_CLASS_JOB,
      "has not got its name, notes and labels: the host said yes, but"},
     NULL,
     false,
     HVS_PUT_BACK_NONE},
    {{"named, and not read back", "name=x",
      ASKED "[" NEW "] modified|0 "
            "fault|5|w:AccessDenied",
      MARKED, HVS_OUTCOME_DONE, HVS_CLASS_AUTH,
      "could not be read back once it was named"},
     NULL,
     false,
     HVS_PUT_BACK_NONE},

    {{"of disks", "type=3", ASKED "[" NEW "]", ASKED_POSTS " Enumerate", DONE},
     "<p:SnapshotSettings></p:SnapshotSettings><p:SnapshotType>3</p:SnapshotType>",
     false,
     HVS_PUT_BACK_NONE},
    {{"of disks, and the host keeps the memory", "type=3", ASKED "[saved|1|auto|10:01]",
      ASKED_POSTS " Enumerate", HVS_OUTCOME_DONE, HVS_CLASS_FAILED,
      "but with the VM's memory"},
     NULL,
     false,
     HVS_PUT_BACK_NONE},
    {{"a backup's", "type=32768",
      ASKED "[snapshot-kind|1|auto|10:01|0|Snapshot:Recovery]", ASKED_POSTS " Enumerate",
      DONE},
     "<p:SnapshotType>32768</p:SnapshotType>",
     false,
     HVS_PUT_BACK_NONE},
    {{"a backup's, and the host takes an ordinary one", "type=32768", ASKED "[" NEW "]",
      ASKED_POSTS " Enumerate", HVS_OUTCOME_DONE, HVS_CLASS_FAILED,
      "it is a user snapshot, and a recovery one was asked for"},
     NULL,
     false,
     HVS_PUT_BACK_NONE},
    {{"an ordinary one, and the host takes a backup's", "",
      ASKED "[snapshot-kind|1|auto|10:01|0|Snapshot:Recovery]", ASKED_POSTS " Enumerate",
      HVS_OUTCOME_DONE, HVS_CLASS_FAILED, "it is a recovery snapshot, and a user one"},
     NULL,
     false,
     HVS_PUT_BACK_NONE},
    {{"consistent", "consistency=2", ASKED "[" NEW "]", ASKED_POSTS " Enumerate", DONE},
     "<p:SnapshotSettings><![CDATA[<INSTANCE "
     "CLASSNAME=\"Msvm_VirtualSystemSnapshotSettingData\"><PROPERTY "
     "NAME=\"ConsistencyLevel\" TYPE=\"uint8\"><VALUE>2</VALUE></PROPERTY></INSTANCE>]]>"
     "</p:SnapshotSettings><p:SnapshotType>2</p:SnapshotType>",
     false,
     HVS_PUT_BACK_NONE},
};

static bool sent(const struct feed *feed, const char *text)
{
    size_t i;

    for (i = 0; i < feed->count; i++)
        if (strstr(feed->posts[i], text))
            return true;
    return false;
}

static void test_take(void **state)
{
    const struct take_case *row = *state;
    struct create_done done;

    create_case_do(&row->create, &done);
    if (row->sends && !sent(&done.feed, row->sends))
        fail_msg("nothing like this was sent: %s", row->sends);
    assert_int_equal(done.result->noted, row->noted);
    assert_int_equal(done.result->put_back, row->put_back);
    assert_int_equal(done.result->changed, row->create.outcome != HVS_OUTCOME_NOT_DONE ||
                                               row->put_back == HVS_PUT_BACK_NOT);
    create_done_clear(&done);
}

/* A backup program's: the VM does not come to stand on it, and it is taken where the VM's
 * own are disabled. */
static void test_recovery(void **state)
{
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;
    struct hvs_client *client = feed_client(0);
    struct hvs_create_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;

    (void)state;
    opts.vm = "web1";
    opts.type = HVS_CREATE_RECOVERY;
    assert_int_equal(hvs_snapshot_create_start(&run, client, &opts, &err), 0);
    feed_run(&feed, run,
             "[vm|web1|2] creating|1 job|7|100|0 [kind|1|auto|Snapshot:Recovery|false]");
    assert_int_equal(hvs_snapshot_create_end(run, &result, &err), 0);
    assert_int_equal(result->snapshot->kind, HVS_KIND_RECOVERY);
    assert_false(result->snapshot->current);
    assert_true(sent(&feed, "<p:SnapshotType>32768</p:SnapshotType>"));
    hvs_create_result_free(result);
    feed_clear(&feed);
    hvs_client_close(client);
}

static char a_key[] = "a", bad_key[] = "a b", a_value[] = "1";
static const struct hvs_label one_label[] = {{a_key, a_value}},
                              bad_label[] = {{bad_key, a_value}};

#define OPTS .size = sizeof(struct hvs_create_opts), .vm = "web1", .type = HVS_CREATE_FULL
#define NEVER .expires_ms = HVS_TIME_NONE

struct option_case {
    const char *name;
    struct hvs_create_opts opts;
    const char *error;
};

static const struct option_case option_cases[] = {
    {"notes with a bell", {OPTS, NEVER, .notes = "\a"}, "the notes hold a control"},
    {"a label that cannot be",
     {OPTS, NEVER, .labels = bad_label, .label_count = 1},
     "'a b' cannot be the key"},
    {"a lifetime twice", {OPTS, .ttl_ms = 1, .expires_ms = 1}, "either so long, or to"},
    {"a lifetime before 1970", {OPTS, .expires_ms = -1}, "between the years"},
    {"for ever", {OPTS, NEVER, .ttl_ms = UINT64_MAX}, "at most a hundred years"},
    {"a type that there is not",
     {.size = sizeof(struct hvs_create_opts),
      .vm = "web1",
      NEVER,
      .type = (enum hvs_create_type)4},
     "no snapshot has the type 4"},
    {"a consistency that there is not",
     {OPTS, NEVER, .consistency = (enum hvs_consistency)3},
     "no consistency has the number"},
    {"to be disabled",
     {OPTS, NEVER, .checkpoint = HVS_CHECKPOINT_DISABLED},
     "with the checkpoint type 2"},
    {"a checkpoint type that there is not",
     {OPTS, NEVER, .checkpoint = (enum hvs_checkpoint_type)6},
     "checkpoint type 6"},
    {"a checkpoint type, of disks",
     {.size = sizeof(struct hvs_create_opts),
      .vm = "web1",
      NEVER,
      .type = HVS_CREATE_DISK,
      .checkpoint = HVS_CHECKPOINT_STANDARD},
     "counts for full snapshots alone"},
    {"detached, with notes",
     {OPTS, NEVER, .detach = true, .notes = "x"},
     "a note does not go with detaching"},
    {"detached, with a label",
     {OPTS, NEVER, .detach = true, .labels = one_label, .label_count = 1},
     "a label does not go with detaching"},
    {"detached, with a lifetime",
     {OPTS, NEVER, .detach = true, .ttl_ms = 1000},
     "a lifetime does not go with detaching"},
    {"detached, to a moment",
     {OPTS, .expires_ms = 1, .detach = true},
     "a lifetime does not go with detaching"},
    {"detached, with a checkpoint type",
     {OPTS, NEVER, .detach = true, .checkpoint = HVS_CHECKPOINT_STANDARD},
     "a checkpoint type does not go with detaching"},
};

static void test_options(void **state)
{
    const struct option_case *row = *state;
    struct hvs_client *client = feed_client(0);
    struct hvs_error err = {0};
    struct hvs_run *run;

    assert_int_equal(hvs_snapshot_create_start(&run, client, &row->opts, &err), -1);
    assert_null(run);
    assert_err(&err, HVS_USAGE, row->error);
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(option_cases) + 1];

    CASES(tests, cases, test_take);
    CASES(tests + COUNT(cases), option_cases, test_options);
    tests[COUNT(cases) + COUNT(option_cases)] =
        (struct CMUnitTest)cmocka_unit_test(test_recovery);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
