#include "support/feed.h"

#include "hyperv/leftover.h"

#include <hvsnap/snapshot.h>

#include <stdlib.h>
#include <string.h>

#define GUID "A0000000-0000-4000-8000-00000000000"
#define AUTO "web1_-_(7/29/2026_-_2:09:40_PM)"
#define BLOCK(n, inside) \
    "---_hvsnap:_snapshot_" GUID n "_---&#10;" inside "---_hvsnap:_end_---"
#define ROW(n, name, at) "snapshot|" n "|" name "|" at
#define OPS(n) "noted|" n "|auto|10:01|" BLOCK(n, "label:_team=ops&#10;")
#define LIST(rows) "[vm|web1|3,old" rows "] "
#define ON(n, rows) "[vm-on|web1|" n ",old" rows "] "
#define FIND "[vm|web1|3] "

/* A job: its state, its owner, and when it ended; what it acts on and has made. */
#define JOB(n, state, owner, ended) \
    "any-job|" n "|70|" state "|" owner "|09:20|" ended "|50"
#define US "HV01\\admin"
#define MADE(job, snapshot) "[acts-on-vm|" job ",creates|" job "|" snapshot "] "
#define NO_JOBS "[] "
#define TAKEN \
    "creating|1 job|7|100|0 [" ROW("2", "x", "10:01") "] modified|0 [" ROW("2", \
                                                                           "before", \
                                                                           "10:01") "]"
#define FIND_POSTS "Enumerate Enumerate"
#define TAKEN_POSTS " CreateSnapshot Get Enumerate ModifySystemSettings Enumerate"
#define MARKED_POSTS " ModifySystemSettings Enumerate"
#define DONE HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""
#define NOT HVS_OUTCOME_NOT_DONE
#define THREE " Enumerate Enumerate Enumerate"

/* A left one that is ripe, and what it takes to see that. */
#define RIPE_JOB "[" JOB("1", "7", US, "09:40") "] " MADE("1", "1")
#define LEFT_ROW "," ROW("1", AUTO, "09:40")
#define NAMED "modified|0 [" ROW("1", "before", "09:40") "]"

/* A look at one that has just ended. */
#define SEEN \
    ON("1", "," ROW("1", AUTO, "10:00")) \
    "[" JOB("1", "7", US, "10:00") "] " MADE("1", "1") \
        ON("1", "," ROW("1", AUTO, "10:00"))

enum what { UNCHANGED, TAKES, RESUMES };

/* A wish: "name=x label=k=v age=MS id". */
struct ensure_case {
    const char *name;
    const char *with;
    const char *script, *posts;
    enum what what;
    const char *id; /* last digit of the snapshot's, "" for none */
    enum hvs_outcome outcome;
    enum hvs_class class_;
    const char *says;
    const char *unnamed; /* as id */
};

