#include "faults/matrix.h"

/*
 * Everything that may go wrong at a request, one of each kind. What a break may not do,
 * with time enough, is to change what comes of it.
 */
#define OTHER 0
#define BREAK FAULT_BREAK
#define RIVAL FAULT_RIVAL
#define SAME (FAULT_RIVAL | FAULT_SAME)
#define SPOIL FAULT_SPOIL
#define SEALED FAULT_SEALED
#define CLOCK FAULT_CLOCK

const struct fault fault_kinds[] = {
    /* the connection */
    {"refuse", BREAK},
    {"reset-before", BREAK},
    {"reset-read", BREAK},
    {"reset-after", BREAK},
    {"reset-within", BREAK},
    {"close", BREAK},
    {"tls-cut", BREAK},
    {"truncate", BREAK},
    {"late=3000", BREAK},
    {"late=64000", BREAK},
    {"late=80000", BREAK},
    {"late-act=1", BREAK},
    {"late-act=2000", BREAK},
    {"late-act=30000", BREAK},
    {"late-act=59000", BREAK},
    {"hang", BREAK},
    {"drip=1", BREAK},
    {"drip=1000", OTHER},
    {"resolver-hang", FAULT_WIRE},
    {"kdc-hang", FAULT_WIRE},

    /* what is not what it should be */
    {"duplicate", BREAK},
    {"wrong-relates-to", BREAK},
    {"garbage", OTHER},
    {"html", OTHER},
    {"damage=0", OTHER},
    {"damage=1", OTHER},
    {"damage=2", OTHER},
    {"damage=3", OTHER},
    {"damage=4", OTHER},
    {"damage=5", OTHER},
    {"damage=6", OTHER},
    {"damage=7", OTHER},
    {"damage=8", OTHER},
    {"damage=9", OTHER},

    /* bare statuses */
    {"status=400", OTHER},
    {"status=401", OTHER},
    {"bare=404", SEALED}, /* nobody on the way may say so */
    {"bare=401", SEALED},
    {"status=403", OTHER},
    {"status=404", OTHER},
    {"status=413", OTHER},
    {"status=500", OTHER},
    {"status=503", OTHER},

    /* a fault of each class: instead of it, and behind it. One that says that it was not
     * begun is a lie there, and no host's. */
    {"fault=0x5", OTHER},                     /* no rights */
    {"fault=0x80338000", OTHER | FAULT_GONE}, /* no such thing */
    {"fault=0x80338003", OTHER},              /* a provider failed */
    {"fault=0x80338003:1", OTHER},
    {"fault=0x80338012", OTHER}, /* nobody there */
    {"fault=0x80338012:1", OTHER},
    {"fault=0x80338014", OTHER}, /* the service is stopped */
    {"fault=0x80338014:1", OTHER},
    {"fault=0x8033801A", OTHER}, /* the filter */
    {"fault=0x8033801B", OTHER}, /* the context is gone */
    {"fault=0x8033801C", OTHER}, /* nothing yet: pull again */
    {"fault=0x8033801C:1", OTHER},
    {"fault=0x80338029", OTHER}, /* timed out */
    {"fault=0x80338029:1", OTHER},
    {"fault=0x80338033", OTHER}, /* it is there already */
    {"fault=0x80338033:1", OTHER},
    {"fault=0x80338035:1", OTHER}, /* a limit */
    {"fault=0x80338041", OTHER},   /* it was not understood */
    {"fault=0x80338048", OTHER},   /* too large */
    {"fault=0x80338048:1", OTHER},
    {"fault=0x8033804D:1", OTHER}, /* unreportable success */
    {"fault=0x80338101:1", OTHER}, /* a reference that cannot be shown */
    {"fault=0x80338113", OTHER},   /* what a 404 is to Windows */
    {"fault=0x803381A6", OTHER},   /* a quota */
    {"fault=0x803381E8", OTHER},
    {"fault=0x803381FA", OTHER}, /* the service restarted under our session */
    {"fault=0x803381FA:1", OTHER},
    {"fault=0x80041001", OTHER},
    {"fault=0x80041001:1", OTHER},
    {"fault=0x80041002", OTHER | FAULT_GONE},
    {"fault=0x80041003", OTHER},
    {"fault=0x8004100E", OTHER}, /* no Hyper-V */
    {"fault=0x80041017", OTHER}, /* a query */
    {"fault=0x80041033", OTHER},
    {"fault=0x80070057:1", OTHER},
    {"fault=0x800706BA:1", OTHER},
    {"fault=0xDEAD0001", OTHER}, /* one that nobody knows */
    {"fault=0xDEAD0001:1", OTHER},

    /* what methods and jobs come to */
    {"return=1", OTHER},
    {"return=2", OTHER},
    {"return=3", OTHER},
    {"return=32768", OTHER},
    {"return=32769", OTHER},
    {"return=32770", OTHER},
    {"return=32771", OTHER},
    {"return=32772", OTHER},
    {"return=32773", OTHER},
    {"return=32774", OTHER},
    {"return=32775", OTHER},
    {"return=32779", OTHER},
    {"job-fail", SPOIL},
    {"job-fail=32775", SPOIL},
    {"job-warn", SPOIL},
    {"job-odd", SPOIL},
    {"job-part", SPOIL},
    {"job-part=0", SPOIL},
    {"job-slow=90000", SPOIL},
    {"job-stuck", SPOIL},
    {"job-stuck=40", SPOIL},

    /* others */
    {"vm-moved", RIVAL | SPOIL},
    {"vmms-restart", RIVAL | SPOIL},
    {"clock-forward=4000", CLOCK},
    {"clock-forward=3600000", CLOCK},
    {"clock-back=2000", CLOCK},
    {"clock-back=4000", CLOCK},
    {"clock-back=3600000", CLOCK},
    {"date=-200000", FAULT_WIRE | CLOCK | SEALED}, /* of every reply: no seal is on it */
    {"date=200000", FAULT_WIRE | CLOCK | SEALED},
    {"admin-create", RIVAL},
    {"admin-apply", RIVAL},
    {"admin-rename", RIVAL},
    {"admin-destroy", RIVAL},
    {"admin-start", RIVAL},
    {"admin-off", RIVAL},
    {"admin-type=2", RIVAL | SPOIL},
    {"same-create", SAME},
    {"same-apply", SAME},
    {"same-rename", SAME},
    {"same-destroy", SAME},
    {"same-start", SAME},
    {"same-off", SAME},
    {"admin-type=4", RIVAL},
};
const size_t fault_kind_count = sizeof(fault_kinds) / sizeof(fault_kinds[0]);
