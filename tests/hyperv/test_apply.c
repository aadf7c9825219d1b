#include "support/feed.h"

#include <hvsnap/snapshot.h>

#include <string.h>

/* The VM stands on `here` (2), and is to go back to `wanted` (1); both are children of
 * `old` (0). */
#define VM "[vm-on|web1|2] "
#define ROWS "old,snapshot|1|wanted|09:01,snapshot|2|here|09:02"
#define AT(n) "[vm-on|web1|" #n "," ROWS "] "
#define NOW(state) "[system|" #state "|2|2] "
#define CHOSEN VM AT(2)
#define OFF CHOSEN NOW(3)
#define RUNNING CHOSEN NOW(2)
#define WORKED "applying|1 job|7|100|0 "
#define WENT WORKED AT(1) NOW(3)
#define OURS "[job-of|5|71|7|HV01\\admin|10:00] [acts-on-vm|5] "
#define THEIRS(state) "[job-of|6|71|" #state "|HV01\\other|10:00] [acts-on-vm|6] "
#define VANISHED "fault|0x80338000|a:DestinationUnreachable "

#define LOOKS "Enumerate Enumerate Enumerate"
#define STOPPED LOOKS " RequestStateChange Get Enumerate"
#define SENT LOOKS " ApplySnapshot"
#define LOOK " Enumerate"
#define WHY " GetSummaryInformation"

#define DONE HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""
#define NOT(class_, says) HVS_OUTCOME_NOT_DONE, HVS_CLASS_##class_, says
#define UNKNOWN(says) HVS_OUTCOME_UNKNOWN, HVS_CLASS_UNKNOWN, says
#define DOUBT "whether it happened is unknown"

enum { FORCE_OFF = 1, SAVE = 2, START = 4, CHECK = 8, PREPARE = 16 };

struct apply_case {
    const char *name;
    unsigned how;
    const char *script;
    const char *posts; /* NULL: whatever */
    enum hvs_outcome outcome;
    enum hvs_class class_;
    const char *says;
    uint32_t state; /* the last one seen; 0: whatever */
};