static const struct ensure_case cases[] = {
    {"the name is there", "name=before", FIND LIST("," ROW("1", "before", "09:00")),
     FIND_POSTS, UNCHANGED, "1", DONE, ""},
    {"by the VM's id, which costs one less", "id name=before",
     LIST("," ROW("1", "before", "09:00")), "Enumerate", UNCHANGED, "1", DONE, ""},
    {"the label is there", "label=team=ops", FIND LIST("," OPS("1")), FIND_POSTS,
     UNCHANGED, "1", DONE, ""},
    {"young enough", "age=60000", FIND LIST("," ROW("1", "x", "09:30")), FIND_POSTS,
     UNCHANGED, "1", DONE, ""},
    {"the youngest of those that fit", "name=before",
     FIND LIST("," ROW("1", "before", "09:00") "," ROW("3", "before",
                                                       "09:30") "," ROW("2", "before",
                                                                        "09:20")),
     FIND_POSTS, UNCHANGED, "3", DONE, ""},
    {"a lifetime that is not over", "name=before",
     FIND LIST(",noted|1|before|09:00|" BLOCK("1", "expires:_2026-07-29T14:11:00Z&#10;")),
     FIND_POSTS, UNCHANGED, "1", DONE, ""},

    {"none of that name", "name=before", FIND LIST("") NO_JOBS TAKEN,
     FIND_POSTS " Enumerate" TAKEN_POSTS, TAKES, "2", DONE, ""},
    {"none of that name in this case", "name=before",
     FIND LIST("," ROW("1", "Before", "09:00")) NO_JOBS TAKEN, NULL, TAKES, "2", DONE,
     ""},
    {"the label has another value", "name=before label=team=dev",
     FIND LIST(",noted|1|before|09:00|" BLOCK("1", "label:_team=ops&#10;")) NO_JOBS
     "creating|1 job|7|100|0 [" ROW(
         "2", "x",
         "10:01") "] modified|0 [noted|2|before|10:01|" BLOCK("2",
                                                              "label:_team=dev&#10;") "]",
     NULL, TAKES, "2", DONE, ""},
    {"another snapshot's labels", "name=before label=team=ops",
     FIND LIST(",noted|1|before|09:00|" BLOCK("9", "label:_team=ops&#10;")) NO_JOBS
     "creating|1 job|7|100|0 [" ROW(
         "2", "x",
         "10:01") "] modified|0 [noted|2|before|10:01|" BLOCK("2",
                                                              "label:_team=ops&#10;") "]",
     NULL, TAKES, "2", DONE, ""},
    {"too old", "name=before age=10000",
     FIND LIST("," ROW("1", "before", "09:00")) NO_JOBS TAKEN, NULL, TAKES, "2", DONE,
     ""},
    {"nobody knows how old", "name=before age=10000",
     FIND LIST(",timeless|1|before") NO_JOBS TAKEN, NULL, TAKES, "2", DONE, ""},
    {"its lifetime is over", "name=before",
     FIND LIST(",noted|1|before|09:00|" BLOCK("1", "expires:_2026-07-29T14:10:00Z&#10;"))
         NO_JOBS TAKEN,
     NULL, TAKES, "2", DONE, ""},
    {"a backup program's", "name=before",
     FIND LIST(",kind|1|before|Snapshot:Recovery|false") NO_JOBS TAKEN, NULL, TAKES, "2",
     DONE, ""},
    {"the host's automatic one", "name=before",
     FIND LIST(",kind|1|before|Snapshot:Realized|true") NO_JOBS TAKEN, NULL, TAKES, "2",
     DONE, ""},
    {"a host without a clock", "age=1000", "undated [vm|web1|3] undated [vm|web1|3,old]",
     FIND_POSTS, UNCHANGED, "", NOT, HVS_CLASS_FAILED, "does not tell what time it is",
     ""},
    {"the create is refused", "name=before",
     FIND LIST("") NO_JOBS "created|32775 summary|2|2|32772", NULL, UNCHANGED, "", NOT,
     HVS_CLASS_BUSY, "under way is: merge", ""},

    {"left without a name", "name=before",
     FIND ON("1", LEFT_ROW) RIPE_JOB ON("1", LEFT_ROW) NAMED,
     FIND_POSTS THREE MARKED_POSTS, RESUMES, "1", DONE, ""},
    {"left, and labelled too", "name=before label=team=ops",
     FIND ON("1", LEFT_ROW)
         RIPE_JOB ON("1", LEFT_ROW) "modified|0 [noted|1|before|09:40|" BLOCK(
             "1", "label:_team=ops&#10;") "]",
     FIND_POSTS THREE MARKED_POSTS, RESUMES, "1", DONE, ""},
    {"left, and the naming is refused", "name=before",
     FIND ON("1", LEFT_ROW) RIPE_JOB ON("1", LEFT_ROW) "modified|32775", NULL, RESUMES,
     "1", HVS_OUTCOME_DONE, HVS_CLASS_REFUSED, "was taken, but not named", ""},
    {"left at work: it is waited for, and its call left its time", "name=before",
     FIND LIST("") "[" JOB("1", "4", US,
                           "09:55") "] [acts-on-vm|1] job|4|50|0 job|7|100|0 " SEEN SEEN
         SEEN SEEN NAMED,
     NULL, RESUMES, "1", DONE, ""},
    {"the clock is set while it is waited for", "name=before",
     FIND LIST("") "[" JOB("1", "4", US, "09:55") "] [acts-on-vm|1] job|7|100|0 "
                                                  "early|-7200000 " SEEN SEEN SEEN
                                                  "early|7200000 " SEEN NAMED,
     NULL, RESUMES, "1", DONE, ""},
    {"whoever began it names it in time", "name=before",
     FIND LIST("") "[" JOB("1", "7", US, "10:00") "] " MADE("1", "1")
         ON("1", "," ROW("1", AUTO, "10:00")) ON("1", "," ROW("1", "before", "10:00")),
     FIND_POSTS THREE " Enumerate", UNCHANGED, "1", DONE, ""},
    {"whoever began it gives it another name", "name=before",
     FIND LIST("") "[" JOB("1", "7", US, "10:00") "] " MADE("1", "1")
         ON("1", "," ROW("1", AUTO, "10:00"))
             ON("1", "," ROW("1", "theirs", "10:00")) "[" JOB("1", "7", US,
                                                              "10:00") "] " MADE("1", "1")
                 ON("1", "," ROW("1", "theirs", "10:00")) TAKEN,
     NULL, TAKES, "2", DONE, ""},
    {"its job fails", "name=before",
     FIND LIST("") "[" JOB("1", "4", US, "09:55") "] [acts-on-vm|1] "
                                                  "job|10|0|32768|no errors|a|b " LIST(
                                                      "") "[" JOB("1", "10", US,
                                                                  "10:00") "] " TAKEN,
     NULL, TAKES, "2", DONE, ""},
    {"it has made nothing", "name=before",
     FIND LIST("") "[" JOB("1", "7", US, "09:40") "] [acts-on-vm|1] " TAKEN, NULL, TAKES,
     "2", DONE, ""},
    {"its row comes late", "name=before",
     FIND LIST("") "[" JOB("1", "7", US, "09:58") "] [acts-on-vm|1] later|14000 " ON(
         "1", LEFT_ROW) "[" JOB("1", "7", US, "09:58") "] " MADE("1", "1")
         ON("1", LEFT_ROW) NAMED,
     FIND_POSTS " Enumerate Enumerate Enumerate" THREE MARKED_POSTS, RESUMES, "1", DONE,
     ""},
    {"what it made is gone", "name=before", FIND LIST("") RIPE_JOB LIST("") TAKEN, NULL,
     TAKES, "2", DONE, ""},
    {"no associations of a VM: all jobs are looked at", "name=before",
     FIND ON("1", LEFT_ROW) "fault|0x8033801A|n:CannotProcessFilter "
                            "[" JOB("2", "7", US, "09:40") "," JOB(
                                "1", "7", US, "09:40") "] "
                                                       "[acts-on-other|2] " MADE("1", "1")
                                                           ON("1", LEFT_ROW) NAMED,
     FIND_POSTS " Enumerate Enumerate" THREE MARKED_POSTS, RESUMES, "1", DONE, ""},
    {"jobs that cannot be read", "name=before",
     FIND LIST("") "fault|5|w:AccessDenied fault|5|w:AccessDenied",
     FIND_POSTS " Enumerate Enumerate", UNCHANGED, "", NOT, HVS_CLASS_AUTH, "0x00000005",
     ""},

    {"five minutes ago: it is told, and let be", "name=before",
     FIND ON("1", LEFT_ROW) "[" JOB("1", "7", US, "04:59") "] " TAKEN,
     FIND_POSTS " Enumerate" TAKEN_POSTS, TAKES, "2", DONE, "1"},
    {"somebody else's", "name=before",
     FIND ON("1", LEFT_ROW) "[" JOB("1", "7", "HV01\\other", "09:40") "] " TAKEN,
     FIND_POSTS " Enumerate" TAKEN_POSTS, TAKES, "2", DONE, "1"},
    {"another kind of job", "name=before",
     FIND ON("1", LEFT_ROW) "[any-job|1|72|7|" US "|09:20|09:40|100] " TAKEN, NULL, TAKES,
     "2", DONE, "1"},
    {"it has labels already", "name=before",
     FIND ON("1", ",noted|1|" AUTO "|09:40|" BLOCK("1", "label:_a=1&#10;"))
         RIPE_JOB ON("1", ",noted|1|" AUTO "|09:40|" BLOCK("1", "label:_a=1&#10;")) TAKEN,
     NULL, TAKES, "2", DONE, "1"},
    {"the VM does not stand on it", "name=before",
     FIND LIST(LEFT_ROW) RIPE_JOB LIST(LEFT_ROW) TAKEN, NULL, TAKES, "2", DONE, ""},
    {"an automatic one", "name=before",
     FIND LIST("") RIPE_JOB ON("1", ",kind|1|" AUTO "|Snapshot:Realized|true") TAKEN,
     NULL, TAKES, "2", DONE, ""},
    {"older than is wanted", "name=before age=10000",
     FIND ON("1", LEFT_ROW) "[" JOB("1", "7", US, "09:40") "] " TAKEN, NULL, TAKES, "2",
     DONE, "1"},
    {"whose it is cannot be told", "name=before",
     FIND ON("1", LEFT_ROW) "[" JOB("1", "7", "admin", "09:40") "] " MADE("1", "1")
         ON("1", LEFT_ROW),
     FIND_POSTS THREE, UNCHANGED, "", NOT, HVS_CLASS_UNKNOWN,
     "whether it was one of this account cannot be told", ""},
    {"two of them", "name=before",
     FIND ON("1", LEFT_ROW) "[" JOB("1", "7", US, "09:40") "," JOB(
         "2", "4", US, "09:50") "] " MADE("1", "1") "[acts-on-vm|2] " ON("1", LEFT_ROW),
     FIND_POSTS THREE " Enumerate", UNCHANGED, "", NOT, HVS_CLASS_CONFLICT,
     "several calls of this account have begun", ""},
    {"stopped while it waits", "name=before",
     FIND LIST("") "[" JOB("1", "4", US, "09:55") "] [acts-on-vm|1] job|4|50|0 nap-stop",
     NULL, UNCHANGED, "", NOT, HVS_CLASS_INTERRUPTED, "stopped by the test", ""},
};

