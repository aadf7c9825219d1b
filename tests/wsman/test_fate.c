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
    bool anybody; /* whoever sits between can have written it */
};

static const struct fate_case cases[] = {
    {"never sent", false, 0, false, NO_FAULT, HVS_NOT_BEGUN, false},
    {"sent, and nothing came back", true, 0, false, NO_FAULT, HVS_IN_DOUBT, false},

    {"answered", true, 200, true, NO_FAULT, HVS_ANSWERED, false},
    {"200, and no reply of ours", true, 200, false, NO_FAULT, HVS_IN_DOUBT, false},
    {"200 with a fault of the door", true, 200, true, TURNED_AWAY, HVS_NOT_BEGUN, false},
    {"200 with a fault that leaves it open", true, 200, true, MAYBE, HVS_IN_DOUBT, false},

    {"500 with a fault of the door", true, 500, true, TURNED_AWAY, HVS_NOT_BEGUN, false},
    {"500 with a fault that leaves it open", true, 500, true, MAYBE, HVS_IN_DOUBT, false},
    {"500 with a reply that is no fault", true, 500, true, NO_FAULT, HVS_IN_DOUBT, false},
    {"500 that cannot be read", true, 500, false, NO_FAULT, HVS_IN_DOUBT, false},
    {"a fault that cannot be believed", true, 500, false, TURNED_AWAY, HVS_IN_DOUBT,
     false},

    {"400", true, 400, false, NO_FAULT, HVS_IN_DOUBT, false},
    {"401", true, 401, false, NO_FAULT, HVS_NOT_BEGUN, false},
    {"403", true, 403, false, NO_FAULT, HVS_IN_DOUBT, false},
    {"404", true, 404, false, NO_FAULT, HVS_NOT_BEGUN, false},
    {"407", true, 407, false, NO_FAULT, HVS_IN_DOUBT, false},
    {"411", true, 411, false, NO_FAULT, HVS_NOT_BEGUN, false},
    {"413", true, 413, false, NO_FAULT, HVS_NOT_BEGUN, false},
    {"415", true, 415, false, NO_FAULT, HVS_NOT_BEGUN, false},
    {"502", true, 502, false, NO_FAULT, HVS_IN_DOUBT, false},
    {"503", true, 503, false, NO_FAULT, HVS_IN_DOUBT, false},
    {"302", true, 302, false, NO_FAULT, HVS_IN_DOUBT, false},
    {"204", true, 204, false, NO_FAULT, HVS_IN_DOUBT, false},
    {"404 with a reply", true, 404, true, NO_FAULT, HVS_NOT_BEGUN, false},
    {"503 with a fault that leaves it open", true, 503, true, MAYBE, HVS_IN_DOUBT, false},
    {"401, which anybody can have written", true, 401, false, NO_FAULT, HVS_IN_DOUBT,
     true},
    {"404, which anybody can have written", true, 404, false, NO_FAULT, HVS_IN_DOUBT,
     true},
    {"a sealed fault of the door", true, 500, true, TURNED_AWAY, HVS_NOT_BEGUN, true},
    {"nothing sent, where anybody can write", false, 0, false, NO_FAULT, HVS_NOT_BEGUN,
     true},
    {"202 with a reply", true, 202, true, NO_FAULT, HVS_IN_DOUBT, false},
};

static void test_fate(void **state)
{
    const struct fate_case *row = *state;
    const struct hvs_posted posted = {.began = row->began, .status = row->status};
    const struct hvs_fault_row door = {.begun = HVS_BEGUN_NO},
                               open = {.begun = HVS_BEGUN_OPEN};
    const struct hvs_fault fault = {.row = row->fault == TURNED_AWAY ? &door : &open};

    assert_int_equal(hvs_fate(&posted, !row->anybody, row->readable,
                              row->fault ? &fault : NULL),
                     row->fate);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_fate);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
