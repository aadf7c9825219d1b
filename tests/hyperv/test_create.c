#include "support/create_case.h"

#include <string.h>

#define NAMED "[snapshot|1|before|10:01] "
#define DONE HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""
#define STOPPED HVS_CLASS_INTERRUPTED, "stopped by the test"
#define LATE HVS_CLASS_DEADLINE, "give it more time"

static const struct create_case cases[] = {
    {"a name costs six requests and the polls", "name=before",
     FOUND "creating|1 job|4|10|0 job|4|60|0 job|7|100|0 [" NEW "] modified|0 " NAMED,
     "Enumerate CreateSnapshot Get Get Get Enumerate ModifySystemSettings Enumerate",
     DONE},
    {"no name costs four and the polls", "", ASKED "[" NEW "]", ASKED_POSTS " Enumerate",
     DONE},
    {"the host named it so already", "name=auto", ASKED "[" NEW "]",
     ASKED_POSTS " Enumerate", DONE},
    {"completed with warnings", "", FOUND "creating|1 job|32768|100|0 [" NEW "]",
     ASKED_POSTS " Enumerate", DONE},
    {"a state that nobody has met is waited out", "",
     FOUND "creating|1 job|12|0|0 job|7|100|0 [" NEW "]",
     "Enumerate CreateSnapshot Get Get Enumerate", DONE},
    {"the rename makes a job", "name=before",
     ASKED "[" NEW "] modifying|2 job|7|100|0 " NAMED,
     ASKED_POSTS " Enumerate ModifySystemSettings Get Enumerate", DONE},
    {"detached once the job runs", "detach", FOUND "creating|1",
     "Enumerate CreateSnapshot", HVS_OUTCOME_STARTED, HVS_CLASS_DONE, ""},
    {"done at once, without a job", "", FOUND "made|1 [" NEW "]",
     "Enumerate CreateSnapshot Enumerate", DONE},
    {"done at once, and what was made is not said", "",
     FOUND "created|0 [] [vm|web1|3,old," NEW "] []",
     "Enumerate CreateSnapshot Enumerate Enumerate Enumerate", DONE},

    {"held, and let go", "hold name=before",
     FOUND "nap-go creating|1 job|7|100|0 [" NEW "] modified|0 " NAMED,
     ASKED_POSTS " Enumerate ModifySystemSettings Enumerate", DONE},
    {"held for ever: nothing is asked for", "hold ms=300000", FOUND, "Enumerate",
     HVS_OUTCOME_NOT_DONE, LATE},
    {"stopped while it is held", "hold", FOUND "nap-stop", "Enumerate",
     HVS_OUTCOME_NOT_DONE, STOPPED},

    {"no such VM", "", "[]", "Enumerate", HVS_OUTCOME_NOT_DONE, HVS_CLASS_NOT_FOUND,
     "no VM is called 'web1'"},
    {"another case of letters", "", "[vm|WEB1|3]", "Enumerate", HVS_OUTCOME_NOT_DONE,
     HVS_CLASS_NOT_FOUND, "but 'WEB1' is there"},
    {"two of that name are listed", "", "[vm|web1|3,other-vm|web1]", "Enumerate",
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_CONFLICT,
     "22222222-0000-4000-8000-000000000002  web1"},
    {"snapshots disabled: nothing is asked for", "", "[vm|web1|2]", "Enumerate",
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_REFUSED, "snapshots are disabled for the VM 'web1'"},

    {"busy with another operation", "", FOUND "created|32775 summary|2|2|32768",
     "Enumerate CreateSnapshot GetSummaryInformation", HVS_OUTCOME_NOT_DONE,
     HVS_CLASS_BUSY, "under way is: snapshot"},
    {"in service", "", FOUND "created|32774 summary|2|11|2", NULL, HVS_OUTCOME_NOT_DONE,
     HVS_CLASS_BUSY, "system is in use (32774)"},
    {"starting passes by itself", "", FOUND "created|32775 summary|10|2|2", NULL,
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_BUSY, "the VM is starting"},
    {"a state that forbids it", "", FOUND "created|32775 summary|9|2|2", NULL,
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_REFUSED, "the VM is paused"},
    {"access denied", "", FOUND "created|32769 [system|2|2|2]", NULL,
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_AUTH, "CreateSnapshot: access denied (32769)"},
    {"a number without a name", "", FOUND "created|40000 [system|2|2|2]", NULL,
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_FAILED, "unknown result (40000)"},
    {"no look at the VM to be had", "",
     FOUND "created|32775 fault|5|w:AccessDenied fault|5|w:AccessDenied",
     "Enumerate CreateSnapshot GetSummaryInformation Enumerate", HVS_OUTCOME_NOT_DONE,
     HVS_CLASS_REFUSED, "invalid state for this operation (32775)"},
    {"the VM has moved", "", FOUND "created|32775 summary-none []", NULL,
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_NOT_FOUND, "moved to another node of its cluster"},
    {"the VM has moved, said by a fault", "",
     FOUND "fault|0x80338000|a:DestinationUnreachable []",
     "Enumerate CreateSnapshot Enumerate", HVS_OUTCOME_NOT_DONE, HVS_CLASS_NOT_FOUND,
     "moved to another node of its cluster"},

    {"the job fails, and tells why", "",
     FOUND
     "creating|1 job|10|50|32768|Failed_(0x80070070). errors|Outer_error.|Inner_error.",
     "Enumerate CreateSnapshot Get GetErrorEx", HVS_OUTCOME_NOT_DONE, HVS_CLASS_JOB,
     "Outer error.\nInner error."},
    {"the job's own text names the cause", "",
     FOUND "creating|1 job|10|50|32768|Failed_(0x80070070). errors|a|b", NULL,
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_JOB, "the host's disk is full"},
    {"the job fails without a text", "",
     FOUND "creating|1 job|10|0|32773| fault|5|w:AccessDenied [vm|web1|3]", NULL,
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_JOB, "the host's job failed: invalid parameter"},
    {"snapshots were disabled since", "",
     FOUND "creating|1 job|10|0|32768|Failed. errors|a|b [vm|web1|2,old]",
     "Enumerate CreateSnapshot Get GetErrorEx Enumerate", HVS_OUTCOME_NOT_DONE,
     HVS_CLASS_REFUSED, "snapshots are disabled for the VM; on the host: Set-VM"},
    {"the VM's settings tell no more", "",
     FOUND "creating|1 job|10|0|32768|Failed. errors|a|b [vm|web1|3,old]",
     "Enumerate CreateSnapshot Get GetErrorEx Enumerate", HVS_OUTCOME_NOT_DONE,
     HVS_CLASS_JOB, "the host's event log"},
    {"nor can they be read", "",
     FOUND "creating|1 job|10|0|32768|Failed. errors|a|b fault|5|w:AccessDenied",
     "Enumerate CreateSnapshot Get GetErrorEx Enumerate", HVS_OUTCOME_NOT_DONE,
     HVS_CLASS_JOB, "the host's job failed: Failed."},
    {"the job was killed", "", FOUND "creating|1 job|9|0|0| errors||", NULL,
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_JOB, "the host's job was stopped"},
    {"the job finds the VM busy", "",
     FOUND "creating|1 job|10|0|32775|no errors|a|b summary|2|2|32772",
     "Enumerate CreateSnapshot Get GetErrorEx GetSummaryInformation",
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_BUSY, "under way is: merge"},
    {"the job has no rights", "", FOUND "creating|1 job|10|0|32769|no errors|a|b", NULL,
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_AUTH, "the host's job failed: no"},
    {"polls without an answer are borne", "",
     FOUND "creating|1 lost lost lost lost job|4|10|0 job|7|100|0 [" NEW "]", NULL, DONE},
    {"the host may not be asked for the job any more", "",
     FOUND "creating|1 fault|5|w:AccessDenied", "Enumerate CreateSnapshot Get",
     HVS_OUTCOME_STARTED, HVS_CLASS_AUTH, "0x00000005"},

    {"a rename that changes nothing", "name=before",
     ASKED "[" NEW "] modified|0 [" NEW "]", NULL, HVS_OUTCOME_DONE, HVS_CLASS_JOB,
     "the snapshot is still called 'auto'"},
    {"a rename that is refused", "name=before", ASKED "[" NEW "] modified|32775", NULL,
     HVS_OUTCOME_DONE, HVS_CLASS_REFUSED,
     "it is A0000000-0000-4000-8000-000000000001, called 'auto'"},
    {"a lost rename that happened", "name=before", ASKED "[" NEW "] lost " NAMED NAMED,
     ASKED_POSTS " Enumerate ModifySystemSettings Enumerate Enumerate", DONE},
    {"a lost rename that did not happen is sent again", "name=before",
     ASKED "[" NEW "] lost [" NEW "] modified|0 " NAMED,
     ASKED_POSTS
     " Enumerate ModifySystemSettings Enumerate ModifySystemSettings Enumerate",
     DONE},
    {"a lost rename, sent again, makes a job", "name=before",
     ASKED "[" NEW "] lost [" NEW "] modifying|2 job|7|100|0 " NAMED,
     ASKED_POSTS
     " Enumerate ModifySystemSettings Enumerate ModifySystemSettings Get Enumerate",
     DONE},

    {"stopped while it looks", "", "stop [vm|web1|3]", "Enumerate", HVS_OUTCOME_NOT_DONE,
     STOPPED},
    {"stopped, and the reply came", "", FOUND "stop creating|1",
     "Enumerate CreateSnapshot", HVS_OUTCOME_STARTED, STOPPED},
    {"stopped, and the reply did not come", "", FOUND "stop hang",
     "Enumerate CreateSnapshot", HVS_OUTCOME_UNKNOWN, HVS_CLASS_INTERRUPTED,
     "whether it happened is unknown"},
    {"stopped while the job runs", "", FOUND "creating|1 job|4|10|0 nap-stop",
     "Enumerate CreateSnapshot Get", HVS_OUTCOME_STARTED, STOPPED},
    {"stopped in a poll", "", FOUND "creating|1 stop job|4|10|0",
     "Enumerate CreateSnapshot Get", HVS_OUTCOME_STARTED, STOPPED},
    {"stopped in the rename", "name=before", ASKED "[" NEW "] stop modified|0", NULL,
     HVS_OUTCOME_DONE, HVS_CLASS_INTERRUPTED,
     "the snapshot was taken, but could not be read back once it was named"},

    {"late while it looks", "ms=5000", "hang", "Enumerate", HVS_OUTCOME_NOT_DONE, LATE},
    {"late with the request out", "ms=5000", FOUND "hang", "Enumerate CreateSnapshot",
     HVS_OUTCOME_UNKNOWN, HVS_CLASS_UNKNOWN, "whether it happened is unknown"},
    {"late while the job runs", "ms=700", FOUND "creating|1 job|4|10|0 job|4|10|0",
     "Enumerate CreateSnapshot Get Get", HVS_OUTCOME_STARTED, LATE},
    {"late in the proof", "ms=5000", ASKED "hang", ASKED_POSTS " Enumerate",
     HVS_OUTCOME_DONE, LATE},
};