static void word(char out[100], const char *with, const char *name)
{
    const char *at = strstr(with, name);
    size_t len;

    at = at ? at + strlen(name) : "";
    len = strcspn(at, " ");
    assert_true(len < 100);
    memcpy(out, at, len);
    out[len] = '\0';
}

static struct hvs_run *start(const char *with, struct hvs_client *client)
{
    struct hvs_ensure_opts opts = HVS_ENSURE_OPTS_INIT;
    struct hvs_create_opts create = HVS_CREATE_OPTS_INIT;
    struct hvs_label label = {0};
    struct hvs_error err = {0};
    char name[100], text[100], age[100];
    struct hvs_run *run;

    word(name, with, "name=");
    word(text, with, "label=");
    word(age, with, "age=");
    create.vm = strncmp(with, "id", 2) == 0 ? "11111111-0000-4000-8000-000000000001"
                                            : "web1";
    create.name = name[0] ? name : NULL;
    create.labels = &label;
    create.label_count = text[0] != '\0';
    if (text[0])
        assert_int_equal(hvs_label_parse(&label, text, &err), 0);
    opts.create = &create;
    opts.max_age_ms = strtoull(age, NULL, 10);
    assert_int_equal(hvs_snapshot_ensure_start(&run, client, &opts, &err), 0);
    hvs_label_clear(&label);
    return run;
}

