#include "support/feed.h"

#include "hyperv/job_query.h"

#include <hvsnap/job.h>

#include <stdlib.h>
#include <string.h>

#define WEB1 "11111111-0000-4000-8000-000000000001"
#define HOST "host,system|2|2|2"
#define RUNS "job-row|1|70|4|40|true|09:50|"
#define OVER "job-row|2|72|7|100|false|08:00|"
#define FAILED "job-row|3|71|10|55|false|09:00|no_space"

/* What was listed, a line a job, for one comparison: where it acts, its kind, state, what
 * it made, and how far it is. */
static char *describe(const struct hvs_job_list *list)
{
    struct hvs_buf out = HVS_BUF_INIT(1 << 16);
    struct hvs_error err = {0};
    char type[16], state[16];
    size_t i;

    for (i = 0; i < list->count; i++) {
        const struct hvs_job *job = list->items[i];

        hvs_buf_printf(&out, "%s%c %s %s %s %u%%%s%s%s", i ? "; " : "",
                       job->id[strlen(job->id) - 1],
                       *job->vm_name ? job->vm_name
                       : *job->vm_id ? job->vm_id
                                     : "-",
                       hvs_job_type_name(job, type),
                       hvs_job_state_name(job->state, state), job->percent,
                       job->cancellable ? " stoppable" : "", job->over ? " over" : "",
                       *job->error ? " " : "");
        hvs_buf_printf(&out, "%s%s%s", job->error, *job->snapshot_id ? " made " : "",
                       job->snapshot_id);
    }
    return hvs_buf_take(&out, &err);
}

struct list_case {
    const char *name;
    const char *vm; /* NULL for the host */
    const char *script;
    const char *posts;
    const char *list; /* as describe() has it; NULL: it must fail */
    enum hvs_class class_;
    const char *says;
};

static const struct list_case cases[] = {
    {"of the host: VMs, jobs, what they act on", NULL,
     "[" HOST "] [" OVER "," RUNS "," FAILED
     "] [acts-on-vm|1,acts-on-vm|2,acts-on-other|3]",
     "Enumerate Enumerate Enumerate",
     "1 web1 snapshot running 40% stoppable; 2 web1 delete completed 100% over; 3 "
     "22222222-0000-4000-8000-000000000002 apply failed 55% over no space",
     HVS_CLASS_DONE, ""},
    {"of one VM", "web1",
     "[vm|web1|3] [" OVER "," RUNS "," FAILED
     "] [acts-on-vm|1,acts-on-other|2,acts-on-other|3]",
     "Enumerate Enumerate Enumerate", "1 web1 snapshot running 40% stoppable",
     HVS_CLASS_DONE, ""},
    {"one VM by id", WEB1, "[vm|web1|3] [" RUNS "] [acts-on-vm|1]",
     "Enumerate Enumerate Enumerate", "1 web1 snapshot running 40% stoppable",
     HVS_CLASS_DONE, ""},
    {"none: nothing is asked about them", NULL, "[" HOST "] []", "Enumerate Enumerate",
     "", HVS_CLASS_DONE, ""},
    {"none of a VM", "web1", "[vm|web1|3] [" RUNS "] [acts-on-other|1]",
     "Enumerate Enumerate Enumerate", "", HVS_CLASS_DONE, ""},
    {"by start, those that run first", NULL,
     "[" HOST "] [job-row|1|70|7|100|false|09:59|,job-row|2|70|7|100|false|09:58|,"
     "job-row|3|70|4|1|true|09:57|,job-row|4|70|4|1|true|09:56|,"
     "job-row|5|70|4|1|true|09:56|] []",
     "Enumerate Enumerate Enumerate",
     "4 - snapshot running 1% stoppable; 5 - snapshot running 1% stoppable; 3 - "
     "snapshot running 1% stoppable; 2 - snapshot completed 100% "
     "over; 1 - snapshot completed 100% over",
     HVS_CLASS_DONE, ""},
    {"what a job has made", NULL, "[" HOST "] [" OVER "] [creates|2|7,acts-on-vm|2]",
     "Enumerate Enumerate Enumerate",
     "2 web1 delete completed 100% over made "
     "A0000000-0000-4000-8000-000000000007",
     HVS_CLASS_DONE, ""},
    {"a sister's job", NULL,
     "[" HOST "] [storage-job|1|8|It_was_stopped.] [acts-on-host|1]",
     "Enumerate Enumerate Enumerate",
     "1 - storage terminated 40% stoppable over It was stopped.", HVS_CLASS_DONE, ""},
    {"a job of the host itself is of no VM", NULL,
     "[" HOST "] [" RUNS "] [acts-on-host|1]", "Enumerate Enumerate Enumerate",
     "1 - snapshot running 40% stoppable", HVS_CLASS_DONE, ""},
    {"types and states that nobody has met", NULL,
     "[" HOST "] [job-row|1|4711|6|4000000000|false|09:50|,"
     "job-row|2|73|99|1|false|09:51|] []",
     "Enumerate Enumerate Enumerate", "1 - 4711 stopping 100%; 2 - clear-state 99 1%",
     HVS_CLASS_DONE, ""},
    {"rows of other classes", NULL, "[" HOST ",old] [old," RUNS "] [old]",
     "Enumerate Enumerate Enumerate", "1 - snapshot running 40% stoppable",
     HVS_CLASS_DONE, ""},
    {"a page was lost: no job is there twice", NULL,
     "[" HOST "] [" RUNS "> lost [" RUNS "] [acts-on-vm|1]",
     "Enumerate Enumerate Pull Enumerate Enumerate",
     "1 web1 snapshot running 40% stoppable", HVS_CLASS_DONE, ""},
    {"a host that takes no such filter", NULL,
     "[" HOST "] fault|0x8033801A|w:CannotProcessFilter [" RUNS "] [acts-on-vm|1]",
     "Enumerate Enumerate Enumerate Enumerate", "1 web1 snapshot running 40% stoppable",
     HVS_CLASS_DONE, ""},

    {"no such VM", "nosuch", "[]", "Enumerate", NULL, HVS_CLASS_NOT_FOUND,
     "no VM is called 'nosuch'"},
    {"no rights", NULL, "fault|5|w:AccessDenied", "Enumerate", NULL, HVS_CLASS_AUTH,
     "0x00000005"},
    {"a job without a state", NULL, "[" HOST "] [job-row|1|70||0|true|09:50|]",
     "Enumerate Enumerate", NULL, HVS_CLASS_CONNECT, "JobState"},
};

