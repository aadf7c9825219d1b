#include "support/create_case.h"

#define AT_WORK "[long-job|1|4|10:01] [acts-on-vm|1] "
#define ROWS "[acts-on-vm|1,creates|1|1] "
#define NO_ROWS "[acts-on-vm|1] "
#define NINE_TIMES NO_ROWS NO_ROWS NO_ROWS NO_ROWS NO_ROWS NO_ROWS NO_ROWS NO_ROWS NO_ROWS
#define NO_FILTER "fault|0x8033801A|n:CannotProcessFilter "
#define TREE "[] [vm|web1|3,old," NEW "] [] " /* and the jobs once more */
#define DONE HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""
#define THREE " Enumerate Enumerate Enumerate"

static const struct create_case cases[] = {
    {"the job's association tells", "", ASKED "[" NEW "]", ASKED_POSTS " Enumerate",
     DONE},
    {"it leads to the snapshot twice", "", ASKED "[" NEW "," NEW "]",
     ASKED_POSTS " Enumerate", DONE},
    {"it leads to the VM and to others' snapshots too", "",
     ASKED "[vm|web1|3,foreign|2|x," NEW "]", ASKED_POSTS " Enumerate", DONE},
    {"no associations over WS-Man: its rows tell", "", ASKED NO_FILTER ROWS "[" NEW "]",
     ASKED_POSTS THREE, DONE},
    {"it is empty: its rows tell", "", ASKED "[] " ROWS "[" NEW "]", ASKED_POSTS THREE,
     DONE},
    {"it leads to two: its rows tell", "",
     ASKED "[" NEW ",snapshot|2|x|10:02] " ROWS "[" NEW "]", ASKED_POSTS THREE, DONE},
    {"the rows come late", "", ASKED "[] [] " NO_ROWS ROWS "[" NEW "]",
     ASKED_POSTS THREE " Enumerate Enumerate", DONE},
    {"rows of other jobs are none of ours", "",
     ASKED "[] [acts-on-vm|2,creates|2|2,acts-on-vm|1,creates|1|1] [" NEW "]",
     ASKED_POSTS THREE, DONE},
    {"no filter at all: every row is read", "",
     ASKED NO_FILTER NO_FILTER "[creates|2|2,creates|1|1,creates|3|3] [" NEW "]",
     ASKED_POSTS THREE " Enumerate", DONE},
    {"the rows never come: the tree tells", "", ASKED "[] " NINE_TIMES TREE, NULL, DONE},
    {"the rows cannot be read: the tree tells", "",
     ASKED NO_FILTER "fault|0x80041001|w:InternalError " TREE,
     ASKED_POSTS THREE " Enumerate Enumerate", DONE},
    {"two new children in the tree", "",
     ASKED "[] " NINE_TIMES "[] [vm|web1|3,old," NEW ",snapshot|2|x|10:02]", NULL,
     HVS_OUTCOME_DONE, HVS_CLASS_UNKNOWN, "cannot be told: 2 could be it"},
    {"one new child, but another's job is about", "",
     ASKED "[] " NINE_TIMES
           "[create-job|4|HV01\\other|10:00] [acts-on-vm|4] [vm|web1|3,old," NEW "]",
     NULL, HVS_OUTCOME_DONE, HVS_CLASS_UNKNOWN, "other jobs are about"},
    {"one new child, which another's job has made", "",
     ASKED "[] " NINE_TIMES "[create-job|4|HV01\\other|10:00] [acts-on-vm|4,creates|4|1] "
           "[vm|web1|3,old," NEW "]",
     NULL, HVS_OUTCOME_DONE, HVS_CLASS_UNKNOWN, "cannot be told: 0 could be it"},
    {"none in the tree", "", ASKED "[] " NINE_TIMES "[] [vm|web1|3,old]", NULL,
     HVS_OUTCOME_DONE, HVS_CLASS_UNKNOWN, "cannot be told: 0 could be it"},
    {"children of before and elsewhere are not it", "",
     ASKED "[] " NINE_TIMES
           "[] [vm|web1|3,old,snapshot|2|x|09:00,kind|3|y|Snapshot:Realized|false," NEW
           "] []",
     NULL, DONE},
    {"it is gone already", "", ASKED "[] " ROWS "[]", ASKED_POSTS THREE, HVS_OUTCOME_DONE,
     HVS_CLASS_NOT_FOUND, "somebody deleted it"},
    {"no rights to look", "",
     ASKED "fault|5|w:AccessDenied fault|5|w:AccessDenied fault|5|w:AccessDenied",
     ASKED_POSTS THREE, HVS_OUTCOME_DONE, HVS_CLASS_AUTH, "0x00000005"},
    {"stopped between two looks", "", ASKED "[] " NO_ROWS "nap-stop",
     ASKED_POSTS " Enumerate Enumerate", HVS_OUTCOME_DONE, HVS_CLASS_INTERRUPTED,
     "stopped by the test"},

    {"the job is gone: the tree tells", "",
     FOUND "creating|1 job|4|10|0 fault|0x80338000|a:DestinationUnreachable " TREE, NULL,
     DONE},
    {"the job is gone, said by WMI's number", "",
     FOUND "creating|1 fault|0x80041002|w:InternalError " TREE, NULL, DONE},
    {"the job is gone, and yet at work: no snapshot proves anything", "",
     FOUND "creating|1 fault|0x80041002|w:InternalError " AT_WORK "[vm|web1|3,old," NEW
           "]",
     NULL, HVS_OUTCOME_UNKNOWN, HVS_CLASS_UNKNOWN, "is still at work on the VM"},
    {"the job is gone, and nothing is new", "",
     FOUND
     "creating|1 job|4|10|0 fault|0x80338000|a:DestinationUnreachable [] [vm|web1|3,old] "
     "[] " NINE_TIMES "[] [vm|web1|3,old]",
     NULL, HVS_OUTCOME_UNKNOWN, HVS_CLASS_UNKNOWN, "0 could be it"},
    {"completed with an error code: what is there counts", "",
     FOUND "creating|1 job|7|100|32768|odd [" NEW "]", ASKED_POSTS " Enumerate", DONE},
    {"completed with an error code, and nothing is new", "",
     FOUND "creating|1 job|7|100|32768|odd [] " NINE_TIMES "[] [vm|web1|3,old]", NULL,
     HVS_OUTCOME_UNKNOWN, HVS_CLASS_UNKNOWN, "0 could be it"},
};

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_create_case);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