static const struct apply_case cases[] = {
    {"off: ask, poll, look where it stands, look how it is", 0, OFF WENT,
     SENT " Get" LOOK LOOK, DONE, 3},
    {"saved: as it is", 0, CHOSEN NOW(6) WENT, SENT " Get" LOOK LOOK, DONE, 3},
    {"done at once", 0, OFF "applied|0 " AT(1) NOW(6), SENT LOOK LOOK, DONE, 6},
    {"turned off first", FORCE_OFF, RUNNING "stating|1 job|7|100|0 " NOW(3) WENT,
     STOPPED " ApplySnapshot Get" LOOK LOOK, DONE, 3},
    {"saved first", SAVE, RUNNING "stating|1 job|7|100|0 " NOW(6) WENT,
     STOPPED " ApplySnapshot Get" LOOK LOOK, DONE, 3},
    {"started afterwards", START, OFF WENT "stating|1 job|7|100|0 " NOW(2),
     SENT " Get" LOOK LOOK " RequestStateChange Get" LOOK, DONE, 2},
    {"it shows off a little after the job's end", FORCE_OFF,
     RUNNING "stating|1 job|7|100|0 " NOW(4) NOW(2) NOW(3) WENT, NULL, DONE, 3},
    {"somebody else turned it off first", FORCE_OFF,
     RUNNING "stated|32775 summary|3|2|2 " WENT,
     LOOKS " RequestStateChange GetSummaryInformation ApplySnapshot Get" LOOK LOOK, DONE,
     3},
    {"checked alone", CHECK, OFF, LOOKS, NOT(DONE, ""), 3},
    {"prepared alone", PREPARE | FORCE_OFF, RUNNING "stating|1 job|7|100|0 " NOW(3),
     STOPPED, NOT(DONE, ""), 3},
    {"where the VM stood already", 0,
     VM "[vm-on|web1|1," ROWS "] " NOW(3) WORKED AT(1) NOW(3), SENT " Get" LOOK LOOK,
     DONE, 3},
    {"somebody took a snapshot of it since", 0,
     OFF WORKED "[vm-on|web1|7," ROWS ",snapshot-of|7|new|10:01|1] " NOW(3), NULL, DONE,
     3},

    {"running", 0, RUNNING, LOOKS,
     NOT(REFUSED, "the VM 'web1' is running: a snapshot is restored to"), 2},
    {"paused", 0, CHOSEN NOW(9), LOOKS, NOT(REFUSED, "is paused"), 9},
    {"starting just now", FORCE_OFF, CHOSEN NOW(10), LOOKS, NOT(BUSY, "is starting"), 10},
    {"no such snapshot", 0, VM "[vm-on|web1|2,old]", "Enumerate Enumerate",
     NOT(NOT_FOUND, "the VM has no snapshot 'wanted'"), 0},
    {"a backup's snapshot", 0, VM "[vm|web1|3,kind|1|wanted|Snapshot:Recovery|false]",
     NULL, NOT(REFUSED, "is a recovery snapshot, which is not restored by hand"), 0},
    {"a replica's", 0, VM "[vm|web1|3,kind|1|wanted|Snapshot:Replica:Standard|false]",
     NULL, NOT(REFUSED, "is a replica snapshot"), 0},
    {"a missing one", 0, VM "[vm|web1|3,kind|1|wanted|Snapshot:Missing|false]", NULL,
     NOT(REFUSED, "which cannot be restored"), 0},
    {"the VM's state is not to be seen", 0, CHOSEN "[]", LOOKS,
     NOT(NOT_FOUND, "the state of the VM 'web1' is not to be seen"), 0},
    {"somebody has just started it", 0, OFF "applied|32775 summary|2|2|2", SENT WHY,
     NOT(REFUSED, "ApplySnapshot: invalid state for this operation (32775)"), 0},
    {"busy", 0, OFF "applied|32775 summary|3|2|32768", SENT WHY,
     NOT(BUSY, "under way is: snapshot"), 0},
    {"no rights", 0, OFF "applied|32769 " NOW(3), NULL, NOT(AUTH, "access denied"), 0},
    {"it cannot be turned off", FORCE_OFF, RUNNING "stated|32768 " NOW(2), NULL,
     NOT(FAILED, "the VM was to be stopped first: RequestStateChange: failed"), 2},
    {"the job fails", 0, OFF "applying|1 job|10|0|32768|no errors|why|", NULL,
     NOT(JOB, "the host's job failed: no"), 0},
    {"the job finds it busy", 0,
     OFF "applying|1 job|10|0|32774|no errors|why| summary|3|2|32770", NULL,
     NOT(BUSY, "under way is: delete"), 0},
    {"said yes, and it stands elsewhere", 0, OFF WORKED AT(2), NULL,
     UNKNOWN("the host said yes, but the VM 'web1' stands on 'here', not on 'wanted'"),
     0},
    {"said yes, and it is still running", FORCE_OFF,
     RUNNING "stated|0 " NOW(2) NOW(2) NOW(2) NOW(2) NOW(2) NOW(2) NOW(2) NOW(2) NOW(2)
         NOW(2) NOW(2) NOW(2) NOW(2) NOW(2) NOW(2) NOW(2) NOW(2) NOW(2) NOW(2) NOW(2)
             NOW(2),
     NULL, NOT(JOB, "but the VM 'web1' is running, not off"), 2},
    {"restored, and not started", START, OFF WENT "stated|32768 " NOW(3), NULL,
     HVS_OUTCOME_DONE, HVS_CLASS_FAILED, "but the VM was not started", 3},

    {"lost, and our job is there: it is followed", 0,
     OFF "lost " OURS AT(2) "job|4|50|0 job|7|100|0 " AT(1) NOW(3),
     SENT " Enumerate Enumerate Enumerate Get Get" LOOK LOOK, DONE, 3},
    {"lost, and it stands there, which it did not", 0, OFF "lost [] " AT(1) NOW(3),
     SENT LOOK LOOK LOOK, DONE, 3},
    {"lost, still where it stood for 65 s: sent again", 0,
     OFF "lost [] " AT(2) "later|66000 [] " AT(2) WENT,
     SENT LOOK LOOK LOOK LOOK " ApplySnapshot Get" LOOK LOOK, DONE, 3},
    {"lost three times", 0,
     OFF "lost later|66000 [] " AT(2) "lost later|66000 [] " AT(
         2) "lost later|66000 [] " AT(2),
     NULL, NOT(CONNECT, "it did not happen, and may be tried again"), 0},
    {"lost, and it stood there already", 0,
     VM "[vm-on|web1|1," ROWS "] " NOW(3) "lost later|66000 [] " AT(1), NULL,
     UNKNOWN(DOUBT), 0},
    {"lost, and what it stood on was deleted, which moves it there too", 0,
     VM "[vm-on|web1|3," ROWS ",snapshot-of|3|below|09:03|1] " NOW(3) "lost later|66000 "
                                                                      "[] " AT(1),
     NULL, UNKNOWN(DOUBT), 0},
    {"lost, and another's job is at it: it is waited for", 0,
     OFF "lost later|66000 " THEIRS(4) AT(2) THEIRS(7) AT(2) WENT, NULL, DONE, 3},
    {"lost, and two jobs of our account", 0,
     OFF "lost [job-of|5|71|7|HV01\\admin|10:00,job-of|6|71|7|HV01\\admin|10:00] "
         "[acts-on-vm|5] [acts-on-vm|6] " AT(2),
     NULL, UNKNOWN(DOUBT), 0},
    {"lost, and a job whose owner cannot be told", 0,
     OFF "lost [job-of|5|71|7|admin|10:00] [acts-on-vm|5] " AT(2), NULL, UNKNOWN(DOUBT),
     0},
    {"lost, and an old job of ours is none", 0,
     OFF "lost [job-of|5|71|7|HV01\\admin|09:00] [acts-on-vm|5] " AT(
         2) "later|66000 [] " AT(2) WENT,
     NULL, DONE, 3},
    {"lost, and the VM is no longer to be seen", 0, OFF "lost later|66000 [] []", NULL,
     UNKNOWN(DOUBT), 0},
    {"lost, and no look is allowed", 0, OFF "lost fault|5|w:AccessDenied", SENT LOOK,
     UNKNOWN(DOUBT), 0},
    {"the job is gone: where it stands counts", 0,
     OFF "applying|1 " VANISHED "[] " AT(1) NOW(3), SENT " Get" LOOK LOOK LOOK, DONE, 3},
    {"the job is gone, and it stands where it did", 0,
     OFF "applying|1 " VANISHED "later|66000 [] " AT(2), NULL,
     NOT(JOB, "did not restore the VM"), 0},
    {"the job is gone, and it stood there already", 0,
     VM "[vm-on|web1|1," ROWS "] " NOW(3) "applying|1 " VANISHED "later|66000 [] " AT(1),
     NULL, UNKNOWN("whether the VM 'web1' went back to 'wanted' is unknown"), 0},
    {"turning off is lost, and it is off: our request could still come", FORCE_OFF,
     RUNNING "lost " NOW(3) WENT, NULL, DONE, 3},
    {"turning off is lost, and it runs for 65 s: sent again", FORCE_OFF,
     RUNNING "lost " NOW(2) "later|66000 " NOW(2) "stating|1 job|7|100|0 " NOW(3) WENT,
     NULL, DONE, 3},
    {"turning off is lost, and it is paused by then", FORCE_OFF,
     RUNNING "lost later|66000 " NOW(9), NULL, HVS_OUTCOME_NOT_DONE, HVS_CLASS_UNKNOWN,
     "the VM was to be stopped first", 9},
    {"stopped with the request out", 0, OFF "stop hang", SENT, HVS_OUTCOME_UNKNOWN,
     HVS_CLASS_INTERRUPTED, DOUBT, 0},
    {"stopped while the job runs", 0, OFF "applying|1 job|4|0|0 nap-stop", NULL,
     HVS_OUTCOME_STARTED, HVS_CLASS_INTERRUPTED, "stopped by the test", 0},
};