static void test_list(void **state)
{
    const struct list_case *row = *state;
    struct hvs_client *client = feed_client(60000);
    struct hvs_job_list *list;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;
    char *text;
    int rc;

    assert_int_equal(hvs_job_list_start(&run, client, row->vm, &err), 0);
    feed_run(&feed, run, row->script);
    rc = hvs_job_list_end(run, &list, &err);
    assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    assert_int_equal(feed.changes, 0);
    assert_string_equal(hvs_class_name(err.class_), hvs_class_name(row->class_));
    assert_err(&err, err.domain, row->says);
    assert_int_equal(rc, row->list ? 0 : -1);
    if (rc == 0) {
        text = describe(list);
        assert_string_equal(text ? text : "", row->list);
        assert_false(list->maybe_no_rights);
        free(text);
    } else {
        assert_null(list);
    }
    hvs_job_list_free(list);
    feed_clear(&feed);
    hvs_client_close(client);
}

/* Everything that a row tells. */
static void test_row(void **state)
{
    struct hvs_client *client = feed_client(0);
    const struct hvs_job *job;
    struct hvs_job_list *list;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;

    (void)state;
    assert_int_equal(hvs_job_list_start(&run, client, NULL, &err), 0);
    feed_run(&feed, run, "[" HOST "] [" FAILED ",storage-job|4|4|] [acts-on-vm|3]");
    assert_int_equal(hvs_job_list_end(run, &list, &err), 0);
    assert_int_equal(list->count, 2);
    job = list->items[1];
    assert_string_equal(job->id, "33333333-0000-4000-8000-000000000003");
    assert_string_equal(job->class_, "Msvm_ConcreteJob");
    assert_string_equal(job->caption, "Creating Checkpoint");
    assert_string_equal(job->owner, "HV01\\admin");
    assert_string_equal(job->vm_id, WEB1);
    assert_true(job->started_ms == FEED_UTC - 60000);
    assert_true(job->changed_ms == FEED_UTC);
    assert_true(job->elapsed_ms == 9500);
    job = list->items[0];
    assert_string_equal(job->class_, "Msvm_StorageJob");
    assert_true(job->started_ms == HVS_TIME_NONE && job->changed_ms == HVS_TIME_NONE);
    assert_true(job->elapsed_ms == 0);
    assert_string_equal(job->owner, "");
    assert_non_null(strstr(feed_post(&feed, 1), "SELECT * FROM CIM_ConcreteJob"));
    hvs_job_list_free(list);
    feed_clear(&feed);
    hvs_client_close(client);
}

static void test_no_rights(void **state)
{
    struct hvs_client *client = feed_client(0);
    struct hvs_job_list *list;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;

    (void)state;
    assert_int_equal(hvs_job_list_start(&run, client, NULL, &err), 0);
    feed_run(&feed, run, "[] []");
    assert_int_equal(hvs_job_list_end(run, &list, &err), 0);
    assert_int_equal(list->count, 0);
    assert_true(list->maybe_no_rights);
    hvs_job_list_free(list);
    feed_clear(&feed);
    hvs_client_close(client);
}

struct over_case {
    const char *name; /* of the state, too */
    uint32_t state;
    bool over, completed;
};

static const struct over_case over_cases[] = {
    {"new", 2, false, false},
    {"starting", 3, false, false},
    {"running", 4, false, false},
    {"suspended", 5, false, false},
    {"stopping", 6, false, false},
    {"completed", 7, true, true},
    {"terminated", 8, true, false},
    {"killed", 9, true, false},
    {"failed", 10, true, false},
    {"11", 11, false, false},
    {"12", 12, false, false},
    {"warnings", 32768, true, true},
    {"4294967295", UINT32_MAX, false, false},
};

static void test_over(void **state)
{
    const struct over_case *row = *state;
    char buf[16];

    assert_string_equal(hvs_job_state_name(row->state, buf), row->name);
    assert_int_equal(hvs_job_state_over(row->state), row->over);
    assert_int_equal(hvs_job_state_completed(row->state), row->completed);
}

static void test_options(void **state)
{
    struct hvs_client *client = feed_client(0);
    struct hvs_error err = {0};
    struct hvs_run *run;

    (void)state;
    assert_int_equal(hvs_job_list_start(&run, client, "a\nb", &err), -1);
    assert_err(&err, HVS_USAGE, "the VM's name holds a control character");
    assert_null(run);
    hvs_job_list_free(NULL);
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(over_cases)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_row),
        cmocka_unit_test(test_no_rights),
        cmocka_unit_test(test_options),
    };
    int failed;

    CASES(tests, cases, test_list);
    CASES(tests + COUNT(cases), over_cases, test_over);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