/* The last digit of its id. */
static const char *digit(const struct hvs_snapshot *snapshot)
{
    return snapshot ? snapshot->id + strlen(snapshot->id) - 1 : "";
}

static void test_ensure(void **state)
{
    const struct ensure_case *row = *state;
    struct hvs_client *client = feed_client(600000);
    struct hvs_run *run = start(row->with, client);
    struct hvs_create_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    int rc;

    feed_run(&feed, run, row->script);
    rc = hvs_snapshot_ensure_end(run, &result, &err);
    if (!strstr(err.message, row->says) && !strstr(err.detail, row->says))
        fail_msg("'%s' does not say '%s'", err.message, row->says);
    assert_string_equal(hvs_class_name(err.class_), hvs_class_name(row->class_));
    assert_int_equal(rc, row->class_ == HVS_CLASS_DONE ? 0 : -1);
    if (row->posts)
        assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    assert_string_equal(hvs_outcome_name(result->outcome),
                        hvs_outcome_name(row->outcome));
    assert_int_equal(result->changed, row->what != UNCHANGED);
    assert_int_equal(result->resumed, row->what == RESUMES);
    assert_int_equal(feed_count(&feed, "CreateSnapshot"),
                     row->what == TAKES || strstr(row->script, "created|") != NULL);
    assert_string_equal(digit(result->snapshot), row->id);
    assert_string_equal(digit(result->unnamed), row->unnamed);
    if (rc == 0)
        assert_int_equal(result->named, strstr(row->with, "name=") != NULL);
    hvs_create_result_free(result);
    feed_clear(&feed);
    hvs_client_close(client);
}

struct option_case {
    const char *name;
    struct hvs_ensure_opts opts;
    const char *error;
};

#define CREATE(...) \
    &(const struct hvs_create_opts) \
    { \
        .size = sizeof(struct hvs_create_opts), .expires_ms = HVS_TIME_NONE, \
        .type = HVS_CREATE_FULL, __VA_ARGS__ \
    }
#define SIZE .size = sizeof(struct hvs_ensure_opts)

