#include "support/test.h"

#include "wsman/fate.h"

/* Every kind of end that a request can have. */
struct fate_case {
    const char *name;
    bool began;
    int status; /* 0: no reply */
    bool readable;
    enum { NO_FAULT, TURNED_AWAY, MAYBE } fault;
    enum hvs_fate fate;
};

static const struct fate_case cases[] = {
    {"never sent", false, 0, false, NO_FAULT, HVS_NOT_BEGUN},
    {"sent, and nothing came back", true, 0, false, NO_FAULT, HVS_IN_DOUBT},

    {"answered", true, 200, true, NO_FAULT, HVS_ANSWERED},
    {"200, and no reply of ours", true, 200, false, NO_FAULT, HVS_IN_DOUBT},
    {"200 with a fault of the door", true, 200, true, TURNED_AWAY, HVS_NOT_BEGUN},
    {"200 with a fault that leaves it open", true, 200, true, MAYBE, HVS_IN_DOUBT},

    {"500 with a fault of the door", true, 500, true, TURNED_AWAY, HVS_NOT_BEGUN},
    {"500 with a fault that leaves it open", true, 500, true, MAYBE, HVS_IN_DOUBT},
    {"500 with a reply that is no fault", true, 500, true, NO_FAULT, HVS_IN_DOUBT},
    {"500 that cannot be read", true, 500, false, NO_FAULT, HVS_IN_DOUBT},
    {"a fault that cannot be believed", true, 500, false, TURNED_AWAY, HVS_IN_DOUBT},

    {"400", true, 400, false, NO_FAULT, HVS_IN_DOUBT},
    {"401", true, 401, false, NO_FAULT, HVS_NOT_BEGUN},
    {"403", true, 403, false, NO_FAULT, HVS_IN_DOUBT},
    {"404", true, 404, false, NO_FAULT, HVS_NOT_BEGUN},
    {"407", true, 407, false, NO_FAULT, HVS_IN_DOUBT},
    {"411", true, 411, false, NO_FAULT, HVS_NOT_BEGUN},
    {"413", true, 413, false, NO_FAULT, HVS_NOT_BEGUN},
    {"415", true, 415, false, NO_FAULT, HVS_NOT_BEGUN},
    {"502", true, 502, false, NO_FAULT, HVS_IN_DOUBT},
    {"503", true, 503, false, NO_FAULT, HVS_IN_DOUBT},
    {"302", true, 302, false, NO_FAULT, HVS_IN_DOUBT},
    {"204", true, 204, false, NO_FAULT, HVS_IN_DOUBT},
    {"404 with a reply", true, 404, true, NO_FAULT, HVS_NOT_BEGUN},
    {"503 with a fault that leaves it open", true, 503, true, MAYBE, HVS_IN_DOUBT},
    {"202 with a reply", true, 202, true, NO_FAULT, HVS_IN_DOUBT},
};

static void test_fate(void **state)
{
    const struct fate_case *row = *state;
    const struct hvs_posted posted = {.began = row->began, .status = row->status};
    const struct hvs_fault_row door = {.begun = HVS_BEGUN_NO},
                               open = {.begun = HVS_BEGUN_OPEN};
    const struct hvs_fault fault = {.row = row->fault == TURNED_AWAY ? &door : &open};

    assert_int_equal(hvs_fate(&posted, row->readable, row->fault ? &fault : NULL),
                     row->fate);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_fate);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