struct option_case {
    const char *name;
    const char *vm, *wanted;
    bool detach;
    size_t size; /* 0: the whole struct */
    const char *error;
};

static char long_name[400], longest_name[401];

static const struct option_case option_cases[] = {
    {"no VM", NULL, NULL, false, 0, "the VM's name is empty"},
    {"an empty VM", "", NULL, false, 0, "the VM's name is empty"},
    {"a VM that is not UTF-8", "\xff", NULL, false, 0, "the VM's name is not UTF-8"},
    {"a VM with a line feed", "a\nb", NULL, false, 0, "holds a control character"},
    {"an empty name", "web1", "", false, 0, "the snapshot's name is empty"},
    {"a blank name", "web1", "   ", false, 0, "the snapshot's name is blank"},
    {"a name of 101 characters", "web1", long_name, false, 0, "has 101 characters"},
    {"a name and detached", "web1", "x", true, 0, "does not go with detaching"},
    {"not initialised", "web1", NULL, false, 1, "not started from HVS_CREATE_OPTS_INIT"},
    {"a newer program", "web1", NULL, false, sizeof(struct hvs_create_opts) + 8,
     "newer version"},
    {"a hundred characters in four bytes each", "web1", longest_name, false, 0, NULL},
    {"an older program, without a name", "web1", "never read", false,
     offsetof(struct hvs_create_opts, name), NULL},
};