static void set_opts(struct hvs_apply_opts *opts, unsigned how)
{
    opts->vm = "web1";
    opts->snapshot = "wanted";
    opts->force_off = how & FORCE_OFF;
    opts->save = how & SAVE;
    opts->start = how & START;
    opts->upto = how & CHECK     ? HVS_APPLY_CHECK
                 : how & PREPARE ? HVS_APPLY_PREPARE
                                 : HVS_APPLY_ALL;
}

static void test_apply(void **state)
{
    const struct apply_case *row = *state;
    struct hvs_apply_opts opts = HVS_APPLY_OPTS_INIT;
    struct hvs_client *client = feed_client(900000);
    struct hvs_apply_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;
    int rc;

    set_opts(&opts, row->how);
    assert_int_equal(hvs_snapshot_apply_start(&run, client, &opts, &err), 0);
    feed_run(&feed, run, row->script);
    rc = hvs_snapshot_apply_end(run, &result, &err);
    if (row->posts)
        assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    assert_int_equal(feed.changes, feed_count(&feed, "ApplySnapshot") +
                                       feed_count(&feed, "RequestStateChange"));
    if (!strstr(err.message, row->says) && !strstr(err.detail, row->says))
        fail_msg("'%s' / '%s' do not say '%s'", err.message, err.detail, row->says);
    assert_string_equal(hvs_class_name(err.class_), hvs_class_name(row->class_));
    assert_int_equal(rc, row->class_ == HVS_CLASS_DONE ? 0 : -1);
    assert_string_equal(hvs_outcome_name(result->outcome),
                        hvs_outcome_name(row->outcome));
    if (row->state)
        assert_int_equal(result->state, row->state);
    if (rc == 0)
        assert_string_equal(result->snapshot->id, "A0000000-0000-4000-8000-000000000001");
    feed_clear(&feed);
    hvs_apply_result_free(result);
    hvs_client_close(client);
}

