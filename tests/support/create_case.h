#ifndef CREATE_CASE_H
#define CREATE_CASE_H

#include "support/feed.h"

#include <hvsnap/snapshot.h>

/*
 * One create of a snapshot of the VM web1, which stands on the snapshot "old": what the
 * host answers, what is asked of it, and what may be claimed at the end.
 */
struct create_case {
    const char *name;
    const char *with;  /* options: "", or some of "name=TEXT detach hold once ms=TIMEOUT
                          notes=TEXT label=K=V ttl=MS expires=MS type=N consistency=N
                          checkpoint=N", where '_' stands for a blank */
    const char *script;
    const char *posts; /* as feed.log has it; NULL: whatever */
    enum hvs_outcome outcome;
    enum hvs_class class_; /* HVS_CLASS_DONE: it must succeed */
    const char *says;      /* a piece of the message, the hint or the details */
};

/* For CASES(). */
void test_create_case(void **state);

/* The same, for more to be asserted of it. */
struct create_done {
    struct feed feed;
    struct hvs_create_result *result;
    struct hvs_error err;
};
void create_case_do(const struct create_case *row, struct create_done *done);
void create_done_clear(struct create_done *done);

/* The VM is found, snapshots are asked for, the job ends well. */
#define FOUND "[vm|web1|3] "
#define ASKED FOUND "creating|1 job|7|100|0 "
#define ASKED_POSTS "Enumerate CreateSnapshot Get"

/* The new snapshot, under the name that the host gave it. */
#define NEW "snapshot|1|auto|10:01"

#endif