static void test_options(void **state)
{
    const struct option_case *row = *state;
    struct {
        struct hvs_create_opts opts;
        char more[64];
    } given = {.opts = HVS_CREATE_OPTS_INIT};
    struct hvs_client *client = feed_client(0);
    struct hvs_error err = {0}, why = {0};
    struct hvs_create_result *result;
    struct hvs_run *run;
    int rc;

    given.opts.vm = row->vm;
    given.opts.name = row->wanted;
    given.opts.detach = row->detach;
    if (row->size)
        given.opts.size = row->size;
    rc = hvs_snapshot_create_start(&run, client, &given.opts, &err);
    if (row->error) {
        assert_int_equal(rc, -1);
        assert_null(run);
        assert_err(&err, HVS_USAGE, row->error);
    } else {
        assert_int_equal(rc, 0);
        why.domain = HVS_USAGE;
        hvs_run_stop(run, &why);
        assert_int_equal(hvs_snapshot_create_end(run, &result, &err), -1);
        hvs_create_result_free(result);
    }
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(option_cases)];
    size_t i;

    memset(long_name, 'n', 101);
    for (i = 0; i < 100; i++)
        memcpy(longest_name + 4 * i, "\xf0\x9f\x92\xbe", 4);
    CASES(tests, cases, test_create_case);
    CASES(tests + COUNT(cases), option_cases, test_options);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