static void test_options(void **state)
{
    const struct option_case option_cases[] = {
        {"not initialised",
         {.create = CREATE(.vm = "web1")},
         "not started from HVS_ENSURE_OPTS_INIT"},
        {"nothing to take", {SIZE, .max_age_ms = 1}, "it is not said what to take"},
        {"no VM", {SIZE, .create = CREATE(.name = "x")}, "the VM's name is empty"},
        {"detached",
         {SIZE, .create = CREATE(.vm = "web1", .detach = true), .max_age_ms = 1},
         "ensuring does not go with detaching"},
        {"anything would do",
         {SIZE, .create = CREATE(.vm = "web1", .notes = "x")},
         "any snapshot at all would do"},
        {"for ever",
         {SIZE, .create = CREATE(.vm = "web1"), .max_age_ms = UINT64_MAX},
         "at most a hundred years"},
    };
    struct hvs_client *client = feed_client(0);
    struct hvs_run *run;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(option_cases); i++) {
        struct hvs_error err = {0};

        assert_int_equal(hvs_snapshot_ensure_start(&run, client, &option_cases[i].opts,
                                                   &err),
                         -1);
        assert_null(run);
        assert_err(&err, HVS_USAGE, option_cases[i].error);
    }
    hvs_client_close(client);
}

/* Fifteen seconds of a job without times are counted by our own clock. */
static void test_no_times(void **state)
{
    struct hvs_client *client = feed_client(600000);
    struct hvs_run *run = start("name=before", client);
    struct hvs_create_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};

#define LOOKED \
    "[bare-job|1|70|7|" US "] " MADE("1", "1") ON("1", LEFT_ROW) ON("1", LEFT_ROW)
    (void)state;
    feed_run(&feed, run,
             FIND ON("1", LEFT_ROW) LOOKED LOOKED LOOKED
             "[bare-job|1|70|7|" US "] " MADE("1", "1") ON("1", LEFT_ROW) NAMED);
    assert_int_equal(hvs_snapshot_ensure_end(run, &result, &err), 0);
    assert_true(result->resumed);
    assert_true(feed.now - feed.began >= HVS_LEFT_TIME_MS);
    hvs_create_result_free(result);
    feed_clear(&feed);
    hvs_client_close(client);
}

struct name_case {
    const char *name;
    const char *text, *vm;
    bool is;
};

static const struct name_case name_cases[] = {
    {"English", "web1 - (7/29/2026 - 2:10:05 PM)", "web1", true},
    {"German", "web1 - (29.07.2026 - 14:10:05)", "web1", true},
    {"Japanese", "web1 - (2026/07/29 - 14:10:05)", "web1", true},
    {"without a line, as documented", "web1 (07/29/2026 -02:10:05 PM)", "web1", true},
    {"words between the numbers", "web1 - (2026. 07. 29. 14 h 10 min 5 s)", "web1", true},
    {"a VM's name with brackets", "a (b) - (7/29/2026 - 2:10:05 PM)", "a (b)", true},
    {"another VM's", "web10 - (7/29/2026 - 2:10:05 PM)", "web1", false},
    {"another VM's, from a move", "web2 - (7/29/2026 - 2:10:05 PM)", "web1", false},
    {"no time", "web1 - (7/29/2026)", "web1", false},
    {"a number too many", "web1 - (7/29/2026 - 2:10:05.5 PM)", "web1", false},
    {"a number that is no part of a time", "web1 - (1 2 3 4 5 20260729)", "web1", false},
    {"something behind it", "web1 - (7/29/2026 - 2:10:05 PM) x", "web1", false},
    {"not closed", "web1 - (7/29/2026 - 2:10:05 PM", "web1", false},
    {"brackets in brackets", "web1 - (7/29/2026 (2:10:05))", "web1", false},
    {"the VM's name alone", "web1", "web1", false},
    {"nothing between", "web1(7/29/2026 - 2:10:05 PM)", "web1", false},
    {"a person's", "before the upgrade", "web1", false},
    {"a VM without a name", " (7/29/2026 - 2:10:05 PM)", "", false},
};

static void test_name(void **state)
{
    const struct name_case *row = *state;

    assert_int_equal(hvs_is_default_name(row->text, row->vm), row->is);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(name_cases) + 2];
    struct CMUnitTest *at = tests;

    CASES(at, cases, test_ensure);
    CASES(at += COUNT(cases), name_cases, test_name);
    at += COUNT(name_cases);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_options);
    *at = (struct CMUnitTest)cmocka_unit_test(test_no_times);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
