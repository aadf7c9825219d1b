#ifndef POLICY_CASE_H
#define POLICY_CASE_H

#include <hvsnap/policy.h>

/* Rows about what a policy decides: at this moment by the host's clock. */
#define POLICY_NOW "2026-11-28T15:00:00Z"

enum { POLICY_SNAPS = 14 };

/* A snapshot as a row has it; NULL and 0 for what is as usual. */
struct snap {
    const char *id;
    const char *created; /* NULL: unknown */
    const char *name, *expires;
    enum hvs_snapshot_kind kind;
    bool current;
    const char *pin; /* value of its label "pin" */
};

struct policy_case {
    const char *name;
    struct hvs_policy policy;
    struct snap snaps[POLICY_SNAPS];
    const char *decided; /* "+" or "-", id and reasons of each, a "|" between them; NULL:
                            nothing is */
    const char *says;    /* NULL: it is no error */
    const char *hint;
    enum hvs_class class_;
};

#define POLICY(...) {.size = sizeof(struct hvs_policy), __VA_ARGS__}
#define AT(id_, time) {.id = (id_), .created = (time)}
#define SNAP(id_, time, ...) {.id = (id_), .created = (time), __VA_ARGS__}

/* {"pin", "yes"}, and with {"pin", "quarter=4"}. */
extern const struct hvs_label pin_yes[1], pins[2];

/* A cmocka test of such a row. */
void test_policy_case(void **state);

#endif