/* What goes on the wire, what is told of where it stood, and how long a request that may
 * come late is waited for. */
static void test_details(void **state)
{
    struct hvs_apply_opts opts = HVS_APPLY_OPTS_INIT;
    struct hvs_client *client = feed_client(900000);
    struct hvs_apply_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;

    (void)state;
    set_opts(&opts, FORCE_OFF);
    assert_int_equal(hvs_snapshot_apply_start(&run, client, &opts, &err), 0);
    feed_run(&feed, run, RUNNING "lost " NOW(3) WENT);
    assert_int_equal(hvs_snapshot_apply_end(run, &result, &err), 0);
    assert_non_null(
        strstr(feed_post(&feed, 3), "<p:RequestedState>3</p:RequestedState>"));
    assert_non_null(strstr(feed_post(&feed, 3), "11111111-0000-4000-8000-000000000001"));
    assert_non_null(strstr(feed_post(&feed, 5),
                           "<w:Selector Name=\"InstanceID\">Microsoft:"
                           "A0000000-0000-4000-8000-000000000001<"));
    assert_non_null(strstr(feed_post(&feed, 5), "<p:Snapshot>"));
    assert_in_range(feed.nap[0], 64000, 65000);
    assert_int_equal(result->state_before, 2);
    assert_int_equal(result->stopped, HVS_OUTCOME_DONE);
    assert_int_equal(result->started, HVS_OUTCOME_NOT_DONE);
    assert_string_equal(result->stood_on->name, "here");
    assert_true(result->snapshot->current);
    feed_clear(&feed);
    hvs_apply_result_free(result);
    hvs_client_close(client);
}

static void test_options(void **state)
{
    struct hvs_apply_opts opts = HVS_APPLY_OPTS_INIT;
    struct hvs_client *client = feed_client(0);
    struct hvs_error err = {0};
    struct hvs_run *run;

    (void)state;
    set_opts(&opts, FORCE_OFF | SAVE);
    assert_int_equal(hvs_snapshot_apply_start(&run, client, &opts, &err), -1);
    assert_err(&err, HVS_USAGE, "either turned off or saved");
    err = (struct hvs_error){0};
    set_opts(&opts, 0);
    opts.snapshot = "";
    assert_int_equal(hvs_snapshot_apply_start(&run, client, &opts, &err), -1);
    assert_err(&err, HVS_USAGE, "the snapshot is empty");
    err = (struct hvs_error){0};
    opts.size = 3;
    assert_int_equal(hvs_snapshot_apply_start(&run, client, &opts, &err), -1);
    assert_err(&err, HVS_USAGE, "not started from HVS_APPLY_OPTS_INIT");
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 2];

    CASES(tests, cases, test_apply);
    tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(test_details);
    tests[COUNT(cases) + 1] = (struct CMUnitTest)cmocka_unit_test(test_options);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
